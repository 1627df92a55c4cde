"""The gateway over a real socket: every way a provider can fail ends in one typed failure, in time and in silence."""

import time
from collections.abc import AsyncIterator, Iterator

import pytest

from copilot.domain.clock import SystemClock
from copilot.domain.errors import BadConfiguration
from copilot.model.completion import ModelFailed, ModelFault, Question
from copilot.model.gateway import Gateway, warm
from tests.model.openai_server import OpenAIServer, serving

QUESTION = Question(messages=({"role": "user", "content": "canary 13812345678"},), answer_schema={})


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    warm()
    with serving() as running:
        yield running


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COPILOT_FORBID_MODEL_CALLS", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-secret")


@pytest.fixture
async def gateways(server: OpenAIServer, allowed: None) -> AsyncIterator[list[Gateway]]:
    made: list[Gateway] = []
    yield made
    for gateway in made:
        await gateway.aclose()


def _gateway(made: list[Gateway], server: OpenAIServer, model: str) -> Gateway:
    made.append(Gateway(f"openai/{model}", clock=SystemClock(), api_base=server.url))
    return made[-1]


async def test_an_answer_comes_back_with_its_cost(server: OpenAIServer, gateways: list[Gateway]) -> None:
    answer = await _gateway(gateways, server, "good").complete(QUESTION, seconds=10)

    assert answer.text == server.answer
    assert (answer.tokens_in, answer.tokens_out) == (11, 5)


@pytest.mark.parametrize(
    ("model", "fault"),
    [
        ("throttled", ModelFault.THROTTLED),
        ("broken", ModelFault.UNAVAILABLE),
        ("refused", ModelFault.REFUSED),
        ("truncated", ModelFault.UNAVAILABLE),
        ("empty", ModelFault.INVALID),
        ("huge", ModelFault.TOO_LARGE),
    ],
)
async def test_a_failing_provider_is_one_typed_failure(
    server: OpenAIServer,
    gateways: list[Gateway],
    model: str,
    fault: ModelFault,
    capfd: pytest.CaptureFixture[str],
) -> None:
    asked_before = len(server.bodies)

    with pytest.raises(ModelFailed) as failed:
        await _gateway(gateways, server, model).complete(QUESTION, seconds=10)

    assert failed.value.fault is fault
    assert len(server.bodies) == asked_before + 1, "a retry would eat the draft's time"
    said = capfd.readouterr()
    assert said.out == "", "stdout is JSONL of the commands"
    for words in (str(failed.value), said.err):
        assert "secret detail" not in words
        assert "13812345678" not in words
        assert "sk-canary-secret" not in words


@pytest.mark.parametrize("model", ["hang", "drip"])
async def test_a_model_that_takes_for_ever_is_left_in_time(
    server: OpenAIServer, gateways: list[Gateway], model: str
) -> None:
    gateway = _gateway(gateways, server, model)
    started = time.monotonic()

    with pytest.raises(ModelFailed) as failed:
        await gateway.complete(QUESTION, seconds=0.8)

    assert failed.value.fault is ModelFault.TIMEOUT
    assert time.monotonic() - started < 3


async def test_no_time_asks_nothing(server: OpenAIServer, gateways: list[Gateway]) -> None:
    asked_before = len(server.bodies)

    with pytest.raises(ModelFailed):
        await _gateway(gateways, server, "good").complete(QUESTION, seconds=0)

    assert len(server.bodies) == asked_before


async def test_the_switch_turns_a_real_call_into_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_FORBID_MODEL_CALLS", "1")

    with pytest.raises(BadConfiguration, match="forbidden"):
        await Gateway("openai/any", clock=SystemClock()).complete(QUESTION, seconds=1)
