"""Where paused drafts are kept: LangGraph's checkpoints in schema ``flow``.

The tables are made by ``db upgrade`` only; a thread's id is the draft's id.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    CheckpointTuple,
    get_serializable_checkpoint_metadata,
)
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from copilot.store.engine import SAVER_POOL, UNHURRIED, Store, session_setup
from copilot.store.schema import UpgradeHook

EMPTY: Final = "__empty"
"""The key in a run's configuration that says that its thread holds nothing yet. (Two underscores before it: it is
not kept with the checkpoint.)"""

_PLAIN: Final = (dict, str, int, float)
"""What the graph's state is made of; everything below is JSON, which ``tests/flow`` hold."""


async def _set_up(connection: AsyncConnection[Any]) -> None:
    await AsyncPostgresSaver(connection).setup()


CHECKPOINTS = UpgradeHook(name="flow", version=f"{len(AsyncPostgresSaver.MIGRATIONS):04d}", run=_set_up)
"""The part of the schema that LangGraph defines."""

HOOKS: tuple[UpgradeHook, ...] = (CHECKPOINTS,)
"""Parts of the schema that others define; `db upgrade`, `serve`, `worker` and `doctor` all go by this list."""


class _Saver(AsyncPostgresSaver):
    """Asks the database for less: a draft has one checkpoint, and its state is plain JSON.

    It does not look for what a thread holds that is known to hold nothing, keeps the state in the checkpoint's own row
    instead of a row for each key, and packs that little where it is, not in a thread.
    """

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        """Keep the checkpoint; one that holds more than plain JSON is kept as the library does."""
        if not all(value is None or isinstance(value, _PLAIN) for value in checkpoint["channel_values"].values()):
            # All of it: what did not change since the last checkpoint may stand in that one's row.
            return await super().aput(config, checkpoint, metadata, checkpoint["channel_versions"])
        place = config.get("configurable") or {}
        thread, namespace = place["thread_id"], place["checkpoint_ns"]
        row = (
            thread,
            namespace,
            checkpoint["id"],
            place.get("checkpoint_id"),
            Jsonb(checkpoint),
            Jsonb(get_serializable_checkpoint_metadata(config, metadata)),
        )
        async with self._cursor() as cursor:
            await cursor.execute(self.UPSERT_CHECKPOINTS_SQL, row)
        return {"configurable": {"thread_id": thread, "checkpoint_ns": namespace, "checkpoint_id": checkpoint["id"]}}

    async def aput_writes(
        self, config: RunnableConfig, writes: Sequence[tuple[str, Any]], task_id: str, task_path: str = ""
    ) -> None:
        """Keep what a step wrote before the run paused."""
        place = config.get("configurable") or {}
        # Where every key has a place of its own a step that runs again replaces what it wrote.
        again = all(channel in WRITES_IDX_MAP for channel, _ in writes)
        statement = self.UPSERT_CHECKPOINT_WRITES_SQL if again else self.INSERT_CHECKPOINT_WRITES_SQL
        rows = self._dump_writes(
            place["thread_id"], place["checkpoint_ns"], place["checkpoint_id"], task_id, task_path, writes
        )
        async with self._cursor() as cursor:
            for row in rows:
                await cursor.execute(statement, row)

    async def aget_tuple(self, config: RunnableConfig) -> CheckpointTuple | None:
        """The thread's last checkpoint."""
        return None if (config.get("configurable") or {}).get(EMPTY) else await super().aget_tuple(config)


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
        yield _Saver(pool)


async def _act_as_app(connection: AsyncConnection[DictRow]) -> None:
    for statement in (*session_setup(connection.info.server_version), UNHURRIED):
        await connection.execute(statement.encode())
    # The saver names its tables without a schema.
    await connection.execute(b"SET search_path = flow")
