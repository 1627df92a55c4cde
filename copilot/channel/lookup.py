"""Whose orders are these: looks up a conversation's buyer on the platform and answers from the cache while it is good.

Never another buyer's order, never a guess: what could not be looked up is None. It waits only as long as it is told.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import bindparam, func, update

from copilot.channel import orders as cache
from copilot.channel.accounts import Accounts, Prepared, ShopNotConnected
from copilot.channel.asker import Asker, who_asks
from copilot.channel.called import level_told, tags_told
from copilot.channel.limiter import HeldBack
from copilot.channel.orders import Kept
from copilot.channel.proving import prove_by_orders
from copilot.channel.resolving import resolve_by_orders
from copilot.channel.surprises import SURPRISES
from copilot.domain.clock import Clock
from copilot.domain.order import Order
from copilot.logs import get_logger
from copilot.sdk import Account, AdapterError, FoundBuyer, FoundOrder, Orders, PlatformDown, Who
from copilot.store import events
from copilot.store.direct import Direct, Transaction
from copilot.store.engine import Store
from copilot.store.tables import BuyerRow, ConversationRow, ShopRow, table_of

T = TypeVar("T")

log = get_logger(__name__)

GOOD_FOR: Final = timedelta(seconds=60)
"""How long what a platform told of orders is good without asking again."""
_LONGEST: Final = 15.0
_MOST_SINGLE: Final = 5
_TALKS, _BUYERS = table_of(ConversationRow), table_of(BuyerRow)
_LOOKED_UP: Final = _TALKS.c.looked_up_at
# Not when the platform said meanwhile that the conversation changed.
_SEE: Final = (
    update(_TALKS)
    .where(
        _TALKS.c.id == bindparam("talk", type_=_TALKS.c.id.type),
        _LOOKED_UP.is_not_distinct_from(bindparam("before", type_=_LOOKED_UP.type)),
    )
    .values(looked_up_at=bindparam("now", type_=_LOOKED_UP.type))
)
_SEEN: Final = Direct(_SEE)
# Both in one way to the database; what was not told stays as it is.
_TOLD: Final = Direct(
    update(_BUYERS)
    .where(_BUYERS.c.id == bindparam("the_buyer"))
    .values(
        order_key=func.coalesce(bindparam("key", type_=_BUYERS.c.order_key.type), _BUYERS.c.order_key),
        nickname=func.coalesce(bindparam("name", type_=_BUYERS.c.nickname.type), _BUYERS.c.nickname),
        level=func.coalesce(bindparam("level", type_=_BUYERS.c.level.type), _BUYERS.c.level),
        told_tags=func.coalesce(bindparam("tags", type_=_BUYERS.c.told_tags.type), _BUYERS.c.told_tags),
    )
    .add_cte(_SEE.cte("seen"))
)
_FAILURES: Final = (AdapterError, *SURPRISES)


class Called(NamedTuple):
    """What a buyer is called: by name, level and tags."""

    nickname: str | None
    level: str | None
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Looked:
    """A buyer's orders, newest first, as they stood at ``as_of``; None when nobody could say.

    ``unreachable`` says that the platform was asked and did not answer: what is here was known before. ``called`` is
    what the buyer is called, where the platform was asked just now.
    """

    orders: tuple[Order, ...] | None
    as_of: datetime | None
    unreachable: bool = False
    called: Called | None = None


_NOTHING: Final = Looked(None, None)


@dataclass
class _Flight:
    """A look-up on its way, and how many wait for it."""

    task: asyncio.Task[Looked | None]
    waiting: int = 0


@dataclass(frozen=True)
class Lookup:
    """Looks orders up for one process."""

    store: Store
    accounts: Accounts
    clock: Clock
    _flights: dict[tuple[object, ...], _Flight] = field(default_factory=dict[tuple[object, ...], _Flight], repr=False)

    async def orders(
        self,
        merchant: uuid.UUID,
        conversation: uuid.UUID,
        *,
        timeout: float,  # noqa: ASYNC109 - waiters leave one by one, the call that they share goes on
        fresh: bool = False,
    ) -> Looked:
        """The orders of the conversation's buyer, waiting up to ``timeout`` seconds for the platform (0: not at all).

        ``fresh`` asks the platform also while the cache is good. When it does not answer, what is cached is returned
        with its age, unless the buyer speaks of a number that is not among it.
        """
        async with self.store.direct(merchant) as session:
            asker, kept = await self._read(session, conversation)
            prepared = await self._prepare(session, asker, kept, fresh=fresh) if timeout > 0 else None
        if asker is None or not isinstance(self.accounts.adapters.get(asker.shop.adapter), Orders):
            return _NOTHING
        if not fresh and self._is_good(asker, kept):
            since = asker.looked_up_at
            return _answer([one.found for one in kept if since is None or one.fetched_at >= since], since)
        if timeout <= 0:
            return _old(asker, kept)
        # Whoever needs the same numbers waits for the same call.
        key = (conversation, frozenset(asker.tied), frozenset(asker.named))
        asked = await self._share(key, timeout, lambda: self._ask(asker, kept, prepared))
        return asked or replace(_old(asker, kept), unreachable=True)

    async def order(
        self,
        shop: ShopRow,
        order_id: str,
        timeout: float,  # noqa: ASYNC109 - its end is one of the declared errors
    ) -> FoundOrder | None:
        """One order of the shop by its number, whoever's it is; nothing is kept of it.

        Raises:
            AdapterError: the platform could not be asked, or did not answer within ``timeout`` seconds.
        """
        try:
            async with asyncio.timeout(timeout):
                return await self._call(shop, lambda adapter, account: _order(adapter, account, order_id))
        except AdapterError:
            raise
        except _FAILURES as error:
            log.warning("lookup_failed", shop=str(shop.id), error=type(error).__name__)
            raise PlatformDown("the order could not be looked up") from None

    async def _read(self, session: Transaction, conversation: uuid.UUID) -> tuple[Asker | None, list[Kept]]:
        asker = await who_asks(session, conversation)
        if asker is None:
            return None, []
        return asker, await cache.kept(session, asker.shop.id, asker.order_key, asker.tied)

    async def _prepare(
        self, session: Transaction, asker: Asker | None, kept: list[Kept], *, fresh: bool
    ) -> Prepared | None:
        """What the platform is going to be asked with, while the transaction is open; None when that has time."""
        if asker is None or (not fresh and self._is_good(asker, kept)):
            return None
        try:
            return await self.accounts.prepare(session, asker.shop)
        except ShopNotConnected:
            # Whoever calls says so.
            return None

    def _is_good(self, asker: Asker, kept: list[Kept]) -> bool:
        since = asker.looked_up_at
        if since is None or self.clock.now() - since > GOOD_FOR or any(one.stale for one in kept):
            return False
        # What was named before was asked for then, and is not there.
        return all(cache.covers((one.found for one in kept), number) for number in asker.named_lately)

    # Asking the platform.

    async def _share(
        self, key: tuple[object, ...], seconds: float, start: Callable[[], Coroutine[Any, Any, Looked | None]]
    ) -> Looked | None:
        """The result of the one call that all who ask for ``key`` wait for; None when it fails or takes too long."""
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(asyncio.create_task(start()))
        flight.waiting += 1
        try:
            done, _ = await asyncio.wait({flight.task}, timeout=seconds)
            return flight.task.result() if done else None
        finally:
            flight.waiting -= 1
            if not flight.waiting:
                self._flights.pop(key, None)
                flight.task.cancel()
                await asyncio.gather(flight.task, return_exceptions=True)

    async def _ask(self, asker: Asker, kept: list[Kept], prepared: Prepared | None) -> Looked | None:
        asked_at = self.clock.now()
        try:
            async with asyncio.timeout(_LONGEST):
                buyer = await self._call(asker.shop, lambda adapter, account: _buyer(adapter, account, asker), prepared)
                key = buyer.order_key or asker.order_key
                # The adapter was asked for this very buyer: what carries no key of its own is theirs.
                found = [one if one.buyer_key else one.model_copy(update={"buyer_key": key}) for one in buyer.orders]
                # An old order that was spoken of before is read again, or what is known of it would grow old.
                still = [number for number in asker.earlier if cache.covers((one.found for one in kept), number)]
                single, complete = await self._single(asker.shop, found, [*asker.numbers, *still])
        except _FAILURES as error:
            log.warning("lookup_failed", shop=str(asker.shop.id), error=type(error).__name__, code=_code(error))
            return None
        mine = cache.theirs([*found, *single], key, asker.tied)
        foreign = len(found) + len(single) - len(mine)
        if foreign:
            log.info("orders_of_others_left_out", shop=str(asker.shop.id), number=foreign)
        await self._store(asker, buyer, mine, kept, asked_at if complete else None, asked_at)
        if not complete:
            return None
        told = Called(buyer.nickname or asker.nickname, *_profile(asker, buyer))
        return replace(_answer(mine, asked_at), called=told)

    async def _single(
        self, shop: ShopRow, found: list[FoundOrder], numbers: list[str]
    ) -> tuple[list[FoundOrder], bool]:
        """The orders of ``numbers`` that are not among ``found``, and whether the platform told of every one."""
        missing = [number for number in dict.fromkeys(numbers) if not cache.covers(found, number)][:_MOST_SINGLE]

        async def one(number: str) -> FoundOrder | None:
            return await self._call(shop, lambda adapter, account: _order(adapter, account, number))

        results = await asyncio.gather(*(one(number) for number in missing), return_exceptions=True)
        complete = True
        for result in results:
            if isinstance(result, BaseException):
                if not isinstance(result, _FAILURES):
                    raise result
                # Without a reason of its own it is the number that the platform did not like.
                complete = complete and type(result) is AdapterError
        return [result for result in results if isinstance(result, FoundOrder)], complete

    async def _call(
        self, shop: ShopRow, fn: Callable[[Any, Account], Awaitable[T]], prepared: Prepared | None = None
    ) -> T:
        """Call the platform when its pace allows; whoever asks limits the time."""
        while True:
            try:
                return await self.accounts.call(shop, fn, prepared)
            except HeldBack as error:
                if error.retry_after is None or error.retry_after > _LONGEST:
                    raise
                await asyncio.sleep(error.retry_after)
                prepared = None

    async def _store(
        self,
        asker: Asker,
        buyer: FoundBuyer,
        mine: list[FoundOrder],
        kept: list[Kept],
        looked_up_at: datetime | None,
        asked_at: datetime,
    ) -> None:
        known = {"order_key": asker.order_key, "nickname": asker.nickname}
        told: dict[str, object] = {"order_key": buyer.order_key, "nickname": buyer.nickname}
        told = {name: value for name, value in told.items() if value and value != known[name]}
        level, tags = level_told(buyer.level), tags_told(buyer.tags)
        called = {"level": level if level != asker.level else None, "tags": tags if tags != asker.tags.told else None}
        told |= {name: value for name, value in called.items() if value is not None}
        if asker.buyer is None:
            # Without a buyer's row the key has no place, and the cache could not be read by it.
            looked_up_at = looked_up_at if buyer.order_key is None else None
        async with self.store.merchant(asker.shop.merchant) as session:
            await cache.keep(session, asker.shop, mine, asked_at)
            await prove_by_orders(session, asker.buyer, [one.order for one in mine], asked_at)
            await resolve_by_orders(session, asker.buyer, [one.order for one in mine], asked_at)
            seen: dict[str, object] = {"talk": asker.conversation, "before": asker.looked_up_at, "now": looked_up_at}
            if asker.buyer is not None and told:
                names = {"key": told.get("order_key"), "name": told.get("nickname"), **called}
                await _TOLD.run(session, {**seen, "the_buyer": asker.buyer, **names})
            else:
                await _SEEN.run(session, seen)
            renamed = any(value is not None for value in called.values())
            if renamed or [one.order for one in mine] != [one.found.order for one in kept]:
                await events.append(
                    session,
                    merchant=asker.shop.merchant,
                    shop=asker.shop.id,
                    topic="conversation.changed",
                    ref=str(asker.conversation),
                    at=asked_at,
                )


def _profile(asker: Asker, buyer: FoundBuyer) -> tuple[str | None, tuple[str, ...]]:
    """The buyer's level and the tags that hold, after what the platform told."""
    level, told = level_told(buyer.level), tags_told(buyer.tags)
    tags = asker.tags if told is None else asker.tags._replace(told=told)
    return (asker.level if level is None else level) or None, tags.shown


async def _buyer(adapter: Any, account: Account, asker: Asker) -> FoundBuyer:
    return await adapter.buyer(
        account,
        Who(
            conversation=asker.platform_conversation,
            buyer=asker.platform_buyer,
            order_key=asker.order_key,
            orders=asker.tied,
        ),
    )


async def _order(adapter: Any, account: Account, number: str) -> FoundOrder | None:
    if not isinstance(adapter, Orders):
        raise AdapterError("the adapter cannot look up orders")
    found = await adapter.order(account, number)
    # Another number than the one that was asked for answers another question.
    return found if found is not None and cache.covers([found], number) else None


def _answer(found: list[FoundOrder], as_of: datetime | None) -> Looked:
    return Looked(tuple(one.order for one in found), as_of)


def _old(asker: Asker, kept: list[Kept]) -> Looked:
    """What is cached, when the platform does not answer: with its age, and only if it can answer what is asked."""
    found = [one.found for one in kept]
    if not kept or not all(cache.covers(found, number) for number in asker.numbers):
        return _NOTHING
    return _answer(found, min(one.fetched_at for one in kept))


def _code(error: Exception) -> str | None:
    return error.code if isinstance(error, AdapterError) else None
