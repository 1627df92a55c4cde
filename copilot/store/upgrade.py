"""``db upgrade``: the only place that changes the schema, under one advisory lock, safe to run twice or at once."""

import asyncio
from collections.abc import Sequence
from typing import Any

from alembic import command
from sqlalchemy import create_engine, event
from sqlalchemy.pool import NullPool

from copilot.domain.errors import DatabaseUnavailable
from copilot.store import queue_schema, roles
from copilot.store.connect import OWNER_ROLE, Connection, connected
from copilot.store.schema import SchemaState, UpgradeHook, alembic_config, schema_state
from copilot.store.url import DatabaseUrl

_LOCK = 7_305_201_611
_PATIENCE = 120.0
_TRY_EVERY = 0.1


async def upgrade(url: DatabaseUrl | str, hooks: Sequence[UpgradeHook] = ()) -> SchemaState:
    """Bring every part of the schema to what the program needs; does nothing when it is.

    Raises:
        DatabaseUnavailable: nobody answers, or the login may not create what is missing.
    """
    url = DatabaseUrl.parse(url) if isinstance(url, str) else url
    if not (state := await schema_state(url, hooks)).behind:
        return state
    async with connected(url) as connection:
        await _lock(connection)
        # Closing the connection releases the lock, also when something below fails.
        state = await schema_state(url, hooks)
        if state.behind:
            await _apply(url, connection, state, hooks)
    return await schema_state(url, hooks)


async def _lock(connection: Connection) -> None:
    # Trying again instead of waiting inside the database: a waiting statement holds a snapshot, and the checkpoints'
    # CREATE INDEX CONCURRENTLY waits for every snapshot, so both would wait for each other.
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _PATIENCE
    while True:
        row = await (await connection.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,))).fetchone()
        if row is not None and row[0] is True:
            return
        if loop.time() > deadline:
            raise DatabaseUnavailable(
                f"another upgrade of this database has been running for {_PATIENCE:.0f} s",
                remedy="wait for it or end it, then run: reply-copilot db upgrade",
            )
        await asyncio.sleep(_TRY_EVERY)


async def _apply(url: DatabaseUrl, lock: Connection, state: SchemaState, hooks: Sequence[UpgradeHook]) -> None:
    await roles.ensure(lock)
    by_name = {part.name: part for part in state.parts}
    async with connected(url, role=OWNER_ROLE, path="jobs") as owner:
        await roles.create_schemas(owner)
        await asyncio.to_thread(_migrate, url)
        await _record(owner, "app", by_name["app"].wanted)
        jobs = by_name["jobs"]
        if jobs.behind:
            await queue_schema.apply(owner, jobs.found)
            await _record(owner, "jobs", jobs.wanted)
        for hook in hooks:
            if by_name[hook.name].behind:
                async with connected(url, role=OWNER_ROLE, path="flow") as connection:
                    await hook.run(connection)
                await _record(owner, hook.name, hook.version)


def _migrate(url: DatabaseUrl) -> None:
    engine = create_engine(url.sqlalchemy, poolclass=NullPool, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _act_as_owner(connection: Any, _record: object) -> None:  # pyright: ignore[reportUnusedFunction]
        connection.autocommit = True
        connection.execute(f"SET ROLE {OWNER_ROLE}")
        # A migration that row-level security would filter must fail instead of changing nothing.
        connection.execute("SET row_security = off")
        connection.execute("SET search_path = app")
        connection.autocommit = False

    config = alembic_config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


async def _record(connection: Connection, part: str, version: str) -> None:
    await connection.execute(
        "INSERT INTO app.versions (part, version) VALUES (%s, %s)"
        " ON CONFLICT (part) DO UPDATE SET version = excluded.version WHERE versions.version < excluded.version",
        (part, version),
    )
