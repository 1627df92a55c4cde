"""May this person act in this conversation: only one of two answers a buyer, and the other is told who does.

Whoever stands above the agents may always, and so may machines; where the platform gives out, nobody is kept away.
"""

import uuid
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from copilot.desk.queue import moves
from copilot.desk.queue.moves import HeldByOther
from copilot.desk.queue.owner import queue_of
from copilot.store.tables import ConversationRow, ShopRow


async def require_held(session: AsyncSession, conversation: uuid.UUID, person: uuid.UUID, now: datetime) -> None:
    """Hold the conversation for ``person`` until the transaction ends; what is with nobody becomes theirs.

    Raises:
        HeldByOther: it is with somebody else.
    """
    row = await moves.locked(session, conversation)
    if row is None or await _given_by_platform(session, row):
        return
    if row.assignee is None or row.ended_at is not None:
        await moves.assign(session, row, person, how=moves.MANUAL, by=str(person), now=now)
    elif row.assignee != person:
        raise HeldByOther(conversation, row.assignee)


async def _given_by_platform(session: AsyncSession, row: ConversationRow) -> bool:
    shop = await session.get(ShopRow, (row.merchant, row.shop))
    return shop is not None and queue_of(shop).by == "platform"
