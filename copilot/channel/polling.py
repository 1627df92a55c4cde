"""Platforms that are asked: one look after the other, each shop by one process at a time, the cursor with the events.

A look is a job under the lock ``feed:<shop>``, started by the shop's one timer; a look whose process died is made again
from the same cursor, and what it brings a second time is known by its ids.
"""

import asyncio
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel import feeds
from copilot.channel.accounts import Accounts
from copilot.channel.backoff import wait_after
from copilot.channel.surprises import SURPRISES
from copilot.channel.taking import Taking
from copilot.channel.tasks import POLL_SHOP, feed_lock
from copilot.channel.told import told_by_feed
from copilot.domain.clock import Clock
from copilot.logs import get_logger
from copilot.sdk import Account, AdapterError, Batch, PlatformDown, Polling
from copilot.store import timers
from copilot.store.engine import Store
from copilot.store.tables import ShopRow

log = get_logger(__name__)

_EVERY: Final = 2.0
"""Seconds between two looks when the adapter does not say; a buyer waits for the answer."""
_LONGEST: Final = 3600.0
_CALL_SECONDS: Final = 20.0
_MOST_AT_ONCE: Final = 4
"""Looks that a process makes at a time: platforms that hang must not take all places of its worker."""
_CROWDED: Final = timedelta(seconds=0.5)
_BELT: Final = timedelta(seconds=45)
"""After this a shop is looked at again whose look did not end; longer than a call with its refresh may take."""


@dataclass(frozen=True)
class Poller:
    """Asks the platforms of a store's shops; ``taking`` stores what they say."""

    store: Store
    accounts: Accounts
    taking: Taking
    clock: Clock
    _places: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_MOST_AT_ONCE), repr=False)

    async def look(self, merchant: uuid.UUID, shop: uuid.UUID) -> None:
        """One look at a shop, and the time of the next one; does nothing for a shop that is not asked any more."""
        async with self.store.merchant(merchant) as session:
            row = await session.scalar(select(ShopRow).where(ShopRow.id == shop))
            if row is None or not isinstance(self.accounts.adapters.get(row.adapter), Polling):
                return
            # However this look ends, there is a next one.
            await self._again(session, row, _CROWDED if self._places.locked() else _BELT)
            if self._places.locked():
                return
            cursor, failures = await feeds.cursor_of(session, row)
        async with self._places:
            await self._look(row, cursor, failures)

    async def _look(self, row: ShopRow, cursor: str | None, failures: int) -> None:
        try:
            batch = await self._ask(row, cursor)
            kept = feeds.checked(batch.cursor)
        except AdapterError as error:
            await self._failed(row, error, failures)
            return
        await self._keep(row, batch, kept)

    async def _ask(self, shop: ShopRow, cursor: str | None) -> Batch:
        async def poll(adapter: Polling, account: Account) -> Batch:
            return await adapter.poll(account, cursor)

        try:
            async with asyncio.timeout(_CALL_SECONDS):
                return await self.accounts.call(shop, poll)
        except AdapterError:
            raise
        except TimeoutError:
            raise PlatformDown("the platform took too long to answer") from None
        except SURPRISES as error:
            log.error("adapter_defective", adapter=shop.adapter, step="poll", error=type(error).__name__)
            raise AdapterError(f"defect {type(error).__name__}") from None

    async def _keep(self, shop: ShopRow, batch: Batch, cursor: str | None) -> None:
        async def place(session: AsyncSession) -> None:
            await feeds.heard(session, shop, cursor, self.clock.now())
            wait = 0.0 if batch.more else min(_EVERY if batch.wait is None else batch.wait, _LONGEST)
            await self._again(session, shop, timedelta(seconds=wait))

        told = [told_by_feed(shop, event) for event in batch.events]
        taken = await self.taking.heard(shop, told, uuid.uuid4().hex, self.clock.now(), place)
        if taken.events:
            log.info("feed_taken", shop=str(shop.id), events=taken.events, new=taken.new, dead=taken.dead)

    async def _failed(self, shop: ShopRow, error: AdapterError, failures: int) -> None:
        async with self.store.merchant(shop.merchant) as session:
            await feeds.failed(session, shop, error.code, failures + 1)
            await self._again(session, shop, wait_after(failures, error))
        log.warning("feed_failed", shop=str(shop.id), failures=failures + 1, error=error)

    async def _again(self, session: AsyncSession, shop: ShopRow, wait: timedelta) -> None:
        due = self.clock.now() + wait
        await timers.arm(session, POLL_SHOP, shop.id, due, merchant=shop.merchant, lock=feed_lock(shop.id))


async def arm_polling(session: AsyncSession, shop: ShopRow, clock: Clock) -> None:
    """See to it that a shop is asked; one whose timer is armed stays as it is."""
    lock = feed_lock(shop.id)
    await timers.arm(session, POLL_SHOP, shop.id, clock.now(), merchant=shop.merchant, lock=lock, keep=True)
