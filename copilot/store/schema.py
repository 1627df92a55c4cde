"""Which versions the schema has and which ones the program needs; it looks and never changes anything."""

import functools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from alembic.config import Config
from alembic.script import ScriptDirectory

from copilot.domain.errors import SchemaBehind
from copilot.store import queue_schema
from copilot.store.connect import APP_ROLE, Connection, connected
from copilot.store.url import DatabaseUrl


@dataclass(frozen=True)
class UpgradeHook:
    """A part of the schema that somebody else defines.

    ``version`` must sort as text from old to new ("0009" before "0010"). ``run`` gets an autocommit connection that
    acts as the owner with ``flow`` as its search path, and must bear being run again.
    """

    name: str
    version: str
    run: Callable[[Connection], Awaitable[None]]


@dataclass(frozen=True)
class Part:
    """One part of the schema: the version ``wanted`` by the program and the one ``found`` (None: not there)."""

    name: str
    wanted: str
    found: str | None

    @property
    def behind(self) -> bool:
        """Older than the program. A newer one is fine: schemas grow before programs do."""
        return self.found is None or self.found < self.wanted


@dataclass(frozen=True)
class SchemaState:
    """All parts of the schema."""

    parts: tuple[Part, ...]

    @property
    def behind(self) -> bool:
        """Whether any part is older than the program."""
        return any(part.behind for part in self.parts)

    def require(self) -> None:
        """Refuse a schema that is behind.

        Raises:
            SchemaBehind: names the parts and the command to run.
        """
        late = [f"{part.name} {part.found or 'missing'} < {part.wanted}" for part in self.parts if part.behind]
        if late:
            raise SchemaBehind(
                f"the database's schema is older than this program ({', '.join(late)})",
                remedy="run: reply-copilot db upgrade",
            )


def alembic_config() -> Config:
    """Alembic's settings: the migrations in this package, no file."""
    config = Config()
    folder = str(Path(__file__).parent / "migrations").replace("%", "%%")
    config.set_main_option("script_location", folder)
    return config


def wanted(hooks: Sequence[UpgradeHook] = ()) -> dict[str, str]:
    """The version of each part that this program needs."""
    return {"app": _head(), "jobs": queue_schema.newest()} | {hook.name: hook.version for hook in hooks}


@functools.cache
def _head() -> str:
    """The newest migration. Every one is imported to find it, and they do not change while the program runs."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    assert head is not None
    return head


async def schema_state(url: DatabaseUrl | str, hooks: Sequence[UpgradeHook] = ()) -> SchemaState:
    """The state of the schema at ``url``.

    Raises:
        DatabaseUnavailable: nobody answers.
    """
    url = DatabaseUrl.parse(url) if isinstance(url, str) else url
    async with connected(url) as connection:
        found = await _recorded(connection)
    return SchemaState(tuple(Part(name, version, found.get(name)) for name, version in wanted(hooks).items()))


async def _recorded(connection: Connection) -> dict[str, str]:
    try:
        await connection.execute(f"SET ROLE {APP_ROLE}".encode())
        rows = await (await connection.execute("SELECT part, version FROM app.versions")).fetchall()
    except (
        psycopg.errors.InvalidParameterValue,  # no such role
        psycopg.errors.UndefinedTable,
        psycopg.errors.InvalidSchemaName,
        psycopg.errors.InsufficientPrivilege,
    ):
        return {}
    return {str(part): str(version) for part, version in rows}
