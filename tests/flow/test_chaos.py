"""Whatever a provider does, every conversation ends with a compliant draft or a reason, and in time.

The real graph, the real gateway and a server on a real socket; many conversations at once, each meeting another fault.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from copilot.domain.conversation import Conversation
from copilot.domain.draft import DraftResult
from copilot.domain.verdict import Decision
from copilot.flow.deps import Deps
from copilot.flow.graph import compile_graph
from copilot.flow.memory import NOBODY, OneConversation, as_of
from copilot.flow.shops import Shops
from copilot.flow.state import State
from copilot.flow.threads import Threads
from copilot.flow.understand import derive_cases
from copilot.flow.views import result_of
from copilot.model.fallbacks import open_models
from copilot.model.gateway import warm
from copilot.model.writer import Writer
from copilot.replay.evaluation.cases import golden
from copilot.settings import load_settings
from tests.model.openai_server import FAULTS, OpenAIServer, serving

SECONDS = 5.0
"""The time that a draft has."""
SLACK = 15.0
"""What a busy machine may take beyond it; a hanging model takes a minute. `make bench` measures how late."""
MANY = 24


@dataclass(frozen=True)
class Running:
    """A clock that stood at ``at`` when it was made, and runs."""

    at: datetime
    started: float

    def now(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self.started)

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass(frozen=True)
class Ended:
    """How a conversation ended, after how many seconds."""

    result: DraftResult
    seconds: float

    @property
    def because(self) -> str:
        draft = self.result.draft
        return str(self.result.reason) if draft is None else draft.composed_because or draft.written_by.value


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    with serving() as running:
        yield running


@pytest.fixture(autouse=True)
def _models_may_be_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPILOT_FORBID_MODEL_CALLS", "")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-secret")


def _cases() -> list[Conversation]:
    """As many of each language, in the order of the files; those that get no draft whoever words it are left in."""
    return [one for language in ("zh", "en") for one in [case for _, case in golden((language,))][: MANY // 2]]


async def _ended(
    case: Conversation, shops: Shops, writer: Writer | None, threads: Threads, time_limit: float = SECONDS
) -> Ended:
    at = as_of(case)
    assert at is not None
    clock = Running(at, time.monotonic())
    case = case.model_copy(update={"cases": derive_cases(case)})
    port = OneConversation(case)
    deps = Deps(
        clock=clock,
        conversations=port,
        rows=port,
        rules=shops.of_platform(case.platform, case.market, at),
        prompts=shops.prompts,
        writer=writer and writer.for_draft(),
        deadline=at + timedelta(seconds=time_limit),
    )
    start: State = {
        "merchant": NOBODY, "conversation": case.id, "draft": case.id, "revision": 1, "rejection": None, "ruling": None,
    }  # fmt: skip
    reached = await threads.run(case.id, start, deps)
    return Ended(result_of(case.id, reached.state), time.monotonic() - clock.started)


async def _all(
    shops: Shops, server: OpenAIServer, models: str, time_limit: float = SECONDS, **settings: object
) -> dict[str, Ended]:
    await asyncio.to_thread(warm)
    gateway = open_models(load_settings(model=models, model_base_url=server.url, **settings), Running(datetime.max, 0))
    try:
        writer, threads = Writer(gateway, shops.prompts, Running(datetime.max, 0)), Threads(compile_graph())
        cases = _cases()
        ended = await asyncio.gather(*(_ended(case, shops, writer, threads, time_limit) for case in cases))
        return {case.id: one for case, one in zip(cases, ended, strict=True)}
    finally:
        await gateway.aclose()


@pytest.fixture(scope="module")
def silent(shops: Shops) -> frozenset[str]:
    """The conversations that get no draft whoever words it; finding them loads what a running worker has loaded."""

    async def all_composed() -> list[Ended]:
        threads = Threads(compile_graph())
        return [await _ended(case, shops, None, threads) for case in _cases()]

    return frozenset(one.result.conversation for one in asyncio.run(all_composed()) if one.result.draft is None)


def _compliant(ended: dict[str, Ended], time_limit: float = SECONDS) -> None:
    for name, one in ended.items():
        draft = one.result.draft
        assert (draft is None) == (one.result.reason is not None), name
        assert one.seconds < time_limit + SLACK, (name, one.because, one.seconds)
        if draft is not None:
            assert draft.verdict.decision is not Decision.BLOCK, (name, draft.text)
            assert [claim.text for claim in draft.claims if claim.source is None] == [], (name, draft.text)
            assert not any(word in draft.text for word in ("500", "WhatsApp", "五星", "kf88123")), (name, draft.text)


def _from(mix: tuple[str, ...], name: str, asked: int) -> tuple[str, ...]:
    """``mix`` turned so that after ``asked`` calls the next one meets ``name``."""
    turn = (mix.index(name) - asked) % len(mix)
    return (*mix[turn:], *mix[:turn])


async def test_every_fault_at_once_over_many_conversations(
    shops: Shops, server: OpenAIServer, silent: frozenset[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.served.clear()
    every = ("model_timeout", "model_throttled", "model_unavailable", "model_invalid", "model_too_large", "model")
    became: Counter[str | None] = Counter()
    # A throttled provider is left alone for a while; on a busy machine that, or the time itself, may cover all who
    # would be answered well: then each has more time, and the good answer comes first.
    for time_limit in (SECONDS, 2 * SECONDS, 4 * SECONDS):
        ended = await _all(shops, server, "openai/mixed", time_limit, model_faults=1000)
        _compliant(ended, time_limit)
        assert {name for name, one in ended.items() if one.result.draft is None} == silent
        became.update(one.because for one in ended.values())
        if all(became[why] for why in every):
            break
        monkeypatch.setattr(server, "mix", _from(server.mix, "obedient", server.served.total()))
    assert set(FAULTS) <= set(server.served)
    # Each kind of fault is told apart, and whoever answers well is used.
    assert all(became[why] for why in every), became


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_provider_that_does_nothing_else(
    shops: Shops, server: OpenAIServer, silent: frozenset[str], fault: str
) -> None:
    ended = await _all(shops, server, f"openai/{fault}")

    _compliant(ended)
    # No fault of a model's costs a buyer the draft, and none of it is shown.
    assert {name for name, one in ended.items() if one.result.draft is None} == silent
    assert {one.result.draft.written_by.value for one in ended.values() if one.result.draft} == {"composer"}


@pytest.mark.usefixtures("silent")
async def test_a_second_model_answers_where_the_first_one_fails(shops: Shops, server: OpenAIServer) -> None:
    ended = await _all(shops, server, "openai/broken, openai/obedient")

    _compliant(ended)
    written = Counter(one.because for one in ended.values())
    # What it says in all these talks is familiar in some of them only.
    assert written["model"] >= MANY // 3, written
