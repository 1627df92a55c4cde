"""The moments of a promise: soon due, and due."""

import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from copilot.channel import owing
from copilot.channel.lookup import Lookup
from copilot.domain.clock import Clock
from copilot.store.engine import Store
from copilot.store.tables import CommitmentRow

_SECONDS: Final = 10.0
"""How long the platform may take to show that a promise was kept before it is called broken."""


@dataclass(frozen=True)
class OwedJobs:
    """What timers run; ``lookup`` asks the platform once more before anything is called broken."""

    store: Store
    lookup: Lookup
    clock: Clock

    async def soon(self, merchant: uuid.UUID, commitment: uuid.UUID) -> None:
        """Call the promise to mind."""
        async with self.store.merchant(merchant) as session:
            await owing.call_to_mind(session, commitment, self.clock.now())

    async def due(self, merchant: uuid.UUID, commitment: uuid.UUID) -> None:
        """Call the promise broken unless it has been kept."""
        async with self.store.merchant(merchant) as session:
            row = await session.scalar(
                select(CommitmentRow).where(CommitmentRow.id == commitment, CommitmentRow.state.in_(owing.OPEN))
            )
        if row is None:
            return
        # What the platform tells now may show that it was kept; a platform that is silent shows nothing.
        await self.lookup.orders(merchant, row.conversation, timeout=_SECONDS, fresh=True)
        async with self.store.merchant(merchant) as session:
            await owing.break_due(session, commitment, self.clock.now())
