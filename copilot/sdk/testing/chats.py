"""The conversations of an emulated shop as the platform sees them: shoppers, threads, ids, order.

Keeps everything in memory and knows no wire; ids are unlike those of another run, because the desk remembers them.
"""

import hashlib
import itertools
from dataclasses import dataclass, field
from datetime import datetime

from copilot.domain.base import Id, Shape, Time
from copilot.domain.clock import Clock
from copilot.domain.message import Message


class Shopper(Shape):
    """A buyer of the emulated platform."""

    id: Id
    nickname: str


class Line(Shape):
    """A message as the platform's own window shows it; ``role`` as in ``Message.role``."""

    id: Id
    role: str
    text: str
    at: Time
    kind: str = "text"
    order_id: str | None = None


@dataclass(frozen=True)
class Said:
    """A message with its place: ``sequence`` grows with time and has gaps.

    ``by_call`` tells a reply that came through the interface from one that was typed into the platform's own window.
    """

    conversation: str
    shopper: Shopper
    message: Message
    sequence: int
    entered_from_order: str | None = None
    by_call: bool = False


@dataclass
class Thread:
    """One shopper's conversation; ``agent`` is the platform's id of whom it gave it to."""

    id: str
    shopper: Shopper
    created_at: datetime
    said: list[Said] = field(default_factory=list[Said])
    unread: int = 0
    agent: str | None = None


class Chats:
    """All threads of a shop. ``version`` grows with every change."""

    def __init__(self, platform: str, clock: Clock) -> None:
        """``platform`` keeps the ids of two emulators apart."""
        self.version = 0
        self._platform = platform
        self._clock = clock
        self._by_shopper: dict[str, Thread] = {}
        self._by_id: dict[str, Thread] = {}
        self._counter = itertools.count(1)

    def add(self, shopper: Shopper) -> Thread:
        """The shopper's thread; a shopper of the same id is renamed."""
        thread = self._by_shopper.get(shopper.id)
        if thread is None:
            thread = Thread(stable_id(self._platform, shopper.id), shopper, self._clock.now())
            self._by_shopper[shopper.id] = self._by_id[thread.id] = thread
        thread.shopper = shopper
        self.version += 1
        return thread

    def threads(self) -> list[Thread]:
        """All threads, the one that was added first in front."""
        return list(self._by_shopper.values())

    def of_shopper(self, shopper: str) -> Thread:
        """The thread of a shopper that was added.

        Raises:
            KeyError: there is no such shopper.
        """
        return self._by_shopper[shopper]

    def find(self, conversation: str) -> Thread | None:
        """The thread with the platform's id ``conversation``."""
        return self._by_id.get(conversation)

    def new_id(self) -> str:
        """A 19-digit number beyond 2**53 that grows with time, as both platforms make them."""
        return str((int(self._clock.now().timestamp()) << 32) + 3 * next(self._counter) + 1)

    def post(
        self, thread: Thread, message: Message, *, entered_from_order: str | None = None, by_call: bool = False
    ) -> Said:
        """Append ``message``, which gets its id and time here."""
        number = self.new_id()
        stamped = message.model_copy(update={"id": number, "sent_at": self._clock.now()})
        said = Said(thread.id, thread.shopper, stamped, int(number), entered_from_order, by_call)
        thread.said.append(said)
        thread.unread = thread.unread + 1 if message.role == "buyer" else thread.unread
        self.version += 1
        return said

    def lines(self, shopper: str) -> list[Line]:
        """A thread as its window shows it, oldest first."""
        return [_line(said.message) for said in self._by_shopper[shopper].said]


def _line(message: Message) -> Line:
    assert message.sent_at is not None  # post() stamps every message
    return Line(
        id=message.id,
        role=message.role,
        text=message.text,
        at=message.sent_at,
        kind=message.kind,
        order_id=message.order_id,
    )


def stable_id(*parts: str) -> str:
    """A 19-digit number that is the same for the same parts in every run."""
    digest = hashlib.sha256("\n".join(parts).encode()).digest()
    return str(7 * 10**18 + int.from_bytes(digest[:8]) % 10**18)
