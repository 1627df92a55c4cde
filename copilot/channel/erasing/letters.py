"""Sealed deliveries that name a buyer who is forgotten.

What cannot be opened any more cannot be told apart and goes too.
"""

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.vault import Vault
from copilot.channel.dead_letters import opened
from copilot.domain.errors import CopilotError
from copilot.store.tables import DeadLetterRow


async def erase_letters(session: AsyncSession, vault: Vault, shop: uuid.UUID, names: Collection[str]) -> int:
    """Remove the shop's letters in which one of ``names`` (the platform's ids) stands; returns how many."""
    rows = await session.scalars(select(DeadLetterRow).where(DeadLetterRow.shop == shop).with_for_update())
    gone = [row for row in rows if row.sealed and _names(row, vault, names)]
    for row in gone:
        await session.delete(row)
    await session.flush()
    return len(gone)


def _names(row: DeadLetterRow, vault: Vault, names: Collection[str]) -> bool:
    try:
        body = opened(row, vault).body
    except (CopilotError, KeyError, ValueError):
        # Nobody will ever use it, and whom it names cannot be told.
        return True
    return any(name.encode() in body for name in names)
