"""Another way to a buyer who has closed the chat: a text left at one of their orders, where the platform has that.

Owns when that way is open and at which orders; nothing goes there that a person did not approve for it.
"""

import uuid
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.sendables import ORDER_MESSAGE
from copilot.channel.sent import MOVING, ReplyState
from copilot.domain.message import Role
from copilot.sdk import BuyerClosed
from copilot.store.tables import BuyerRow, ConversationRow, MessageRow, OrderRow, OutboxRow

_MOST: Final = 3
"""How many orders are proposed, the newest ones."""
_ENDED: Final = (ReplyState.SENT, ReplyState.UNCONFIRMED, ReplyState.FAILED)


async def proposed(session: AsyncSession, talk: ConversationRow) -> dict[uuid.UUID, tuple[str, ...]]:
    """The reply that found the chat closed, with the orders at which its text can be left; nothing once one was."""
    closing = await closing_reply(session, talk.id)
    if closing is None:
        return {}
    left = select(OutboxRow.id).where(
        OutboxRow.conversation == talk.id,
        OutboxRow.sendable == ORDER_MESSAGE,
        OutboxRow.position > closing.position,
        OutboxRow.state.in_((*MOVING, ReplyState.SENT, ReplyState.UNCONFIRMED)),
    )
    if await session.scalar(left.limit(1)) is not None:
        return {}
    return {closing.id: await orders_of(session, talk)}


async def closing_reply(session: AsyncSession, conversation: uuid.UUID) -> OutboxRow | None:
    """The reply that found the chat closed by its buyer; None while the chat is open, as far as we know.

    It is open again when the buyer writes, or when a later reply arrives.
    """
    last = await session.scalar(
        select(OutboxRow)
        .where(
            OutboxRow.conversation == conversation,
            OutboxRow.state.in_(_ENDED),
            OutboxRow.sendable.is_distinct_from(ORDER_MESSAGE),
        )
        .order_by(OutboxRow.position.desc())
        .limit(1)
    )
    if last is None or last.state != ReplyState.FAILED or last.error != BuyerClosed.code:
        return None
    wrote = select(MessageRow.id).where(
        MessageRow.conversation == conversation,
        MessageRow.role == Role.BUYER,
        MessageRow.received_at > last.updated_at,
    )
    return last if await session.scalar(wrote.limit(1)) is None else None


async def orders_of(session: AsyncSession, talk: ConversationRow) -> tuple[str, ...]:
    """The buyer's orders as far as they are known here, the newest first."""
    theirs = (
        select(OrderRow)
        .join(BuyerRow, BuyerRow.order_key == OrderRow.buyer_key)
        .where(BuyerRow.id == talk.buyer, OrderRow.shop == talk.shop)
    )
    rows = sorted(await session.scalars(theirs), key=lambda row: row.body.get("created_at") or "", reverse=True)
    return tuple(row.platform_order_id for row in rows[:_MOST])


async def is_order_of(session: AsyncSession, talk: ConversationRow, order: str) -> bool:
    """Whether the order is known to be the conversation's buyer's: another one's is a stranger's."""
    theirs = (
        select(OrderRow.id)
        .join(BuyerRow, BuyerRow.order_key == OrderRow.buyer_key)
        .where(BuyerRow.id == talk.buyer, OrderRow.shop == talk.shop, OrderRow.platform_order_id == order)
    )
    return await session.scalar(theirs.limit(1)) is not None
