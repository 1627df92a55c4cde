"""From the vocabulary to the platform's payloads: what the emulated platform shows of an order; pure.

Written by hand from the platform's field lists and not with the adapter's models, so that the two check each other.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from copilot.domain.money import Money
from copilot.domain.order import AfterSale, AfterSaleKind, Item, Order, OrderStatus, Shipment
from copilot.sdk.testing import Placed
from copilot.sdk.testing.chats import stable_id
from copilot_adapter_douyin.regions import province_of

_STATUS: Final[dict[OrderStatus, tuple[int, str]]] = {
    OrderStatus.UNPAID: (1, "待支付"),
    OrderStatus.TO_SHIP: (2, "备货中"),
    OrderStatus.SHIPPED: (3, "已发货"),
    # The platform has no state of its own for an order that was delivered and not yet confirmed.
    OrderStatus.DELIVERED: (3, "已发货"),
    OrderStatus.COMPLETED: (5, "已完成"),
    OrderStatus.CANCELLED: (4, "已取消"),
    OrderStatus.UNKNOWN: (0, ""),
}
_KIND: Final[dict[AfterSaleKind, int]] = {
    AfterSaleKind.RETURN: 0,
    AfterSaleKind.REFUND: 1,
    AfterSaleKind.EXCHANGE: 3,
    AfterSaleKind.RESHIP: 7,
}
_REQUEST: Final[tuple[tuple[tuple[str, ...], int], ...]] = (
    (("awaiting_buyer_return",), 7),
    (("awaiting_seller_shipment",), 8),
    (("buyer_shipped", "second_confirmation"), 11),
    (("awaiting_buyer_receipt",), 13),
    (("reject", "refus"), 27),
    (("closed", "cancel", "withdrawn"), 28),
    (("done", "complete"), 14),
    (("refunded", "success"), 12),
)
_WAITING: Final = 6
_SETTLED: Final = 12
_ROUTE_STATES: Final = {"delivered": "已签收", "in_transit": "运输中"}


def open_id(shop: str, shopper: str) -> str:
    """What orders know a shopper by: opaque, and unlike the chat's id of them."""
    return "1@#" + hashlib.sha256(f"{shop}\n{shopper}".encode()).hexdigest()[:40]


def company(carrier: str | None) -> str:
    """A carrier's code."""
    return "c" + hashlib.sha256(carrier.encode()).hexdigest()[:8] if carrier else ""


def order_payload(placed: Placed, shop: str) -> dict[str, Any]:
    """An order as order.orderDetail tells it, with the personal data that nobody should read."""
    order, shopper = placed.order, placed.shopper
    status, words = _STATUS[order.status]
    return {
        "order_id": order.id,
        "shop_id": int(shop),
        "order_status": status,
        "order_status_desc": words,
        "main_status": status,
        "create_time": seconds(order.created_at),
        "update_time": seconds(placed.changed_at),
        "pay_time": seconds(order.paid_at),
        "exp_ship_time": seconds(order.ship_by),
        "ship_time": 0,
        "finish_time": 0,
        "order_amount": fen(order.total),
        "pay_amount": fen(order.total),
        "post_amount": 0,
        "promotion_amount": 0,
        "pay_type": 7,
        "buyer_words": "",
        "seller_words": "",
        "seller_remark_stars": 0,
        "doudian_open_id": open_id(shop, shopper),
        "encrypt_post_tel": "$encrypted-phone$",
        "encrypt_post_receiver": "$encrypted-name$",
        "mask_post_tel": "1********00",
        "mask_post_receiver": "张*",
        "post_addr": {"encrypt_detail": "$encrypted-address$"},
        "mask_post_addr": {**_province(order), "detail": "**路**号"},
        "user_tag_ui": [],
        "shop_order_tag_ui": [],
        "logistics_info": [_parcel(order, number, one) for number, one in enumerate(order.shipments)],
        "sku_order_list": [_line(order, number, item, status) for number, item in enumerate(order.items)],
    }


def _province(order: Order) -> dict[str, Any]:
    """The province that the order goes to, where it has one."""
    name = province_of(order.region or "")
    return {"province": {"name": name, "id": f"{(order.region or '').removeprefix('CN-')}0000"}} if name else {}


def _line(order: Order, number: int, item: Item, status: int) -> dict[str, Any]:
    each = fen(item.price)
    return {
        "order_id": _line_id(order, number),
        "product_id": int(item.product_id) if item.product_id.isdecimal() else 0,
        "product_id_str": item.product_id,
        "product_name": item.name,
        "product_pic": "",
        "sku_id": int(stable_id(order.id, str(number), "sku")),
        "spec": [{"name": "规格", "value": item.sku}] if item.sku else [],
        "item_num": item.quantity,
        "origin_amount": each,
        "pay_amount": None if each is None else each * item.quantity,
        "order_status": status,
        "exp_ship_time": seconds(order.ship_by),
        "ship_time": 0,
        "logistics_receipt_time": _received(order),
        "confirm_receipt_time": 0,
    }


def _received(order: Order) -> int:
    """When it was signed for; the only way in which the platform tells that an order was delivered."""
    if order.delivered_at is not None or order.status is not OrderStatus.DELIVERED:
        return seconds(order.delivered_at)
    scans = [event.at for parcel in order.shipments for event in parcel.events]
    return seconds(max(scans, default=order.paid_at or order.created_at))


def _line_id(order: Order, number: int) -> str:
    return stable_id(order.id, str(number))


def _parcel(order: Order, number: int, shipment: Shipment) -> dict[str, Any]:
    # With several parcels the emulated shop packs its lines in turn.
    inside = [at for at in range(len(order.items)) if at % len(order.shipments) == number]
    return {
        "tracking_no": shipment.tracking_no or "",
        "company": company(shipment.carrier),
        "company_name": shipment.carrier or "",
        "ship_time": seconds(shipment.events[0].at) if shipment.events else 0,
        "delivery_id": stable_id(order.id, str(number), "parcel"),
        "product_info": [{"product_name": order.items[at].name, "sku_order_id": _line_id(order, at)} for at in inside],
    }


def route_payload(shipment: Shipment) -> dict[str, Any]:
    """The scans of a parcel as logistics.trackNoRouteDetail tells them, newest first."""
    last = len(shipment.events) - 1
    nodes = [
        {
            "content": event.text,
            "timestamp": seconds(event.at),
            "state": "",
            "state_description": _ROUTE_STATES.get((shipment.status or "") if number == last else "in_transit", ""),
            "site_name": "",
        }
        for number, event in enumerate(shipment.events)
    ]
    return {
        "route__node_list": nodes[::-1],
        "track_info": {"track_no": shipment.tracking_no, "express": company(shipment.carrier)},
    }


def after_sale_payload(placed: Placed, request: AfterSale) -> dict[str, Any]:
    """A row of afterSale.List."""
    order = placed.order
    before_shipping = request.kind is AfterSaleKind.REFUND and order.status in (OrderStatus.UNPAID, OrderStatus.TO_SHIP)
    return {
        "aftersale_info": {
            "aftersale_id": request.id,
            "aftersale_type": 2 if before_shipping else _KIND[request.kind],
            "aftersale_status": after_sale_status(request),
            "related_id": order.id,
            "apply_time": seconds(order.paid_at),
            "update_time": moved(placed, request),
            "status_deadline": seconds(request.deadline),
            "refund_amount": fen(request.amount),
            "refund_post_amount": 0,
            "refund_status": 0,
            "arbitrate_status": 0,
            "got_pkg": 0,
        },
        "order_info": {"shop_order_id": order.id, "related_order_info": []},
        "text_part": {},
        "seller_logs": [],
    }


def after_sale_detail(placed: Placed, request: AfterSale) -> dict[str, Any]:
    """What afterSale.Detail answers; of a request that is not settled nothing went back yet."""
    status = after_sale_status(request)
    facts = {
        "after_sale_id": request.id,
        "after_sale_status": status,
        "refund_total_amount": fen(request.amount),
        "real_refund_amount": fen(request.amount) if status == _SETTLED else 0,
        "status_deadline": seconds(request.deadline),
        "got_pkg": 0,
    }
    return {"process_info": {"after_sale_info": facts}, "order_info": {"shop_order_id": placed.order.id}}


def moved(placed: Placed, request: AfterSale) -> int:
    """When a request moved last; one that is settled never moves again."""
    return seconds(request.settled_at or request.refunded_at or placed.changed_at)


def after_sale_status(request: AfterSale) -> int:
    """The platform's number for the state of a request."""
    told = request.status.lower()
    return next((number for words, number in _REQUEST if any(word in told for word in words)), _WAITING)


def changes(order: Order, shop: str, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """The pushes, as tag and data, that tell of an order and of its after-sales."""
    tags = {
        OrderStatus.UNPAID: "100",
        OrderStatus.TO_SHIP: "101",
        OrderStatus.SHIPPED: "102",
        OrderStatus.DELIVERED: "104",
        OrderStatus.COMPLETED: "103",
        OrderStatus.CANCELLED: "106",
        OrderStatus.UNKNOWN: "104",
    }
    common = {"p_id": _number(order.id), "shop_id": int(shop), "update_time": seconds(now), "biz": 2}
    lines = [int(_line_id(order, number)) for number in range(len(order.items))]
    status = _STATUS[order.status][0]
    yield tags[order.status], {**common, "s_ids": lines, "order_status": status, "order_type": 0}
    by_status = {12: "206", 27: "204", 28: "207", 7: "202", 11: "203"}
    for request in order.after_sales:
        number = after_sale_status(request)
        yield (
            by_status.get(number, "200"),
            {
                **common,
                "s_id": lines[0] if lines else 0,
                "aftersale_id": _number(request.id),
                "aftersale_status": number,
                "aftersale_type": _KIND[request.kind],
                "refund_amount": fen(request.amount),
            },
        )


def seconds(at: datetime | None) -> int:
    """Unix seconds; 0 when there is no time."""
    return int(at.timestamp()) if at else 0


def fen(money: Money | None) -> int | None:
    """Minor units."""
    return money.minor if money else None


def _number(number: str) -> int | str:
    # Pushes carry ids as 64-bit numbers.
    return int(number) if number.isdecimal() else number
