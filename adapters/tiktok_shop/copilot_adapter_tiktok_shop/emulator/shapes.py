"""Our orders as the platform would send them; the other way round than the adapter, and written apart.

Says nothing that an order does not hold, apart from the ids that the platform must give everything.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from copilot.domain.order import AfterSale, AfterSaleKind, Item, Order, OrderStatus, Product, Shipment
from copilot.sdk.testing import Shopper
from copilot.sdk.testing.chats import stable_id

_STATUS: Final = {
    OrderStatus.UNPAID: "UNPAID",
    OrderStatus.TO_SHIP: "AWAITING_SHIPMENT",
    OrderStatus.SHIPPED: "IN_TRANSIT",
    OrderStatus.DELIVERED: "DELIVERED",
    OrderStatus.COMPLETED: "COMPLETED",
    OrderStatus.CANCELLED: "CANCELLED",
    OrderStatus.UNKNOWN: "PARTIALLY_SHIPPING",
}
_ARRIVED: Final = frozenset({OrderStatus.DELIVERED, OrderStatus.COMPLETED})
_RETURN_TYPE: Final = {
    AfterSaleKind.REFUND: "REFUND",
    AfterSaleKind.RETURN: "RETURN_AND_REFUND",
    AfterSaleKind.EXCHANGE: "REPLACEMENT",
    AfterSaleKind.RESHIP: "REPLACEMENT",
}
# The first word that a state contains decides.
_RETURN_STATES: Final = (
    ("reject", "REFUND_OR_RETURN_REQUEST_REJECT"),
    ("awaiting_return", "AWAITING_BUYER_SHIP"),
    ("returning", "BUYER_SHIPPED_ITEM"),
    ("awaiting_buyer", "AWAITING_BUYER_RESPONSE"),
    ("refunded", "RETURN_OR_REFUND_REQUEST_COMPLETE"),
    ("approved", "RETURN_OR_REFUND_REQUEST_SUCCESS"),
    ("clos", "RETURN_OR_REFUND_REQUEST_CANCEL"),
    ("cancel", "RETURN_OR_REFUND_REQUEST_CANCEL"),
)
_REPLACEMENT_STATES: Final = (
    ("reject", "REPLACEMENT_REQUEST_REJECT"),
    ("refunded", "REPLACEMENT_REQUEST_REFUND_SUCCESS"),
    ("complete", "REPLACEMENT_REQUEST_COMPLETE"),
    ("clos", "REPLACEMENT_REQUEST_CANCEL"),
    ("cancel", "REPLACEMENT_REQUEST_CANCEL"),
)
_CANCEL_STATES: Final = (
    ("refunded", "CANCELLATION_REQUEST_COMPLETE"),
    ("cancel", "CANCELLATION_REQUEST_COMPLETE"),
    ("approved", "CANCELLATION_REQUEST_SUCCESS"),
    ("clos", "CANCELLATION_REQUEST_CANCELLED"),
)


def user_id(shopper_id: str) -> str:
    """What orders know a shopper by."""
    return stable_id("user", shopper_id)


def im_user_id(shopper_id: str) -> str:
    """What the chat knows a shopper by; no order knows it."""
    return stable_id("im", shopper_id)


def order(placed: Order, shopper: Shopper) -> dict[str, Any]:
    """An order as the interface tells it; units stand one by one and 0 is a time that is none."""
    currency = placed.total.currency if placed.total else next((i.price.currency for i in placed.items if i.price), "")
    parcel = placed.shipments[0] if placed.shipments else None
    return {
        "id": placed.id,
        "status": status(placed),
        "user_id": user_id(shopper.id),
        "buyer_nickname": shopper.nickname,
        "create_time": seconds(placed.created_at),
        "paid_time": seconds(placed.paid_at),
        "rts_sla_time": seconds(placed.ship_by),
        "tts_sla_time": seconds(placed.ship_by),
        "delivery_sla_time": seconds(parcel.eta if parcel else None),
        "delivery_time": seconds(placed.delivered_at),
        "tracking_number": (parcel.tracking_no if parcel else None) or "",
        "shipping_provider": (parcel.carrier if parcel else None) or "",
        "is_on_hold_order": False,
        "line_items": _lines(placed, currency),
        "packages": [{"id": _package(placed, at)} for at in range(len(placed.shipments))],
        "payment": {"currency": currency, "total_amount": placed.total.amount if placed.total else ""},
        **_destination(placed),
    }


def _destination(placed: Order) -> dict[str, Any]:
    """The masked address; the platform tells none while an order is unpaid."""
    if placed.region is None or placed.status is OrderStatus.UNPAID:
        return {}
    country = placed.region.partition("-")[0]
    address = {"name": "R***", "phone_number": "(+1)***00", "full_address": "***", "postal_code": "***"}
    return {"recipient_address": {**address, "region_code": country, "district_info": []}}


def product(sold: Product) -> dict[str, Any]:
    """A product as the interface tells it: of the variants that ``stock_by_variant`` counts, else of one."""
    price = sold.price
    counts = sold.attributes.get("stock_by_variant")
    variants: dict[str, Any] = counts if isinstance(counts, dict) else {"": sold.stock}
    return {
        "id": sold.id,
        "title": sold.name,
        "status": "ACTIVATE" if sold.status == "live" else sold.status.upper(),
        "is_not_for_sale": False,
        "product_attributes": [
            {"id": stable_id("attribute", name), "name": name, "values": [{"id": "1", "name": str(value)}]}
            for name, value in sold.attributes.items()
            if name != "stock_by_variant"
        ],
        "skus": [
            {
                "id": stable_id("sku", f"{sold.id}{name}"),
                "sales_attributes": [
                    {"id": stable_id("choice", str(at)), "name": f"Choice {at + 1}", "value_name": part}
                    for at, part in enumerate(name.split(" / "))
                    if part
                ],
                "price": {"currency": price.currency, "sale_price": price.amount} if price else {},
                "inventory": [] if count is None else [{"warehouse_id": "1", "quantity": count}],
            }
            for name, count in variants.items()
        ],
    }


def status(placed: Order) -> str:
    """The platform's word for where an order stands."""
    if placed.status is OrderStatus.TO_SHIP and placed.shipments:
        return "AWAITING_COLLECTION"
    return _STATUS[placed.status]


def tracking(placed: Order) -> list[dict[str, Any]]:
    """All scans of an order, newest first and without saying of which parcel."""
    scans = [scan for parcel in placed.shipments for scan in parcel.events]
    scans.sort(key=lambda scan: scan.at, reverse=True)
    return [{"description": scan.text, "update_time_millis": seconds(scan.at) * 1000} for scan in scans]


def returns(placed: Order, moved: datetime | None = None) -> list[dict[str, Any]]:
    """The order's requests that are returns, refunds or replacements; ``moved`` is when they changed last."""
    listed = enumerate(placed.after_sales)
    return [_return(placed, at, one, moved) for at, one in listed if not is_cancellation(placed, one)]


def cancellations(placed: Order, moved: datetime | None = None) -> list[dict[str, Any]]:
    """The order's requests to cancel it; ``moved`` is when they changed last."""
    listed = enumerate(placed.after_sales)
    return [_cancel(placed, at, one, moved) for at, one in listed if is_cancellation(placed, one)]


def is_cancellation(placed: Order, request: AfterSale) -> bool:
    """A refund of what never left is a cancellation."""
    unsent = placed.status in (OrderStatus.CANCELLED, OrderStatus.TO_SHIP, OrderStatus.UNPAID)
    return unsent and request.kind is AfterSaleKind.REFUND


def seconds(time: datetime | None) -> int:
    """Unix seconds; 0 where there is no time."""
    return int(time.timestamp()) if time else 0


def sku_id(item: Item) -> str:
    """What the platform calls a variant of a product."""
    return stable_id("sku", item.product_id, item.sku or "")


def compact(value: object) -> str:
    """JSON without spaces, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _package(placed: Order, at: int) -> str:
    return stable_id("package", placed.id, str(at))


def _lines(placed: Order, currency: str) -> list[dict[str, Any]]:
    units = [item for item in placed.items for _ in range(item.quantity)]
    return [
        {
            "id": stable_id("line", placed.id, str(at)),
            "product_id": unit.product_id,
            "product_name": unit.name,
            "sku_id": sku_id(unit),
            "sku_name": unit.sku or "Default",
            "sale_price": unit.price.amount if unit.price else "",
            "currency": unit.price.currency if unit.price else currency,
            **_packed(placed, at, placed.shipments),
        }
        for at, unit in enumerate(units)
    ]


def _packed(placed: Order, at: int, parcels: Sequence[Shipment]) -> dict[str, str]:
    """Units are spread over the parcels one after the other."""
    if not parcels:
        return {"package_id": "", "package_status": "TO_FULFILL", "tracking_number": "", "shipping_provider_name": ""}
    number = at % len(parcels)
    parcel = parcels[number]
    return {
        "package_id": _package(placed, number),
        "package_status": _package_status(placed, parcel),
        "tracking_number": parcel.tracking_no or "",
        "shipping_provider_name": parcel.carrier or "",
    }


def _package_status(placed: Order, parcel: Shipment) -> str:
    word = (parcel.status or "").lower()
    if word == "cancelled":
        return "CANCELLED"
    if word == "delivered" or (not word and placed.status in _ARRIVED):
        return "COMPLETED"
    return "PROCESSING" if placed.status is OrderStatus.TO_SHIP else "FULFILLING"


def _return(placed: Order, at: int, request: AfterSale, moved: datetime | None) -> dict[str, Any]:
    replacement = request.kind in (AfterSaleKind.EXCHANGE, AfterSaleKind.RESHIP)
    states = _REPLACEMENT_STATES if replacement else _RETURN_STATES
    pending = "REPLACEMENT_REQUEST_PENDING" if replacement else "RETURN_OR_REFUND_REQUEST_PENDING"
    return {
        "return_id": request.id,
        "return_type": _RETURN_TYPE[request.kind],
        "return_status": _state(request, states, pending),
        **_reverse(placed, at, request, moved),
        "seller_next_action_response": _next("SELLER_RESPOND_RETURN", request),
    }


def _cancel(placed: Order, at: int, request: AfterSale, moved: datetime | None) -> dict[str, Any]:
    return {
        "cancel_id": request.id,
        "cancel_type": "BUYER_CANCEL",
        "cancel_status": _state(request, _CANCEL_STATES, "CANCELLATION_REQUEST_PENDING"),
        **_reverse(placed, at, request, moved),
        "seller_next_action_response": _next("SELLER_RESPOND_CANCEL", request),
    }


def _next(action: str, request: AfterSale) -> list[dict[str, Any]]:
    return [{"action": action, "deadline": seconds(request.deadline)}] if request.deadline else []


def _reverse(placed: Order, at: int, request: AfterSale, moved: datetime | None) -> dict[str, Any]:
    created = seconds(placed.created_at) + at + 1
    amount = request.amount
    return {
        "order_id": placed.id,
        "role": "BUYER",
        "refund_amount": {"currency": amount.currency, "refund_total": amount.amount} if amount else None,
        "create_time": created,
        # A request that is through never moves again.
        "update_time": seconds(request.refunded_at) or seconds(moved) or created,
    }


def _state(request: AfterSale, states: Sequence[tuple[str, str]], pending: str) -> str:
    word = "refunded" if request.refunded_at else request.status.lower()
    return next((state for part, state in states if part in word), pending)
