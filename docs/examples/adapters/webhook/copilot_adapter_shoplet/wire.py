"""The platform's payloads, only the parts that are read, and what they mean in the vocabulary of ``copilot.sdk``.

A message of a kind that nobody knows stays a message; an event of a type that nobody knows is none. Errors never repeat
what came: it is a buyer's words.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import from_json

from copilot.domain.message import Kind, Media, Message, Role, SentBy
from copilot.sdk import Event, Malformed, MessageEvent, OrderChanged

MOST_BYTES = 1_000_000


def _id_text(value: object) -> object:
    # Ids beyond 2**53 may come as numbers; as text they keep every digit.
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and value < 10**30 else value


Id = Annotated[str, BeforeValidator(_id_text), Field(min_length=1, max_length=100, pattern=r"^[0-9A-Za-z_.:-]+$")]


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class WireMessage(_Wire):
    """A message as the platform tells it; ``created_at`` is unix time in seconds."""

    id: Id
    author: str
    kind: str = "text"
    text: str | None = None
    created_at: int = Field(ge=0, le=10**10)
    hidden: bool = False
    order_id: Id | None = None
    image_url: str | None = Field(None, pattern=r"^https?://\S+$", max_length=2000)


class WireBuyer(_Wire):
    """Who the shop talks to; orders know them by the same id."""

    id: Id
    name: str | None = None


class WireTold(_Wire):
    """What was said, and in which conversation."""

    conversation_id: Id
    message: WireMessage
    buyer: WireBuyer | None = None


class WireOrder(_Wire):
    """An order that moved."""

    order_id: Id


class Envelope(_Wire):
    """Every delivery and every answer that lists events; ``next`` is the place up to which it goes."""

    shop_id: Id
    events: list[dict[str, Any]]
    next: Id | None = None


_WHO = {
    "buyer": (Role.BUYER, None),
    "agent": (Role.AGENT, SentBy.PERSON),
    "bot": (Role.BOT, SentBy.PLATFORM_BOT),
    "system": (Role.SYSTEM, None),
}
_KINDS = {"text": Kind.TEXT, "image": Kind.IMAGE, "order": Kind.ORDER_CARD}


def envelope(body: bytes) -> Envelope:
    """The envelope of what the platform sent.

    Raises:
        Malformed: it is none.
    """
    if len(body) > MOST_BYTES:
        raise Malformed("more bytes than any delivery has")
    try:
        return Envelope.model_validate(from_json(body))
    except ValueError:
        raise Malformed("not an envelope of the platform") from None


def events(found: Envelope) -> tuple[Event, ...]:
    """What an envelope tells, in its order.

    Raises:
        Malformed: an event of a known type cannot be read.
    """
    told = [_event(one, found.shop_id) for one in found.events]
    return tuple(one for one in told if one is not None)


def _event(told: dict[str, Any], shop: str) -> Event | None:
    try:
        if told.get("type") == "message.created":
            return _said(WireTold.model_validate(told), shop)
        if told.get("type") == "order.updated":
            return OrderChanged(shop=shop, order_id=WireOrder.model_validate(told).order_id)
    except (ValidationError, KeyError):
        raise Malformed("an event of a known type cannot be read") from None
    return None


def _said(told: WireTold, shop: str) -> MessageEvent:
    message, buyer = told.message, told.buyer
    role, sent_by = _WHO[message.author]
    kind = _KINDS.get(message.kind, Kind.OTHER)
    if (kind is Kind.ORDER_CARD and message.order_id is None) or (kind is Kind.IMAGE and message.image_url is None):
        kind = Kind.OTHER
    return MessageEvent(
        shop=shop,
        conversation=told.conversation_id,
        message=Message(
            id=message.id,
            role=role,
            sent_by=sent_by,
            kind=kind,
            # An agent must see that something came that only the platform's own window can show.
            text=message.text or (f"[{message.kind}]" if kind is Kind.OTHER else ""),
            sent_at=datetime.fromtimestamp(message.created_at, UTC),
            order_id=message.order_id if kind is Kind.ORDER_CARD else None,
            media=Media(url=message.image_url) if kind is Kind.IMAGE and message.image_url else None,
        ),
        buyer=buyer.id if buyer else None,
        nickname=buyer.name if buyer else None,
        order_key=buyer.id if buyer else None,
        visible=not message.hidden,
    )
