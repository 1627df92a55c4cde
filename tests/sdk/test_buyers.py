"""Buyers by a script: at their time, all at once, and with an answer to what the shop replies."""

import asyncio
from datetime import UTC, datetime

import pytest

from copilot.domain.clock import FrozenClock
from copilot.sdk.testing import Shopper
from copilot.sdk.testing.buyers import Buyer, Line, play
from tests.sdk.corner.emulator import CornerEmulator


@pytest.fixture
def emulator() -> CornerEmulator:
    found = CornerEmulator(clock=FrozenClock(datetime(2026, 11, 20, tzinfo=UTC)))
    for name in ("robin", "kim"):
        found.add_shopper(Shopper(id=name, nickname=name.title()))
    return found


def said(emulator: CornerEmulator, shopper: str) -> list[tuple[str, str]]:
    return [(line.role, line.text or line.kind) for line in emulator.thread(shopper)]


async def test_each_says_their_lines_after_their_waits(emulator: CornerEmulator) -> None:
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    robin = Buyer("robin", (Line("hello"), Line("it broke", photo=True, after=3)))
    kim = Buyer("kim", (Line(card="700001", after=1),))
    await play(emulator, (robin, kim), sleep=sleep)
    assert said(emulator, "robin") == [("buyer", "hello"), ("buyer", "image"), ("buyer", "it broke")]
    assert said(emulator, "kim") == [("buyer", "order_card")]
    assert sorted(waits) == [1, 3]


async def test_a_reply_is_answered_once(emulator: CornerEmulator) -> None:
    robin = Buyer("robin", (Line("hello"),), (Line("thanks"), Line("bye")))
    playing = asyncio.create_task(play(emulator, (robin,), look=0.001))
    await asyncio.sleep(0.02)
    assert said(emulator, "robin") == [("buyer", "hello")]
    await emulator.colleague_says("robin", "on its way")
    await asyncio.sleep(0.02)
    assert said(emulator, "robin")[-1] == ("buyer", "thanks")
    emulator.accept(emulator.chats.of_shopper("robin"), "you are welcome")
    await asyncio.wait_for(playing, 5)
    assert [text for _, text in said(emulator, "robin")] == ["hello", "on its way", "thanks", "you are welcome", "bye"]


async def test_a_shopper_that_is_not_there_is_an_error(emulator: CornerEmulator) -> None:
    with pytest.raises(KeyError):
        await play(emulator, (Buyer("nobody", (Line("hello"),)),))
