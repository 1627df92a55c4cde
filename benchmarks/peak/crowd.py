"""Who writes during the peak, and what: shoppers with an order and a name that stand in no other conversation.

A name made of two syllables belongs to one shopper, to their order's goods and to what is written to them: wherever it
turns up in somebody else's window, a text has gone astray.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from benchmarks.desk import Desk

_FIRST: Final = ("Bram", "Cald", "Dorv", "Ferz", "Golm", "Hask", "Jund", "Kelp")
_SECOND: Final = ("ine", "ora", "uth", "axi", "ebo")
MOST: Final = len(_FIRST) * len(_SECOND)
"""So many shoppers can be told apart."""

_QUESTIONS: Final = (
    "where is my order?",
    "any update on my package?",
    "can I still change the size",
    "it came with a broken zipper, I want a refund",
    "how do I return this",
    "says delivered yesterday, nothing here",
    "does it run small?",
)
_BURSTS: Final = (
    ("hello??", "anyone there", "where is my order"),
    ("ok so", "the jeans came today", "and they are torn at the seam", "what now"),
    ("hi", "quick question", "can I get a discount if I buy two"),
)
_PHOTOS: Final = ("look at this", "arrived like this, see the photo", "is this the right one?")
_THREATS: Final = (
    "I will file a chargeback with my bank today",
    "answer me or I report you to the attorney general",
    "you get a one star review and I post this everywhere",
    "this thing caught fire, my hand is burned",
)
_SMALL: Final = ("thanks", "ok", "are you a bot?", "👍")
_COLLEAGUE: Final = ("Hi {name}, I am looking into it for you.", "{name}, thank you for waiting, I will be right back.")
_KINDS: Final = {"question": 40, "burst": 22, "photo": 14, "threat": 10, "small": 14}
_ANSWERED_NATIVELY: Final = 0.15


@dataclass(frozen=True)
class Visitor:
    """A shopper of the emulator; ``marks`` are the words that only texts about them may hold."""

    shopper: str
    name: str
    marks: tuple[str, ...]


def visitors(desk: Desk, number: int) -> list[Visitor]:
    """Let ``number`` shoppers in, each with an order of goods that bear their name.

    Raises:
        ValueError: more than ``MOST``, or none.
    """
    if not 0 < number <= MOST:
        raise ValueError(f"--buyers is {number}: 1 to {MOST} can be told apart")
    found: list[Visitor] = []
    for at in range(number):
        name = _FIRST[at % len(_FIRST)] + _SECOND[at // len(_FIRST)]
        shopper = desk.add_shopper(at, name)
        (order,) = desk.emulator.orders_of(shopper)
        parcels = (one.tracking_no for one in order.shipments)
        found.append(Visitor(shopper, name, (name, order.id, *filter(None, parcels))))
    return found


async def write(desk: Desk, crowd: Sequence[Visitor], until: float, pause: float, seed: int) -> Counter[str]:
    """Let everybody write until then by ``time.perf_counter``; returns how many turns of each kind there were.

    ``pause`` is how many seconds a shopper waits between two turns, on average. The same ``seed`` says the same things.
    """
    told: Counter[str] = Counter()
    async with asyncio.TaskGroup() as group:
        for number, visitor in enumerate(crowd):
            group.create_task(_one(desk, visitor, until, pause, random.Random(seed * MOST + number), told))
    return told


async def _one(
    desk: Desk, visitor: Visitor, until: float, pause: float, chance: random.Random, told: Counter[str]
) -> None:
    wait = chance.uniform(0, pause)
    while time.perf_counter() + wait < until:
        await asyncio.sleep(wait)
        (kind,) = chance.choices(list(_KINDS), list(_KINDS.values()))
        await _turn(desk, visitor, kind, chance)
        told[kind] += 1
        if chance.random() < _ANSWERED_NATIVELY:
            # Somebody who works in the platform's own window and does not see the desk's draft.
            await asyncio.sleep(chance.uniform(0.5, pause / 4))
            await desk.emulator.colleague_says(visitor.shopper, chance.choice(_COLLEAGUE).format(name=visitor.name))
            told["colleague"] += 1
        wait = chance.expovariate(1 / pause)


async def _turn(desk: Desk, visitor: Visitor, kind: str, chance: random.Random) -> None:
    if kind == "burst":
        for line in chance.choice(_BURSTS):
            await desk.emulator.say(visitor.shopper, line)
            await asyncio.sleep(chance.uniform(0.2, 1.2))
        return
    words = {"question": _QUESTIONS, "photo": _PHOTOS, "threat": _THREATS, "small": _SMALL}[kind]
    await desk.emulator.say(visitor.shopper, chance.choice(words), photo=kind == "photo")
