"""The gateway over a real socket: every way a provider can fail ends in one typed failure, in time and in silence."""

import json
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from decimal import Decimal

import httpx
import pytest
import respx

from copilot.domain.clock import FrozenClock, SystemClock
from copilot.domain.errors import BadConfiguration
from copilot.model.completion import ModelFailed, ModelFault, Question
from copilot.model.gateway import Connections, Gateway, warm
from tests.model.openai_server import OpenAIServer, serving

ANTHROPIC = "https://api.anthropic.com/v1/messages"
SYSTEM_AND_USER = Question(
    messages=({"role": "system", "content": "the rules"}, {"role": "user", "content": "the turn"}), answer_schema={}
)
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


async def test_a_known_price_is_told_and_an_unknown_one_is_not_guessed(
    server: OpenAIServer, gateways: list[Gateway]
) -> None:
    known = await _gateway(gateways, server, "gpt-4o-mini").complete(QUESTION, seconds=10)
    unknown = await _gateway(gateways, server, "good").complete(QUESTION, seconds=10)

    assert known.cost is not None
    assert Decimal(0) < known.cost < Decimal("0.0001"), "16 tokens of a small model"
    assert unknown.cost is None


async def test_the_upper_bound_is_above_what_the_provider_bills(server: OpenAIServer, gateways: list[Gateway]) -> None:
    gateway = _gateway(gateways, server, "gpt-4o-mini")
    bound = await gateway.upper_bound(QUESTION)
    longer = await gateway.upper_bound(QUESTION.model_copy(update={"max_tokens": 7000}))
    answer = await gateway.complete(QUESTION, seconds=10)

    assert bound is not None
    assert answer.cost is not None
    assert longer is not None
    assert answer.cost < bound < longer
    assert await _gateway(gateways, server, "good").upper_bound(QUESTION) is None


async def test_a_bound_counts_what_writing_to_the_cache_costs() -> None:
    warm()
    one_byte_more = SYSTEM_AND_USER.model_copy(
        update={"messages": ({"role": "system", "content": "the rules!"}, SYSTEM_AND_USER.messages[1])}
    )
    gateway = Gateway("anthropic/claude-haiku-4-5", clock=SystemClock())
    less, more = await gateway.upper_bound(SYSTEM_AND_USER), await gateway.upper_bound(one_byte_more)

    assert less is not None
    assert more is not None
    assert more - less == Decimal("0.00000125"), "a written token, which costs a quarter more than a read one"


async def test_retry_after_is_passed_on(server: OpenAIServer, gateways: list[Gateway]) -> None:
    with pytest.raises(ModelFailed) as failed:
        await _gateway(gateways, server, "throttled").complete(QUESTION, seconds=10)

    assert failed.value.retry_after == 7


def _anthropic_says(text: str = "{}") -> httpx.Response:
    body = {
        "id": "m",
        "type": "message",
        "role": "assistant",
        "model": "claude-haiku-4-5",
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 10, "output_tokens": 5},
    }
    return httpx.Response(200, json=body)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("9", 9.0),
        ("Sun, 22 Nov 2026 02:00:30 GMT", 30.0),
        ("Sun, 22 Nov 2026 01:00:00 GMT", 0.0),
        ("soon", None),
        ("-3", None),
        ("", None),
    ],
)
async def test_retry_after_may_be_a_number_or_a_date(
    allowed: None, monkeypatch: pytest.MonkeyPatch, told: str, seconds: float | None
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "not-a-key")
    gateway = Gateway("anthropic/claude-haiku-4-5", clock=FrozenClock(datetime(2026, 11, 22, 2, 0, tzinfo=UTC)))
    with respx.mock() as wire:
        wire.post(ANTHROPIC).respond(429, headers={"retry-after": told}, json={"error": {"message": "slow down"}})
        with pytest.raises(ModelFailed) as failed:
            await gateway.complete(QUESTION, seconds=10)
    await gateway.aclose()

    assert (failed.value.fault, failed.value.retry_after) == (ModelFault.THROTTLED, seconds)


async def test_the_constant_part_is_marked_where_a_provider_caches_when_told(
    allowed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "not-a-key")
    gateway = Gateway("anthropic/claude-haiku-4-5", clock=SystemClock())
    with respx.mock() as wire:
        asked = wire.post(ANTHROPIC).mock(return_value=_anthropic_says())
        answer = await gateway.complete(SYSTEM_AND_USER, seconds=10)
    await gateway.aclose()
    body = json.loads(asked.calls[0].request.content)

    assert body["system"] == [{"type": "text", "text": "the rules", "cache_control": {"type": "ephemeral"}}]
    assert "cache_control" not in json.dumps(body["messages"]), "what changes with each turn is not kept"
    assert answer.cost == Decimal("0.000035"), "10 tokens at 1 and 5 at 5 dollars a million"


async def test_nobody_else_is_sent_the_mark_and_the_constant_part_is_first(
    server: OpenAIServer, gateways: list[Gateway]
) -> None:
    await _gateway(gateways, server, "good").complete(SYSTEM_AND_USER, seconds=10)

    assert server.bodies[-1]["messages"] == [
        {"role": "system", "content": "the rules"},
        {"role": "user", "content": "the turn"},
    ]


async def test_gateways_that_share_connections_work_beside_each_other(server: OpenAIServer, allowed: None) -> None:
    shared = Connections()
    first, second = (
        Gateway(f"openai/{name}", clock=SystemClock(), api_base=server.url, connections=shared)
        for name in ("good", "gpt-4o-mini")
    )
    for gateway in (first, second, first):
        assert (await gateway.complete(QUESTION, seconds=10)).text == server.answer
    await first.aclose()
    await second.aclose()
