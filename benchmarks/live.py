"""The live path through the processes that people run: a webhook in, a draft on the event stream out."""

import asyncio
import contextlib
import os
import re
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from sqlalchemy import select

from benchmarks.desk import Desk, running_desk, watch
from benchmarks.measure import Row
from copilot.store.tables import ConversationRow

_WORDS = ("where is my order?", "any update on my package?", "when will it arrive?", "is it still on the way?")
_GRACE = 60.0
_AGE = re.compile(r"^copilot_queue_age_seconds\{.*\} (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Load:
    """So many shoppers write once each, so many a second; ``first`` keeps their numbers apart from other loads'."""

    first: int
    shoppers: int
    per_second: float


WARM = Load(0, 40, 5)
CALM = Load(100_000, 300, 10)
HARD = Load(200_000, 2400, 40)


@dataclass(frozen=True)
class Loaded:
    """Seconds each shopper waited for the draft, from the first word to the last draft, and the queue's age in between.

    Who got no draft in time is missing from ``waits``; ``cpu`` is what each process used in all.
    """

    load: Load
    waits: Sequence[float]
    seconds: float
    queue_age: float
    cpu: dict[str, float]


@dataclass
class Board:
    """When the first draft of each conversation was on the stream, by our id of the conversation."""

    shown: dict[str, float] = field(default_factory=dict[str, float])
    moved: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, conversation: str, at: float) -> None:
        """A draft of the conversation was shown."""
        self.shown.setdefault(conversation, at)
        self.moved.set()

    async def until(self, number: int, seconds: float) -> None:
        """Return when so many conversations have had a draft, or the time is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while len(self.shown) < number:
                    self.moved.clear()
                    await self.moved.wait()


def live() -> Iterator[Row]:
    """From the delivery to the draft at 10 a second, then 40 a second for a minute."""
    with tempfile.TemporaryDirectory(prefix="rc-bench-", dir="/tmp") as name:
        folder = Path(name)
        # The database's own user must be able to pass through when root measures.
        folder.chmod(0o711)
        calm, hard = asyncio.run(_measured(folder))
    yield _waited("webhook → draft shown, 10/s", calm, "p50 ≤ 120 ms, p95 ≤ 300 ms")
    yield _waited("webhook → draft shown, 40/s for 60 s", hard, "all shown")
    rate = len(hard.waits) / hard.seconds
    yield Row("seconds a draft at 40/s", 1 / rate, None, len(hard.waits), f"≤ 25 ms; here {rate:.1f} drafts/s")
    for name, seconds in hard.cpu.items():
        yield Row(f"processor time of {name} a draft, 40/s", seconds / len(hard.waits), None, len(hard.waits), "")
    yield Row("queue age at the end of 40/s", hard.queue_age, None, 1, "≤ 1 s")


def _waited(what: str, loaded: Loaded, target: str) -> Row:
    if len(loaded.waits) < 2:
        raise RuntimeError(f"{what}: no draft was shown")
    cuts = quantiles(loaded.waits, n=100, method="inclusive")
    shown = f"{len(loaded.waits)} of {loaded.load.shoppers} shown"
    return Row(what, cuts[49], cuts[98], len(loaded.waits), f"{target}; p95 here {cuts[94] * 1000:.0f} ms, {shown}")


async def _measured(folder: Path) -> tuple[Loaded, Loaded]:
    async with running_desk(folder) as desk, _watched(desk) as board:
        await desk.rules_loaded()
        # Server, worker and database have the cores; who writes to them takes what is left.
        os.nice(10)
        await _run(desk, board, WARM)
        return await _run(desk, board, CALM), await _run(desk, board, HARD)


@asynccontextmanager
async def _watched(desk: Desk) -> AsyncGenerator[Board]:
    board, ready = Board(), asyncio.Event()

    async def note() -> None:
        async for seen in watch(desk, ready):
            if seen.topic == "draft.proposed" and seen.conversation is not None:
                board.note(seen.conversation, seen.at)

    noting = asyncio.create_task(note())
    await asyncio.wait_for(ready.wait(), 20)
    try:
        yield board
    finally:
        noting.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await noting


async def _run(desk: Desk, board: Board, load: Load) -> Loaded:
    known, used = len(board.shown), desk.cpu_seconds()
    shoppers = [desk.add_shopper(load.first + index) for index in range(load.shoppers)]
    said: dict[str, float] = {}
    began = time.perf_counter()
    for index, shopper in enumerate(shoppers):
        await asyncio.sleep(max(0.0, began + index / load.per_second - time.perf_counter()))
        said[desk.emulator.chats.of_shopper(shopper).id] = time.perf_counter()
        await desk.emulator.say(shopper, _WORDS[index % len(_WORDS)])
    age = await _queue_age(desk)
    await board.until(known + load.shoppers, _GRACE)
    ours = await _conversations(desk)
    waits = {ours[talk]: at for talk, at in said.items() if talk in ours}
    shown = [board.shown[talk] for talk in waits if talk in board.shown]
    return Loaded(
        load,
        [board.shown[talk] - at for talk, at in waits.items() if talk in board.shown],
        max(shown, default=time.perf_counter()) - began,
        age,
        {name: seconds - used[name] for name, seconds in desk.cpu_seconds().items()},
    )


async def _conversations(desk: Desk) -> dict[str, str]:
    """Our id of each conversation by the platform's."""
    async with desk.store.merchant(desk.merchant) as session:
        rows = await session.execute(select(ConversationRow.platform_conversation_id, ConversationRow.id))
        return {platform: str(ours) for platform, ours in rows.all()}


async def _queue_age(desk: Desk) -> float:
    async with desk.client() as client:
        told = (await client.get("/metrics")).text
    return max((float(age) for age in _AGE.findall(told)), default=0.0)
