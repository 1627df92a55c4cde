"""The chat interface: one text out, and what the shop's side wrote, read back; never sends twice by itself."""

import json
from datetime import datetime
from typing import Final

from copilot.domain.message import Kind
from copilot.sdk import Account, OutcomeUnknown, PlatformMessage, Receipt, Reply
from copilot_adapter_tiktok_shop import messages
from copilot_adapter_tiktok_shop.client import Client, many, segment
from copilot_adapter_tiktok_shop.wire import ChatMessage

# The most that the platform gives at once.
_PAGE: Final = "10"


async def send(account: Account, reply: Reply) -> Receipt:
    """Send ``reply`` once.

    Raises:
        OutcomeUnknown: the call broke off, or the answer names no message.
        AdapterError: it did not arrive.
    """
    path = _messages(reply.conversation)
    content = json.dumps({"content": reply.text}, ensure_ascii=False, separators=(",", ":"))
    data = await Client(account).call("POST", path, {}, {"type": "TEXT", "content": content}, sending=True)
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
