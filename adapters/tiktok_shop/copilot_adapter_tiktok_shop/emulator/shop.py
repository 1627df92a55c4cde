"""The emulated order, fulfillment and return interfaces, and tokens: what the shop knows, read only."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from copilot.domain.order import Order
from copilot.sdk.testing import Emulator, Placed
from copilot_adapter_tiktok_shop.emulator import shapes
from copilot_adapter_tiktok_shop.emulator.gate import Gate, done, failed

_MALFORMED: Final = 36009014
_MOST_IDS: Final = 50
_NO_PRODUCT: Final = 12019150


class _Search(BaseModel):
    buyer_user_id: str | None = None
    order_ids: list[str] | None = None
    buyer_user_ids: list[str] | None = None
    update_time_ge: int = 0
    update_time_lt: int = 2**40


@dataclass(frozen=True)
class ShopCalls:
    """The calls of one emulated shop."""

    platform: Emulator
    gate: Gate

    def routes(self) -> list[Route]:
        """All of them, each behind the gate; renewing tokens is not signed."""
        guard = self.gate.guard
        reverse = "/return_refund/202309"
        returns = self._reverse("return_orders", shapes.returns, (10, 50))
        cancels = self._reverse("cancellations", shapes.cancellations, (1, 50))
        return [
            Route("/authorization/202309/shops", guard(self._shops, shop=False), methods=["GET"]),
            Route("/api/v2/token/refresh", self._refresh, methods=["GET"]),
            Route("/order/202309/orders/search", guard(self._search), methods=["POST"]),
            Route("/order/202507/orders", guard(self._details), methods=["GET"]),
            Route("/fulfillment/202309/orders/{order_id}/tracking", guard(self._tracking), methods=["GET"]),
            Route("/product/202309/products/{product_id}", guard(self._product), methods=["GET"]),
            Route(f"{reverse}/returns/search", guard(returns), methods=["POST"]),
            Route(f"{reverse}/cancellations/search", guard(cancels), methods=["POST"]),
        ]

    async def _shops(self, _: Request) -> Response:
        shop = {"cipher": self.gate.keys.shop_cipher, "id": self.platform.shop_id, "name": "", "seller_type": "LOCAL"}
        return done({"shops": [shop]})

    async def _refresh(self, request: Request) -> Response:
        keys, asked = self.gate.keys, request.query_params
        if asked.get("app_key") != keys.app_key or asked.get("app_secret") != keys.app_secret:
            return failed(36009004, "Invalid app_key or app_secret")
        if asked.get("grant_type") != "refresh_token" or asked.get("refresh_token") != keys.refresh_token:
            return failed(36004001, "Invalid refresh_token")
        keys.renew(self.gate.clock.now())
        return done(
            {
                "access_token": keys.access_token,
                "access_token_expire_in": shapes.seconds(keys.expires_at),
                "refresh_token": keys.refresh_token,
                "refresh_token_expire_in": shapes.seconds(keys.expires_at),
                "user_type": 0,
            }
        )

    async def _search(self, request: Request) -> Response:
        asked = await _asked(request)
        place = _page(request, (1, 100))
        if asked is None or place is None:
            return failed(_MALFORMED, "invalid parameter", 400)
        found = [one for one in self.platform.orders.values() if asked.buyer_user_id in (None, self._buyer(one))]
        found.sort(key=lambda one: shapes.seconds(one.order.created_at), reverse=True)
        listed = _moved(request, asked, [self._wire(one) for one in found])
        return done({**_cut(listed, place, "orders"), "total_count": len(listed)})

    async def _details(self, request: Request) -> Response:
        ids = [one for one in request.query_params.get("ids", "").split(",") if one]
        if not 0 < len(ids) <= _MOST_IDS:
            return failed(_MALFORMED, "invalid parameter", 400)
        return done({"orders": [self._wire(self.platform.orders[one]) for one in ids if one in self.platform.orders]})

    async def _tracking(self, request: Request) -> Response:
        placed = self.platform.orders.get(request.path_params["order_id"])
        return done({"tracking": shapes.tracking(placed.order) if placed else []})

    async def _product(self, request: Request) -> Response:
        sold = self.platform.products.get(request.path_params["product_id"])
        if sold is None:
            return failed(_NO_PRODUCT, "The product ID does not exist.")
        return done(shapes.product(sold))

    def _reverse(
        self, field: str, read: Callable[[Order, datetime], list[dict[str, Any]]], sizes: tuple[int, int]
    ) -> Callable[[Request], Any]:
        async def search(request: Request) -> Response:
            asked, place = await _asked(request), _page(request, sizes)
            if asked is None or place is None:
                return failed(_MALFORMED, "invalid parameter", 400)
            found = [one for one in self.platform.orders.values() if self._wanted(one, asked)]
            listed = _moved(request, asked, [entry for one in found for entry in read(one.order, one.changed_at)])
            return done({**_cut(listed, place, field), "total_count": len(listed)})

        return search

    def _wanted(self, placed: Placed, asked: _Search) -> bool:
        if asked.order_ids is not None and placed.order.id not in asked.order_ids:
            return False
        return asked.buyer_user_ids is None or self._buyer(placed) in asked.buyer_user_ids

    def _wire(self, placed: Placed) -> dict[str, Any]:
        told = shapes.order(placed.order, self.platform.chats.of_shopper(placed.shopper).shopper)
        return {**told, "update_time": shapes.seconds(placed.changed_at)}

    def _buyer(self, placed: Placed) -> str:
        return shapes.user_id(placed.shopper)


async def _asked(request: Request) -> _Search | None:
    try:
        return _Search.model_validate_json(await request.body() or b"{}")
    except ValidationError:
        return None


def _moved(request: Request, asked: _Search, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that changed when it was asked for, in the order that was asked for."""
    found = [one for one in entries if asked.update_time_ge <= one["update_time"] < asked.update_time_lt]
    if request.query_params.get("sort_field") == "update_time":
        found.sort(key=lambda one: one["update_time"], reverse=request.query_params.get("sort_order") != "ASC")
    return found


def _page(request: Request, sizes: tuple[int, int]) -> tuple[int, int] | None:
    """Size and start of a page; None when either is none that the platform takes."""
    size, token = request.query_params.get("page_size", ""), request.query_params.get("page_token", "") or "0"
    if not (size.isdigit() and token.isdigit() and sizes[0] <= int(size) <= sizes[1]):
        return None
    return int(size), int(token)


def _cut(listed: list[dict[str, Any]], place: tuple[int, int], field: str) -> dict[str, Any]:
    size, start = place
    end = start + size
    return {field: listed[start:end], "next_page_token": str(end) if end < len(listed) else ""}
