"""Replies that a person typed, on their way into the outbox: once for each id that the page gave them."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.readback import same_words
from copilot.channel.sent import ReplyState, mark
from copilot.channel.waking import send_now
from copilot.domain.clock import Clock
from copilot.domain.errors import BadInput
from copilot.domain.plan import Promise
from copilot.store import events
from copilot.store.tables import ConversationRow, OutboxRow

TYPED = "typed"


async def queue_typed(
    session: AsyncSession,
    *,
    merchant: uuid.UUID,
    shop: uuid.UUID,
    conversation: uuid.UUID,
    id: uuid.UUID,
    text: str,
    by: str,
    clock: Clock,
    owes: Sequence[Promise] = (),
    source: tuple[str, str] | None = None,
    sendable: str | None = None,
    corrects: uuid.UUID | None = None,
) -> ReplyState:
    """Queue ``text`` as the reply ``id``, to be sent after the commit; the same id again changes nothing.

    ``owes`` is what it promises; that becomes owed when it is sent. ``source`` is the text and its language that were
    approved together with it, where it is a translation. Returns the reply's state as it is now. A reply
    with the same words that was held because the conversation moved on is replaced by this one. The text must have
    been judged. ``corrects`` is the sent message that it puts right. ``sendable`` names what it is when it is no text;
    whoever queues it attaches that (``sendables``).

    Raises:
        BadInput: an empty text, no such conversation of the shop, or an id that another reply has.
    """
    if not text.strip() and sendable is None:
        raise BadInput("a reply needs a text")
    known = select(ConversationRow.id).where(ConversationRow.id == conversation, ConversationRow.shop == shop)
    if await session.scalar(known) is None:
        raise BadInput("the shop has no such conversation")
    now = clock.now()
    statement = insert(OutboxRow).values(
        merchant=merchant,
        # The page's id is the reply's too, so that whoever sent it can ask for it by the id it chose.
        id=id,
        shop=shop,
        conversation=conversation,
        source_kind=TYPED,
        source_id=id,
        text=text,
        state=ReplyState.QUEUED,
        trace=uuid.uuid4().hex,
        by=by,
        owes=[promise.model_dump(mode="json") for promise in owes] or None,
        source=source[0] if source else None,
        sendable=sendable,
        corrects=corrects,
        source_language=source[1] if source else None,
        created_at=now,
        updated_at=now,
    )
    row = await session.scalar(statement.on_conflict_do_nothing().returning(OutboxRow))
    if row is None:
        return await _standing(session, conversation, id)
    if sendable is None:
        await _replace_held(session, row, clock)
    await events.append(session, merchant=merchant, shop=shop, topic=f"reply.{row.state}", ref=str(row.id), at=now)
    await send_now(session, row, now)
    return ReplyState(row.state)


async def _standing(session: AsyncSession, conversation: uuid.UUID, id: uuid.UUID) -> ReplyState:
    """The state of the reply that has this id already."""
    state = await session.scalar(
        select(OutboxRow.state).where(
            OutboxRow.source_kind == TYPED, OutboxRow.source_id == id, OutboxRow.conversation == conversation
        )
    )
    if state is None:
        raise BadInput("another reply has this id", remedy="make a new one")
    return ReplyState(state)


async def _replace_held(session: AsyncSession, row: OutboxRow, clock: Clock) -> None:
    """The person has read what came in between and sends the same words again: the held ones are done with."""
    held = await session.scalars(
        select(OutboxRow).where(
            OutboxRow.conversation == row.conversation,
            OutboxRow.source_kind == TYPED,
            OutboxRow.state == ReplyState.HELD,
        )
    )
    for reply in held:
        if same_words(reply.text, row.text):
            await mark(session, reply, ReplyState.FAILED, clock, error="replaced")
