"""Everything that waits: rows with a due time, swept by every worker.

A timer becomes a job in the transaction that removes it, so it fires once; it never becomes one ahead of its time.
"""

import uuid
from datetime import datetime

from sqlalchemy import bindparam, delete, func, literal_column, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.store.direct import Direct, Transaction
from copilot.store.queue import URGENT, NewJob, check_id, defer_all
from copilot.store.tables import TimerRow, table_of

BATCH = 100
"""How many timers one sweep turns into jobs."""


_TIMERS = table_of(TimerRow)
_OF_ONE = (_TIMERS.c.kind, _TIMERS.c.ref)
# Made once: putting a statement together takes as long as running it.
_INSERT = insert(_TIMERS)
_COLUMNS = ("id", "kind", "ref", "due_at", "merchant", "attempt", "lock", "priority")
_ARM_NEW = Direct(_INSERT.on_conflict_do_nothing(index_elements=_OF_ONE), _COLUMNS)
_ARM = Direct(
    _INSERT.on_conflict_do_update(
        index_elements=_OF_ONE,
        set_={name: _INSERT.excluded[name] for name in ("due_at", "merchant", "attempt", "lock", "priority")},
    ),
    _COLUMNS,
)
# Also where nothing changes the row is locked: it cannot fire before the transaction that relied on it has ended.
_ARM_SOONER = Direct(
    _INSERT.on_conflict_do_update(
        index_elements=_OF_ONE,
        set_={"due_at": _INSERT.excluded.due_at},
        where=_TIMERS.c.due_at > _INSERT.excluded.due_at,
    ),
    _COLUMNS,
)
_CANCEL = Direct(
    delete(_TIMERS)
    .where(_TIMERS.c.kind == bindparam("the_kind"), _TIMERS.c.ref == bindparam("the_ref"))
    .returning(_TIMERS.c.id)
)

_DUE = (
    select(_TIMERS.c.id)
    .where(_TIMERS.c.due_at <= bindparam("now", type_=_TIMERS.c.due_at.type))
    .order_by(_TIMERS.c.due_at)
    .limit(literal_column(str(BATCH)))
    .with_for_update(skip_locked=True)
)
# Every worker asks several times a second, also when nothing is due.
_FIRE = Direct(
    delete(_TIMERS)
    .where(_TIMERS.c.id.in_(_DUE.scalar_subquery()))
    .returning(*(_TIMERS.c[name] for name in ("due_at", "kind", "merchant", "ref", "attempt", "lock", "priority")))
)


async def arm(
    session: Transaction,
    kind: str,
    ref: uuid.UUID | str,
    due_at: datetime,
    *,
    merchant: uuid.UUID | None,
    attempt: int = 0,
    lock: str | None = None,
    priority: int = URGENT,
    keep: bool = False,
    sooner: bool = False,
) -> None:
    """Run task ``kind`` for ``ref`` at ``due_at``; arming the same two again replaces the timer.

    With ``keep`` it does not; with ``sooner`` only the time is replaced, by an earlier one.

    The task is called with ``merchant``, ``ref`` and ``attempt``, under ``lock`` from then on.

    Raises:
        ValueError: ``ref`` or ``lock`` is not an id.
    """
    values = {
        "id": uuid.uuid4(),
        "kind": kind,
        "ref": str(check_id("ref", ref)),
        "due_at": due_at,
        "merchant": merchant,
        "attempt": attempt,
        "lock": None if lock is None else check_id("lock", lock),
        "priority": priority,
    }
    await (_ARM_NEW if keep else _ARM_SOONER if sooner else _ARM).run(session, values)


async def cancel(session: Transaction, kind: str, ref: uuid.UUID | str) -> bool:
    """Forget the timer; False when it is not armed (any more)."""
    return await _CANCEL.first(session, {"the_kind": kind, "the_ref": str(ref)}) is not None


async def sweep(session: AsyncSession, now: datetime) -> int:
    """Turn up to ``BATCH`` timers that are due into jobs; returns how many. Rows that another worker holds are left."""
    rows = sorted(await _FIRE.all(session, {"now": now}), key=lambda row: row[0])
    jobs = [
        NewJob(kind, {"merchant": merchant, "ref": ref, "attempt": attempt}, lock=lock, priority=priority)
        for _, kind, merchant, ref, attempt, lock, priority in rows
    ]
    return len(await defer_all(session, jobs))


async def overdue(session: AsyncSession, now: datetime) -> list[tuple[str, int, float]]:
    """Timers that should have fired: kind, how many, and how many seconds the oldest is late."""
    query = select(TimerRow.kind, func.count(), func.min(TimerRow.due_at)).where(TimerRow.due_at < now)
    rows = (await session.execute(query.group_by(TimerRow.kind).order_by(TimerRow.kind))).all()
    return [(kind, number, (now - oldest).total_seconds()) for kind, number, oldest in rows]
