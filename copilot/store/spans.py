"""How long each step took, for ``trace``: names, hashes and numbers of one draft or delivery, never words."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.trace import Step
from copilot.store.direct import Direct, Transaction
from copilot.store.tables import SpanRow

# All rows in one value: a statement for each would be a dozen for a draft, and one with a place for each row would have
# to be put together anew for every number of them.
_INSERT = Direct(
    text(
        "INSERT INTO spans (merchant, id, trace, draft, name, at, seconds, detail)"
        " SELECT :merchant, id, :trace, :draft, name, at, seconds, detail"
        " FROM jsonb_to_recordset(:rows)"
        " AS told(id uuid, name text, at timestamptz, seconds double precision, detail jsonb)"
    ).bindparams(
        bindparam("merchant", type_=SpanRow.merchant.type),
        bindparam("trace", type_=SpanRow.trace.type),
        bindparam("draft", type_=SpanRow.draft.type),
        bindparam("rows", type_=JSONB),
    )
)


async def record_all(
    session: Transaction, steps: Sequence[Step], *, merchant: uuid.UUID, trace: str, draft: uuid.UUID | None = None
) -> None:
    """Keep several steps of one trace with the session's transaction."""
    if not steps:
        return
    rows = [
        {"id": str(uuid.uuid4()), "name": s.name, "at": s.at.isoformat(), "seconds": s.seconds, "detail": s.detail}
        for s in steps
    ]
    await _INSERT.run(session, {"merchant": merchant, "trace": trace, "draft": draft, "rows": rows})


async def record(
    session: Transaction,
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
