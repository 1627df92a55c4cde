"""What ``doctor`` looks at of a live desk: adapters, the key for secrets, shops' connections, platforms' clocks.

It calls no platform and makes no key; of a shop's settings it tells only which are missing.
"""

from collections.abc import AsyncGenerator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from copilot.access.merchants import Merchant, merchants
from copilot.access.shops import shops as shops_of
from copilot.access.vault import KEY_FILE, Vault
from copilot.channel.accounts import Accounts, ShopNotConnected, open_accounts
from copilot.channel.changes import DEAUTHORIZED_AT
from copilot.channel.registry import Registry, installed
from copilot.cli.finding import Finding
from copilot.domain.clock import Clock, SystemClock
from copilot.domain.errors import BadConfiguration
from copilot.sdk import Adapter, Webhook
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, CredentialRow, DeadLetterRow, FeedRow, MessageRow

if TYPE_CHECKING:
    from copilot.settings import Settings
    from copilot.store.tables import ShopRow

_LATELY = timedelta(hours=24)
_ENOUGH = 3
"""Fewer messages say nothing about a clock, fewer failures nothing about a platform."""
_SKEW_SECONDS = 60.0
_CLAMP_SECONDS = 4.0
"""A message's time is taken for at most five seconds ahead of its arrival; this much means that it was further."""

# One late delivery says nothing about a clock, so the middle one counts.
_BEHIND = text(
    """
    SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM m.received_at - m.sent_at))
      FROM messages m JOIN conversations c ON c.merchant = m.merchant AND c.id = m.conversation
     WHERE c.shop = :shop AND m.role = 'buyer' AND m.sent_at IS NOT NULL AND m.received_at > :since
    """
)


def adapters(registry: Registry | None = None, only: Sequence[str] | None = None) -> list[Finding]:
    """Which adapters are loaded (``only`` these, when it is given), and which of them cannot be used."""
    try:
        found = registry or installed(only)
    except BadConfiguration as error:
        return [Finding("wrong", "adapters_clash", (str(error),))]
    names = found.names()
    usable = [Finding("ok", "adapters", (", ".join(names),))] if names else []
    broken = [Finding("wrong", "adapter_broken", (name, why)) for name, why in sorted(found.broken.items())]
    return [*usable, *broken] or [Finding("note", "adapters_none")]


def secret_key(settings: "Settings") -> list[Finding]:
    """Whether the key that seals shops' settings can be used; a missing file is made on first use."""
    file = settings.data_dir / KEY_FILE
    if settings.secret_keys is None and not file.exists():
        return [Finding("note", "key_new", (str(file),))]
    try:
        Vault.load(settings)
    except BadConfiguration as error:
        return [Finding("wrong", "key_broken", (str(error),))]
    return [Finding("ok", "key_set") if settings.secret_keys is not None else Finding("ok", "key_file", (str(file),))]


async def shops(
    store: Store, settings: "Settings", registry: Registry | None = None, clock: Clock | None = None
) -> AsyncGenerator[Finding]:
    """Every shop that its platform cannot be reached for, and every one whose platform's clock is off."""
    clock = clock or SystemClock()
    known = [(merchant, shop) for merchant in await merchants(store) for shop in await shops_of(store, merchant.id)]
    if not known:
        yield Finding("note", "shops_none")
        return
    key = secret_key(settings)[0]
    if key.level != "ok":
        if key.level == "note":
            yield Finding("wrong", "key_lost", (str(len(known)), str(settings.data_dir / KEY_FILE)))
        return
    connected = 0
    async with open_accounts(store, settings, clock, registry) as accounts:
        registry = accounts.adapters
        for merchant, shop in known:
            wrong = await _unconnected(accounts, merchant, shop)
            connected += wrong is None
            if wrong is not None:
                yield wrong
    if connected:
        yield Finding("ok", "shops", (str(connected),))
    for merchant, shop in known:
        for finding in await _of_shop(store, merchant, shop, registry.get(shop.adapter), clock.now()):
            yield finding


async def _of_shop(
    store: Store, merchant: Merchant, shop: "ShopRow", adapter: Adapter | None, now: datetime
) -> list[Finding]:
    """What is wrong with what comes from a shop's platform."""
    feed = [one async for one in _feed_of(store, merchant, shop)]
    unheard = [one async for one in _unheard_of(store, merchant, shop, adapter)]
    return [*feed, *unheard, *[one async for one in _clock_of(store, merchant, shop, now)]]


async def _unconnected(accounts: Accounts, merchant: Merchant, shop: "ShopRow") -> Finding | None:
    try:
        await accounts.of(shop)
    except ShopNotConnected as error:
        return Finding("wrong", error.code, (f"{merchant.slug}/{shop.slug}", shop.adapter))
    if await _taken_away(accounts.store, shop):
        return Finding("wrong", "deauthorized", (f"{merchant.slug}/{shop.slug}", shop.adapter))
    return None


async def _taken_away(store: Store, shop: "ShopRow") -> bool:
    """Whether the shop's owner took the access away after these settings were entered."""
    told = shop.settings.get(DEAUTHORIZED_AT)
    if told is None:
        return False
    async with store.merchant(shop.merchant) as session:
        entered = await session.scalar(select(CredentialRow.updated_at).where(CredentialRow.shop == shop.id))
    return entered is None or datetime.fromisoformat(told) > entered


async def _feed_of(store: Store, merchant: Merchant, shop: "ShopRow") -> AsyncGenerator[Finding]:
    """Whether the platform of a shop that is asked, or listened to, answers."""
    async with store.merchant(merchant.id) as session:
        feed = await session.scalar(select(FeedRow).where(FeedRow.shop == shop.id))
    if feed is not None and feed.failures >= _ENOUGH:
        since = feed.heard_at.isoformat(timespec="seconds") if feed.heard_at else "-"
        name = f"{merchant.slug}/{shop.slug}"
        yield Finding("wrong", "feed_failing", (name, feed.error or "-", str(feed.failures), since))


async def _unheard_of(
    store: Store, merchant: Merchant, shop: "ShopRow", adapter: Adapter | None
) -> AsyncGenerator[Finding]:
    """Whether deliveries came that nobody could read, and whether a platform that calls us ever did."""
    heard = (
        select(MessageRow.id)
        .join(ConversationRow, ConversationRow.id == MessageRow.conversation)
        .where(ConversationRow.shop == shop.id)
    )
    letters = select(func.count()).where(DeadLetterRow.shop == shop.id, DeadLetterRow.settled_at.is_(None))
    async with store.merchant(merchant.id) as session:
        number = await session.scalar(letters) or 0
        silent = await session.scalar(heard.limit(1)) is None
    name = f"{merchant.slug}/{shop.slug}"
    if number:
        yield Finding("wrong", "letters_open", (name, str(number)))
    elif silent and isinstance(adapter, Webhook):
        yield Finding("note", "never_heard", (name, shop.adapter))


async def _clock_of(store: Store, merchant: Merchant, shop: "ShopRow", now: datetime) -> AsyncGenerator[Finding]:
    async with store.merchant(merchant.id) as session:
        number, behind = (await session.execute(_BEHIND, {"shop": shop.id, "since": now - _LATELY})).one()
    if number < _ENOUGH:
        return
    name = f"{merchant.slug}/{shop.slug}"
    if behind > _SKEW_SECONDS:
        yield Finding("wrong", "messages_late", (name, f"{behind:.0f}"))
    elif behind < -_CLAMP_SECONDS:
        yield Finding("wrong", "messages_ahead", (name,))
