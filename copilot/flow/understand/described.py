"""Which of a buyer's orders their words describe: by its place in our question, where it stands, its age, its things.

Owns these ways of telling orders apart; refuses to pick one where the words fit several.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from copilot.domain.order import Order, OrderStatus
from copilot.flow.understand.names import is_named, is_named_apart
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
_ARRIVED_AGO = {"arrived_today": 0, "arrived_yesterday": 1, "arrived_day_before": 2}
_STILL = timedelta(hours=30)
"""So long without a scan, a parcel is one that does not move; a night without any is every parcel's."""
_ROUGHLY = 0.7
_WAITED = re.compile(
    r"\b(?:been|waited|waiting|for)\b[^.?!\n]{0,16}?"
    r"\b(?P<number>\d{1,2}|an?|two|three|four|five|six) (?:whole )?(?P<unit>days?|weeks?)\b"
    r"|(?:都|等了|已经|快|过了)(?:有|快)?(?P<count>\d{1,2}|[一两二三四五六七八九十])(?:个)?(?P<ago>天|周|星期|礼拜)(?:了|多)"
)
_USED = re.compile(
    r"\b(?:used|worn|wore|had|using|lasted|after)\b[^.?!\n]{0,16}?"
    r"\b(?P<number>\d{1,2}|an?|two|three|four|five|six) (?P<unit>days?|weeks?)\b"
    r"|(?:穿|用|戴|买|拿到)(?:了|来)?(?:不到|才|还没|刚)?(?P<count>\d{1,2}|[一两二三四五六七八九十])(?:个)?(?P<ago>天|周|星期|礼拜)"
)
_COUNTS = {
    **{word: at for at, word in enumerate(("two", "three", "four", "five", "six"), 2)},
    **{sign: at for at, sign in enumerate("一二三四五六七八九十", 1)},
    "两": 2,
}
_PLACES = ("order_first", "order_second", "order_third")


def named_things(orders: Sequence[Order], text: str) -> tuple[Order, ...]:
    """Those of ``orders`` of which ``text`` names a thing; none where it names one of each."""
    folded = fold(text)
    found = tuple(order for order in orders if is_named(order, folded, orders))
    if len(found) < len(orders):
        return found
    apart = tuple(order for order in orders if is_named_apart(order, folded, orders))
    return apart if len(apart) < len(orders) else ()


def described(
    orders: Sequence[Order], text: str, said_at: datetime | None = None, asked: str = ""
) -> tuple[Order, ...]:
    """Those of ``orders`` that ``text``, said at ``said_at``, describes; none where it describes none of them.

    Each way narrows what the one before has left. ``asked`` is what the shop said last: "the second one" is one of the
    orders that it names.
    """
    folded = fold(text)
    left, found = tuple(orders), False
    ways = (
        _by_place(fold(asked)),
        _by_state,
        _by_stillness(said_at),
        _by_age(said_at),
        _by_arrival(said_at),
        _by_use(said_at),
        _by_name,
    )
    for way in ways:
        fitting = way(left, folded)
        if fitting:
            left, found = fitting, True
    return left if found else ()


def _by_state(orders: tuple[Order, ...], folded: str) -> tuple[Order, ...]:
    states = [states for meaning, states in _STATES.items() if says(meaning, folded)]
    return tuple(order for order in orders if len(states) == 1 and order.status in states[0])


def _by_stillness(said_at: datetime | None) -> Callable[[tuple[Order, ...], str], tuple[Order, ...]]:
    def fitting(orders: tuple[Order, ...], folded: str) -> tuple[Order, ...]:
        if said_at is None or not says("order_still", folded):
            return ()
        scans = {order.id: [one.events[-1].at for one in order.shipments if one.events] for order in orders}
        return tuple(order for order in orders if scans[order.id] and said_at - max(scans[order.id]) > _STILL)

    return fitting


def _by_age(said_at: datetime | None) -> Callable[[tuple[Order, ...], str], tuple[Order, ...]]:
    def fitting(orders: tuple[Order, ...], folded: str) -> tuple[Order, ...]:
        made = {order.id: order.created_at for order in orders if order.created_at is not None}
        if len(made) < len(orders):
            # The newest of those whose age is known may not be the newest.
            return ()
        waited = _days_waited(folded)
        if said_at is not None and waited is not None:
            # Who has waited a week speaks of none that was ordered yesterday.
            old = tuple(one for one in orders if (said_at - made[one.id]).days >= waited * _ROUGHLY)
            return old if len(old) < len(orders) else ()
        day = _day_said(folded, said_at)
        if said_at is not None and day is not None:
            return tuple(one for one in orders if made[one.id].astimezone(said_at.tzinfo).date() == day)
        newest, oldest = says("order_newest", folded), says("order_oldest", folded)
        if not orders or newest is oldest:
            return ()
        by_age = sorted(orders, key=lambda order: made[order.id])
        return (by_age[-1 if newest else 0],)

    return fitting


def _days_waited(folded: str) -> float | None:
    """How many days the words say that something has taken; None where they say none."""
    match = _WAITED.search(folded)
    if match is None:
        return None
    return _days_of(match["number"] or match["count"], match["unit"] or match["ago"])


def _days_of(number: str, unit: str) -> float:
    count = float(number) if number.isdecimal() else float(_COUNTS.get(number, 1))
    return count * (7 if unit.startswith(("week", "周", "星期", "礼拜")) else 1)


def _day_said(folded: str, said_at: datetime | None) -> date | None:
    ago = next((days for meaning, days in _DAYS_AGO.items() if says(meaning, folded)), None)
    return None if ago is None or said_at is None else (said_at - timedelta(days=ago)).date()


def _by_arrival(said_at: datetime | None) -> Callable[[tuple[Order, ...], str], tuple[Order, ...]]:
    def fitting(orders: tuple[Order, ...], folded: str) -> tuple[Order, ...]:
        ago = next((days for meaning, days in _ARRIVED_AGO.items() if says(meaning, folded)), None)
        if ago is None or said_at is None:
            return ()
        day = (said_at - timedelta(days=ago)).date()
        arrived = [(order, order.delivered_at) for order in orders if order.delivered_at is not None]
        return tuple(order for order, at in arrived if at.astimezone(said_at.tzinfo).date() == day)

    return fitting


def _by_use(said_at: datetime | None) -> Callable[[tuple[Order, ...], str], tuple[Order, ...]]:
    def fitting(orders: tuple[Order, ...], folded: str) -> tuple[Order, ...]:
        match = _USED.search(folded)
        if match is None or said_at is None:
            return ()
        days = _days_of(match["number"] or match["count"], match["unit"] or match["ago"])
        had = [(order, (said_at - order.delivered_at).days) for order in orders if order.delivered_at is not None]
        return tuple(order for order, since in had if days / 2 - 1 <= since <= days * 2 + 2)

    return fitting


def _by_place(asked: str) -> Callable[[tuple[Order, ...], str], tuple[Order, ...]]:
    def fitting(orders: tuple[Order, ...], folded: str) -> tuple[Order, ...]:
        listed = _listed(orders, asked)
        if len(listed) < 2:
            return ()
        if says("order_last", folded):
            return (listed[-1],)
        place = next((at for at, meaning in enumerate(_PLACES) if says(meaning, folded)), None)
        return () if place is None or place >= len(listed) else (listed[place],)

    return fitting


def _listed(orders: tuple[Order, ...], asked: str) -> list[Order]:
    """The orders that the shop named in its question, in its sequence; none where two of them have one name."""
    places: dict[int, Order] = {}
    for order in orders:
        at = asked.find(fold(order.items[0].name)) if order.items else -1
        if at in places:
            return []
        if at >= 0:
            places[at] = order
    return [places[at] for at in sorted(places)]


def _by_name(orders: tuple[Order, ...], folded: str) -> tuple[Order, ...]:
    return named_things(orders, folded) or tuple(order for order in orders if is_named(order, folded, orders))
