"""A draft's row with what it is about, and the buyer's orders looked up for it within the draft's time."""

import uuid
from collections.abc import MutableSequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from copilot.channel.lookup import GOOD_FOR, Called
from copilot.domain.clock import Clock
from copilot.domain.order import Order
from copilot.domain.trace import Step
from copilot.flow.talks import Talk
from copilot.flow.understand import unanswered
from copilot.store.tables import DraftRow


@dataclass(frozen=True)
class Work:
    """A draft's row with what it is about."""

    row: DraftRow
    talk: Talk
    orders_as_of: datetime | None = None
    """Since when the orders are what they are, where that is long ago."""


class Looked(Protocol):
    """What a look-up gave."""

    @property
    def orders(self) -> tuple[Order, ...] | None:
        """The buyer's orders; None when they could not be looked up."""
        ...

    @property
    def as_of(self) -> datetime | None:
        """When the platform told of them; None when it did not."""
        ...

    @property
    def unreachable(self) -> bool:
        """Whether the platform was asked and did not answer."""
        ...

    @property
    def called(self) -> Called | None:
        """What the buyer is called, where the platform was asked just now."""
        ...


class OrderBook(Protocol):
    """Where the orders of a conversation's buyer come from."""

    async def orders(
        self,
        merchant: uuid.UUID,
        conversation: uuid.UUID,
        *,
        timeout: float,  # noqa: ASYNC109 - zero asks for what is known
        fresh: bool = False,
    ) -> Looked:
        """The buyer's orders within ``timeout`` seconds; with 0 only what is known already."""
        ...


async def with_orders(
    work: Work, book: OrderBook | None, clock: Clock, seconds: float, steps: MutableSequence[Step]
) -> Work:
    """The work with the buyer's orders, as far as ``book`` has them within ``seconds``; told of in ``steps``."""
    row, talk = work.row, work.talk
    if book is None:
        return work
    at, started = clock.now(), clock.monotonic()
    # A platform that answers slowly must not cost the draft its deadline.
    left = (row.deadline_at - at).total_seconds() if row.deadline_at else seconds
    looked = await book.orders(row.merchant, row.conversation, timeout=max(0.0, min(seconds, left / 2)))
    known = looked.orders
    detail = {"orders": None if known is None else len(known)}
    steps.append(Step("lookup", at, clock.monotonic() - started, detail))
    old = known and looked.as_of is not None and clock.now() - looked.as_of > GOOD_FOR
    told: dict[str, object] = {"orders": known}
    if looked.called is not None:
        # Kept by now, and read before it was.
        told["buyer"] = talk.conversation.buyer.model_copy(update=looked.called._asdict())
    return replace(
        work,
        talk=replace(talk, conversation=talk.conversation.model_copy(update=told)),
        orders_as_of=looked.as_of if old else None,
    )


def received_of(talk: Talk) -> list[datetime]:
    """When the messages of the unanswered turn reached us; the draft's clock runs from there."""
    return [talk.received[message] for message in unanswered(talk.conversation).messages]
