"""What the emulated platform checks before it answers a call, and the tokens it hands out.

Strict where the platform is: a call that passes here is signed as the platform's own samples are.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Final, cast

from pydantic import JsonValue
from pydantic_core import from_json

from copilot_adapter_douyin.signing import param_json, same, sign_call

TOKEN_SECONDS: Final = 7 * 86400
_WINDOW: Final = timedelta(minutes=10)
_CHINA: Final = timezone(timedelta(hours=8))


class Rejected(Exception):
    """A call ends with these codes of the platform."""

    def __init__(self, code: int, sub_code: str = "", sub_msg: str = "") -> None:
        """``sub_msg`` is the platform's sentence, in Chinese."""
        super().__init__(f"{code} {sub_code}")
        self.code, self.sub_code, self.sub_msg = code, sub_code, sub_msg


@dataclass(frozen=True)
class App:
    """The app that calls are made with."""

    key: str
    secret: str


@dataclass
class Tokens:
    """Access to one shop. Tokens carry their number and a seal, so that they outlive a restart of the emulator.

    A token is good until one with a higher number was handed out, or ``expire`` was called.
    """

    app: App
    shop: str
    oldest: int = 1
    _used: set[int] = field(default_factory=set[int])

    def access(self) -> str:
        """The newest access token."""
        return self._token("access", self.oldest)

    def refresh(self) -> str:
        """The newest refresh token."""
        return self._token("refresh", self.oldest)

    def check(self, token: str) -> None:
        """Let a good access token pass."""
        number = self._number("access", token)
        if number is None:
            raise Rejected(40003, "isv.access-token-no-existed", "access_token不存在")
        if number < self.oldest:
            raise Rejected(40003, "isv.access-token-expired", "access_token已过期")

    def expire(self) -> None:
        """Make every access token that was handed out stale."""
        self.oldest += 1

    def renew(self, refresh_token: str) -> dict[str, JsonValue]:
        """New tokens for a refresh token, which works once."""
        number = self._number("refresh", refresh_token)
        if number is None or number in self._used:
            raise Rejected(50001, "dop.token-generate-failed:token-invalid", "refresh_token无效")
        self._used.add(number)
        self.oldest = max(self.oldest, number + 1)
        return self.granted()

    def granted(self) -> dict[str, JsonValue]:
        """What the token calls answer."""
        return {
            "access_token": self.access(),
            "refresh_token": self.refresh(),
            "expires_in": TOKEN_SECONDS,
            "scope": "SCOPE",
            "shop_id": int(self.shop),
            "shop_name": "模拟店铺",
            "authority_id": "",
            "auth_subject_type": "",
        }

    def _token(self, kind: str, number: int) -> str:
        text = f"{kind}-{self.shop}-{number}"
        seal = hmac.new(self.app.secret.encode(), text.encode(), hashlib.sha256).hexdigest()[:24]
        return f"{text}-{seal}"

    def _number(self, kind: str, token: str) -> int | None:
        parts = token.split("-")
        if len(parts) != 4 or not (parts[2].isascii() and parts[2].isdigit()):
            return None
        number = int(parts[2])
        return number if same(token, self._token(kind, number)) else None


def checked(
    app: App, tokens: Tokens, method: str, query: Mapping[str, str], body: bytes, now: datetime
) -> dict[str, Any]:
    """The parameters of a call that is signed, timely and allowed.

    Raises:
        Rejected: it is not.
    """
    if query.get("app_key") != app.key:
        raise Rejected(40003, "isv.app-id-invalid", "app_key不正确")
    if query.get("method") != method or query.get("v") != "2":
        raise Rejected(40003, "isv.parameter-format-invalid", "method或v不正确")
    _check_time(query.get("timestamp", ""), now)
    params = _check_sign(app, method, query, body)
    if not method.startswith("token."):
        tokens.check(query.get("access_token", ""))
    return params


def _check_time(timestamp: str, now: datetime) -> None:
    try:
        if timestamp.isdigit():
            then = datetime.fromtimestamp(int(timestamp), _CHINA)
        else:
            then = datetime.strptime(timestamp, "%Y-%m-%d %H:%M:%S").replace(tzinfo=_CHINA)
    except (ValueError, OverflowError, OSError):
        raise Rejected(40003, "isv.timestamp-invalid", "timestamp格式不正确") from None
    if abs(now - then) > _WINDOW:
        raise Rejected(40003, "isv.timestamp-invalid", "timestamp超出允许范围")


def _check_sign(app: App, method: str, query: Mapping[str, str], body: bytes) -> dict[str, Any]:
    way = query.get("sign_method", "")
    try:
        text = body.decode()
        params: Any = from_json(body)
    except ValueError:
        raise Rejected(40003, "isv.parameter-format-invalid", "参数不是JSON") from None
    if not isinstance(params, dict):
        raise Rejected(40003, "isv.parameter-format-invalid", "参数不是JSON对象")
    found = cast("dict[str, Any]", params)
    # What is signed must be what is sent, in the one spelling.
    if way not in ("hmac-sha256", "md5") or param_json(found) != text:
        raise Rejected(40003, "isv.signature-invalid", "签名错误")
    wanted = sign_call(
        app_key=app.key,
        app_secret=app.secret,
        method=method,
        params=text,
        timestamp=query.get("timestamp", ""),
        sign_method=way,
    )
    if not same(query.get("sign", ""), wanted):
        raise Rejected(40003, "isv.signature-invalid", "签名错误")
    return found
