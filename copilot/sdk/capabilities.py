"""What an adapter may be able to do besides sending texts: one small protocol each, found by ``isinstance``.

Implementing one declares it, and the conformance kit asks for its proof; what users lose without each stands in
``table``. What is sent besides texts is in ``cards``, drafts in the platform's window in ``notes``, how the shop
receives its buyers in ``reception``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from copilot.domain.base import Id, Shape, Time
from copilot.domain.message import Media
from copilot.domain.order import Order, Product
from copilot.sdk.contract import Account, AdapterSettings, Receipt
from copilot.sdk.events import MessageEvent


class Who(Shape):
    """A buyer as far as we know them: the conversation, and the chat's id of the ``buyer``.

    ``order_key`` is what orders know the buyer by, where that was told before. ``orders`` are order numbers that the
    platform itself tied to this conversation (a card, the page it was opened from).
    """

    conversation: Id
    buyer: str | None = None
    order_key: str | None = None
    orders: tuple[str, ...] = ()


class FoundOrder(Shape):
    """An ``order``, and ``buyer_key``: what the platform's orders know its buyer by, the same as ``Who.order_key``."""

    order: Order
    buyer_key: str | None = None


class FoundBuyer(Shape):
    """A buyer and their ``orders``, newest first; ``order_key`` and ``nickname`` where the platform tells them.

    ``level`` is the platform's own word for how loyal they are ("gold", "V3"), empty where it says that they have none;
    ``tags`` are what the shop's people call them on the platform. Both null: it does not tell, and what is known stays.
    At most 20 tags of 40 characters are kept, and a level of 40; longer ones are left out. Never fill them by a guess.
    """

    order_key: str | None = None
    nickname: str | None = None
    orders: tuple[FoundOrder, ...] = ()
    level: str | None = None
    tags: tuple[str, ...] | None = None


@runtime_checkable
class Orders(Protocol):
    """Orders with shipments and after-sales; read only."""

    async def buyer(self, account: Account, who: Who) -> FoundBuyer:
        """Who is writing and their recent orders; never another buyer's.

        Raises:
            AdapterError: the platform could not be asked.
        """
        ...

    async def order(self, account: Account, order_id: str) -> FoundOrder | None:
        """One order by its number, or None when the shop has no such order.

        Raises:
            AdapterError: the platform could not be asked.
        """
        ...


@runtime_checkable
class Products(Protocol):
    """What the shop sells, as the platform has it; read only."""

    async def product(self, account: Account, product_id: str) -> Product | None:
        """One product, or None when the shop has no such product.

        Raises:
            AdapterError: the platform could not be asked.
        """
        ...


class PlatformMessage(Shape):
    """A message of the shop's side as the platform has it; for reading back what became of a send.

    ``message_id`` is what a receipt would have named, ``text`` the words as they stand there, ``sent_at`` the
    platform's time, ``sequence`` its own order within the conversation where it has one.
    """

    message_id: Id
    text: str
    sent_at: Time
    sequence: int | None = None


@runtime_checkable
class History(Protocol):
    """The platform's own record of a conversation."""

    async def sent_since(self, account: Account, conversation: str, since: datetime) -> tuple[PlatformMessage, ...]:
        """Every text of the shop's side from ``since`` on, all pages, oldest first.

        Raises:
            AdapterError: the platform could not be asked.
        """
        ...


@runtime_checkable
class Refreshing(Protocol):
    """Access that expires. The core calls it under a lock of the shop and stores what comes back before it is used."""

    async def refresh(self, account: Account) -> AdapterSettings:
        """New settings with fresh tokens.

        Raises:
            NotAuthorized: the shop's owner must connect the shop again.
            AdapterError: the platform could not be asked; the old ones may still be good.
        """
        ...


class Pages(Protocol):
    """Addresses of one shop's back office, made of ids alone (``copilot.sdk.pages``): https, or None where unknown."""

    def conversation(self, conversation: str) -> str | None:
        """Where the chat is read and answered; the platform's id of it."""
        ...

    def order(self, order: str) -> str | None:
        """An order's page."""
        ...

    def after_sale(self, order: str, after_sale: str | None) -> str | None:
        """The page on which a refund or return of ``order`` is decided; ``after_sale`` is None when there is none."""
        ...

    def product(self, product: str) -> str | None:
        """A product's page."""
        ...


@runtime_checkable
class Links(Protocol):
    """Knows the pages of the platform's back office, so that a person comes to the right one by a click."""

    def pages(self, account: Account) -> Pages:
        """The pages of this shop. Pure: it calls nothing and never raises."""
        ...


@dataclass(frozen=True)
class Fetch:
    """How an attachment is fetched: its ``url``, and ``headers`` that only the platform's own host may see."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)


@runtime_checkable
class Attachments(Protocol):
    """Pictures that need more than their address: a token, or an address of the platform's own kind (``mxc://``)."""

    def fetch(self, account: Account, media: Media) -> Fetch | None:
        """Where and with which headers the core fetches it; None: as its address says.

        Pure. The core makes the call, bounds its size and time, and sends headers only to a host that stands in the
        shop's settings.
        """
        ...


@runtime_checkable
class ReadMarks(Protocol):
    """Tells the buyer, and the platform's own window, that the shop has read what they wrote."""

    async def mark_read(self, account: Account, conversation: str) -> None:
        """Mark everything in the conversation as read; again changes nothing.

        Raises:
            AdapterError: it was not marked.
        """
        ...


@runtime_checkable
class Opening(Protocol):
    """The shop can write first, to the buyer of an order."""

    async def open_conversation(self, account: Account, order_id: str) -> str:
        """The platform's id of the conversation with the order's buyer, the existing one where there is one.

        Raises:
            ContactNotAllowed: the platform lets nobody write first about this order.
            AdapterError: it could not be opened.
        """
        ...


class OrderMessage(Shape):
    """A text on its way out that stands at an ``order`` of the buyer's, apart from the chat."""

    shop: Id
    order: Id
    text: str


@runtime_checkable
class OrderMessages(Protocol):
    """Texts can be left at an order, also for a buyer who has closed the chat (``BuyerClosed``)."""

    async def send_order_message(self, account: Account, message: OrderMessage, idempotency_key: str) -> Receipt:
        """Leave it there once; ends as ``send`` does. The core calls it only for what a person approved for that way.

        Raises:
            WindowClosed: this order takes no messages any more.
            OutcomeUnknown, AdapterError: as ``send``.
        """
        ...


@runtime_checkable
class Entering(Protocol):
    """Conversations that the shop is invited into (``Invited``) can be entered."""

    async def enter(self, account: Account, conversation: str) -> tuple[MessageEvent, ...]:
        """Enter; returns what was said before, as far as the platform shows it, oldest first. Again changes nothing.

        Raises:
            AdapterError: it was not entered.
        """
        ...
