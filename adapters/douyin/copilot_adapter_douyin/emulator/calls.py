"""The platform's calls that the emulated shop answers: one function each, from parameters to ``data``."""

from collections.abc import Callable
from typing import Any, Final

from copilot.domain.order import Shipment
from copilot.sdk.testing import Emulator, Placed
from copilot_adapter_douyin.emulator import payloads
from copilot_adapter_douyin.emulator.gate import Rejected

MOST_ROWS: Final = 100


class Desk:
    """Answers from what the emulator holds."""

    def __init__(self, emulator: Emulator) -> None:
        """Read ``emulator``'s orders at each call."""
        self._emulator = emulator

    def by_method(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
        """What is served, besides the tokens."""
        return {
            "order.orderDetail": self.order_detail,
            "order.searchList": self.search_list,
            "logistics.trackNoRouteDetail": self.route_detail,
            "afterSale.List": self.after_sales,
        }

    def order_detail(self, params: dict[str, Any]) -> dict[str, Any]:
        """One order."""
        return {"shop_order_detail": self._payload(self._order(params.get("shop_order_id")))}

    def search_list(self, params: dict[str, Any]) -> dict[str, Any]:
        """The shop's orders by creation; nothing searches by buyer."""
        page, size = _page(params)
        start, end = params.get("create_time_start", 0), params.get("create_time_end", 2**40)
        within = [
            placed
            for placed in self._emulator.orders.values()
            if start <= payloads.seconds(placed.order.created_at) <= end
        ]
        within.sort(
            key=lambda placed: payloads.seconds(placed.order.created_at), reverse=not params.get("order_asc", False)
        )
        rows = [self._payload(placed) for placed in within[page * size : (page + 1) * size]]
        return {"page": page, "size": size, "total": len(within), "shop_order_list": rows}

    def route_detail(self, params: dict[str, Any]) -> dict[str, Any]:
        """The scans of one parcel of this shop."""
        number, code = params.get("track_no"), params.get("logistics_code")
        for parcel in self._parcels():
            if parcel.tracking_no == number and payloads.company(parcel.carrier) == code:
                return payloads.route_payload(parcel)
        raise Rejected(50002, "isv.business-failed:2002", "运单不存在")

    def after_sales(self, params: dict[str, Any]) -> dict[str, Any]:
        """The after-sale requests of one order."""
        page, size = _page(params)
        order = self._order(params.get("order_id")).order
        rows = [payloads.after_sale_payload(order, request) for request in order.after_sales]
        return {
            "items": rows[page * size : (page + 1) * size],
            "has_more": len(rows) > (page + 1) * size,
            "total": len(rows),
            "page": page,
            "size": size,
        }

    def _order(self, number: object) -> Placed:
        if not isinstance(number, str) or not number:
            raise Rejected(40002, "isv.parameter-missing", "缺少订单号")
        placed = self._emulator.orders.get(number)
        if placed is None:
            raise Rejected(50002, "isv.business-failed:2001", "订单不存在")
        return placed

    def _payload(self, placed: Placed) -> dict[str, Any]:
        return payloads.order_payload(placed.order, self._emulator.shop_id, placed.shopper)

    def _parcels(self) -> list[Shipment]:
        return [parcel for placed in self._emulator.orders.values() for parcel in placed.order.shipments]


def _page(params: dict[str, Any]) -> tuple[int, int]:
    page, size = params.get("page", 0), params.get("size", 10)
    if not isinstance(page, int) or not isinstance(size, int) or page < 0 or not 1 <= size <= MOST_ROWS:
        raise Rejected(40004, "isv.parameter-invalid", "分页参数错误")
    return page, size
