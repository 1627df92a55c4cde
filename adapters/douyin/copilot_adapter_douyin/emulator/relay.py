"""The relay of our chat contract as the emulated shop runs it: replies in, once per key, and chat out."""

import json
from dataclasses import dataclass
from typing import Any, Final, cast

from pydantic_core import from_json
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from copilot.sdk.testing import Cut, Emulator, Push, Said
from copilot_adapter_douyin import chat
from copilot_adapter_douyin.emulator.payloads import open_id


@dataclass(frozen=True)
class _Kept:
    body: bytes
    answer: dict[str, Any]


class Relay:
    """Takes signed replies for one shop; a key that was seen gets the answer it got before."""

    def __init__(self, emulator: Emulator, secret: str) -> None:
        """``secret`` is shared with the copilot."""
        self._emulator = emulator
        self._secret = secret
        self._kept: dict[str, _Kept] = {}

    async def replies(self, request: Request) -> Response:
        """``POST /replies`` of CHAT.md."""
        body = await request.body()
        now = self._emulator.clock.now()
        if not chat.is_genuine(self._secret, chat.TO_RELAY, request.headers, body, now):
            return _refusal(401, "bad_signature")
        key = request.headers.get(chat.KEY_HEADER, "")
        if not key:
            return _refusal(400, "no_key")
        faults = self._emulator.faults
        if faults.take("throttle", "send"):
            return _refusal(429, "throttled", {"retry-after": str(max(1, round(faults.retry_after)))})
        if faults.take("server_error", "send"):
            return _refusal(503, "unavailable")
        kept = self._kept.get(key)
        if kept is not None:
            return JSONResponse(kept.answer) if kept.body == body else _refusal(409, "key_reused")
        return self._take(key, body)

    def push(self, said: Said) -> Push:
        """The delivery that tells of a message."""
        data = _compact(_fields(self._emulator.shop_id, said))
        entry = {"tag": chat.MESSAGE, "msg_id": said.message.id, "data": data}
        return self.signed(_compact([entry]).encode())

    def signed(self, body: bytes) -> Push:
        """``body`` as the relay posts it."""
        stamp = str(int(self._emulator.clock.now().timestamp()))
        sign = chat.sign(self._secret, chat.TO_COPILOT, stamp, body)
        return Push(body, {chat.TIMESTAMP_HEADER: stamp, chat.SIGN_HEADER: sign})

    def _take(self, key: str, body: bytes) -> Response:
        emulator, asked = self._emulator, _asked(body)
        if asked is None:
            return _refusal(400, "malformed")
        thread = emulator.chats.find(asked["conversation_id"]) if asked["shop_id"] == emulator.shop_id else None
        if thread is None:
            return _refusal(404, "unknown_conversation")
        if emulator.faults.take("refuse"):
            return _refusal(422, "refused")
        if emulator.faults.take("window_closed"):
            return _refusal(410, "window_closed")
        if emulator.faults.take("buyer_closed"):
            return _refusal(410, "buyer_closed")
        said = emulator.accept(thread, asked["text"])
        answer = {"message_id": said.message.id, "sent_at": _milliseconds(said)}
        self._kept[key] = _Kept(body, answer)
        return Cut() if emulator.faults.take("cut_after_accepting") else JSONResponse(answer)


_WANTED: Final = frozenset({"shop_id", "conversation_id", "text"})


def _asked(body: bytes) -> dict[str, str] | None:
    try:
        asked: Any = from_json(body)
    except ValueError:
        return None
    if not isinstance(asked, dict):
        return None
    found = {name: value for name, value in cast("dict[str, Any]", asked).items() if isinstance(value, str)}
    return found if found.keys() >= _WANTED else None


def _fields(shop: str, said: Said) -> dict[str, Any]:
    message = said.message
    fields: dict[str, Any] = {
        "shop_id": shop,
        "conversation_id": said.conversation,
        "message_id": message.id,
        "role": message.role.value,
        "sent_by": message.sent_by.value if message.sent_by else None,
        "kind": message.kind.value,
        "text": message.text,
        "sent_at": _milliseconds(said),
        "sequence": said.sequence,
        "buyer": {
            "id": said.shopper.id,
            "nickname": said.shopper.nickname,
            "doudian_open_id": open_id(shop, said.shopper.id),
        },
        "order_id": message.order_id,
        "product_id": message.product_id,
        "entered_from_order": said.entered_from_order,
        "media": message.media.model_dump() if message.media else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _milliseconds(said: Said) -> int:
    assert said.message.sent_at is not None  # the chats stamp every message
    return int(said.message.sent_at.timestamp() * 1000)


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _refusal(status: int, code: str, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"code": code}, status_code=status, headers=headers)
