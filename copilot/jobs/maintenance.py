"""Housekeeping that no person waits for: what has had its day is removed, for all merchants at once.

It removes what the engine room leaves behind and what carries its own date of expiry; texts of people are removed by
the retention of their shop.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.clock import Clock
from copilot.store import events, spans, timers
from copilot.store.engine import Store
from copilot.store.queue import BACKGROUND
from copilot.store.tables import LoginAttemptRow

PRUNE = "maintenance.prune"
_REF = "everything"
_EVERY = timedelta(hours=1)
_KEEP_EVENTS = timedelta(hours=24)
_KEEP_JOBS = timedelta(days=7)
_KEEP_SPANS = timedelta(days=7)
_KEEP_LOGIN_ATTEMPTS = timedelta(days=1)

_OLD_JOBS = text(
    """
    DELETE FROM procrastinate_jobs j
     WHERE j.status IN ('succeeded', 'failed', 'cancelled', 'aborted')
       AND NOT EXISTS (SELECT FROM procrastinate_events e WHERE e.job_id = j.id AND e.at >= :before)
    """
)


async def arm_pruning(store: Store, clock: Clock) -> None:
    """See to it that pruning runs, starting now; a timer that is armed already stays."""
    async with store.system() as session:
        await timers.arm(session, PRUNE, _REF, clock.now(), merchant=None, priority=BACKGROUND, keep=True)


async def prune(store: Store, clock: Clock) -> None:
    """Remove what is old, and come back in an hour."""
    now = clock.now()
    async with store.system() as session:
        await timers.arm(session, PRUNE, _REF, now + _EVERY, merchant=None, priority=BACKGROUND)
    for remove, before in _SWEEPS:
        # One transaction each: a large one must not keep the others from being done, nor the events from being read.
        async with store.system() as session:
            await remove(session, now - before)


async def prune_jobs(session: AsyncSession, before: datetime) -> None:
    """Remove jobs that have been finished since before that time."""
    await session.execute(_OLD_JOBS, {"before": before})


async def prune_expired(session: AsyncSession, now: datetime) -> None:
    """Remove sessions, dead letters and remembered orders whose time is over."""
    await session.execute(select(func.app.prune_expired(now)))


async def prune_login_attempts(session: AsyncSession, before: datetime) -> None:
    """Forget wrong logins from before that time."""
    await session.execute(delete(LoginAttemptRow).where(LoginAttemptRow.last_at < before))


_SWEEPS: tuple[tuple[Callable[[AsyncSession, datetime], Awaitable[object]], timedelta], ...] = (
    (events.prune, _KEEP_EVENTS),
    (spans.prune, _KEEP_SPANS),
    (prune_expired, timedelta()),
    (prune_login_attempts, _KEEP_LOGIN_ATTEMPTS),
    (prune_jobs, _KEEP_JOBS),
)
