"""Plays the script: shoppers enter, write, read the shop's replies in their own window, and answer them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from copilot.demo.script import Cast, Says
from copilot.domain.clock import Clock
from copilot.domain.message import Role
from copilot.sdk.testing import Emulator, Shopper

_LOOK_EVERY = 0.5
# People take a moment before they type, and between two lines.
_BEFORE_ANSWER = 5.0
_BETWEEN_LINES = 1.5


@dataclass(frozen=True)
class Play:
    """One run of the script over the emulators, by the script's shop; ``pace`` 2 plays it twice as fast."""

    emulators: Mapping[str, Emulator]
    clock: Clock
    pace: float = 1.0

    def enter(self, everybody: list[Cast]) -> None:
        """Give every shopper their orders before anybody writes."""
        for one in everybody:
            emulator = self.emulators[one.role.shop]
            emulator.add_shopper(Shopper(id=one.id, nickname=one.role.nickname))
            for order in one.orders:
                emulator.add_order(order, one.id)

    async def run(self, everybody: list[Cast]) -> None:
        """Play all parts at once, until the last one has said everything."""
        async with asyncio.TaskGroup() as group:
            for one in everybody:
                group.create_task(self._part(one), name=f"shopper {one.id}")

    async def _part(self, one: Cast) -> None:
        emulator = self.emulators[one.role.shop]
        await self._pause(one.role.at)
        for says in one.role.says:
            await self._say(emulator, one.id, says)
        heard = 0
        for answer in one.role.answers:
            heard = await self._hear(emulator, one.id, heard)
            await self._pause(_BEFORE_ANSWER)
            await self._say(emulator, one.id, answer)

    async def _hear(self, emulator: Emulator, shopper: str, heard: int) -> int:
        """Wait until the shop has said more than ``heard`` messages; returns how many it has."""
        while True:
            said = sum(1 for line in emulator.thread(shopper) if line.role == Role.AGENT)
            if said > heard:
                return said
            await asyncio.sleep(_LOOK_EVERY)

    async def _say(self, emulator: Emulator, shopper: str, says: Says) -> None:
        await emulator.say(
            shopper, says.text, photo=says.photo, order_card=says.card, entered_from_order=says.entered_from
        )
        await self._pause(_BETWEEN_LINES)

    async def _pause(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.pace)
