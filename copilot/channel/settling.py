"""A person says what became of a reply that we could not confirm, or that was handed to them to send."""

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.readback import same_words, unseen_id
from copilot.channel.sent import ReplyState, mark, record_sent
from copilot.domain.clock import Clock
from copilot.domain.errors import BadInput, CopilotError
from copilot.domain.message import Role
from copilot.logs import get_logger
from copilot.store.engine import Store
from copilot.store.tables import MessageRow, OutboxRow

log = get_logger(__name__)

_BY_HAND = "settled_by_hand"
_SETTLED: Final = (ReplyState.UNCONFIRMED, ReplyState.HANDED_OVER)


class NotUnconfirmed(CopilotError):
    """The reply does not wait for a person's word; ``state`` is where it stands, None when there is no such reply."""

    code = "not_unconfirmed"

    def __init__(self, reply: uuid.UUID, state: str | None) -> None:
        """``reply`` is its id."""
        super().__init__(f"the reply {reply} is {state or 'not there'}", remedy="read it again")
        self.state = state


async def settle(
    store: Store,
    merchant: uuid.UUID,
    reply: uuid.UUID,
    state: str,
    by: str,
    clock: Clock,
    message: str | None = None,
) -> ReplyState:
    """End an unconfirmed reply or one handed over, and its draft with it, as ``sent`` or ``failed``; returns the state.

    A reply that somebody settled in the same way before stays as it is. As sent it becomes a message, and what it
    promised is owed. ``message`` is the platform's id of it, where whoever sent it knows that.

    Raises:
        NotUnconfirmed: there is no such reply, or it stands elsewhere.
        BadInput: ``state`` is another one.
    """
    if state not in (ReplyState.SENT, ReplyState.FAILED):
        raise BadInput("a reply is settled as sent or as failed")
    async with store.merchant(merchant) as session:
        row = await session.scalar(select(OutboxRow).where(OutboxRow.id == reply).with_for_update())
        if row is not None and row.state == state:
            return ReplyState(row.state)
        if row is None or row.state not in _SETTLED:
            raise NotUnconfirmed(reply, row and row.state)
        if state == ReplyState.SENT:
            number, sent_at = await _stands_as(session, row, message)
            await record_sent(session, row, number, clock, sent_at=sent_at)
        else:
            await mark(session, row, ReplyState.FAILED, clock, error=_BY_HAND)
    log.info("reply_settled", reply=str(reply), state=str(state), by=by)
    return ReplyState(state)


async def _stands_as(session: AsyncSession, row: OutboxRow, named: str | None) -> tuple[str, datetime | None]:
    """The id under which it stands on the platform, and since when."""
    echo = await _echo(session, row)
    if echo is not None:
        return echo.platform_message_id, echo.sent_at
    if named is not None and not await _is_taken(session, row, named):
        return named, None
    # Nobody knows the platform's id; the message must stand in the thread all the same.
    return unseen_id(row), None if row.state == ReplyState.HANDED_OVER else row.attempted_at


async def _is_taken(session: AsyncSession, row: OutboxRow, number: str) -> bool:
    """Whether the id is that of another message here: then it is not this one's."""
    other = select(MessageRow.id).where(
        MessageRow.conversation == row.conversation, MessageRow.platform_message_id == number
    )
    return await session.scalar(other.limit(1)) is not None


async def _echo(session: AsyncSession, row: OutboxRow) -> MessageRow | None:
    """The one message of the shop's side with these words that came since the call and is no other reply's."""
    bound = select(OutboxRow.platform_message_id).where(
        OutboxRow.conversation == row.conversation, OutboxRow.platform_message_id.is_not(None)
    )
    messages = await session.scalars(
        select(MessageRow).where(
            MessageRow.conversation == row.conversation,
            MessageRow.role == Role.AGENT,
            MessageRow.received_at >= (row.attempted_at or row.created_at),
            MessageRow.platform_message_id.not_in(bound),
        )
    )
    fitting = [message for message in messages if same_words(message.text, row.text)]
    return fitting[0] if len(fitting) == 1 else None
