"""Orders of Douyin Shop in our vocabulary: whose they are, where their parcels are, which after-sales run.

Owns the calls that a look-up makes and their order. Refuses to guess: what the platform did not tell stays unknown, and
an order of another buyer is left out, whatever else fits.
"""

from datetime import timedelta
from typing import Final

from copilot.domain.order import Shipment
from copilot.sdk import Account, AdapterError, FoundBuyer, FoundOrder, Malformed, NotAuthorized, PlatformDown, Who
from copilot_adapter_douyin.after_sales import PAGE_SIZE, after_sales_of
from copilot_adapter_douyin.client import Refused, as_wire, call
from copilot_adapter_douyin.mapping import order_of, shipment
from copilot_adapter_douyin.settings import DouyinSettings
from copilot_adapter_douyin.together import both, few
from copilot_adapter_douyin.wire import OrderDetail, OrderPage, Parcel, Route, ShopOrder

_LONGEST_ID: Final = 40


def is_number(text: str) -> bool:
    """Whether ``text`` may be the number of an order."""
    return text.isascii() and text.isalnum() and len(text) <= _LONGEST_ID


async def find_order(account: Account, order_id: str) -> FoundOrder | None:
    """One order of this shop, or None."""
    row = await _detail(account, order_id)
    return None if row is None else await _complete(account, row)


async def find_buyer(account: Account, who: Who) -> FoundBuyer:
    """The orders that the platform tied to the conversation, and the newest of the same buyer."""
    told, recent = await both(few(_detail, account, dict.fromkeys(who.orders)), _recent(account, who.order_key))
    named = [row for row in told if row is not None]
    key = who.order_key or _key_of(named)
    if who.order_key is None:
        recent = await _recent(account, key)
    rows = {row.order_id: row for row in recent} | {row.order_id: row for row in named if _belongs(row, named, key)}
    settings: DouyinSettings = account.settings
    newest = sorted(rows.values(), key=lambda row: row.create_time, reverse=True)
    tied = {row.order_id for row in named}
    kept = [row for at, row in enumerate(newest) if at < settings.recent_orders or row.order_id in tied]
    found = await few(_complete, account, kept)
    return FoundBuyer(order_key=key, orders=tuple(found))


def _key_of(named: list[ShopOrder]) -> str | None:
    """What the orders tied to the conversation know their buyer by, when they agree."""
    keys = {row.doudian_open_id for row in named}
    return keys.pop() or None if len(keys) == 1 else None


def _belongs(row: ShopOrder, named: list[ShopOrder], key: str | None) -> bool:
    if key is None:
        # Nobody knows who is writing, and orders of two buyers are named: neither is shown.
        return len({one.doudian_open_id for one in named}) == 1
    return row.doudian_open_id in ("", key)


async def _detail(account: Account, order_id: str) -> ShopOrder | None:
    if not is_number(order_id):
        return None
    method = "order.orderDetail"
    try:
        data = await call(account, method, {"shop_order_id": order_id})
    except Refused as refused:
        if refused.absent:
            return None
        if refused.business:
            # Without a code of its own: it is this number that the platform does not like, not us.
            raise AdapterError(str(refused)) from None
        raise
    row = as_wire(OrderDetail, method, data).shop_order_detail
    if row is None or row.order_id != order_id or row.shop_id not in ("", account.shop):
        return None
    return row


async def _recent(account: Account, key: str | None) -> list[ShopOrder]:
    """The buyer's rows among the shop's newest orders: the platform cannot search by buyer, so we pick."""
    if key is None:
        return []
    settings: DouyinSettings = account.settings
    now = account.clock.now()
    since = int((now - timedelta(days=settings.recent_days)).timestamp())
    found: list[ShopOrder] = []
    method = "order.searchList"
    for page in range(settings.recent_pages):
        data = await call(
            account,
            method,
            {
                "page": page,
                "size": PAGE_SIZE,
                "order_by": "create_time",
                "order_asc": False,
                "create_time_start": since,
                "create_time_end": int(now.timestamp()),
            },
        )
        answer: OrderPage = as_wire(OrderPage, method, data)
        found += [row for row in answer.shop_order_list if row.doudian_open_id == key and row.order_id]
        if len(answer.shop_order_list) < PAGE_SIZE or len(found) >= settings.recent_orders:
            break
    return found


async def _complete(account: Account, row: ShopOrder) -> FoundOrder:
    parcels, requests = await both(_shipments(account, row), after_sales_of(account, row.order_id))
    return FoundOrder(order=order_of(row, parcels, requests), buyer_key=row.doudian_open_id or None)


async def _shipments(account: Account, row: ShopOrder) -> tuple[Shipment, ...]:
    """The parcels with their scans; none at all when one cannot be followed.

    A parcel without scans says "not picked up yet", and one parcel of two says "all there is": both would be false.
    """
    try:
        routes = [await _route(account, parcel) for parcel in row.logistics_info]
    except (PlatformDown, NotAuthorized, Refused, Malformed):
        return ()
    return tuple(shipment(row, parcel, route) for parcel, route in zip(row.logistics_info, routes, strict=True))


async def _route(account: Account, parcel: Parcel) -> Route:
    if not parcel.tracking_no:
        return Route()
    method = "logistics.trackNoRouteDetail"
    params = {"logistics_code": parcel.company, "track_no": parcel.tracking_no}
    return as_wire(Route, method, await call(account, method, {**params}))
