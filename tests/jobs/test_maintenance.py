"""Housekeeping: old things go, the rest stays, and it comes back by itself."""

import uuid
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from copilot.domain.clock import FrozenClock, SystemClock
from copilot.jobs.maintenance import PRUNE, prune, prune_jobs
from copilot.jobs.tasks import open_tasks
from copilot.settings import load_settings
from copilot.store import events, queue
from copilot.store.engine import Store
from copilot.store.tables import (
    DeadLetterRow,
    DirectoryRow,
    EventRow,
    LoginAttemptRow,
    MerchantRow,
    OrderRow,
    PersonRow,
    SessionRow,
    ShopRow,
    SpanRow,
    TimerRow,
)
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


async def test_opening_the_tasks_arms_pruning_once(store: Store, tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path)
    for seconds in (0, 60):
        async with open_tasks(store, settings, FrozenClock(NOW + timedelta(seconds=seconds))) as tasks:
            assert PRUNE in tasks
    # Adapters that poll have a timer of their own beside it.
    armed = select(TimerRow.due_at).where(TimerRow.kind == PRUNE)
    async with store.system() as session:
        assert (await session.execute(armed)).scalars().all() == [NOW]


async def test_what_has_had_its_day_goes_for_every_merchant_and_the_rest_stays(store: Store) -> None:
    merchants = [await _merchant_with_old_and_new_rows(store, slug) for slug in ("a", "b")]
    async with store.system() as session:
        session.add(LoginAttemptRow(key="old", failures=3, last_at=NOW - timedelta(days=1, seconds=1)))
        session.add(LoginAttemptRow(key="new", failures=3, last_at=NOW - timedelta(hours=23)))

    await prune(store, FrozenClock(NOW))

    for merchant in merchants:
        async with store.merchant(merchant) as session:
            assert list(await session.scalars(select(SpanRow.name))) == ["new"]
            assert list(await session.scalars(select(SessionRow.secret_hash))) == [f"new-{merchant}"]
            assert list(await session.scalars(select(DeadLetterRow.delivery))) == ["new"]
            assert sorted(await session.scalars(select(OrderRow.platform_order_id))) == ["kept", "new"]
    async with store.system() as session:
        keys = list(await session.scalars(select(DirectoryRow.key).where(DirectoryRow.kind == "session")))
        assert sorted(keys) == sorted(f"new-{merchant}" for merchant in merchants)
        assert list(await session.scalars(select(LoginAttemptRow.key))) == ["new"]


async def _merchant_with_old_and_new_rows(store: Store, slug: str) -> uuid.UUID:
    merchant, shop, person = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    old, new = NOW - timedelta(seconds=1), NOW + timedelta(seconds=1)
    async with store.merchant(merchant) as session:
        session.add(MerchantRow(id=merchant, slug=slug, name=slug, created_at=NOW))
        await session.flush()
        session.add(
            ShopRow(
                merchant=merchant, id=shop, slug="s", name="s", platform="p", market="m", platform_shop_id="1",
                adapter="a", zone="UTC", pack="generic", profile="generic", posture="draft_only", settings={},
                created_at=NOW,
            )
        )  # fmt: skip
        session.add(
            PersonRow(
                merchant=merchant, id=person, login=slug, name=slug, role="agent", language="en", password_hash="x",
                active=True, created_at=NOW,
            )
        )  # fmt: skip
        await session.flush()
        for name, expires in (("old", old), ("new", new)):
            days = timedelta(days=8 if name == "old" else 6)
            session.add(SpanRow(merchant=merchant, trace="t", name=name, at=NOW - days, seconds=1.0, detail={}))
            secret = f"{name}-{merchant}"
            session.add(
                SessionRow(
                    merchant=merchant, person=person, secret_hash=secret, csrf="c", created_at=NOW, seen_at=NOW,
                    expires_at=expires,
                )
            )  # fmt: skip
            session.add(DirectoryRow(kind="session", key=secret, merchant=merchant))
            session.add(
                DeadLetterRow(
                    merchant=merchant, shop=shop, adapter="a", delivery=name, error="e", sealed=b"", at=NOW,
                    expires_at=expires,
                )
            )  # fmt: skip
        for name, expires in (("old", old), ("new", new), ("kept", None)):
            session.add(
                OrderRow(
                    merchant=merchant, shop=shop, platform_order_id=name, body={}, fetched_at=NOW, expires_at=expires
                )
            )
    return merchant
