"""Conversations as they stand on disk, in the store and in the flow."""

from pydantic import Field, JsonValue

from copilot.domain.base import Id, Shape
from copilot.domain.case import Case, Commitment
from copilot.domain.knowledge import ShopKnowledge
from copilot.domain.message import Message
from copilot.domain.order import Order, Product


class Buyer(Shape):
    """The shopper, as far as the platform says; ``level`` is the platform's own word for how loyal they are."""

    id: str = ""
    nickname: str | None = None
    level: str | None = None
    tags: tuple[str, ...] = ()


class Conversation(Shape):
    """One conversation with everything known about it; only ``id`` and ``messages`` are required.

    ``orders`` and ``products`` are null when nobody could look them up, and empty when a look-up found none.
    ``entered_from_order`` is the order whose page the chat was opened from. ``terms`` overrides the shop's terms by
    key (return_days …), as ``docs/formats.md`` lists them. ``commitments`` are what the shop promised in messages
    that were sent; those of one case may stand there instead. ``knowledge`` is what the shop knows beside its orders.
    """

    id: Id
    messages: tuple[Message, ...]
    platform: str = ""
    market: str = ""
    shop: str = ""
    buyer: Buyer = Buyer()
    sessions: tuple[JsonValue, ...] = ()
    assignments: tuple[JsonValue, ...] = ()
    cases: tuple[Case, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    rating: int | None = None
    coverage: JsonValue = None
    orders: tuple[Order, ...] | None = None
    products: tuple[Product, ...] | None = None
    entered_from_order: str | None = None
    terms: dict[str, JsonValue] = Field(default_factory=dict)
    knowledge: ShopKnowledge | None = None
