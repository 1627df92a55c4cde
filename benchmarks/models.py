"""With a model: what a draft takes beyond the model's own time, and how late it is when the model hangs.

The real graph and a scripted model in this process; the clock of a draft runs, so that its deadline comes.
"""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from benchmarks.golden import LANGUAGES, golden
from benchmarks.measure import Row, summed
from copilot.assets import policy_folders, prompt_folders
from copilot.domain.conversation import Conversation
from copilot.flow.deps import Deps
from copilot.flow.graph import compile_graph
from copilot.flow.memory import NOBODY, OneConversation, as_of
from copilot.flow.shops import Shops
from copilot.flow.state import State
from copilot.flow.threads import Threads
from copilot.flow.understand import derive_cases
from copilot.model.completion import Answer, ModelFailed, ModelFault, Question
from copilot.model.prompts import Prompts
from copilot.model.writer import Writer
from copilot.settings import load_settings

_THINKS = 0.05
"""Seconds that the scripted model takes for each answer."""
_DEADLINE = 0.5
_CASES = 40


@dataclass(frozen=True)
class _Running:
    """A clock that stood at ``at`` when a draft began, and runs."""

    at: datetime
    started: float

    def now(self) -> datetime:
        return self.at + timedelta(seconds=time.monotonic() - self.started)

    def monotonic(self) -> float:
        return time.monotonic()


@dataclass
class _Slow:
    """Thinks for so many seconds (None: for ever), then says too little for a plan that has options."""

    thinks: float | None
    name: str = "scripted"
    ready: bool = True
    spent: float = field(default=0.0)

    async def complete(self, question: Question, *, seconds: float) -> Answer:
        started = time.monotonic()
        try:
            async with asyncio.timeout(seconds):
                await asyncio.sleep(3600 if self.thinks is None else self.thinks)
        except TimeoutError:
            raise ModelFailed(ModelFault.TIMEOUT) from None
        finally:
            self.spent += time.monotonic() - started
        return Answer(text='{"explanation": "…", "closing": ""}', model=self.name)


def model() -> Iterator[Row]:
    """One draft at a time, each golden conversation once."""
    settings = load_settings()
    shops = Shops(policy_folders(), Prompts(prompt_folders()), settings.cache_dir)
    cases = [case for language in LANGUAGES for case in golden(language)[: _CASES // 2]]
    beyond = asyncio.run(_drafted(shops, cases, _THINKS, seconds=20.0))
    yield summed("with a model, beyond its own time", [total - spent for total, spent in beyond], "p95 ≤ 150 ms")
    hanging = [total for total, spent in asyncio.run(_drafted(shops, cases, None, seconds=_DEADLINE)) if spent]
    yield summed("hanging model, after the deadline", [total - _DEADLINE for total in hanging], "≤ 250 ms")


async def _drafted(
    shops: Shops, cases: list[Conversation], thinks: float | None, *, seconds: float
) -> list[tuple[float, float]]:
    """For each case the seconds until the draft, and those of the model in them."""
    threads = Threads(compile_graph())
    found: list[tuple[float, float]] = []
    # The first of each language loads what a running worker has loaded.
    for case in (cases[0], cases[-1], *cases):
        slow = _Slow(thinks)
        started = time.monotonic()
        await _one(shops, threads, case, slow, seconds)
        found.append((time.monotonic() - started, slow.spent))
    return found[2:]


async def _one(shops: Shops, threads: Threads, case: Conversation, slow: _Slow, seconds: float) -> None:
    at = as_of(case) or datetime.now().astimezone()
    clock = _Running(at, time.monotonic())
    case = case.model_copy(update={"cases": derive_cases(case)})
    port = OneConversation(case)
    deps = Deps(
        clock=clock,
        conversations=port,
        rows=port,
        rules=shops.of_platform(case.platform, case.market, at),
        prompts=shops.prompts,
        writer=Writer(slow, shops.prompts, clock),
        deadline=at + timedelta(seconds=seconds),
    )
    start: State = {
        "merchant": NOBODY,
        "conversation": case.id,
        "draft": case.id,
        "revision": 1,
        "rejection": None,
        "ruling": None,
    }
    await threads.run(case.id, start, deps)
    await threads.forget(case.id)
