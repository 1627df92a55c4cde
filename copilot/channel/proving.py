"""Which promises a buyer's orders show to be kept: money that left, a parcel that set out, an order that is cancelled.

What no order can show (a call, a voucher) stays for a person to tick off.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.owing import OPEN, prove
from copilot.domain.order import Order, OrderStatus
from copilot.store.direct import Direct, among
from copilot.store.tables import CommitmentRow, ConversationRow

Shows = Callable[[Order, datetime], str | None]
"""What of an order shows that something was done after a moment; None when nothing does."""


def _refunded(order: Order, since: datetime) -> str | None:
    for one in order.after_sales:
        if one.money_left_at is not None and one.money_left_at >= since:
            return f"after_sale:{one.id}"
    return None


def _sent_out(order: Order, since: datetime) -> str | None:
    for parcel in order.shipments:
        # A label is no parcel yet: what counts is that somebody has scanned it.
        first = min((scan.at for scan in parcel.events), default=None)
        if first is not None and first >= since:
            return f"shipment:{parcel.tracking_no or order.id}"
    return None


def _cancelled(order: Order, since: datetime) -> str | None:
    return _refunded(order, since) or (f"order:{order.id}" if order.status is OrderStatus.CANCELLED else None)


_BY_WHAT: Final[Mapping[str, Shows]] = {
    "refund": _refunded,
    "refund_keep": _refunded,
    "refund_full": _refunded,
    "return_refund": _refunded,
    "price_gap": _refunded,
    "cancel": _cancelled,
    "cancel_refund": _cancelled,
    "ship": _sent_out,
    "send": _sent_out,
    "reship": _sent_out,
    "exchange": _sent_out,
    "send_missing": _sent_out,
}

# Most buyers are owed nothing, and every look-up asks.
_OWED: Final = Direct(
    select(CommitmentRow.id)
    .where(
        among(CommitmentRow.state, OPEN),
        CommitmentRow.conversation.in_(
            select(ConversationRow.id).where(ConversationRow.buyer == bindparam("the_buyer"))
        ),
    )
    .limit(1)
)


def shown_by(what: str, order: Order, since: datetime) -> str | None:
    """What in ``order`` shows that ``what``, promised at ``since``, was done; None when nothing does."""
    shows = _BY_WHAT.get(what.removeprefix("option."))
    return shows(order, since) if shows else None


async def prove_by_orders(
    session: AsyncSession, buyer: uuid.UUID | None, orders: Sequence[Order], now: datetime
) -> int:
    """End the open promises about ``orders`` that they show to be kept; returns how many.

    ``buyer`` is whose orders they are (None: nobody's we know). A promise that names no order is shown by the buyer's
    only one. Everything in the session's transaction.
    """
    by_id = {order.id: order for order in orders}
    if not by_id:
        return 0
    found = select(CommitmentRow).where(CommitmentRow.state.in_(OPEN)).order_by(CommitmentRow.id).with_for_update()
    if buyer is not None:
        if await _OWED.first(session, {"the_buyer": buyer}) is None:
            return 0
        theirs = select(ConversationRow.id).where(ConversationRow.buyer == buyer)
        found = found.where(CommitmentRow.conversation.in_(theirs))
    else:
        found = found.where(CommitmentRow.order_id.in_(by_id))
    count = 0
    for row in await session.scalars(found):
        only = orders[0] if len(orders) == 1 else None
        order = by_id.get(row.order_id) if row.order_id else only
        evidence = shown_by(row.what, order, row.created_at) if order else None
        if evidence is not None:
            await prove(session, row, evidence, now)
            count += 1
    return count
