"""The queue's five measured failures, and that jobs belong to their transaction."""

import asyncio
import uuid
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from copilot.domain.clock import SystemClock
from copilot.jobs.worker import Pace
from copilot.store import queue, timers
from copilot.store.engine import Store
from tests.jobs.conftest import Working, until

LOCK = "draft:6a0e5c1e-0000-4000-8000-000000000001"


async def statuses(store: Store) -> list[tuple[str, str]]:
    async with store.system() as session:
        rows = await session.execute(text("SELECT task_name, status::text FROM procrastinate_jobs ORDER BY id"))
        return [(name, status) for name, status in rows]


async def test_a_job_runs_after_the_commit_and_vanishes_with_a_rollback(store: Store, working: Working) -> None:
    ran: list[str] = []

    async def task(name: str) -> None:
        ran.append(name)

    async with working({"task": task}):
        async with store.system() as session:
            await queue.defer(session, "task", name="kept")
            await asyncio.sleep(0.6)
            assert ran == []
        with pytest.raises(RuntimeError):
            await _defer_and_fail(store)
        await until(lambda: ran == ["kept"], 2)
        await asyncio.sleep(0.5)
    assert ran == ["kept"]


async def _defer_and_fail(store: Store) -> None:
    async with store.system() as session:
        await queue.defer(session, "task", name="dropped")
        raise RuntimeError


async def test_a_follow_up_of_tomorrow_does_not_stop_the_conversation(store: Store, working: Working) -> None:
    ran: list[str] = []

    async def draft(**_: object) -> None:
        ran.append("draft")

    async with store.system() as session:
        tomorrow = SystemClock().now() + timedelta(days=1)
        await timers.arm(session, "follow_up", uuid.uuid4(), tomorrow, merchant=None, lock=LOCK)
    async with working({"draft": draft, "follow_up": draft}):
        async with store.system() as session:
            await queue.defer(session, "draft", lock=LOCK)
        await until(lambda: ran == ["draft"], 3)


async def test_a_failed_job_that_waits_for_another_attempt_does_not_block_its_lock(
    store: Store, working: Working
) -> None:
    ran: list[str] = []

    async def fails(ref: str, attempt: int = 0, **_: object) -> None:
        ran.append(f"fails {attempt}")
        async with store.system() as session:
            later = SystemClock().now() + timedelta(seconds=0.8)
            await timers.arm(session, "fails", ref, later, merchant=None, attempt=attempt + 1, lock=LOCK)
        if attempt == 0:
            raise RuntimeError

    async def works(**_: object) -> None:
        ran.append("works")

    async with working({"fails": fails, "works": works}):
        async with store.system() as session:
            await queue.defer(session, "fails", lock=LOCK, ref="x")
            await queue.defer(session, "works", lock=LOCK)
        await until(lambda: "fails 1" in ran, 5)
    assert ran[:3] == ["fails 0", "works", "fails 1"]


async def test_a_stalled_job_is_taken_over_where_its_successor_waits_already(store: Store, working: Working) -> None:
    # The queue's own retry left such a job "doing" for ever.
    ran: list[str] = []

    async def draft(name: str) -> None:
        ran.append(name)

    async with store.system() as session:
        await queue.defer(session, "draft", lock=LOCK, name="first")
        await session.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))  # by a worker that is gone
        await queue.defer(session, "draft", lock=LOCK, name="second")
    async with working({"draft": draft}):
        await until(lambda: len(ran) == 2, 5)
    assert sorted(ran) == ["first", "second"]
    assert [status for _, status in await statuses(store)] == ["failed", "succeeded", "succeeded"]


async def test_a_timer_fires_at_most_half_a_second_late(store: Store, working: Working) -> None:
    clock = SystemClock()
    late: list[float] = []
    due = {}

    async def task(ref: str, **_: object) -> None:
        late.append((clock.now() - due[ref]).total_seconds())

    async with working({"task": task}):
        async with store.system() as session:
            for number in range(5):
                ref = f"timer:{number}"
                due[ref] = clock.now() + timedelta(seconds=0.3 + 0.17 * number)
                await timers.arm(session, "task", ref, due[ref], merchant=None)
        await until(lambda: len(late) == 5, 5)
    assert 0 <= min(late)
    assert max(late) <= 0.5


async def test_the_next_job_of_a_lock_starts_at_once(store: Store, working: Working) -> None:
    loop = asyncio.get_running_loop()
    times: list[float] = []

    async def task(**_: object) -> None:
        times.append(loop.time())
        await asyncio.sleep(0.3)
        times.append(loop.time())

    async with working({"task": task}):
        async with store.system() as session:
            await queue.defer(session, "task", lock=LOCK)
            await queue.defer(session, "task", lock=LOCK)
        await until(lambda: len(times) == 4, 5)
    assert 0 <= times[2] - times[1] <= 1.0


async def test_jobs_of_different_locks_run_side_by_side(store: Store, working: Working) -> None:
    running, most = 0, 0

    async def task(**_: object) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.5)
        running -= 1

    async with working({"task": task}):
        async with store.system() as session:
            for _ in range(8):
                await queue.defer(session, "task", lock=f"draft:{uuid.uuid4()}")
        await until(lambda: most == 8, 5)


async def test_an_unknown_task_fails_and_the_worker_goes_on(store: Store, working: Working) -> None:
    ran: list[str] = []

    async def known(**_: object) -> None:
        ran.append("known")

    async with working({"known": known}):
        async with store.system() as session:
            await queue.defer(session, "renamed.long_ago")
            await queue.defer(session, "known")
        await until(lambda: ran == ["known"], 3)
    assert await statuses(store) == [("renamed.long_ago", "failed"), ("known", "succeeded")]


async def test_a_job_that_takes_its_worker_down_is_given_up(store: Store) -> None:
    async with store.system() as session:
        await queue.defer(session, "killer", lock=LOCK)
    tried = 0
    for _ in range(queue.GIVE_UP_AFTER + 2):
        async with store.system() as session:
            taken = await session.execute(
                text("UPDATE procrastinate_jobs SET status = 'doing' WHERE status = 'todo' RETURNING id")
            )
            tried += len(taken.all())
        async with store.system() as session:
            await queue.rescue(session, 8)
    assert tried == queue.GIVE_UP_AFTER
    assert {status for _, status in await statuses(store)} == {"failed"}


async def test_two_rescuers_put_a_job_in_once(store: Store) -> None:
    async with store.system() as session:
        await queue.defer(session, "task")
        await session.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))

    async def rescue() -> int:
        async with store.system() as session:
            found = await queue.rescue(session, 8)
            await asyncio.sleep(0.2)
            return len(found)

    assert sorted(await asyncio.gather(rescue(), rescue())) == [0, 1]
    assert [status for _, status in await statuses(store)] == ["failed", "todo"]


async def test_what_is_not_finished_when_the_worker_must_go_is_put_back(store: Store, working: Working) -> None:
    started: list[int] = []

    async def slow(**_: object) -> None:
        started.append(1)
        await asyncio.sleep(60)

    async with working({"slow": slow}, pace=Pace(drain=0.3)):
        async with store.system() as session:
            await queue.defer(session, "slow", lock=LOCK)
        await until(lambda: bool(started), 3)
    assert [status for _, status in await statuses(store)] == ["aborted", "todo"]


async def test_running_jobs_are_finished_when_the_worker_is_told_to_stop(store: Store, working: Working) -> None:
    finished: list[int] = []

    async def slow(**_: object) -> None:
        await asyncio.sleep(0.5)
        finished.append(1)

    async with working({"slow": slow}):
        async with store.system() as session:
            await queue.defer(session, "slow")
        await asyncio.sleep(0.3)
    assert finished == [1]


async def test_a_leaving_worker_keeps_its_jobs_while_it_finishes_them(store: Store, working: Working) -> None:
    ran: list[str] = []

    async def slow(**_: object) -> None:
        ran.append("started")
        await asyncio.sleep(2)
        ran.append("finished")

    eager = Pace(heartbeat=0.2, silent=0.8, rescue=0.1)
    async with working({"slow": slow}, pace=eager):
        async with store.system() as session:
            await queue.defer(session, "slow", lock=LOCK)
        await until(lambda: ran == ["started"], 3)
        # Another one starts; the first is told to leave by the end of its block while that one goes on.
        other = working({"slow": slow}, pace=eager)
        await other.__aenter__()
    await other.__aexit__(None, None, None)
    assert ran == ["started", "finished"]


async def test_the_worker_survives_losing_its_connections(store: Store, working: Working, database_url: str) -> None:
    ran: list[int] = []

    async def task(**_: object) -> None:
        ran.append(1)

    async with working({"task": task}, pace=Pace(again=0.1)):
        await asyncio.sleep(0.3)
        with psycopg.connect(database_url, autocommit=True) as superuser:
            superuser.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        await asyncio.sleep(0.3)
        async with store.system() as session:
            await queue.defer(session, "task")
        await until(lambda: ran == [1], 10)


@pytest.mark.parametrize("value", ["请联系 13812345678", "13812345678", "a b", "x" * 101, 13812345678, "", "王小明"])
async def test_a_job_carries_nothing_but_ids(store: Store, value: str | int) -> None:
    async with store.system() as session:
        with pytest.raises(ValueError, match="ids of ours only") as caught:
            await queue.defer(session, "task", ref=value)
    assert str(value) == "" or str(value) not in str(caught.value)


def test_the_nearer_deadline_has_the_higher_priority() -> None:
    now = SystemClock().now()
    near, far = (queue.deadline_priority(now + timedelta(seconds=s)) for s in (10, 100))
    assert queue.URGENT > near > far > queue.BACKGROUND
    assert -(2**31) <= queue.BACKGROUND
    assert queue.deadline_priority(now + timedelta(days=100_000)) > queue.BACKGROUND


async def test_a_connection_that_breaks_while_a_jobs_end_is_noted_does_not_keep_its_lock(
    store: Store, working: Working, database_url: str
) -> None:
    ran: list[str] = []

    async def breaks(**_: object) -> None:
        ran.append("breaks")
        # The queue's own connections were used a moment ago, so that nobody asks them whether they are still there.
        connection = await psycopg.AsyncConnection.connect(database_url, autocommit=True)
        async with connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query ILIKE '%procrastinate%'"
                " AND query NOT ILIKE 'LISTEN%' AND pid <> pg_backend_pid()"
            )

    async def next_one(**_: object) -> None:
        ran.append("next")

    async with store.system() as session:
        await queue.defer(session, "breaks", lock=LOCK)
        await queue.defer(session, "next_one", lock=LOCK)
    # Nobody is taken for dead meanwhile, nor does a heartbeat find out first.
    async with working({"breaks": breaks, "next_one": next_one}, pace=Pace(heartbeat=60, silent=600)):
        await until(lambda: ran == ["breaks", "next"], 10)
