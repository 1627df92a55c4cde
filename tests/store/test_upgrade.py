"""The schema: what the migrations build is what the tables say, by anybody, at any time, any number of times."""

import asyncio
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.pool import NullPool

from copilot.domain.errors import DatabaseUnavailable, SchemaBehind
from copilot.store import gentle, queue_schema
from copilot.store.connect import Connection
from copilot.store.engine import Store
from copilot.store.schema import Part, UpgradeHook, schema_state
from copilot.store.tables import Base
from copilot.store.tables.base import Xid8
from copilot.store.upgrade import upgrade
from copilot.store.url import DatabaseUrl


def test_the_migrations_build_exactly_the_tables(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PGDialect.ischema_names, "xid8", Xid8)
    options = {
        "include_schemas": True,
        "version_table_schema": "app",
        "compare_server_default": True,
        "include_name": lambda name, kind, _: kind != "schema" or name == "app",
    }
    engine = create_engine(DatabaseUrl.parse(database_url).sqlalchemy, poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


async def test_an_empty_database_is_behind_and_refused_with_the_remedy(empty_url: str) -> None:
    state = await schema_state(empty_url)
    assert state.behind
    assert {part.found for part in state.parts} == {None}
    with pytest.raises(SchemaBehind, match="run: reply-copilot db upgrade"):
        await Store.open(empty_url)


async def test_four_upgrades_at_once_apply_everything_once(empty_url: str) -> None:
    ran: list[str] = []

    async def create(connection: Connection) -> None:
        ran.append("hook")
        # What the checkpoints' own set-up does; it waits for every other transaction of the database.
        await connection.execute("CREATE TABLE checkpoints (id int)")
        await connection.execute("CREATE INDEX CONCURRENTLY checkpoints_id ON checkpoints (id)")

    hook = UpgradeHook("flow", "0001", create)
    states = await asyncio.gather(*(upgrade(empty_url, [hook]) for _ in range(4)))
    assert ran == ["hook"]
    assert not any(state.behind for state in states)
    with psycopg.connect(empty_url) as connection:
        owners = connection.execute(
            "SELECT DISTINCT nspname, pg_get_userbyid(relowner) FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname IN ('app', 'jobs', 'flow')"
        ).fetchall()
        allowed = connection.execute(
            "SELECT has_table_privilege('copilot_app', 'flow.checkpoints', 'INSERT')"
        ).fetchone()
    assert sorted(owners) == [("app", "copilot_owner"), ("flow", "copilot_owner"), ("jobs", "copilot_owner")]
    assert allowed == (True,)
    await (await Store.open(empty_url, hooks=[hook])).close()


async def test_an_interrupted_upgrade_is_finished_by_the_next_one(empty_url: str) -> None:
    async def fails(_: Connection) -> None:
        raise ConnectionError

    async def works(_: Connection) -> None:
        pass

    with pytest.raises(ConnectionError):
        await upgrade(empty_url, [UpgradeHook("flow", "0001", fails)])
    # As if the process had died between a part and its record.
    with psycopg.connect(empty_url) as connection:
        connection.execute("DELETE FROM app.versions WHERE part = 'jobs'")
    state = await upgrade(empty_url, [UpgradeHook("flow", "0001", works)])
    assert not state.behind


async def test_a_newer_schema_serves_an_older_program(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE app.versions SET version = '9999' WHERE part = 'app'")
    await (await Store.open(database_url)).close()
    assert (await upgrade(database_url)).parts[0] == Part("app", "0027", "9999")


def test_only_migrations_after_the_recorded_one_are_pending() -> None:
    everything = queue_schema.pending("")
    assert everything == sorted(everything)
    assert queue_schema.pending(queue_schema.newest()) == []
    assert queue_schema.pending(everything[-3]) == everything[-2:]


async def test_a_login_that_may_not_create_roles_is_told_the_statements(postgres_login: str) -> None:
    with pytest.raises(DatabaseUnavailable) as caught:
        await upgrade(postgres_login)
    said = str(caught.value)
    assert "\n" not in said
    assert 'GRANT "copilot_owner" TO "plain_login" WITH INHERIT FALSE, SET TRUE;' in said
    assert 'GRANT "copilot_app" TO "plain_login" WITH INHERIT FALSE, SET TRUE;' in said
    assert "GRANT CREATE ON DATABASE" in said


async def test_after_those_statements_the_plain_login_upgrades_and_works(postgres_login: str, empty_url: str) -> None:
    with pytest.raises(DatabaseUnavailable) as caught:
        await upgrade(postgres_login)
    statements = str(caught.value).split("administrator run: ")[1]
    with psycopg.connect(empty_url, autocommit=True) as superuser:
        superuser.execute(statements.encode())
    await upgrade(postgres_login)
    async with await Store.open(postgres_login) as store, store.system() as session:
        role = (await (await session.connection()).exec_driver_sql("SELECT current_user, session_user")).one()
        assert tuple(role) == ("copilot_app", "plain_login")


@pytest.mark.parametrize(
    "address",
    ["postgresql://u:s3cret@127.0.0.1:1/x", "postgresql://u:s3cret@[::1]:1/x", "mysql://u:s3cret@h/x", "s3cret"],
)
async def test_an_unreachable_database_is_one_line_without_the_password(address: str) -> None:
    with pytest.raises(DatabaseUnavailable) as caught:
        await Store.open(address)
    assert "s3cret" not in repr(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_address_never_shows_its_password() -> None:
    url = DatabaseUrl.parse("postgresql://u:s3cret@h/x")
    assert "s3cret" not in f"{url} {url!r}"
    assert "s3cret" in url.conninfo


def _locked_out(database_url: str, table: str) -> psycopg.Connection[tuple[object, ...]]:
    """Somebody whose transaction on the table does not end."""
    holder: psycopg.Connection[tuple[object, ...]] = psycopg.connect(database_url)
    holder.execute(f"LOCK TABLE app.{table} IN ACCESS SHARE MODE".encode())
    return holder


def test_a_step_gives_up_its_place_and_is_tried_again(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    step = "ALTER TABLE app.sights ADD COLUMN IF NOT EXISTS probe text"
    holder = _locked_out(database_url, "sights")
    waits: list[float] = []

    def pause(seconds: float) -> None:
        waits.append(seconds)
        # Between two tries others use the table, which a statement in line for its lock would keep from them.
        with psycopg.connect(database_url) as other:
            other.execute("SELECT count(*) FROM app.sights")
        if len(waits) == 2:
            holder.close()

    monkeypatch.setattr(gentle.time, "sleep", pause)
    with psycopg.connect(database_url, autocommit=True) as driver:
        gentle.take_step(driver, step, wait="20ms")
        assert len(waits) == 2
        driver.execute("ALTER TABLE app.sights DROP COLUMN probe")


def test_a_table_that_stays_locked_ends_the_upgrade_with_a_word(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gentle.time, "sleep", lambda _: None)
    step = "ALTER TABLE app.sights ADD COLUMN IF NOT EXISTS probe text"
    with _locked_out(database_url, "sights"), psycopg.connect(database_url, autocommit=True) as driver:
        with pytest.raises(DatabaseUnavailable, match="reply-copilot db upgrade"):
            gentle.take_step(driver, step, tries=2, wait="20ms")


def test_half_an_index_is_built_anew_and_every_step_bears_being_run_again(database_url: str) -> None:
    name = "drafts_merchant_shop_created_at_idx"
    with psycopg.connect(database_url, autocommit=True) as driver:
        driver.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass(%s)", (f"app.{name}",))
        for file in ("0019_figures.sql", "0021_outcomes.sql"):
            steps = (Path(gentle.__file__).parent / "migrations/versions" / file).read_text(encoding="utf-8")
            for step in steps.split(gentle.STEP)[1:]:
                gentle.take_step(driver, step)
        valid = driver.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", (f"app.{name}",))
        assert valid.fetchone() == (True,)
