"""The three ways in which messages come, as equals: the platform calls us, we ask it, or we stay connected.

An adapter implements at least one. The core keeps cursors, secrets and the order of things; nothing here is believed
before it is verified, and nothing is acknowledged or passed over before it is stored.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, Protocol, runtime_checkable

from pydantic import Field

from copilot.domain.base import Shape
from copilot.sdk.contract import Account
from copilot.sdk.errors import Malformed
from copilot.sdk.events import Event


@dataclass(frozen=True)
class Delivery:
    """An HTTP request from a platform, untouched.

    ``method`` is in capitals, ``query`` what stands behind the "?" (the last value of each name), ``headers`` have
    lower-case names, ``body`` are the raw bytes that signatures are made over, ``path`` is what stands behind
    ``/in/<adapter>/`` ("" when nothing does). Its ``repr`` shows none of them.
    """

    method: str
    headers: Mapping[str, str] = field(repr=False)
    query: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    path: str = field(default="", repr=False)


LARGEST_DELIVERY: Final = 2**20
"""Bytes of a delivery that the core's door lets in, where its adapter says nothing else."""
MOST_DELIVERY: Final = 16 * 2**20
"""Bytes that an adapter may say at most: a body is held in memory before anybody knows who sends it."""


def largest_of(adapter: object) -> int:
    """How many bytes a delivery for ``adapter`` may have; a larger one is refused before the adapter sees it.

    A platform that packs much into one call says so by an attribute ``largest_delivery`` of its adapter. It must be no
    less than the platform ever sends: what the door refuses may be sent again for ever, and all that follows waits.
    """
    said: object = getattr(adapter, "largest_delivery", LARGEST_DELIVERY)
    return said if isinstance(said, int) and 0 < said <= MOST_DELIVERY else LARGEST_DELIVERY


def bounded(body: bytes, largest: int = LARGEST_DELIVERY) -> bytes:
    """``body``, to be read: an adapter that is called from elsewhere must not parse what the door would refuse.

    Raises:
        Malformed: it is larger than any delivery.
    """
    if len(body) > largest:
        raise Malformed("more bytes than any delivery has")
    return body


@dataclass(frozen=True)
class Identity:
    """Whom a delivery claims to be from and for; nothing of it is believed before ``verify``.

    ``shops`` are the platform's ids of all shops it speaks of; ``app`` is the platform's id of the app, which finds the
    secret where no shop is named (a test of the address). ``unnamed``: it cannot be told before it is verified, because
    it is encrypted or says only what happened; then the core tries the secrets of the adapter's shops one after the
    other, and those that verify it are who it is for.
    """

    shops: tuple[str, ...] = ()
    app: str | None = None
    unnamed: bool = False


@dataclass(frozen=True)
class Answer:
    """What the platform wants to read when a delivery was taken: the HTTP ``status``, ``body`` and ``content_type``."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"


@runtime_checkable
class Webhook(Protocol):
    """The platform calls us. The core calls the four in this order and acknowledges after its commit."""

    def identify(self, delivery: Delivery) -> Identity:
        """Read who is speaking, without believing it and without a secret.

        Raises:
            Malformed: this is no delivery of the platform.
        """
        ...

    def verify(self, delivery: Delivery, account: Account) -> bool:
        """Whether the delivery is signed with this shop's secret: raw bytes, constant time; never raises."""
        ...

    def parse(self, delivery: Delivery, account: Account) -> tuple[Event, ...]:
        """The events of a delivery that ``account`` verified, in the order they stand in; unknown ones are left out.

        Called for each shop that verified it; the core takes the events of that shop. ``account`` is there for
        platforms that encrypt.

        Raises:
            Malformed: an event that should be known cannot be read; the delivery is kept as a dead letter.
        """
        ...

    def acknowledge(self, delivery: Delivery, account: Account) -> Answer:
        """The answer that tells the platform not to send it again, or that an address is ours."""
        ...


@runtime_checkable
class Refusing(Protocol):
    """Has the platform's own words for a delivery that is not believed; without them the answer is HTTP 401."""

    def refuse(self, delivery: Delivery) -> Answer | None:
        """The answer to a delivery that nobody signed, or None for the usual one. Pure; nothing of it is believed."""
        ...


class Batch(Shape):
    """What a look or a connection brought: ``events`` in their order, and the place up to which all is known.

    ``cursor`` is the adapter's own text of at most 4,000 characters, without secrets and without anybody's words; None
    leaves it as it was. The core stores both in one transaction. ``more`` asks for the next look at once, ``wait`` for
    one not earlier than in so many seconds.
    """

    events: tuple[Event, ...] = ()
    cursor: str | None = None
    more: bool = False
    wait: Annotated[float, Field(ge=0)] | None = None


@runtime_checkable
class Polling(Protocol):
    """We ask again and again: one process at a time for each shop."""

    async def poll(self, account: Account, cursor: str | None) -> Batch:
        """What happened since ``cursor``; None: since now, or since as long ago as the platform likes.

        The same cursor may be asked for again, when a process died before it stored the answer.

        Raises:
            Malformed: the platform's answer or the cursor cannot be read.
            AdapterError: the platform could not be asked.
        """
        ...


@runtime_checkable
class Connecting(Protocol):
    """We stay connected: one process at a time for each shop."""

    def connect(self, account: Account, cursor: str | None) -> AsyncGenerator[Batch]:
        """Yield what happens from ``cursor`` on, as long as it is asked; each batch is stored before the next is taken.

        It is closed (``aclose``) to end it, and opened again after a while when it ends or raises. Yield an empty batch
        now and then when nothing happens, at least once a minute: a connection that is silent for longer is opened
        again.

        Raises:
            Malformed: what came cannot be read.
            AdapterError: the connection broke off or was refused.
        """
        ...
