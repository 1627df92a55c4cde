"""Buyers who write by a script: what they say, how long they wait, and what they answer to the shop's replies."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from copilot.sdk.testing.chats import Thread
from copilot.sdk.testing.emulator import Emulator

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Line:
    """One message of a buyer, ``after`` seconds; ``card`` is the number of an order whose card they send."""

    text: str = ""
    card: str | None = None
    photo: bool = False
    entered_from: str | None = None
    after: float = 0.0


@dataclass(frozen=True)
class Buyer:
    """A shopper of the emulator by id: ``says`` one after the other, then one of ``answers`` to each reply."""

    shopper: str
    says: Sequence[Line]
    answers: Sequence[Line] = ()


async def play(
    emulator: Emulator, buyers: Sequence[Buyer], *, sleep: Sleep = asyncio.sleep, look: float = 0.05
) -> None:
    """Let all buyers write at the same time; returns when each has said everything.

    ``look`` is how many seconds lie between two looks for a reply.

    Raises:
        KeyError: the emulator has no such shopper.
    """
    threads = [emulator.chats.of_shopper(buyer.shopper) for buyer in buyers]
    async with asyncio.TaskGroup() as group:
        for buyer, thread in zip(buyers, threads, strict=True):
            group.create_task(_one(emulator, buyer, thread, sleep, look))


async def _one(emulator: Emulator, buyer: Buyer, thread: Thread, sleep: Sleep, look: float) -> None:
    for line in buyer.says:
        await _say(emulator, buyer, line, sleep)
    heard = _replies(thread)
    for line in buyer.answers:
        while _replies(thread) == heard:
            await sleep(look)
        heard = _replies(thread)
        await _say(emulator, buyer, line, sleep)


async def _say(emulator: Emulator, buyer: Buyer, line: Line, sleep: Sleep) -> None:
    if line.after:
        await sleep(line.after)
    await emulator.say(
        buyer.shopper, line.text, order_card=line.card, photo=line.photo, entered_from_order=line.entered_from
    )


def _replies(thread: Thread) -> int:
    return sum(said.message.role == "agent" for said in thread.said)
