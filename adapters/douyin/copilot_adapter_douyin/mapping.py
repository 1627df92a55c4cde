"""From the platform's orders, parcels and after-sale requests to the vocabulary's; pure.

Owns the tables of states. Refuses to fill in what the platform does not say: no estimated arrival, no time of a refund.
"""

from datetime import UTC, datetime
from typing import Final

from copilot.domain.money import Money
from copilot.domain.order import AfterSale, AfterSaleKind, Item, Order, OrderStatus, Shipment, TrackingEvent
from copilot_adapter_douyin.regions import region_of
from copilot_adapter_douyin.wire import AfterSaleInfo, Parcel, Route, RouteNode, ShopOrder, SkuOrder

CURRENCY: Final = "CNY"

_CANCELLED: Final = 4
_PARTLY_PAID: Final = 103
_STATUS: Final[dict[int, OrderStatus]] = {
    1: OrderStatus.UNPAID,
    _PARTLY_PAID: OrderStatus.UNPAID,
    105: OrderStatus.TO_SHIP,
    2: OrderStatus.TO_SHIP,
    # Partly shipped: a parcel is under way, and the order can no longer be cancelled as a whole.
    101: OrderStatus.SHIPPED,
    3: OrderStatus.SHIPPED,
    _CANCELLED: OrderStatus.CANCELLED,
    5: OrderStatus.COMPLETED,
}
_PARTLY_SHIPPED: Final = 101

_KIND: Final[dict[int, AfterSaleKind]] = {
    0: AfterSaleKind.RETURN,
    1: AfterSaleKind.REFUND,
    2: AfterSaleKind.REFUND,
    3: AfterSaleKind.EXCHANGE,
    # The difference in price comes back as money.
    6: AfterSaleKind.REFUND,
    7: AfterSaleKind.RESHIP,
    # The vocabulary has no repair; like an exchange the goods travel twice and no money moves.
    8: AfterSaleKind.EXCHANGE,
}
_REQUEST: Final[dict[int, str]] = {
    6: "awaiting_seller",
    7: "awaiting_buyer_return",
    8: "awaiting_seller_shipment",
    11: "awaiting_second_confirmation",
    12: "success",
    13: "awaiting_buyer_receipt",
    14: "done",
    27: "rejected",
    # It ended without effect, for instance because the buyer took it back: nothing says that it was refused.
    28: "closed",
    29: "rejected",
}
_SUCCESS: Final = 12
_SIGNED: Final = ("签收", "已签收", "delivered", "signed")


def order_of(row: ShopOrder, shipments: tuple[Shipment, ...], after_sales: tuple[AfterSale, ...]) -> Order:
    """An order with what was found out about its parcels and requests."""
    status = _status(row)
    delivered_at = _delivered_at(row)
    if delivered_at is not None and status is OrderStatus.SHIPPED and row.order_status != _PARTLY_SHIPPED:
        status = OrderStatus.DELIVERED
    paid = row.pay_amount if row.pay_amount is not None and (row.pay_amount or row.pay_time) else row.order_amount
    return Order(
        id=row.order_id,
        status=status,
        created_at=moment(row.create_time),
        paid_at=moment(row.pay_time),
        ship_by=moment(row.exp_ship_time),
        delivered_at=delivered_at,
        total=_money(paid),
        region=_region(row),
        items=tuple(_item(line, paid=row.pay_time > 0) for line in row.sku_order_list),
        shipments=shipments,
        after_sales=after_sales,
    )


def _region(row: ShopOrder) -> str | None:
    province = row.mask_post_addr.province if row.mask_post_addr is not None else None
    return region_of(province.name) if province is not None else None


def shipment(row: ShopOrder, parcel: Parcel, route: Route) -> Shipment:
    """A parcel with its scans, oldest first."""
    nodes = sorted((node for node in route.route__node_list if node.timestamp > 0), key=lambda node: node.timestamp)
    events = tuple(TrackingEvent(at=at, text=node.content) for node in nodes if (at := moment(node.timestamp)))
    return Shipment(
        carrier=parcel.company_name or parcel.company or None,
        tracking_no=parcel.tracking_no or None,
        status=_parcel_status(row, parcel, nodes),
        events=events,
    )


def gave_money(row: AfterSaleInfo) -> bool:
    """Whether the request ended with money going back."""
    return row.aftersale_status == _SUCCESS and _kind(row) in (AfterSaleKind.REFUND, AfterSaleKind.RETURN)


def after_sale(row: AfterSaleInfo, paid_back: int | None = None) -> AfterSale:
    """A request; a state or kind that is not known keeps it open, which promises nothing.

    ``paid_back`` are the fen that really went back, where the platform told that.
    """
    return AfterSale(
        id=row.aftersale_id,
        kind=_kind(row),
        status=_REQUEST.get(row.aftersale_status, f"state_{row.aftersale_status}"),
        amount=_money(paid_back or row.refund_amount),
        deadline=moment(row.status_deadline),
        settled_at=moment(row.update_time) if row.aftersale_status == _SUCCESS else None,
    )


def _kind(row: AfterSaleInfo) -> AfterSaleKind:
    # Of a kind that is not known nobody may say that money came back.
    return _KIND.get(-1 if row.aftersale_type is None else row.aftersale_type, AfterSaleKind.EXCHANGE)


def moment(seconds: int) -> datetime | None:
    """A time of the platform, unix seconds (or milliseconds, where a field turns out to hold them); 0 is none."""
    if seconds <= 0:
        return None
    try:
        return datetime.fromtimestamp(seconds / 1000 if seconds > 10**11 else seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _status(row: ShopOrder) -> OrderStatus:
    known = _STATUS.get(row.order_status)
    if known is not None:
        return known
    return _STATUS.get(row.main_status, OrderStatus.UNKNOWN)


def _lines(row: ShopOrder) -> list[SkuOrder]:
    return [line for line in row.sku_order_list if line.order_status != _CANCELLED]


def _delivered_at(row: ShopOrder) -> datetime | None:
    """When the last line was signed for; None while one was not. A buyer's later confirmation is no delivery."""
    received = [line.logistics_receipt_time for line in _lines(row)]
    return moment(max(received)) if received and all(received) else None


def _parcel_status(row: ShopOrder, parcel: Parcel, nodes: list[RouteNode]) -> str | None:
    if nodes and nodes[-1].state_description.strip().lower() in _SIGNED:
        return "delivered"
    inside = [line for line in _lines(row) if _is_in(line, row, parcel)]
    if inside and all(line.logistics_receipt_time for line in inside):
        return "delivered"
    return "in_transit" if nodes else None


def _is_in(line: SkuOrder, row: ShopOrder, parcel: Parcel) -> bool:
    if len(row.logistics_info) == 1:
        return True
    return any(
        (one.sku_order_id and one.sku_order_id == line.order_id) or (one.sku_id and one.sku_id == line.sku_id)
        for one in parcel.product_info
    )


def _item(line: SkuOrder, *, paid: bool) -> Item:
    count = max(line.item_num, 1)
    # What was paid for one, rounded down: an offer may never exceed what the buyer gave.
    each = line.pay_amount // count if paid and line.pay_amount is not None else line.origin_amount
    return Item(
        product_id=line.product_id_str or line.product_id,
        name=line.product_name,
        sku=" ".join(one.value for one in line.spec if one.value) or None,
        quantity=count,
        price=_money(each),
    )


def _money(fen: int | None) -> Money | None:
    return None if fen is None else Money.from_minor(fen, CURRENCY)
