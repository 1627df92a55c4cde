"""Statements that are put together once and go to the driver as they stand, in a transaction that is open already.

For the few that every draft and every delivery send: the session's way to the driver costs several times what the
statement itself does. It loads no objects and flushes none; everything else goes through the session.
"""

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from typing import Any, Final, cast

import psycopg
from sqlalchemy import ARRAY, ColumnElement, any_, bindparam, literal
from sqlalchemy.dialects.postgresql.psycopg import PGDialectAsync_psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ClauseElement

Driver = psycopg.AsyncConnection[Any]
Transaction = AsyncSession | Driver
"""An open transaction: of ``Store.merchant`` or ``system``, or of ``Store.direct``."""

_DIALECT: Final = PGDialectAsync_psycopg()
_DRIVER: Final = "driver"


async def driver_of(transaction: Transaction) -> Driver:
    """The driver's connection that the transaction runs on."""
    if not isinstance(transaction, AsyncSession):
        return transaction
    # A session of the store has one transaction, and so one connection.
    found = transaction.info.get(_DRIVER)
    if found is None:
        found = (await (await transaction.connection()).get_raw_connection()).driver_connection
        transaction.info[_DRIVER] = found
    return cast(Driver, found)


def among(column: Any, values: Collection[str] | str) -> ColumnElement[bool]:
    """That ``column`` is one of ``values``, or of the list that is given by that name.

    (A list after IN would be written out anew each time.)
    """
    kind = ARRAY(column.type)
    listed = bindparam(values, type_=kind) if isinstance(values, str) else literal(sorted(values), kind)
    return column == any_(listed)


class Look:
    """A statement that reads one row by an id; ``select`` ends where the id is written behind it.

    Sent without parameters, together with what surrounds it: nothing but a UUID can be written into it.
    """

    def __init__(self, select: str) -> None:
        """``select`` is ours, such as ``SELECT name FROM shops WHERE id =``."""
        self._select = select

    def written(self, at: uuid.UUID) -> str:
        """The statement about ``at``."""
        return f"{self._select} '{uuid.UUID(str(at))}'"


class Direct:
    """A statement with its values by name; ``columns`` are those that an insert without values of its own fills.

    Failures are those of the session: ``sqlalchemy.exc.DBAPIError``, without the values.
    """

    def __init__(self, statement: ClauseElement, columns: Collection[str] | None = None) -> None:
        """The statement is put together when it is first needed."""
        self._statement = statement
        self._columns = None if columns is None else list(columns)

    async def run(self, transaction: Transaction, values: Mapping[str, Any]) -> None:
        """Run it for what it does."""
        await self._sent(transaction, values)

    async def all(self, transaction: Transaction, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
        """Its rows."""
        return await (await self._sent(transaction, values)).fetchall()

    async def first(self, transaction: Transaction, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """Its first row."""
        return await (await self._sent(transaction, values)).fetchone()

    async def _sent(self, transaction: Transaction, values: Mapping[str, Any]) -> psycopg.AsyncCursor[Any]:
        sql, given, wraps = self._made
        sent = {**given, **values}
        for name, wrap in wraps.items():
            sent[name] = wrap(sent[name])
        connection = await driver_of(transaction)
        try:
            return await connection.execute(sql, sent)
        except psycopg.Error as error:
            raise DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True) from error

    @cached_property
    def _made(self) -> tuple[bytes, dict[str, Any], dict[str, Callable[[Any], Any]]]:
        """The text, the values that it brings itself, and what makes a value the driver's."""
        compiled = self._statement.compile(dialect=_DIALECT, column_keys=self._columns)
        binds: Mapping[str, Any] = getattr(compiled, "binds", {})
        processors = {name: bind.type.dialect_impl(_DIALECT).bind_processor(_DIALECT) for name, bind in binds.items()}
        given = dict(compiled.params or {})
        wraps = {name: found for name, found in processors.items() if found is not None and name in given}
        return str(compiled).encode(), given, wraps
