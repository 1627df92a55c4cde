"""Vectors from a provider: in order, in small enough calls, and every failure typed, in time and without a text."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest
import respx

from copilot.domain.clock import FrozenClock
from copilot.model.breaker import Breaker, Limits
from copilot.model.completion import ModelFailed, ModelFault
from copilot.model.embedding import Embedding, open_embedding
from copilot.model.gateway import Gateway, warm
from copilot.settings import Settings

BASE = "https://vectors.test/v1"
CANARY = "canary 13812345678"


@pytest.fixture
async def gateway(clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Gateway]:
    warm()
    monkeypatch.delenv("COPILOT_FORBID_MODEL_CALLS", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-secret")
    made = Gateway("openai/text-embedding-3-small", clock=clock, api_base=BASE)
    yield made
    await made.aclose()


def answer(request: httpx.Request) -> httpx.Response:
    texts = json.loads(request.content)["input"]
    rows = [{"object": "embedding", "index": at, "embedding": [len(text), 1.0]} for at, text in enumerate(texts)]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    return httpx.Response(200, json={"object": "list", "data": rows[::-1], "model": "m", "usage": usage})


@respx.mock
async def test_each_text_gets_its_vector_in_as_many_calls_as_it_takes(gateway: Gateway, clock: FrozenClock) -> None:
    route = respx.post(f"{BASE}/embeddings").mock(side_effect=answer)
    embedding = Embedding(gateway, Breaker(clock), 5)
    texts = ["x" * number for number in range(1, 21)]
    assert await embedding.embed(texts) == [[float(number), 1.0] for number in range(1, 21)]
    assert route.call_count == 2


@respx.mock
@pytest.mark.parametrize(
    ("response", "fault"),
    [
        (httpx.Response(429, json={"error": {"message": CANARY}}), ModelFault.THROTTLED),
        (httpx.Response(500, json={"error": {"message": CANARY}}), ModelFault.UNAVAILABLE),
        (httpx.Response(401, json={"error": {"message": CANARY}}), ModelFault.REFUSED),
        (httpx.Response(200, json={"object": "list", "data": [], "model": "m"}), ModelFault.INVALID),
    ],
)
async def test_a_failure_is_typed_and_says_nothing_of_the_text(
    gateway: Gateway, response: httpx.Response, fault: ModelFault, capsys: pytest.CaptureFixture[str]
) -> None:
    respx.post(f"{BASE}/embeddings").mock(return_value=response)
    with pytest.raises(ModelFailed) as failed:
        await gateway.embed([CANARY], seconds=5)
    assert failed.value.fault is fault
    assert "canary" not in str(failed.value)
    assert capsys.readouterr() == ("", "")


class Long:
    """Answers that pass the limit while a call has more than ``most`` texts."""

    name = "long"

    def __init__(self, most: int) -> None:
        self.most = most
        self.sizes: list[int] = []

    async def embed(self, texts, *, seconds: float) -> list[list[float]]:  # type: ignore[no-untyped-def]
        self.sizes.append(len(texts))
        if len(texts) > self.most:
            raise ModelFailed(ModelFault.TOO_LARGE)
        return [[1.0] for _ in texts]


async def test_a_call_whose_answer_is_too_long_is_made_smaller(clock: FrozenClock) -> None:
    model = Long(5)
    assert len(await Embedding(model, Breaker(clock), 5).embed(["x"] * 10)) == 10
    assert model.sizes == [10, 8, 4, 4, 2]
    with pytest.raises(ModelFailed):
        await Embedding(Long(0), Breaker(clock), 5).embed(["x"])


async def test_a_model_that_keeps_failing_is_left_alone(clock: FrozenClock) -> None:
    class Down:
        name = "down"
        calls = 0

        async def embed(self, texts, *, seconds: float) -> list[list[float]]:  # type: ignore[no-untyped-def]
            self.calls += 1
            raise ModelFailed(ModelFault.UNAVAILABLE)

    model = Down()
    embedding = Embedding(model, Breaker(clock, Limits(faults=2)), 5)
    for _ in range(5):
        with pytest.raises(ModelFailed):
            await embedding.embed(["x"])
    assert model.calls == 2


def test_without_the_setting_there_is_none(clock: FrozenClock) -> None:
    assert open_embedding(Settings.model_validate({}), clock) is None
    found = open_embedding(Settings.model_validate({"embedding_model": "openai/x", "model_seconds": 3}), clock)
    assert found is not None
    assert (found.name, found.seconds) == ("openai/x", 3)
