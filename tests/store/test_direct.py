"""Statements that go straight to the driver: the same transaction, the same merchant, the same errors."""

import asyncio
import contextlib

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from copilot.store import events
from copilot.store.direct import Direct, Look, among, driver_of
from copilot.store.engine import Store
from copilot.store.tables import EventRow, MerchantRow, ShopRow, table_of
from tests.store.conftest import NOW, Seed

_SLUGS = Direct(select(ShopRow.slug).where(among(ShopRow.id, "shops")))
_MERCHANT = Direct(insert(table_of(MerchantRow)), ["id", "slug", "name", "created_at"])
_SLUG = Look("SELECT slug FROM shops WHERE id =")
_SLEEP = Direct(text("SELECT pg_sleep(:seconds)"))


async def test_it_sees_the_rows_of_its_merchant_alone(store: Store, ours: Seed, theirs: Seed) -> None:
    wanted = {"shops": [ours.shop, theirs.shop]}
    async with store.direct(ours.merchant) as transaction:
        assert len(await _SLUGS.all(transaction, wanted)) == 1
    async with store.merchant(theirs.merchant) as session:
        assert len(await _SLUGS.all(session, wanted)) == 1
    async with store.system() as session:
        assert await _SLUGS.first(session, wanted) is None


async def test_a_glance_sees_its_merchant_alone_and_leaves_a_clean_connection(
    store: Store, ours: Seed, theirs: Seed
) -> None:
    seen = [await store.glance(one.merchant, _SLUG, ours.shop) for one in (ours, theirs, ours)]
    assert seen[0] is not None
    assert seen == [seen[0], None, seen[0]]
    for _ in range(2 * 6):
        with pytest.raises(DBAPIError):
            await store.glance(ours.merchant, Look("SELECT 1 / 0 FROM shops WHERE id ="), ours.shop)
    async with store.system() as session:
        assert (await session.scalars(select(ShopRow.slug))).all() == [], "the merchant ended with the glance"
    with pytest.raises(ValueError, match="badly formed"):
        _SLUG.written("x'; DROP TABLE shops; --")  # type: ignore[arg-type]


async def test_what_it_writes_lives_and_dies_with_the_transaction(store: Store, ours: Seed) -> None:
    async def told(topic: str) -> int:
        async with store.merchant(ours.merchant) as session:
            return len((await session.scalars(select(EventRow).where(EventRow.topic == topic))).all())

    for opened in (store.direct, store.merchant):
        with contextlib.suppress(ZeroDivisionError):
            async with opened(ours.merchant) as transaction:
                await events.append(transaction, merchant=ours.merchant, topic="gone", ref="r", at=NOW)
                raise ZeroDivisionError
        async with opened(ours.merchant) as transaction:
            await events.append(transaction, merchant=ours.merchant, topic="kept", ref="r", at=NOW)
    assert (await told("gone"), await told("kept")) == (0, 2)


async def test_it_fails_like_the_session_and_says_no_value(store: Store, ours: Seed) -> None:
    row = {"id": ours.merchant, "slug": "a-secret-13812345678", "name": "x", "created_at": NOW}
    for opened in (store.direct, store.merchant):
        with pytest.raises(DBAPIError) as failed:
            async with opened(ours.merchant) as transaction:
                await _MERCHANT.run(transaction, row)
        assert "13812345678" not in str(failed.value).partition("DETAIL")[0]


async def test_a_transaction_that_ran_out_of_time_leaves_a_clean_connection(store: Store, ours: Seed) -> None:
    for _ in range(2 * 6):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.02), store.direct(ours.merchant) as transaction:
                await _SLEEP.run(transaction, {"seconds": 5})
    async with store.direct(ours.merchant) as transaction:
        assert await _SLUGS.first(transaction, {"shops": [ours.shop]}) is not None


async def test_a_connection_that_comes_back_after_the_end_is_closed(database_url: str, ours: Seed) -> None:
    store = await Store.open(database_url)
    async with store.merchant(ours.merchant) as session:
        held = await driver_of(session)
        await store.close()
        assert not held.closed, "whoever works with it may end"
    assert held.closed, "nobody else would ever close it"
