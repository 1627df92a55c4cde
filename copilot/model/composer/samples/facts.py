"""Invented orders, parcels, goods and terms, as facts by id."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from copilot.domain.fact import Fact, FactKind

NOW = {
    "zh": datetime(2026, 11, 22, 15, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
    "en": datetime(2026, 11, 22, 15, 30, tzinfo=ZoneInfo("America/Los_Angeles")),
}


ITEMS = {"zh": "釉下彩陶瓷马克杯", "en": "Ceramic Mug Set"}
_K = FactKind


@cache
def facts(language: str) -> Mapping[str, Fact]:
    """Every fact that a sample may have, by id."""
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
        "order.o1.delivered_at": (_K.TIME, at(-9, 16, 12)), "order.o1.item.1.name": (_K.PRODUCT, ITEMS[language]),
        "order.o2.item.1.name": (_K.PRODUCT, "棉麻桌布" if zh else "Linen Tablecloth"),
        "order.o1.shipment": (_K.NUMBER, "SF1"), "order.o2.status": (_K.STATE, "to_ship"),
        "secondary.item": (_K.PRODUCT, "加绒短靴" if zh else "High-rise leggings"),
        "product.p1.attributes.promotion": (_K.ATTRIBUTE, "3件及以上9折" if zh else "10% off 3 or more"),
        "order.o2.created_at": (_K.TIME, at(-1, 9, 2)), "order.o2.ship_by": (_K.TIME, at(2)),
        "case.item.name": (_K.PRODUCT, ITEMS[language]), "case.item.price": (_K.AMOUNT, money("129.00")),
        "case.item.sku": (_K.ATTRIBUTE, "M"),
        "case.leaves_on": (_K.DATE, day(0)), "case.days_still": (_K.QUANTITY, 5), "case.window_end": (_K.DATE, day(-2)),
        "buy.count": (_K.ATTRIBUTE, "3件" if zh else "3"), "buy.total": (_K.AMOUNT, money("179.70")),
        "buy.reduced": (_K.AMOUNT, money("161.73")),
        "case.drop": (_K.AMOUNT, money("30.00")), "case.protection_end": (_K.DATE, day(4)),
        "shipment.SF1.number": (_K.NUMBER, "SF6027719348" if zh else "9400136105440"),
        "shipment.SF1.carrier": (_K.ATTRIBUTE, "顺丰" if zh else "USPS"),
        "shipment.SF1.last_event.text": (_K.ATTRIBUTE, scan), "shipment.SF1.last_event.at": (_K.TIME, at(-1, 16, 12)),
        "shipment.SF1.eta": (_K.DATE, day(2)),
        "turn.photo": (_K.STATE, "received"), "turn.dispute": (_K.STATE, "chargeback"),
        "turn.shards": (_K.STATE, "mentioned"), "turn.empty": (_K.STATE, "mentioned"),
        "turn.missing": (_K.ATTRIBUTE, "杯盖" if zh else "lids"),
        "turn.checked": (_K.STATE, "checked"), "turn.order": (_K.NUMBER, "3348917502"),
        "hold.return_at": (_K.TIME, at(0)),
        "promise.thing": (_K.STATE, "refund"),
        "word.broken": (_K.STATE, "arrive"), "word.day": (_K.DATE, day(-1)),
        "approval.sent": (_K.STATE, "reship"), "approval.paid": (_K.STATE, "refund_full"),
        "promise.about": (_K.ATTRIBUTE, "有没有配件" if zh else "they have the part"),
        "promise.amount": (_K.AMOUNT, money("12.00")),
        "after_sale.a1": (_K.NUMBER, "a1"), "after_sale.a1.status": (_K.STATE, "processing"),
        "after_sale.a1.kind": (_K.STATE, "return"), "after_sale.a1.amount": (_K.AMOUNT, money("58.20")),
        "after_sale.a1.gap": (_K.AMOUNT, money("1.70")),
        "after_sale.a1.deadline": (_K.TIME, at(3)), "after_sale.a1.received_at": (_K.TIME, at(-6, 11)),
        "after_sale.a1.refunded_at": (_K.TIME, at(-4, 11)), "after_sale.a1.arrives_by": (_K.DATE, day(5)),
        "after_sale.a1.refund_to": (_K.ATTRIBUTE, "原支付账户" if zh else "Visa"),
        "terms.refund_arrival_business_days.min": (_K.QUANTITY, 5),
        "terms.refund_arrival_business_days.max": (_K.QUANTITY, 10),
        "terms.return_days": (_K.QUANTITY, 7 if zh else 30), "terms.ship_within_hours": (_K.QUANTITY, 48),
        "terms.price_protection_days": (_K.QUANTITY, 7), "terms.return_label": (_K.STATE, "prepaid"),
        "product.p1.name": (_K.PRODUCT, "直筒牛仔裤" if zh else "Straight-Leg Jeans"),
        "product.p1.price": (_K.AMOUNT, money("99.00")), "product.p1.attributes.fit": (_K.ATTRIBUTE, "slim"),
        "fit.measure": (_K.ATTRIBUTE, "hip"), "fit.size": (_K.ATTRIBUTE, "L"), "fit.size_had": (_K.ATTRIBUTE, "M"),
        "fit.value": (_K.ATTRIBUTE, "102" if zh else "40.5"), "fit.value_had": (_K.ATTRIBUTE, "96" if zh else "38"),
        "fit.difference": (_K.ATTRIBUTE, "6" if zh else "2.5"), "fit.unit": (_K.ATTRIBUTE, "cm" if zh else "in"),
        "fit.buyer_value": (_K.ATTRIBUTE, "100" if zh else "40"), "fit.in_stock": (_K.STATE, "in_stock"),
        "fit.colours": (_K.ATTRIBUTE, "黑色、棕色" if zh else "black and tan"), "fit.looser": (_K.ATTRIBUTE, "XL"),
        "fit.label": (_K.ATTRIBUTE, "绿色 L" if zh else "green L"),
        "fit.chart": (_K.ATTRIBUTE, "M 98厘米、L 102厘米" if zh else "M 38 in and L 40.5 in"),
        "fit.there": (_K.ATTRIBUTE, "灰色 M" if zh else "grey M"),
        "fit.gone": (_K.ATTRIBUTE, "黑色 M、黑色 L" if zh else "black M and black L"),
        "fit.nearby": (_K.ATTRIBUTE, "黑色 L、绿色 M" if zh else "black L and green M"),
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
        "question.open": (_K.ATTRIBUTE, "重量" if zh else "the weight"),
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
