"""Verified events into rows: one transaction for each merchant, and what is defective into the dead letters.

An event that cannot be used must not take the others of its delivery with it; a database that fails must, because
what is not stored is not acknowledged.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Final, TypeVar

import psycopg
from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.vault import Vault
from copilot.channel import changes, dead_letters, inbox, taps
from copilot.channel.arriving import Arrival
from copilot.channel.crowd import Apart, Crowd, Group
from copilot.channel.presenting import presses
from copilot.channel.storable import is_storable
from copilot.channel.told import Taken, Told
from copilot.clock import Profile, load_profile
from copilot.domain.clock import Clock
from copilot.domain.errors import BadConfiguration
from copilot.logs import get_logger
from copilot.sdk import (
    Assigned,
    ConversationChanged,
    Deauthorized,
    Decided,
    Delivery,
    Ended,
    Event,
    FaqCardTap,
    Invited,
    MessageEdited,
    MessageEvent,
    MessageRecalled,
    OrderChanged,
    Rated,
    Read,
)
from copilot.store import spans
from copilot.store.engine import Store
from copilot.store.tables import ShopRow

T = TypeVar("T")
Also = Callable[[AsyncSession], Awaitable[None]]
"""What else is written in the transaction of some events; done first, and again when the transaction is."""

log = get_logger(__name__)

_AHEAD: Final = timedelta(seconds=60)
"""How far a platform's clock may run ahead of ours before somebody should know."""
_ATTEMPTS: Final = 3
_MOST_TOGETHER: Final = 20
"""More messages than this in one delivery would make others wait for it."""
_LANES: Final = 6
"""How many connections store at a time, of the eight that a process has: pages need some as well."""
_COLLISIONS: Final = frozenset({"40001", "40P01"})
_REFUSED: Final = (exc.DataError, exc.IntegrityError, psycopg.DataError, psycopg.IntegrityError)
_DATABASE: Final = (exc.SQLAlchemyError, psycopg.Error, OSError)


@dataclass(frozen=True)
class Taking:
    """Stores verified events. ``folders`` hold the policies; dead letters are kept for ``keep``.

    ``lanes`` is room for a connection that takes deliveries.
    """

    store: Store
    vault: Vault
    folders: Sequence[Path]
    clock: Clock
    keep: timedelta
    lanes: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_LANES), repr=False)
    _crowd: Crowd = field(init=False, repr=False)
    _profiles: dict[tuple[str, date], Profile] = field(default_factory=dict[tuple[str, date], Profile], repr=False)

    def __post_init__(self) -> None:
        """Prepare what stores the messages of buyers."""
        object.__setattr__(self, "_crowd", Crowd(self.store, self.clock, self.lanes))

    async def all(self, adapter: str, delivery: Delivery, told: Sequence[Told], trace: str, at: datetime) -> Taken:
        """Store and commit everything; ``at`` is when the delivery came, ``trace`` marks what it leaves.

        Raises:
            SQLAlchemyError, psycopg.Error, OSError: the database failed; what was committed before is no harm, because
                it is recognised when the delivery comes again.
        """
        begun = self.clock.monotonic()
        if messages := self._messages(told, trace):
            with suppress(Apart):
                new = await self._crowd.take(told[0].shop.merchant, Group(messages, adapter, trace, at, begun))
                return Taken(len(messages), new)
        async with self.lanes:
            return await self._alone(adapter, delivery, told, trace, at, begun)

    def _messages(self, told: Sequence[Told], trace: str) -> Sequence[Arrival]:
        """What is told, when that is nothing but messages that can be kept, for one merchant, and no colleague's."""
        arrivals: list[Arrival] = []
        if len(told) > _MOST_TOGETHER:
            return ()
        for one in told:
            event = one.event
            if not isinstance(event, MessageEvent) or one.shop.merchant != told[0].shop.merchant:
                return ()
            if event.message.role is inbox.SHOPS_OWN or not is_storable(event):
                return ()
            self._notice_clock(one.shop, event)
            arrivals.append(Arrival(one.shop, event, self._profile(one.shop), trace))
        return arrivals

    async def _alone(
        self, adapter: str, delivery: Delivery, told: Sequence[Told], trace: str, at: datetime, begun: float
    ) -> Taken:
        taken = Taken()
        for merchant, group in groupby(sorted(told, key=lambda one: one.place), key=lambda one: one.shop.merchant):
            part = list(group)

            async def work(session: AsyncSession, careful: bool, part: list[Told] = part) -> Taken:
                found = await self._each(session, part, delivery, trace, careful)
                seconds = self.clock.monotonic() - begun
                await _span(session, part[0].shop, adapter, found, trace, at, seconds)
                return found

            taken += await self._committed(merchant, work)
        return taken

    async def heard(self, shop: ShopRow, told: Sequence[Told], trace: str, at: datetime, also: Also | None) -> Taken:
        """Store and commit what a shop's platform told without a delivery; each of ``told`` has its letter.

        Raises:
            SQLAlchemyError, psycopg.Error, OSError: the database failed; nothing of it is stored.
        """
        begun = self.clock.monotonic()

        async def work(session: AsyncSession, careful: bool) -> Taken:
            if also is not None:
                await also(session)
            found = await self._each(session, sorted(told, key=lambda one: one.place), None, trace, careful)
            if told:
                seconds = self.clock.monotonic() - begun
                await _span(session, shop, shop.adapter, found, trace, at, seconds)
            return found

        return await self._committed(shop.merchant, work)

    async def _each(
        self, session: AsyncSession, part: Sequence[Told], delivery: Delivery | None, trace: str, careful: bool
    ) -> Taken:
        found = Taken()
        for one in part:
            found += await self._one(session, delivery, one, trace, careful)
        return found

    async def use(self, session: AsyncSession, shop: ShopRow, event: Event, trace: str) -> tuple[bool, str | None]:
        """Store one event in a savepoint: whether it was a new message, and what is wrong when it cannot be used."""
        try:
            async with session.begin_nested():
                return await self._handle(session, shop, event, trace), None
        # The webhook edge: whatever an adapter made of a platform's bytes may be defective in any way.
        except Exception as error:
            if failed := _database_failure(error):
                raise failed from None
            return False, dead_letters.fault(error)

    async def _one(
        self, session: AsyncSession, delivery: Delivery | None, told: Told, trace: str, careful: bool
    ) -> Taken:
        new, fault = False, told.fault
        if told.event is not None and careful:
            new, fault = await self.use(session, told.shop, told.event, trace)
        elif told.event is not None:
            new = await self._handle(session, told.shop, told.event, trace)
        if fault is not None:
            letter, now = told.letter or delivery, self.clock.now()
            assert letter is not None  # what came without a delivery has a letter
            await dead_letters.keep(session, self.vault, told.shop, letter, fault, now, now + self.keep)
            log.error("dead_letter_kept", shop=str(told.shop.id), adapter=told.shop.adapter, fault=fault, trace=trace)
        return Taken(int(told.event is not None), int(new), int(fault is not None))

    async def _handle(self, session: AsyncSession, shop: ShopRow, event: Event, trace: str) -> bool:
        """Store the event; whether it was a new message."""
        if isinstance(event, MessageEvent):
            return await self._said(session, shop, event, trace)
        if isinstance(event, FaqCardTap):
            return await self._said(session, shop, await taps.as_message(session, shop, event), trace, event.card)
        now, profile = self.clock.now(), self._profile(shop)
        match event:
            case OrderChanged():
                await changes.order_changed(session, shop, event, profile, now)
            case ConversationChanged():
                await changes.conversation_changed(session, shop, event, now)
            case MessageEdited():
                await changes.message_edited(session, shop, event, profile, now)
            case MessageRecalled():
                await changes.message_recalled(session, shop, event, profile, now)
            case Assigned() | Ended() | Rated() | Read():
                await changes.told_of(session, shop, event, now)
            case Deauthorized():
                await changes.deauthorized(session, shop, now)
            case Invited() | Decided():
                await _for_a_job(session, shop, event, now)
        return False

    async def _said(
        self, session: AsyncSession, shop: ShopRow, event: MessageEvent, trace: str, card: str | None = None
    ) -> bool:
        self._notice_clock(shop, event)
        profile = self._profile(shop)
        return (await inbox.receive(session, shop, event, profile, self.clock, trace=trace, card=card)).new

    def _notice_clock(self, shop: ShopRow, event: MessageEvent) -> None:
        sent, now = event.message.sent_at, self.clock.now()
        if sent is not None and sent > now + _AHEAD:
            log.warning("platform_clock_ahead", shop=str(shop.id), seconds=round((sent - now).total_seconds()))

    async def _committed(self, merchant: uuid.UUID, work: Callable[[AsyncSession, bool], Awaitable[T]]) -> T:
        """What ``work`` returns, committed; done again when it stood in another transaction's way.

        It is told to be careful, with a savepoint for each event, only after one of them turned out to be defective.
        """
        left, careful = _ATTEMPTS, False
        while True:
            try:
                async with self.store.merchant(merchant) as session:
                    return await work(session, careful)
            # The webhook edge: whatever an adapter made of a platform's bytes may be defective in any way.
            except Exception as error:
                failed = _database_failure(error)
                if failed is None and careful:
                    raise
                left -= 1
                if failed is not None and (not left or not _collided(failed)):
                    raise failed from None
                careful = careful or failed is None

    def _profile(self, shop: ShopRow) -> Profile | None:
        day = self.clock.now().date()
        key = (shop.profile, day)
        if key not in self._profiles:
            try:
                self._profiles[key] = load_profile(shop.profile, self.folders, day)
            except BadConfiguration as error:
                # A broken file makes the draft late or early; it must not make a message disappear.
                log.error("profile_unusable", profile=shop.profile, error=error)
                return None
        return self._profiles[key]


async def _for_a_job(session: AsyncSession, shop: ShopRow, event: Invited | Decided, now: datetime) -> None:
    """Keep what asks for a call of ours, or for somebody's say, with the job that sees to it."""
    if isinstance(event, Invited):
        await changes.invited(session, shop, event, now)
    else:
        await presses.take(session, shop, event, now)


async def _span(
    session: AsyncSession, shop: ShopRow, adapter: str, found: Taken, trace: str, at: datetime, seconds: float
) -> None:
    await spans.record(
        session,
        merchant=shop.merchant,
        trace=trace,
        name="delivery",
        at=at,
        seconds=seconds,
        detail={"adapter": adapter, "events": found.events, "new": found.new, "dead": found.dead},
    )


def _collided(error: Exception) -> bool:
    """Whether the database let another transaction go first."""
    return getattr(getattr(error, "orig", error), "sqlstate", None) in _COLLISIONS


def _database_failure(error: BaseException | None) -> Exception | None:
    """The failure of the database that ``error`` is or comes from; None when the event itself is at fault."""
    while error is not None:
        if isinstance(error, _REFUSED):
            return None
        if isinstance(error, _DATABASE):
            return error
        error = error.__cause__
    return None
