"""What every answer says to browsers, and how much of a request is read.

Plain ASGI and no helper base class: those gather answers in memory, and an event stream never ends.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any, Final

API_BODY: Final = 64 * 1024
FORM_BODY: Final = 2**20
FILE_BODY: Final = 10 * 1024 * 1024
BODY_SECONDS: Final = 15.0
"""How long a body may take to arrive; strangers may send deliveries, and each would hold memory until then."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def csp(ancestors: Sequence[str] = ()) -> str:
    """The content policy of a page that only pages of the origins ``ancestors`` may show inside theirs."""
    allowed = " ".join(ancestors) or "'none'"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {allowed}"
    )


_HEADERS: Final = (
    (b"content-security-policy", csp().encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_DELIVERIES: Final = "/in/"
_NOT_KEPT: Final = (b"cache-control", b"no-store")
_TOO_LARGE: Final = (413, "too_large", "the request is too large")
_TOO_SLOW: Final = (408, "too_slow", "the request took too long to arrive")


class _Gone(Exception):
    """The client left before its request was complete."""


class SecureHeaders:
    """Adds the headers that an answer does not set itself; answers of the API are never kept by a cache."""

    def __init__(self, app: Application) -> None:
        """Around ``app``."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wanted = (*_HEADERS, _NOT_KEPT) if str(scope["path"]).startswith("/api/") else _HEADERS

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers: list[tuple[bytes, bytes]] = list(message.get("headers", ()))
                known = {name.lower() for name, _ in headers}
                message["headers"] = headers + [(name, value) for name, value in wanted if name not in known]
            await send(message)

        await self._app(scope, receive, with_headers)


class BodyLimit:
    """Reads a request's body up to its limit before anybody works on it; a longer one is answered with 413."""

    def __init__(self, app: Application, deliveries: Callable[[str], int]) -> None:
        """Around ``app``; ``deliveries`` tells by an adapter's name how large a delivery for it may be."""
        self._app = app
        self._deliveries = deliveries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = _declared(scope)
        if declared == 0:
            await self._app(scope, receive, send)
            return
        path = str(scope["path"])
        limit = self._limit(path)
        if declared is not None and declared > limit:
            await _refuse(send, *_TOO_LARGE)
            return
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _read(receive, limit)
        except TimeoutError:
            await _refuse(send, *_TOO_SLOW)
            return
        except _Gone:
            return
        if body is None:
            await _refuse(send, *_TOO_LARGE)
            return
        await self._app(scope, _replayed(body, receive), send)

    def _limit(self, path: str) -> int:
        """How long a body may be at ``path``, before anybody knows who sends it."""
        if path.startswith(_DELIVERIES):
            return self._deliveries(path.removeprefix(_DELIVERIES).partition("/")[0])
        if not path.startswith("/api/") or path.endswith("/import"):
            return FORM_BODY
        file = path == "/api/me/avatar" or (path.startswith("/api/conversations/") and "/files/" in path)
        return FILE_BODY if file else API_BODY


def _declared(scope: Scope) -> int | None:
    """How long the body says it is; 0 without one, None when only reading tells."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    if b"transfer-encoding" in headers:
        return None
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() else None


async def _read(receive: Receive, limit: int) -> bytes | None:
    """The whole body, or None when it is longer than ``limit``."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            # Half a body must not be worked on as if it were whole.
            raise _Gone
        body += message.get("body", b"")
        if len(body) > limit:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again


async def _refuse(send: Send, status: int, code: str, message: str) -> None:
    body = json.dumps({"error": {"code": code, "message": message, "remedy": None}}).encode()
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
