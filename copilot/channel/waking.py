"""When somebody looks at a reply or an open turn next: at once by a job, later by its one timer.

A reply on its way out always has a timer, also while it is worked on, and so has a turn until its draft is begun: a job
that failed, because the database was gone for example, is not started again by anybody else.
"""

import uuid
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.tasks import DRAFT_CONVERSATION, SEND_REPLY, draft_lock, send_lock
from copilot.store import queue, timers
from copilot.store.consequences import Consequences
from copilot.store.tables import OutboxRow

BELT: Final = timedelta(seconds=40)
"""After this a reply that should have moved is looked at again; longer than a call with its refresh may take."""


DRAFT_BELT: Final = timedelta(seconds=15)
"""After this a turn whose drafting has not begun is tried again; longer than a worker's rescue takes."""
_MOST_DRAFTINGS: Final = 8


def draft_open_turn(left: Consequences, conversation: uuid.UUID, now: datetime, priority: int = queue.URGENT) -> None:
    """Draft the conversation's open turn when the transaction that leaves this commits."""
    lock = draft_lock(conversation)
    left.arm(DRAFT_CONVERSATION, conversation, now + DRAFT_BELT, attempt=1, lock=lock)
    left.run(DRAFT_CONVERSATION, lock=lock, priority=priority, merchant=left.merchant, ref=conversation)


async def draft_now(
    session: AsyncSession, merchant: uuid.UUID, conversation: uuid.UUID, now: datetime, priority: int = queue.URGENT
) -> None:
    """Draft the conversation's open turn when the session's transaction commits."""
    left = Consequences(merchant)
    draft_open_turn(left, conversation, now, priority)
    await left.write(session)


async def draft_later(
    session: AsyncSession, merchant: uuid.UUID, conversation: uuid.UUID, now: datetime, tries: int = 0
) -> None:
    """Try once more when the drafting has not begun by then; ``tries`` is how many were in vain."""
    if tries < _MOST_DRAFTINGS:
        await timers.arm(
            session,
            DRAFT_CONVERSATION,
            conversation,
            now + DRAFT_BELT * 2**tries,
            merchant=merchant,
            attempt=tries + 1,
            lock=draft_lock(conversation),
        )


async def drafting(session: AsyncSession, conversation: uuid.UUID) -> None:
    """The turn is in hand: its draft is begun, or there is none to begin."""
    await timers.cancel(session, DRAFT_CONVERSATION, conversation)


async def send_now(session: AsyncSession, row: OutboxRow, now: datetime) -> None:
    """A reply was queued: send it when the session's transaction commits."""
    await send_later(session, row, now + BELT)
    await _defer(session, row.merchant, row.conversation, row.id)


async def send_later(session: AsyncSession, row: OutboxRow, due: datetime, tries: int = 0) -> None:
    """Look at the reply again at ``due``; ``tries`` is how many calls in a row were in vain."""
    await timers.arm(
        session,
        SEND_REPLY,
        row.id,
        due,
        merchant=row.merchant,
        attempt=tries,
        lock=send_lock(row.conversation),
    )


async def ended(session: AsyncSession, row: OutboxRow) -> None:
    """The reply moves no further by itself: the next one of its conversation may leave."""
    await timers.cancel(session, SEND_REPLY, row.id)
    behind = (
        select(OutboxRow.id)
        .where(
            OutboxRow.conversation == row.conversation,
            OutboxRow.position > row.position,
            OutboxRow.state == "queued",
        )
        .order_by(OutboxRow.position)
        .limit(1)
    )
    following = await session.scalar(behind)
    if following is not None:
        await _defer(session, row.merchant, row.conversation, following)


async def _defer(session: AsyncSession, merchant: uuid.UUID, conversation: uuid.UUID, reply: uuid.UUID) -> None:
    await queue.defer(session, SEND_REPLY, lock=send_lock(conversation), merchant=merchant, ref=reply, attempt=0)
