"""The signatures of Douyin Shop, as pure functions over exact bytes; checks compare in constant time and never raise.

Owns the platform's three algorithms: calls to it, its message pushes, its SPI calls. Refuses to know where secrets come
from or what time it is; the signature of our own chat contract is in ``chat.py``.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Final, Literal

from pydantic import JsonValue

SignMethod = Literal["hmac-sha256", "md5"]
"""How the text of a call is signed; ``md5`` is the platform's old way."""

VERSION: Final = "2"
"""The version of the call interface that every call names."""


def param_json(params: Mapping[str, JsonValue]) -> str:
    """The one spelling of parameters that is signed and sent.

    Keys are sorted on every level, lists keep their order, nothing is escaped that JSON does not demand.
    """
    return json.dumps(params, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sign_call(
    *, app_key: str, app_secret: str, method: str, params: str, timestamp: str, sign_method: SignMethod = "hmac-sha256"
) -> str:
    """The ``sign`` of a call of ours; ``params`` is the body's text, ``timestamp`` as it stands in the query."""
    text = f"app_key{app_key}method{method}param_json{params}timestamp{timestamp}v{VERSION}"
    return _digest(text, app_secret, sign_method)


def sign_spi(
    *, app_key: str, app_secret: str, params: str, timestamp: str, sign_method: SignMethod = "hmac-sha256"
) -> str:
    """The ``sign`` of a call that the platform makes to us: without method and version."""
    return _digest(f"app_key{app_key}param_json{params}timestamp{timestamp}", app_secret, sign_method)


def spi_is_genuine(
    sign: str,
    *,
    app_key: str,
    app_secret: str,
    params: Mapping[str, JsonValue],
    timestamp: str,
    sign_method: SignMethod = "hmac-sha256",
) -> bool:
    """Whether ``sign`` fits an SPI call, with the parameters spelled plainly or with ``< > &`` escaped."""
    plain = param_json(params)
    found = False
    for spelling in (plain, _escaped(plain)):
        wanted = sign_spi(
            app_key=app_key, app_secret=app_secret, params=spelling, timestamp=timestamp, sign_method=sign_method
        )
        found |= same(sign, wanted)
    return found


def sign_push(body: bytes, *, app_key: str, app_secret: str) -> str:
    """The ``event-sign`` header of a message push over its raw body."""
    # The platform's algorithm; a collision would still need the secret, which stands behind the body.
    return hashlib.md5(app_key.encode() + body + app_secret.encode(), usedforsecurity=False).hexdigest()


def push_is_genuine(event_sign: str, body: bytes, *, app_key: str, app_secret: str) -> bool:
    """Whether ``event_sign`` is the signature of ``body``."""
    return same(event_sign, sign_push(body, app_key=app_key, app_secret=app_secret))


def same(given: str, wanted: str) -> bool:
    """Compare in constant time; a header may hold anything."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode("utf-8", "replace"))


def _digest(text: str, secret: str, method: SignMethod) -> str:
    wrapped = f"{secret}{text}{secret}".encode()
    if method == "md5":
        return hashlib.md5(wrapped, usedforsecurity=False).hexdigest()
    return hmac.new(secret.encode(), wrapped, hashlib.sha256).hexdigest()


def _escaped(text: str) -> str:
    for sign, escape in (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e")):
        text = text.replace(sign, escape)
    return text
