"""What had become of drafts when their buyer was erased: without the words it could not be told any more."""

import uuid
from collections.abc import Sequence

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.desk.figures.reading import read_these
from copilot.store.tables import DraftRow


async def keep_outcomes(session: AsyncSession, drafts: Sequence[uuid.UUID]) -> None:
    """Write down what became of ``drafts``, before their words go; what was written down stays."""
    for one in await read_these(session, drafts):
        if one.erased:
            continue
        kept = one.outcome.model_dump(mode="json")
        changed = update(DraftRow).where(DraftRow.id == one.draft, DraftRow.outcome.is_(None)).values(outcome=kept)
        await session.execute(changed.execution_options(synchronize_session=False))
