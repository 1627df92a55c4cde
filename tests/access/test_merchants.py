"""Merchants and shops: found before a session can be theirs, updated in place, kept apart."""

import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from copilot.access import audit, credentials
from copilot.access.merchants import add_merchant, add_shop, merchant_id, merchants, the_merchant
from copilot.access.shops import change_settings, shops
from copilot.access.vault import Vault
from copilot.domain.clock import FrozenClock
from copilot.domain.errors import BadInput
from copilot.store.engine import Store
from copilot.store.tables import AuditRow, DirectoryRow, EventRow, ShopRow
from tests.access.conftest import SECRET, SampleSettings, Two, new_shop, settings


async def test_a_merchant_is_found_by_its_slug(store: Store, clock: FrozenClock, two: Two) -> None:
    assert await merchant_id(store, "a") == two.a
    assert await merchant_id(store, "c") is None
    assert [found.slug for found in await merchants(store)] == ["a", "b"]


async def test_the_only_merchant_needs_no_name(store: Store, clock: FrozenClock) -> None:
    with pytest.raises(BadInput, match="merchant add"):
        await the_merchant(store, None)
    only = await add_merchant(store, "only", "Only", clock)
    assert (await the_merchant(store, None)).id == only
    await add_merchant(store, "second", "Second", clock)
    with pytest.raises(BadInput, match=r"--merchant \(only, second\)"):
        await the_merchant(store, None)
    with pytest.raises(BadInput, match="there is no merchant third; known: only, second"):
        await the_merchant(store, "third")


@pytest.mark.parametrize("slug", ["", "-a", "a-", "A", "../x", "a b", "a/b", "茶", "x" * 64])
async def test_a_slug_never_leaves_its_folder(store: Store, clock: FrozenClock, slug: str) -> None:
    with pytest.raises(BadInput):
        await add_merchant(store, slug, "X", clock)


async def test_a_slug_is_taken_once(store: Store, clock: FrozenClock, two: Two) -> None:
    with pytest.raises(BadInput, match="there is a merchant a already"):
        await add_merchant(store, "a", "Again", clock)


async def _directory(store: Store, kind: str) -> dict[str, uuid.UUID | None]:
    async with store.system() as session:
        rows = await session.scalars(select(DirectoryRow).where(DirectoryRow.kind == kind))
        return {row.key: row.shop for row in rows}


async def test_deliveries_find_the_shop_and_its_app(store: Store, two: Two) -> None:
    assert await _directory(store, "shop") == {"sample:7001": two.shop_a, "sample:7002": two.shop_b}
    # Both shops are of one app; any one of them will do.
    assert await _directory(store, "app") == {"sample:app-1": two.shop_a}


async def test_the_same_shop_again_is_brought_up_to_date(
    store: Store, vault: Vault, clock: FrozenClock, two: Two
) -> None:
    again = new_shop(slug="mugs", name="Mugs", settings=settings("app-2", "fresh"), zone="Asia/Urumqi")
    assert await add_shop(store, vault, two.a, again, clock) == two.shop_a
    (row,) = await shops(store, two.a)
    assert (row.slug, row.name, row.zone) == ("mugs", "Mugs", "Asia/Urumqi")
    assert await _directory(store, "app") == {"sample:app-2": two.shop_a}
    async with store.merchant(two.a) as session:
        stored = await credentials.read(session, vault, two.shop_a)
        topics = list(await session.scalars(select(EventRow.topic).where(EventRow.ref == str(two.shop_a))))
    assert stored is not None
    assert stored.values["app_secret"] == "fresh"
    assert topics == ["shop.changed", "shop.changed"]


async def test_a_slug_is_one_shops(store: Store, vault: Vault, clock: FrozenClock, two: Two) -> None:
    with pytest.raises(BadInput, match="there is a shop cups already"):
        await add_shop(store, vault, two.a, new_shop(platform_shop_id="7009"), clock)


async def test_a_platforms_shop_is_one_merchants(store: Store, vault: Vault, clock: FrozenClock, two: Two) -> None:
    with pytest.raises(BadInput, match="belongs to another merchant"):
        await add_shop(store, vault, two.a, new_shop(slug="stolen", platform_shop_id="7002"), clock)
    assert [row.slug for row in await shops(store, two.a)] == ["cups"]
    assert (await _directory(store, "shop"))["sample:7002"] == two.shop_b


async def test_changed_settings_are_a_new_revision_and_name_the_keys_only(
    store: Store, vault: Vault, clock: FrozenClock, two: Two
) -> None:
    def change(stored: Mapping[str, Any]) -> SampleSettings:
        return SampleSettings.model_validate({**stored, "app_secret": "canary-new"})

    revision = await change_settings(store, vault, two.a, two.shop_a, change, clock)
    assert revision == 2
    async with store.merchant(two.a) as session:
        rows = list(await session.scalars(select(AuditRow).where(AuditRow.action == "shop.changed")))
    assert [row.detail for row in rows] == [{"settings": ["app_secret"]}]


async def test_secrets_stand_nowhere_but_sealed(store: Store, two: Two) -> None:
    tables = "audit", "credentials", "directory", "events", "shops", "timers"
    async with store.merchant(two.a) as session:
        for table in tables:
            rows = await session.execute(text(f"SELECT row_to_json(t)::text FROM {table} t"))
            told = " ".join(row for (row,) in rows)
            assert SECRET not in told
            assert SECRET.encode().hex() not in told


async def test_the_audit_log_only_grows(store: Store, two: Two, database_url: str) -> None:
    for statement in ("UPDATE audit SET action = 'x'", "DELETE FROM audit", "TRUNCATE audit"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with store.merchant(two.a) as session:
                await session.execute(text(statement))


async def test_not_even_the_owner_changes_the_audit_log(two: Two, database_url: str) -> None:
    import psycopg

    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        for statement in (b"UPDATE app.audit SET action = 'x'", b"DELETE FROM app.audit", b"TRUNCATE app.audit"):
            with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
                await connection.execute(statement)
        row = await (await connection.execute("SELECT count(*) FROM app.audit")).fetchone()
    assert row is not None
    assert row[0] >= 4


async def test_what_is_undone_is_not_in_the_log(store: Store, clock: FrozenClock, two: Two) -> None:
    async def interrupted() -> None:
        async with store.merchant(two.a) as session:
            await audit.record(session, merchant=two.a, by="x", action="never.happened", at=clock.now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await interrupted()
    async with store.merchant(two.a) as session:
        actions = list(await session.scalars(select(AuditRow.action).order_by(AuditRow.at)))
    assert sorted(actions) == ["merchant.added", "shop.added"]


async def test_merchants_do_not_see_each_other(store: Store, two: Two) -> None:
    async with store.merchant(two.a) as session:
        for table in ("merchants", "shops", "credentials", "audit", "events"):
            column = "id" if table == "merchants" else "merchant"
            found = set(await session.scalars(text(f"SELECT {column} FROM {table}")))
            assert found == {two.a}, table
        assert await session.get(ShopRow, (two.b, two.shop_b)) is None
