"""Our contract for chat: the platform publishes none, so this is how a relay and the copilot speak (CHAT.md).

Owns the tags, shapes and the signature of both directions. Refuses to know how a relay reaches the platform.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from copilot.domain.message import Kind, Media, Message, Role, SentBy
from copilot.sdk import ConversationChanged, Event, MessageEvent
from copilot_adapter_douyin.signing import same

NAMESPACE: Final = "chat."
"""Our tags begin so; the platform's are numbers."""
MESSAGE: Final = "chat.message"
CONVERSATION: Final = "chat.conversation"

TIMESTAMP_HEADER: Final = "copilot-timestamp"
SIGN_HEADER: Final = "copilot-sign"
KEY_HEADER: Final = "idempotency-key"

REPLAY_SECONDS: Final = 300
"""How far the time of a signature may be from ours, either way."""

TO_COPILOT: Final = "to-copilot"
TO_RELAY: Final = "to-relay"
Direction = Literal["to-copilot", "to-relay"]
"""Part of what is signed, so that a request of one direction is worthless in the other."""

_KINDS: Final = frozenset(kind.value for kind in Kind)
_CARDS: Final = frozenset({Kind.ORDER_CARD, Kind.RETURN_CARD, Kind.PRODUCT_CARD, Kind.OTHER})
_TIME = re.compile(r"[0-9]{1,12}\Z")


def sign(secret: str, direction: Direction, timestamp: str, body: bytes, key: str = "") -> str:
    """The signature of a request: hex HMAC-SHA256 of version, direction, unix seconds, key and raw body."""
    head = f"copilot-chat-v1\n{direction}\n{timestamp}\n{key}\n"
    return hmac.new(secret.encode(), head.encode() + body, hashlib.sha256).hexdigest()


def is_genuine(secret: str, direction: Direction, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Whether ``headers`` (lower-case names) sign ``body`` with ``secret``, lately; never raises."""
    timestamp = headers.get(TIMESTAMP_HEADER, "")
    if not _TIME.match(timestamp) or abs(now.timestamp() - int(timestamp)) > REPLAY_SECONDS:
        return False
    wanted = sign(secret, direction, timestamp, body, headers.get(KEY_HEADER, ""))
    return same(headers.get(SIGN_HEADER, ""), wanted)


def _id_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _printable(value: str) -> str:
    if not value.isprintable() or not value.strip():
        raise ValueError("must be printable, and not blank")
    return value


def _no_nul(value: str) -> str:
    # A database takes every character but this one.
    return value.replace("\0", "")


def _moment(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or not 10**11 < value < 10**14:
        raise ValueError("must be unix time in milliseconds")
    return datetime.fromtimestamp(value / 1000, UTC)


ChatId = Annotated[str, BeforeValidator(_id_text), AfterValidator(_printable), Field(min_length=1, max_length=200)]
"""An id: text, or a number that is taken as text."""
ChatTime = Annotated[datetime, BeforeValidator(_moment)]
"""Unix time in milliseconds."""
ChatText = Annotated[str, AfterValidator(_no_nul)]


class _Chat(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class ChatBuyer(_Chat):
    """Who the shop talks to; ``doudian_open_id`` is what the platform's orders know the same person by."""

    id: ChatId
    nickname: ChatText | None = None
    doudian_open_id: ChatId | None = None


class ChatMedia(_Chat):
    """A picture or video, in pixels."""

    url: str = Field(pattern=r"^https?://[^\s\x00]+$", max_length=2000)
    width: int | None = None
    height: int | None = None


class ChatMessage(_Chat):
    """``chat.message``: somebody wrote, on either side, our own replies included.

    ``sequence`` is the order within the conversation where the relay knows it; a ``kind`` that is not known is kept as
    ``other``.
    """

    shop_id: ChatId
    conversation_id: ChatId
    message_id: ChatId
    role: Role
    sent_by: SentBy | None = None
    kind: str = "text"
    text: ChatText = ""
    sent_at: ChatTime
    sequence: int | None = Field(None, ge=0, lt=2**63)
    agent: ChatText | None = None
    buyer: ChatBuyer | None = None
    order_id: ChatId | None = None
    product_id: ChatId | None = None
    entered_from_order: ChatId | None = None
    media: ChatMedia | None = None
    visible: bool = True


class ChatConversation(_Chat):
    """``chat.conversation``: it was opened, joined, handed over or left."""

    shop_id: ChatId
    conversation_id: ChatId


def event_of(shape: ChatMessage | ChatConversation) -> Event:
    """What the core is told."""
    if isinstance(shape, ChatConversation):
        return ConversationChanged(shop=shape.shop_id, conversation=shape.conversation_id)
    buyer = shape.buyer
    return MessageEvent(
        shop=shape.shop_id,
        conversation=shape.conversation_id,
        message=_message(shape),
        buyer=buyer.id if buyer else None,
        nickname=buyer.nickname if buyer else None,
        order_key=buyer.doudian_open_id if buyer else None,
        entered_from_order=shape.entered_from_order,
        sequence=shape.sequence,
        visible=shape.visible,
    )


def _message(shape: ChatMessage) -> Message:
    media = shape.media
    kind = Kind(shape.kind) if shape.kind in _KINDS else Kind.OTHER
    # An order that a card names is believed to be the buyer's; words and pictures can name anybody's.
    card = kind in _CARDS
    return Message(
        id=shape.message_id,
        role=shape.role,
        kind=kind,
        text=shape.text,
        sent_at=shape.sent_at,
        order_id=shape.order_id if card else None,
        product_id=shape.product_id if card else None,
        agent=shape.agent,
        sent_by=shape.sent_by or _author(shape.role),
        media=Media(url=media.url, width=media.width, height=media.height) if media else None,
    )


def _author(role: Role) -> SentBy | None:
    if role is Role.AGENT:
        return SentBy.PERSON
    return SentBy.PLATFORM_BOT if role is Role.BOT else None
