"""The emulated shop: the platform's calls with their checks, its signed pushes, and a relay for the chat."""

import json
from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from pydantic import JsonValue
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from copilot.domain.clock import Clock
from copilot.domain.order import Order
from copilot.sdk import Delivery
from copilot.sdk.testing import Emulator, Push, Said
from copilot.sdk.testing.chats import stable_id
from copilot_adapter_douyin import spi
from copilot_adapter_douyin.emulator import payloads
from copilot_adapter_douyin.emulator.calls import Desk
from copilot_adapter_douyin.emulator.gate import App, Rejected, Tokens, checked
from copilot_adapter_douyin.emulator.relay import Relay
from copilot_adapter_douyin.signing import SignMethod, param_json, sign_push, sign_spi

# Made up and the same at every start, so that a shop that was connected stays connected; good for loopback only.
_APP: Final = App("7000000000000000101", "emulated-douyin-app-secret")
_RELAY_SECRET: Final = "emulated-douyin-relay-secret-of-one-machine"


class DouyinEmulator(Emulator):
    """One shop on an emulated Douyin Shop. The shopper's id is the chat's; orders know them by another.

    ``calls`` are the methods that were called last, the newest at its end.
    """

    name = "douyin"
    title = "抖店 Douyin Shop"
    currency = "CNY"
    carrier = "中通快递"

    def __init__(self, *, clock: Clock | None = None) -> None:
        """See ``Emulator``."""
        super().__init__(clock=clock)
        self.shop_id = str(int(stable_id("douyin", "shop")) % 10**8)
        self.tokens = Tokens(_APP, self.shop_id)
        self.codes: set[str] = set()
        """Codes of authorizations that nobody has used; a test puts them in."""
        self.relay = Relay(self, _RELAY_SECRET)
        self.calls: deque[str] = deque(maxlen=1000)
        self._methods = Desk(self).by_method()

    def routes(self) -> Sequence[BaseRoute]:
        """The calls by their paths, and the relay."""
        methods = (*self._methods, "token.create", "token.refresh")
        return [
            *(
                Route(f"/{method.replace('.', '/')}", partial(self._serve, method), methods=["POST"])
                for method in methods
            ),
            Route("/relay/replies", self.relay.replies, methods=["POST"]),
        ]

    def settings(self, base_url: str) -> dict[str, str]:
        """App, tokens and relay; the present tokens, so ask again after a refresh."""
        return {
            **super().settings(base_url),
            "app_key": _APP.key,
            "app_secret": _APP.secret,
            "access_token": self.tokens.access(),
            "refresh_token": self.tokens.refresh(),
            "relay_url": f"{self.base_url}/relay",
            "relay_secret": _RELAY_SECRET,
            "api_url": self.base_url,
        }

    def announce(self, said: Said) -> None:
        """The relay tells of every message, whoever wrote it."""
        self.pusher.push(self.relay.push(said))

    def order_changed(self, order: Order) -> None:
        """The platform tells of an order and its after-sales, in one batch."""
        now = self.clock.now()
        entries = [
            {"tag": tag, "msg_id": f"{order.id}::{tag}:{payloads.seconds(now)}:{self.chats.new_id()}", "data": data}
            for tag, data in payloads.changes(order, self.shop_id, now)
        ]
        self.pusher.push(signed_push([{**entry, "data": _compact(entry["data"])} for entry in entries]))

    def test_address(self) -> None:
        """What the platform posts when somebody saves the address: its data is a bare time."""
        self.pusher.push(signed_push([{"tag": "0", "msg_id": "0", "data": self.clock.now().isoformat()}]))

    async def _serve(self, method: str, request: Request) -> Response:
        self.calls.append(method)
        body = await request.body()
        try:
            params = checked(_APP, self.tokens, method, request.query_params, body, self.clock.now())
            self._go_wrong(method)
            return _envelope(10000, data=self._answer(method, params))
        except Rejected as rejected:
            wait = {"retry-after": str(max(1, round(self.faults.retry_after)))} if rejected.code == 60000 else None
            return _envelope(rejected.code, rejected.sub_code, rejected.sub_msg, headers=wait)

    def _go_wrong(self, method: str) -> None:
        if method.startswith("token."):
            return
        if self.faults.take("throttle", "read"):
            raise Rejected(60000, "isp.flow-limit", "请求过于频繁")
        if self.faults.take("server_error", "read"):
            raise Rejected(20000, "isp.service-unavailable", "服务不可用")
        if self.faults.take("token_expired", "read"):
            self.tokens.expire()
            raise Rejected(40003, "isv.access-token-expired", "access_token已过期")

    def _answer(self, method: str, params: dict[str, Any]) -> Any:
        if method == "token.create":
            if not self._authorized(params):
                raise Rejected(50001, "dop.token-generate-failed:no-authorization", "店铺未授权")
            return self.tokens.granted()
        if method == "token.refresh":
            return self.tokens.renew(str(params.get("refresh_token", "")))
        return self._methods[method](params)

    def _authorized(self, params: dict[str, Any]) -> bool:
        """A self-use app of this shop, or a code that the shop's owner gave and nobody used."""
        if params.get("grant_type") == "authorization_self":
            return params.get("code") == "" and str(params.get("shop_id")) == self.shop_id
        known = params.get("grant_type") == "authorization_code" and params.get("code") in self.codes
        self.codes.discard(str(params.get("code")))
        return known


def signed_push(entries: list[dict[str, Any]]) -> Push:
    """A message push as the platform posts and signs it."""
    body = _compact(entries).encode()
    return Push(body, {"event-sign": sign_push(body, app_key=_APP.key, app_secret=_APP.secret), "app-id": _APP.key})


def signed_spi(params: dict[str, JsonValue], timestamp: str, sign_method: SignMethod = "hmac-sha256") -> Delivery:
    """A call that the platform makes to us and waits for: what it signs stands in the query."""
    text = param_json(params)
    sign = sign_spi(app_key=_APP.key, app_secret=_APP.secret, params=text, timestamp=timestamp, sign_method=sign_method)
    query = {"app_key": _APP.key, "timestamp": timestamp, "sign_method": sign_method, "sign": sign}
    return Delivery("POST", {"content-type": "application/json"}, query, text.encode(), spi.PATH)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _envelope(
    code: int, sub_code: str = "", sub_msg: str = "", *, data: Any = None, headers: dict[str, str] | None = None
) -> Response:
    answer = {
        "code": code,
        "msg": "success" if code == 10000 else "error",
        "sub_code": sub_code,
        "sub_msg": sub_msg,
        "log_id": "20261122000000000000000000000000",
        "data": data,
    }
    return JSONResponse(answer, headers=headers)
