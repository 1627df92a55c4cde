"""Merchants are kept apart by the database itself: no query here filters by merchant."""

import contextlib

import psycopg
import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from copilot.domain.errors import DatabaseUnavailable
from copilot.store.engine import Store
from copilot.store.tables import Base, ConversationRow, DirectoryRow, MessageRow, ShopRow, TimerRow
from tests.fixtures_store import NOW
from tests.store.conftest import Seed


async def test_each_merchant_sees_only_its_rows(store: Store, ours: Seed, theirs: Seed) -> None:
    for seen, hidden in ((ours, theirs), (theirs, ours)):
        async with store.merchant(seen.merchant) as session:
            found = (await session.execute(select(ShopRow.merchant))).scalars().all()
            changed = await session.execute(
                update(ConversationRow).values(language="zh").returning(ConversationRow.merchant)
            )
            assert found == [seen.merchant]
            assert set(changed.scalars()) == {seen.merchant}
            assert hidden.merchant not in found


async def test_without_a_merchant_nothing_is_seen_and_nothing_fails(store: Store, ours: Seed) -> None:
    # The connection was used with a merchant before: its setting now reads '' instead of NULL.
    for _ in range(3):
        async with store.system() as session:
            for table in Base.metadata.sorted_tables:
                count = (await session.execute(select(func.count()).select_from(table))).scalar_one()
                assert table.name == "versions" or count == 0, table.name
        async with store.merchant(ours.merchant) as session:
            assert (await session.execute(select(func.count()).select_from(ShopRow))).scalar_one() == 1


async def test_every_table_of_a_merchant_is_under_row_level_security(store: Store) -> None:
    free = {"directory", "login_attempts", "timers", "versions"}
    async with store.system() as session:
        rows = await session.execute(
            text(
                "SELECT relname, relrowsecurity, (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid"
                " AND polqual IS NOT NULL AND polwithcheck IS NOT NULL)"
                " FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname = 'app' AND relkind = 'r'"
            )
        )
        secured = {name: (enabled, policies) for name, enabled, policies in rows}
    expected = {table.name for table in Base.metadata.sorted_tables} - free
    assert {name for name, found in secured.items() if found == (True, 1)} == expected
    assert {name for name, found in secured.items() if found == (False, 0)} == free | {"alembic_version"}


async def test_a_row_for_another_merchant_is_refused(store: Store, ours: Seed, theirs: Seed) -> None:
    with pytest.raises(ProgrammingError, match="row-level security"):
        async with store.merchant(ours.merchant) as session:
            session.add(message(theirs))


async def test_a_reference_to_another_merchants_row_is_refused(store: Store, ours: Seed, theirs: Seed) -> None:
    with pytest.raises(IntegrityError) as caught:
        async with store.merchant(ours.merchant) as session:
            session.add(message(Seed(ours.merchant, ours.shop, theirs.conversation)))
    assert "messages_merchant_conversation_fkey" in str(caught.value)


async def test_the_same_platform_message_is_stored_once(store: Store, ours: Seed) -> None:
    async with store.merchant(ours.merchant) as session:
        session.add(message(ours))
    with pytest.raises(IntegrityError, match="messages_merchant_conversation_platform_message_id_key"):
        async with store.merchant(ours.merchant) as session:
            session.add(message(ours))


async def test_directory_and_timers_are_readable_without_a_merchant(store: Store, ours: Seed) -> None:
    async with store.system() as session:
        session.add(DirectoryRow(kind="shop", key="douyin:ours", merchant=ours.merchant, shop=ours.shop))
        session.add(TimerRow(kind="draft.deadline", ref="x", due_at=NOW, merchant=ours.merchant))
    async with store.system() as session:
        assert (await session.execute(select(DirectoryRow.merchant))).scalar_one() == ours.merchant
        assert (await session.execute(select(TimerRow.merchant))).scalar_one() == ours.merchant


async def test_the_merchant_must_be_a_uuid(store: Store) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        async with store.merchant("' OR true --"):
            pass


async def test_a_failed_block_rolls_back(store: Store, ours: Seed) -> None:
    with contextlib.suppress(RuntimeError):
        async with store.merchant(ours.merchant) as session:
            session.add(message(ours))
            await session.flush()
            raise RuntimeError
    async with store.merchant(ours.merchant) as session:
        assert (await session.execute(select(func.count()).select_from(MessageRow))).scalar_one() == 0


@pytest.mark.parametrize(
    "grant",
    [
        "GRANT copilot_owner TO copilot_app WITH INHERIT TRUE",
        "ALTER ROLE copilot_app BYPASSRLS",
        "ALTER ROLE copilot_app SUPERUSER",
    ],
)
async def test_a_role_that_the_policies_do_not_bind_is_refused(database_url: str, grant: str) -> None:
    undo = {"GRANT": "REVOKE copilot_owner FROM copilot_app"}.get(
        grant.split()[0], "ALTER ROLE copilot_app NOSUPERUSER NOBYPASSRLS"
    )
    with psycopg.connect(database_url, autocommit=True) as superuser:
        superuser.execute(grant.encode())
        try:
            with pytest.raises(DatabaseUnavailable, match="row-level security"):
                await Store.open(database_url)
        finally:
            superuser.execute(undo.encode())
    await (await Store.open(database_url)).close()


async def test_what_a_connection_was_told_survives_a_rollback(store: Store) -> None:
    for _ in range(2):
        with contextlib.suppress(RuntimeError):
            async with store.system() as session:
                version = int((await session.execute(text("SHOW server_version_num"))).scalar_one())
                limit = "transaction_timeout" if version >= 170000 else "idle_in_transaction_session_timeout"
                shown = [(await session.execute(text(f"SHOW {name}"))).scalar_one() for name in ("role", limit)]
                assert shown == ["copilot_app", "10s"]
                raise RuntimeError


def message(of: Seed) -> MessageRow:
    return MessageRow(
        merchant=of.merchant,
        conversation=of.conversation,
        platform_message_id="m1",
        role="buyer",
        kind="text",
        text="hi",
        received_at=NOW,
    )
