"""What jobs and timers do with cases: read them again, look whether an order ended them, follow them up."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from copilot.channel.tasks import CASE_FOLLOW_UP, CASE_FOLLOW_UP_END, CASE_LOOK, CASE_READ, CASE_RESOLVED
from copilot.domain.clock import Clock
from copilot.flow import casebook
from copilot.flow.driver import Driver
from copilot.flow.follow_up import FollowUps
from copilot.flow.looking_up import OrderBook
from copilot.jobs.worker import Task
from copilot.store.engine import Store

_SECONDS: Final = 10.0
"""How long the platform may take to tell of an order; nobody waits for it."""


@dataclass(frozen=True)
class CaseJobs:
    """The tasks of cases; ``lookup`` asks the platform, and what it tells ends cases by itself.

    ``driver`` has the shops' rules.
    """

    store: Store
    lookup: OrderBook
    driver: Driver
    clock: Clock

    @property
    def _follow_ups(self) -> FollowUps:
        return FollowUps(self.store, self.driver.shops, self.clock, self.lookup)

    def tasks(self) -> Mapping[str, Task]:
        """The tasks by name."""

        async def read(*, merchant: str, ref: str, **_: object) -> None:
            async with self.store.merchant(uuid.UUID(merchant)) as session:
                await casebook.reread(session, uuid.UUID(ref), self.clock.now())

        async def look(*, merchant: str, ref: str, **_: object) -> None:
            await self.lookup.orders(uuid.UUID(merchant), uuid.UUID(ref), timeout=_SECONDS, fresh=True)

        async def resolved(*, merchant: str, ref: str, **_: object) -> None:
            await self._follow_ups.arm(uuid.UUID(merchant), uuid.UUID(ref))

        async def follow_up(*, merchant: str, ref: str, **_: object) -> None:
            await self._follow_ups.due(uuid.UUID(merchant), uuid.UUID(ref))

        async def follow_up_end(*, merchant: str, ref: str, **_: object) -> None:
            await self._follow_ups.end(uuid.UUID(merchant), uuid.UUID(ref))

        return {
            CASE_READ: read,
            CASE_LOOK: look,
            CASE_RESOLVED: resolved,
            CASE_FOLLOW_UP: follow_up,
            CASE_FOLLOW_UP_END: follow_up_end,
        }
