"""Facts of a situation: everything a text may state, with its id, kind and source.

Owns the ids of docs/architecture.md and the short names by which playbooks ask for them ("shipment.eta"); refuses to
make a fact of anything that was not read or computed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from pydantic import JsonValue

from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import CAME, MISSING, SHORT
from copilot.domain.money import Money
from copilot.domain.order import Order
from copilot.playbook.fit import Fit
from copilot.playbook.quantities import several_of
from copilot.playbook.refunds import arrives_by, refund_gap
from copilot.playbook.said import Said
from copilot.playbook.several import leaves_on, waiting
from copilot.playbook.situation import (
    UNKNOWN,
    Situation,
    after_sale_state,
    delivered_at,
    on_sale,
)
from copilot.playbook.until import protection_end, restock_at, stated_warranty, warranty_end, window_end
from copilot.playbook.values import days_still, item_total, price_drop
from copilot.playbook.words import Words

Facts = dict[str, Fact]
"""Facts by short name; the fact carries its full id."""

FACTS = frozenset(
    (
        "order order.status order.total order.created_at order.paid_at order.ship_by order.delivered_at"
        " case.item.name case.item.price case.item.total case.item.quantity case.item.sku case.window_end"
        " case.protection_end case.drop case.days_still shipment.number shipment.carrier shipment.last_event.text"
        " shipment.last_event.at shipment.eta after_sale after_sale.kind after_sale.status after_sale.state"
        " after_sale.amount after_sale.gap after_sale.received_at after_sale.refunded_at"
        " after_sale.deadline after_sale.refund_to after_sale.arrives_by product.name product.price"
        " product.stock turn.photo turn.order fit.measure fit.unit"
        " fit.size fit.value fit.looser fit.colours fit.label fit.buyer_value fit.size_had fit.value_had fit.difference"
        " fit.in_stock fit.nearby fit.there fit.gone fit.chart buy.count buy.total buy.reduced hold.return_at"
        " terms.return_days terms.return_label terms.fault_label terms.price_protection_days terms.ship_within_hours"
        " terms.warranty_days terms.invoice.kind terms.invoice.where case.warranty_end case.matter turn.promised"
        " turn.missing turn.came turn.short case.leaves_on"
        " each.1.name each.1.ship_by each.2.name each.2.ship_by each.3.name each.3.ship_by"
        " question.1 question.2 question.3 question.4 question.5 question.open product.restock_at product.warranty"
        " terms.keep_refund_percent terms.refund_arrival_business_days.min terms.refund_arrival_business_days.max"
    ).split()
)
"""The short names that a scene may use, besides ``product.attributes.…`` and the signals ``turn.…``."""

_K = FactKind
_NOTHING_SAID = Said()
_MOST_ANSWERS = 5
"""More answers than that are a list, not a reply."""
_MOST_OPEN = 3
_STEPS = frozenset({"usage", "assembly", "pairing", "setup", "first_use", "mount"})
"""Topics that are done step by step, where one may go wrong."""
_DAY = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
"""A day as platforms write it; it is told as people say days."""
_UNITS_ZH = {"cm": "厘米", "mm": "毫米", "in": "英寸", "kg": "公斤", "lb": "磅", "jin": "斤"}
NO_ARTICLE = ("how ", "what ", "which ", "whether ", "where ", "advice ", "sizes ", "being ", "keeping ")
"""Titles that are clauses, or of something that nobody has counted."""


class Ledger:
    """Collects facts; a value that is None makes none."""

    def __init__(self, situation: Situation) -> None:
        """An empty ledger; times are written on the shop's clock."""
        self._days = situation.days
        self.facts: Facts = {}

    def add(
        self, short: str, kind: FactKind, value: object, source: str = "platform", *, id: str | None = None
    ) -> None:
        """Note ``value`` under ``short``; ``id`` where the full id differs."""
        if value is not None and value != "":
            self.facts[short] = Fact(id=id or short, kind=kind, value=self.plain(value), source=source)

    def plain(self, value: object) -> JsonValue:
        """``value`` in the form that its kind prescribes."""
        if isinstance(value, Money):
            return {"amount": value.amount, "currency": value.currency}
        if isinstance(value, datetime):
            return self._days.local(value).isoformat()
        if isinstance(value, date):
            return value.isoformat()
        return value if isinstance(value, str | int | float | bool) else str(value)


def facts_of(situation: Situation, words: Words, fit: Fit, said: Said = _NOTHING_SAID) -> Facts:
    """Every fact of ``situation`` by short name."""
    ledger = Ledger(situation)
    if situation.chosen_order is not None:
        _order(ledger, situation.chosen_order, situation)
        _case(ledger, situation)
    ledger.add("case.leaves_on", _K.DATE, leaves_on(situation), "agent")
    _each_waiting(ledger, situation)
    _shipment(ledger, situation)
    _after_sale(ledger, situation)
    _product(ledger, situation)
    _turn(ledger, situation, words)
    _said(ledger, situation, said)
    _fit(ledger, fit)
    if fit.measured and words.says("other_body", f"{situation.earlier}\n{situation.text}\n{_goods_name(situation)}"):
        ledger.add("fit.other_body", _K.STATE, "other", "buyer")
    _several(ledger, situation)
    ledger.add("fit.chart", _K.ATTRIBUTE, _listed(_cells(fit, situation.language), situation.language))
    ledger.add("fit.nearby", _K.ATTRIBUTE, _listed(fit.nearby, situation.language))
    for short, there in (("fit.there", True), ("fit.gone", False)):
        names = [name for name, stock in fit.several if (stock > 0) is there]
        ledger.add(short, _K.ATTRIBUTE, _listed(names, situation.language))
    for name, value in _flat(
        situation.terms.model_dump(mode="json", exclude={"authority", "desk_hours", "dates_unsure"})
    ):
        if name == "ship_within_hours" and situation.dates_unsure:
            continue
        kind = _K.QUANTITY if isinstance(value, int) and not isinstance(value, bool) else _K.STATE
        source = "faq" if name.partition(".")[0] in situation.stated else "shop_terms"
        ledger.add(f"terms.{name}", kind, value, source)
    ledger.add("hold.return_at", _K.TIME, return_at(situation), "computed")
    return ledger.facts


def _each_waiting(ledger: Ledger, situation: Situation) -> None:
    """The orders that wait to be shipped, where the buyer may mean all of them."""
    for number, order in enumerate(waiting(situation), start=1):
        at, full = f"each.{number}", f"order.{order.id}"
        ledger.add(f"{at}.name", _K.PRODUCT, order.items[0].name, id=f"{full}.item.1.name")
        ledger.add(f"{at}.ship_by", _K.TIME, order.ship_by, id=f"{full}.ship_by")


def return_at(situation: Situation) -> datetime | None:
    """When the desk comes back after "let me check"; None when the shop has not decided it."""
    terms = situation.terms
    if terms.hold_minutes is None:
        return None
    return situation.days.soon(situation.now, terms.hold_minutes, terms.desk_hours)


def _order(ledger: Ledger, order: Order, situation: Situation) -> None:
    full = f"order.{order.id}"
    ledger.add("order", _K.NUMBER, order.id, id=full)
    ledger.add("order.status", _K.STATE, order.status.value, id=f"{full}.status")
    ledger.add("order.total", _K.AMOUNT, order.total, id=f"{full}.total")
    for name in ("created_at", "paid_at"):
        ledger.add(f"order.{name}", _K.TIME, getattr(order, name), id=f"{full}.{name}")
    if not situation.dates_unsure:
        ledger.add("order.ship_by", _K.TIME, order.ship_by, id=f"{full}.ship_by")
    ledger.add("order.delivered_at", _K.TIME, delivered_at(situation), id=f"{full}.delivered_at")
    for number, item in enumerate(order.items, start=1):
        at = f"item.{number}"
        ledger.add(f"order.{at}.name", _K.PRODUCT, item.name, id=f"{full}.{at}.name")
        ledger.add(f"order.{at}.price", _K.AMOUNT, item.price, id=f"{full}.{at}.price")
        ledger.add(f"order.{at}.quantity", _K.QUANTITY, item.quantity, id=f"{full}.{at}.quantity")
        ledger.add(f"order.{at}.sku", _K.ATTRIBUTE, item.sku, id=f"{full}.{at}.sku")


def _case(ledger: Ledger, situation: Situation) -> None:
    if (item := situation.item) is not None:
        ledger.add("case.item.name", _K.PRODUCT, item.name)
        ledger.add("case.item.price", _K.AMOUNT, item.price)
        ledger.add("case.item.total", _K.AMOUNT, item_total(situation))
        ledger.add("case.item.quantity", _K.QUANTITY, item.quantity)
        ledger.add("case.item.sku", _K.ATTRIBUTE, item.sku)
    ledger.add("case.warranty_end", _K.DATE, warranty_end(situation), "computed")
    ledger.add("case.window_end", _K.DATE, window_end(situation), "computed")
    ledger.add("case.protection_end", _K.DATE, protection_end(situation), "computed")
    drop = price_drop(situation)
    if drop is not None and drop.minor > 0:
        ledger.add("case.drop", _K.AMOUNT, drop, "computed")


def _shipment(ledger: Ledger, situation: Situation) -> None:
    shipment, order = situation.shipment, situation.chosen_order
    if shipment is None or order is None:
        return
    full = f"shipment.{shipment.tracking_no or f'{order.id}-{order.shipments.index(shipment) + 1}'}"
    ledger.add("shipment.number", _K.NUMBER, shipment.tracking_no, id=f"{full}.number")
    ledger.add("shipment.carrier", _K.ATTRIBUTE, shipment.carrier, id=f"{full}.carrier")
    if shipment.events:
        ledger.add("shipment.last_event.text", _K.ATTRIBUTE, shipment.events[-1].text, id=f"{full}.last_event.text")
        ledger.add("shipment.last_event.at", _K.TIME, shipment.events[-1].at, id=f"{full}.last_event.at")
        ledger.add("case.days_still", _K.QUANTITY, days_still(situation), "computed")
    if shipment.eta is not None and not situation.dates_unsure:
        # The estimate is a day, whatever hour the platform fills in.
        ledger.add("shipment.eta", _K.DATE, situation.days.day(shipment.eta), id=f"{full}.eta")


def _after_sale(ledger: Ledger, situation: Situation) -> None:
    request = situation.after_sale
    if request is None:
        return
    full = f"after_sale.{request.id}"
    ledger.add("after_sale", _K.NUMBER, request.id, id=full)
    ledger.add("after_sale.kind", _K.STATE, request.kind.value, id=f"{full}.kind")
    ledger.add("after_sale.status", _K.STATE, request.status, id=f"{full}.status")
    ledger.add("after_sale.state", _K.STATE, after_sale_state(request), "computed", id=f"{full}.state")
    ledger.add("after_sale.amount", _K.AMOUNT, request.amount, id=f"{full}.amount")
    gap = refund_gap(situation)
    if gap is not None and gap.minor > 0:
        ledger.add("after_sale.gap", _K.AMOUNT, gap, "computed", id=f"{full}.gap")
    for name in ("received_at", "refunded_at"):
        ledger.add(f"after_sale.{name}", _K.TIME, getattr(request, name), id=f"{full}.{name}")
    if request.deadline is not None and request.deadline > situation.now:
        ledger.add("after_sale.deadline", _K.TIME, request.deadline, id=f"{full}.deadline")
    ledger.add("after_sale.refund_to", _K.ATTRIBUTE, request.refund_to, id=f"{full}.refund_to")
    ledger.add("after_sale.arrives_by", _K.DATE, arrives_by(situation), "computed", id=f"{full}.arrives_by")


def _product(ledger: Ledger, situation: Situation) -> None:
    product = situation.product
    if product is None:
        return
    full = f"product.{product.id}"
    item = situation.item
    if on_sale(product) or product.status == UNKNOWN or (item is not None and item.product_id == product.id):
        # What cannot be bought is not named, unless it is what the buyer has bought.
        ledger.add("product.name", _K.PRODUCT, product.name, id=f"{full}.name")
        ledger.add("product.price", _K.AMOUNT, product.price, id=f"{full}.price")
    if on_sale(product):
        ledger.add("product.stock", _K.QUANTITY, product.stock, id=f"{full}.stock")
    ledger.add("product.restock_at", _K.DATE, restock_at(situation), id=f"{full}.attributes.restock_at")
    key, warranty = stated_warranty(product)
    ledger.add("product.warranty", _K.ATTRIBUTE, warranty, id=f"{full}.attributes.{key}")
    for name, value in _flat({**product.attributes, "restock_at": None}):
        ledger.add(f"product.attributes.{name}", _K.ATTRIBUTE, value, id=f"{full}.attributes.{name}")


# A phone beside an address, as typed or masked.
# Who writes 138****2201 has said that the number changes as well.
_CONTACT = re.compile(r"(?<!\d)1[3-9]\d[\d*xX×]{4}\d{4}(?!\d)|⟨phone")


def _turn(ledger: Ledger, situation: Situation, words: Words) -> None:
    # A picture of an earlier turn was thanked for then; it still counts as received in conditions.
    if situation.photos > 0:
        ledger.add("turn.photo", _K.STATE, "received", "buyer")
    for signal in words.signals:
        if words.says(signal, situation.matter_text):
            ledger.add(f"turn.{signal}", _K.STATE, "mentioned", "buyer")
    if situation.understanding.wish == "owed_report":
        ledger.add("turn.asked_after", _K.STATE, "mentioned", "buyer")
    if {"phone", "name"} & set(situation.answered) or _CONTACT.search(situation.matter_text):
        ledger.add("turn.new_contact", _K.STATE, "mentioned", "buyer")
    _goods(ledger, situation)
    if situation.names_order and situation.chosen_order is None:
        named = situation.order.id if situation.order is not None else None
        ledger.add("turn.order", _K.NUMBER, situation.unknown_order or named, "buyer")


def _goods(ledger: Ledger, situation: Situation) -> None:
    """What the buyer says of the goods that came, in words that the reply's language can quote."""
    zh = situation.language.startswith("zh")
    for slot in (MISSING, CAME):
        said = situation.answered.get(slot)
        if said is not None and (zh or said.isascii()) and not (zh and _words_only(said)):
            ledger.add(f"turn.{slot}", _K.ATTRIBUTE, said, "buyer")
    short = situation.answered.get(SHORT, "").partition("/")[0]
    if short.isdecimal() and MISSING not in situation.answered:
        ledger.add("turn.short", _K.QUANTITY, int(short), "buyer")


def _words_only(said: str) -> bool:
    """Whether ``said`` is a phrase in Latin letters, which a Chinese sentence does not quote; a size is none."""
    return said.isascii() and len(said.split()) > 1


def _said(ledger: Ledger, situation: Situation, said: Said) -> None:
    """What was asked of the goods: the attributes that answer it under short names, and what they are called."""
    product = situation.product
    if product is not None:
        for number, known in enumerate(said.asked.known[:_MOST_ANSWERS], start=1):
            id = f"product.{product.id}.attributes.{known.key}"
            kind = _K.DATE if _DAY.fullmatch(str(known.value)) else _K.ATTRIBUTE
            ledger.add(f"question.{number}", kind, known.value, id=id)
            ledger.add(f"question.title.{known.key}", _K.ATTRIBUTE, known.title, "playbook")
            ledger.add(f"question.phrase.{known.key}", _K.ATTRIBUTE, known.phrase, "playbook")
    if product is not None and any(one.limits for one in said.asked.known):
        ledger.add("question.limit", _K.STATE, "limit", "computed")
    if any(one.topic in _STEPS for one in said.asked.known):
        ledger.add("question.steps", _K.STATE, "steps", "computed")
    ledger.add("question.advice", _K.ATTRIBUTE, said.asked.advice, "playbook")
    if said.asked.unknown:
        ledger.add("question.open", _K.ATTRIBUTE, open_titles(said.asked.unknown, situation), "playbook")
    if said.promised is not None:
        ledger.add("turn.promised", _K.ATTRIBUTE, said.promised.text, "buyer")
    if situation.matter is not None:
        ledger.add("case.matter", _K.STATE, situation.matter.value, "computed")


def open_titles(titles: Sequence[str], situation: Situation) -> str:
    """What is still open, side by side: 适用人群、重量 · the weight and how many people it's for."""
    titles = titles[:_MOST_OPEN]
    if situation.language.startswith("zh"):
        return "、".join(titles)
    return " and ".join(one if one.startswith(NO_ARTICLE) else f"the {one}" for one in titles)


def _cells(fit: Fit, language: str) -> list[str]:
    """Lines of a size table as they are read out: L 48 in · L 48英寸."""
    unit = fit.unit or ""
    said = _UNITS_ZH.get(unit, unit) if language.startswith("zh") else f" {unit}"
    return [f"{size} {number}{said}".rstrip() for size, number in fit.chart]


def _listed(names: Sequence[str], language: str) -> str:
    if language.startswith("zh"):
        return "、".join(names)
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def _several(ledger: Ledger, situation: Situation) -> None:
    """What so many cost as the buyer asks about."""
    several = several_of(situation.text, situation.product, situation.language)
    if several is None or "product.price" not in ledger.facts:
        return
    ledger.add("buy.count", _K.ATTRIBUTE, several.said, "buyer")
    ledger.add("buy.total", _K.AMOUNT, several.total, "computed")
    ledger.add("buy.reduced", _K.AMOUNT, several.reduced, "computed")


def _goods_name(situation: Situation) -> str:
    """What is worn or lain on by whom its name tells: a dog bed, 儿童外套."""
    return situation.product.name if situation.product is not None else ""


def _fit(ledger: Ledger, fit: Fit) -> None:
    add = ledger.add
    add("fit.measure", _K.ATTRIBUTE, fit.measure)
    add("fit.unit", _K.ATTRIBUTE, fit.unit)
    add("fit.size", _K.ATTRIBUTE, fit.size, "computed")
    add("fit.value", _K.ATTRIBUTE, fit.shown or _number(fit.value))
    add("fit.looser", _K.ATTRIBUTE, fit.looser, "computed")
    add("fit.colours", _K.ATTRIBUTE, fit.colours)
    add("fit.label", _K.ATTRIBUTE, fit.label)
    add("fit.buyer_value", _K.ATTRIBUTE, _number(fit.buyer_value), "buyer")
    add("fit.size_had", _K.ATTRIBUTE, fit.had)
    add("fit.value_had", _K.ATTRIBUTE, _number(fit.value_had))
    if fit.value is not None and fit.value_had is not None:
        add("fit.difference", _K.ATTRIBUTE, _number(abs(fit.value - fit.value_had)), "computed")
    if fit.stock is not None:
        add("fit.in_stock", _K.STATE, "in_stock" if fit.stock > 0 else "out_of_stock")


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


def _flat(data: Mapping[str, JsonValue], above: str = "") -> Iterator[tuple[str, JsonValue]]:
    """The plain values in ``data`` by dotted name; lists are left out."""
    for name, value in data.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{name}.")
        elif value is not None and not isinstance(value, list):
            yield f"{above}{name}", value
