"""What is told to a shop, by a delivery or by a platform that was asked, and what became of it."""

from dataclasses import dataclass
from typing import Final

from copilot.channel import dead_letters
from copilot.sdk import Delivery, Event, OfConversation
from copilot.store.tables import ShopRow

FOREIGN: Final = "foreign_shop"
"""Why an event is kept that speaks of a shop which nobody verified it for."""


@dataclass(frozen=True)
class Told:
    """What a delivery tells a shop: an event, or why it can tell it none.

    ``letter`` is what is kept when it is defective; None: the delivery that brought it.
    """

    shop: ShopRow
    event: Event | None
    fault: str | None = None
    letter: Delivery | None = None

    @property
    def place(self) -> tuple[str, str, str]:
        """What is locked for it. Deliveries that lock in one order never wait for each other in a circle."""
        event = self.event
        about = event.conversation if isinstance(event, OfConversation) else ""
        return str(self.shop.merchant), str(self.shop.id), about


def told_by_feed(shop: ShopRow, event: Event) -> Told:
    """What a platform that was asked, or is connected, tells of ``shop``; nobody asked it for another one."""
    fault = None if event.shop == shop.platform_shop_id else FOREIGN
    return Told(shop, event if fault is None else None, fault, dead_letters.letter_of(event))


@dataclass(frozen=True)
class Taken:
    """How many events a delivery held, how many of them were new messages, and how many became dead letters."""

    events: int = 0
    new: int = 0
    dead: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        """Both together."""
        return Taken(self.events + other.events, self.new + other.new, self.dead + other.dead)
