"""Verified events into rows: one transaction for each merchant, and what is defective into the dead letters.

An event that cannot be used must not take the others of its delivery with it; a database that fails must, because
what is not stored is not acknowledged.
"""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Final, TypeVar

import psycopg
from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.vault import Vault
from copilot.channel import changes, dead_letters, inbox
from copilot.clock import Profile, load_profile
from copilot.domain.clock import Clock
from copilot.domain.errors import BadConfiguration
from copilot.logs import get_logger
from copilot.sdk import ConversationChanged, Delivery, Event, MessageEvent, OrderChanged
from copilot.store import spans
from copilot.store.engine import Store
from copilot.store.tables import ShopRow

T = TypeVar("T")

log = get_logger(__name__)

_AHEAD: Final = timedelta(seconds=60)
"""How far a platform's clock may run ahead of ours before somebody should know."""
_ATTEMPTS: Final = 3
_COLLISIONS: Final = frozenset({"40001", "40P01"})
_REFUSED: Final = (exc.DataError, exc.IntegrityError, psycopg.DataError, psycopg.IntegrityError)
_DATABASE: Final = (exc.SQLAlchemyError, psycopg.Error, OSError)


@dataclass(frozen=True)
class Told:
    """What a delivery tells a shop: an event, or why it can tell it none."""

    shop: ShopRow
    event: Event | None
    fault: str | None = None

    @property
    def place(self) -> tuple[str, str, str]:
        """What is locked for it. Deliveries that lock in one order never wait for each other in a circle."""
        event = self.event
        about = event.conversation if isinstance(event, MessageEvent | ConversationChanged) else ""
        return str(self.shop.merchant), str(self.shop.id), about


@dataclass(frozen=True)
class Taken:
    """How many events a delivery held, how many of them were new messages, and how many became dead letters."""

    events: int = 0
    new: int = 0
    dead: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        """Both together."""
        return Taken(self.events + other.events, self.new + other.new, self.dead + other.dead)


@dataclass(frozen=True)
class Taking:
    """Stores verified events. ``folders`` hold the policies; dead letters are kept for ``keep``."""

    store: Store
    vault: Vault
    folders: Sequence[Path]
    clock: Clock
    keep: timedelta
    _profiles: dict[tuple[str, date], Profile] = field(default_factory=dict[tuple[str, date], Profile], repr=False)

    async def all(self, adapter: str, delivery: Delivery, told: Sequence[Told], trace: str, at: datetime) -> Taken:
        """Store and commit everything; ``at`` is when the delivery came, ``trace`` marks what it leaves.

        Raises:
            SQLAlchemyError, psycopg.Error, OSError: the database failed; what was committed before is no harm, because
                it is recognised when the delivery comes again.
        """
        taken = Taken()
        begun = self.clock.monotonic()
        for merchant, group in groupby(sorted(told, key=lambda one: one.place), key=lambda one: one.shop.merchant):
            part = list(group)

            async def work(
                session: AsyncSession, careful: bool, part: list[Told] = part, merchant: uuid.UUID = merchant
            ) -> Taken:
                found = Taken()
                for one in part:
                    found += await self._one(session, delivery, one, trace, careful)
                await spans.record(
                    session,
                    merchant=merchant,
                    trace=trace,
                    name="delivery",
                    at=at,
                    seconds=self.clock.monotonic() - begun,
                    detail={"adapter": adapter, "events": found.events, "new": found.new, "dead": found.dead},
                )
                return found

            taken += await self._committed(merchant, work)
        return taken

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

    async def _one(self, session: AsyncSession, delivery: Delivery, told: Told, trace: str, careful: bool) -> Taken:
        new, fault = False, told.fault
        if told.event is not None and careful:
            new, fault = await self.use(session, told.shop, told.event, trace)
        elif told.event is not None:
            new = await self._handle(session, told.shop, told.event, trace)
        if fault is not None:
            now = self.clock.now()
            await dead_letters.keep(session, self.vault, told.shop, delivery, fault, now, now + self.keep)
            log.error("dead_letter_kept", shop=str(told.shop.id), adapter=told.shop.adapter, fault=fault, trace=trace)
        return Taken(int(told.event is not None), int(new), int(fault is not None))

    async def _handle(self, session: AsyncSession, shop: ShopRow, event: Event, trace: str) -> bool:
        now = self.clock.now()
        if isinstance(event, MessageEvent):
            sent = event.message.sent_at
            if sent is not None and sent > now + _AHEAD:
                log.warning("platform_clock_ahead", shop=str(shop.id), seconds=round((sent - now).total_seconds()))
            return (await inbox.receive(session, shop, event, self._profile(shop), self.clock, trace=trace)).new
        if isinstance(event, OrderChanged):
            await changes.order_changed(session, shop, event, self._profile(shop), now)
        elif isinstance(event, ConversationChanged):
            await changes.conversation_changed(session, shop, event, now)
        else:
            await changes.deauthorized(session, shop, now)
        return False

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
