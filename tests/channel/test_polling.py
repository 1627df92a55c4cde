"""Platforms that are asked: the cursor moves with the events, a failure waits longer each time, one look at a time."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from copilot.assets import policy_folders
from copilot.channel.polling import Poller
from copilot.channel.registry import Registry
from copilot.channel.taking import Taking
from copilot.channel.tasks import POLL_SHOP, WATCH_FEEDS
from copilot.domain.errors import BadInput
from copilot.jobs.feeding import FeedJobs
from copilot.sdk import Batch, Malformed, NotAuthorized, Throttled, TokenExpired
from copilot.store import timers
from copilot.store.engine import Store
from copilot.store.tables import DeadLetterRow, FeedRow, MessageRow, ShopRow, SpanRow, TimerRow
from tests.channel.feeding import Asked, batch
from tests.channel.platform import NOON, Channel, open_channel


@dataclass
class Poll:
    """A shop that is asked."""

    channel: Channel
    adapter: Asked
    poller: Poller
    shop: ShopRow

    async def look(self) -> None:
        await self.poller.look(self.shop.merchant, self.shop.id)

    async def feed(self) -> FeedRow:
        (row,) = await self.channel.rows(FeedRow)
        return row

    async def due_in(self) -> float:
        """Seconds until the next look."""
        async with self.channel.store.system() as session:
            (timer,) = await session.scalars(select(TimerRow).where(TimerRow.kind == POLL_SHOP))
        assert timer.lock == f"feed:{self.shop.id}"
        return (timer.due_at - self.channel.clock.now()).total_seconds()

    async def stored(self) -> list[str]:
        return [row.platform_message_id for row in await self.channel.rows(MessageRow)]


@pytest.fixture
async def poll(store: Store) -> AsyncIterator[Poll]:
    async with open_channel(store) as channel:
        adapter = Asked()
        accounts = replace(channel.accounts, adapters=Registry([adapter]))
        taking = Taking(store, accounts.vault, policy_folders(), channel.clock, timedelta(days=30))
        yield Poll(channel, adapter, Poller(store, accounts, taking, channel.clock), await channel.shop())


async def test_what_is_new_is_stored_with_its_cursor_and_its_job(poll: Poll) -> None:
    poll.adapter.says = [batch("m1", "m2", cursor="2"), batch("m3", cursor="3")]
    await poll.look()
    assert await poll.stored() == ["m1", "m2"]
    assert (await poll.feed()).cursor == "2"
    assert (await poll.feed()).heard_at == NOON
    assert await poll.channel.jobs() == ["draft.conversation", "draft.conversation"]
    (span,) = await poll.channel.rows(SpanRow)
    assert span.detail == {"adapter": "plain", "events": 2, "new": 2, "dead": 0}
    await poll.look()
    assert poll.adapter.asked == [None, "2"]
    assert (await poll.feed()).cursor == "3"
    await poll.look()
    assert poll.adapter.asked[-1] == "3"
    assert (await poll.feed()).cursor == "3"


async def test_the_adapter_says_when_to_come_back(poll: Poll) -> None:
    poll.adapter.says = [batch(more=True), batch(wait=30), batch(wait=10**9), batch()]
    waits = []
    for _ in range(4):
        await poll.look()
        waits.append(await poll.due_in())
    assert waits == [0, 30, 3600, 2]


async def test_the_same_messages_again_are_stored_once(poll: Poll) -> None:
    poll.adapter.says = [batch("m1", cursor="1"), batch("m1", "m2", cursor="2")]
    await poll.look()
    await poll.look()
    assert await poll.stored() == ["m1", "m2"]


@pytest.mark.parametrize("error", [Malformed("x"), NotAuthorized("x"), KeyError("13812345678"), OSError("gone")])
async def test_a_look_in_vain_waits_longer_each_time_and_keeps_the_cursor(poll: Poll, error: Exception) -> None:
    poll.adapter.says = [batch("m1", cursor="1"), error, error, error, batch("m2", cursor="2")]
    await poll.look()
    waits = []
    for _ in range(3):
        await poll.look()
        waits.append(await poll.due_in())
    assert 1 <= waits[0] <= 1.25
    assert 2 <= waits[1] <= 2.5
    assert 4 <= waits[2] <= 5
    feed = await poll.feed()
    assert (feed.cursor, feed.failures, feed.heard_at) == ("1", 3, NOON)
    assert feed.error == getattr(error, "code", "adapter")
    await poll.look()
    feed = await poll.feed()
    assert (feed.cursor, feed.failures, feed.error) == ("2", 0, None)


async def test_a_platform_that_asks_to_slow_down_is_not_asked_before(poll: Poll) -> None:
    poll.adapter.says = [Throttled(retry_after=40)]
    await poll.look()
    assert 40 <= await poll.due_in() <= 41
    await poll.look()
    assert len(poll.adapter.asked) == 1, "the shop's calls pause for all workers"


async def test_access_that_expired_is_renewed_in_between(poll: Poll) -> None:
    poll.adapter.says = [TokenExpired("x"), batch("m1", cursor="1")]
    await poll.look()
    assert (poll.adapter.refreshed, await poll.stored()) == (1, ["m1"])


@pytest.mark.parametrize("cursor", ["x" * 4001, "a\x00b", "\ud800"])
async def test_a_cursor_that_cannot_be_kept_is_a_failure_and_stores_nothing(poll: Poll, cursor: str) -> None:
    poll.adapter.says = [batch("m1", cursor=cursor)]
    await poll.look()
    assert ((await poll.feed()).error, await poll.stored()) == ("malformed", [])


async def test_an_event_of_another_shop_is_kept_and_not_believed(poll: Poll) -> None:
    poll.adapter.says = [Batch(events=(*batch("m1").events, *batch("m2", shop="s2").events), cursor="1")]
    await poll.look()
    assert await poll.stored() == ["m1"]
    assert await poll.channel.rows(MessageRow, "s2") == []
    (letter,) = await poll.channel.rows(DeadLetterRow)
    assert letter.error == "foreign_shop"


async def test_a_defective_event_is_a_dead_letter_that_can_be_used_later(poll: Poll) -> None:
    bad = batch("x" * 600).events
    poll.adapter.says = [Batch(events=(*batch("m1").events, *bad), cursor="1")]
    await poll.look()
    assert ((await poll.feed()).cursor, await poll.stored()) == ("1", ["m1"])
    (letter,) = await poll.channel.rows(DeadLetterRow)
    assert b"words of" not in letter.sealed
    inbound, merchant = poll.channel.inbound, poll.shop.merchant
    assert "defect ValueError" in (await inbound.again(merchant, letter.id) or "")
    with pytest.raises(BadInput):
        await inbound.again(poll.channel.merchants["s2"], letter.id)


async def test_a_shop_that_is_not_asked_any_more_has_no_next_look(poll: Poll) -> None:
    nobody = replace(poll.poller, accounts=replace(poll.poller.accounts, adapters=Registry()))
    await nobody.look(poll.shop.merchant, poll.shop.id)
    async with poll.channel.store.system() as session:
        assert (await session.scalars(select(TimerRow))).all() == []


async def test_platforms_that_hang_do_not_take_every_place(poll: Poll) -> None:
    begun, go_on = asyncio.Semaphore(0), asyncio.Event()

    async def hang(account: object, cursor: str | None) -> Batch:
        begun.release()
        await go_on.wait()
        return Batch()

    poll.adapter.poll = hang  # type: ignore[method-assign]
    looks = [asyncio.create_task(poll.look()) for _ in range(4)]
    for _ in range(4):
        await begun.acquire()
    await poll.look()
    assert await poll.due_in() == 0.5
    go_on.set()
    await asyncio.gather(*looks)


async def test_every_shop_of_an_adapter_that_asks_is_watched(poll: Poll) -> None:
    jobs, store = FeedJobs(poll.poller), poll.channel.store
    await jobs.begin()
    await jobs.watch()
    async with store.system() as session:
        armed = (await session.scalars(select(TimerRow).order_by(TimerRow.kind))).all()
    assert [timer.kind for timer in armed] == [POLL_SHOP, POLL_SHOP, WATCH_FEEDS]
    assert (armed[-1].due_at - NOON).total_seconds() == 15
    async with store.system() as session:
        await session.execute(update(TimerRow).where(TimerRow.kind == POLL_SHOP).values(due_at=NOON + timedelta(7)))
    await jobs.watch()
    async with store.system() as session:
        kept = (await session.scalars(select(TimerRow.due_at).where(TimerRow.kind == POLL_SHOP))).all()
        assert set(kept) == {NOON + timedelta(7)}, "what is armed stays"
        assert await timers.sweep(session, NOON + timedelta(8)) == 3
