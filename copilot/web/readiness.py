"""Whether this deployment can work, part by part, for load balancers and people.

Each part is "ok" or says what is wrong; nothing is mended here.
"""

from functools import cache

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from copilot.flow.checkpoints import HOOKS
from copilot.store import queue
from copilot.store.engine import Store
from copilot.store.schema import wanted
from copilot.store.tables import VersionRow

WORKER_SILENT_SECONDS = 10.0
OK = "ok"
UNKNOWN = "unknown"


async def readiness(store: Store, packs: str = OK, kept_out: int = 0) -> dict[str, object]:
    """``{"status": "ready" | "not_ready", "database": …, "schema": …, "packs": …, "worker": …, "published": …}``.

    ``packs`` is what loading the rules gave ("ok", "loading", or what is wrong with them). ``kept_out`` counts shops
    that stay with an earlier version because a newer one cannot be loaded: they work, so that is told and no more.
    """
    parts = {**await _database(store), "packs": packs}
    status = "ready" if all(part == OK for part in parts.values()) else "not_ready"
    return {"status": status, **parts, "published": f"kept out of {kept_out} shops: see doctor" if kept_out else OK}


async def _database(store: Store) -> dict[str, str]:
    try:
        async with store.system() as session:
            versions = {row.part: row.version for row in await session.scalars(select(VersionRow))}
            age = await queue.heartbeat_age(session)
    except (SQLAlchemyError, OSError) as error:
        return {"database": type(error).__name__, "schema": UNKNOWN, "worker": UNKNOWN}
    # A newer schema is fine: it grows before the programs do.
    behind = [name for name, version in _wanted().items() if versions.get(name, "") < version]
    return {
        "database": OK,
        "schema": f"behind: {', '.join(behind)}" if behind else OK,
        "worker": OK if age is not None and age < WORKER_SILENT_SECONDS else "no heartbeat",
    }


@cache
def _wanted() -> dict[str, str]:
    return wanted(HOOKS)
