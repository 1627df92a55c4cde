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
            "afterSale.Detail": self.after_sale_detail,
        }

    def order_detail(self, params: dict[str, Any]) -> dict[str, Any]:
        """One order."""
        return {"shop_order_detail": self._payload(self._order(params.get("shop_order_id")))}

    def search_list(self, params: dict[str, Any]) -> dict[str, Any]:
        """The shop's orders by creation or by change; nothing searches by buyer."""
        page, size = _page(params)
        by = params.get("order_by", "create_time")
        if by not in _TIMES:
            raise Rejected(40004, "isv.parameter-invalid", "排序字段错误")
        within = [one for one in self._emulator.orders.values() if all(_within(one, name, params) for name in _TIMES)]
        within.sort(key=_TIMES[by], reverse=not params.get("order_asc", False))
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
        """The after-sale requests of one order, or of the whole shop by their last change."""
        page, size = _page(params)
        asked = params.get("order_id")
        placed = list(self._emulator.orders.values()) if asked is None else [self._order(asked)]
        start, end = params.get("update_start_time", 0), params.get("update_end_time", 2**40)
        found = [(one, request) for one in placed for request in one.order.after_sales]
        found = [one for one in found if start <= payloads.moved(*one) <= end]
        for way in _orderings(params):
            found.sort(key=lambda one: payloads.moved(*one), reverse=way == "desc")
        rows = [payloads.after_sale_payload(*one) for one in found]
        return {
            "items": rows[page * size : (page + 1) * size],
            "has_more": len(rows) > (page + 1) * size,
            "total": len(rows),
            "page": page,
            "size": size,
        }

    def after_sale_detail(self, params: dict[str, Any]) -> dict[str, Any]:
        """One after-sale request of this shop."""
        number = params.get("after_sale_id")
        for placed in self._emulator.orders.values():
            for request in placed.order.after_sales:
                if request.id == number:
                    return payloads.after_sale_detail(placed, request)
        raise Rejected(50002, "isv.business-failed:2003", "售后单不存在")

    def _order(self, number: object) -> Placed:
        if not isinstance(number, str) or not number:
            raise Rejected(40002, "isv.parameter-missing", "缺少订单号")
        placed = self._emulator.orders.get(number)
        if placed is None:
            raise Rejected(50002, "isv.business-failed:2001", "订单不存在")
        return placed

    def _payload(self, placed: Placed) -> dict[str, Any]:
        return payloads.order_payload(placed, self._emulator.shop_id)

    def _parcels(self) -> list[Shipment]:
        return [parcel for placed in self._emulator.orders.values() for parcel in placed.order.shipments]


_TIMES: Final[dict[str, Callable[[Placed], int]]] = {
    "create_time": lambda placed: payloads.seconds(placed.order.created_at),
    "update_time": lambda placed: payloads.seconds(placed.changed_at),
}


def _within(placed: Placed, name: str, params: dict[str, Any]) -> bool:
    return params.get(f"{name}_start", 0) <= _TIMES[name](placed) <= params.get(f"{name}_end", 2**40)


def _orderings(params: dict[str, Any]) -> list[str]:
    """Which ways "update_time asc" and the like ask for; the other fields that the platform knows nobody asks for."""
    asked = [str(one).split() for one in params.get("order_by", ())]
    if any(len(one) != 2 or one[0] != "update_time" or one[1] not in ("asc", "desc") for one in asked):
        raise Rejected(40004, "isv.parameter-invalid", "排序字段错误")
    return [way for _, way in asked]


def _page(params: dict[str, Any]) -> tuple[int, int]:
    page, size = params.get("page", 0), params.get("size", 10)
    if not isinstance(page, int) or not isinstance(size, int) or page < 0 or not 1 <= size <= MOST_ROWS:
        raise Rejected(40004, "isv.parameter-invalid", "分页参数错误")
    return page, size
