"""Which states an order is in when it is what an issue is about.

Owns that table; refuses to choose between orders that fit alike.
"""

from copilot.domain.issue import Issue
from copilot.domain.order import Order, OrderStatus

_S = OrderStatus
_BEFORE = frozenset({_S.UNPAID, _S.TO_SHIP})
_UNDERWAY = frozenset({_S.TO_SHIP, _S.SHIPPED})
_SENT = frozenset({_S.SHIPPED, _S.DELIVERED, _S.COMPLETED})
_PAID = _SENT | {_S.TO_SHIP}
ARRIVED = frozenset({_S.DELIVERED, _S.COMPLETED})
_ALL = frozenset(_S)
_LIVE = _ALL - {_S.CANCELLED}
FITS: dict[Issue, frozenset[OrderStatus]] = {
    Issue.SHIPPING_TIME: frozenset({_S.TO_SHIP}),
    Issue.LOGISTICS_QUERY: _UNDERWAY,
    Issue.DELIVERY_DELAY: _UNDERWAY,
    Issue.LOST_PARCEL: _SENT,
    Issue.NOT_RECEIVED: _SENT,
    Issue.ADDRESS_CHANGE: frozenset({_S.UNPAID, _S.TO_SHIP, _S.SHIPPED}),
    Issue.QUALITY_DEFECT: _SENT,
    Issue.DAMAGED: _SENT,
    Issue.WRONG_ITEM: _SENT,
    Issue.MISSING_ITEM: _SENT,
    Issue.NOT_AS_DESCRIBED: _SENT,
    Issue.SIZE_MISMATCH: _SENT,
    Issue.RETURN_EXCHANGE: _SENT,
    Issue.REFUND_REQUEST: _PAID,
    Issue.REFUND_STATUS: _PAID | {_S.CANCELLED},
    Issue.CANCEL_ORDER: _BEFORE | {_S.SHIPPED},
    Issue.WARRANTY: ARRIVED,
    Issue.INVOICE: _PAID,
    Issue.PAYMENT_ACCOUNT: _ALL,
    Issue.COMPLAINT: _ALL,
    Issue.REVIEW: ARRIVED,
    Issue.AD_MISMATCH: _PAID,
    Issue.USAGE_QUESTION: _SENT,
}
"""The states an order is usually in when it is what an issue is about; an order in state ``unknown`` fits any."""
FITS_TOO: dict[Issue, frozenset[OrderStatus]] = {
    Issue.MISSING_ITEM: frozenset({_S.TO_SHIP}),
    Issue.SHIPPING_TIME: _LIVE,
    Issue.LOGISTICS_QUERY: _LIVE,
    Issue.DELIVERY_DELAY: _LIVE,
    Issue.REFUND_REQUEST: _ALL,
    Issue.REFUND_STATUS: _ALL,
    Issue.CANCEL_ORDER: _ALL,
    Issue.RETURN_EXCHANGE: _LIVE,
    Issue.ADDRESS_CHANGE: _ALL,
    Issue.HUMAN_REQUEST: _ALL,
    Issue.PRICE_PROMOTION: _LIVE,
}
"""The states it may also be in, asked only when no order is in a usual one: "has it come?" of a delivered order, a gift
that is to come along with one that is still here."""
UNSEEN = frozenset({Issue.NOT_RECEIVED, Issue.LOST_PARCEL})
"""What is said of a parcel that never came, also when the platform says that it did."""
_AT_ARRIVAL = frozenset({Issue.DAMAGED, Issue.WRONG_ITEM, Issue.MISSING_ITEM, Issue.NOT_AS_DESCRIBED})
"""What is found when the parcel is opened."""
_IN_HAND = _AT_ARRIVAL | {
    Issue.QUALITY_DEFECT,
    Issue.SIZE_MISMATCH,
    Issue.RETURN_EXCHANGE,
    Issue.WARRANTY,
    Issue.USAGE_QUESTION,
}
"""What is said of a thing that one holds in one's hands."""
_OPTIONAL = frozenset(
    {
        Issue.PAYMENT_ACCOUNT,
        Issue.COMPLAINT,
        Issue.REVIEW,
        Issue.INVOICE,
        Issue.SHIPPING_TIME,
        Issue.AD_MISMATCH,
        Issue.USAGE_QUESTION,
    }
)
"""Issues that an order helps to answer but that can be spoken of without one."""


def fits(order: Order, issue: Issue) -> bool:
    """Whether ``order`` can be what ``issue`` is about."""
    if issue is Issue.REFUND_STATUS and order.after_sales:
        return True
    return order.status is _S.UNKNOWN or order.status in FITS.get(issue, frozenset())


def needs_order(issue: Issue | None) -> bool:
    """Whether ``issue`` cannot be answered without knowing the order."""
    return issue is not None and issue in FITS and issue not in _OPTIONAL


def likeliest(orders: list[Order], issue: Issue) -> list[Order]:
    """Those of ``orders`` whose own state makes the matter likeliest; none where their states tell nothing apart."""
    if issue is Issue.REFUND_STATUS:
        return [order for order in orders if order.after_sales]
    if issue in _IN_HAND:
        # What has not arrived can be neither broken nor sent back; what the buyer has closed is seldom what came wrong.
        there = [order for order in orders if order.status in ARRIVED or _has_parcel_there(order)] or orders
        return [order for order in there if order.status is not _S.COMPLETED] if issue in _AT_ARRIVAL else there
    if issue in UNSEEN:
        return [order for order in orders if order.status is not _S.COMPLETED]
    return []


def _has_parcel_there(order: Order) -> bool:
    return any((one.status or "").lower() == "delivered" for one in order.shipments)
