"""Counts what a piece of work asks of the database, for tests that pin it."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import event

from copilot.store.engine import Store


@contextmanager
def counted(store: Store) -> Generator[Counter[str]]:
    """The number of "statements" and "transactions" of the block, over the store's own pool."""
    seen: Counter[str] = Counter()
    engine = store.engine.sync_engine

    def statement(*_: object) -> None:
        seen["statements"] += 1

    def transaction(*_: object) -> None:
        seen["transactions"] += 1

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "begin", transaction)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", statement)
        event.remove(engine, "begin", transaction)
