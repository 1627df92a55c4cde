"""A tapped question as the buyer's message: the words that the buyer saw, or those of the entry it names."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.message import Kind, Message, Role
from copilot.sdk import FaqCardTap, MessageEvent
from copilot.store.tables import EntryRow, ShopRow


async def as_message(session: AsyncSession, shop: ShopRow, tap: FaqCardTap) -> MessageEvent:
    """The message that the tap stands for; its text is empty when nobody knows the question any more."""
    words = tap.question
    if words is None:
        asked = select(EntryRow.question).where(EntryRow.shop == shop.id, EntryRow.slug == tap.card)
        words = await session.scalar(asked.order_by(EntryRow.language).limit(1))
    message = Message(id=tap.message_id, role=Role.BUYER, kind=Kind.FAQ_CARD, text=words or "", sent_at=tap.at)
    return MessageEvent(
        shop=tap.shop,
        conversation=tap.conversation,
        message=message,
        buyer=tap.buyer,
        nickname=tap.nickname,
        order_key=tap.order_key,
        sequence=tap.sequence,
    )
