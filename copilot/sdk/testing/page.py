"""The shoppers' page of an emulator: a phone on which a person plays the buyer, served at ``/`` without dependencies.

What people type is passed on as text and never as markup; the page is for loopback and has no login.
"""

import functools
import struct
import zlib
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import Field, ValidationError
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from copilot.domain.base import Id, StrictShape
from copilot.sdk.testing.chats import Shopper, Thread

if TYPE_CHECKING:
    from copilot.sdk.testing.emulator import Emulator

PHOTO_SIZE: Final = 320
_STATIC: Final = Path(__file__).parent / "static"
_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
_FILES: Final = {
    "/": ("shopper.html", "text/html"),
    "/shopper/page.js": ("shopper.js", "text/javascript"),
    "/shopper/page.css": ("shopper.css", "text/css"),
}

Endpoint = Callable[[Request], Awaitable[Response]]
T = TypeVar("T", bound=StrictShape)


class _Say(StrictShape):
    shopper: Id
    text: str = Field(default="", max_length=4000)
    order: str | None = None
    photo: bool = False


class _Answer(StrictShape):
    shopper: Id
    text: str = Field(min_length=1, max_length=4000)


class _New(StrictShape):
    nickname: str = Field(min_length=1, max_length=60)


def routes(emulator: "Emulator") -> list[Route]:
    """The page's files and the few calls it makes, all beside ``/`` so that it works under any prefix."""

    async def state(request: Request) -> Response:
        return JSONResponse(_state(emulator, request.query_params))

    async def say(request: Request) -> Response:
        asked = await _body(request, _Say)
        if asked is None or not (asked.text or asked.order or asked.photo):
            return _refused()
        await emulator.say(asked.shopper, asked.text, order_card=asked.order, photo=asked.photo)
        return Response(status_code=204)

    async def answer(request: Request) -> Response:
        asked = await _body(request, _Answer)
        if asked is None:
            return _refused()
        await emulator.colleague_says(asked.shopper, asked.text)
        return Response(status_code=204)

    async def add(request: Request) -> Response:
        asked = await _body(request, _New)
        if asked is None:
            return _refused()
        shopper = Shopper(id=emulator.chats.new_id(), nickname=asked.nickname)
        emulator.add_shopper(shopper)
        return JSONResponse({"id": shopper.id})

    async def photo(_: Request) -> Response:
        return Response(picture(), media_type="image/png", headers=_HEADERS)

    return [
        *(Route(path, _file(*found)) for path, found in _FILES.items()),
        Route("/shopper/state", state),
        Route("/shopper/photo.png", photo),
        Route("/shopper/say", _known(say), methods=["POST"]),
        Route("/shopper/answer", _known(answer), methods=["POST"]),
        Route("/shopper/add", add, methods=["POST"]),
    ]


@functools.lru_cache(maxsize=4)
def picture(size: int = PHOTO_SIZE) -> bytes:
    """The photo that shoppers send: a PNG of ``size`` × ``size`` pixels, a slanted crack through a plate."""
    rows = b"".join(b"\0" + bytes(_shade(x, y, size) for x in range(size)) for y in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _shade(x: int, y: int, size: int) -> int:
    middle = size // 2
    within = (x - middle) ** 2 + (y - middle) ** 2 < (size * 2 // 5) ** 2
    cracked = abs(x - y + (y * 7 % 13)) < 4
    return 235 if not within else (70 if cracked else 170)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _file(name: str, kind: str) -> Endpoint:
    async def serve(_: Request) -> Response:
        return FileResponse(_STATIC / name, media_type=kind, headers=_HEADERS)

    return serve


def _known(endpoint: Endpoint) -> Endpoint:
    """Answer 404 for a shopper who does not exist."""

    async def guarded(request: Request) -> Response:
        try:
            return await endpoint(request)
        except KeyError:
            return JSONResponse({"error": "no such shopper"}, status_code=404)

    return guarded


def _state(emulator: "Emulator", asked: Mapping[str, str]) -> dict[str, Any]:
    version = f"{emulator.chats.version}.{len(emulator.orders)}"
    if asked.get("since") == version:
        return {"version": version}
    found = {thread.shopper.id: thread for thread in emulator.chats.threads()}
    chosen = asked.get("shopper", "")
    lines = emulator.thread(chosen) if chosen in found else []
    orders = emulator.orders_of(chosen) if chosen in found else []
    return {
        "version": version,
        "platform": emulator.title,
        "shop": emulator.shop_id,
        "shoppers": [_entry(thread) for thread in found.values()],
        "lines": [line.model_dump(mode="json") for line in lines],
        "orders": [{"id": order.id, "items": [item.name for item in order.items]} for order in orders],
    }


def _entry(thread: Thread) -> dict[str, Any]:
    last = thread.said[-1].message if thread.said else None
    return {
        "id": thread.shopper.id,
        "nickname": thread.shopper.nickname,
        "last": {"role": last.role, "kind": last.kind, "text": last.text} if last else None,
    }


async def _body(request: Request, shape: type[T]) -> T | None:
    # A form of another page can post text but not this content type.
    if not request.headers.get("content-type", "").startswith("application/json"):
        return None
    try:
        return shape.model_validate_json(await request.body())
    except ValidationError:
        return None


def _refused() -> Response:
    return JSONResponse({"error": "not understood"}, status_code=400)
