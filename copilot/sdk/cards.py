"""What can be sent besides texts, all of them capabilities: pictures, videos, cards of the shop, questions to tap."""

from enum import StrEnum
from typing import Protocol, runtime_checkable

from pydantic import Field

from copilot.domain.base import Id, Shape
from copilot.sdk.contract import Account, Receipt


class FileReply(Shape):
    """A picture or a video on its way out: its bytes and its file ``name``.

    ``body`` has at most 10 MiB, ``content_type`` is a media type such as "image/png" that the bytes were held to.
    """

    shop: Id
    conversation: Id
    body: bytes = Field(repr=False)
    content_type: Id
    name: str = "file"


@runtime_checkable
class Images(Protocol):
    """Pictures can be sent."""

    async def send_image(self, account: Account, reply: FileReply, idempotency_key: str) -> Receipt:
        """Send a picture once, uploading it first where the platform wants that; ends as ``send`` does.

        Raises:
            SendRefused: the platform takes no such picture.
            OutcomeUnknown, AdapterError: as ``send``.
        """
        ...


@runtime_checkable
class Videos(Protocol):
    """Videos can be sent."""

    async def send_video(self, account: Account, reply: FileReply, idempotency_key: str) -> Receipt:
        """Send a video once; ends as ``send_image`` does.

        Raises:
            SendRefused: the platform takes no such video.
            OutcomeUnknown, AdapterError: as ``send``.
        """
        ...


class CardKind(StrEnum):
    """What a card shows; ``return`` lets the buyer ask to send an order back, ``logistics`` shows where it is."""

    PRODUCT = "product"
    ORDER = "order"
    COUPON = "coupon"
    RETURN = "return"
    LOGISTICS = "logistics"


class CardReply(Shape):
    """A card on its way out: the ``kind`` of what it shows, and ``ref``, the platform's id of that.

    ``ref`` is the order's for ``return`` and ``logistics``; ``item`` says of what in it: the product, or the parcel by
    its tracking number. None: the order has one.
    """

    shop: Id
    conversation: Id
    kind: CardKind
    ref: Id
    item: Id | None = None


@runtime_checkable
class Cards(Protocol):
    """Cards can be sent; ``card_kinds`` says which."""

    card_kinds: frozenset[CardKind]

    async def send_card(self, account: Account, reply: CardReply, idempotency_key: str) -> Receipt:
        """Send a card once; ends as ``send`` does.

        Raises:
            Unsupported: a kind that is not among ``card_kinds``.
            CardRefused: it cannot be shown here; nothing was sent.
            OutcomeUnknown, AdapterError: as ``send``.
        """
        ...


class FaqCard(Shape):
    """A ``question`` that a buyer may tap: ``id`` is ours and comes back in ``FaqCardTap``."""

    id: Id
    question: str


class FaqReply(Shape):
    """A text on its way out with questions below it: ``cards``, in the order in which they are shown.

    ``listed`` is the same as one text with the questions numbered, for a conversation that shows none to tap.
    """

    shop: Id
    conversation: Id
    text: str
    cards: tuple[FaqCard, ...] = Field(min_length=1)
    listed: str = ""


@runtime_checkable
class FaqCards(Protocol):
    """Questions that the buyer can tap stand below a text; a tap comes in as ``FaqCardTap``."""

    async def send_faq_cards(self, account: Account, reply: FaqReply, idempotency_key: str) -> Receipt:
        """Send text and questions once, as one message; ends as ``send`` does.

        ``History`` tells of it as ``text``, or as ``listed`` where that was sent.

        Raises:
            OutcomeUnknown, AdapterError: as ``send``.
        """
        ...
