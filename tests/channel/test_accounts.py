"""A shop's platform is reached with its own settings, in its own time, and with a token that one process refreshes."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
import pytest
from cryptography.fernet import Fernet
from pydantic import SecretStr

from copilot.access import credentials
from copilot.access.vault import Vault
from copilot.channel.accounts import Accounts, ShopNotConnected, open_accounts
from copilot.channel.limiter import HeldBack, Rate, pause_seconds
from copilot.channel.registry import Registry
from copilot.domain.clock import FrozenClock
from copilot.sdk import Account, AdapterError, AdapterSettings, NotAuthorized, PlatformDown, Throttled, TokenExpired
from copilot.settings import Settings
from copilot.store.engine import Store
from tests.channel.outgoing import NOON, Bare, Desk, Platform, open_desk

SECRET = "sk-canary-9f8e7d"


class Tokens(AdapterSettings):
    """What the shop enters."""

    token: SecretStr
    calls_per_second: float | None = None


@dataclass
class Expiring(Bare):
    """An adapter whose tokens expire; ``good`` is the one that works."""

    settings: type[AdapterSettings] = Tokens
    good: str = "t1"
    refreshes: list[str] = field(default_factory=list[str])
    trouble: Callable[[], Awaitable[None]] | None = None

    async def refresh(self, account: Account) -> AdapterSettings:
        if self.trouble is not None:
            await self.trouble()
        self.refreshes.append(account.settings.token.get_secret_value())
        await asyncio.sleep(0.05)
        self.good = f"t{len(self.refreshes) + 1}"
        return Tokens(token=SecretStr(self.good))

    async def ask(self, account: Account) -> str:
        if account.settings.token.get_secret_value() != self.good:
            raise TokenExpired("105002")
        return self.good


async def ask(adapter: Any, account: Account) -> str:
    return await adapter.ask(account)


@dataclass
class World:
    desk: Desk
    adapter: Expiring
    accounts: Accounts

    async def enter(self, **values: Any) -> int:
        async with self.desk.store.merchant(self.desk.merchant) as session:
            return await credentials.save(
                session, self.accounts.vault, self.desk.merchant, self.desk.shop.id, values, self.desk.clock
            )

    async def stored(self) -> credentials.Stored | None:
        async with self.desk.store.merchant(self.desk.merchant) as session:
            return await credentials.read(session, self.accounts.vault, self.desk.shop.id)


@pytest.fixture
async def world(store: Store) -> AsyncIterator[World]:
    async with open_desk(store, Expiring) as desk:
        adapter = desk.outbox.accounts.adapters.get("platform")
        assert isinstance(adapter, Expiring)
        yield World(desk, adapter, desk.outbox.accounts)


async def test_a_shop_is_connected_with_its_own_settings(world: World) -> None:
    revision = await world.enter(token=SECRET)

    connected = await world.accounts.of(world.desk.shop)

    assert connected.revision == revision
    assert connected.account.shop == "shop-1"
    assert connected.account.settings.token.get_secret_value() == SECRET
    assert SECRET not in repr(connected)


async def test_settings_that_were_changed_work_at_once(world: World) -> None:
    await world.enter(token="old")
    await world.accounts.of(world.desk.shop)
    await world.enter(token="new")

    assert (await world.accounts.of(world.desk.shop)).account.settings.token.get_secret_value() == "new"


@pytest.mark.parametrize(
    ("case", "code"),
    [
        ("no adapter", "adapter_missing"),
        ("broken adapter", "adapter_missing"),
        ("nothing entered", "credentials_missing"),
        ("unknown setting", "credentials_broken"),
        ("another key", "credentials_broken"),
    ],
)
async def test_what_is_missing_has_a_code_and_tells_no_secret(world: World, case: str, code: str) -> None:
    accounts = world.accounts
    if case == "no adapter":
        accounts = replace(accounts, adapters=Registry())
    elif case == "broken adapter":
        accounts = replace(accounts, adapters=Registry(broken={"platform": "ImportError in x:y"}))
    elif case == "unknown setting":
        await world.enter(token=SECRET, tokn=SECRET)
    elif case == "another key":
        await world.enter(token=SECRET)
        accounts = replace(accounts, vault=Vault([Fernet.generate_key().decode()], "a test"))

    with pytest.raises(ShopNotConnected) as raised:
        await accounts.of(world.desk.shop)
    with pytest.raises(AdapterError):
        await accounts.call(world.desk.shop, ask)

    assert raised.value.code == code
    assert SECRET not in str(raised.value)


async def test_an_adapter_that_asks_for_nothing_needs_nothing_entered(store: Store) -> None:
    async with open_desk(store, Bare) as desk:
        assert (await desk.outbox.accounts.of(desk.shop)).revision == 0


async def test_another_shops_settings_are_never_used(store: Store, world: World) -> None:
    await world.enter(token=SECRET)
    async with open_desk(store, Expiring) as other:
        shop = other.shop
        with pytest.raises(ShopNotConnected):
            await world.accounts.of(shop)


# Tokens.


async def test_an_expired_token_is_refreshed_stored_and_used(world: World) -> None:
    before = await world.enter(token="t0")

    assert await world.accounts.call(world.desk.shop, ask) == "t2"

    stored = await world.stored()
    assert stored is not None
    assert (stored.values["token"], stored.revision) == ("t2", before + 1)
    assert world.adapter.refreshes == ["t0"]


async def test_many_calls_at_once_refresh_once(world: World) -> None:
    await world.enter(token="t0")

    answers = await asyncio.gather(*(world.accounts.call(world.desk.shop, ask) for _ in range(12)))

    assert answers == ["t2"] * 12
    assert world.adapter.refreshes == ["t0"]


async def test_a_caller_out_of_time_does_not_lose_the_new_token(world: World) -> None:
    """The platform has used up the old one by then."""
    before = await world.enter(token="t0")

    begun = asyncio.Event()

    async def begin() -> None:
        begun.set()

    world.adapter.trouble = begin
    calling = asyncio.create_task(world.accounts.call(world.desk.shop, ask))
    await begun.wait()
    calling.cancel()
    with pytest.raises(asyncio.CancelledError):
        await calling
    await world.accounts.settled()

    stored = await world.stored()
    assert stored is not None
    assert (stored.values["token"], stored.revision) == ("t2", before + 1)
    assert await world.accounts.call(world.desk.shop, ask) == "t2"


async def test_two_processes_refresh_once(world: World) -> None:
    await world.enter(token="t0")
    beside = replace(world.accounts, _refreshing={})

    answers = await asyncio.gather(*(one.call(world.desk.shop, ask) for one in (world.accounts, beside) * 3))

    assert answers == ["t2"] * 6
    assert world.adapter.refreshes == ["t0"]


async def test_a_refreshed_token_that_does_not_work_either_is_not_refreshed_again(world: World) -> None:
    await world.enter(token="t0")

    async def never(adapter: Any, account: Account) -> str:
        raise TokenExpired("105002")

    with pytest.raises(TokenExpired):
        await world.accounts.call(world.desk.shop, never)
    assert len(world.adapter.refreshes) == 1


async def test_a_refresh_that_is_refused_leaves_the_stored_settings(world: World) -> None:
    revision = await world.enter(token="t0")

    async def refuse() -> None:
        raise NotAuthorized("36004001")

    world.adapter.trouble = refuse
    with pytest.raises(NotAuthorized):
        await world.accounts.call(world.desk.shop, ask)

    stored = await world.stored()
    assert stored is not None
    assert (stored.values["token"], stored.revision) == ("t0", revision)


async def test_a_refresh_that_hangs_ends(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("copilot.channel.accounts._REFRESH_SECONDS", 0.05)
    await world.enter(token="t0")
    world.adapter.trouble = lambda: asyncio.sleep(30)

    with pytest.raises(PlatformDown):
        await world.accounts.call(world.desk.shop, ask)


async def test_a_token_that_cannot_be_refreshed_says_that_it_expired(store: Store) -> None:
    async def expired(adapter: Any, account: Account) -> None:
        raise TokenExpired("105002")

    async with open_desk(store, Bare) as desk:
        with pytest.raises(TokenExpired):
            await desk.outbox.accounts.call(desk.shop, expired)


# Pauses and rates.


async def test_a_throttled_call_pauses_the_shop_and_only_that_one(store: Store, world: World) -> None:
    await world.enter(token="t1")

    async def throttled(adapter: Any, account: Account) -> None:
        raise Throttled(retry_after=30)

    with pytest.raises(Throttled):
        await world.accounts.call(world.desk.shop, throttled)
    # Another process.
    beside = replace(world.accounts, _rate=Rate())
    with pytest.raises(HeldBack) as held:
        await beside.call(world.desk.shop, ask)
    assert held.value.retry_after == 30
    async with open_desk(store, Bare) as other:
        await other.outbox.accounts.call(other.shop, _nothing)
    world.desk.clock.advance(30)
    assert await beside.call(world.desk.shop, ask) == "t1"


async def _nothing(adapter: Any, account: Account) -> None:
    return None


async def test_a_shorter_pause_does_not_end_a_longer_one(world: World) -> None:
    await world.enter(token="t1")
    for seconds in (60.0, 5.0):
        await world.accounts._pause(world.desk.shop, Throttled(retry_after=seconds))
    world.desk.clock.advance(30)
    with pytest.raises(HeldBack):
        await world.accounts.call(world.desk.shop, ask)


async def test_a_shop_with_a_rate_calls_no_faster(world: World) -> None:
    await world.enter(token="t1", calls_per_second=2)
    done, waits = 0, list[float]()
    for _ in range(40):
        try:
            await world.accounts.call(world.desk.shop, ask)
            done += 1
        except HeldBack as error:
            waits.append(error.retry_after or 0)
        world.desk.clock.advance(0.1)
    assert 2 * 4 <= done <= 2 * 4 + 2
    assert waits
    assert all(0 < wait <= 0.5 + 1e-6 for wait in waits)


@pytest.mark.parametrize(
    ("asked", "waits"), [(None, 1.0), (0.0, 0.0), (-5.0, 0.0), (float("inf"), 1.0), (float("nan"), 1.0), (1e9, 3600.0)]
)
def test_what_a_platform_asks_for_is_kept_within_bounds(asked: float | None, waits: float) -> None:
    assert pause_seconds(Throttled(retry_after=asked)) == waits


# The client.


async def test_the_shared_client_follows_nobody_and_takes_no_proxy(
    store: Store, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    settings = Settings.model_validate({"data_dir": tmp_path / uuid.uuid4().hex})
    platform = Platform(FrozenClock(NOON))
    async with open_accounts(store, settings, platform.clock, Registry([Bare(platform)])) as accounts:
        http = accounts.http
        assert not http.follow_redirects
        assert not http.trust_env
        assert http._mounts == {}
        assert all(part is not None for part in http.timeout.as_dict().values())
        assert accounts.adapters.names() == ["platform"]
    assert isinstance(http, httpx.AsyncClient)
    assert http.is_closed
