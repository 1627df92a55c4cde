"""Plain connections outside the pools: for upgrades, checks and listening.

The only place that turns a driver's failure to connect into an error for people.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import LiteralString

import psycopg
from psycopg import sql

from copilot.domain.errors import DatabaseUnavailable
from copilot.store.url import DatabaseUrl

APP_ROLE = "copilot_app"
OWNER_ROLE = "copilot_owner"
APP_PATH: LiteralString = "app, jobs, flow"
_CONNECT_SECONDS = 10

Connection = psycopg.AsyncConnection[tuple[object, ...]]


@asynccontextmanager
async def connected(
    url: DatabaseUrl, *, role: str | None = None, path: LiteralString = APP_PATH
) -> AsyncGenerator[Connection]:
    """An autocommit connection, acting as ``role`` when one is named.

    Raises:
        DatabaseUnavailable: nobody answers, or the role is not ours to take.
    """
    try:
        connection = await psycopg.AsyncConnection.connect(
            url.conninfo, autocommit=True, connect_timeout=_CONNECT_SECONDS
        )
    except psycopg.OperationalError as error:
        raise unreachable(url, error) from None
    async with connection:
        if role is not None:
            await connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
        await connection.execute(sql.SQL("SET search_path = {}").format(sql.SQL(path)))
        yield connection


def unreachable(url: DatabaseUrl, error: BaseException) -> DatabaseUnavailable:
    """The error for people; libpq's first line names host and reason and never a password."""
    why = (str(error).strip().splitlines() or ["no answer"])[0]
    return DatabaseUnavailable(
        f"the database at {url} cannot be reached ({why})", remedy="start it, or correct DATABASE_URL"
    )
