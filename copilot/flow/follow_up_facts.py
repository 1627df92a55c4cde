"""What the question after a serious case may state: which goods it was about, and how the order shows that it ended.

Owns the choice of facts; each is read off the order or computed from it. Refuses to guess: a refund without a day and
a replacement that nobody scanned are no facts here.
"""

from datetime import datetime

from copilot.domain.case import Case, OrderChoice, OrderWhy
from copilot.domain.fact import Fact
from copilot.domain.issue import Issue, Turn, Understanding
from copilot.domain.order import AfterSale, Order, OrderStatus, Shipment
from copilot.flow.shops import Rules
from copilot.playbook import Situation
from copilot.playbook.facts import facts_of
from copilot.playbook.fit import Fit
from copilot.playbook.situation import after_sale_state

_DELIVERY = frozenset({Issue.DELIVERY_DELAY, Issue.LOST_PARCEL, Issue.NOT_RECEIVED})
"""Matters that end when the parcel itself arrives."""
_REFUND = ("after_sale.amount", "after_sale.refunded_at")


def order_of(case: Case, orders: tuple[Order, ...] | None) -> Order | None:
    """The order that ``case`` is about, where it is among the buyer's known ``orders``."""
    return next((one for one in orders or () if case.order is not None and one.id == case.order.id), None)


def under_way(order: Order) -> bool:
    """Whether a request for the order is being dealt with on the platform."""
    return any(after_sale_state(one) == "in_progress" for one in order.after_sales)


def facts_for_question(
    case: Case, order: Order | None, product: str | None, since: datetime | None, rules: Rules, now: datetime
) -> dict[str, Fact]:
    """The facts by id; empty when the order is not known. ``product`` is the id of what the case is about.

    ``since`` is when the case was raised: what the order showed before ended nothing.
    """
    if order is None:
        return {}
    # Of a parcel that was late or lost, the next one to arrive is more likely the late one itself.
    parcel = _replaced(order, since) if since and case.issue not in _DELIVERY else None
    refund = _refunded(order, since) if since and parcel is None else None
    situation = Situation(
        understanding=Understanding(turn=Turn.SMALL_TALK, language=case.language or ""),
        now=now,
        days=rules.calendar,
        terms=rules.terms,
        # Earlier requests and parcels say nothing of how this ended.
        orders=(
            order.model_copy(
                update={"after_sales": (refund,) if refund else (), "shipments": (parcel,) if parcel else ()}
            ),
        ),
        order=OrderChoice(id=order.id, why=OrderWhy.CASE),
        case=case,
        product_cards=(product,) if product else (),
    )
    known = facts_of(situation, rules.playbooks.words, Fit())
    wanted = ["case.item.name", "order.created_at"]
    if parcel is not None:
        wanted.append("shipment.last_event.at")
    elif refund is not None:
        wanted += _REFUND
        arrives = known.get("after_sale.arrives_by")
        if arrives is not None and str(arrives.value) >= situation.days.day(now).isoformat():
            wanted.append("after_sale.arrives_by")
    elif since and case.issue in _DELIVERY and order.delivered_at is not None and order.delivered_at >= since:
        wanted.append("order.delivered_at")
    return {known[name].id: known[name] for name in wanted if name in known}


def _replaced(order: Order, since: datetime) -> Shipment | None:
    """A parcel that set out after the case was raised and has arrived."""
    for one in order.shipments:
        first = min((scan.at for scan in one.events), default=None)
        if first is not None and first >= since and one.status == OrderStatus.DELIVERED:
            return one
    return None


def _refunded(order: Order, since: datetime) -> AfterSale | None:
    """The last request whose money left after the case was raised, with its sum and its day."""
    left = [
        (one.refunded_at, one.id, one)
        for one in order.after_sales
        if one.amount is not None and one.refunded_at is not None and one.refunded_at >= since
    ]
    return max(left)[2] if left else None
