"""How long each step took, for ``trace``: names, hashes and numbers of one draft or delivery, never words."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.trace import Step
from copilot.store.tables import SpanRow, table_of

_INSERT = insert(table_of(SpanRow))


async def record_all(
    session: AsyncSession, steps: Sequence[Step], *, merchant: uuid.UUID, trace: str, draft: uuid.UUID | None = None
) -> None:
    """Keep several steps of one trace with the session's transaction."""
    if not steps:
        return
    shared = {"merchant": merchant, "trace": trace, "draft": draft}
    rows = [
        {**shared, "id": uuid.uuid4(), "name": s.name, "at": s.at, "seconds": s.seconds, "detail": s.detail}
        for s in steps
    ]
    # Rows beside the statement, not in it: it is compiled once.
    await session.execute(_INSERT, rows)


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
    await record_all(session, [Step(name, at, seconds, detail or {})], merchant=merchant, trace=trace, draft=draft)


async def prune(session: AsyncSession, before: datetime) -> int:
    """Remove steps of all merchants from before that time; returns how many."""
    return (await session.execute(select(func.app.prune_spans(before)))).scalar_one()
