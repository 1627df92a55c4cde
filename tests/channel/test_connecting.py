"""Standing connections: one process holds a shop, what it heard is stored before the next, another one takes over."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from copilot.assets import policy_folders
from copilot.channel import feeds
from copilot.channel.connecting import Connector, connections
from copilot.channel.registry import Registry
from copilot.channel.taking import Taking
from copilot.sdk import Malformed, PlatformDown, TokenExpired
from copilot.store.engine import Store
from copilot.store.tables import FeedRow, MessageRow, ShopRow
from tests.channel.feeding import Standing, batch
from tests.channel.platform import NOON, Channel, open_channel


@dataclass
class Sleeper:
    """Sleeps until the clock was moved; ``waits`` are the seconds that were asked for."""

    waits: list[float] = field(default_factory=list[float])
    gates: list[tuple[float, asyncio.Event]] = field(default_factory=list[tuple[float, asyncio.Event]])

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)
        gate = asyncio.Event()
        self.gates.append((seconds, gate))
        await gate.wait()

    def wake(self, most: float) -> None:
        """Let those go on that wait for up to ``most`` seconds."""
        for seconds, gate in self.gates:
            if seconds <= most:
                gate.set()


@dataclass
class Line:
    """A shop that is listened to."""

    channel: Channel
    adapter: Standing
    connector: Connector
    sleeper: Sleeper
    shop: ShopRow

    def another(self) -> "Line":
        """A second process on the same database."""
        sleeper = Sleeper()
        connector = Connector(
            self.channel.store, self.connector.accounts, self.connector.taking, self.channel.clock, sleep=sleeper
        )
        return Line(self.channel, self.adapter, connector, sleeper, self.shop)

    async def feed(self) -> FeedRow:
        return next(row for row in await self.channel.rows(FeedRow) if row.shop == self.shop.id)

    async def stored(self) -> list[str]:
        return [row.platform_message_id for row in await self.channel.rows(MessageRow)]


@pytest.fixture
async def line(store: Store) -> AsyncIterator[Line]:
    async with open_channel(store) as channel:
        adapter, sleeper = Standing(), Sleeper()
        # The second merchant's shop is served by an adapter that is not here.
        shop = await channel.shop("s2")
        async with store.merchant(shop.merchant) as session:
            await session.execute(update(ShopRow).values(adapter="other"))
        accounts = replace(channel.accounts, adapters=Registry([adapter]))
        taking = Taking(store, accounts.vault, policy_folders(), channel.clock, timedelta(days=30))
        connector = Connector(store, accounts, taking, channel.clock, sleep=sleeper)
        yield Line(channel, adapter, connector, sleeper, await channel.shop())


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def until_stored(line: Line, *ids: str) -> None:
    async with asyncio.timeout(10):
        while await line.stored() != list(ids):  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_what_is_heard_is_stored_with_its_cursor(line: Line) -> None:
    async with connections(line.connector):
        line.adapter.tell(batch("m1", "m2", cursor="2"))
        await until_stored(line, "m1", "m2")
        line.adapter.tell(batch("m3", cursor="3"), batch())
        await until_stored(line, "m1", "m2", "m3")
        feed = await line.feed()
        assert (feed.cursor, feed.heard_at, feed.owner) == ("3", NOON, line.connector.owner)
        assert line.adapter.asked == [None]
    assert line.adapter.open == 0
    assert (await line.feed()).owner is None
    async with connections(line.another().connector):
        await until(lambda: line.adapter.asked == [None, "3"])


async def test_one_process_holds_a_shop_and_another_takes_over_when_it_dies(line: Line) -> None:
    other = line.another()
    await line.connector.look()
    await until(lambda: line.adapter.open == 1)
    await other.connector.look()
    assert (line.connector.holds, other.connector.holds) == ({line.shop.id}, frozenset())
    # The first one dies without a word: it renews nothing, and its lease runs out.
    line.channel.clock.advance(14)
    await other.connector.look()
    assert other.connector.holds == frozenset()
    line.channel.clock.advance(2)
    await other.connector.look()
    assert other.connector.holds == {line.shop.id}
    await until(lambda: line.adapter.open == 2)
    # What the first one still hears it must not store: its lease is gone.
    line.adapter.tell(batch("m1", cursor="1"))
    await asyncio.sleep(0.1)
    line.adapter.tell(batch("m2", cursor="2"))
    await until(lambda: line.connector.holds == frozenset() or line.adapter.says == [])
    owner = (await line.feed()).owner
    assert owner == other.connector.owner
    for connector in (line.connector, other.connector):
        for task in list(connector._holding.values()):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def test_who_lost_the_lease_stores_nothing(line: Line) -> None:
    await line.connector.look()
    await until(lambda: line.adapter.open == 1)
    other = line.another()
    async with line.channel.store.merchant(line.shop.merchant) as session:
        line.channel.clock.advance(16)
        assert await feeds.take(session, line.shop, other.connector.owner, line.channel.clock.now())
    line.adapter.tell(batch("m1", cursor="1"))
    await until(lambda: line.connector.holds == frozenset())
    assert await line.stored() == []
    assert ((await line.feed()).cursor, (await line.feed()).owner) == (None, other.connector.owner)


async def test_a_lease_is_renewed_before_it_ends(line: Line) -> None:
    await line.connector.look()
    await until(lambda: line.adapter.open == 1 and 5.0 in line.sleeper.waits)
    line.channel.clock.advance(5)
    line.sleeper.wake(5)
    async with asyncio.timeout(10):
        while (await line.feed()).held_until != NOON + timedelta(seconds=20):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    for task in list(line.connector._holding.values()):
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.mark.parametrize("error", [PlatformDown("x"), Malformed("x"), KeyError("13812345678"), OSError("gone")])
async def test_a_connection_that_breaks_is_opened_again_after_a_while(line: Line, error: Exception) -> None:
    async with connections(line.connector):
        line.adapter.tell(error)
        await until(lambda: any(1 <= one <= 1.25 for one in line.sleeper.waits))
        feed = await line.feed()
        assert (feed.failures, feed.error) == (1, getattr(error, "code", "adapter"))
        line.adapter.tell(error)
        line.sleeper.wake(1.25)
        await until(lambda: any(2 <= one <= 2.5 for one in line.sleeper.waits))
        line.adapter.tell(batch("m1", cursor="1"))
        line.sleeper.wake(2.5)
        await until_stored(line, "m1")
        assert ((await line.feed()).failures, (await line.feed()).error) == (0, None)


async def test_access_that_expired_is_renewed_at_once(line: Line) -> None:
    async with connections(line.connector):
        line.adapter.tell(TokenExpired("x"), batch("m1", cursor="1"))
        await until_stored(line, "m1")
    assert line.adapter.refreshed == 1


async def test_a_shop_that_is_gone_is_let_go(line: Line) -> None:
    await line.connector.look()
    await until(lambda: line.adapter.open == 1)
    gone = replace(line.connector, accounts=replace(line.connector.accounts, adapters=Registry()))
    await gone.look()
    await until(lambda: line.adapter.open == 0)
