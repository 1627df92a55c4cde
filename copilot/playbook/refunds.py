"""What a refund came to: by when it arrives, what it leaves open of what was paid, whether it is the sum agreed on.

Pure arithmetic over one situation; None where the facts do not tell.
"""

from datetime import date

from copilot.domain.money import Money
from copilot.domain.order import AfterSale, OrderStatus
from copilot.playbook.situation import Situation, after_sale_state, delivered_at


def arrives_by(situation: Situation) -> date | None:
    """The last business day on which a refund that was made should show."""
    request, span = situation.after_sale, situation.terms.refund_arrival_business_days
    if request is None or request.refunded_at is None or span is None:
        return None
    return situation.days.business_days_after(request.refunded_at, span.max)


def refund_gap(situation: Situation) -> Money | None:
    """What was paid beyond what was refunded; None where several lines or refunds leave open what belongs to what."""
    order, request = situation.chosen_order, situation.after_sale
    if order is None or request is None or len(order.items) != 1:
        return None
    refunded = [one for one in order.after_sales if after_sale_state(one) == "refunded"]
    if refunded != [request] or order.total is None or request.amount is None:
        return None
    if order.total.currency != request.amount.currency:
        return None
    return Money.from_minor(order.total.minor - request.amount.minor, order.total.currency)


def left_to_refund(situation: Situation) -> Money | None:
    """What of the order's total was not refunded yet, never below nothing; None where nothing was, or sums differ."""
    order = situation.chosen_order
    if order is None or order.total is None:
        return None
    made = [one.amount for one in order.after_sales if after_sale_state(one) == "refunded" and one.amount is not None]
    if not made or any(one.currency != order.total.currency for one in made):
        return None
    return Money.from_minor(max(order.total.minor - sum(one.minor for one in made), 0), order.total.currency)


def is_paid_back(situation: Situation) -> bool:
    """Whether all of an order that was not cancelled was refunded."""
    order, left = situation.chosen_order, left_to_refund(situation)
    return order is not None and order.status is not OrderStatus.CANCELLED and left is not None and left.minor == 0


def refund_agreed(situation: Situation) -> bool:
    """Whether the sum that was refunded is one that the buyer took or was promised for this order."""
    order, request = situation.chosen_order, situation.after_sale
    if order is None or request is None or request.amount is None:
        return False
    about = [one for one in (situation.case, *situation.cases) if one is not None]
    about = [one for one in about if one.order is not None and one.order.id == order.id]
    taken = [option.cost for one in about for option in one.offered if option.id == one.chosen]
    promised = [promise.amount for one in about for promise in one.commitments if promise.order in (None, order.id)]
    return request.amount in (*taken, *promised)


def while_kept(situation: Situation, request: AfterSale) -> bool | None:
    """Whether the money left while the goods were with the buyer: before that it was a parcel that should turn back."""
    arrived = delivered_at(situation)
    return None if arrived is None or request.refunded_at is None else request.refunded_at >= arrived
