"""What the values of conditions say about each other: an order that waits for payment has not arrived.

Owns a table that repeats, as conditions, what ``values.py`` computes; ``tests/playbook/test_derived.py`` holds every
line against random orders, so that lint never rests on what is no longer so.
"""

from functools import cache

from copilot.domain.issue import Turn
from copilot.domain.order import AfterSaleKind, OrderStatus
from copilot.playbook.situation import SHIPPED

_STATES = tuple(one.value for one in OrderStatus if one is not OrderStatus.UNKNOWN)
_AFTER_SALES = ("none", "in_progress", "refunded", "done", "rejected")

WORDS: dict[str, tuple[str, ...]] = {
    "order.status": _STATES,
    "after_sale.state": _AFTER_SALES,
    "after_sale.kind": tuple(one.value for one in AfterSaleKind),
    "turn.kind": tuple(one.value for one in Turn),
}
"""All that a name can be; a name that is not here may be any word."""

_ALWAYS = frozenset(
    "order.known orders.waiting orders.twin shipment.known shipment.tracked shipment.scanned shipment.rest"
    " shipment.returning shipment.at_station shipment.handed shipment.anew after_sale.state after_sale.open"
    " after_sale.received after_sale.due item.known item.several item.of_kit product.known case.unsolved"
    " case.leaves_told case.cancel_asked question.topics question.known question.open question.row buyer.tags"
    " clock.hour clock.weekday authority.per_order authority.left notice.dates_unsure fit.has_table fit.measured"
    " fit.variant fit.other_colour fit.several fit.several_gone terms.exchange terms.refund_lost terms.photo_required"
    " terms.refund_trace".split()
)

_OF_THE_STATE = {
    "order.unpaid": ("unpaid",),
    "order.to_ship": ("to_ship",),
    "order.cancelled": ("cancelled",),
    "order.shipped": tuple(one for one in _STATES if OrderStatus(one) in SHIPPED),
}
# A name that is known, or true, only where another one is.
_NEEDS = (
    (
        "order.known",
        "has(order.{})",
        "region status unpaid to_ship shipped delivered cancelled total ship_late ship_by_rest days_since_delivered",
    ),
    ("order.known", "{}", "shipment.known item.known item.several"),
    ("shipment.known", "has(shipment.{})", "days_still late"),
    ("shipment.known", "shipment.{}", "tracked scanned rest returning at_station handed anew"),
    (
        "after_sale.state != 'none'",
        "has(after_sale.{})",
        "kind amount gap agreed refund_known arrival_passed while_kept",
    ),
    ("item.known", "has(item.{})", "total price quantity missing part broken pieces"),
    ("product.known", "has(product.{})", "price stock on_sale restock warranty promotion bought"),
)
_LINES = (
    ("order.status in ['delivered', 'completed']", "order.delivered"),
    ("order.status == 'unpaid'", "!order.delivered"),
    ("has(order.status)", "has(order.delivered)"),
    ("has(order.days_since_delivered)", "order.delivered"),
    ("order.ship_late", "order.to_ship"),
    ("shipment.anew", "order.delivered"),
    ("shipment.rest", "!has(shipment.whole)"),
    ("shipment.returning", "!order.delivered && after_sale.state == 'none'"),
    ("after_sale.open", "after_sale.state == 'in_progress'"),
    ("!after_sale.open", "after_sale.state != 'in_progress'"),
    ("after_sale.state == 'in_progress'", "after_sale.open"),
    ("after_sale.state != 'in_progress'", "!after_sale.open"),
    ("after_sale.received", "after_sale.state != 'none'"),
    ("after_sale.state != 'none'", "order.known && has(after_sale.kind) && has(after_sale.agreed)"),
    ("after_sale.refund_known", "after_sale.state == 'refunded' && has(after_sale.amount)"),
    ("has(after_sale.gap)", "after_sale.state == 'refunded' && has(after_sale.amount)"),
    ("has(after_sale.arrival_passed)", "after_sale.state == 'refunded'"),
    ("has(after_sale.while_kept)", "after_sale.state == 'refunded' && order.delivered"),
    ("has(case.drop)", "item.known && product.known"),
    ("has(case.warranty_left)", "has(order.days_since_delivered)"),
    ("has(case.fault_left)", "has(order.days_since_delivered)"),
    ("has(case.protection_left)", "order.known && has(terms.price_protection_days)"),
    ("question.row", "question.known >= 1"),
    ("true", "question.topics >= question.known && question.topics >= question.open"),
    ("true", "question.known >= 0 && question.open >= 0 && orders.waiting >= 0"),
    ("true", "authority.left >= 0 && authority.left <= authority.per_order"),
    ("true", "clock.hour >= 0 && clock.hour <= 23 && clock.weekday >= 1 && clock.weekday <= 7"),
)


def is_always_known(path: str) -> bool:
    """Whether a condition over ``path`` alone is true or false, never unknown."""
    return path in _ALWAYS or path.startswith("turn.")


@cache
def lines() -> tuple[tuple[str, str], ...]:
    """Pairs of conditions: wherever the first is true, the second is known and true."""
    found = list(_LINES)
    for flag, states in _OF_THE_STATE.items():
        others = [one for one in _STATES if one not in states]
        for sign, listed in (("", states), ("!", others)):
            found += [(f"{sign}{flag}", _among(listed)), (_among(listed), f"{sign}{flag}")]
    for needed, shape, listed in _NEEDS:
        found += [(shape.format(name), needed) for name in listed.split()]
    return tuple(found)


def _among(states: tuple[str, ...] | list[str]) -> str:
    return f"order.status in [{', '.join(repr(one) for one in states)}]"
