"""Deliveries that hold nothing but messages of buyers: those that wait at one moment share a transaction.

Each is answered after that has committed. When it fails, whatever the cause, nobody is told so: each of them goes by
itself then, so that what is wrong with one never keeps another out.
"""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from copilot.channel.arriving import Arrival, arrive
from copilot.channel.together import Together
from copilot.domain.clock import Clock
from copilot.domain.trace import Step
from copilot.logs import get_logger
from copilot.store.consequences import Consequences
from copilot.store.engine import Store

log = get_logger(__name__)

_PATIENCE: Final = 0.5
"""Seconds that a round waits for a conversation which another transaction holds: the others need not wait with it."""


class Apart(Exception):
    """Nothing of the round was stored."""


@dataclass(frozen=True)
class Group:
    """The messages of one delivery, which came ``at`` and was begun to be stored at the monotonic time ``begun``."""

    arrivals: Sequence[Arrival]
    adapter: str
    trace: str
    at: datetime
    begun: float


@dataclass(frozen=True)
class Crowd:
    """Stores the groups of a process; ``lanes`` is room for a connection."""

    store: Store
    clock: Clock
    lanes: asyncio.Semaphore
    _rounds: Together[uuid.UUID, Group, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Nobody waits yet."""
        object.__setattr__(self, "_rounds", Together(self._stored))

    async def take(self, merchant: uuid.UUID, group: Group) -> int:
        """Store and commit the messages of a ``merchant``; returns how many of them were new.

        Raises:
            Apart: they were not stored with the others; by themselves they may be.
        """
        return await self._rounds.part(merchant, group)

    async def _stored(self, merchant: uuid.UUID, groups: Sequence[Group]) -> list[int]:
        try:
            async with self.lanes, self.store.hurried(merchant, _PATIENCE) as transaction:
                left, now = Consequences(merchant), self.clock.now()
                arrivals = [one for group in groups for one in group.arrivals]
                received = iter(await arrive(transaction, arrivals, left, now))
                new = [sum(next(received).new for _ in group.arrivals) for group in groups]
                for group, number in zip(groups, new, strict=True):
                    left.trace(group.trace, self._step(group, number))
                await left.write(transaction)
        # The webhook edge: whatever an adapter made of a platform's bytes may be defective in any way.
        except Exception as error:
            log.warning("deliveries_go_apart", number=len(groups), error=error)
            raise Apart from error
        return new

    def _step(self, group: Group, new: int) -> Step:
        told = {"adapter": group.adapter, "events": len(group.arrivals), "new": new, "dead": 0}
        return Step("delivery", group.at, self.clock.monotonic() - group.begun, told)
