"""The platform's chat messages in our vocabulary: who wrote, in which form, and what a card points to.

Knows nothing of deliveries or calls. What it does not know stays a message of the kind ``other``: no turn is dropped.
"""

from datetime import UTC, datetime
from typing import Any, Final, cast

from pydantic import ValidationError
from pydantic_core import from_json

from copilot.domain.message import Kind, Media, Message, Role, SentBy
from copilot_adapter_tiktok_shop.wire import ChatMessage

_WHO: Final = {
    "BUYER": (Role.BUYER, None),
    "CUSTOMER_SERVICE": (Role.AGENT, SentBy.PERSON),
    "SHOP": (Role.AGENT, SentBy.AUTO),
    "ROBOT": (Role.BOT, SentBy.PLATFORM_BOT),
    "SYSTEM": (Role.SYSTEM, None),
}
SHOP_SIDE: Final = frozenset({"CUSTOMER_SERVICE", "SHOP", "ROBOT"})

_KINDS: Final = {
    "TEXT": Kind.TEXT,
    "IMAGE": Kind.IMAGE,
    "VIDEO": Kind.VIDEO,
    "EMOTICONS": Kind.STICKER,
    "PRODUCT_CARD": Kind.PRODUCT_CARD,
    "ORDER_CARD": Kind.ORDER_CARD,
    "RETURN_REFUND_CARD": Kind.RETURN_CARD,
    "COUPON_CARD": Kind.COUPON_CARD,
    "LOGISTICS_CARD": Kind.ORDER_CARD,
    "BUYER_ENTER_FROM_PRODUCT": Kind.PRODUCT_CARD,
    "BUYER_ENTER_FROM_ORDER": Kind.ORDER_CARD,
}
# What the platform writes into a conversation by itself, whatever sender it names.
_BY_ITSELF: Final = frozenset(
    {
        "BUYER_ENTER_FROM_PRODUCT",
        "BUYER_ENTER_FROM_ORDER",
        "BUYER_ENTER_FROM_TRANSFER",
        "ALLOCATED_SERVICE",
        "NOTIFICATION",
        "OTHER",
    }
)
# Longer numbers are none of the platform's; Python would refuse to write or read the longest of them.
_MOST_DIGITS: Final = 30
# What the platform itself ties to an order; a number within words ties nothing.
_TIES: Final = frozenset({"ORDER_CARD", "RETURN_REFUND_CARD", "LOGISTICS_CARD", "BUYER_ENTER_FROM_ORDER"})
_NEEDS: Final = {
    Kind.PRODUCT_CARD: "product_id",
    Kind.ORDER_CARD: "order_id",
    Kind.RETURN_CARD: "order_id",
    Kind.COUPON_CARD: "coupon_id",
}
_MOST_OF_TIPS: Final = 200
_BRACKETS: Final = str.maketrans("[]\n\r", "()  ")


def message(wire: ChatMessage, tips: str = "") -> Message:
    """``wire`` as a message; its words stand in ``text``, a card's order or product in their own fields.

    ``tips`` is what the platform wants people to be told of a message that only its own window shows.
    """
    content = _content(wire.content)
    kind = _KINDS.get(wire.type, Kind.OTHER)
    if kind in _NEEDS and not _id(content, _NEEDS[kind]):
        kind = Kind.OTHER
    role, sent_by = (Role.SYSTEM, None) if wire.type in _BY_ITSELF else _WHO.get(wire.sender.role, (Role.SYSTEM, None))
    return Message(
        id=wire.id,
        role=role,
        kind=kind,
        text=_words(wire, kind, content, tips),
        sent_at=at(wire.create_time),
        order_id=_id(content, "order_id") if wire.type in _TIES else None,
        product_id=_id(content, "product_id"),
        sent_by=sent_by,
        media=_media(content) if kind in (Kind.IMAGE, Kind.VIDEO, Kind.STICKER) else None,
    )


def entered_from(wire: ChatMessage) -> str | None:
    """The order from whose page the buyer opened the chat, when that is what ``wire`` tells."""
    return _id(_content(wire.content), "order_id") if wire.type == "BUYER_ENTER_FROM_ORDER" else None


def at(seconds: int | None) -> datetime | None:
    """Unix seconds as a time; None where there is none or where no calendar has such a day."""
    if seconds is None:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def index(wire: ChatMessage) -> int | None:
    """The message's place in the conversation; grows with time and has gaps."""
    digits = wire.index.isascii() and wire.index.isdigit() and len(wire.index) <= _MOST_DIGITS
    return int(wire.index) if digits else None


def _content(text: str) -> dict[str, Any]:
    """The JSON within the text; words that are none are words all the same."""
    try:
        found = from_json(text)
    except ValueError:
        return {"content": text}
    return cast(dict[str, Any], found) if isinstance(found, dict) else {"content": text}


def _words(wire: ChatMessage, kind: Kind, content: dict[str, Any], tips: str) -> str:
    words = content.get("content")
    if isinstance(words, str) and words:
        return words
    if kind is Kind.COUPON_CARD:
        title = _content(wire.data).get("coupon_title")
        return title if isinstance(title, str) and title else _id(content, "coupon_id") or ""
    if kind is not Kind.OTHER:
        return ""
    # An agent must see that something came that only the platform's own window can show. In brackets, because nobody
    # said it: what stands in them is never read as a buyer's words.
    told = tips.translate(_BRACKETS).strip()[:_MOST_OF_TIPS]
    return f"[{wire.type}: {told}]" if told else f"[{wire.type}]"


def _id(content: dict[str, Any], key: str) -> str | None:
    value = content.get(key)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**_MOST_DIGITS:
        return str(value)
    return (value.strip() or None) if isinstance(value, str) else None


def _media(content: dict[str, Any]) -> Media | None:
    url = content.get("url")
    if not isinstance(url, str) or not url:
        return None
    try:
        return Media.model_validate({"url": url, "width": content.get("width"), "height": content.get("height")})
    except ValidationError:
        return Media(url=url)
