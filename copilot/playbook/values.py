"""What a condition sees: plain values by name, a missing fact as a missing key.

Owns the closed list of names (``names``) and their computation; money is integer minor units, times are counted in shop
days. Nothing here is ever said to a buyer: that is what facts are for.
"""

from collections.abc import Mapping
from datetime import timedelta

from pydantic import JsonValue

from copilot.domain.case import CaseState
from copilot.domain.issue import ASKS, CAME, MISSING, SHORT, TOLD, Issue
from copilot.domain.money import Money
from copilot.domain.order import Order, OrderStatus, Product, Shipment
from copilot.playbook.fit import Fit
from copilot.playbook.handed import handed_over
from copilot.playbook.named import named_in
from copilot.playbook.refunds import arrives_by, refund_agreed, refund_gap, while_kept
from copilot.playbook.said import Said
from copilot.playbook.several import leaves_on, twin, waiting
from copilot.playbook.short import broken_part, broken_pieces, is_of_kit, listed_part, missing_part
from copilot.playbook.situation import (
    SHIPPED,
    UNKNOWN,
    Situation,
    after_sale_state,
    delivered,
    delivered_at,
    has_been_scanned,
    is_returning,
    on_sale,
)
from copilot.playbook.staying import asks_for_way_back, refuses_way_back
from copilot.playbook.terms import Terms
from copilot.playbook.until import fault_left, protection_left, restock_at, stated_warranty, warranty_left
from copilot.playbook.words import Words

_NOTHING_SAID = Said()
_ORDER = (
    "known region status unpaid to_ship shipped delivered cancelled total ship_late ship_by_rest days_since_delivered"
)
_SHIPMENT = "known tracked scanned whole rest days_still late returning at_station handed anew"
GIFT_ABSENT = "gift_absent"
"""The wish by which a turn says that a promised gift is not there."""
_AFTER_SALE = "state open kind received due amount gap agreed refund_known arrival_passed while_kept"
_ORDERS = "waiting twin"
_ITEM = "known several total price quantity missing part of_kit broken pieces"
_PRODUCT = "known price stock on_sale restock warranty promotion bought"
_CASE = "drop protection_left warranty_left fault_left unsolved leaves_told cancel_asked"
_QUESTION = "topics known open row"
_BUYER = "tags level orders"
_CLOCK = "hour weekday desk_open"
_AUTHORITY = "per_order left"
_NOTICE = "dates_unsure"
_FIT = "has_table measured fits size had direction stock variant other_colour several several_gone"
_TERMS = (
    "return_days return_label fault_label fault_days exchange reship.within_days reship.cutoff reship.business_days"
    " keep_refund_percent refund_lost refund_arrival_business_days.min refund_arrival_business_days.max"
    " stalled_after_days photo_required price_protection_days voucher.amount voucher.days voucher.code refund_trace"
    " ship_within_hours hold_minutes address_change warranty_days repair gift gift.within_days gift.cutoff"
    " gift.business_days gift.worth invoice invoice.kind invoice.where invoice.issue invoice.special"
)

# Signals that an answer gives as well, whatever its words: the signal → the slot.
STOCK_TROUBLE = "stock_trouble"
"""The signal that a colleague said the goods are not there."""
OUR_APPROVAL = "our_approval"
"""The signal that a colleague said we let a request pass."""
_STATION = "station"
"""The signal that a parcel was left where it is fetched from; looked for in the carrier's words."""
_ANSWERED = {"new_address": "address", "invoice_title": "invoice_title"}


def names(words: Words) -> frozenset[str]:
    """Every path that a condition may use."""
    groups = {
        "order": _ORDER,
        "shipment": _SHIPMENT,
        "after_sale": _AFTER_SALE,
        "orders": _ORDERS,
        "item": _ITEM,
        "product": _PRODUCT,
        "case": _CASE,
        "fit": _FIT,
        "terms": _TERMS,
        "question": _QUESTION,
        "buyer": _BUYER,
        "clock": _CLOCK,
        "authority": _AUTHORITY,
        "notice": _NOTICE,
        "turn": " ".join(("photo", "kind", "wish", "promised", "told", "keeps", "answers", "asks_on", *words.signals)),
    }
    return frozenset(f"{group}.{name}" for group, listed in groups.items() for name in listed.split())


def values(situation: Situation, words: Words, fit: Fit, said: Said = _NOTHING_SAID) -> dict[str, object]:
    """The values of ``situation``; what is unknown has no key."""
    turn: dict[str, object] = {signal: words.says(signal, _words_of(signal, situation)) for signal in words.signals}
    turn |= {"photo": situation.photo, "kind": situation.understanding.turn.value}
    turn |= {"wish": situation.understanding.wish}
    # "页面写着送旅行装 我没收到" says as a whole that it was a gift.
    turn |= {"gift": turn.get("gift", False) or said.gift or situation.understanding.wish == GIFT_ABSENT}
    turn |= {"awaited": turn.get("awaited", False) or _awaits(situation)}
    turn |= {"promised": said.promised is not None, "told": _told(situation)}
    turn |= {"keeps": refuses_way_back(situation) or asks_for_way_back(situation)}
    turn |= {"answers": TOLD in situation.understanding.answered, "asks_on": ASKS in situation.understanding.answered}
    for signal, slot in _ANSWERED.items():
        if signal in turn:
            turn[signal] = turn[signal] or slot in situation.answered
    asked = said.asked
    return {
        "order": _order(situation),
        "orders": {"waiting": len(waiting(situation)), "twin": twin(situation) is not None},
        "shipment": _shipment(situation, words),
        "after_sale": _after_sale(situation),
        "item": _item(situation),
        "product": _product(situation),
        "case": {"unsolved": situation.matter is not None, "leaves_told": leaves_on(situation) is not None}
        | {"cancel_asked": cancel_asked(situation)}
        | known(
            drop=minor(price_drop(situation)),
            protection_left=protection_left(situation),
            warranty_left=warranty_left(situation),
            fault_left=fault_left(situation),
        ),
        "question": {
            "topics": len(asked.known) + len(asked.unknown),
            "known": len(asked.known),
            "open": len(asked.unknown),
            "row": any(one.row for one in asked.known),
        },
        "buyer": _buyer(situation),
        "clock": _clock(situation),
        "authority": _authority(situation),
        "notice": {"dates_unsure": situation.dates_unsure},
        "fit": _fit(fit),
        "terms": _terms(situation.terms),
        "turn": turn,
    }


def cancel_asked(situation: Situation) -> bool:
    """Whether an open case is a cancellation, whatever this turn raises beside it."""
    about = (situation.case, *situation.cases)
    return any(
        one is not None and one.issue is Issue.CANCEL_ORDER and one.state is not CaseState.RESOLVED for one in about
    )


def _awaits(situation: Situation) -> bool:
    """Whether what is missed is the very thing of an order that has not arrived: it was not left out of any box."""
    said, order = situation.answered.get(MISSING, ""), situation.chosen_order
    if not said or order is None or delivered(situation) is not False:
        return False
    return bool(named_in(said, [item.name for item in order.items]))


def _words_of(signal: str, situation: Situation) -> str:
    """The words in which ``signal`` is looked for: the buyer's, but for what a colleague alone can know."""
    return situation.colleague if signal in (STOCK_TROUBLE, OUR_APPROVAL) else situation.matter_text


def _told(situation: Situation) -> bool:
    """Whether the buyer has said what of the goods is missing, or what came instead."""
    return any(situation.answered.get(slot) for slot in (CAME, MISSING, SHORT))


def _buyer(situation: Situation) -> dict[str, object]:
    """Who writes: tags as the platform or the desk gave them, and how many orders they have."""
    buyer = situation.buyer
    orders = None if situation.orders is None else len(situation.orders)
    return {"tags": list(buyer.tags)} | known(level=buyer.level, orders=orders)


def _clock(situation: Situation) -> dict[str, object]:
    """The shop's hour (0–23), its day of the week (Monday is 1), and whether the desk is open."""
    local = situation.days.local(situation.now)
    hours = situation.terms.desk_hours
    is_open = None if hours is None else situation.days.is_open(situation.now, hours)
    return {"hour": local.hour, "weekday": local.isoweekday()} | known(desk_open=is_open)


def _authority(situation: Situation) -> dict[str, object]:
    """What may be given in one order, and what of it is left, in minor units; nothing that costs without a limit."""
    limit = situation.authority.per_order
    if limit is None:
        return {"per_order": 0, "left": 0}
    given = situation.authority.given.per_order.get(limit.currency, 0)
    return {"per_order": limit.minor, "left": max(limit.minor - given, 0)}


def known(**pairs: object) -> dict[str, object]:
    """The pairs whose value is known."""
    return {name: value for name, value in pairs.items() if value is not None}


def minor(money: Money | None) -> int | None:
    """The amount in minor units."""
    return None if money is None else money.minor


def _order(situation: Situation) -> dict[str, object]:
    order = situation.chosen_order
    if order is None:
        return {"known": False}
    status = order.status
    told = status is not OrderStatus.UNKNOWN
    arrived = delivered_at(situation)
    return {"known": True} | known(
        region=order.region,
        status=status.value if told else None,
        unpaid=status is OrderStatus.UNPAID if told else None,
        to_ship=status is OrderStatus.TO_SHIP if told else None,
        shipped=status in SHIPPED if told else None,
        cancelled=status is OrderStatus.CANCELLED if told else None,
        delivered=delivered(situation),
        total=minor(order.total),
        ship_late=_ship_late(situation, order),
        ship_by_rest=_ship_by_rest(situation, order),
        days_since_delivered=None if arrived is None else situation.days.days_since(arrived, situation.now),
    )


def _ship_late(situation: Situation, order: Order) -> bool | None:
    if order.ship_by is None or situation.dates_unsure:
        return None
    return order.status is OrderStatus.TO_SHIP and order.ship_by < situation.now


def _ship_by_rest(situation: Situation, order: Order) -> bool | None:
    """Whether the order is due to leave on a day on which the shop does not work."""
    hours = situation.terms.desk_hours
    if order.ship_by is None or hours is None or situation.dates_unsure:
        return None
    return not situation.days.works_on(situation.days.day(order.ship_by), hours)


def _shipment(situation: Situation, words: Words) -> dict[str, object]:
    shipment, order = situation.shipment, situation.chosen_order
    # With several parcels nobody knows what is in the one that is late or lost.
    whole = True if order is not None and len(order.shipments) <= 1 else None
    if shipment is None:
        nothing = dict.fromkeys(
            ("known", "tracked", "scanned", "rest", "returning", "at_station", "handed", "anew"), False
        )
        return nothing | known(whole=whole)
    late = _eta_passed(situation, shipment)
    rest = whole is None and (shipment.status or "").lower() != "delivered"
    return {
        "known": True,
        "tracked": shipment.tracking_no is not None,
        "scanned": has_been_scanned(shipment),
        "rest": rest,
        "returning": is_returning(situation),
        "handed": handed_over(shipment, situation.matter_text),
        "anew": is_sent_anew(situation),
        "at_station": bool(shipment.events) and words.says(_STATION, shipment.events[-1].text or ""),
    } | known(whole=whole, days_still=days_still(situation), late=late)


def _eta_passed(situation: Situation, shipment: Shipment) -> bool | None:
    # An estimate names a day: on that day the parcel is not late yet, whatever hour the platform fills in.
    if shipment.eta is None or situation.dates_unsure:
        return None
    return situation.days.day(shipment.eta) < situation.days.day(situation.now)


def is_stalled(situation: Situation) -> bool:
    """Whether the chosen order's parcel has not moved for as long as the shop waits, and is not expected still."""
    shipment, still, most = situation.shipment, days_still(situation), situation.terms.stalled_after_days
    if shipment is None or still is None or most is None or delivered(situation) is not False:
        return False
    return still >= most and _eta_passed(situation, shipment) is not False


def is_sent_anew(situation: Situation) -> bool:
    """Whether a parcel that left after the order had arrived is under way to the buyer."""
    parcel = situation.resent
    return parcel is not None and (parcel.status or "").lower() != "delivered"


def is_late(situation: Situation) -> bool:
    """Whether the chosen order's parcel is past its estimate."""
    shipment = situation.shipment
    return shipment is not None and delivered(situation) is False and _eta_passed(situation, shipment) is True


def days_still(situation: Situation) -> int | None:
    """Whole days of 24 hours since the last scan."""
    shipment = situation.shipment
    if shipment is None or not shipment.events:
        return None
    return max((situation.now - shipment.events[-1].at) // timedelta(days=1), 0)


def _after_sale(situation: Situation) -> dict[str, object]:
    request = situation.after_sale
    if request is None:
        return {"state": "none", "open": False, "received": False, "due": False}
    state = after_sale_state(request)
    arrives = arrives_by(situation)
    told = {"state": state, "open": state == "in_progress", "kind": request.kind.value}
    due = request.deadline is not None and request.deadline > situation.now
    return {**told, "received": request.received_at is not None, "due": due} | known(
        amount=minor(request.amount),
        gap=minor(refund_gap(situation)),
        refund_known=request.amount is not None and request.refunded_at is not None,
        arrival_passed=None if arrives is None else arrives < situation.days.day(situation.now),
        agreed=refund_agreed(situation),
        while_kept=while_kept(situation, request),
    )


def item_total(situation: Situation) -> Money | None:
    """What the line in question cost: the order's total when it is the only line, never more than that."""
    order, item = situation.chosen_order, situation.item
    if order is None or item is None:
        return None
    if len(order.items) == 1 and order.total is not None:
        return order.total
    if item.price is None:
        return None
    line = Money.from_minor(item.price.minor * item.quantity, item.price.currency)
    over = order.total is not None and order.total.currency == line.currency and order.total.minor < line.minor
    return order.total if over else line


def _item(situation: Situation) -> dict[str, object]:
    item, order = situation.item, situation.chosen_order
    several = order is not None and len(order.items) > 1
    if item is None:
        return {"known": False, "several": several, "of_kit": False}
    total = item_total(situation)
    told = {"known": True, "several": several, "quantity": item.quantity, "of_kit": is_of_kit(situation)}
    return told | known(
        total=minor(total),
        price=minor(item.price),
        missing=minor(missing_part(situation, total)),
        part=minor(listed_part(situation, total)),
        broken=minor(broken_part(situation, total)),
        pieces=broken_pieces(situation),
    )


def _product(situation: Situation) -> dict[str, object]:
    product = situation.product
    if product is None:
        return {"known": False}
    return {"known": True, "restock": restock_at(situation) is not None} | known(
        bought=_bought(situation, product),
        on_sale=on_sale(product) if product.status != UNKNOWN else None,
        price=minor(product.price),
        stock=product.stock,
        warranty=stated_warranty(product)[1],
        promotion=product.attributes.get("promotion"),
    )


def _bought(situation: Situation, product: Product) -> bool | None:
    """Whether the goods are in an order of the buyer's that was paid and not cancelled."""
    if situation.orders is None:
        return None
    paid = (one for one in situation.orders if one.status not in (OrderStatus.UNPAID, OrderStatus.CANCELLED))
    return any(item.product_id == product.id for one in paid for item in one.items)


def price_drop(situation: Situation) -> Money | None:
    """What the whole line would cost less today; zero or negative when the price did not fall."""
    item, product = situation.item, situation.product
    if item is None or product is None or item.price is None or product.price is None:
        return None
    if item.product_id != product.id or item.price.currency != product.price.currency:
        return None
    return Money.from_minor((item.price.minor - product.price.minor) * item.quantity, item.price.currency)


def _fit(fit: Fit) -> dict[str, object]:
    told: dict[str, object] = {"has_table": fit.has_table, "measured": fit.measured, "variant": fit.variant}
    return (
        told
        | {"other_colour": fit.colours is not None}
        | {"several": len(fit.several), "several_gone": sum(stock <= 0 for _, stock in fit.several)}
        | known(fits=fit.fits, size=fit.size, had=fit.had, direction=fit.direction, stock=fit.stock)
    )


def _terms(terms: Terms) -> dict[str, object]:
    found: dict[str, object] = {}
    dumped: dict[str, JsonValue] = terms.model_dump(mode="json", exclude={"authority", "desk_hours", "dates_unsure"})
    for name, value in dumped.items():
        if isinstance(value, Mapping):
            found[name] = known(**value)
        elif value is not None:
            found[name] = value
    if terms.voucher is not None:
        found["voucher"] = known(amount=terms.voucher.amount.minor, days=terms.voucher.days, code=terms.voucher.code)
    if terms.gift is not None:
        found["gift"] = {**terms.gift.model_dump(mode="json", exclude={"worth"}), "worth": terms.gift.worth.minor}
    return found
