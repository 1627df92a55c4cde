"""Platforms that we stay connected to: one connection a shop over all processes, held by a lease, opened again.

Each batch is stored, with its cursor and under the lease, before the next one is taken: a process that lost its lease
stores nothing, and one that dies leaves a cursor from which the next one goes on.
"""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import psycopg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel import feeds
from copilot.channel.accounts import Accounts, Connected
from copilot.channel.backoff import wait_after
from copilot.channel.feeds import LEASE, LostLease
from copilot.channel.served import shops_served
from copilot.channel.surprises import SURPRISES
from copilot.channel.taking import Taking
from copilot.channel.told import told_by_feed
from copilot.domain.clock import Clock
from copilot.logs import get_logger
from copilot.sdk import AdapterError, Batch, Connecting, PlatformDown, TokenExpired
from copilot.store.engine import Store
from copilot.store.tables import ShopRow

log = get_logger(__name__)

_EVERY: Final = 5.0
"""Seconds between two looks for shops that nobody listens to."""
_SILENT: Final = 90.0
"""A connection that says nothing for so long is taken for dead; the contract asks for a sign each minute."""
_DATABASE: Final = (SQLAlchemyError, psycopg.Error)


@dataclass(frozen=True)
class Connector:
    """Listens to the shops of a store for one process, which is told apart by ``owner``; ``sleep`` waits seconds."""

    store: Store
    accounts: Accounts
    taking: Taking
    clock: Clock
    owner: uuid.UUID = field(default_factory=uuid.uuid4)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    _holding: dict[uuid.UUID, "asyncio.Task[None]"] = field(
        default_factory=dict[uuid.UUID, "asyncio.Task[None]"], repr=False
    )

    async def run(self) -> None:
        """Look for shops again and again, until cancelled; the connections end then, and others may take them."""
        lost = False
        try:
            while True:
                try:
                    await self.look()
                    lost = False
                except (*_DATABASE, OSError) as error:
                    if not lost:  # once for each outage
                        log.warning("feeds_unknown", error=error)
                    lost = True
                await self.sleep(_EVERY)
        finally:
            for task in self._holding.values():
                task.cancel()
            await asyncio.gather(*self._holding.values(), return_exceptions=True)

    async def look(self) -> None:
        """Begin to listen to every shop that nobody holds, and stop with those that are not there any more."""
        shops = {shop.id: shop for shop in await shops_served(self.store, self.accounts.adapters, Connecting)}
        for gone in self._holding.keys() - shops.keys():
            self._holding[gone].cancel()
        for shop in shops.values():
            if shop.id not in self._holding and await self._take(shop):
                task = asyncio.create_task(self._hold(shop), name="listen")
                self._holding[shop.id] = task
                task.add_done_callback(lambda _, shop=shop: self._holding.pop(shop.id, None))

    @property
    def holds(self) -> frozenset[uuid.UUID]:
        """The shops that this process listens to."""
        return frozenset(self._holding)

    async def _take(self, shop: ShopRow) -> bool:
        async with self.store.merchant(shop.merchant) as session:
            return await feeds.take(session, shop, self.owner, self.clock.now())

    async def _hold(self, shop: ShopRow) -> None:
        log.info("feed_opened", shop=str(shop.id))
        beside = [asyncio.create_task(self._renew(shop)), asyncio.create_task(self._listen(shop))]
        try:
            await asyncio.wait(beside, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            with contextlib.suppress(*_DATABASE, OSError):
                async with self.store.merchant(shop.merchant) as session:
                    await feeds.release(session, shop, self.owner)
            log.info("feed_closed", shop=str(shop.id))

    async def _renew(self, shop: ShopRow) -> None:
        """Hold the lease; ends when another process has it, or when nobody can know any more."""
        sure = self.clock.monotonic()
        while self.clock.monotonic() - sure < LEASE.total_seconds():
            await self.sleep(LEASE.total_seconds() / 3)
            with contextlib.suppress(*_DATABASE, OSError):
                if not await self._take(shop):
                    return
                sure = self.clock.monotonic()

    async def _listen(self, shop: ShopRow) -> None:
        failures = 0
        while True:
            heard = _Heard()
            error = await self._once(shop, heard)
            failures = 1 if heard.batches else failures + 1
            if error is not None:
                log.warning("feed_failed", shop=str(shop.id), failures=failures, error=error)
                async with self.store.merchant(shop.merchant) as session:
                    await feeds.failed(session, shop, error.code, failures)
            await self.sleep(wait_after(failures - 1, error).total_seconds())

    async def _once(self, shop: ShopRow, heard: "_Heard") -> AdapterError | None:
        """Listen until the connection ends; what it ended in, None when it just ended.

        Raises:
            LostLease: another process holds the shop now.
        """
        try:
            connected = await self.accounts.of(shop)
            try:
                await self._stay(shop, connected, heard)
            except TokenExpired:
                await self._stay(shop, await self.accounts.renewed(shop, connected.revision), heard)
        except AdapterError as error:
            return error
        except (*_DATABASE, LostLease):
            raise
        except TimeoutError:
            return PlatformDown("the connection fell silent")
        except SURPRISES as error:
            log.error("adapter_defective", adapter=shop.adapter, step="connect", error=type(error).__name__)
            return AdapterError(f"defect {type(error).__name__}")
        return None

    async def _stay(self, shop: ShopRow, connected: Connected, heard: "_Heard") -> None:
        async with self.store.merchant(shop.merchant) as session:
            cursor, _ = await feeds.cursor_of(session, shop)
        adapter: Connecting = connected.adapter
        async with aclosing(adapter.connect(connected.account, cursor)) as feed:
            while True:
                try:
                    batch = await asyncio.wait_for(anext(feed), _SILENT)
                except StopAsyncIteration:
                    return
                await self._keep(shop, batch)
                heard.batches += 1

    async def _keep(self, shop: ShopRow, batch: Batch) -> None:
        cursor = feeds.checked(batch.cursor)

        async def place(session: AsyncSession) -> None:
            await feeds.require(session, shop, self.owner)
            await feeds.heard(session, shop, cursor, self.clock.now())

        told = [told_by_feed(shop, event) for event in batch.events]
        taken = await self.taking.heard(shop, told, uuid.uuid4().hex, self.clock.now(), place)
        if taken.events:
            log.info("feed_taken", shop=str(shop.id), events=taken.events, new=taken.new, dead=taken.dead)


@dataclass
class _Heard:
    """How many batches a connection brought."""

    batches: int = 0


@asynccontextmanager
async def connections(connector: Connector) -> AsyncGenerator[None]:
    """Listen while the block runs."""
    running = asyncio.create_task(connector.run(), name="connections")
    try:
        yield
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
