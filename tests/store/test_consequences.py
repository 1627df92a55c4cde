"""What a transaction leaves for others: the same as the functions that write each of it alone, with one statement."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from copilot.access.merchants import add_merchant
from copilot.domain.clock import FrozenClock
from copilot.domain.trace import Step
from copilot.store import events, queue, spans, timers
from copilot.store.consequences import Consequences
from copilot.store.engine import Store
from tests.counting import counted

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
_LEFT = (
    "SELECT shop, topic, ref, at FROM events ORDER BY id",
    "SELECT kind, ref, due_at, merchant, attempt, lock, priority FROM timers ORDER BY kind, ref",
    "SELECT queue_name, task_name, priority, lock, queueing_lock, args, status::text, scheduled_at"
    " FROM procrastinate_jobs ORDER BY id",
    "SELECT trace, draft, name, at, seconds, detail FROM spans ORDER BY trace",
)


async def _taken(store: Store, merchant: uuid.UUID) -> list[Any]:
    """What is left, and then gone."""
    async with store.merchant(merchant) as session:
        found = [[tuple(row) for row in (await session.execute(text(one))).all()] for one in _LEFT]
        for table in ("timers", "procrastinate_jobs"):
            await session.execute(text(f"DELETE FROM {table}"))
        await session.execute(text("SET LOCAL ROLE NONE"))
        for table in ("events", "spans"):
            await session.execute(text(f"DELETE FROM {table}"))
    return found


async def test_it_is_what_each_function_writes_alone(store: Store) -> None:
    merchant = await add_merchant(store, "one", "One", FrozenClock(NOON))
    await _taken(store, merchant)
    talk, other, later, step = uuid.uuid4(), uuid.uuid4(), NOON + timedelta(seconds=40), Step("delivery", NOON, 0.25)
    lock = f"draft:{talk}"
    async with store.merchant(merchant) as session:
        await timers.arm(session, "a.first", talk, later, merchant=merchant)
        await timers.arm(session, "a.sooner", talk, later, merchant=merchant, attempt=3)
        for ref in (talk, other):
            await events.append(session, merchant=merchant, topic="message.received", ref=str(ref), at=NOON)
        await timers.arm(session, "a.first", talk, NOON, merchant=merchant, attempt=2, lock=lock)
        await timers.arm(session, "a.sooner", talk, NOON, merchant=merchant, sooner=True)
        await timers.arm(session, "a.sooner", other, later, merchant=merchant, sooner=True)
        await queue.defer(session, "b.one", lock=lock, priority=-7, merchant=merchant, ref=talk, attempt=0)
        await queue.defer(session, "b.two", merchant=merchant, ref=None)
        await spans.record_all(session, [step], merchant=merchant, trace="t1")
    alone = await _taken(store, merchant)
    async with store.merchant(merchant) as session:
        await timers.arm(session, "a.first", talk, later, merchant=merchant)
        await timers.arm(session, "a.sooner", talk, later, merchant=merchant, attempt=3)
    left = Consequences(merchant)
    for ref in (talk, other):
        left.tell("message.received", str(ref), NOON)
    left.arm("a.first", talk, later)
    left.arm("a.first", talk, NOON, attempt=2, lock=lock)
    left.arm("a.sooner", talk, NOON, sooner=True)
    left.arm("a.sooner", other, later, sooner=True)
    left.run("b.one", lock=lock, priority=-7, merchant=merchant, ref=talk, attempt=0)
    left.run("b.two", merchant=merchant, ref=None)
    left.trace("t1", step)
    with counted() as seen:
        async with store.direct(merchant) as transaction:
            await left.write(transaction)
    assert seen["statements"] == 2, "one begins the transaction"
    assert await _taken(store, merchant) == alone


async def test_nothing_is_written_for_nothing_and_only_ids_are_taken(store: Store) -> None:
    merchant = await add_merchant(store, "one", "One", FrozenClock(NOON))
    left = Consequences(merchant)
    with counted() as seen:
        async with store.direct(merchant) as transaction:
            await left.write(transaction)
    assert seen["statements"] == 1
    with pytest.raises(ValueError, match="ids of ours only"):
        left.arm("a.first", "where is my parcel", NOON)
    left.run("b.one", ref="where is my parcel")
    async with store.direct(merchant) as transaction:
        with pytest.raises(ValueError, match="ids of ours only"):
            await left.write(transaction)


async def test_watchers_of_the_merchant_are_woken(store: Store) -> None:
    merchant = await add_merchant(store, "one", "One", FrozenClock(NOON))
    left = Consequences(merchant)
    for _ in range(3):
        left.tell("message.received", str(uuid.uuid4()), NOON)
    async with store.direct(merchant) as watching:
        await watching.execute("LISTEN copilot_events")
        await watching.commit()
        async with store.direct(merchant) as transaction:
            await left.write(transaction)
        heard = [notice.payload async for notice in watching.notifies(timeout=5, stop_after=1)]
        await watching.execute("UNLISTEN copilot_events")
    assert heard == [f"{merchant} message.received"]
