"""Which texts of drafts were on whose screen, and whether they had begun to write before.

What acceptance is counted of (``figures``). Nobody's list changes by it, so nothing is announced.
"""

import uuid
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.store.tables import DraftRow, SightRow


async def note_sight(session: AsyncSession, row: DraftRow, *, by: str, typed: bool, now: datetime) -> None:
    """Note that the text of ``row`` is before ``by``; the first time counts."""
    await session.execute(
        insert(SightRow)
        .values(
            merchant=row.merchant,
            id=uuid.uuid4(),
            draft=row.id,
            revision=row.revision,
            text_hash=row.text_hash or "",
            by=by,
            typed=typed,
            at=now,
        )
        .on_conflict_do_nothing(index_elements=["merchant", "draft", "revision", "text_hash", "by"])
    )
