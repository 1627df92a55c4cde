"""Messages in: stored once, in the caller's transaction, together with the job that drafts the answer.

The caller acknowledges to the platform after the commit, so nothing that was acknowledged can be lost. Who wrote a
message is told by the platform; an echo is a message id that we sent, never a role.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.tasks import DRAFT_CONVERSATION, draft_lock
from copilot.clock import Profile, draft_deadline
from copilot.domain.clock import Clock
from copilot.domain.message import Message
from copilot.store import events, queue
from copilot.store.tables import BuyerRow, ConversationRow, MessageRow, OutboxRow, ShopRow

# How far a platform's clock may run ahead of ours before its time is not believed.
_AHEAD = timedelta(seconds=5)


@dataclass(frozen=True)
class Incoming:
    """A message as an adapter hands it over: the platform's ids of conversation and buyer, and the message.

    ``message.id`` is the platform's id and must not be empty: it is what de-duplication rests on.
    """

    conversation: str
    message: Message
    buyer: str | None = None
    nickname: str | None = None
    entered_from_order: str | None = None


@dataclass(frozen=True)
class Received:
    """What became of it: ``new`` is False for a delivery that came before and for an echo of our own."""

    conversation: uuid.UUID
    new: bool


async def receive(session: AsyncSession, shop: ShopRow, incoming: Incoming, profile: Profile, clock: Clock) -> Received:
    """Store ``incoming`` once and ask for a draft; everything in the session's transaction."""
    if not incoming.message.id:
        raise ValueError("a message without a platform id cannot be told from its second delivery")
    now = clock.now()
    conversation = await _conversation(session, shop, incoming, now)
    if await _is_echo(session, conversation, incoming.message.id):
        return Received(conversation, new=False)
    if not await _insert(session, shop, conversation, incoming.message, now):
        return Received(conversation, new=False)
    await session.execute(update(ConversationRow).where(ConversationRow.id == conversation).values(updated_at=now))
    await events.append(
        session, merchant=shop.merchant, shop=shop.id, topic="message.received", ref=str(conversation), at=now
    )
    # Also for a colleague's or the platform's own message: it may overtake an open draft.
    await queue.defer(
        session,
        DRAFT_CONVERSATION,
        lock=draft_lock(conversation),
        priority=queue.deadline_priority(draft_deadline(now, profile)),
        merchant=shop.merchant,
        ref=conversation,
    )
    return Received(conversation, new=True)


async def _conversation(session: AsyncSession, shop: ShopRow, incoming: Incoming, now: datetime) -> uuid.UUID:
    buyer = await _buyer(session, shop, incoming, now) if incoming.buyer else None
    values = {
        "merchant": shop.merchant,
        "id": uuid.uuid4(),
        "shop": shop.id,
        "buyer": buyer,
        "platform_conversation_id": incoming.conversation,
        "entered_from_order": incoming.entered_from_order,
        "created_at": now,
        "updated_at": now,
    }
    statement = insert(ConversationRow).values(**values)
    # An update that changes nothing, because DO NOTHING returns no row of an existing conversation.
    upsert = statement.on_conflict_do_update(
        index_elements=["merchant", "shop", "platform_conversation_id"], set_={"updated_at": now}
    )
    return (await session.execute(upsert.returning(ConversationRow.id))).scalar_one()


async def _buyer(session: AsyncSession, shop: ShopRow, incoming: Incoming, now: datetime) -> uuid.UUID:
    statement = insert(BuyerRow).values(
        merchant=shop.merchant,
        id=uuid.uuid4(),
        shop=shop.id,
        platform_buyer_id=incoming.buyer,
        nickname=incoming.nickname,
        tags=[],
        created_at=now,
    )
    upsert = statement.on_conflict_do_update(
        index_elements=["merchant", "shop", "platform_buyer_id"],
        set_={"nickname": statement.excluded.nickname},
    )
    return (await session.execute(upsert.returning(BuyerRow.id))).scalar_one()


async def _is_echo(session: AsyncSession, conversation: uuid.UUID, message: str) -> bool:
    ours = select(OutboxRow.id).where(OutboxRow.conversation == conversation, OutboxRow.platform_message_id == message)
    return await session.scalar(ours) is not None


async def _insert(
    session: AsyncSession, shop: ShopRow, conversation: uuid.UUID, message: Message, now: datetime
) -> bool:
    sent = message.sent_at
    statement = insert(MessageRow).values(
        merchant=shop.merchant,
        id=uuid.uuid4(),
        conversation=conversation,
        platform_message_id=message.id,
        role=message.role,
        kind=message.kind,
        text=message.text,
        order_id=message.order_id,
        product_id=message.product_id,
        agent=message.agent,
        sent_by=message.sent_by,
        draft=message.draft.model_dump(mode="json") if message.draft else None,
        sent_at=min(sent, now + _AHEAD) if sent else None,
        received_at=now,
        recalled_at=message.recalled_at,
    )
    added = await session.execute(
        statement.on_conflict_do_nothing(index_elements=["merchant", "conversation", "platform_message_id"]).returning(
            MessageRow.id
        )
    )
    return added.scalar() is not None
