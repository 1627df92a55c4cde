"""What an adapter may be able to do besides sending: one small protocol each, found by ``isinstance``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable

from copilot.domain.base import Id, Shape, Time
from copilot.domain.order import Order
from copilot.sdk.contract import Account, AdapterSettings
from copilot.sdk.events import Event


@dataclass(frozen=True)
class Delivery:
    """An HTTP request from a platform, untouched.

    ``headers`` have lower-case names, ``body`` are the raw bytes that signatures are made over. Its ``repr`` shows
    neither.
    """

    method: str
    headers: Mapping[str, str] = field(repr=False)
    query: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Identity:
    """Whom a delivery claims to be from and for; nothing of it is believed before ``verify``.

    ``shops`` are the platform's ids of all shops it speaks of; ``app`` is the platform's id of the app, which finds the
    secret where no shop is named (a test of the address).
    """

    shops: tuple[str, ...] = ()
    app: str | None = None


@dataclass(frozen=True)
class Answer:
    """What the platform wants to read when a delivery was taken."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"


@runtime_checkable
class Webhook(Protocol):
    """The platform calls us. The core calls the four in this order and acknowledges after its commit."""

    def identify(self, delivery: Delivery) -> Identity:
        """Read who is speaking, without believing it.

        Raises:
            Malformed: this is no delivery of the platform.
        """
        ...

    def verify(self, delivery: Delivery, account: Account) -> bool:
        """Whether the delivery is signed with this shop's secret: raw bytes, constant time; never raises."""
        ...

    def parse(self, delivery: Delivery) -> tuple[Event, ...]:
        """The events of a verified delivery, in the order they stand in; unknown ones are left out.

        Raises:
            Malformed: an event that should be known cannot be read; the delivery is kept as a dead letter.
        """
        ...

    def acknowledge(self, delivery: Delivery) -> Answer:
        """The answer that tells the platform not to send it again."""
        ...


class Who(Shape):
    """A buyer as far as we know them: the conversation, the chat's id of the buyer, and the key their orders have.

    ``orders`` are order numbers that the platform itself tied to this conversation (a card, the page it was opened
    from).
    """

    conversation: Id
    buyer: str | None = None
    order_key: str | None = None
    orders: tuple[str, ...] = ()


class FoundOrder(Shape):
    """An order with what the platform's orders know its buyer by."""

    order: Order
    buyer_key: str | None = None


class FoundBuyer(Shape):
    """A buyer and their orders, newest first; ``order_key`` and ``nickname`` where the platform tells them."""

    order_key: str | None = None
    nickname: str | None = None
    orders: tuple[FoundOrder, ...] = ()


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


class PlatformMessage(Shape):
    """A message of the shop's side as the platform has it; for reading back what became of a send."""

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
