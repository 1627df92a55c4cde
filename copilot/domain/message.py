"""Messages: what was said, by whom, in which form."""

from enum import StrEnum

from copilot.domain.base import Id, Shape, Time
from copilot.domain.case import Option, OrderChoice
from copilot.domain.issue import Issue


class Role(StrEnum):
    """Who speaks."""

    BUYER = "buyer"
    AGENT = "agent"
    BOT = "bot"
    SYSTEM = "system"


class Kind(StrEnum):
    """The form of a message; what we do not know is kept as ``other``.

    ``faq_card`` is a question that the buyer tapped instead of typing it. The ``text`` of a ``coupon_card`` is what the
    coupon is called, or its number; a ``return_card`` is about sending back what its order holds.
    """

    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    STICKER = "sticker"
    PRODUCT_CARD = "product_card"
    ORDER_CARD = "order_card"
    COUPON_CARD = "coupon_card"
    RETURN_CARD = "return_card"
    FAQ_CARD = "faq_card"
    OTHER = "other"


class SentBy(StrEnum):
    """How a shop-side message came about."""

    PERSON = "person"
    ASSISTED = "assisted"
    AUTO = "auto"
    PLATFORM_BOT = "platform_bot"


class DraftMark(Shape):
    """Which draft a sent message came from and what the agent did with it.

    ``offered`` and ``asks`` are the options and the questions that the draft put, as it was sent without a change;
    null where only the text can tell. ``named`` is the issue that an agent or a model named for the turn where our own
    reading did not, ``order`` the order of that draft.
    """

    id: Id
    revision: int = 1
    shown_at: Time | None = None
    decision: str | None = None
    edit_class: str | None = None
    offered: tuple[Option, ...] | None = None
    asks: tuple[str, ...] | None = None
    named: Issue | None = None
    order: OrderChoice | None = None


class Media(Shape):
    """A picture or video as the platform serves it; sizes in pixels where it tells them."""

    url: str
    width: int | None = None
    height: int | None = None


class Message(Shape):
    """One message of a conversation.

    ``sent_at`` is the platform's time; ``order_id`` and ``product_id`` are what a card points to, ``media`` is what a
    picture or video shows.
    """

    id: str = ""
    role: Role
    kind: Kind = Kind.TEXT
    text: str
    sent_at: Time | None = None
    order_id: str | None = None
    product_id: str | None = None
    agent: str | None = None
    sent_by: SentBy | None = None
    draft: DraftMark | None = None
    media: Media | None = None
    recalled_at: Time | None = None
