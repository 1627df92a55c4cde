"""What platforms tell besides messages: what is cached is no longer believed, and who waits is drafted again.

Nothing of an order is taken from such an event: it only says that what we know is old.
"""

from datetime import datetime

from sqlalchemy import exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.inbox import ask_for_draft
from copilot.channel.tasks import CASE_LOOK
from copilot.clock import Profile
from copilot.domain.case import CaseState
from copilot.domain.draft import OPEN_STATES
from copilot.sdk import ConversationChanged, OrderChanged
from copilot.store import events, queue
from copilot.store.tables import BuyerRow, CaseRow, ConversationRow, DraftRow, MessageRow, OrderRow, ShopRow

DEAUTHORIZED_AT = "deauthorized_at"
"""Key in a shop's ``settings``: when its owner took the access away, RFC 3339. Credentials stored later outdate it."""


async def order_changed(
    session: AsyncSession, shop: ShopRow, event: OrderChanged, profile: Profile | None, now: datetime
) -> None:
    """Mark the order as moved; conversations about it that wait for an answer are drafted again."""
    moved = (
        update(OrderRow)
        .where(OrderRow.shop == shop.id, OrderRow.platform_order_id == event.order_id)
        .values(changed_at=now)
        .returning(OrderRow.buyer_key)
    )
    buyer_key = (await session.execute(moved)).scalar()
    about = [
        ConversationRow.entered_from_order == event.order_id,
        exists().where(MessageRow.conversation == ConversationRow.id, MessageRow.order_id == event.order_id),
    ]
    if buyer_key is not None:
        about.append(BuyerRow.order_key == buyer_key)
    # From the open drafts, of which there are few at any time.
    waiting = await session.scalars(
        select(ConversationRow.id)
        .join(DraftRow, DraftRow.conversation == ConversationRow.id)
        .outerjoin(BuyerRow, BuyerRow.id == ConversationRow.buyer)
        .where(DraftRow.shop == shop.id, DraftRow.state.in_(OPEN_STATES), or_(*about))
        .distinct()
    )
    about_it = (
        select(CaseRow.conversation)
        .join(ConversationRow, ConversationRow.id == CaseRow.conversation)
        .where(ConversationRow.shop == shop.id, CaseRow.order_id == event.order_id)
        .where(CaseRow.state != CaseState.RESOLVED)
    )
    for conversation in await session.scalars(about_it.distinct()):
        # What moved may be what the case waits for.
        await queue.defer(session, CASE_LOOK, merchant=shop.merchant, ref=conversation)
    for conversation in waiting.all():
        await ask_for_draft(session, shop, conversation, profile, now)


async def conversation_changed(session: AsyncSession, shop: ShopRow, event: ConversationChanged, now: datetime) -> None:
    """Look the conversation's buyer and orders up again when they are needed; one that we do not know is no matter."""
    forgotten = (
        update(ConversationRow)
        .where(ConversationRow.shop == shop.id, ConversationRow.platform_conversation_id == event.conversation)
        .values(looked_up_at=None)
        .returning(ConversationRow.id)
    )
    conversation = (await session.execute(forgotten)).scalar()
    if conversation is not None:
        await events.append(
            session, merchant=shop.merchant, shop=shop.id, topic="conversation.changed", ref=str(conversation), at=now
        )


async def deauthorized(session: AsyncSession, shop: ShopRow, now: datetime) -> None:
    """Note that the shop's owner took the access away. Nothing is deleted: deliveries can be replayed by anybody."""
    row = await session.scalar(select(ShopRow).where(ShopRow.id == shop.id).with_for_update())
    if row is not None:
        row.settings = {**row.settings, DEAUTHORIZED_AT: now.isoformat()}
        await session.flush()
    await events.append(session, merchant=shop.merchant, shop=shop.id, topic="shop.changed", ref=str(shop.id), at=now)
