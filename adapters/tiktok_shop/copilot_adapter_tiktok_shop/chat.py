"""The chat interface: texts, pictures, cards out, and what the shop wrote, read back; never sends twice by itself."""

import json
from datetime import datetime
from typing import Final

from pydantic import ValidationError

from copilot.domain.message import Kind
from copilot.sdk import (
    Account,
    CardReply,
    FileReply,
    OutcomeUnknown,
    PlatformDown,
    PlatformMessage,
    Receipt,
    Reply,
    SendRefused,
)
from copilot_adapter_tiktok_shop import cards, messages
from copilot_adapter_tiktok_shop.client import Client, many, segment
from copilot_adapter_tiktok_shop.wire import ChatMessage, Uploaded

# The most that the platform gives at once.
_PAGE: Final = "10"
_UPLOAD: Final = "/customer_service/202309/images/upload"
_PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})


async def send(account: Account, reply: Reply) -> Receipt:
    """Send ``reply`` once.

    Raises:
        OutcomeUnknown: the call broke off, or the answer names no message.
        AdapterError: it did not arrive.
    """
    return await _post(account, reply.conversation, "TEXT", {"content": reply.text})


async def send_image(account: Account, reply: FileReply) -> Receipt:
    """Upload a picture and send it once; ends as ``send``, and as ``SendRefused`` for what is no picture there."""
    if reply.content_type not in _PICTURES:
        raise SendRefused(f"the platform takes no {reply.content_type.partition(';')[0][:40]}")
    placed = await Client(account).upload(_UPLOAD, reply.name, reply.body, reply.content_type)
    try:
        picture = Uploaded.model_validate(placed)
    except ValidationError:
        # Nothing was sent yet, and that is certain.
        raise PlatformDown(f"POST {_UPLOAD}: the answer names no picture") from None
    return await _post(account, reply.conversation, "IMAGE", picture.model_dump())


async def send_card(account: Account, reply: CardReply) -> Receipt:
    """Send a card once; ends as ``send``, and as ``CardRefused`` where the platform does not show it."""
    kind, content = await cards.written(account, reply)
    return await _post(account, reply.conversation, kind, content)


async def mark_read(account: Account, conversation: str) -> None:
    """Mark all that the buyer wrote as read."""
    await Client(account).post(f"{_messages(conversation)}/read", {}, {})


async def _post(account: Account, conversation: str, kind: str, content: dict[str, object]) -> Receipt:
    path = _messages(conversation)
    packed = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    data = await Client(account).call("POST", path, {}, {"type": kind, "content": packed}, sending=True)
    number = data.get("message_id")
    if isinstance(number, bool) or not isinstance(number, str | int) or not str(number):
        raise OutcomeUnknown(f"POST {path}: taken, but the answer names no message")
    return Receipt(message_id=str(number))


async def sent_since(account: Account, conversation: str, since: datetime) -> tuple[PlatformMessage, ...]:
    """Every text of the shop's side from ``since`` on, oldest first; reads as many pages as that takes."""
    path = _messages(conversation)
    query = {"page_size": _PAGE, "sort_order": "DESC", "sort_field": "create_time"}
    # The platform counts whole seconds: what it stamped within the same second may have come after.
    earliest = int(since.timestamp())
    found: list[ChatMessage] = []
    async for data in Client(account).pages("GET", path, query, None):
        page = many(ChatMessage, data.get("messages"), f"GET {path}")
        found += [one for one in page if (one.create_time or 0) >= earliest]
        if not page or any(one.create_time is not None and one.create_time < earliest for one in page):
            break
    texts = [_text(one) for one in found if one.sender.role in messages.SHOP_SIDE]
    known = {text.message_id: text for text in texts if text is not None}
    return tuple(sorted(known.values(), key=lambda one: (one.sequence or 0, one.sent_at)))


def _text(wire: ChatMessage) -> PlatformMessage | None:
    read = messages.message(wire)
    if read.kind is not Kind.TEXT or read.sent_at is None:
        return None
    return PlatformMessage(message_id=wire.id, text=read.text, sent_at=read.sent_at, sequence=messages.index(wire))


def _messages(conversation: str) -> str:
    return f"/customer_service/202309/conversations/{segment(conversation)}/messages"
