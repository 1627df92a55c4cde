"""Runs a migration on tables that are in use: step by step, waiting for no lock for long, and again after a failure.

A statement that waits for a lock makes everybody behind it wait as well, and locks taken one after the other in one
transaction are all held until its end. So each step is a transaction of its own that gives up soon and is tried again.
"""

import re
import time
from pathlib import Path
from typing import Any, Final

import psycopg
from alembic import op
from psycopg import sql

from copilot.domain.errors import DatabaseUnavailable

STEP: Final = "-- step\n"
"""Stands before each step of a file; every step must bear being run again."""
_WAIT: Final = "2s"
_TRIES: Final = 30
_PAUSE_SECONDS: Final = 0.5
_INDEX: Final = re.compile(r"CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS (\w+)")


def run_gently(file: Path) -> None:
    """Run the steps of ``file``, outside the migration's transaction.

    Raises:
        DatabaseUnavailable: a table stayed locked; what was done stays, and the next upgrade goes on from there.
    """
    context = op.get_context()
    with context.autocommit_block():
        driver: Any = op.get_bind().connection.driver_connection
        try:
            for step in file.read_text(encoding="utf-8").split(STEP)[1:]:
                take_step(driver, step)
        finally:
            driver.execute("RESET lock_timeout")


def take_step(driver: "psycopg.Connection[Any]", step: str, *, tries: int = _TRIES, wait: str = _WAIT) -> None:
    """One step on an autocommit connection, tried again while others hold what it needs."""
    index = _INDEX.search(step)
    if index is not None:
        _remove_unfinished(driver, index[1])
        # It waits for others and nobody waits for it; given up in the middle it would leave half an index.
        wait = "0"
    for left in range(tries - 1, -1, -1):
        try:
            driver.execute(sql.SQL("SET lock_timeout = {}").format(wait))
            driver.execute(step.encode())
        except psycopg.errors.LockNotAvailable:
            if left == 0:
                raise DatabaseUnavailable(
                    "a table that the upgrade changes is locked by somebody else",
                    remedy="end long transactions, then run: reply-copilot db upgrade",
                ) from None
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _remove_unfinished(driver: "psycopg.Connection[Any]", index: str) -> None:
    """Remove what an upgrade that was killed left of an index: it is there by name and serves nobody."""
    query = "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid"
    if driver.execute(query, (f"app.{index}",)).fetchone() is not None:
        driver.execute(sql.SQL("DROP INDEX CONCURRENTLY {}").format(sql.Identifier("app", index)))
