"""An empty database for each run of the demonstration, on a server that stays warm between runs."""

import uuid
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from copilot.flow.checkpoints import HOOKS
from copilot.store.embedded import EmbeddedPostgres
from copilot.store.upgrade import upgrade

_PREFIX = "demo_"


@asynccontextmanager
async def empty_database(data_dir: Path) -> AsyncGenerator[str]:
    """The address of a migrated, empty database; it is removed at the end, and so are those of runs that were killed.

    Raises:
        DatabaseUnavailable: the embedded server cannot run here.
    """
    with EmbeddedPostgres.start(data_dir) as server:
        name = f"{_PREFIX}{uuid.uuid4().hex[:12]}"
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            _remove_unused(connection)
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        url = server.url(name)
        try:
            await upgrade(url, HOOKS)
            yield url
        finally:
            with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
                connection.execute(_dropping(name))


def _remove_unused(connection: psycopg.Connection) -> None:
    """Another demonstration may be running: only what nobody is connected to goes."""
    unused = connection.execute(
        "SELECT datname FROM pg_database d WHERE datname LIKE %s"
        " AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datname = d.datname)",
        (f"{_PREFIX}%",),
    ).fetchall()
    for (name,) in unused:
        connection.execute(_dropping(name))


def _dropping(name: str) -> sql.Composed:
    return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
