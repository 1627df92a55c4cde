"""How long each step took, for ``trace``: names, hashes and numbers of one draft or delivery, never words."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.store.tables import SpanRow


async def record(
    session: AsyncSession,
    *,
    merchant: uuid.UUID,
    trace: str,
    name: str,
    at: datetime,
    seconds: float,
    draft: uuid.UUID | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Keep one step with the session's transaction; ``at`` is when it began, ``detail`` plain JSON."""
    values = {
        "merchant": merchant,
        "id": uuid.uuid4(),
        "trace": trace,
        "draft": draft,
        "name": name,
        "at": at,
        "seconds": seconds,
        "detail": detail or {},
    }
    await session.execute(insert(SpanRow).values(**values))


async def prune(session: AsyncSession, before: datetime) -> int:
    """Remove steps of all merchants from before that time; returns how many."""
    return (await session.execute(select(func.app.prune_spans(before)))).scalar_one()
