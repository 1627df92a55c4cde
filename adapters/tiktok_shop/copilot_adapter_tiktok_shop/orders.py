"""The platform's orders in our vocabulary: lines, parcels, money, dates and after-sales.

Reads values only; what is missing or cannot be told stays missing. Names and phones are never read, of addresses only
the country.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from pydantic import ValidationError

from copilot.domain.money import Money
from copilot.domain.order import AfterSale, AfterSaleKind, Item, Order, OrderStatus, Shipment, TrackingEvent
from copilot.sdk import Malformed
from copilot_adapter_tiktok_shop.messages import at
from copilot_adapter_tiktok_shop.wire import Cancellation, LineItem, Return, Reverse, Scan, WireOrder

R = TypeVar("R", bound=Reverse)

# A partly shipped order is neither here nor there: no sentence about the whole of it would be true.
_STATUS: Final = {
    "UNPAID": OrderStatus.UNPAID,
    "ON_HOLD": OrderStatus.TO_SHIP,
    "AWAITING_SHIPMENT": OrderStatus.TO_SHIP,
    "AWAITING_COLLECTION": OrderStatus.TO_SHIP,
    "IN_TRANSIT": OrderStatus.SHIPPED,
    "DELIVERED": OrderStatus.DELIVERED,
    "COMPLETED": OrderStatus.COMPLETED,
    "CANCELLED": OrderStatus.CANCELLED,
    "CANCEL": OrderStatus.CANCELLED,
}
_PARCEL: Final = {
    "PROCESSING": "awaiting_collection",
    "FULFILLING": "in_transit",
    "COMPLETED": "delivered",
    "CANCELLED": "cancelled",
}
_KIND: Final = {
    "REFUND": AfterSaleKind.REFUND,
    "RETURN_AND_REFUND": AfterSaleKind.RETURN,
    "REPLACEMENT": AfterSaleKind.EXCHANGE,
}
# "Success" is the shop's consent, the money leaves with "complete"; a consented replacement is complete at once.
_RETURN: Final = {
    "RETURN_OR_REFUND_REQUEST_PENDING": "requested",
    "REFUND_OR_RETURN_REQUEST_REJECT": "rejected",
    "AWAITING_BUYER_SHIP": "awaiting_return",
    "BUYER_SHIPPED_ITEM": "returning",
    "REJECT_RECEIVE_PACKAGE": "rejected",
    "RETURN_OR_REFUND_REQUEST_SUCCESS": "approved",
    "RETURN_OR_REFUND_REQUEST_CANCEL": "closed",
    "RETURN_OR_REFUND_REQUEST_COMPLETE": "refunded",
    "REPLACEMENT_REQUEST_PENDING": "requested",
    "REPLACEMENT_REQUEST_REJECT": "rejected",
    "REPLACEMENT_REQUEST_REFUND_SUCCESS": "refunded",
    "REPLACEMENT_REQUEST_CANCEL": "closed",
    "REPLACEMENT_REQUEST_COMPLETE": "completed",
    "AWAITING_BUYER_RESPONSE": "awaiting_buyer",
}
# The platform spells the withdrawn request in two ways.
_CANCELLATION: Final = {
    "CANCELLATION_REQUEST_PENDING": "requested",
    "CANCELLATION_REQUEST_SUCCESS": "approved",
    "CANCELLATION_REQUEST_COMPLETE": "refunded",
    "CANCELLATION_REQUEST_CANCEL": "closed",
    "CANCELLATION_REQUEST_CANCELLED": "closed",
}
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_NO_VARIANT: Final = frozenset({"", "Default"})


def order(wire: WireOrder, scans: Sequence[Scan], returns: Iterable[Return], cancels: Iterable[Cancellation]) -> Order:
    """``wire`` with its parcels' scans (oldest or newest first) and those of the requests that are about it.

    Raises:
        Malformed: an amount is none.
    """
    mine = [_return(one) for one in _oldest_first(returns) if one.order_id == wire.id]
    mine += [_cancellation(one) for one in _oldest_first(cancels) if one.order_id == wire.id]
    return Order(
        id=wire.id,
        status=_STATUS.get(wire.status, OrderStatus.UNKNOWN),
        created_at=at(wire.create_time),
        paid_at=at(wire.paid_time),
        ship_by=at(wire.tts_sla_time if wire.status == "AWAITING_COLLECTION" else wire.rts_sla_time),
        delivered_at=at(wire.delivery_time),
        total=money(wire.payment.total_amount, wire.payment.currency),
        region=_region(wire),
        items=_items(wire),
        shipments=_shipments(wire, scans),
        after_sales=tuple(mine),
    )


def _region(wire: WireOrder) -> str | None:
    """The country's ISO 3166 code; there is none while the order is unpaid."""
    code = wire.recipient_address.region_code.upper() if wire.recipient_address is not None else ""
    return code if _COUNTRY.fullmatch(code) else None


def has_scans(wire: WireOrder) -> bool:
    """Whether asking for scans makes sense: one parcel is on its way or has lately arrived."""
    moving = wire.status in ("AWAITING_COLLECTION", "PARTIALLY_SHIPPING", "IN_TRANSIT", "DELIVERED")
    return moving and len(_shipments(wire, ())) == 1


def _items(wire: WireOrder) -> tuple[Item, ...]:
    """One line for each product, variant and price; the platform lists every unit by itself."""
    units = [_unit(one, wire.payment.currency) for one in wire.line_items]
    return tuple(unit.model_copy(update={"quantity": count}) for unit, count in Counter(units).items())


def _unit(line: LineItem, currency: str) -> Item:
    return Item(
        product_id=line.product_id,
        name=line.product_name,
        sku=None if line.sku_name in _NO_VARIANT else line.sku_name,
        price=money(line.sale_price, line.currency or currency),
    )


def _shipments(wire: WireOrder, scans: Sequence[Scan]) -> tuple[Shipment, ...]:
    parcels: dict[str, LineItem] = {}
    for line in wire.line_items:
        key = line.package_id or line.tracking_number
        if key and (line.tracking_number or line.package_status in _PARCEL):
            parcels.setdefault(key, line)
    found = [
        Shipment(
            carrier=line.shipping_provider_name or None,
            tracking_no=line.tracking_number or None,
            status=_PARCEL.get(line.package_status),
            eta=at(wire.delivery_sla_time),
        )
        for line in parcels.values()
    ]
    if not found and wire.tracking_number:
        carrier = wire.shipping_provider or None
        found = [Shipment(carrier=carrier, tracking_no=wire.tracking_number, eta=at(wire.delivery_sla_time))]
    if len(found) != 1:
        # The platform tells the scans of an order and not of which parcel.
        return tuple(found)
    return (found[0].model_copy(update={"events": _events(scans)}),)


def _events(scans: Sequence[Scan]) -> tuple[TrackingEvent, ...]:
    times = [(at(scan.update_time_millis // 1000 if scan.update_time_millis else None), scan) for scan in scans]
    known = [TrackingEvent(at=time, text=scan.description) for time, scan in times if time and scan.description]
    return tuple(sorted(known, key=lambda event: event.at))


def _oldest_first(requests: Iterable[R]) -> list[R]:
    return sorted(requests, key=lambda one: one.create_time or 0)


def _return(wire: Return) -> AfterSale:
    kind = _KIND.get(wire.return_type, AfterSaleKind.REFUND)
    return _after_sale(wire, wire.return_id, kind, _word(wire.return_status, _RETURN))


def _cancellation(wire: Cancellation) -> AfterSale:
    status = _word(wire.cancel_status, _CANCELLATION)
    paid_back = _refund(wire)
    if status == "refunded" and (paid_back is None or paid_back.minor == 0):
        # An order that was never paid: it is cancelled, and no money will come.
        status = "cancelled"
    return _after_sale(wire, wire.cancel_id, AfterSaleKind.REFUND, status)


def _after_sale(wire: Reverse, number: str, kind: AfterSaleKind, status: str) -> AfterSale:
    deadlines = [action.deadline for action in wire.seller_next_action_response if action.deadline]
    return AfterSale(
        id=number,
        kind=kind,
        status=status,
        amount=_refund(wire),
        deadline=at(min(deadlines)) if deadlines else None,
        refunded_at=at(wire.update_time) if status == "refunded" else None,
    )


def _word(status: str, words: dict[str, str]) -> str:
    """Our word for a state; a new one of the platform's is read as little as possible."""
    if status in words:
        return words[status]
    if "CANCEL" in status.removeprefix("CANCELLATION_"):
        return "closed"
    return "rejected" if "REJECT" in status else "in_progress"


def _refund(wire: Reverse) -> Money | None:
    return money(wire.refund_amount.refund_total, wire.refund_amount.currency) if wire.refund_amount else None


def money(amount: str, currency: str) -> Money | None:
    """An amount of the platform; None where there is none.

    Raises:
        Malformed: it is no amount.
    """
    if not amount or not currency:
        return None
    try:
        return Money(amount=amount, currency=currency)
    except ValidationError:
        raise Malformed("an amount of the platform is no amount") from None
