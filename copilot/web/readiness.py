"""Whether this deployment can work, part by part, for load balancers and ``doctor``."""

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from copilot.store import queue
from copilot.store.engine import Store

WORKER_SILENT_SECONDS = 10.0


async def readiness(store: Store) -> dict[str, object]:
    """``{"status": "ready" | "not_ready", "database": …, "worker": …}``; each part "ok" or what is wrong."""
    try:
        async with store.system() as session:
            await session.execute(text("SELECT 1"))
            age = await queue.heartbeat_age(session)
    except (SQLAlchemyError, OSError) as error:
        return {"status": "not_ready", "database": type(error).__name__, "worker": "unknown"}
    worker = "ok" if age is not None and age < WORKER_SILENT_SECONDS else "no heartbeat"
    return {"status": "ready" if worker == "ok" else "not_ready", "database": "ok", "worker": worker}
