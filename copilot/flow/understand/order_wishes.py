"""Which of a buyer's orders a wish by its name is about: one that is still here, the younger of two that are the same.

Owns what a wish alone says of the orders; refuses to pick where it leaves several.
"""

from copilot.domain.order import Order, OrderStatus, same_goods
from copilot.flow.understand.text import fold
from copilot.flow.understand.words import says

TOGETHER = "together"
"""The wish for one parcel for several orders."""
TWICE = "twice"
"""The wish to be rid of one of two orders of the very same goods."""
_OF_EITHER = frozenset({"size_picked", "quantity"})
"""Wishes about an order that is still here as often as about one that came."""
_HERE = frozenset({OrderStatus.TO_SHIP, OrderStatus.UNPAID})


def is_of_either(wish: str) -> bool:
    """Whether ``wish`` is as likely about an order that has not left as about one that came."""
    return wish in _OF_EITHER


def with_waiting(candidates: list[Order], held: list[Order], wish: str, text: str) -> list[Order]:
    """``candidates`` and those that have not left, where ``wish`` may mean these; they alone where ``text`` says so."""
    if not is_of_either(wish):
        return candidates
    here = [order for order in held if order.status is OrderStatus.TO_SHIP]
    if here and says("not_sent_yet", fold(text)):
        return here
    return [order for order in held if order in candidates or order in here]


def by_wish(candidates: list[Order], wish: str) -> list[Order]:
    """Those of ``candidates`` that ``wish`` leaves."""
    if wish == TWICE:
        return _younger_twin(candidates)
    if wish == TOGETHER and all(one.status is OrderStatus.TO_SHIP for one in candidates):
        # What holds for the one parcel holds for both of them.
        return candidates[:1]
    return candidates


def _younger_twin(orders: list[Order]) -> list[Order]:
    """Of two orders of the same goods the younger one that has not left; ``orders`` where nothing is there twice."""
    twice = [one for one in orders if any(other is not one and same_goods(one, other) for other in orders)]
    if not twice or any(one.created_at is None or not same_goods(one, twice[0]) for one in twice):
        return orders
    here = [one for one in twice if one.status in _HERE] or twice
    return [max(here, key=lambda one: one.created_at.timestamp() if one.created_at else 0.0)]
