"""What a colleague gave in the platform's own window: no ceiling could stop it, and it counts against the next one.

Owns what of it can be told from the words: sums of money. Whose they were is told by the name that the platform has for
the person; which order, by the message, the open case, or because the buyer has no other. What was promised before, or
a running request brings anyway, is not given twice.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.clock.days import shop_zone
from copilot.domain.case import CaseState, CommitmentState
from copilot.domain.message import Message
from copilot.domain.money import Money
from copilot.domain.order import Order
from copilot.playbook.situation import after_sale_state
from copilot.policy.claims import extract
from copilot.policy.claims.gives import Gives, Kind, anew, gives
from copilot.policy.language import language_of
from copilot.policy.short_forms import plainly
from copilot.store.tables import (
    BuyerRow,
    CaseRow,
    CommitmentRow,
    ConversationRow,
    GrantRow,
    MessageRow,
    OrderRow,
    ReceptionRow,
    ShopRow,
)

_OFFERED, _SETTLED, _RELEASED = "offered", "settled", "released"
_ENDED = ("rejected", "closed")


@dataclass(frozen=True)
class _Matter:
    """Where it was said: whose conversation, about which order where one can be told, and what is known of that."""

    shop: ShopRow
    conversation: uuid.UUID
    buyer: uuid.UUID | None
    order: str | None
    known: Order | None


async def count_said(
    session: AsyncSession, shop: ShopRow, conversation: uuid.UUID, message: Message, now: datetime
) -> None:
    """Count the money that ``message``, an agent's, gives to the buyer; what only repeats an offer takes it up.

    To be called before what it promises is kept: that would look like a promise made before.
    """
    text, zone = plainly(message.text), shop_zone(shop.zone)
    language, at = language_of(text) or "zh", message.sent_at or now
    found = gives(text, extract(text, language=language, now=at, zone=zone), language)
    money = [one for one in found if one.what is Kind.MONEY and one.amount is not None]
    if not money:
        return
    matter = await _matter(session, shop, conversation, message)
    new = [one for one in money if not await _is_known(session, matter, text, one, now)]
    by = await _person(session, message.agent)
    for currency in sorted({one.amount.currency for one in new if one.amount is not None}):
        of = [one for one in new if one.amount is not None and one.amount.currency == currency]
        row = GrantRow(
            merchant=shop.merchant,
            id=uuid.uuid4(),
            shop=shop.id,
            conversation=conversation,
            message=message.id,
            buyer=matter.buyer,
            order_id=matter.order,
            by=by,
            day=at.astimezone(zone).date(),
            minor=_total(of),
            currency=currency,
            state=_SETTLED if any(one.firm for one in of) else _OFFERED,
            created_at=at,
            updated_at=now,
        )
        await _replace_offers(session, matter, row.id, now)
        session.add(row)
        await session.flush()


async def not_theirs(session: AsyncSession, conversation: uuid.UUID, message: str) -> None:
    """The message (the platform's id) is a reply of ours after all: what it gives was counted when it was queued."""
    await session.execute(delete(GrantRow).where(GrantRow.conversation == conversation, GrantRow.message == message))


async def take_back(session: AsyncSession, conversation: uuid.UUID, message: str, now: datetime) -> None:
    """Somebody says that the message promises nothing: what it was read to give counts no more."""
    said = GrantRow.conversation == conversation, GrantRow.message == message
    await session.execute(update(GrantRow).where(*said).values(state=_RELEASED, updated_at=now))


def _total(of: Sequence[Gives]) -> int:
    """All of it, of what the buyer is to choose from the dearest."""
    sure = sum(one.amount.minor for one in of if one.amount is not None and not one.one_of)
    return sure + max((one.amount.minor for one in of if one.amount is not None and one.one_of), default=0)


async def _matter(session: AsyncSession, shop: ShopRow, conversation: uuid.UUID, message: Message) -> _Matter:
    talk = select(ConversationRow.buyer, ConversationRow.entered_from_order, BuyerRow.order_key)
    talk = talk.outerjoin(BuyerRow, BuyerRow.id == ConversationRow.buyer).where(ConversationRow.id == conversation)
    buyer, entered, key = (await session.execute(talk)).one()
    order = message.order_id or await _of_case(session, conversation)
    if order is None:
        spoken = select(MessageRow.order_id).where(
            MessageRow.conversation == conversation, MessageRow.order_id.is_not(None)
        )
        orders = {entered, *await session.scalars(spoken.distinct())} - {None}
        if key is not None:
            own = select(OrderRow.platform_order_id).where(OrderRow.shop == shop.id, OrderRow.buyer_key == key)
            orders |= set(await session.scalars(own))
        order = orders.pop() if len(orders) == 1 else None
    kept = select(OrderRow.body).where(OrderRow.shop == shop.id, OrderRow.platform_order_id == order)
    body = await session.scalar(kept) if order is not None else None
    return _Matter(shop, conversation, buyer, order, Order.model_validate(body) if body else None)


async def _of_case(session: AsyncSession, conversation: uuid.UUID) -> str | None:
    """The order of the matter that is open, the newest first."""
    found = select(CaseRow.order_id).where(
        CaseRow.conversation == conversation, CaseRow.order_id.is_not(None), CaseRow.state != CaseState.RESOLVED
    )
    return await session.scalar(found.order_by(CaseRow.position.desc()).limit(1))


async def _is_known(session: AsyncSession, matter: _Matter, text: str, one: Gives, now: datetime) -> bool:
    """Whether it was given before, or is on its way anyway; a firm word about an open offer takes that up."""
    if one.amount is None or anew(text, one):
        return False
    if _is_running(matter.known, one.amount):
        return True
    same = GrantRow.minor == one.amount.minor, GrantRow.currency == one.amount.currency
    before = select(GrantRow.id, GrantRow.state).where(_here(matter), *same, GrantRow.state != _RELEASED)
    rows = (await session.execute(before)).all()
    if rows:
        if one.firm and all(state == _OFFERED for _, state in rows):
            await _take_up(session, [id for id, _ in rows], now)
        return True
    promised = select(CommitmentRow.amount).where(
        CommitmentRow.conversation == matter.conversation,
        CommitmentRow.amount.is_not(None),
        CommitmentRow.state != CommitmentState.WITHDRAWN,
    )
    return any(_same(Money.model_validate(amount), one.amount) for amount in await session.scalars(promised))


def _same(one: Money | None, other: Money) -> bool:
    """Whether both are one sum, however many decimals they are written with."""
    return one is not None and (one.minor, one.currency) == (other.minor, other.currency)


async def _take_up(session: AsyncSession, offers: Sequence[uuid.UUID], now: datetime) -> None:
    """One of the ``offers`` is taken up; one that somebody else is just moving is theirs to settle."""
    open_ = select(GrantRow.id).where(GrantRow.id.in_(offers), GrantRow.state == _OFFERED).limit(1)
    taken = await session.scalar(open_.with_for_update(skip_locked=True))
    if taken is not None:
        settled = update(GrantRow).where(GrantRow.id == taken)
        await session.execute(settled.values(state=_SETTLED, updated_at=now))


def _here(matter: _Matter) -> ColumnElement[bool]:
    """The grants of the conversation about the order, or about one that nobody could tell."""
    about = or_(GrantRow.order_id.is_not_distinct_from(matter.order), GrantRow.order_id.is_(None))
    return (GrantRow.conversation == matter.conversation) & about


def _is_running(order: Order | None, amount: Money) -> bool:
    """Whether a request of the order asks for just that: what the platform decides is nobody's to give."""
    for asked in order.after_sales if order is not None else ():
        worth = asked.amount or (order.total if order is not None else None)
        if after_sale_state(asked) not in _ENDED and _same(worth, amount):
            return True
    return False


async def _replace_offers(session: AsyncSession, matter: _Matter, grant: uuid.UUID, now: datetime) -> None:
    """The buyer gets one of them. What somebody else is just deciding on is theirs to settle: nobody waits here."""
    open_ = select(GrantRow.id).where(
        GrantRow.conversation == matter.conversation,
        GrantRow.order_id.is_not_distinct_from(matter.order),
        GrantRow.state == _OFFERED,
    )
    ids = list(await session.scalars(open_.with_for_update(skip_locked=True)))
    replaced = update(GrantRow).where(GrantRow.id.in_(ids))
    await session.execute(
        replaced.values(state=_RELEASED, replaced_by=grant, replaced_state=GrantRow.state, updated_at=now)
    )


async def _person(session: AsyncSession, agent: str | None) -> str:
    """The id of the one person whom the platform calls ``agent``; nobody's day where none or several are."""
    if not agent:
        return ""
    found = list(await session.scalars(select(ReceptionRow.id).where(ReceptionRow.platform_name == agent).limit(2)))
    return str(found[0]) if len(found) == 1 else ""
