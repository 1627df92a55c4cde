"""Which of a buyer's orders their words describe: by where it stands, by its age, by a thing that is in it.

Owns these three ways of telling orders apart; refuses to pick one where the words fit several.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from copilot.domain.order import Order, OrderStatus
from copilot.flow.understand.text import fold
from copilot.flow.understand.words import says

_S = OrderStatus
_STATES: dict[str, frozenset[OrderStatus]] = {
    "order_unpaid": frozenset({_S.UNPAID}),
    "order_waiting": frozenset({_S.TO_SHIP}),
    "order_underway": frozenset({_S.SHIPPED}),
    "order_arrived": frozenset({_S.DELIVERED, _S.COMPLETED}),
}
_DAYS_AGO = {"order_today": 0, "order_yesterday": 1, "order_day_before": 2}
_PLAIN_WORDS = frozenset(
    {
        "with",
        "pack",
        "piece",
        "size",
        "black",
        "white",
        "blue",
        "green",
        "pink",
        "grey",
        "gray",
        "large",
        "small",
        "color",
        "free",
        "order",
        "package",
        "黑色",
        "白色",
        "套装",
        "家用",
        "新款",
        "一个",
        "两个",
        "大码",
        "尺码",
        "礼盒",
        "组合",
    }
)


def described(orders: Sequence[Order], text: str, said_at: datetime | None = None) -> tuple[Order, ...]:
    """Those of ``orders`` that ``text``, said at ``said_at``, describes; none where it describes none of them.

    Each way narrows what the one before has left.
    """
    folded = fold(text)
    left, found = tuple(orders), False
    for way in (_by_state, _by_age(said_at), _by_name):
        fitting = way(left, folded)
        if fitting:
            left, found = fitting, True
    return left if found else ()


def _by_state(orders: tuple[Order, ...], folded: str) -> tuple[Order, ...]:
    states = [states for meaning, states in _STATES.items() if says(meaning, folded)]
    return tuple(order for order in orders if len(states) == 1 and order.status in states[0])


def _by_age(said_at: datetime | None) -> Callable[[tuple[Order, ...], str], tuple[Order, ...]]:
    def fitting(orders: tuple[Order, ...], folded: str) -> tuple[Order, ...]:
        made = {order.id: order.created_at for order in orders if order.created_at is not None}
        if len(made) < len(orders):
            # The newest of those whose age is known may not be the newest.
            return ()
        day = _day_said(folded, said_at)
        if said_at is not None and day is not None:
            return tuple(one for one in orders if made[one.id].astimezone(said_at.tzinfo).date() == day)
        newest, oldest = says("order_newest", folded), says("order_oldest", folded)
        if not orders or newest is oldest:
            return ()
        by_age = sorted(orders, key=lambda order: made[order.id])
        return (by_age[-1 if newest else 0],)

    return fitting


def _day_said(folded: str, said_at: datetime | None) -> date | None:
    ago = next((days for meaning, days in _DAYS_AGO.items() if says(meaning, folded)), None)
    return None if ago is None or said_at is None else (said_at - timedelta(days=ago)).date()


def _by_name(orders: tuple[Order, ...], folded: str) -> tuple[Order, ...]:
    return tuple(order for order in orders if is_named(order, folded))


def is_named(order: Order, folded: str) -> bool:
    """Whether ``folded`` text names a thing of ``order`` by a word of its own name ("the mug", 台灯)."""
    return any(word in folded for item in order.items for word in _name_words(item.name))


def _name_words(name: str) -> set[str]:
    folded = fold(name)
    words = {word for word in re.findall(r"[a-z]{4,}", folded)}
    words |= {word.removesuffix("s") for word in words if len(word) > 4}
    for run in re.findall(r"[\u3400-\u9fff]{2,}", folded):
        words |= {run[at : at + 2] for at in range(len(run) - 1)}
    return words - _PLAIN_WORDS
