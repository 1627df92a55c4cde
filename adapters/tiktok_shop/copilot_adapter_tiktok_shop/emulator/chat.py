"""The emulated customer service interface: conversations, their messages, sending, reading."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pydantic import BaseModel, Field, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from copilot.domain.message import Kind, Media, Message, Role, SentBy
from copilot.sdk.testing import Cut, Emulator, Said, Thread, page
from copilot.sdk.testing.forms import parts_of
from copilot_adapter_tiktok_shop.emulator import reception, shapes
from copilot_adapter_tiktok_shop.emulator.gate import Gate, done, failed
from copilot_adapter_tiktok_shop.emulator.said import as_listed

_LONGEST: Final = 2000
_LARGEST: Final = 10 * 1024 * 1024
_PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_MOST_MESSAGES: Final = 10
_MOST_CONVERSATIONS: Final = 20
_INVALID: Final = 45101002
_CARDS: Final = frozenset({Kind.PRODUCT_CARD, Kind.ORDER_CARD, Kind.COUPON_CARD, Kind.RETURN_CARD})
_TIPS: Final = "Please check this message in Seller Center."


class _Sent(BaseModel):
    type: str
    content: str


class _Words(BaseModel):
    content: str = Field(min_length=1, max_length=_LONGEST)


class _Picture(BaseModel):
    url: str = Field(min_length=1)
    width: int = Field(gt=0)
    height: int = Field(gt=0)


class _Opened(BaseModel):
    buyer_user_id: str


@dataclass(frozen=True)
class ChatCalls:
    """The calls of one emulated shop."""

    platform: Emulator
    gate: Gate

    def routes(self) -> list[Route]:
        """All of them, each behind the gate."""
        base = "/customer_service/202309/conversations"
        one = f"{base}/{{conversation_id}}"
        newer = "/customer_service/202601/conversations/{conversation_id}"
        return [
            Route(base, self.gate.guard(self._list), methods=["GET"]),
            Route(base, self.gate.guard(self._open), methods=["POST"]),
            Route("/customer_service/202309/images/upload", self.gate.guard(self._upload), methods=["POST"]),
            Route("/customer_service/202407/performance", self.gate.guard(self._performance), methods=["GET"]),
            Route(newer, self.gate.guard(self._get), methods=["GET"]),
            Route(f"{one}/messages", self.gate.guard(self._messages), methods=["GET"]),
            Route(f"{one}/messages", self.gate.guard(self._send, "send"), methods=["POST"]),
            Route(f"{one}/messages/read", self.gate.guard(self._read), methods=["POST"]),
        ]

    async def _list(self, request: Request) -> Response:
        size = _size(request, _MOST_CONVERSATIONS)
        start = _digits(request.query_params.get("page_token", ""))
        if size is None or start is None:
            return failed(_INVALID, "invalid parameter")
        threads = [thread for thread in self.platform.chats.threads() if thread.said]
        page = [self._conversation(thread, latest=True) for thread in threads[start : start + size]]
        following = str(start + size) if start + size < len(threads) else ""
        return done({"conversations": page, "next_page_token": following})

    async def _open(self, request: Request) -> Response:
        try:
            asked = _Opened.model_validate_json(await request.body())
        except ValidationError:
            return failed(_INVALID, "invalid parameter")
        for thread in self.platform.chats.threads():
            if shapes.user_id(thread.shopper.id) == asked.buyer_user_id:
                return done({"conversation_id": thread.id})
        return failed(45101003, "buyer not found")

    async def _get(self, request: Request) -> Response:
        thread = self._thread(request)
        return done({"conversation": self._conversation(thread)}) if thread else _not_found()

    async def _performance(self, request: Request) -> Response:
        first, end = (request.query_params.get(name, "") for name in ("support_date_ge", "support_date_lt"))
        try:
            if not date.fromisoformat(first) < date.fromisoformat(end):
                return failed(_INVALID, "invalid parameter")
        except ValueError:
            return failed(_INVALID, "invalid parameter")
        return done({"performance": reception.performance(self.platform.service_record)})

    async def _messages(self, request: Request) -> Response:
        thread = self._thread(request)
        if thread is None:
            return _not_found()
        size = _size(request, _MOST_MESSAGES)
        after = _digits(request.query_params.get("page_token", ""))
        if size is None or after is None:
            return failed(_INVALID, "invalid parameter")
        newest_first = request.query_params.get("sort_order", "DESC") == "DESC"
        page, following = _page(thread.said, size, after, newest_first=newest_first)
        listed = [as_listed(said, self.platform.shop_id) for said in page]
        return done({"messages": listed, "next_page_token": following, "unsupported_msg_tips": _TIPS})

    async def _send(self, request: Request) -> Response:
        thread = self._thread(request)
        if thread is None:
            return _not_found()
        message = _message(await request.body())
        if message is None:
            return failed(_INVALID, "invalid parameter")
        faults = self.platform.faults
        if message.kind in _CARDS and (faults.take("refuse_card") or not self._shows(message)):
            return failed(45111017, "the card cannot be sent")
        if faults.take("refuse"):
            return failed(45101006, "the message has sensitive content")
        if faults.take("window_closed"):
            return failed(45109001, "the conversation does not accept messages")
        said = self.platform.accept_message(thread, message)
        if faults.take("cut_after_accepting"):
            return Cut()
        return done({"message_id": said.message.id})

    def _shows(self, card: Message) -> bool:
        """Whether a card of a return is about something that its order holds."""
        if card.kind is not Kind.RETURN_CARD:
            return True
        placed = self.platform.orders.get(card.order_id or "")
        return placed is not None and card.text in {shapes.sku_id(one) for one in placed.order.items}

    async def _upload(self, request: Request) -> Response:
        file = parts_of(request.headers.get("content-type", ""), await request.body()).get("data")
        if file is None or file.content_type not in _PICTURES or not 0 < len(file.body) <= _LARGEST:
            return failed(_INVALID, "invalid parameter")
        url = f"{self.platform.base_url}/shopper/photo.png"
        return done({"url": url, "width": page.PHOTO_SIZE, "height": page.PHOTO_SIZE})

    async def _read(self, request: Request) -> Response:
        thread = self._thread(request)
        if thread is None:
            return _not_found()
        thread.unread = 0
        return done()

    def _thread(self, request: Request) -> Thread | None:
        return self.platform.chats.find(request.path_params["conversation_id"])

    def _conversation(self, thread: Thread, *, latest: bool = False) -> dict[str, Any]:
        told: dict[str, Any] = {
            "id": thread.id,
            "create_time": shapes.seconds(thread.created_at),
            "participant_count": 3 if thread.agent else 2,
            "participants": reception.participants(thread, self.platform.shop_id, listed=latest),
            "unread_count": thread.unread,
        }
        if latest:
            told["can_send_message"] = self.platform.faults.window_closed == 0
            told["latest_message"] = as_listed(thread.said[-1], self.platform.shop_id)
        return told


def _page(said: list[Said], size: int, after: int, *, newest_first: bool) -> tuple[list[Said], str]:
    """A page and the place after it: places are indexes of messages, so that new messages move no page."""
    if newest_first:
        left = [one for one in reversed(said) if not after or one.sequence < after]
    else:
        left = [one for one in said if one.sequence > after]
    page = left[:size]
    return page, str(page[-1].sequence) if len(left) > size else ""


def _message(body: bytes) -> Message | None:
    """What is to be sent, or None when this is none the platform would take."""
    try:
        sent = _Sent.model_validate_json(body)
        if sent.type == "TEXT":
            return _ours(Kind.TEXT, text=_Words.model_validate_json(sent.content).content)
        if sent.type == "IMAGE":
            picture = _Picture.model_validate_json(sent.content)
            return _ours(Kind.IMAGE, media=Media(url=picture.url, width=picture.width, height=picture.height))
        named: dict[str, Any] = json.loads(sent.content)
    except ValueError:
        return None
    match sent.type, named:
        case "PRODUCT_CARD", {"product_id": str(number)}:
            return _ours(Kind.PRODUCT_CARD, product_id=number)
        case "ORDER_CARD", {"order_id": str(number)}:
            return _ours(Kind.ORDER_CARD, order_id=number)
        case "COUPON_CARD", {"coupon_id": str(number)}:
            return _ours(Kind.COUPON_CARD, text=number)
        case "RETURN_REFUND_CARD", {"order_id": str(number), "sku_id": str(sku)}:
            return _ours(Kind.RETURN_CARD, text=sku, order_id=number)
        case "LOGISTICS_CARD", {"order_id": str(number)}:
            return _ours(Kind.ORDER_CARD, order_id=number)
        case _:
            return None


def _ours(kind: Kind, text: str = "", **more: Any) -> Message:
    return Message(role=Role.AGENT, kind=kind, text=text, sent_by=SentBy.PERSON, **more)


def _size(request: Request, most: int) -> int | None:
    size = _digits(request.query_params.get("page_size", ""))
    return size if size is not None and 1 <= size <= most else None


def _digits(text: str) -> int | None:
    if not text:
        return 0
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _not_found() -> Response:
    return failed(45101003, "conversation not found")
