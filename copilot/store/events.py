"""What watchers are told: rows of ids, written with the change they tell of and read without losing any.

Readers follow ``(xid, id)`` and take only what no running transaction can still get ahead of; ids alone would skip a
slow transaction that commits after a fast one. NOTIFY only wakes readers up.
"""

import uuid
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.errors import BadInput
from copilot.store.direct import Direct, Transaction
from copilot.store.engine import Store
from copilot.store.listener import CHANNEL, POLL_SECONDS, Listener

_PAGE = 200


@dataclass(frozen=True, order=True)
class EventId:
    """A place in the stream of events; written "xid-id"."""

    xid: int
    id: int

    def __str__(self) -> str:
        """As readers hand it back."""
        return f"{self.xid}-{self.id}"

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read "xid-id".

        Raises:
            BadInput: it is not one; the text is not repeated.
        """
        xid, dash, number = written.partition("-")
        if not (dash and xid.isascii() and xid.isdecimal() and number.isascii() and number.isdecimal()):
            raise BadInput("the event id is not one of ours", remedy="start without one")
        return cls(int(xid), int(number))


@dataclass(frozen=True)
class Event:
    """Something happened to ``ref`` (an id); ``topic`` says what ("draft.proposed")."""

    id: EventId
    topic: str
    ref: str
    shop: uuid.UUID | None
    at: datetime


# One statement for both: a draft tells of itself several times. The notice says whom it concerns and what it is about,
# so that nobody looks for what is not theirs; what happened is in the row.
_APPEND = Direct(
    text(
        "WITH told AS (INSERT INTO events (merchant, shop, topic, ref, at) VALUES (:merchant, :shop, :topic, :ref, :at)"
        f" RETURNING merchant, topic) SELECT pg_notify('{CHANNEL}', merchant || ' ' || topic) FROM told"
    )
)


async def append(
    session: Transaction, *, merchant: uuid.UUID, topic: str, ref: str, at: datetime, shop: uuid.UUID | None = None
) -> None:
    """Tell watchers, when the session's transaction commits."""
    await _APPEND.run(session, {"merchant": merchant, "shop": shop, "topic": topic, "ref": ref, "at": at})


_READ = Direct(
    text(
        "SELECT xid::text::bigint, id, topic, ref, shop, at, xid < pg_snapshot_xmin(pg_current_snapshot())"
        " FROM events WHERE (xid, id) > (CAST(:xid AS text)::xid8, :id) ORDER BY xid, id LIMIT :limit"
    )
)

_SOON = 0.03


class Page(list[Event]):
    """Events, oldest first; ``unsettled`` when more are there that a running transaction may still get ahead of."""

    unsettled = False

    @property
    def pause(self) -> float:
        """How long a reader waits for more, in seconds.

        The end of the transaction that is in the way need not wake anybody.
        """
        return _SOON if self.unsettled else POLL_SECONDS


async def read(session: Transaction, after: EventId, limit: int = _PAGE) -> Page:
    """The session's merchant's events after ``after``, oldest first."""
    rows = await _READ.all(session, {"xid": str(after.xid), "id": after.id, "limit": limit})
    page = Page()
    for xid, number, topic, ref, shop, at, settled in rows:
        if not settled:
            page.unsettled = True
            break
        page.append(Event(EventId(xid, number), topic, ref, shop, at))
    return page


async def position(session: AsyncSession) -> EventId:
    """The place before everything that is not yet readable: follow from here to hear of what comes."""
    xmin = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return EventId((await session.execute(xmin)).scalar_one(), 0)


async def prune(session: AsyncSession, before: datetime) -> int:
    """Remove events of all merchants from before that time; returns how many."""
    statement = text("SELECT app.prune_events(:before)")
    return (await session.execute(statement, {"before": before})).scalar_one()


async def follow(store: Store, listener: Listener, merchant: uuid.UUID, after: EventId) -> AsyncGenerator[Event]:
    """Every event of the merchant after ``after``, as it happens; holds no connection while it waits."""
    while True:
        seen = listener.count
        async with store.direct(merchant) as session:
            events = await read(session, after)
        for event in events:
            after = event.id
            yield event
        if len(events) < _PAGE:
            await listener.wait(seen, events.pause)
