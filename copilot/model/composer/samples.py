"""Made-up plans for every scene of docs/scenes.md, to read the templates aloud and to test them.

Owns invented orders, parcels and goods only; nothing here is used when a real draft is written.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from copilot.domain.case import Option, OrderChoice, OrderWhy
from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, Plan, Promise

NOW = {
    "zh": datetime(2026, 11, 22, 15, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
    "en": datetime(2026, 11, 22, 15, 30, tzinfo=ZoneInfo("America/Los_Angeles")),
}
_ITEMS = {"zh": "釉下彩陶瓷马克杯", "en": "Ceramic Mug Set"}
_K = FactKind


@dataclass(frozen=True)
class Sample:
    """One scene: the facts it has (guaranteed ones, then optional ones), its options and what it asks for."""

    issue: Issue | None
    act: Act
    scene: str
    given: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    promises: tuple[str, ...] = ()

    def plan(self, language: str, *, full: bool = True, empathy: bool = True, secondary: Sequence[Issue] = ()) -> Plan:
        """The plan, with all optional facts or with none of them."""
        facts = _facts(language)
        options = tuple(_option(key, chr(65 + index)) for index, key in enumerate(self.options))
        wanted = [*self.given, *(self.maybe if full else ())]
        kept = {key: _moved(facts, self.scene, key) for key in wanted}
        for key in self.options:
            kept |= {name: fact for name, fact in facts.items() if name.startswith(f"option.{key}.")}
            if not full:
                kept = {name: fact for name, fact in kept.items() if not name.startswith(_OPTIONAL)}
        chosen = options[0] if self.act is Act.CONFIRM else None
        return Plan(
            act=self.act, issue=self.issue, scene=self.scene, asks=self.asks, facts=kept, empathy=empathy,
            order=OrderChoice(id="o1", why=OrderWhy.CARD) if any(key.startswith("order") for key in kept) else None,
            options=() if chosen else options, chosen=chosen, secondary=tuple(secondary), points=tuple(wanted),
            promises=tuple(
                Promise(what=what, due=NOW[language], fact=self.maybe[2]) for what in self.promises if full
            ),
        )  # fmt: skip


_OPTIONAL = (
    "option.exchange.size", "option.exchange.deadline", "option.return_refund.deadline", "option.voucher.days",
    "option.voucher.code", "option.refund_keep.arrival", "option.refund_full.arrival", "option.cancel_refund.arrival",
    "option.refund_difference.deadline", "option.refund_difference.arrival", "option.repair.deadline",
)  # fmt: skip


def _facts(language: str) -> dict[str, Fact]:
    now, zh = NOW[language], language == "zh"
    currency = "CNY" if zh else "USD"

    def money(amount: str) -> JsonValue:
        return {"amount": amount, "currency": currency}

    def at(days: float, hour: int = 18, minute: int = 0) -> str:
        return (now + timedelta(days=days)).replace(hour=hour, minute=minute).isoformat()

    def day(days: int) -> str:
        return (now + timedelta(days=days)).date().isoformat()

    scan = "快件已到达杭州转运中心" if zh else "Arrived at USPS facility, Columbus OH"
    left = "已放至门口" if zh else "Delivered, Front Door"
    values: dict[str, tuple[FactKind, JsonValue]] = {
        "order.o1": (_K.NUMBER, "6931204417755"), "order.o1.status": (_K.STATE, "to_ship"),
        "order.o1.total": (_K.AMOUNT, money("59.90")), "order.o1.created_at": (_K.TIME, at(-6, 21, 14)),
        "order.o1.paid_at": (_K.TIME, at(-6, 21, 20)), "order.o1.ship_by": (_K.TIME, at(1)),
        "order.o1.delivered_at": (_K.TIME, at(-9, 16, 12)), "order.o1.item.1.name": (_K.PRODUCT, _ITEMS[language]),
        "order.o2.item.1.name": (_K.PRODUCT, "棉麻桌布" if zh else "Linen Tablecloth"),
        "secondary.item": (_K.PRODUCT, "加绒短靴" if zh else "High-rise leggings"),
        "product.p1.attributes.promotion": (_K.ATTRIBUTE, "3件及以上9折" if zh else "10% off 3 or more"),
        "order.o2.created_at": (_K.TIME, at(-1, 9, 2)),
        "case.item.name": (_K.PRODUCT, _ITEMS[language]), "case.item.price": (_K.AMOUNT, money("129.00")),
        "case.item.sku": (_K.ATTRIBUTE, "M"),
        "case.days_still": (_K.QUANTITY, 5), "case.window_end": (_K.DATE, day(-2)),
        "case.drop": (_K.AMOUNT, money("30.00")), "case.protection_end": (_K.DATE, day(4)),
        "shipment.SF1.number": (_K.NUMBER, "SF6027719348" if zh else "9400136105440"),
        "shipment.SF1.carrier": (_K.ATTRIBUTE, "顺丰" if zh else "USPS"),
        "shipment.SF1.last_event.text": (_K.ATTRIBUTE, scan), "shipment.SF1.last_event.at": (_K.TIME, at(-1, 16, 12)),
        "shipment.SF1.eta": (_K.DATE, day(2)),
        "turn.photo": (_K.STATE, "received"), "turn.shards": (_K.STATE, "mentioned"),
        "turn.checked": (_K.STATE, "checked"), "turn.order": (_K.NUMBER, "3348917502"),
        "hold.return_at": (_K.TIME, at(0)),
        "after_sale.a1": (_K.NUMBER, "a1"), "after_sale.a1.status": (_K.STATE, "processing"),
        "after_sale.a1.kind": (_K.STATE, "return"), "after_sale.a1.amount": (_K.AMOUNT, money("58.20")),
        "after_sale.a1.deadline": (_K.TIME, at(3)), "after_sale.a1.received_at": (_K.TIME, at(-6, 11)),
        "after_sale.a1.refunded_at": (_K.TIME, at(-4, 11)), "after_sale.a1.arrives_by": (_K.DATE, day(5)),
        "after_sale.a1.refund_to": (_K.ATTRIBUTE, "原支付账户" if zh else "Visa"),
        "terms.refund_arrival_business_days.min": (_K.QUANTITY, 5),
        "terms.refund_arrival_business_days.max": (_K.QUANTITY, 10),
        "terms.return_days": (_K.QUANTITY, 7 if zh else 30), "terms.ship_within_hours": (_K.QUANTITY, 48),
        "terms.price_protection_days": (_K.QUANTITY, 7),
        "product.p1.name": (_K.PRODUCT, "直筒牛仔裤" if zh else "Straight-Leg Jeans"),
        "product.p1.price": (_K.AMOUNT, money("99.00")), "product.p1.attributes.fit": (_K.ATTRIBUTE, "slim"),
        "fit.measure": (_K.ATTRIBUTE, "hip"), "fit.size": (_K.ATTRIBUTE, "L"), "fit.size_had": (_K.ATTRIBUTE, "M"),
        "fit.value": (_K.ATTRIBUTE, "102" if zh else "40.5"), "fit.value_had": (_K.ATTRIBUTE, "96" if zh else "38"),
        "fit.difference": (_K.ATTRIBUTE, "6" if zh else "2.5"), "fit.unit": (_K.ATTRIBUTE, "cm" if zh else "in"),
        "fit.buyer_value": (_K.ATTRIBUTE, "100" if zh else "40"), "fit.in_stock": (_K.STATE, "in_stock"),
        "option.reship.by": (_K.TIME, at(1)), "option.reship.keep": (_K.STATE, "keep"),
        "option.refund_keep.amount": (_K.AMOUNT, money("29.95")), "option.refund_keep.keep": (_K.STATE, "keep"),
        "option.refund_keep.arrival": (_K.DATE, day(5)), "option.refund_full.amount": (_K.AMOUNT, money("59.90")),
        "option.refund_full.keep": (_K.STATE, "keep"), "option.refund_full.arrival": (_K.DATE, day(5)),
        "option.return_refund.amount": (_K.AMOUNT, money("59.90")),
        "option.return_refund.label": (_K.ATTRIBUTE, "prepaid"),
        "option.return_refund.deadline": (_K.TIME, at(4, 23, 59)),
        "option.exchange.label": (_K.ATTRIBUTE, "buyer"), "option.exchange.size": (_K.ATTRIBUTE, "L"),
        "option.exchange.deadline": (_K.TIME, at(4, 23, 59)),
        "option.cancel_refund.amount": (_K.AMOUNT, money("59.90")), "option.cancel_refund.arrival": (_K.DATE, day(5)),
        "option.refund_difference.amount": (_K.AMOUNT, money("30.00")),
        "option.voucher.amount": (_K.AMOUNT, money("40.00")), "option.voucher.days": (_K.QUANTITY, 30),
        "option.send_missing.by": (_K.TIME, at(1)),
        "product.p1.stock": (_K.QUANTITY, 42), "product.p1.attributes.restock_at": (_K.DATE, day(6)),
        "product.p1.attributes.material": (_K.ATTRIBUTE, "高温陶瓷" if zh else "stoneware"),
        "question.title.material": (_K.ATTRIBUTE, "材质" if zh else "material"),
        "product.p1.attributes.capacity_ml": (_K.ATTRIBUTE, 280),
        "question.title.capacity_ml": (_K.ATTRIBUTE, "容量" if zh else "capacity"),
        "product.p1.attributes.care": (_K.ATTRIBUTE, "手洗，水温不超过40度" if zh else "hand wash in lukewarm water"),
        "question.title.care": (_K.ATTRIBUTE, "洗护方法" if zh else "care"),
        "product.p1.attributes.dishwasher": (_K.ATTRIBUTE, True),
        "question.title.dishwasher": (_K.ATTRIBUTE, "洗碗机" if zh else "dishwasher"),
        "question.phrase.dishwasher": (_K.ATTRIBUTE, "可以进洗碗机" if zh else "it's dishwasher safe"),
        "question.open": (_K.ATTRIBUTE, "重量" if zh else "weight"),
        "turn.promised": (_K.ATTRIBUTE, "买一送一" if zh else "buy one, get one free"),
        "case.matter": (_K.STATE, "damaged"), "case.warranty_end": (_K.DATE, day(120)),
        "terms.warranty_days": (_K.QUANTITY, 180), "terms.invoice.kind": (_K.STATE, "electronic"),
        "terms.invoice.where": (_K.STATE, "order_page"),
        "product.p1.attributes.warranty": (_K.ATTRIBUTE, "整机一年，电机三年" if zh else "1 year, motor 3 years"),
        "product.p1.attributes.warranty_months": (_K.ATTRIBUTE, 12),
        "option.resend_gift.by": (_K.TIME, at(1)), "option.repair.label": (_K.ATTRIBUTE, "shop"),
        "option.repair.deadline": (_K.DATE, day(120)), "option.invoice.by": (_K.TIME, at(1)),
        "option.invoice.kind": (_K.ATTRIBUTE, "electronic"), "option.change_address.address": (_K.ATTRIBUTE, "as_sent"),
        "past.stock": (_K.QUANTITY, 0), "past.in_stock": (_K.STATE, "out_of_stock"),
        "past.where": (_K.STATE, "parcel"),
        "past.ship_by": (_K.TIME, at(-2)), "past.eta": (_K.DATE, day(-3)), "past.scan": (_K.ATTRIBUTE, left),
        "past.scan_at": (_K.TIME, at(-5, 7, 40)),
    }  # fmt: skip
    return {key: Fact(id=key, kind=kind, value=value, source="platform") for key, (kind, value) in values.items()}


def _moved(facts: dict[str, Fact], scene: str, key: str) -> Fact:
    # Some scenes are about a time that has passed, or about the last words of a delivery.
    instead = _INSTEAD.get((scene, key))
    return facts[key].model_copy(update={"value": facts[instead].value}) if instead else facts[key]


_INSTEAD = {
    **{("ship_late", "order.o1.ship_by"): "past.ship_by", ("stalled", "shipment.SF1.last_event.at"): "past.scan_at"},
    **{(scene, "shipment.SF1.eta"): "past.eta" for scene in ("late", "in_transit_late")},
    **{
        ("delivered", "shipment.SF1.last_event.text"): "past.scan",
        ("protection_over", "case.protection_end"): "past.eta",
    },
    **{("within_window", "case.window_end"): "case.protection_end"},
    **{("refunded_late", "after_sale.a1.arrives_by"): "past.eta"},
    **{("delivered", "order.o1.delivered_at"): "shipment.SF1.last_event.at"},
    **{(scene, "product.p1.stock"): "past.stock" for scene in ("sold_out", "restock")},
    **{("size_sold_out", "fit.in_stock"): "past.in_stock", ("parcel", "terms.invoice.where"): "past.where"},
    **{("over", "case.warranty_end"): "past.eta"},
}


def _option(key: str, letter: str) -> Option:
    return Option(id=letter, key=key, title=key, action=key)


_I, _A = Issue, Act
_EVENT = ("shipment.SF1.last_event.text", "shipment.SF1.last_event.at")
_SHIP = ("shipment.SF1.number", "shipment.SF1.carrier")
_TOO_LATE = ("terms.return_days", "order.o1.delivered_at", "case.window_end")
_SALE = ("after_sale.a1.status", "after_sale.a1", "after_sale.a1.kind")
_ITEM = ("case.item.name",)
_FIT = ("fit.size", "fit.measure", "fit.value", "fit.unit", "fit.buyer_value")
_RETURN = ("hold.return_at",)
_UNDER_WAY = ("order.o1.status", "terms.return_days")
_REFUNDED = ("after_sale.a1.amount", "after_sale.a1.refunded_at", "after_sale.a1")
_REFUNDED_MAYBE = (
    "after_sale.a1.received_at", "after_sale.a1.refund_to", "after_sale.a1.arrives_by",
    "terms.refund_arrival_business_days.min", "terms.refund_arrival_business_days.max",
)  # fmt: skip
_DROP = (
    "case.item.price", "product.p1.price", "case.drop", "terms.price_protection_days", "case.protection_end",
)  # fmt: skip


def _common(issue: Issue | None) -> Iterator[Sample]:
    yield Sample(issue, _A.ASK, "order", asks=("order",))
    yield Sample(issue, _A.ASK, "order_check", ("turn.order",), asks=("order",))
    yield Sample(
        issue, _A.ASK, "order_which",
        ("order.o1.item.1.name", "order.o1.created_at", "order.o2.item.1.name", "order.o2.created_at"), asks=("order",),
    )  # fmt: skip
    yield Sample(issue, _A.HOLD, "order_lookup", ("turn.order", "hold.return_at"))
    yield Sample(issue, _A.HOLD, "checking", ("hold.return_at",))
    yield Sample(issue, _A.HOLD, "approval", ("hold.return_at",))


def _shipping(issue: Issue, *scenes: str) -> Iterator[Sample]:
    base = ("order.o1", "order.o1.status")
    table = {
        "unpaid": (_A.ANSWER, base, ("order.o1.created_at", *_ITEM), ()),
        "to_ship": (_A.ANSWER, base, ("order.o1.ship_by", "order.o1.paid_at", *_ITEM), ()),
        "not_shipped": (_A.ANSWER, ("order.o1.status",), ("order.o1.ship_by", *_ITEM), ()),
        "not_due_yet": (_A.ANSWER, ("order.o1", "order.o1.status", "order.o1.ship_by"), _ITEM, ()),
        "in_transit": (_A.ANSWER, _SHIP[:1], (*_SHIP[1:], *_EVENT, "shipment.SF1.eta", *_ITEM), ()),
        "in_transit_on_time": (_A.ANSWER, (_SHIP[0], "shipment.SF1.eta"), (_SHIP[1], *_EVENT, *_ITEM), ()),
        "late": (_A.ANSWER, (_SHIP[0], "shipment.SF1.eta", "hold.return_at"), (_SHIP[1], *_EVENT, *_ITEM), ()),
        "in_transit_late": (
            _A.ANSWER, (_SHIP[0], "shipment.SF1.eta", "hold.return_at"), (_SHIP[1], *_EVENT, *_ITEM), ()),
        "stalled": (
            _A.OFFER, (_SHIP[0], *_EVENT, "case.days_still"), (_SHIP[1], *_ITEM), ("reship", "refund_full")),
        "delivered": (_A.ANSWER, ("order.o1",), ("order.o1.delivered_at", *_EVENT, _SHIP[0], *_ITEM), ()),
        "cancelled": (_A.ANSWER, base, _ITEM, ()),
        "no_tracking": (_A.HOLD, ("order.o1", "hold.return_at"), _ITEM, ()),
    }  # fmt: skip
    for scene in scenes:
        act, given, maybe, options = table[scene]
        yield Sample(issue, act, scene, given, maybe, options)
        if options:
            yield Sample(issue, _A.DECLINE, scene, given, maybe)
            yield Sample(issue, act, scene, given, maybe, options[:1])


def _late(issue: Issue, act: Act, options: tuple[str, ...] = ()) -> Sample:
    return Sample(issue, act, "ship_late", ("order.o1.ship_by", "order.o1.status", "hold.return_at"), _ITEM, options)


def _offers(issue: Issue, scene: str, given: tuple[str, ...], maybe: tuple[str, ...], *keys: str) -> Iterator[Sample]:
    if len(keys) > 1:
        yield Sample(issue, _A.OFFER, scene, given, maybe, keys)
    for key in keys:
        yield Sample(issue, _A.OFFER, scene, given, maybe, (key,))
        yield Sample(issue, _A.CONFIRM, "chosen", (), (), (key,))
    yield Sample(issue, _A.DECLINE, scene, given, maybe)


def _goods(issue: Issue, *keys: str) -> Iterator[Sample]:
    maybe = ("turn.photo", "turn.shards", *_ITEM) if issue is _I.DAMAGED else ("turn.photo", *_ITEM)
    yield Sample(issue, _A.ANSWER, "in_progress", _SALE, ("after_sale.a1.amount", "after_sale.a1.deadline", *_ITEM))
    yield Sample(issue, _A.DECLINE, "too_late", _TOO_LATE, _ITEM)
    yield Sample(issue, _A.ASK, "photo_missing", (), maybe[1:], asks=("photo",))
    yield from _offers(issue, "decide", (), maybe, *keys)


def _returns(issue: Issue) -> Iterator[Sample]:
    yield Sample(issue, _A.ANSWER, "in_progress", _SALE, ("after_sale.a1.amount", "after_sale.a1.deadline", *_ITEM))
    yield Sample(issue, _A.DECLINE, "too_late", _TOO_LATE, _ITEM)


_PRICED = ("product.p1.name", "product.p1.price")
_STATED = ("product.p1.attributes.material", "question.title.material")
_STATED_TOO = ("product.p1.attributes.capacity_ml", "question.title.capacity_ml")
_WASHED = ("product.p1.attributes.care", "question.title.care")
_SAFE = ("product.p1.attributes.dishwasher", "question.title.dishwasher", "question.phrase.dishwasher")


def _goods_questions() -> Iterator[Sample]:
    """What people ask before they buy, and how to use what they bought."""
    for issue, known in ((_I.PRODUCT_QUESTION, _STATED), (_I.USAGE_QUESTION, _WASHED)):
        yield Sample(issue, _A.ASK, "ask_product", asks=("product",))
        yield Sample(issue, _A.ANSWER, "known", known, (*_STATED_TOO, *_PRICED, "product.p1.stock"))
        yield Sample(issue, _A.ANSWER, "known", _SAFE, _PRICED)
        yield Sample(issue, _A.ANSWER, "partly", (*known, "question.open", *_RETURN), ("product.p1.name",))
        yield Sample(issue, _A.HOLD, "not_stated", _RETURN, ("question.open", "product.p1.name"))
    stock, sized = ("product.p1.stock", "product.p1.name"), ("fit.size", "fit.in_stock")
    yield Sample(_I.STOCK, _A.ASK, "ask_product", asks=("product",))
    yield Sample(_I.STOCK, _A.HOLD, "off_sale", _RETURN)
    yield Sample(_I.STOCK, _A.ANSWER, "size_in_stock", sized, _PRICED)
    yield Sample(_I.STOCK, _A.HOLD, "size_sold_out", (*sized, *_RETURN), ("product.p1.name",))
    yield Sample(_I.STOCK, _A.ANSWER, "in_stock", stock, ("product.p1.price",))
    yield Sample(_I.STOCK, _A.ANSWER, "restock", (*stock, "product.p1.attributes.restock_at"))
    yield Sample(_I.STOCK, _A.HOLD, "sold_out", (*stock, *_RETURN))
    yield Sample(_I.STOCK, _A.HOLD, "not_stated", _RETURN, ("product.p1.name",))


def _adverts() -> Iterator[Sample]:
    """Goods and offers that differ from the advertisement: only with what was promised."""
    issue, said = _I.AD_MISMATCH, ("turn.promised",)
    yield Sample(issue, _A.HOLD, "checking", _RETURN)
    yield Sample(issue, _A.ASK, "ask_promised", (), ("product.p1.name",), asks=("promised",))
    yield Sample(
        issue, _A.HOLD, "before_order", (*said, *_RETURN), (*_PRICED, "product.p1.attributes.promotion")
    )  # fmt: skip
    yield Sample(issue, _A.HOLD, "on_the_way", (*said, *_RETURN), _ITEM)
    yield from _offers(issue, "before_shipping", (*said, "order.o1.status"), _ITEM, "resend_gift", "cancel_refund")
    yield from _offers(
        issue, "delivered", (*said, "terms.return_days", "case.window_end"), _ITEM, "resend_gift", "return_refund"
    )
    yield Sample(issue, _A.DECLINE, "too_late", (*said, *_TOO_LATE), _ITEM)
    yield Sample(issue, _A.ANSWER, "in_progress", _SALE, ("after_sale.a1.amount", "after_sale.a1.deadline"))


def _parcels() -> Iterator[Sample]:
    """A lost parcel and a changed address."""
    lost, moved = _I.LOST_PARCEL, _I.ADDRESS_CHANGE
    yield Sample(lost, _A.ANSWER, "in_progress", _SALE, ("after_sale.a1.amount", "after_sale.a1.deadline"))
    yield from _shipping(lost, "cancelled", "not_shipped", "stalled", "no_tracking")
    yield Sample(lost, _A.HOLD, "last_scan", (_SHIP[0], *_EVENT, *_RETURN), (_SHIP[1], *_ITEM))
    yield from _offers(
        lost, "delivered", ("shipment.SF1.last_event.at",), (_EVENT[0], "turn.checked", *_ITEM), "reship", "refund_full"
    )
    yield from _common(lost)
    status = ("order.o1.status",)
    yield from _shipping(moved, "cancelled", "unpaid", "delivered")
    yield Sample(moved, _A.ASK, "ask_address", status, _ITEM, asks=("address",))
    yield from _offers(moved, "change", status, _ITEM, "change_address")
    yield from _offers(moved, "fixed", status, _ITEM, "cancel_refund")
    yield Sample(moved, _A.DECLINE, "shipped", (*status, *_RETURN), (*_SHIP, *_EVENT))
    yield from _common(moved)


def _papers() -> Iterator[Sample]:
    """Warranty, payment and invoice."""
    kept, paid, billed = _I.WARRANTY, _I.PAYMENT_ACCOUNT, _I.INVOICE
    yield Sample(kept, _A.ANSWER, "in_progress", _SALE, ("after_sale.a1.amount", "after_sale.a1.deadline"))
    yield from _offers(kept, "covered", ("case.warranty_end",), _ITEM, "repair")
    yield Sample(kept, _A.DECLINE, "over", ("case.warranty_end", "order.o1.delivered_at"), _ITEM)
    yield Sample(kept, _A.ASK, "ask_product", asks=("product",))
    yield Sample(kept, _A.ANSWER, "stated", ("product.p1.attributes.warranty",), ("product.p1.name",))
    yield Sample(kept, _A.ANSWER, "stated", ("product.p1.attributes.warranty_months",), ("product.p1.name",))
    yield Sample(kept, _A.ANSWER, "period", ("terms.warranty_days",))
    yield Sample(kept, _A.HOLD, "not_stated", _RETURN, ("product.p1.name",))
    order = ("order.o1", "order.o1.status")
    yield Sample(paid, _A.ANSWER, "login")
    yield Sample(paid, _A.ANSWER, "methods", (), ("product.p1.price",))
    yield Sample(paid, _A.ASK, "charged", (), (*order, "order.o1.total"), asks=("photo",))
    yield Sample(paid, _A.HOLD, "charged_seen", ("turn.photo", *_RETURN), order)
    yield Sample(paid, _A.ASK, "not_paid", order, ("order.o1.total",), asks=("photo",))
    yield Sample(paid, _A.HOLD, "seen", ("turn.photo", *_RETURN))
    yield Sample(paid, _A.ASK, "failed", asks=("photo",))
    kind, where = ("terms.invoice.kind",), ("terms.invoice.kind", "terms.invoice.where")
    yield from _shipping(billed, "cancelled", "unpaid")
    yield Sample(billed, _A.DECLINE, "no_special", kind)
    yield Sample(billed, _A.HOLD, "special", _RETURN)
    yield Sample(billed, _A.ANSWER, "order_page", where)
    yield Sample(billed, _A.ANSWER, "parcel", where)
    yield Sample(billed, _A.ASK, "ask_title", kind, asks=("invoice_title",))
    yield from _offers(billed, "issue", kind, ("order.o1.total",), "invoice")
    yield Sample(billed, _A.HOLD, "checking", _RETURN)


def _people() -> Iterator[Sample]:
    """Complaints, requests for a person, reviews, and what is not understood."""
    yield Sample(_I.COMPLAINT, _A.ASK, "ask_matter", (), _ITEM, asks=("reason",))
    yield Sample(_I.COMPLAINT, _A.HOLD, "our_people", _RETURN)
    yield Sample(_I.COMPLAINT, _A.HOLD, "told", _RETURN)
    for scene in ("colleague", "supervisor"):
        yield Sample(_I.HUMAN_REQUEST, _A.HOLD, scene, _RETURN, ("case.matter", *_ITEM))
    yield Sample(_I.REVIEW, _A.DECLINE, "no_reward")
    yield Sample(_I.REVIEW, _A.ANSWER, "matter_first", ("case.matter",))
    yield Sample(_I.REVIEW, _A.ANSWER, "yours")
    yield Sample(_I.UNCLEAR, _A.ASK, "ask_matter", asks=("reason",))


def samples() -> list[Sample]:
    """Every scene, in the order of docs/scenes.md."""
    made = [
        Sample(None, _A.GREET, "greeting"), Sample(None, _A.WELCOME, "thanks"), Sample(None, _A.FAREWELL, "closing"),
        Sample(_I.DAMAGED, _A.ACKNOWLEDGE, "refused_all", ("hold.return_at",)),
        Sample(_I.DAMAGED, _A.ACKNOWLEDGE, "refused_all", (), (), ("return_refund",)),
        Sample(_I.DAMAGED, _A.ASK, "choice", (), (), ("reship", "refund_keep"), ("choice",)),
        *_common(None),
        *_shipping(_I.LOGISTICS_QUERY, "unpaid", "to_ship", "in_transit", "stalled", "late", "delivered", "cancelled",
                   "no_tracking"),
        _late(_I.LOGISTICS_QUERY, _A.ANSWER), *_common(_I.LOGISTICS_QUERY),
        *_shipping(_I.DELIVERY_DELAY, "unpaid", "cancelled", "not_due_yet", "in_transit_on_time", "in_transit",
                   "in_transit_late", "stalled", "delivered", "no_tracking"),
        _late(_I.DELIVERY_DELAY, _A.OFFER, ("cancel_refund",)), _late(_I.DELIVERY_DELAY, _A.DECLINE),
        *_common(_I.DELIVERY_DELAY),
        *_goods(_I.DAMAGED, "reship", "refund_keep", "return_refund"), *_common(_I.DAMAGED),
        *_goods(_I.QUALITY_DEFECT, "exchange", "return_refund", "refund_keep"),
        *_goods(_I.WRONG_ITEM, "reship", "return_refund"), *_goods(_I.MISSING_ITEM, "send_missing", "refund_keep"),
        *_shipping(_I.NOT_RECEIVED, "not_shipped", "in_transit", "stalled", "late"),
        Sample(_I.NOT_RECEIVED, _A.ANSWER, "in_progress", _SALE, ("after_sale.a1.amount", "after_sale.a1.deadline")),
        *_offers(_I.NOT_RECEIVED, "delivered", ("shipment.SF1.last_event.at",), (_EVENT[0], "turn.checked", *_ITEM),
                 "reship", "refund_full"),
        Sample(_I.SIZE_FIT, _A.ASK, "ask_product", asks=("product",)),
        Sample(_I.SIZE_FIT, _A.ASK, "ask_measurement", ("product.p1.name", "fit.measure"),
               ("product.p1.attributes.fit",), asks=("measurement",)),
        Sample(_I.SIZE_FIT, _A.ANSWER, "recommend", (*_FIT, "product.p1.name"),
               ("product.p1.attributes.fit", "fit.in_stock")),
        Sample(_I.SIZE_FIT, _A.DECLINE, "no_size_fits", _FIT), Sample(_I.SIZE_FIT, _A.HOLD, "checking", _RETURN),
        *_returns(_I.SIZE_MISMATCH),
        Sample(_I.SIZE_MISMATCH, _A.ANSWER, "before_delivery", _UNDER_WAY, ("shipment.SF1.eta", *_ITEM)),
        Sample(_I.SIZE_MISMATCH, _A.ASK, "ask_direction", (), ("case.item.sku", *_ITEM), asks=("reason",)),
        *_offers(_I.SIZE_MISMATCH, "decide", ("terms.return_days",),
                 ("fit.size_had", "fit.size", "fit.measure", "fit.value_had", "fit.value", "fit.difference", "fit.unit",
                  "fit.in_stock", "product.p1.attributes.fit", *_ITEM), "exchange", "return_refund"),
        *_shipping(_I.RETURN_EXCHANGE, "unpaid", "cancelled"), *_returns(_I.RETURN_EXCHANGE),
        *_offers(_I.RETURN_EXCHANGE, "before_shipping", ("order.o1.status",), _ITEM, "cancel_refund"),
        Sample(_I.RETURN_EXCHANGE, _A.ANSWER, "before_delivery", _UNDER_WAY, ("shipment.SF1.eta", *_ITEM)),
        *_offers(_I.RETURN_EXCHANGE, "within_window", ("terms.return_days",), ("case.window_end", *_ITEM),
                 "exchange", "return_refund"),
        *_returns(_I.NOT_AS_DESCRIBED),
        *_offers(_I.NOT_AS_DESCRIBED, "within_window", ("terms.return_days",), ("case.window_end", *_ITEM),
                 "exchange", "return_refund"),
        *_shipping(_I.REFUND_REQUEST, "unpaid", "cancelled"), *_returns(_I.REFUND_REQUEST),
        *_offers(_I.REFUND_REQUEST, "before_shipping", ("order.o1", "order.o1.status"), ("order.o1.total", *_ITEM),
                 "cancel_refund"),
        Sample(_I.REFUND_REQUEST, _A.ANSWER, "in_transit", _UNDER_WAY, ("shipment.SF1.eta", _SHIP[0], *_ITEM)),
        *_offers(_I.REFUND_REQUEST, "after_delivery", ("terms.return_days",), ("order.o1.total", *_ITEM),
                 "return_refund"),
        Sample(_I.REFUND_STATUS, _A.ANSWER, "refunded", _REFUNDED, _REFUNDED_MAYBE, promises=("refund_trace",)),
        Sample(_I.REFUND_STATUS, _A.HOLD, "refunded_late", (*_REFUNDED, "after_sale.a1.arrives_by", *_RETURN)),
        Sample(_I.REFUND_STATUS, _A.ANSWER, "in_progress", _SALE,
               ("after_sale.a1.amount", "after_sale.a1.deadline", "after_sale.a1.received_at")),
        Sample(_I.REFUND_STATUS, _A.HOLD, "rejected", ("after_sale.a1.status", *_RETURN), ("after_sale.a1.kind",)),
        Sample(_I.REFUND_STATUS, _A.HOLD, "not_requested", ("order.o1", *_RETURN)),
        Sample(_I.SHIPPING_TIME, _A.ANSWER, "before_order", ("terms.ship_within_hours",), ("product.p1.name",)),
        *_shipping(_I.SHIPPING_TIME, "to_ship", "in_transit", "late", "delivered", "cancelled", "unpaid"),
        _late(_I.SHIPPING_TIME, _A.ANSWER),
        Sample(_I.CANCEL_ORDER, _A.ANSWER, "unpaid", ("order.o1",)),
        *_offers(_I.CANCEL_ORDER, "before_shipping", ("order.o1", "order.o1.status"), _ITEM, "cancel_refund"),
        Sample(_I.CANCEL_ORDER, _A.ANSWER, "shipped", _UNDER_WAY, (_SHIP[0], *_ITEM)),
        *_offers(_I.CANCEL_ORDER, "delivered", ("order.o1.status", "terms.return_days"), _ITEM, "return_refund"),
        *_shipping(_I.CANCEL_ORDER, "cancelled"), *_returns(_I.CANCEL_ORDER),
        *[sample for sample in _offers(_I.PRICE_PROMOTION, "price_drop", _DROP, _ITEM, "refund_difference", "voucher")
          if sample.act is not _A.DECLINE],
        Sample(_I.PRICE_PROMOTION, _A.DECLINE, "protection_over", _DROP, _ITEM),
        Sample(_I.PRICE_PROMOTION, _A.DECLINE, "no_protection", _DROP[:2], _ITEM),
        Sample(_I.PRICE_PROMOTION, _A.ANSWER, "no_drop", ("product.p1.price", "product.p1.name")),
        Sample(_I.PRICE_PROMOTION, _A.ANSWER, "price", ("product.p1.price", "product.p1.name"),
               ("product.p1.attributes.promotion",)),
        Sample(_I.PRICE_PROMOTION, _A.ASK, "ask_product", asks=("product",)),
        Sample(_I.OFF_PLATFORM_REQUEST, _A.DECLINE, "on_platform", (),
               ("product.p1.name", "product.p1.price", "product.p1.attributes.promotion")),
    ]  # fmt: skip
    return [*made, *_goods_questions(), *_adverts(), *_parcels(), *_papers(), *_people()]
