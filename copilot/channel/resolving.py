"""Ends cases: because a person says so, or because the buyer's orders show that the matter is done.

Owns what of an order ends which matter, and when it does not count: something is still owed, or the buyer wrote since.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.owing import OPEN
from copilot.channel.tasks import CASE_RESOLVED
from copilot.domain.case import Case, CaseState
from copilot.domain.errors import CopilotError
from copilot.domain.issue import Issue
from copilot.domain.message import Role
from copilot.domain.order import Order, OrderStatus, Shipment
from copilot.store import events, queue
from copilot.store.direct import Direct, among
from copilot.store.tables import CaseRow, CommitmentRow, ConversationRow, MessageRow

BY_ORDER: Final = "order"
"""``resolved_by`` of a case that an order ended."""


class NoSuchCase(CopilotError):
    """The conversation has no such case."""

    code = "no_such_case"


@dataclass(frozen=True)
class Shown:
    """What an order shows, and when it happened."""

    evidence: str
    at: datetime


Shows = Callable[[Order, datetime], Shown | None]
"""What of an order happened after a case was raised; None when nothing did."""


def _refunded(order: Order, since: datetime) -> Shown | None:
    """Money that left."""
    left = [(at, one.id) for one in order.after_sales if (at := one.money_left_at) is not None and at >= since]
    return Shown(f"after_sale:{max(left)[1]}", max(left)[0]) if left else None


def _cancelled(order: Order, since: datetime) -> Shown | None:
    """Cancelled, and the money back where it had been paid."""
    if order.paid_at is not None or order.status is not OrderStatus.CANCELLED:
        return _refunded(order, since)
    return Shown(f"order:{order.id}", since)


def _delivered(order: Order, since: datetime) -> Shown | None:
    at = order.delivered_at
    return Shown(f"order:{order.id}", at) if at is not None and at >= since else None


def _set_out(order: Order, since: datetime) -> Shown | None:
    """A parcel's first scan."""
    firsts = [(_first(one), one) for one in order.shipments]
    late = [(at, one) for at, one in firsts if at is not None and at >= since]
    return Shown(f"shipment:{late[0][1].tracking_no or order.id}", late[0][0]) if late else _delivered(order, since)


def _replaced(order: Order, since: datetime) -> Shown | None:
    """A parcel that set out after the case was raised has arrived."""
    for one in order.shipments:
        first = _first(one)
        if first is not None and first >= since and one.status == OrderStatus.DELIVERED:
            return Shown(f"shipment:{one.tracking_no or order.id}", max(scan.at for scan in one.events))
    return None


def _first(parcel: Shipment) -> datetime | None:
    return min((scan.at for scan in parcel.events), default=None)


@dataclass(frozen=True)
class Ends:
    """An event that ends a matter; ``chosen``: only when the buyer chose an option with one of these actions."""

    shows: Shows
    chosen: frozenset[str] | None = None


_MONEY: Final = frozenset({"refund", "return_refund", "cancel_refund"})
_GOODS: Final = frozenset({"reship", "exchange", "resend_gift", "repair"})
# Money or goods end a matter only where they are what the buyer took: a small refund is no replacement.
_BY_CHOICE: Final = (Ends(_refunded, _MONEY), Ends(_replaced, _GOODS))
ENDS: Final[Mapping[Issue, tuple[Ends, ...]]] = {
    Issue.SHIPPING_TIME: (Ends(_set_out),),
    Issue.LOGISTICS_QUERY: (Ends(_delivered),),
    Issue.DELIVERY_DELAY: (Ends(_delivered),),
    Issue.REFUND_REQUEST: (Ends(_refunded),),
    Issue.REFUND_STATUS: (Ends(_refunded),),
    Issue.CANCEL_ORDER: (Ends(_cancelled),),
    Issue.PRICE_PROMOTION: (Ends(_refunded, _MONEY),),
    Issue.RETURN_EXCHANGE: _BY_CHOICE,
    Issue.DAMAGED: _BY_CHOICE,
    Issue.WRONG_ITEM: _BY_CHOICE,
    Issue.MISSING_ITEM: _BY_CHOICE,
    Issue.QUALITY_DEFECT: _BY_CHOICE,
    Issue.NOT_AS_DESCRIBED: _BY_CHOICE,
    Issue.SIZE_MISMATCH: _BY_CHOICE,
    # "Delivered" is what the buyer doubts here: only what they chose instead ends it.
    Issue.NOT_RECEIVED: _BY_CHOICE,
    Issue.LOST_PARCEL: _BY_CHOICE,
}
"""What of an order ends which matter; what stands not here is ended by a person."""

# Most orders are the matter of no case, and every look-up asks.
_ABOUT: Final = Direct(
    select(CaseRow.id)
    .where(
        among(CaseRow.order_id, "orders"),
        CaseRow.state != CaseState.RESOLVED,
        CaseRow.conversation.in_(select(ConversationRow.id).where(ConversationRow.buyer == bindparam("the_buyer"))),
    )
    .limit(1)
)


async def resolve(session: AsyncSession, row: CaseRow, *, by: str, evidence: str | None, now: datetime) -> bool:
    """End the case; False when it had ended before. ``by`` is a person's id or ``BY_ORDER``; the row is locked."""
    if row.state == CaseState.RESOLVED:
        return False
    row.state, row.resolved_at, row.resolved_by, row.evidence = CaseState.RESOLVED, now, by, evidence
    row.follow_up = row.follow_up_from = row.follow_up_until = row.follow_up_draft = None
    row.solved = row.solved_at = None
    row.version, row.updated_at = row.version + 1, now
    await session.flush()
    await queue.defer(session, CASE_RESOLVED, merchant=row.merchant, ref=row.id)
    shop = (await session.scalars(select(ConversationRow.shop).where(ConversationRow.id == row.conversation))).one()
    await events.append(
        session, merchant=row.merchant, shop=shop, topic="conversation.changed", ref=str(row.conversation), at=now
    )
    return True


async def resolve_by_person(
    session: AsyncSession, conversation: uuid.UUID, case: uuid.UUID, *, by: str, evidence: str | None, now: datetime
) -> tuple[CaseRow, bool]:
    """End a case of the conversation because ``by`` says so; with whether that changed anything.

    Raises:
        NoSuchCase: the conversation has none of that id.
    """
    found = select(CaseRow).where(CaseRow.id == case, CaseRow.conversation == conversation).with_for_update()
    row = await session.scalar(found)
    if row is None:
        raise NoSuchCase(f"there is no case {case}")
    return row, await resolve(session, row, by=by, evidence=evidence, now=now)


async def resolve_by_orders(
    session: AsyncSession, buyer: uuid.UUID | None, orders: Sequence[Order], now: datetime
) -> int:
    """End the open cases about ``orders`` that they show to be done; returns how many.

    ``buyer`` is whose orders they are; of nobody we know no case is ended. Everything in the session's transaction.
    """
    by_id = {order.id: order for order in orders}
    if not by_id or buyer is None or await _ABOUT.first(session, {"the_buyer": buyer, "orders": list(by_id)}) is None:
        return 0
    theirs = select(ConversationRow.id).where(ConversationRow.buyer == buyer)
    found = (
        select(CaseRow)
        .where(
            CaseRow.order_id.in_(by_id),
            CaseRow.state != CaseState.RESOLVED,
            CaseRow.issue.in_([issue.value for issue in ENDS]),
            CaseRow.conversation.in_(theirs),
        )
        .order_by(CaseRow.id)
        .with_for_update()
    )
    count = 0
    for row in await session.scalars(found):
        shown = _shown(row, by_id[row.order_id or ""])
        if shown is None or await is_owed(session, row) or await _wrote_after(session, theirs, shown.at):
            continue
        count += await resolve(session, row, by=BY_ORDER, evidence=shown.evidence, now=now)
    return count


def _shown(row: CaseRow, order: Order) -> Shown | None:
    case = Case.model_validate(row.body)
    chosen = next((option.action for option in case.offered if option.id == case.chosen), None)
    for end in ENDS[Issue(row.issue)]:
        if end.chosen is None or chosen in end.chosen:
            shown = end.shows(order, row.raised_at or row.created_at)
            if shown is not None:
                return shown
    return None


async def is_owed(session: AsyncSession, row: CaseRow) -> bool:
    """Whether something that belongs to the case is still to be done."""
    about = or_(CommitmentRow.order_id == row.order_id, CommitmentRow.order_id.is_(None))
    owed = select(CommitmentRow.id).where(
        CommitmentRow.conversation == row.conversation, CommitmentRow.state.in_(OPEN), about
    )
    return await session.scalar(owed.limit(1)) is not None


async def _wrote_after(session: AsyncSession, conversations: Any, at: datetime) -> bool:
    """Whether the buyer has written since: what they say then may be that it is not done."""
    later = select(MessageRow.id).where(
        MessageRow.conversation.in_(conversations),
        MessageRow.role == Role.BUYER,
        MessageRow.visible,
        MessageRow.recalled_at.is_(None),
        MessageRow.received_at > at,
    )
    return await session.scalar(later.limit(1)) is not None
