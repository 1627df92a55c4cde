"""A person looked at the platform and says what became of a reply that we could not confirm."""

import uuid

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


class NotUnconfirmed(CopilotError):
    """The reply does not wait for a person's word; ``state`` is where it stands, None when there is no such reply."""

    code = "not_unconfirmed"

    def __init__(self, reply: uuid.UUID, state: str | None) -> None:
        """``reply`` is its id."""
        super().__init__(f"the reply {reply} is {state or 'not there'}", remedy="read it again")
        self.state = state


async def settle(store: Store, merchant: uuid.UUID, reply: uuid.UUID, state: str, by: str, clock: Clock) -> ReplyState:
    """End an ``unconfirmed`` reply, and its draft with it, as ``sent`` or ``failed``; returns the state.

    A reply that somebody settled in the same way before stays as it is. As sent it becomes a message, and what it
    promised is owed.

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
        if row is None or row.state != ReplyState.UNCONFIRMED:
            raise NotUnconfirmed(reply, row and row.state)
        if state == ReplyState.SENT:
            echo = await _echo(session, row)
            # Without an echo nobody knows the platform's id; the message must stand in the thread all the same.
            message, sent_at = (echo.platform_message_id, echo.sent_at) if echo else (unseen_id(row), row.attempted_at)
            await record_sent(session, row, message, clock, sent_at=sent_at)
        else:
            await mark(session, row, ReplyState.FAILED, clock, error=_BY_HAND)
    log.info("reply_settled", reply=str(reply), state=str(state), by=by)
    return ReplyState(state)


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
