"""SPI: calls that the platform makes to us and waits for, at ``/in/douyin/spi``; verified, and answered in its form.

Which of them an app gets is between the app's owner and the platform: no list of them is public. One that names an
order is news of it; whatever else one asks is answered with success and nothing more. Whoever must answer with data
verifies with ``call_of`` and ``is_genuine`` and writes the body with ``answered``.
"""

import json
import re
from dataclasses import dataclass
from typing import Any, Final, cast

from pydantic import JsonValue

from copilot.sdk import Account, Answer, Delivery, Event, Identity, Malformed, OrderChanged, bounded
from copilot_adapter_douyin.settings import DouyinSettings
from copilot_adapter_douyin.signing import SignMethod, same, sign_spi, spi_is_genuine

PATH: Final = "spi"
"""What stands behind ``/in/douyin/``; a method's name may follow."""
NOT_GENUINE: Final = 10001
"""The platform's code for a signature that does not fit."""

_METHODS: Final[tuple[SignMethod, ...]] = ("hmac-sha256", "md5")
_ORDERS: Final = ("p_id", "shop_order_id", "order_id")
_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,40}\Z")


@dataclass(frozen=True)
class SpiCall:
    """A call as it came; ``text`` are its parameters as they were written, ``signs`` what may be its signature."""

    app_key: str
    timestamp: str
    text: str
    params: dict[str, Any]
    signs: tuple[str, ...]
    methods: tuple[SignMethod, ...]


def is_call(delivery: Delivery) -> bool:
    """Whether the delivery came to the address of SPI calls."""
    return delivery.path.partition("/")[0] == PATH


def call_of(delivery: Delivery) -> SpiCall:
    """The call that a delivery is; parameters stand in its body, or in the query where it has none.

    Raises:
        Malformed: it is none.
    """
    query = delivery.query
    try:
        text = bounded(delivery.body).decode() or query.get("param_json", "") or "{}"
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        raise Malformed("the parameters of an SPI call are no JSON") from None
    key, given = query.get("app_key", ""), query.get("sign_method", "")
    if not isinstance(found, dict) or not _ID.match(key):
        raise Malformed("an SPI call names no app, or its parameters are no object")
    signs = tuple(sign for name in ("sign", "sign_v2") if (sign := query.get(name)))
    methods: tuple[SignMethod, ...] = tuple(one for one in _METHODS if given in ("", one))
    return SpiCall(key, query.get("timestamp", ""), text, cast("dict[str, Any]", found), signs, methods)


def identity(delivery: Delivery) -> Identity:
    """The shop that the parameters name, and the app."""
    call = call_of(delivery)
    shop = _id(call.params.get("shop_id"))
    return Identity(shops=(shop,) if shop else (), app=call.app_key)


def is_genuine(call: SpiCall, settings: DouyinSettings) -> bool:
    """Whether the app's secret signed the call: sorted, sorted and escaped, or as it was written. Never raises."""
    secret, found = settings.app_secret.get_secret_value(), False
    for sign in call.signs:
        for method in call.methods:
            parts: dict[str, Any] = {"app_key": call.app_key, "app_secret": secret, "timestamp": call.timestamp}
            params: dict[str, JsonValue] = call.params
            found |= spi_is_genuine(sign, params=params, sign_method=method, **parts)
            found |= same(sign, sign_spi(params=call.text, sign_method=method, **parts))
    return found and call.app_key == settings.app_key


def genuine(delivery: Delivery, account: Account) -> bool:
    """Whether this shop's app signed the delivery; never raises."""
    try:
        return is_genuine(call_of(delivery), account.settings)
    # What cannot be written again as it came was not signed so either.
    except (Malformed, ValueError, RecursionError):
        return False


def events(delivery: Delivery, account: Account | None) -> tuple[Event, ...]:
    """That an order moved, when the call names one and it is known whose."""
    params = call_of(delivery).params
    shop = _id(params.get("shop_id")) or (account.shop if account else None)
    order = next((found for name in _ORDERS if (found := _id(params.get(name)))), None)
    return (OrderChanged(shop=shop, order_id=order),) if shop and order else ()


def answered(data: JsonValue = None, *, code: int = 0, message: str = "success") -> Answer:
    """The platform's form of an answer; ``code`` 0 is success."""
    body = json.dumps({"code": code, "message": message, "data": data}, ensure_ascii=False, separators=(",", ":"))
    return Answer(body=body.encode())


def _id(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**40:
        value = str(value)
    return value if isinstance(value, str) and _ID.match(value) else None
