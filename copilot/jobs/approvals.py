"""The moments of a request to a supervisor: soon due, and overdue."""

import uuid
from dataclasses import dataclass

from copilot.domain.clock import Clock
from copilot.flow.approvals import call_to_mind
from copilot.store.engine import Store


@dataclass(frozen=True)
class ApprovalJobs:
    """What timers run."""

    store: Store
    clock: Clock

    async def soon(self, merchant: uuid.UUID, approval: uuid.UUID) -> None:
        """Call the request to mind."""
        async with self.store.merchant(merchant) as session:
            await call_to_mind(session, approval, self.clock.now(), "soon")

    async def due(self, merchant: uuid.UUID, approval: uuid.UUID) -> None:
        """Say that nobody has ruled in time; the request stays open."""
        async with self.store.merchant(merchant) as session:
            await call_to_mind(session, approval, self.clock.now(), "overdue")
