"""Housekeeping that no person waits for: old events and finished jobs are removed.

It removes what the engine room leaves behind; texts of people are removed by the retention of their shop.
"""

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.clock import Clock
from copilot.store import events, timers
from copilot.store.engine import Store
from copilot.store.queue import BACKGROUND

PRUNE = "maintenance.prune"
_REF = "everything"
_EVERY = timedelta(hours=1)
_KEEP_EVENTS = timedelta(hours=24)
_KEEP_JOBS = timedelta(days=7)

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
        await events.prune(session, now - _KEEP_EVENTS)
        await prune_jobs(session, now - _KEEP_JOBS)


async def prune_jobs(session: AsyncSession, before: datetime) -> None:
    """Remove jobs that have been finished since before that time."""
    await session.execute(_OLD_JOBS, {"before": before})
