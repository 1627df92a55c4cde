"""Replies that a person sends in the platform's own window: handed over, and known as ours when they come back.

A hand-over ends when the words come back as a message of the shop's side, or when a person says what became of them.
"""

import uuid
from datetime import timedelta
from typing import Final

from sqlalchemy import String, cast, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.readback import same_words, unseen_id
from copilot.channel.sent import ReplyState, record_sent
from copilot.domain.clock import Clock
from copilot.domain.message import Kind, Message, Role, SentBy
from copilot.store.tables import CommitmentRow, MessageRow, OutboxRow

_SKEW: Final = timedelta(minutes=2)
"""How far the platform's clock may stand behind ours."""
_LATE: Final = timedelta(hours=1)
"""How long after a person said "sent" the platform may still tell of it under its own id."""


async def came_back(session: AsyncSession, conversation: uuid.UUID, message: Message, clock: Clock) -> bool:
    """Whether ``message``, which is not stored yet, is a reply that was handed to a person; it is recorded as sent.

    Two replies of the same words come back in the order in which they were handed over.
    """
    if message.role is not Role.AGENT or message.kind is not Kind.TEXT or message.sent_by is SentBy.AUTO:
        return False
    row = next((one for one in await _open(session, conversation, clock) if _fits(one, message)), None)
    if row is None or await _known(session, conversation, message.id):
        return False
    if row.state == ReplyState.HANDED_OVER:
        await record_sent(session, row, message.id, clock, sent_at=message.sent_at)
    else:
        await _named(session, row, message)
    return True


async def _open(session: AsyncSession, conversation: uuid.UUID, clock: Clock) -> list[OutboxRow]:
    """Those that are handed over, or were said to be sent under no id of the platform's."""
    unseen = OutboxRow.platform_message_id == func.concat("reply:", cast(OutboxRow.id, String))
    said = (OutboxRow.state == ReplyState.SENT) & unseen & (OutboxRow.updated_at > clock.now() - _LATE)
    found = await session.scalars(
        select(OutboxRow)
        .where(OutboxRow.conversation == conversation, or_(OutboxRow.state == ReplyState.HANDED_OVER, said))
        .order_by(OutboxRow.position)
        .with_for_update()
    )
    return list(found)


def _fits(row: OutboxRow, message: Message) -> bool:
    handed = row.attempted_at or row.created_at
    late_enough = message.sent_at is None or message.sent_at >= handed - _SKEW
    return late_enough and same_words(message.text, row.text)


async def _known(session: AsyncSession, conversation: uuid.UUID, number: str) -> bool:
    found = select(MessageRow.id).where(
        MessageRow.conversation == conversation, MessageRow.platform_message_id == number
    )
    return await session.scalar(found) is not None


async def _named(session: AsyncSession, row: OutboxRow, message: Message) -> None:
    """Give what a person said was sent the id and the time that the platform has for it."""
    before = unseen_id(row)
    here = MessageRow.conversation == row.conversation, MessageRow.platform_message_id == before
    when = {"sent_at": message.sent_at} if message.sent_at is not None else {}
    await session.execute(update(MessageRow).where(*here).values(platform_message_id=message.id, **when))
    owed = CommitmentRow.conversation == row.conversation, CommitmentRow.platform_message_id == before
    await session.execute(update(CommitmentRow).where(*owed).values(platform_message_id=message.id))
    row.platform_message_id = message.id
    await session.flush()
