"""Giving out what waits for somebody, after a buyer wrote and when a group has been asked long enough."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from copilot.channel.tasks import QUEUE_DRAIN
from copilot.desk.profiles import Profiles
from copilot.desk.queue.drain import drain
from copilot.domain.clock import Clock
from copilot.jobs.worker import Task
from copilot.store.engine import Store


@dataclass(frozen=True)
class QueueJobs:
    """What the queue needs; ``folders`` hold the profiles."""

    store: Store
    folders: Sequence[Path]
    clock: Clock
    profiles: Profiles = field(init=False)

    def __post_init__(self) -> None:
        """Profiles are read once a day."""
        object.__setattr__(self, "profiles", Profiles(self.folders))

    def tasks(self) -> Mapping[str, Task]:
        """The tasks by name."""

        async def give_out(*, merchant: str, **_: object) -> None:
            await self.give_out(uuid.UUID(merchant))

        return {QUEUE_DRAIN: give_out}

    async def give_out(self, merchant: uuid.UUID) -> int:
        """Give out what waits at the merchant's desk; how many were given."""
        async with self.store.merchant(merchant) as session:
            return await drain(session, merchant, self.profiles.of, self.clock.now())
