"""The schema of the job queue: created whole, and later brought forward by the queue's own migration files."""

from importlib import resources

from copilot.store.connect import Connection

_FILES = resources.files("procrastinate.sql")


def _migrations() -> list[str]:
    return sorted(entry.name for entry in (_FILES / "migrations").iterdir() if entry.name.endswith(".sql"))


def newest() -> str:
    """The name of the newest migration that the installed queue brings; names sort by version."""
    return _migrations()[-1]


def pending(found: str) -> list[str]:
    """The migrations after ``found``, oldest first."""
    return [name for name in _migrations() if name > found]


async def apply(connection: Connection, found: str | None) -> None:
    """Create the queue's schema, or apply what came after ``found``; search path and role are the caller's."""
    if found is None:
        exists = await (await connection.execute("SELECT to_regclass('jobs.procrastinate_jobs')")).fetchone()
        # Recorded nowhere but there: the statement before the record was the last one that ran. Its transaction
        # covers all of it, so it is complete.
        if exists is None or exists[0] is None:
            await connection.execute((_FILES / "schema.sql").read_bytes())
        return
    for name in pending(found):
        await connection.execute((_FILES / "migrations" / name).read_bytes())
