"""Housekeeping: old things go, the rest stays, and it comes back by itself."""

import uuid
from datetime import timedelta

from sqlalchemy import func, select, text

from copilot.domain.clock import FrozenClock, SystemClock
from copilot.jobs.maintenance import PRUNE, prune, prune_jobs
from copilot.jobs.tasks import open_tasks
from copilot.settings import load_settings
from copilot.store import events, queue
from copilot.store.engine import Store
from copilot.store.tables import EventRow, MerchantRow, TimerRow
from tests.fixtures_store import NOW


async def test_pruning_removes_what_is_old_and_arms_itself_again(store: Store) -> None:
    merchant = uuid.uuid4()
    async with store.merchant(merchant) as session:
        session.add(MerchantRow(id=merchant, slug="m", name="m", created_at=NOW))
        await session.flush()
        for hours in (25, 23):
            await events.append(session, merchant=merchant, topic="t", ref="r", at=NOW - timedelta(hours=hours))
    await prune(store, FrozenClock(NOW))
    async with store.merchant(merchant) as session:
        assert (await session.execute(select(func.count()).select_from(EventRow))).scalar_one() == 1
        timer = (await session.execute(select(TimerRow))).scalar_one()
        assert (timer.kind, timer.due_at) == (PRUNE, NOW + timedelta(hours=1))


async def test_finished_jobs_go_after_their_time_and_waiting_ones_never(store: Store) -> None:
    async with store.system() as session:
        for name in ("done", "waiting"):
            await queue.defer(session, name)
        end = "UPDATE procrastinate_jobs SET status = 'succeeded' WHERE task_name = 'done'"
        await session.execute(text(end))

    async def left(before: timedelta) -> list[str]:
        async with store.system() as session:
            await prune_jobs(session, SystemClock().now() + before)
        async with store.system() as session:
            return list((await session.execute(text("SELECT task_name FROM procrastinate_jobs ORDER BY 1"))).scalars())

    assert await left(timedelta(minutes=-1)) == ["done", "waiting"]
    assert await left(timedelta(minutes=1)) == ["waiting"]


async def test_opening_the_tasks_arms_pruning_once(store: Store) -> None:
    for seconds in (0, 60):
        async with open_tasks(store, load_settings(), FrozenClock(NOW + timedelta(seconds=seconds))) as tasks:
            assert PRUNE in tasks
    async with store.system() as session:
        assert (await session.execute(select(TimerRow.due_at))).scalars().all() == [NOW]
