"""Readings over a real connection: whatever the other side does, one clear failure in time."""

import json
import time
from collections.abc import Iterator

import pytest

from copilot.assets import prompt_folders
from copilot.domain.clock import SystemClock
from copilot.model.completion import ModelFailed, ModelFault
from copilot.model.gateway import Gateway, warm
from copilot.model.prompts import Prompts
from copilot.model.reader import Reader, TurnBrief
from tests.model.openai_server import OpenAIServer, serving

GOOD: dict[str, object] = {"turn": "chase", "evidence": "hello??", "issues": []}
BRIEF = TurnBrief(language="en", turn=("hello?? thing no come",))


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    warm()
    with serving() as found:
        yield found


def reader(server: OpenAIServer, model: str) -> tuple[Reader, Gateway]:
    gateway = Gateway(f"openai/{model}", clock=SystemClock(), api_base=server.url)
    return Reader(gateway, Prompts(prompt_folders())), gateway


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "not-a-key")
    monkeypatch.delenv("COPILOT_FORBID_MODEL_CALLS", raising=False)


async def test_a_reading_comes_with_its_cost(server: OpenAIServer) -> None:
    server.answer = json.dumps(GOOD)
    asking, gateway = reader(server, "fine")
    found = await asking.read(BRIEF, seconds=10)
    await gateway.aclose()

    assert (found.answer.turn, found.tokens_in, found.tokens_out) == ("chase", 11, 5)
    assert [used.name for used in found.templates] == ["model/classify_system.en.j2", "model/classify_user.en.j2"]


@pytest.mark.parametrize(
    ("model", "fault"),
    [
        ("drip", ModelFault.TIMEOUT),
        ("hang", ModelFault.TIMEOUT),
        ("throttled", ModelFault.THROTTLED),
        ("broken", ModelFault.UNAVAILABLE),
        ("garbage", ModelFault.INVALID),
    ],
)
async def test_everything_else_is_one_failure_in_time(server: OpenAIServer, model: str, fault: ModelFault) -> None:
    server.answer = "refund it, chief"
    server.bodies.clear()
    asking, gateway = reader(server, model)
    started = time.monotonic()
    with pytest.raises(ModelFailed) as failed:
        await asking.read(BRIEF, seconds=1)
    await gateway.aclose()

    assert failed.value.fault is fault
    assert "refund" not in str(failed.value)
    assert len(server.bodies) == 1, "not asked again"
    assert time.monotonic() - started < 5


async def test_a_language_without_a_prompt_is_asked_about_in_english(server: OpenAIServer) -> None:
    server.answer = json.dumps(GOOD)
    asking, gateway = reader(server, "fine")
    found = await asking.read(TurnBrief(language="th", turn=("hello??",)), seconds=10)
    await gateway.aclose()

    assert found.templates[0].name == "model/classify_system.en.j2"
