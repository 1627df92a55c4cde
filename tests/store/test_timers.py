"""Timers: armed again they move, swept they become one job, and nobody gets one twice."""

import asyncio
import uuid
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from copilot.store import timers
from copilot.store.engine import Store
from copilot.store.queue import deadline_priority
from tests.fixtures_store import NOW

LOCK = "draft:6a0e5c1e-0000-4000-8000-000000000001"


async def jobs(store: Store) -> list[dict[str, Any]]:
    async with store.system() as session:
        query = "SELECT task_name, lock, priority, args, scheduled_at FROM procrastinate_jobs ORDER BY id"
        return [dict(row) for row in (await session.execute(text(query))).mappings()]


async def sweep(store: Store, seconds: float = 0) -> int:
    async with store.system() as session:
        return await timers.sweep(session, NOW + timedelta(seconds=seconds))


async def test_a_due_timer_becomes_one_job_with_its_ids_and_lock(store: Store) -> None:
    merchant, ref = uuid.uuid4(), uuid.uuid4()
    priority = deadline_priority(NOW)
    async with store.system() as session:
        await timers.arm(
            session, "draft.deadline", ref, NOW, merchant=merchant, lock=LOCK, priority=priority, attempt=2
        )
    assert await sweep(store, -0.001) == 0
    assert await sweep(store) == 1
    assert await sweep(store, 100) == 0
    assert await jobs(store) == [
        {
            "task_name": "draft.deadline",
            "lock": LOCK,
            "priority": priority,
            "args": {"merchant": str(merchant), "ref": str(ref), "attempt": 2},
            "scheduled_at": None,
        }
    ]


async def test_arming_again_replaces_and_keeping_does_not(store: Store) -> None:
    ref = uuid.uuid4()
    async with store.system() as session:
        for seconds, keep in ((5, False), (9, False), (1, True)):
            due = NOW + timedelta(seconds=seconds)
            await timers.arm(session, "k", ref, due, merchant=None, attempt=seconds, keep=keep)
    assert await sweep(store, 8.9) == 0
    assert await sweep(store, 9) == 1
    assert [job["args"]["attempt"] for job in await jobs(store)] == [9]


async def test_a_sooner_time_replaces_a_later_one_and_a_later_changes_nothing(store: Store) -> None:
    ref = uuid.uuid4()
    async with store.system() as session:
        for seconds in (5, 9, 3):
            await timers.arm(session, "k", ref, NOW + timedelta(seconds=seconds), merchant=None, sooner=True)
    assert await sweep(store, 2.9) == 0
    assert await sweep(store, 3) == 1


async def test_a_timer_that_somebody_counts_on_does_not_fire_before_they_are_done(store: Store) -> None:
    ref = uuid.uuid4()
    async with store.system() as session:
        await timers.arm(session, "k", ref, NOW, merchant=None, sooner=True)
    async with store.system() as session:
        await timers.arm(session, "k", ref, NOW, merchant=None, sooner=True)
        assert await sweep(store) == 0
    assert await sweep(store) == 1


async def test_a_cancelled_timer_never_fires(store: Store) -> None:
    ref = uuid.uuid4()
    async with store.system() as session:
        await timers.arm(session, "k", ref, NOW, merchant=None)
        assert await timers.cancel(session, "k", ref)
        assert not await timers.cancel(session, "k", ref)
    assert await sweep(store) == 0


async def test_timers_that_are_due_become_jobs_in_the_order_of_their_times(store: Store) -> None:
    async with store.system() as session:
        for number in (3, 1, 2):
            await timers.arm(session, "k", f"n:{number}", NOW + timedelta(seconds=number), merchant=None)
    await sweep(store, 10)
    assert [job["args"]["ref"] for job in await jobs(store)] == ["n:1", "n:2", "n:3"]


async def test_four_sweepers_share_the_work_and_take_nothing_twice(store: Store) -> None:
    count = timers.BATCH + 50
    async with store.system() as session:
        for number in range(count):
            await timers.arm(session, "k", f"n:{number}", NOW, merchant=None)
    swept = await asyncio.gather(*(sweep(store) for _ in range(4)))
    swept += [await sweep(store), await sweep(store)]
    assert sum(swept) == count
    refs = [job["args"]["ref"] for job in await jobs(store)]
    assert (len(refs), len(set(refs))) == (count, count)


async def test_a_sweep_that_fails_leaves_its_timers(store: Store) -> None:
    async with store.system() as session:
        await timers.arm(session, "k", uuid.uuid4(), NOW, merchant=None)
    async with store.system() as session:
        await timers.sweep(session, NOW)
        await session.rollback()
    assert await jobs(store) == []
    assert await sweep(store) == 1


@given(st.datetimes(min_value=NOW.replace(tzinfo=None)), st.datetimes(min_value=NOW.replace(tzinfo=None)))
def test_priorities_never_turn_deadlines_round(one: Any, other: Any) -> None:
    one, other = sorted((one.replace(tzinfo=NOW.tzinfo), other.replace(tzinfo=NOW.tzinfo)))
    assert deadline_priority(one) >= deadline_priority(other)
    assert -(2**31) < deadline_priority(other) < 0
