"""Looking who is missing from the rota, about once a minute while somebody is on duty."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from copilot.channel.tasks import ROTA_LOOK
from copilot.desk.profiles import Profiles
from copilot.desk.rota.absences import arm_next, look
from copilot.domain.clock import Clock
from copilot.jobs.worker import Task
from copilot.store.engine import Store


@dataclass(frozen=True)
class RotaJobs:
    """What the look needs; ``profiles`` say how long somebody may be missing."""

    store: Store
    profiles: Profiles
    clock: Clock

    def tasks(self) -> Mapping[str, Task]:
        """The tasks by name."""

        async def run(*, merchant: str, **_: object) -> None:
            await self.look(uuid.UUID(merchant))

        return {ROTA_LOOK: run}

    async def look(self, merchant: uuid.UUID) -> list[uuid.UUID]:
        """Look once, and see to it that it is looked again; the absences that were told of."""
        now = self.clock.now()
        # In a transaction of its own: a look that fails is not the last one.
        async with self.store.merchant(merchant) as session:
            await arm_next(session, merchant, now)
        async with self.store.merchant(merchant) as session:
            return await look(session, merchant, self.profiles.of, now)
