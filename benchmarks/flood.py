"""A flood of deliveries through ``serve``: shuffled, some of them twice, and what stands in the database afterwards.

The generator keeps its pace whatever the server does, as a platform does. What is not stored once and in order is told
as a failure.
"""

import asyncio
import json
import os
import random
import tempfile
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from benchmarks.desk import Desk, running_desk
from benchmarks.measure import Row, summed
from benchmarks.posting import Line
from copilot.domain.message import Message, Role
from copilot.sdk.testing import Emulator, Push, Shopper
from copilot.store.tables import ConversationRow, MessageRow

_WORDS: Final = ("where is my order?", "still nothing", "is it lost?", "please look", "hello?", "thanks", "ok", "bye")
_MESSAGE: Final = 14
"""What the platform calls a delivery about a message."""
_CONNECTIONS: Final = 64
"""What is due while all are busy waits for one, and that counts."""
_SECONDS: Final = 30.0
_TIMES_AGAIN: Final = 20
_BEFORE_AGAIN: Final = 1.0


@dataclass(frozen=True)
class Flood:
    """So many talks of so many messages each; ``again`` is the share of deliveries that had come before."""

    talks: int = 200
    messages: int = 8
    again: float = 0.2
    per_second: float = 100.0

    @property
    def distinct(self) -> int:
        """How many messages there are."""
        return self.talks * self.messages

    @property
    def deliveries(self) -> int:
        """How many deliveries there are of them."""
        return round(self.distinct / (1 - self.again))


@dataclass(frozen=True)
class Flooded:
    """Seconds until each delivery was answered, how many came again, what is wrong afterwards, processor seconds."""

    waits: Sequence[float]
    again: int
    wrong: Sequence[str]
    cpu: dict[str, float]


FLOOD: Final = Flood()


def flood() -> Iterator[Row]:
    """2,000 deliveries at 100 a second, a fifth of them duplicates, without and with a worker that drafts beside."""
    for beside, worker in (("", False), (", drafting beside", True)):
        with tempfile.TemporaryDirectory(prefix="rc-bench-", dir="/tmp") as name:
            folder = Path(name)
            # The database's own user must be able to pass through when root measures.
            folder.chmod(0o711)
            done = asyncio.run(_measured(folder, FLOOD, worker=worker))
        if done.wrong:
            raise RuntimeError("; ".join(done.wrong))
        told = f"p99 ≤ 300 ms; {FLOOD.distinct} messages stored once and in order, {done.again} sent again"
        yield summed(f"flood, acknowledgement{beside}", list(done.waits), told, 0.3)
        number = len(done.waits) + done.again
        for process, seconds in done.cpu.items():
            yield Row(f"processor time of {process} a delivery", seconds / number, None, number)


def mixed(pushes: Sequence[Push], flood: Flood, seed: int = 20261120) -> list[Push]:
    """``pushes`` and as many of them a second time as ``flood`` wants, in any order; the same in every run."""
    chance = random.Random(seed)
    everything = [*pushes, *chance.sample(pushes, flood.deliveries - len(pushes))]
    chance.shuffle(everything)
    return everything


async def _measured(folder: Path, flood: Flood, *, worker: bool) -> Flooded:
    async with running_desk(folder, worker=worker) as desk:
        await desk.rules_loaded()
        # Server and database have the cores; who writes to them takes what is left.
        os.nice(5)
        address = desk.emulator.pusher.url
        assert address is not None  # the desk told it
        warm = Flood(talks=10)
        await _pour(mixed(_written(desk.emulator, warm, "warm"), warm), address, warm.per_second)
        used = desk.cpu_seconds()
        waits, again = await _pour(mixed(_written(desk.emulator, flood, "flood"), flood), address, flood.per_second)
        cpu = {name: seconds - used[name] for name, seconds in desk.cpu_seconds().items()}
        return Flooded(waits, again, await _faults(desk), cpu)


def _written(emulator: Emulator, flood: Flood, name: str) -> list[Push]:
    """What the platform would deliver when each of the talks has its messages, in their order."""
    caught: list[Push] = []
    push = emulator.pusher.push

    def catch(push: Push) -> None:
        caught.append(push)

    emulator.pusher.push = catch
    try:
        shoppers = [f"{name}-{number}" for number in range(flood.talks)]
        for shopper in shoppers:
            emulator.add_shopper(Shopper(id=shopper, nickname=shopper))
        for at in range(flood.messages):
            for shopper in shoppers:
                thread = emulator.chats.of_shopper(shopper)
                text = f"{_WORDS[at % len(_WORDS)]} ({at + 1})"
                emulator.announce(emulator.chats.post(thread, Message(role=Role.BUYER, text=text)))
    finally:
        emulator.pusher.push = push
    return [one for one in caught if json.loads(one.body)["type"] == _MESSAGE]


async def _pour(pushes: Sequence[Push], address: str, per_second: float) -> tuple[list[float], int]:
    """Post them, and what is not taken again, as a platform does; the first waits, and how many came again."""
    waits, left = await _poured(pushes, address, per_second)
    again = len(left)
    for _ in range(_TIMES_AGAIN):
        if left:
            await asyncio.sleep(_BEFORE_AGAIN)
            left = (await _poured(left, address, per_second))[1]
    if left:
        raise RuntimeError(f"{len(left)} deliveries were never taken")
    return waits, again


async def _poured(pushes: Sequence[Push], address: str, per_second: float) -> tuple[list[float], list[Push]]:
    """Post them at their times; the seconds until each was answered, from when it was due, and what was not taken."""
    waiting = deque(enumerate(pushes))
    waits: list[float] = []
    refused: list[Push] = []
    began = time.perf_counter()

    async def connection() -> None:
        line = Line(address)
        while waiting:
            number, push = waiting.popleft()
            due = began + number / per_second
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            if not await line.post(push.body, dict(push.headers), _SECONDS):
                refused.append(push)
            waits.append(time.perf_counter() - due)
        line.close()

    await asyncio.gather(*(connection() for _ in range(_CONNECTIONS)))
    return waits, refused


async def _faults(desk: Desk) -> list[str]:
    """What of the emulator's talks is not in the database once, or not in their order."""
    when = func.coalesce(MessageRow.sent_at, MessageRow.received_at)
    async with desk.store.merchant(desk.merchant) as session:
        rows = await session.execute(
            select(ConversationRow.platform_conversation_id, MessageRow.platform_message_id)
            .join(MessageRow, MessageRow.conversation == ConversationRow.id)
            .where(MessageRow.role == Role.BUYER)
            .order_by(when, MessageRow.sequence, MessageRow.position)
        )
        stored: dict[str, list[str]] = {}
        for talk, message in rows.all():
            stored.setdefault(talk, []).append(message)
    faults: Counter[str] = Counter()
    for thread in desk.emulator.chats.threads():
        said, found = [one.message.id for one in thread.said], stored.get(thread.id, [])
        faults["messages missing"] += len(set(said) - set(found))
        faults["messages stored twice"] += len(found) - len(set(found))
        faults["talks out of order"] += found != said
    return [f"{number} {what}" for what, number in faults.items() if number]
