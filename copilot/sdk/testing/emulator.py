"""The base of every emulated platform: shoppers who write, orders they have, deliveries to us, and a page to play them.

A subclass speaks its platform's wire: it serves the calls, signs the deliveries and checks our signatures for real.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import ClassVar, Literal

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from copilot.domain.clock import Clock, SystemClock
from copilot.domain.message import Kind, Media, Message, Role, SentBy
from copilot.domain.order import Order, Product
from copilot.sdk.faces import AvatarState
from copilot.sdk.reception import ServiceRecord
from copilot.sdk.testing import page
from copilot.sdk.testing.chats import Chats, Line, Said, Shopper, Thread
from copilot.sdk.testing.faults import Faults
from copilot.sdk.testing.pusher import Pusher


@dataclass(frozen=True)
class Placed:
    """An order, who placed it, and when it moved last: what the platform's searches by change go by."""

    order: Order
    shopper: str
    changed_at: datetime


@dataclass
class Noted:
    """A note that only the shop's people see; ``settled`` is what became of it, once that was shown."""

    id: str
    conversation: str
    text: str
    settled: str | None = None


@dataclass
class HandedIn:
    """A picture of an agent that was handed in; a test says what the platform makes of it."""

    agent: str
    content_type: str
    body: bytes
    state: AvatarState = AvatarState.PENDING_REVIEW
    reason: str | None = None


@dataclass(frozen=True)
class AtOrder:
    """A text that the shop left at an order, where its buyer reads it also when the chat is closed."""

    id: str
    order: str
    text: str


class Emulator(ABC):
    """One shop on an emulated platform; everything lives in memory and in the running loop.

    ``app`` may be served alone or mounted under a prefix. ``faults`` go wrong as often as they are set to.
    """

    name: ClassVar[str]
    """The adapter's name."""
    title: ClassVar[str]
    """What people call the platform."""
    shop_id: str
    currency: ClassVar[str] = "USD"
    """Of the prices that the platform knows."""
    carrier: ClassVar[str] = "USPS"
    """A carrier that the platform knows."""

    def __init__(self, *, clock: Clock | None = None) -> None:
        """``clock`` stamps messages and judges how old a signature is; the machine's by default."""
        self.clock: Clock = clock or SystemClock()
        self.faults = Faults()
        self.chats = Chats(self.name, self.clock)
        self.pusher = Pusher(self.faults)
        self.orders: dict[str, Placed] = {}
        self.products: dict[str, Product] = {}
        self.notes: list[Noted] = []
        self.at_orders: list[AtOrder] = []
        self.avatars: dict[str, HandedIn] = {}
        """The agents' pictures by the keys under which they were handed in."""
        self.service_record: ServiceRecord | None = None
        """What the platform counted of the shop's service, in whole days up to yesterday; None: nothing yet."""
        self.base_url = ""

    @abstractmethod
    def routes(self) -> Sequence[BaseRoute]:
        """The platform's own calls."""

    @abstractmethod
    def announce(self, said: Said) -> None:
        """Hand the deliveries that the platform makes of this message to ``self.pusher``."""

    @abstractmethod
    def order_changed(self, order: Order) -> None:
        """Hand the delivery that tells of a changed order to ``self.pusher``."""

    @abstractmethod
    def settings(self, base_url: str) -> dict[str, str]:
        """What ``shop add`` must be told to reach this emulator at ``base_url``; subclasses call ``super`` first."""
        self.base_url = base_url.rstrip("/")
        return {}

    @cached_property
    def app(self) -> Starlette:
        """The platform's calls, and the shoppers' page at ``/``."""
        return Starlette(routes=[*page.routes(self), *self.routes()])

    def deliver_to(self, url: str) -> None:
        """Where deliveries go from now on."""
        self.pusher.url = url

    def add_shopper(self, shopper: Shopper) -> None:
        """Let a shopper in."""
        self.chats.add(shopper)

    def add_order(self, order: Order, shopper_id: str) -> None:
        """Give a shopper an order, silently; an order of the same number is replaced."""
        self.chats.of_shopper(shopper_id)
        self.orders[order.id] = Placed(order, shopper_id, self.clock.now())

    def add_product(self, product: Product) -> None:
        """Put something into the shop; a product of the same id is replaced."""
        self.products[product.id] = product

    async def change_order(self, order: Order) -> None:
        """Replace an order that was added, and tell whoever listens."""
        self.orders[order.id] = Placed(order, self.orders[order.id].shopper, self.clock.now())
        self.order_changed(order)

    def orders_of(self, shopper_id: str) -> list[Order]:
        """A shopper's orders, the one that was added last in front."""
        return [placed.order for placed in reversed(self.orders.values()) if placed.shopper == shopper_id]

    async def say(
        self,
        shopper_id: str,
        text: str,
        *,
        order_card: str | None = None,
        photo: bool = False,
        entered_from_order: str | None = None,
    ) -> str:
        """A shopper writes: the card, the photo and the words are messages of their own. Returns the last one's id."""
        thread = self.chats.of_shopper(shopper_id)
        entrance = entered_from_order
        last = self.enter(thread, entered_from_order) if entered_from_order else None
        for message in self._written(text, order_card, photo):
            said = self.chats.post(thread, message, entered_from_order=entrance)
            entrance = None
            self.announce(said)
            last = said.message.id
        if last is None:
            raise ValueError("a shopper who writes nothing, sends no card and no photo says nothing")
        return last

    def enter(self, thread: Thread, order_id: str) -> str | None:
        """The chat was opened from an order's page; a platform that makes a message of it posts and announces it."""
        del thread, order_id
        return None

    async def colleague_says(self, shopper_id: str, text: str) -> str:
        """Somebody answers in the platform's own window, not through us; returns the message's id."""
        thread = self.chats.of_shopper(shopper_id)
        said = self.chats.post(thread, Message(role=Role.AGENT, text=text, sent_by=SentBy.PERSON))
        self.announce(said)
        return said.message.id

    def accept(self, thread: Thread, text: str) -> Said:
        """Store a reply that came through the interface and announce it, as platforms echo what we send."""
        return self.accept_message(thread, Message(role=Role.AGENT, text=text, sent_by=SentBy.PERSON))

    def accept_message(self, thread: Thread, message: Message) -> Said:
        """As ``accept``, for pictures, videos and cards."""
        said = self.chats.post(thread, message, by_call=True)
        self.announce(said)
        return said

    def accept_note(self, thread: Thread, text: str) -> Noted:
        """Store a note for the shop's people that came through the interface."""
        noted = Noted(self.chats.new_id(), thread.id, text)
        self.notes.append(noted)
        return noted

    async def decide(
        self,
        note: Noted,
        decision: Literal["accept", "edit", "reject", "option"],
        *,
        text: str | None = None,
        reason: str | None = None,
        option: str | None = None,
    ) -> None:
        """One of the shop's people decides on a note in the platform's window, and the platform tells us."""
        raise NotImplementedError("an adapter with native approval has an emulator that implements decide()")

    async def tap(self, shopper_id: str, question: str) -> None:
        """A shopper taps one of the questions that stand below a text, and the platform tells us."""
        raise NotImplementedError("an adapter with questions to tap has an emulator that implements tap()")

    async def invite(self, shopper_id: str, text: str) -> str:
        """A shopper writes ``text`` where the shop is not yet, and invites it; returns the conversation's id."""
        raise NotImplementedError("an adapter that enters conversations has an emulator that implements invite()")

    async def give(self, shopper_id: str, agent: str | None) -> None:
        """The platform gives the conversation to one of the shop's people, or takes it back, and tells us."""
        thread = self.chats.of_shopper(shopper_id)
        thread.agent = agent
        self.given(thread)

    def given(self, thread: Thread) -> None:
        """Hand the delivery that tells of it to ``self.pusher``; a platform that tells nobody does nothing."""
        del thread

    def thread(self, shopper_id: str) -> list[Line]:
        """What stands in a shopper's window, oldest first."""
        return self.chats.lines(shopper_id)

    async def settled(self) -> None:
        """Return when every delivery arrived or was given up."""
        await self.pusher.settled()

    async def aclose(self) -> None:
        """Stop delivering."""
        await self.pusher.aclose()

    def _written(self, text: str, order_card: str | None, photo: bool) -> list[Message]:
        messages: list[Message] = []
        if order_card is not None:
            messages.append(Message(role=Role.BUYER, kind=Kind.ORDER_CARD, text="", order_id=order_card))
        if photo:
            picture = Media(url=f"{self.base_url}/shopper/photo.png", width=page.PHOTO_SIZE, height=page.PHOTO_SIZE)
            messages.append(Message(role=Role.BUYER, kind=Kind.IMAGE, text="", media=picture))
        if text:
            messages.append(Message(role=Role.BUYER, text=text))
        return messages
