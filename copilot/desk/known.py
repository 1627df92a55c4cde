"""Rows of the list that are still true: one reading serves everybody until something happens to a conversation.

What happens to a conversation is told by an event in the same transaction, so that a row holds until an event names
its conversation, or until it changes by itself as time passes. Owns what is remembered; it never invents a row.
"""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.desk.inbox import Conversations, Item, totals
from copilot.desk.inbox_rows import ShopClock, changes_at, chosen, row_of, told
from copilot.store.events import EventId

# What no event tells (a retention that removes words, a person's new name) is seen after this long.
_OLD: Final = timedelta(minutes=2)
# So many old rows are read again at once: a list is never slow because everything became old together.
_AGAIN: Final = 100
# Events are kept for a day; what nobody asked for in an hour is forgotten long before.
_IDLE: Final = timedelta(hours=1)
_MERCHANTS: Final = 64
_SPARE: Final = 1000

# Every event that can be seen now, settled or not: a place before all running transactions is gone on from.
_HAPPENED = text(
    """
    WITH told AS (
      SELECT DISTINCT split_part(topic, '.', 1) AS kind, ref FROM events
      WHERE (xid, id) >= (CAST(:xid AS text)::xid8, :id)
    )
    SELECT CAST(ref AS uuid) FROM told WHERE kind IN ('message', 'conversation')
    UNION SELECT conversation FROM drafts WHERE id IN (SELECT CAST(ref AS uuid) FROM told WHERE kind = 'draft')
    UNION SELECT conversation FROM outbox WHERE id IN (SELECT CAST(ref AS uuid) FROM told WHERE kind = 'reply')
    """
)


@dataclass
class _Known:
    """A conversation as the database told it, and the row that this makes until ``until``."""

    found: RowMapping
    item: Item
    until: datetime | None
    read_at: datetime


@dataclass
class _Shelf:
    """What is known of a merchant's conversations as of ``place`` in its events."""

    used: datetime
    place: EventId | None = None
    shops: Mapping[str, ShopClock] = field(default_factory=dict[str, ShopClock])
    known: dict[str, _Known] = field(default_factory=dict[str, _Known])
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class KnownRows:
    """The lists of every merchant, as far as this process has read them."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._shelves: dict[uuid.UUID, _Shelf] = {}

    async def read(
        self,
        session: AsyncSession,
        merchant: uuid.UUID,
        shops: Mapping[str, ShopClock],
        now: datetime,
        place: EventId,
        shop: uuid.UUID | None = None,
    ) -> Conversations:
        """The merchant's conversations, or one shop's; ``shops`` are the shops' clocks by id.

        ``place`` is the place in the events that was read in the same transaction, before anything else.
        """
        shelf = self._shelf(merchant, now)
        async with shelf.lock:
            await _forget(session, shelf, place)
            _again(shelf, shops)
            wanted = await chosen(session, now, shop)
            await _fill(session, shelf, wanted, now)
            total = await totals(session, shop)
        return Conversations.of([shelf.known[id].item for id in wanted if id in shelf.known], total)

    def _shelf(self, merchant: uuid.UUID, now: datetime) -> _Shelf:
        shelf = self._shelves.pop(merchant, None)
        if shelf is None or now - shelf.used > _IDLE:
            shelf = _Shelf(now)
        shelf.used = now
        # The one that was asked for last stands last.
        self._shelves[merchant] = shelf
        if len(self._shelves) > _MERCHANTS:
            self._shelves.pop(next(iter(self._shelves)))
        return shelf


async def _forget(session: AsyncSession, shelf: _Shelf, place: EventId) -> None:
    """Let go of every conversation that something happened to."""
    if shelf.place is not None:
        given = {"xid": str(shelf.place.xid), "id": shelf.place.id}
        for id in (await session.scalars(_HAPPENED, given)).all():
            shelf.known.pop(str(id), None)
    if shelf.place is None or place > shelf.place:
        shelf.place = place


def _again(shelf: _Shelf, shops: Mapping[str, ShopClock]) -> None:
    """Make every row again when a shop goes by other numbers or gives out otherwise."""
    if shelf.shops != shops:
        shelf.shops = shops
        for one in shelf.known.values():
            one.until = datetime.min.replace(tzinfo=one.read_at.tzinfo)


async def _fill(session: AsyncSession, shelf: _Shelf, wanted: list[str], now: datetime) -> None:
    stale = now - _OLD
    missing = [id for id in wanted if id not in shelf.known]
    old = [id for id in wanted if id in shelf.known and shelf.known[id].read_at < stale]
    if read := missing + old[:_AGAIN]:
        found = {str(one["id"]): one for one in await told(session, read)}
        for id in read:
            shelf.known.pop(id, None)
        for id, one in found.items():
            shelf.known[id] = _made(one, shelf, now, now)
    for id in wanted:
        one = shelf.known.get(id)
        if one is not None and one.until is not None and now >= one.until:
            shelf.known[id] = _made(one.found, shelf, now, one.read_at)
    if len(shelf.known) > len(wanted) + _SPARE:
        keep = set(wanted)
        shelf.known = {id: one for id, one in shelf.known.items() if id in keep}


def _made(found: RowMapping, shelf: _Shelf, now: datetime, read_at: datetime) -> _Known:
    clock = shelf.shops.get(str(found["shop"]))
    row = row_of(found, clock, now, ())
    return _Known(found, Item.of(row), changes_at(found, row, clock, now), read_at)
