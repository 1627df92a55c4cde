"""Until when things hold: the days to return a thing, its warranty, its price protection; when it is there again.

Owns these days, counted on the shop's calendar from what the order and the product state; refuses to count what only
the shop's own words say.
"""

from calendar import monthrange
from datetime import date, timedelta

from copilot.domain.order import Product
from copilot.playbook.situation import Situation, delivered_at


def protection_end(situation: Situation) -> date | None:
    """The last day of price protection, counted from the day of the order."""
    order, days = situation.chosen_order, situation.terms.price_protection_days
    if order is None or order.created_at is None or days is None:
        return None
    return situation.days.day(order.created_at) + timedelta(days=days)


def protection_left(situation: Situation) -> int | None:
    """Days until price protection ends; negative when it has ended."""
    end = protection_end(situation)
    return None if end is None else (end - situation.days.day(situation.now)).days


def restock_at(situation: Situation) -> date | None:
    """The day, still ahead, on which the shop says that the product is there again."""
    if situation.dates_unsure:
        return None
    said = situation.product.attributes.get("restock_at") if situation.product else None
    try:
        day = date.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return day if day is not None and day > situation.days.day(situation.now) else None


def stated_warranty(product: Product | None) -> tuple[str, str | int | None]:
    """The attribute in which the product states its warranty, and its value; None when it states none."""
    for key in ("warranty", "warranty_months", "warranty_days"):
        value = product.attributes.get(key) if product else None
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            return key, value
    return "warranty", None


def warranty_end(situation: Situation) -> date | None:
    """The last day of the warranty, counted from delivery: what the product states goes before the shop's terms."""
    arrived = delivered_at(situation)
    if arrived is None:
        return None
    day = situation.days.day(arrived)
    key, stated = stated_warranty(situation.product)
    if stated is None:
        days = situation.terms.warranty_days
        return None if days is None else day + timedelta(days=days)
    if not isinstance(stated, int):
        # Words of the shop's own ("全国联保") hold more than a number of days; a person counts them.
        return None
    return day + timedelta(days=stated) if key == "warranty_days" else _months_after(day, stated)


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    last = monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, last))


def warranty_left(situation: Situation) -> int | None:
    """Days until the warranty ends; negative when it has ended."""
    end = warranty_end(situation)
    return None if end is None else (end - situation.days.day(situation.now)).days


def fault_end(situation: Situation) -> date | None:
    """The last day on which a fault is reported like a return: the days for returns, or those for faults if longer."""
    arrived, terms = delivered_at(situation), situation.terms
    days = max((one for one in (terms.return_days, terms.fault_days) if one is not None), default=None)
    return None if arrived is None or days is None else situation.days.day(arrived) + timedelta(days=days)


def fault_left(situation: Situation) -> int | None:
    """Days until then; negative when it has passed."""
    end = fault_end(situation)
    return None if end is None else (end - situation.days.day(situation.now)).days


def window_end(situation: Situation) -> date | None:
    """The last day on which the order can be returned."""
    arrived, days = delivered_at(situation), situation.terms.return_days
    return None if arrived is None or days is None else situation.days.day(arrived) + timedelta(days=days)
