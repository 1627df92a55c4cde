"""Counts what a piece of work asks of the database, for tests that pin it."""

from collections import Counter
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg

_EXECUTE = psycopg.AsyncCursor.execute
_MANY = psycopg.AsyncCursor.executemany


@contextmanager
def counted() -> Generator[Counter[str]]:
    """The number of "statements" and "transactions" of the block, whoever sends them: our tables, queue, checkpoints.

    What begins a transaction is a statement too; what ends it is not.
    """
    seen: Counter[str] = Counter()

    async def execute(cursor: psycopg.AsyncCursor[Any], query: Any, *given: Any, **named: Any) -> Any:
        seen["statements"] += 1
        text = query.decode() if isinstance(query, bytes) else str(query)
        seen["transactions"] += text.startswith("BEGIN")
        return await _EXECUTE(cursor, query, *given, **named)

    async def many(cursor: psycopg.AsyncCursor[Any], query: Any, rows: Iterable[Any], **named: Any) -> None:
        rows = list(rows)
        seen["statements"] += len(rows)
        await _MANY(cursor, query, rows, **named)

    with patch.object(psycopg.AsyncCursor, "execute", execute), patch.object(psycopg.AsyncCursor, "executemany", many):
        yield seen
