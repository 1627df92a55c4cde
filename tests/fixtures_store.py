"""Fixtures with a real PostgreSQL: one server a session in a folder of its own, a migrated template, a database a test.

Loaded as a plugin by ``tests/conftest.py``; nothing here touches the data of the person who runs the tests.
"""

import asyncio
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import LRUCache

from copilot.flow.checkpoints import CHECKPOINTS
from copilot.store.embedded import EmbeddedPostgres
from copilot.store.engine import Store
from copilot.store.schema import UpgradeHook
from copilot.store.upgrade import upgrade

NOW = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)
TEMPLATE = "template_migrated"
_MEMORY = 4 << 30
_STATEMENTS = 5000


@dataclass(frozen=True)
class Postgres:
    """The session's server; ``log`` is the server's own log file."""

    server: EmbeddedPostgres
    log: Path

    def create(self, name: str, template: str = "template0") -> str:
        """A new database; returns its address."""
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        return self.server.url(name)

    def drop(self, name: str) -> None:
        """Remove a database, whoever is still connected."""
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.server.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def data_folder() -> Iterator[Path]:
    """A folder that the server's user may enter, also when root runs the tests (pytest's own folders are 0700)."""
    folder = Path(tempfile.mkdtemp(prefix="rc-", dir=_roomy()))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _roomy() -> str:
    """Memory where there is plenty: a database a test is 350 files, and a disk takes 0.2 s of a core to make them."""
    memory = Path("/dev/shm")
    if os.access(memory, os.W_OK | os.X_OK) and shutil.disk_usage(memory).free >= _MEMORY:
        return str(memory)
    return "/tmp"


@pytest.fixture(scope="session")
def upgrade_hooks() -> tuple[UpgradeHook, ...]:
    """What else the template is migrated with, besides our tables and the queue's."""
    return (CHECKPOINTS,)


@pytest.fixture(scope="session")
def postgres(data_folder: Path, upgrade_hooks: tuple[UpgradeHook, ...]) -> Iterator[Postgres]:
    """A server of our own (PostgreSQL 18, or the major in COPILOT_TEST_POSTGRES) with a migrated template database."""
    major = int(os.environ.get("COPILOT_TEST_POSTGRES", "18"))
    with EmbeddedPostgres.start(data_folder, major=major) as server:
        found = Postgres(server, server.log)
        # A new database a test means thousands of small files; nothing here has to survive a power cut.
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        asyncio.run(_migrate(found.create(TEMPLATE), upgrade_hooks))
        with pytest.MonkeyPatch.context() as patch:
            asyncio.run(_share_statements(found.create("first", TEMPLATE), patch))
            yield found


async def _migrate(url: str, hooks: tuple[UpgradeHook, ...]) -> None:
    await upgrade(url, hooks)


async def _share_statements(url: str, patch: pytest.MonkeyPatch) -> None:
    """From now on an engine knows the statements that others put together: a test has a new one, a server only one.

    (Putting them together anew took a sixth of the time of a test of the page.)
    """
    async with await Store.open(url) as store:
        first = store.engine.sync_engine
    first._compiled_cache = LRUCache(_STATEMENTS)  # pyright: ignore[reportPrivateUsage]

    def alike(*arguments: Any, **settings: Any) -> AsyncEngine:
        engine = create_async_engine(*arguments, **settings)
        engine.sync_engine.dialect = first.dialect
        engine.sync_engine._compiled_cache = first._compiled_cache  # pyright: ignore[reportPrivateUsage]
        return engine

    patch.setattr("copilot.store.engine.create_async_engine", alike)


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    """The address of a fresh, migrated database."""
    name = f"test_{uuid.uuid4().hex}"
    yield postgres.create(name, TEMPLATE)
    postgres.drop(name)


@pytest.fixture
def empty_url(postgres: Postgres) -> Iterator[str]:
    """The address of a fresh database that nobody has migrated."""
    name = f"test_{uuid.uuid4().hex}"
    yield postgres.create(name)
    postgres.drop(name)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Store]:
    """An open store on a fresh database."""
    async with await Store.open(database_url) as opened:
        yield opened
