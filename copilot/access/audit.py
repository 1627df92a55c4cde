"""Writes down who did what to which object; a row is never changed again, the database sees to that.

Ids, names of settings and hashes only: never a buyer's words, never a secret.
"""

import uuid
from datetime import datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncSession

from copilot.store.tables import AuditRow

COMMAND: Final = "command"
"""``by`` of what an operator did at the command line."""


async def record(
    session: AsyncSession,
    *,
    merchant: uuid.UUID,
    by: str,
    action: str,
    at: datetime,
    object: str | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add a line to the audit log, in the transaction of what it tells of.

    ``by`` is a principal's id or ``COMMAND``; ``action`` is ``<thing>.<done>`` ("shop.added"); ``object`` its id.
    """
    session.add(AuditRow(merchant=merchant, id=uuid.uuid4(), at=at, by=by, action=action, object=object, detail=detail))
    await session.flush()
