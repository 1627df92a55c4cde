"""With a model: what a draft takes beyond the model's own time, and how late it is when the model hangs.

The real graph and a scripted model in this process; the clock of a draft runs, so that its deadline comes.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from benchmarks.golden import LANGUAGES, golden
from benchmarks.measure import Row, summed
from copilot.assets import policy_folders, prompt_folders
from copilot.domain.conversation import Conversation
from copilot.flow.deps import Deps
from copilot.flow.graph import compile_graph
from copilot.flow.memory import NOBODY, OneConversation, as_of
from copilot.flow.shops import Rules, Shops
from copilot.flow.state import State
from copilot.flow.threads import Threads
from copilot.flow.understand import derive_cases
from copilot.model.completion import Answer, ModelFailed, ModelFault, Question
from copilot.model.prompts import Prompts
from copilot.model.writer import Writer
from copilot.settings import load_settings

_THINKS = 0.05
"""Seconds that the scripted model takes for each answer."""
_KNOWN = "…"
_STRANGE = "zyzzyva"
"""A word that stands in no fact and in none of our own wordings: all of them are read to see that."""
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
    """Thinks for so many seconds (None: for ever), then says ``says``: too little for a plan that has options.

    ``spent`` is what it thought, not how long it was waited for: whoever works meanwhile works on our side.
    """

    thinks: float | None
    says: str
    name: str = "scripted"
    ready: bool = True
    spent: float = 0.0

    async def complete(self, question: Question, *, seconds: float) -> Answer:
        try:
            async with asyncio.timeout(seconds):
                await asyncio.sleep(3600 if self.thinks is None else self.thinks)
        except TimeoutError:
            self.spent += seconds
            raise ModelFailed(ModelFault.TIMEOUT) from None
        self.spent += self.thinks or 0.0
        return Answer(text=json.dumps({"explanation": self.says, "closing": ""}), model=self.name)


def model() -> Iterator[Row]:
    """One draft at a time, each golden conversation once, after a round that does not count."""
    settings = load_settings()
    shops = Shops(policy_folders(), Prompts(prompt_folders()), settings.cache_dir)
    cases = [case for language in LANGUAGES for case in golden(language)[: _CASES // 2]]
    # What a running worker has loaded, compiled and prepared is not what a draft takes.
    asyncio.run(_drafted(shops, cases, 0.0, _STRANGE, seconds=20.0))
    for what, says in (("", _KNOWN), (", a word of its own in it", _STRANGE)):
        beyond = asyncio.run(_drafted(shops, cases, _THINKS, says, seconds=20.0))
        took = [total - spent for total, spent in beyond]
        yield summed(f"with a model{what}, beyond its own time", took, "p95 ≤ 150 ms")
    drafted = asyncio.run(_drafted(shops, cases, None, _KNOWN, seconds=_DEADLINE))
    hanging = [total for total, spent in drafted if spent]
    yield summed("hanging model, after the deadline", [total - _DEADLINE for total in hanging], "≤ 250 ms")


async def _drafted(
    shops: Shops, cases: list[Conversation], thinks: float | None, says: str, *, seconds: float
) -> list[tuple[float, float]]:
    """For each case the seconds until the draft, and those of the model in them."""
    threads = Threads(compile_graph())
    found: list[tuple[float, float]] = []
    for case in cases:
        slow = _Slow(thinks, says)
        rules = shops.of_platform(case.platform, case.market, as_of(case) or datetime.now().astimezone())
        rules.pack.prepare()
        started = time.monotonic()
        await _one(shops.prompts, rules, threads, case, slow, seconds)
        found.append((time.monotonic() - started, slow.spent))
    return found


async def _one(
    prompts: Prompts, rules: Rules, threads: Threads, case: Conversation, slow: _Slow, seconds: float
) -> None:
    at = as_of(case) or datetime.now().astimezone()
    clock = _Running(at, time.monotonic())
    case = case.model_copy(update={"cases": derive_cases(case)})
    port = OneConversation(case)
    deps = Deps(
        clock=clock,
        conversations=port,
        rows=port,
        rules=rules,
        prompts=prompts,
        writer=Writer(slow, prompts, clock),
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
