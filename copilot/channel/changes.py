"""What platforms tell besides messages: what is cached is no longer believed, and who waits is drafted again.

Nothing of an order is taken from such an event: it only says that what we know is old. A conversation that we do not
know is no matter: there is nothing to change in it.
"""

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, Text, bindparam, exists, func, literal, null, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.inbox import ask_for_draft
from copilot.channel.queueing import give_out, given_by_platform
from copilot.channel.storable import is_storable_id, storable
from copilot.channel.tasks import ATTENDED_TALK, CASE_LOOK, ENTER_TALK
from copilot.clock import Profile
from copilot.domain.case import CaseState
from copilot.domain.draft import OPEN_STATES
from copilot.domain.message import Role
from copilot.sdk import (
    Assigned,
    ConversationChanged,
    Ended,
    Invited,
    MessageEdited,
    MessageRecalled,
    OfConversation,
    OrderChanged,
    Rated,
    Read,
)
from copilot.store import events, queue
from copilot.store.direct import Direct
from copilot.store.tables import (
    AssignmentRow,
    BuyerRow,
    CaseRow,
    ConversationRow,
    DraftRow,
    MessageRow,
    OrderRow,
    ShopRow,
    table_of,
)

DEAUTHORIZED_AT = "deauthorized_at"
"""Key in a shop's ``settings``: when its owner took the access away, RFC 3339. Credentials stored later outdate it."""
_PLATFORM = "platform"
"""Who ended a conversation that nobody here did."""


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


_TALKS = table_of(ConversationRow)
_FORGET = Direct(
    update(_TALKS)
    .where(_TALKS.c.shop == bindparam("the_shop"), _TALKS.c.platform_conversation_id == bindparam("talk"))
    .values(looked_up_at=null())
    .returning(_TALKS.c.id)
)


async def conversation_changed(session: AsyncSession, shop: ShopRow, event: ConversationChanged, now: datetime) -> None:
    """Look the conversation's buyer and orders up again when they are needed; one that we do not know is no matter.

    Where the platform gives conversations out, a job asks whose it is now.
    """
    found = await _FORGET.first(session, {"the_shop": shop.id, "talk": event.conversation})
    if found is None:
        return
    await _tell(session, shop, found[0], now)
    if given_by_platform(shop):
        await queue.defer(session, ATTENDED_TALK, merchant=shop.merchant, ref=found[0])


async def invited(session: AsyncSession, shop: ShopRow, event: Invited, now: datetime) -> None:
    """Keep the conversation, over until somebody says something in it, and put in the job that enters it."""
    if not is_storable_id(event.conversation):
        raise ValueError("a platform id is longer than any, or holds what is no text")
    values = {
        "merchant": shop.merchant,
        "id": uuid.uuid4(),
        "shop": shop.id,
        "platform_conversation_id": event.conversation,
        "created_at": now,
        "updated_at": now,
        "ended_at": now,
    }
    key = ["merchant", "shop", "platform_conversation_id"]
    await session.execute(insert(ConversationRow).values(**values).on_conflict_do_nothing(index_elements=key))
    conversation = await session.scalar(select(ConversationRow.id).where(_is(shop, event)))
    if conversation is not None:
        await queue.defer(session, ENTER_TALK, merchant=shop.merchant, ref=conversation)


async def message_edited(
    session: AsyncSession, shop: ShopRow, event: MessageEdited, profile: Profile | None, now: datetime
) -> None:
    """Keep the new words; an open draft answered the old ones, so the turn is drafted again."""
    new: dict[str, object] = {"text": storable(event.text), "edited_at": event.at or now}
    row = await _changed(session, shop, event, new, event.role)
    if row is None:
        return
    if row.role == Role.BUYER:
        # Its messages are the same ones: without this the drafting would take the open draft for the right answer.
        others = DraftRow.burst.op("-", return_type=JSONB())(literal(event.message_id, Text()))
        open_ones = (DraftRow.conversation == row.conversation) & DraftRow.state.in_(OPEN_STATES)
        answering = DraftRow.burst.contains([event.message_id])
        await session.execute(update(DraftRow).where(open_ones, answering).values(burst=others))
    await _tell(session, shop, row.conversation, now)
    await ask_for_draft(session, shop, row.conversation, profile, now)


async def message_recalled(
    session: AsyncSession, shop: ShopRow, event: MessageRecalled, profile: Profile | None, now: datetime
) -> None:
    """Nobody reads it any more, and no draft answers it."""
    row = await _changed(session, shop, event, {"recalled_at": event.at or now})
    if row is not None:
        await _tell(session, shop, row.conversation, now)
        await ask_for_draft(session, shop, row.conversation, profile, now)


async def told_of(session: AsyncSession, shop: ShopRow, event: Assigned | Ended | Rated | Read, now: datetime) -> None:
    """Keep what the platform tells of a conversation: whose it is, that it ended, its rating, how far it was read."""
    values: dict[str, object]
    match event:
        case Assigned():
            values = {"platform_agent": storable(event.agent) if event.agent else None}
        case Ended():
            await _note_end(session, shop, event, event.at or now)
            # Whoever had it has a free place again, and is who it is given to first when the buyer comes back.
            values = {
                "ended_at": event.at or now,
                "held_before": func.coalesce(ConversationRow.assignee, ConversationRow.held_before),
                "assignee": None,
                "assigned_how": None,
                "assigned_at": None,
                "queued_at": None,
            }
        case Rated():
            values = {"stars": event.stars, "rated_at": event.at or now}
        case Read():
            values = {"read_at": event.at or now}
    moved = update(ConversationRow).where(_is(shop, event)).values(**values).returning(ConversationRow.id)
    conversation = (await session.execute(moved)).scalar()
    if conversation is not None:
        await _tell(session, shop, conversation, now)
        if isinstance(event, Ended):
            await give_out(session, shop.merchant, now)


async def _note_end(session: AsyncSession, shop: ShopRow, event: Ended, at: datetime) -> None:
    """Write the end down among the moves, once: the conversation forgets it when its buyer comes back."""
    row = await session.scalar(select(ConversationRow).where(_is(shop, event)).with_for_update())
    known = row is None or (row.ended_at is not None and (event.at is None or row.ended_at == at))
    if row is not None and not known:
        session.add(
            AssignmentRow(
                merchant=shop.merchant, id=uuid.uuid4(), conversation=row.id, person=None, before=row.assignee,
                how="end", by=_PLATFORM, at=at,
            )
        )  # fmt: skip
        await session.flush()


async def _changed(
    session: AsyncSession,
    shop: ShopRow,
    event: MessageEdited | MessageRecalled,
    values: dict[str, object],
    role: Role | None = None,
) -> MessageRow | None:
    within = select(ConversationRow.id).where(_is(shop, event))
    statement = (
        update(MessageRow)
        .where(MessageRow.conversation.in_(within), MessageRow.platform_message_id == event.message_id)
        .where(MessageRow.recalled_at.is_(None), *([MessageRow.role == role] if role is not None else []))
        .values(**values)
        .returning(MessageRow)
    )
    return await session.scalar(statement)


def _is(shop: ShopRow, event: OfConversation) -> ColumnElement[bool]:
    return (ConversationRow.shop == shop.id) & (ConversationRow.platform_conversation_id == event.conversation)


async def _tell(session: AsyncSession, shop: ShopRow, conversation: uuid.UUID, now: datetime) -> None:
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
