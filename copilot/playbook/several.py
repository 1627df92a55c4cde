"""What a buyer's orders are to each other and to what was said of them: those that wait, that are to come, twins.

Owns which of them a reply may list; refuses to choose the one that is meant.
"""

from datetime import date

from copilot.domain.order import Order, OrderStatus, same_goods
from copilot.playbook.matters import UNDER_WAY
from copilot.playbook.situation import Situation

_MOST = 3
"""More orders than that are a list, not a reply."""


def waiting(situation: Situation) -> tuple[Order, ...]:
    """The two or three orders that wait to be shipped, each in time and told apart by its thing; else none."""
    found = tuple(order for order in situation.orders or () if order.status is OrderStatus.TO_SHIP)
    dated = all(order.ship_by is not None and order.ship_by > situation.now for order in found)
    return found if _can_be_listed(found) and dated and not situation.dates_unsure else ()


def to_come(situation: Situation) -> tuple[Order, ...]:
    """The two or three orders that have not arrived, each told apart by its thing; else none."""
    found = tuple(order for order in situation.orders or () if order.status in UNDER_WAY)
    return found if _can_be_listed(found) else ()


def twin(situation: Situation) -> Order | None:
    """The buyer's other live order of the very same goods as the chosen one; None where there is none."""
    mine = situation.chosen_order
    if mine is None:
        return None
    others = (one for one in situation.orders or () if one is not mine and one.status is not OrderStatus.CANCELLED)
    return next((one for one in others if same_goods(one, mine)), None)


def leaves_on(situation: Situation) -> date | None:
    """The day that a colleague named for the order before it was placed, as long as nothing speaks against it."""
    order, day = situation.chosen_order, situation.leaves_on
    if day is None or situation.dates_unsure or day < situation.days.day(situation.now):
        return None
    return day if order is None or order.status is OrderStatus.TO_SHIP else None


def _can_be_listed(orders: tuple[Order, ...]) -> bool:
    named = {order.items[0].name for order in orders if order.items}
    return 1 < len(orders) <= _MOST and len(named) == len(orders)
