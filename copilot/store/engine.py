"""The one way to the tables: a pool whose connections act as ``copilot_app``, and a merchant for each transaction.

It refuses to work with a role that row-level security does not bind, and with a schema that is behind.
"""

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self, cast

import psycopg
from sqlalchemy import Connection as SyncConnection
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.util.concurrency import greenlet_spawn

from copilot.metrics import observe_pool_wait
from copilot.settings import Settings
from copilot.store.connect import APP_PATH, APP_ROLE
from copilot.store.direct import Driver, Look
from copilot.store.embedded import EmbeddedPostgres
from copilot.store.roles import check_role
from copilot.store.schema import UpgradeHook, schema_state
from copilot.store.upgrade import upgrade
from copilot.store.url import DatabaseUrl

APP_POOL = 8
JOBS_POOL = 4
SAVER_POOL = 2
"""Connections of each pool of a process; with one that listens a process stays at 13."""

# A writing transaction that stays open holds up everybody's events.
TRANSACTION_SECONDS = 10
_MERCHANT = "merchant"
_MOST_MERCHANTS = 1000
_RESTING_SINCE = "resting_since"
# A connection that was in use a moment ago is not asked first whether it is still there: for a small transaction that
# is a fifth of the work, and one that breaks now would break in its middle as well.
TRUSTED_SECONDS = 1.0


class Store:
    """The database of one process. Open it once, pass it on, close it at the end."""

    def __init__(self, engine: AsyncEngine, url: DatabaseUrl, listen_url: DatabaseUrl, server: EmbeddedPostgres | None):
        """Use ``open``; this only keeps the parts together."""
        self.engine = engine
        self.url = url
        self.listen_url = listen_url
        self._server = server
        self._engines: dict[str, AsyncEngine] = {}

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
                await check_role(engine, url)
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
        async with AsyncSession(self._bound(merchant), expire_on_commit=False) as session, session.begin():
            yield session

    def _bound(self, merchant: uuid.UUID | str) -> AsyncEngine:
        """The engine whose transactions are the merchant's; kept, because making one takes as long as a statement."""
        name = str(uuid.UUID(str(merchant)))
        found = self._engines.get(name)
        if found is None:
            if len(self._engines) >= _MOST_MERCHANTS:
                self._engines.clear()
            found = self._engines[name] = self.engine.execution_options(**{_MERCHANT: name})
        return found

    @asynccontextmanager
    async def direct(self, merchant: uuid.UUID | str) -> AsyncGenerator[Driver]:
        """Like ``merchant``, for nothing but statements of ``store/direct.py``: without a session around them.

        Raises:
            DBAPIError: the transaction cannot be begun or ended.
        """
        async with self._lent() as connection:
            await connection.execute(_naming(str(merchant)).encode(), prepare=False)
            yield connection
            await connection.commit()

    @asynccontextmanager
    async def hurried(self, merchant: uuid.UUID | str, patience: float) -> AsyncGenerator[Driver]:
        """Like ``direct``, but statements are sent together with those behind them, until somebody wants to see rows.

        That a statement failed shows with the next rows, or at the end of the transaction. One fails that waits for
        another transaction's lock for more than ``patience`` seconds.

        Raises:
            DBAPIError: a statement failed, or the transaction cannot be begun or ended.
        """
        async with self._lent() as connection, connection.pipeline():
            await connection.execute(b"BEGIN")
            named = str(uuid.UUID(str(merchant)))
            await connection.execute(_NAMING, (named, f"{round(patience * 1000)}ms"))
            yield connection
            await connection.execute(b"COMMIT")

    async def glance(self, merchant: uuid.UUID | str, look: Look, at: uuid.UUID) -> tuple[Any, ...] | None:
        """The row of ``merchant`` that ``look`` finds ``at`` an id: a transaction of its own, sent as one message.

        For what every delivery reads: beginning and ending a transaction costs twice what reading one row does.

        Raises:
            DBAPIError: it cannot be read.
        """
        async with self._lent() as connection:
            told = f"{_naming(str(merchant))}; {look.written(at)}; COMMIT"
            cursor = await connection.execute(told.encode(), prepare=False)
            # BEGIN and the merchant's name answer as well.
            cursor.nextset()
            cursor.nextset()
            return await cursor.fetchone()

    @asynccontextmanager
    async def _lent(self) -> AsyncGenerator[Driver]:
        """A connection of the pool for statements that the engine does not see."""
        pooled = await self.engine.raw_connection()
        try:
            yield cast(Driver, pooled.driver_connection)
        except BaseException as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            if isinstance(cause, psycopg.Error):
                await greenlet_spawn(cast(_TimedPool, self.engine.pool).doubt, pooled, cause)
            # Rolls back, also when whoever waits has no time left.
            await asyncio.shield(greenlet_spawn(pooled.close))
            if isinstance(error, psycopg.Error):
                raise DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True) from error
            raise
        await greenlet_spawn(pooled.close)

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

    _ended = False

    def dispose(self) -> None:
        """Close what rests here, and what comes back from work that outlives the store."""
        self._ended = True
        super().dispose()

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        if self._ended:
            # Nobody takes it from here again, and nobody else would ever close it.
            record.close()
        else:
            super()._do_return_conn(record)

    def connect(self) -> PoolProxiedConnection:
        """A connection from the pool."""
        started = time.perf_counter()
        connection = super().connect()
        observe_pool_wait(time.perf_counter() - started)
        return connection

    def doubt(self, connection: PoolProxiedConnection, error: psycopg.Error) -> None:
        """After ``connection`` was lost: nor are the others used again that are as old, as after a statement's failure.

        (What is sent past the engine is not seen by it.)
        """
        if connection.driver_connection is not None and connection.driver_connection.closed:
            self._invalidate(connection, error)


def make_engine(url: DatabaseUrl, pool_size: int = APP_POOL) -> AsyncEngine:
    """A pool whose connections act as the application's role and name the merchant where a transaction begins."""
    engine = create_async_engine(
        url.sqlalchemy,
        poolclass=_TimedPool,
        pool_size=pool_size,
        # What was used last knows the statements already, and is not asked first whether it is still there.
        pool_use_lifo=True,
        max_overflow=0,
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _act_as_app(connection: Any, _record: object) -> None:
        # For good: the driver would send its own BEGIN ahead of the first statement, which is one way more for every
        # transaction than telling both at once below. It still knows where a transaction stands, and ends it.
        connection.autocommit = True
        cursor = connection.cursor()
        for statement in session_setup(connection.driver_connection.info.server_version):
            cursor.execute(statement)
        cursor.close()

    @event.listens_for(engine.sync_engine, "checkin")
    def _note_rest(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info[_RESTING_SINCE] = time.monotonic()

    @event.listens_for(engine.sync_engine, "checkout")
    def _ping_after_rest(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        since = record.info.get(_RESTING_SINCE)
        if since is not None and time.monotonic() - since > TRUSTED_SECONDS:
            try:
                engine.dialect.do_ping(connection)
            except psycopg.Error as error:
                raise InvalidatePoolError from error

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: SyncConnection) -> None:
        merchant = connection.get_execution_options().get(_MERCHANT)
        # By the driver's own cursor: the way of other statements costs as much again as a small transaction.
        cursor = connection.connection.cursor()
        try:
            cursor.execute("BEGIN" if merchant is None else _naming(merchant))
        except psycopg.Error as error:
            cast(_TimedPool, engine.pool).doubt(connection.connection, error)
            raise DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True) from error
        finally:
            cursor.close()

    return engine


# The only places that set whose a transaction is.
_NAMING = b"SELECT set_config('app.merchant', %s, true), set_config('lock_timeout', %s, true)"


def _naming(merchant: str) -> str:
    """Begins a transaction of ``merchant``, a UUID.

    The setting ends with the transaction, so the pool hands on clean connections.
    """
    return f"BEGIN; SELECT set_config('app.merchant', '{uuid.UUID(merchant)}', true)"


def session_setup(server_version: int) -> tuple[str, ...]:
    """What every pooled connection says first; ``server_version`` as libpq counts (180004)."""
    limit = "transaction_timeout" if server_version >= 170000 else "idle_in_transaction_session_timeout"
    return (f"SET ROLE {APP_ROLE}", f"SET search_path = {APP_PATH}", f"SET {limit} = '{TRANSACTION_SECONDS}s'")


UNHURRIED = "SET synchronous_commit = off"
"""What connections say whose commits nobody relies on before a later one that does: what the queue notes of a job's
progress (a job that is taken up again is borne), and checkpoints (a draft is shown by a later commit, which takes all
earlier ones with it; one without its checkpoint is drafted again). Jobs are put in by other connections, and so is all
that anybody is told is done: a delivery taken, a decision, a reply queued or sent, a promise owed."""
