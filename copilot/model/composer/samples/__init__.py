"""Made-up plans for every scene of docs/scenes.md, to read the templates aloud and to test them.

Invented orders, parcels and goods only; nothing here is used when a real draft is written. A file a group, the whole in
the order of the page here.
"""

from copilot.domain.issue import Issue
from copilot.domain.plan import Act
from copilot.model.composer.samples.delivery import late, parcels, shipping
from copilot.model.composer.samples.facts import NOW
from copilot.model.composer.samples.goods import goods, missing, returns, warranty
from copilot.model.composer.samples.people import papers, people
from copilot.model.composer.samples.questions import adverts, goods_questions, tall_and_long
from copilot.model.composer.samples.sample import Sample
from copilot.model.composer.samples.shared import (
    DROP,
    EVENT,
    FIT,
    ITEM,
    REFUNDED,
    REFUNDED_MAYBE,
    RETURN,
    SALE,
    SHIP,
    UNDER_WAY,
    common,
    offers,
)

__all__ = ["NOW", "Sample", "samples"]

_I, _A = Issue, Act


def samples() -> list[Sample]:
    """Every scene, in the order of docs/scenes.md."""
    made = [
        Sample(None, _A.GREET, "greeting"), Sample(None, _A.WELCOME, "thanks"), Sample(None, _A.WELCOME, "praised"),
        Sample(None, _A.FAREWELL, "closing"),
        Sample(_I.DAMAGED, _A.ACKNOWLEDGE, "refused_all", ("hold.return_at",)),
        Sample(_I.DAMAGED, _A.ACKNOWLEDGE, "refused_all", (), (), ("return_refund",)),
        Sample(_I.DAMAGED, _A.ACKNOWLEDGE, "let_go"), Sample(_I.RETURN_EXCHANGE, _A.ACKNOWLEDGE, "let_go_open"),
        Sample(_I.RETURN_EXCHANGE, _A.ANSWER, "apply", (), ("case.window_end",)),
        Sample(_I.RETURN_EXCHANGE, _A.ANSWER, "postage", ("terms.return_label",), ("case.window_end",)),
        Sample(_I.LOGISTICS_QUERY, _A.ACKNOWLEDGE, "settled"),
        Sample(_I.DAMAGED, _A.ASK, "photo_missing", (), ("turn.dispute",), asks=("photo",)),
        Sample(_I.DAMAGED, _A.ASK, "choice", (), (), ("reship", "refund_keep"), ("choice",)),
        *common(None),
        *shipping(_I.LOGISTICS_QUERY, "unpaid", "to_ship", "in_transit", "stalled", "late", "delivered", "cancelled",
                   "no_tracking", "unscanned", "returning", "to_ship_rest"),
        late(_I.LOGISTICS_QUERY, _A.ANSWER), *common(_I.LOGISTICS_QUERY),
        Sample(_I.LOGISTICS_QUERY, _A.HOLD, "drop_off", ("order.o1.status", *RETURN), (*SHIP, *ITEM)),
        Sample(_I.LOGISTICS_QUERY, _A.HOLD, "packing", ("order.o1.status", *RETURN), ITEM),
        Sample(_I.LOGISTICS_QUERY, _A.ANSWER, "packing_shipped", ("order.o1.status",), ("shipment.SF1.eta", *ITEM)),
        Sample(_I.LOGISTICS_QUERY, _A.HOLD, "arrange", ("order.o1.status", *RETURN), (*SHIP, *ITEM)),
        Sample(_I.SHIPPING_TIME, _A.HOLD, "together_open", RETURN),
        Sample(_I.SHIPPING_TIME, _A.ANSWER, "each",
               tuple(f"order.{one}.{what}" for one in ("o1", "o2") for what in ("item.1.name", "ship_by"))),
        Sample(_I.RETURN_EXCHANGE, _A.ANSWER, "label_form", (*SALE, *RETURN)),
        Sample(_I.SHIPPING_TIME, _A.HOLD, "together", ("order.o1.status", *RETURN), ITEM),
        Sample(_I.SHIPPING_TIME, _A.HOLD, "stock_trouble", ("order.o1.status", *RETURN), ITEM),
        Sample(_I.DELIVERY_DELAY, _A.HOLD, "stock_trouble", ("order.o1.status", *RETURN), ITEM),
        Sample(_I.PRICE_PROMOTION, _A.HOLD, "code", RETURN, ()),
        Sample(_I.SHIPPING_TIME, _A.ANSWER, "together_shipped", ("order.o1.status",), ("shipment.SF1.eta", *ITEM)),
        *shipping(_I.DELIVERY_DELAY, "unpaid", "cancelled", "not_due_yet", "in_transit_on_time", "in_transit",
                   "in_transit_late", "stalled", "delivered", "no_tracking", "unscanned"),
        late(_I.DELIVERY_DELAY, _A.OFFER, ("cancel_refund",)), late(_I.DELIVERY_DELAY, _A.DECLINE),
        *common(_I.DELIVERY_DELAY),
        *goods(_I.DAMAGED, "reship", "refund_keep", "return_refund"), *common(_I.DAMAGED),
        Sample(_I.DAMAGED, _A.ANSWER, "packaging", (), ITEM),
        *goods(_I.QUALITY_DEFECT, "exchange", "return_refund", "refund_keep"), *warranty(),
        *goods(_I.WRONG_ITEM, "reship", "return_refund"), *goods(_I.MISSING_ITEM, "send_missing", "refund_keep"),
        *missing(),
        *shipping(_I.NOT_RECEIVED, "not_shipped", "in_transit", "stalled", "late"),
        Sample(_I.NOT_RECEIVED, _A.ANSWER, "in_progress", SALE, ("after_sale.a1.amount", "after_sale.a1.deadline")),
        *offers(_I.NOT_RECEIVED, "delivered", ("shipment.SF1.last_event.at",), (EVENT[0], "turn.checked", *ITEM),
                 "reship", "refund_full"),
        Sample(_I.SIZE_FIT, _A.ASK, "ask_product", asks=("product",)),
        Sample(_I.SIZE_FIT, _A.ASK, "ask_measurement", ("product.p1.name", "fit.measure"),
               ("product.p1.attributes.fit",), asks=("measurement",)),
        Sample(_I.SIZE_FIT, _A.ANSWER, "recommend", (*FIT, "product.p1.name"),
               ("product.p1.attributes.fit", "fit.in_stock", "fit.looser")),
        Sample(_I.SIZE_FIT, _A.DECLINE, "no_size_fits", FIT), Sample(_I.SIZE_FIT, _A.HOLD, "checking", RETURN),
        *tall_and_long(),
        *returns(_I.SIZE_MISMATCH),
        Sample(_I.SIZE_MISMATCH, _A.ANSWER, "before_delivery", UNDER_WAY, ("shipment.SF1.eta", *ITEM)),
        Sample(_I.SIZE_MISMATCH, _A.ASK, "ask_direction", (), ("case.item.sku", *ITEM), asks=("reason",)),
        *offers(_I.SIZE_MISMATCH, "decide", ("terms.return_days",),
                 ("fit.size_had", "fit.size", "fit.measure", "fit.value_had", "fit.value", "fit.difference", "fit.unit",
                  "fit.in_stock", "product.p1.attributes.fit", *ITEM), "exchange", "return_refund"),
        *shipping(_I.RETURN_EXCHANGE, "unpaid", "cancelled"), *returns(_I.RETURN_EXCHANGE),
        *offers(_I.RETURN_EXCHANGE, "before_shipping", ("order.o1.status",), ITEM, "cancel_refund"),
        *offers(_I.RETURN_EXCHANGE, "quantity", ("order.o1.status",), ITEM, "cancel_refund"),
        Sample(_I.RETURN_EXCHANGE, _A.ANSWER, "quantity_shipped", ("order.o1.status",), ("shipment.SF1.eta", *ITEM)),
        Sample(_I.RETURN_EXCHANGE, _A.ANSWER, "before_delivery", UNDER_WAY, ("shipment.SF1.eta", *ITEM)),
        *offers(_I.RETURN_EXCHANGE, "within_window", ("terms.return_days",), ("case.window_end", *ITEM),
                 "exchange", "return_refund"),
        *returns(_I.NOT_AS_DESCRIBED),
        *offers(_I.NOT_AS_DESCRIBED, "within_window", ("terms.return_days",), ("case.window_end", *ITEM),
                 "exchange", "return_refund"),
        *shipping(_I.REFUND_REQUEST, "unpaid", "cancelled"), *returns(_I.REFUND_REQUEST),
        *offers(_I.REFUND_REQUEST, "before_shipping", ("order.o1", "order.o1.status"), ("order.o1.total", *ITEM),
                 "cancel_refund"),
        Sample(_I.REFUND_REQUEST, _A.ANSWER, "in_transit", UNDER_WAY, ("shipment.SF1.eta", SHIP[0], *ITEM)),
        *offers(_I.REFUND_REQUEST, "after_delivery", ("terms.return_days",), ("order.o1.total", *ITEM),
                 "return_refund"),
        Sample(_I.REFUND_STATUS, _A.ANSWER, "refunded", REFUNDED, REFUNDED_MAYBE, promises=("refund_trace",)),
        Sample(_I.REFUND_STATUS, _A.HOLD, "refunded_late", (*REFUNDED, "after_sale.a1.arrives_by", *RETURN)),
        Sample(_I.REFUND_STATUS, _A.ANSWER, "in_progress", SALE,
               ("after_sale.a1.amount", "after_sale.a1.deadline", "after_sale.a1.received_at")),
        Sample(_I.REFUND_STATUS, _A.HOLD, "rejected", ("after_sale.a1.status", *RETURN), ("after_sale.a1.kind",)),
        Sample(_I.REFUND_STATUS, _A.HOLD, "not_requested", ("order.o1", *RETURN)),
        Sample(_I.REFUND_STATUS, _A.ANSWER, "short_agreed", (*REFUNDED, "order.o1.total")),
        Sample(_I.REFUND_STATUS, _A.HOLD, "short", (*REFUNDED, "order.o1.total", "after_sale.a1.gap", *RETURN)),
        Sample(_I.REFUND_STATUS, _A.ANSWER, "short_whole", REFUNDED, ("after_sale.a1.refund_to",)),
        Sample(_I.REFUND_STATUS, _A.HOLD, "short_open", ("after_sale.a1.amount", *RETURN), REFUNDED),
        Sample(_I.REFUND_STATUS, _A.ANSWER, "keep", (*REFUNDED, "after_sale.a1.kind")),
        Sample(_I.REFUND_STATUS, _A.HOLD, "keep_unsure", RETURN),
        Sample(_I.SHIPPING_TIME, _A.ANSWER, "before_order", ("terms.ship_within_hours",), ("product.p1.name",)),
        *shipping(_I.SHIPPING_TIME, "to_ship", "in_transit", "late", "delivered", "cancelled", "unpaid"),
        late(_I.SHIPPING_TIME, _A.ANSWER),
        Sample(_I.CANCEL_ORDER, _A.ANSWER, "unpaid", ("order.o1",)),
        Sample(_I.CANCEL_ORDER, _A.HOLD, "one_of_several", ("order.o1.status", *RETURN), ITEM),
        Sample(_I.CANCEL_ORDER, _A.ANSWER, "uncancel_open", ("after_sale.a1.status",)),
        Sample(_I.CANCEL_ORDER, _A.HOLD, "uncancel", ("order.o1.status", *RETURN), ITEM),
        *offers(_I.CANCEL_ORDER, "before_shipping", ("order.o1", "order.o1.status"), ITEM, "cancel_refund"),
        Sample(_I.CANCEL_ORDER, _A.ANSWER, "shipped", UNDER_WAY, (SHIP[0], *ITEM)),
        *offers(_I.CANCEL_ORDER, "delivered", ("order.o1.status", "terms.return_days"), ITEM, "return_refund"),
        *shipping(_I.CANCEL_ORDER, "cancelled"), *returns(_I.CANCEL_ORDER),
        *[sample for sample in offers(_I.PRICE_PROMOTION, "price_drop", DROP, ITEM, "refund_difference", "voucher")
          if sample.act is not _A.DECLINE],
        Sample(_I.PRICE_PROMOTION, _A.DECLINE, "protection_over", DROP, ITEM),
        Sample(_I.PRICE_PROMOTION, _A.DECLINE, "no_protection", DROP[:2], ITEM),
        Sample(_I.PRICE_PROMOTION, _A.ANSWER, "no_drop", ("product.p1.price", "product.p1.name")),
        Sample(_I.PRICE_PROMOTION, _A.ANSWER, "price_later", ("product.p1.price", "product.p1.name", *RETURN)),
        Sample(_I.PRICE_PROMOTION, _A.ANSWER, "price", ("product.p1.price", "product.p1.name"),
               ("product.p1.attributes.promotion",)),
        Sample(_I.PRICE_PROMOTION, _A.ASK, "ask_product", asks=("product",)),
        Sample(_I.OFF_PLATFORM_REQUEST, _A.DECLINE, "on_platform", (),
               ("product.p1.name", "product.p1.price", "product.p1.attributes.promotion")),
    ]  # fmt: skip
    return [*made, *goods_questions(), *adverts(), *parcels(), *papers(), *people()]
