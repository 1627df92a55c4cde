"""Events: none is lost behind a slow transaction, each merchant hears its own, and waking up is only a hint."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.pool import QueuePool

from copilot.domain.errors import BadInput
from copilot.store import events
from copilot.store.engine import Store
from copilot.store.events import EventId
from copilot.store.listener import Listener, listening
from tests.fixtures_store import NOW
from tests.store.conftest import Seed

START = EventId(0, 0)


async def tell(store: Store, of: Seed, ref: str) -> None:
    async with store.merchant(of.merchant) as session:
        await events.append(session, merchant=of.merchant, shop=of.shop, topic="draft.proposed", ref=ref, at=NOW)


async def heard(store: Store, of: Seed, after: EventId = START) -> list[str]:
    async with store.merchant(of.merchant) as session:
        return [event.ref for event in await events.read(session, after)]


async def test_an_event_of_a_slow_earlier_transaction_is_not_lost(store: Store, ours: Seed) -> None:
    async with store.merchant(ours.merchant) as slow:
        await events.append(slow, merchant=ours.merchant, topic="t", ref="slow", at=NOW)
        await tell(store, ours, "fast")
        # The fast one waits: a reader that took it would never go back for the slow one.
        assert await heard(store, ours) == []
    assert await heard(store, ours) == ["slow", "fast"]


async def test_a_reader_goes_on_where_it_stopped(store: Store, ours: Seed) -> None:
    for ref in ("a", "b", "c"):
        await tell(store, ours, ref)
    async with store.merchant(ours.merchant) as session:
        first, second, third = await events.read(session, START)
        assert [event.ref for event in await events.read(session, START, limit=2)] == ["a", "b"]
        assert await events.read(session, first.id) == [second, third]
        assert await events.read(session, EventId.parse(str(third.id))) == []
    assert (first.shop, first.topic, first.at) == (ours.shop, "draft.proposed", NOW)


async def test_the_present_position_is_before_everything_new_and_after_everything_old(store: Store, ours: Seed) -> None:
    await tell(store, ours, "old")
    async with store.merchant(ours.merchant) as session:
        here = await events.position(session)
    await tell(store, ours, "new")
    assert await heard(store, ours, here) == ["new"]


async def test_a_rolled_back_event_is_never_heard(store: Store, ours: Seed) -> None:
    with pytest.raises(RuntimeError):
        await _tell_and_fail(store, ours)
    await tell(store, ours, "real")
    assert await heard(store, ours) == ["real"]


async def _tell_and_fail(store: Store, of: Seed) -> None:
    async with store.merchant(of.merchant) as session:
        await events.append(session, merchant=of.merchant, topic="t", ref="ghost", at=NOW)
        raise RuntimeError


async def test_each_merchant_hears_its_own(store: Store, ours: Seed, theirs: Seed) -> None:
    await tell(store, ours, "ours")
    await tell(store, theirs, "theirs")
    assert await heard(store, ours) == ["ours"]
    assert await heard(store, theirs) == ["theirs"]


async def test_a_follower_is_woken_at_once(store: Store, ours: Seed) -> None:
    loop = asyncio.get_running_loop()
    async with listening(store.listen_url) as listener:
        while listener.count == 0:  # until it listens
            await listener.wait(0)
        stream = events.follow(store, listener, ours.merchant, START)
        for number in range(3):
            waiting = asyncio.ensure_future(anext(stream))
            await asyncio.sleep(0.2)
            told = loop.time()
            await tell(store, ours, str(number))
            event = await asyncio.wait_for(waiting, 5)
            assert event.ref == str(number)
            assert loop.time() - told < 1.0
        await stream.aclose()


async def test_a_follower_without_wake_ups_still_hears(store: Store, ours: Seed) -> None:
    deaf = Listener()
    stream = events.follow(store, deaf, ours.merchant, START)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0.1)
    await tell(store, ours, "a")
    assert (await asyncio.wait_for(waiting, 4)).ref == "a"
    await stream.aclose()


async def test_a_waiting_follower_holds_no_connection(store: Store, ours: Seed) -> None:
    stream = events.follow(store, Listener(), ours.merchant, START)
    waiting = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(0.2)
    pool = store.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedout() == 0
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await stream.aclose()


async def test_old_events_of_all_merchants_are_pruned_without_a_merchant(
    store: Store, ours: Seed, theirs: Seed
) -> None:
    for seed in (ours, theirs):
        await tell(store, seed, "old")
    async with store.system() as session:
        assert await events.prune(session, NOW) == 0
        assert await events.prune(session, NOW + timedelta(seconds=1)) == 2
    assert await heard(store, ours) == []


@pytest.mark.parametrize("written", ["", "-", "1", "1-", "-1", "1-2-3", "x-1", "1-x", "\u0663-\u0663", "13812345678"])
def test_what_is_no_event_id_is_refused_unrepeated(written: str) -> None:
    with pytest.raises(BadInput) as caught:
        EventId.parse(written)
    assert len(written) < 5 or written not in str(caught.value)


async def test_a_notice_wakes_only_those_whom_it_concerns(store: Store, ours: Seed, theirs: Seed) -> None:
    async with listening(store.listen_url) as listener:
        mine, published = listener.about(str(ours.merchant)), listener.about("policy.published")
        other = listener.about(str(theirs.merchant))
        async with asyncio.timeout(10):
            while not listener.count:
                await listener.wait(0)
            before = (listener.count, mine.count, published.count, other.count)
            await tell(store, ours, "a")
            await mine.wait(before[1])
        assert (listener.count, mine.count) == (before[0] + 1, before[1] + 1)
        assert (published.count, other.count) == before[2:]
        async with store.merchant(ours.merchant) as session:
            await events.append(session, merchant=ours.merchant, topic="policy.published", ref="b", at=NOW)
        async with asyncio.timeout(10):
            await published.wait(before[2])
        assert (published.count, other.count) == (before[2] + 1, before[3])


async def test_a_notice_that_names_no_topic_wakes_everybody(store: Store, ours: Seed) -> None:
    # As the release before this one sends it, while both run.
    async with listening(store.listen_url) as listener:
        published = listener.about("policy.published")
        async with asyncio.timeout(10):
            while not listener.count:
                await listener.wait(0)
            before = published.count
            async with store.system() as session:
                await session.execute(text("SELECT pg_notify('copilot_events', 'x')"))
            await published.wait(before)
        assert published.count == before + 1
