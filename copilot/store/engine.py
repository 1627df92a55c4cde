"""The one way to the tables: a pool whose connections act as ``copilot_app``, and a merchant for each transaction.

It refuses to work with a role that row-level security does not bind, and with a schema that is behind.
"""

import time
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

import psycopg
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import event, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, PoolProxiedConnection

from copilot.domain.errors import DatabaseUnavailable
from copilot.metrics import observe_pool_wait
from copilot.settings import Settings
from copilot.store.connect import APP_PATH, APP_ROLE, unreachable
from copilot.store.embedded import EmbeddedPostgres
from copilot.store.schema import UpgradeHook, schema_state
from copilot.store.upgrade import upgrade
from copilot.store.url import DatabaseUrl

APP_POOL = 6
JOBS_POOL = 4
SAVER_POOL = 2
"""Connections of each pool of a process; with one that listens a process stays at 13."""

# A writing transaction that stays open holds up everybody's events.
TRANSACTION_SECONDS = 10
_MERCHANT = "merchant"
_RESTING_SINCE = "resting_since"
# A connection that was in use a moment ago is not asked first whether it is still there: for a small transaction that
# is a fifth of the work, and one that breaks now would break in its middle as well.
_TRUSTED_SECONDS = 1.0


class Store:
    """The database of one process. Open it once, pass it on, close it at the end."""

    def __init__(self, engine: AsyncEngine, url: DatabaseUrl, listen_url: DatabaseUrl, server: EmbeddedPostgres | None):
        """Use ``open``; this only keeps the parts together."""
        self.engine = engine
        self.url = url
        self.listen_url = listen_url
        self._server = server

    @classmethod
    async def open(cls, source: Settings | str | DatabaseUrl, *, hooks: Sequence[UpgradeHook] = ()) -> Self:
        """Connect, and check that the schema and the role are fit for work.

        With settings that name no database the embedded server is started and migrated; an external database is
        never migrated here.

        Raises:
            DatabaseUnavailable: nobody answers, or the role is too mighty.
            SchemaBehind: the external database needs ``db upgrade``.
        """
        url, listen_url, server = await resolve(source)
        try:
            if server is not None:
                await upgrade(url, hooks)
            else:
                (await schema_state(url, hooks)).require()
            engine = make_engine(url)
            try:
                await _check_role(engine, url)
            except BaseException:
                await engine.dispose()
                raise
        except BaseException:
            if server is not None:
                server.close()
            raise
        return cls(engine, url, listen_url, server)

    @asynccontextmanager
    async def merchant(self, merchant: uuid.UUID | str) -> AsyncGenerator[AsyncSession]:
        """A transaction that sees and writes rows of one merchant; it commits at the end, or rolls back on an error."""
        bound = self.engine.execution_options(**{_MERCHANT: str(uuid.UUID(str(merchant)))})
        async with AsyncSession(bound, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def system(self) -> AsyncGenerator[AsyncSession]:
        """A transaction without a merchant: directory, timers and versions; every other table looks empty."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    async def close(self) -> None:
        """Close the pool; the embedded server stops when nobody else uses it."""
        await self.engine.dispose()
        if self._server is not None:
            self._server.close()

    async def __aenter__(self) -> Self:
        """The open store."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        await self.close()


async def resolve(source: Settings | str | DatabaseUrl) -> tuple[DatabaseUrl, DatabaseUrl, EmbeddedPostgres | None]:
    """The address to work with, the one to listen at, and the lease on the embedded server when it is ours."""
    if isinstance(source, DatabaseUrl):
        return source, source, None
    if isinstance(source, str):
        url = DatabaseUrl.parse(source)
        return url, url, None
    if source.database_url is None:
        # Blocking: about a second the first time. Nothing else runs before the database is there.
        server = EmbeddedPostgres.start(source.data_dir)
        url = DatabaseUrl.parse(server.url())
        return url, url, server
    url = DatabaseUrl.parse(source.database_url.get_secret_value())
    direct = source.database_direct_url
    return url, DatabaseUrl.parse(direct.get_secret_value()) if direct else url, None


class _TimedPool(AsyncAdaptedQueuePool):
    """Counts how long work waits for a connection: a pool that is too small shows nowhere else."""

    def connect(self) -> PoolProxiedConnection:
        """A connection from the pool."""
        started = time.perf_counter()
        connection = super().connect()
        observe_pool_wait(time.perf_counter() - started)
        return connection


def make_engine(url: DatabaseUrl, pool_size: int = APP_POOL) -> AsyncEngine:
    """A pool whose connections act as the application's role and name the merchant where a transaction begins."""
    engine = create_async_engine(
        url.sqlalchemy,
        poolclass=_TimedPool,
        pool_size=pool_size,
        max_overflow=0,
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _act_as_app(connection: Any, _record: object) -> None:
        # Outside a transaction: a SET inside one would be undone by the first rollback.
        connection.autocommit = True
        cursor = connection.cursor()
        for statement in session_setup(connection.driver_connection.info.server_version):
            cursor.execute(statement)
        cursor.close()
        connection.autocommit = False

    @event.listens_for(engine.sync_engine, "checkin")
    def _note_rest(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_RESTING_SINCE] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def _ping_after_rest(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        since = record.info.get(_RESTING_SINCE)
        if since is not None and time.monotonic() - since > _TRUSTED_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except psycopg.Error as error:
                raise InvalidatePoolError from error

    @event.listens_for(engine.sync_engine, "begin")
    def _name_merchant(connection: SyncConnection) -> None:
        # The only place that sets it. The setting ends with the transaction, so the pool hands on clean connections.
        merchant = connection.get_execution_options().get(_MERCHANT)
        if merchant is not None:
            connection.exec_driver_sql("SELECT set_config('app.merchant', %s, true)", (merchant,))

    return engine


def session_setup(server_version: int) -> tuple[str, ...]:
    """What every pooled connection says first; ``server_version`` as libpq counts (180004)."""
    limit = "transaction_timeout" if server_version >= 170000 else "idle_in_transaction_session_timeout"
    return (f"SET ROLE {APP_ROLE}", f"SET search_path = {APP_PATH}", f"SET {limit} = '{TRANSACTION_SECONDS}s'")


_TOO_MIGHTY = text(
    "SELECT rolsuper OR rolbypassrls OR EXISTS ("
    " SELECT FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
    " WHERE n.nspname = 'app' AND relkind = 'r' AND pg_has_role(current_user, relowner, 'USAGE'))"
    " FROM pg_roles WHERE rolname = current_user"
)


async def _check_role(engine: AsyncEngine, url: DatabaseUrl) -> None:
    try:
        async with engine.connect() as connection:
            mighty = (await connection.execute(_TOO_MIGHTY)).scalar_one()
    except DBAPIError as error:
        raise unreachable(url, error.orig or error) from None
    if mighty:
        raise DatabaseUnavailable(
            f"the role {APP_ROLE} is a superuser, may bypass row-level security, or owns the tables",
            remedy=f"take that away from it: ALTER ROLE {APP_ROLE} NOSUPERUSER NOBYPASSRLS, and give the tables to "
            "copilot_owner",
        )
