"""A shop's way to its platform: the adapter, its opened settings, and every call that is made with them.

Calls go through ``call``, so that pauses, rates and expired tokens are handled in one place for all of them. Settings
are read anew for each call: a changed secret works at once, and no plain one is kept.
"""

import asyncio
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookiejar import DefaultCookiePolicy
from itertools import groupby
from pathlib import Path
from typing import Any, Final, TypeVar

import httpx
from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot import __version__
from copilot.access import credentials
from copilot.access.vault import Vault
from copilot.assets import policy_folders
from copilot.channel.limiter import HeldBack, Rate, pause, pause_left, pause_seconds
from copilot.channel.profiles import Profiles
from copilot.channel.registry import Registry, installed
from copilot.domain.clock import Clock
from copilot.domain.errors import BadConfiguration
from copilot.logs import get_logger
from copilot.sdk import Account, AdapterError, PlatformDown, Refreshing, Throttled, TokenExpired
from copilot.settings import Settings
from copilot.store.direct import Transaction
from copilot.store.engine import Store
from copilot.store.tables import ShopRow

T = TypeVar("T")

log = get_logger(__name__)

# A refresh holds a transaction open, whose limit is ten seconds.
_REFRESH_SECONDS: Final = 6.0
_REFRESH_WAIT_SECONDS: Final = 15.0
_LOOK_AGAIN_SECONDS: Final = 0.1


class ShopNotConnected(AdapterError):
    """Nothing can be asked of the shop's platform until a person acts; ``code`` says what is missing.

    ``adapter_missing`` · ``credentials_missing`` · ``credentials_broken``.
    """

    def __init__(self, shop: str, code: str, why: str) -> None:
        """``shop`` is its slug; ``why`` names the place, never a value."""
        super().__init__(f"the shop {shop} is not connected: {why}", remedy="reply-copilot shop set, or doctor")
        self.code = code


@dataclass(frozen=True)
class Connected:
    """A shop's adapter and what it is called with; ``revision`` is that of the stored settings (0: none needed)."""

    adapter: Any
    account: Account
    revision: int


@dataclass(frozen=True)
class Prepared:
    """What one call is made with; ``pause`` is how many seconds the shop's calls pause (0: they do not)."""

    connected: Connected
    pause: float


@dataclass(frozen=True)
class Accounts:
    """The shops' platforms, for one process. ``folders`` are the policies' layers, for the rates of profiles."""

    store: Store
    vault: Vault
    adapters: Registry
    clock: Clock
    http: httpx.AsyncClient
    folders: Sequence[Path] = ()
    _rate: Rate = field(default_factory=Rate, repr=False)
    _profiles: Profiles = field(default_factory=Profiles, repr=False)
    _refreshing: dict[uuid.UUID, "asyncio.Task[Connected]"] = field(
        default_factory=dict[uuid.UUID, "asyncio.Task[Connected]"], repr=False
    )

    async def of(self, shop: ShopRow) -> Connected:
        """The shop's adapter with its settings; nothing is called.

        Raises:
            ShopNotConnected: the adapter or its settings are missing or cannot be used.
        """
        adapter = self._adapter(shop)
        try:
            stored = await credentials.glance(self.store, self.vault, shop.merchant, shop.id)
        except BadConfiguration as error:
            raise ShopNotConnected(shop.slug, "credentials_broken", str(error)) from None
        return self._with(adapter, shop, stored)

    async def of_each(self, shops: Sequence[ShopRow]) -> list[tuple[ShopRow, Connected]]:
        """Those of ``shops`` that are connected, read with one transaction for each merchant; nothing is called."""
        found: list[tuple[ShopRow, Connected]] = []
        for merchant, group in groupby(sorted(shops, key=lambda one: one.merchant), key=lambda one: one.merchant):
            async with self.store.direct(merchant) as session:
                for shop in group:
                    with suppress(ShopNotConnected):
                        found.append((shop, await self._connected(session, shop)))
        return found

    async def prepare(self, session: Transaction, shop: ShopRow) -> Prepared:
        """What the next call of the shop is made with, read in a transaction that the caller has open anyway.

        Raises:
            ShopNotConnected: as ``of``.
        """
        connected = await self._connected(session, shop)
        return Prepared(connected, await pause_left(session, shop.id, self.clock.now()))

    async def call(
        self, shop: ShopRow, fn: Callable[[Any, Account], Awaitable[T]], prepared: Prepared | None = None
    ) -> T:
        """What ``fn(adapter, account)`` returns; called once more when the token had expired and could be refreshed.

        ``prepared`` is what was read for this very call a moment ago.

        Raises:
            ShopNotConnected: as ``of``.
            HeldBack: no call was made, because the shop's calls pause; a ``Throttled``.
            AdapterError: what the call ended in; a ``Throttled`` has also paused the shop for all workers.
        """
        if prepared is None:
            async with self.store.direct(shop.merchant) as session:
                prepared = await self.prepare(session, shop)
        connected = prepared.connected
        wait = prepared.pause or self._rate_left(shop, connected)
        if wait > 0:
            raise HeldBack(wait)
        try:
            try:
                return await fn(connected.adapter, connected.account)
            except TokenExpired:
                if not isinstance(connected.adapter, Refreshing):
                    raise
            connected = await self._refreshed(shop, connected.revision)
            return await fn(connected.adapter, connected.account)
        except Throttled as error:
            await self._pause(shop, error)
            raise

    async def renewed(self, shop: ShopRow, seen: int) -> Connected:
        """The shop with settings newer than revision ``seen``, for whoever does not call through ``call``.

        Raises:
            TokenExpired: its adapter cannot renew access.
            AdapterError: what renewing ended in.
        """
        if not isinstance(self.adapters.get(shop.adapter), Refreshing):
            raise TokenExpired("access is over and cannot be renewed")
        return await self._refreshed(shop, seen)

    async def _connected(self, session: Transaction, shop: ShopRow, *, lock: bool = False) -> Connected:
        adapter = self._adapter(shop)
        try:
            stored = await credentials.read(session, self.vault, shop.id, lock=lock)
        except BadConfiguration as error:
            raise ShopNotConnected(shop.slug, "credentials_broken", str(error)) from None
        return self._with(adapter, shop, stored)

    def _adapter(self, shop: ShopRow) -> Any:
        adapter = self.adapters.get(shop.adapter)
        if adapter is None:
            why = self.adapters.broken.get(shop.adapter, f"the adapter {shop.adapter} is not installed")
            raise ShopNotConnected(shop.slug, "adapter_missing", why)
        return adapter

    def _with(self, adapter: Any, shop: ShopRow, stored: credentials.Stored | None) -> Connected:
        try:
            # An adapter that asks for nothing needs nothing stored.
            settings = adapter.settings.model_validate(stored.values if stored else {})
        except ValidationError as error:
            code = "credentials_broken" if stored else "credentials_missing"
            raise ShopNotConnected(shop.slug, code, _places(error)) from None
        account = Account(shop=shop.platform_shop_id, settings=settings, http=self.http, clock=self.clock)
        return Connected(adapter, account, stored.revision if stored else 0)

    # Pauses and rates.

    def _rate_left(self, shop: ShopRow, connected: Connected) -> float:
        own = getattr(connected.account.settings, "calls_per_second", None)
        per_second = own or self._profiles.sending(shop.profile, self.folders, self.clock.now()).calls_per_second
        return self._rate.take(shop.id, per_second, self.clock.monotonic()) if per_second else 0.0

    async def _pause(self, shop: ShopRow, error: Throttled) -> None:
        seconds = pause_seconds(error)
        async with self.store.merchant(shop.merchant) as session:
            await pause(session, shop, self.clock.now() + timedelta(seconds=seconds))
        log.info("shop_paused", shop=str(shop.id), seconds=seconds)

    # Tokens.

    async def _refreshed(self, shop: ShopRow, seen: int) -> Connected:
        """The shop with settings newer than ``seen``; one task of this process gets them for all who wait.

        It goes on when a caller runs out of time: a refresh that was begun has used up the old token already.
        """
        while True:
            task = self._refreshing.get(shop.id)
            if task is None:
                task = asyncio.create_task(self._newer(shop, seen), name="refresh token")
                self._refreshing[shop.id] = task
                task.add_done_callback(lambda done: self._forget(shop.id, done))
            connected = await asyncio.shield(task)
            if connected.revision != seen:
                return connected

    def _forget(self, shop: uuid.UUID, done: "asyncio.Task[Connected]") -> None:
        self._refreshing.pop(shop, None)
        if not done.cancelled() and (error := done.exception()) is not None:
            log.warning("token_not_refreshed", shop=str(shop), error=error)

    async def settled(self) -> None:
        """Return when no refresh is under way any more; before the client is closed."""
        await asyncio.gather(*self._refreshing.values(), return_exceptions=True)

    async def _newer(self, shop: ShopRow, seen: int) -> Connected:
        """Whoever gets the lock refreshes, other processes use what came of it.

        Nobody waits inside a transaction: that would use up the pool and the transactions' time.
        """
        deadline = self.clock.monotonic() + _REFRESH_WAIT_SECONDS
        while self.clock.monotonic() <= deadline:
            async with self.store.merchant(shop.merchant) as session:
                if await _locked(session, shop.id):
                    connected = await self._connected(session, shop, lock=True)
                    return connected if connected.revision != seen else await self._refresh(session, shop, connected)
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        raise TokenExpired("another process has been refreshing the shop's token for too long")

    async def _refresh(self, session: AsyncSession, shop: ShopRow, connected: Connected) -> Connected:
        adapter: Refreshing = connected.adapter
        try:
            async with asyncio.timeout(_REFRESH_SECONDS):
                settings = await adapter.refresh(connected.account)
        except TimeoutError:
            raise PlatformDown("refreshing the shop's token took too long") from None
        # Stored with the end of this transaction, which is before anybody uses it: the old token may be dead by now.
        revision = await credentials.save(
            session, self.vault, shop.merchant, shop.id, credentials.revealed(settings), self.clock
        )
        log.info("token_refreshed", shop=str(shop.id), revision=revision)
        account = Account(shop=shop.platform_shop_id, settings=settings, http=self.http, clock=self.clock)
        return Connected(connected.adapter, account, revision)


@asynccontextmanager
async def open_accounts(
    store: Store, settings: Settings, clock: Clock, adapters: Registry | None = None
) -> AsyncGenerator[Accounts]:
    """The accounts of this process, with the HTTP client that all adapters share: closed at the end.

    ``adapters`` are those installed unless given.

    Raises:
        BadConfiguration: there is no usable key for the stored settings.
    """
    vault = Vault.load(settings)
    async with httpx.AsyncClient(
        # Neither a proxy from the environment nor a redirect may carry a shop's secrets elsewhere.
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(10.0, connect=5.0, pool=5.0),
        headers={"User-Agent": f"reply-copilot/{__version__}"},
    ) as http:
        # What a platform sets for one shop must not travel with another shop's calls.
        http.cookies.jar.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        folders = policy_folders(settings.policies_dir)
        adapters = installed(settings.adapters) if adapters is None else adapters
        accounts = Accounts(store, vault, adapters, clock, http, folders)
        try:
            yield accounts
        finally:
            await accounts.settled()


async def _locked(session: AsyncSession, shop: uuid.UUID) -> bool:
    """Whether this transaction is now the one that may refresh the shop's token."""
    key = func.hashtextextended(f"refresh:{shop}", 0)
    return bool(await session.scalar(select(func.pg_try_advisory_xact_lock(key))))


def _places(error: ValidationError) -> str:
    """The settings that are wrong, by name."""
    names = sorted({str(one["loc"][0]) if one["loc"] else "settings" for one in error.errors(include_input=False)})
    return f"look at {', '.join(names)}"
