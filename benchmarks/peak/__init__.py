"""A peak at the desk: forty shoppers write at once, colleagues answer natively, an agent decides in a real browser.

``python -m benchmarks peak`` says how long a key took until it was painted, and whether anything was lost, told to the
wrong shopper or said twice. Everything is what people run: ``serve --worker`` as a process, Chromium on loopback.
"""

import argparse
import asyncio
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Final

from benchmarks.chromium import chromium
from benchmarks.desk import Desk, running_desk
from benchmarks.peak import truth
from benchmarks.peak.agent import LOGIN, PASSWORD, Agent, at_the_desk
from benchmarks.peak.crowd import Visitor, visitors, write
from copilot.access import people
from copilot.domain.clock import SystemClock
from copilot.domain.message import Role
from copilot.store import events
from copilot.store.events import EventId

_MOMENTS: Final = (0.2, 0.5, 0.8)
"""When pictures are taken, as shares of the peak."""
_CALM: Final = 30.0
"""Seconds that what is on its way may take to arrive after the peak."""
_TARGET: Final = 0.1
_AT_ONCE: Final = 0.016


@dataclass(frozen=True)
class Peak:
    """So many buyers for so many minutes, each ``pause`` seconds from one turn to the next on average."""

    minutes: float = 20.0
    buyers: int = 40
    pause: float = 45.0
    seed: int = 20
    pictures: Path | None = None


@dataclass(frozen=True)
class Peaked:
    """What was said and done, seconds from keys to paint and from J to the next conversation, and what is wrong.

    ``shown`` is until the next conversation stands there as far as the page knows it, ``whole`` with its draft.
    ``slow`` are the keys that the browser says took 16 ms or more to the frame that was presented (Event Timing, of
    which Interaction to Next Paint is made), ``stepped`` the same of J alone; ``painted`` also waits for what the page
    does behind that frame.
    """

    said: Counter[str]
    done: Counter[str]
    replies: int
    events: int
    painted: Sequence[float]
    shown: Sequence[float]
    whole: Sequence[float]
    slow: Sequence[float]
    stepped: Sequence[float]
    wrong: Sequence[str]


def peak(arguments: Sequence[str]) -> int:
    """Run one as the command line says and print what came of it; returns 1 when anything is wrong."""
    given = argparse.ArgumentParser(prog="python -m benchmarks peak", description=__doc__)
    given.add_argument("--minutes", type=float, default=Peak.minutes)
    given.add_argument("--buyers", type=int, default=Peak.buyers)
    given.add_argument("--pause", type=float, default=Peak.pause, help="seconds between two turns of a buyer")
    given.add_argument("--seed", type=int, default=Peak.seed)
    given.add_argument("--pictures", type=Path, help="folder for three pictures of the page")
    done = run(Peak(**vars(given.parse_args(arguments))))
    print(*lines(done), sep="\n", flush=True)
    return 1 if done.wrong else 0


def run(wanted: Peak) -> Peaked:
    """Start everything, let the peak pass, look at what it left behind.

    Raises:
        RuntimeError: there is no Chromium, or a process did not start.
    """
    browser = chromium()
    with tempfile.TemporaryDirectory(prefix="rc-bench-", dir="/tmp") as name:
        folder = Path(name)
        # The database's own user must be able to pass through when root measures.
        folder.chmod(0o711)
        return asyncio.run(_passed(folder, browser, wanted))


def lines(done: Peaked) -> list[str]:
    """What came of a peak, for people."""
    said = ", ".join(f"{number} {kind}" for kind, number in done.said.most_common())
    acts = ", ".join(f"{number} {kind}" for kind, number in done.done.most_common())
    return [
        f"shoppers and colleagues: {said}",
        f"the agent: {acts}; {done.replies} replies arrived, the page heard {done.events} events",
        _timed("key → painted", done.painted),
        _timed("key → next frame, as the browser measures it", _all_keys(done)),
        _timed("J → next frame, as the browser measures it, of those above 16 ms", done.stepped),
        _timed("J → the next conversation painted", done.shown),
        _timed("J → painted with its draft", done.whole),
        *(f"WRONG: {one}" for one in done.wrong),
        f"{len(done.wrong)} things are wrong" if done.wrong else "nothing lost, nothing astray, nothing twice",
    ]


def _all_keys(done: Peaked) -> list[float]:
    """The slow keys and the others, of which the browser only says that they took less."""
    slow = [*done.slow, *done.stepped]
    return [*slow, *[_AT_ONCE] * max(0, len(done.painted) - len(slow))]


def _timed(what: str, times: Sequence[float]) -> str:
    if len(times) < 2:
        return f"{what}: too few to tell ({len(times)})"
    cuts = quantiles(times, n=100, method="inclusive")
    told = f"p50 {cuts[49] * 1000:.0f} ms, p95 {cuts[94] * 1000:.0f} ms of {len(times)}"
    return f"{what}: {told} (target: p95 ≤ {_TARGET * 1000:.0f} ms; {'met' if cuts[94] <= _TARGET else 'MISSED'})"


async def _passed(folder: Path, browser: str, wanted: Peak) -> Peaked:
    async with running_desk(folder, worker=False, beside=True) as desk:
        await people.add_person(desk.store, desk.merchant, LOGIN, "Bench", "agent", "en", PASSWORD, SystemClock())
        await desk.rules_loaded()
        crowd = visitors(desk, wanted.buyers)
        async with at_the_desk(desk.address, browser, wanted.seed) as agent:
            async with desk.store.merchant(desk.merchant) as session:
                since = await events.position(session)
            began = time.perf_counter()
            until = began + wanted.minutes * 60
            writing = asyncio.create_task(write(desk, crowd, until, wanted.pause, wanted.seed))
            await agent.work(until, _pictures(wanted, began))
            said = await writing
            stored, told = await _calmed(desk, agent, since)
            wrong = [*truth.lost(stored, told, since), *await _wrong(desk, crowd, agent)]
            replies = sum(one.by_call for talk in desk.emulator.chats.threads() for one in talk.said)
            heard = sum(one > since for one in told)
            return Peaked(
                said,
                agent.done,
                replies,
                heard,
                agent.painted,
                agent.shown,
                agent.whole,
                agent.slow,
                agent.stepped,
                wrong,
            )


def _pictures(wanted: Peak, began: float) -> dict[float, Path]:
    if wanted.pictures is None:
        return {}
    wanted.pictures.mkdir(parents=True, exist_ok=True)
    return {
        began + share * wanted.minutes * 60: wanted.pictures / f"peak.{number}.png"
        for number, share in enumerate(_MOMENTS, 1)
    }


async def _calmed(desk: Desk, agent: Agent, since: EventId) -> tuple[set[EventId], list[EventId]]:
    """Wait until nothing is on its way any more; returns the stored events and those that the page was told of."""
    await desk.emulator.settled()
    deadline = time.perf_counter() + _CALM
    while True:
        moving = await truth.replies_on_their_way(desk)
        stored = await truth.stored_events(desk)
        await agent.take()
        told = truth.events_of(agent.told)
        if (not moving and not truth.lost(stored, told, since)) or time.perf_counter() > deadline:
            return stored, told
        await asyncio.sleep(0.5)


async def _wrong(desk: Desk, crowd: Sequence[Visitor], agent: Agent) -> list[str]:
    """What of messages and replies is not as it must be."""
    talks = {visitor.name: desk.emulator.chats.of_shopper(visitor.shopper) for visitor in crowd}
    ours = {
        name: [truth.Heard(one.message.id, one.message.text) for one in talk.said if one.by_call]
        for name, talk in talks.items()
    }
    written = {
        talk.id: [one.message.id for one in talk.said if one.message.role is Role.BUYER] for talk in talks.values()
    }
    return [
        *truth.misplaced(written, await truth.stored_messages(desk)),
        *truth.astray(crowd, ours),
        *truth.undecided(ours, agent.decided),
        *truth.unrecorded({talks[name].id: replies for name, replies in ours.items()}, await truth.replies_left(desk)),
        *(f"the page complained: {one}" for one in agent.complaints),
    ]
