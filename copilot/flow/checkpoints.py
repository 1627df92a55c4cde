"""Where paused drafts are kept: LangGraph's checkpoints in schema ``flow``.

The tables are made by ``db upgrade`` only; a thread's id is the draft's id.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from copilot.store.engine import SAVER_POOL, Store, session_setup
from copilot.store.schema import UpgradeHook


async def _set_up(connection: AsyncConnection[Any]) -> None:
    await AsyncPostgresSaver(connection).setup()


CHECKPOINTS = UpgradeHook(name="flow", version=f"{len(AsyncPostgresSaver.MIGRATIONS):04d}", run=_set_up)
"""The part of the schema that LangGraph defines."""

HOOKS: tuple[UpgradeHook, ...] = (CHECKPOINTS,)
"""Parts of the schema that others define; `db upgrade`, `serve`, `worker` and `doctor` all go by this list."""


@asynccontextmanager
async def open_saver(store: Store) -> AsyncGenerator[AsyncPostgresSaver]:
    """A checkpointer on the store's database, acting as the application's role."""
    pool: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
        store.url.conninfo,
        min_size=0,
        max_size=SAVER_POOL,
        open=False,
        configure=_act_as_app,
        kwargs={"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row},
    )
    async with pool:
        yield AsyncPostgresSaver(pool)


async def _act_as_app(connection: AsyncConnection[DictRow]) -> None:
    for statement in session_setup(connection.info.server_version):
        await connection.execute(statement.encode())
    # The saver names its tables without a schema.
    await connection.execute(b"SET search_path = flow")
