"""Who may call, and how answers look: app key, clock, signature, token and cipher are checked as the platform does.

Owns the envelope and the order of the checks; what a call does is the caller's.
"""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from copilot.domain.clock import Clock
from copilot.sdk.testing import Faults
from copilot_adapter_tiktok_shop.signing import same, sign_call

# How old a request may be and how far its clock may run ahead, in seconds (the platform's own guide).
_OLDEST: Final = 300
_AHEAD: Final = 30
_TOKEN_LIVES: Final = timedelta(days=7)

Endpoint = Callable[[Request], Awaitable[Response]]
CallKind = Literal["send", "read"]


@dataclass
class Keys:
    """What the app and the shop know each other by; a renewed pair of tokens replaces the old one."""

    app_key: str
    app_secret: str
    shop_cipher: str
    access_token: str
    refresh_token: str
    expires_at: datetime

    @classmethod
    def make(cls, now: datetime) -> "Keys":
        """Fresh keys, unlike those of any other emulator."""
        return cls(
            app_key=secrets.token_hex(6),
            app_secret=secrets.token_hex(20),
            shop_cipher=f"ROW_{secrets.token_urlsafe(16)}",
            access_token=f"TTP_{secrets.token_urlsafe(24)}",
            refresh_token=f"TTP_{secrets.token_urlsafe(24)}",
            expires_at=now + _TOKEN_LIVES,
        )

    def renew(self, now: datetime) -> None:
        """A new pair of tokens; both old ones are worthless from now on."""
        fresh = Keys.make(now)
        self.access_token, self.refresh_token = fresh.access_token, fresh.refresh_token
        self.expires_at = fresh.expires_at


@dataclass(frozen=True)
class Gate:
    """Stands before every call."""

    keys: Keys
    faults: Faults
    clock: Clock

    def guard(self, endpoint: Endpoint, call: CallKind = "read", *, shop: bool = True) -> Endpoint:
        """``endpoint`` behind the checks; ``shop`` says whether the call names a shop by its cipher."""

        async def guarded(request: Request) -> Response:
            refused = await self._refused(request, shop=shop) or self._fault(call)
            return refused or await endpoint(request)

        return guarded

    async def _refused(self, request: Request, *, shop: bool) -> Response | None:
        query = dict(request.query_params)
        if query.get("app_key") != self.keys.app_key:
            return failed(36009004, "Invalid app_key", 400)
        if not self._in_time(query.get("timestamp", "")):
            return failed(36009004, "Invalid timestamp", 400)
        path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
        form = request.headers.get("content-type", "").startswith("multipart/form-data")
        expected = sign_call(self.keys.app_secret, path, query, b"" if form else await request.body())
        if not same(query.get("sign", ""), expected):
            return failed(106001, "Invalid sign", 401)
        if shop != ("shop_cipher" in query) or (shop and query["shop_cipher"] != self.keys.shop_cipher):
            return failed(36009004, "Invalid shop_cipher", 400)
        token = request.headers.get("x-tts-access-token", "")
        if token != self.keys.access_token or self.clock.now() >= self.keys.expires_at:
            return failed(105002, "Expired credentials", 401)
        return None

    def _in_time(self, stamp: str) -> bool:
        if not (stamp.isascii() and stamp.isdigit() and len(stamp) == 10):
            return False
        return -_AHEAD <= self.clock.now().timestamp() - int(stamp) <= _OLDEST

    def _fault(self, call: CallKind) -> Response | None:
        if self.faults.take("throttle", call):
            wait = {"Retry-After": f"{self.faults.retry_after:g}"}
            return failed(36009002, "Too many requests", 429, wait)
        if self.faults.take("server_error", call):
            return failed(36009003, "Internal error", 500)
        if self.faults.take("token_expired", call):
            # Stays so until the pair is renewed.
            self.keys.expires_at = self.clock.now()
            return failed(105002, "Expired credentials", 401)
        return None


def done(data: dict[str, Any] | None = None) -> Response:
    """A success."""
    return JSONResponse({"code": 0, "message": "Success", "request_id": _request(), "data": data or {}})


def failed(code: int, message: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A refusal; the platform sends many of them with HTTP 200."""
    body: dict[str, Any] = {"code": code, "message": message, "request_id": _request(), "data": {}}
    return JSONResponse(body, status_code=status, headers=headers)


def _request() -> str:
    return secrets.token_hex(16)
