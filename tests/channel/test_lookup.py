"""Orders of the right buyer or none; asked for once, remembered for a while, never waited for longer than said."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text, update

from copilot.channel.lookup import Looked
from copilot.channel.orders import covers, theirs, typed_numbers
from copilot.domain.order import Shipment
from copilot.sdk import AdapterError, FoundBuyer, FoundOrder, NotAuthorized, PlatformDown, Throttled
from copilot.store.engine import Store
from copilot.store.tables import BuyerRow, ConversationRow, MessageRow, OrderRow
from tests.channel.platform import NOON, Channel, open_channel, order, said

NUMBER = "576653688135258178"
SILENT = Looked(None, None, unreachable=True)

OTHER = "6917483920175846291"


@pytest.fixture
async def channel(store: Store) -> AsyncIterator[Channel]:
    async with open_channel(store) as opened:
        yield opened


async def _conversation(channel: Channel, platform_id: str = "c1") -> uuid.UUID:
    rows = await channel.rows(ConversationRow)
    return next(row.id for row in rows if row.platform_conversation_id == platform_id)


async def _look(channel: Channel, platform_id: str = "c1", **more: Any) -> Looked:
    conversation = await _conversation(channel, platform_id)
    return await channel.lookup.orders(channel.merchants["s1"], conversation, **{"timeout": 5.0, **more})


def _ids(looked: Looked) -> list[str] | None:
    return None if looked.orders is None else [one.id for one in looked.orders]


async def test_the_buyer_is_looked_up_and_remembered(channel: Channel) -> None:
    await channel.take(said("s1", "m1"))
    channel.adapter.buyers["c1"] = FoundBuyer(
        order_key="k1", nickname="Li", orders=(order("o1", "k1"), order("o2", "k1", minute=5))
    )
    looked = await _look(channel)
    assert (_ids(looked), looked.as_of) == (["o2", "o1"], NOON)
    (buyer,) = await channel.rows(BuyerRow)
    assert (buyer.order_key, buyer.nickname) == ("k1", "Li")
    assert {row.platform_order_id: row.buyer_key for row in await channel.rows(OrderRow)} == {"o1": "k1", "o2": "k1"}
    (who,) = channel.adapter.asked
    assert (who.conversation, who.buyer, who.order_key, who.orders) == ("c1", "b-c1", None, ())
    assert (await channel.topics())[-1] == "conversation.changed"


async def test_the_cache_is_good_for_a_minute(channel: Channel) -> None:
    await channel.take(said("s1", "m1"))
    channel.adapter.buyers["c1"] = FoundBuyer(order_key="k1", orders=(order("o1", "k1"),))
    await _look(channel)
    channel.clock.advance(59)
    looked = await _look(channel)
    assert (_ids(looked), looked.as_of) == (["o1"], NOON)
    assert len(channel.adapter.asked) == 1
    await _look(channel, fresh=True)
    assert len(channel.adapter.asked) == 2
    assert channel.adapter.asked[1].order_key == "k1"
    channel.clock.advance(61)
    told = (await channel.topics()).count("conversation.changed")
    assert (await _look(channel)).as_of == channel.clock.now()
    assert len(channel.adapter.asked) == 3
    assert (await channel.topics()).count("conversation.changed") == told, "nothing new to tell"


async def test_no_orders_is_an_answer_of_its_own(channel: Channel) -> None:
    await channel.take(said("s1", "m1"))
    channel.adapter.buyers["c1"] = FoundBuyer(order_key="k1")
    assert _ids(await _look(channel)) == []
    channel.clock.advance(10)
    assert _ids(await _look(channel)) == []
    assert len(channel.adapter.asked) == 1


async def test_an_order_that_moved_is_asked_for_again(channel: Channel) -> None:
    await channel.take(said("s1", "m1"))
    channel.adapter.buyers["c1"] = FoundBuyer(order_key="k1", orders=(order("o1", "k1"),))
    await _look(channel)
    channel.clock.advance(5)
    await channel.take({"type": "order_changed", "shop": "s1", "order_id": "o1"})
    channel.adapter.buyers["c1"] = FoundBuyer(order_key="k1", orders=(order("o1", "k1", "delivered"),))
    channel.clock.advance(5)
    looked = await _look(channel)
    assert looked.orders is not None
    assert looked.orders[0].status == "delivered"
    channel.clock.advance(5)
    await _look(channel)
    assert len(channel.adapter.asked) == 2


async def test_an_order_that_moves_while_it_is_read_stays_old(channel: Channel) -> None:
    await channel.take(said("s1", "m1"))
    channel.adapter.buyers["c1"] = FoundBuyer(order_key="k1", orders=(order("o1", "k1"),))
    await _look(channel)
    channel.clock.advance(61)
    channel.adapter.hold = asyncio.Event()
    looking = asyncio.create_task(_look(channel))
    channel.adapter.asking.clear()
    await channel.adapter.asking.wait()
    channel.clock.advance(1)
    await channel.take({"type": "order_changed", "shop": "s1", "order_id": "o1"})
    channel.adapter.hold.set()
    await looking
    channel.clock.advance(1)
    await _look(channel)
    assert len(channel.adapter.asked) == 3


@pytest.mark.parametrize("error", [PlatformDown("down"), Throttled(), NotAuthorized("no"), KeyError("x"), OSError()])
async def test_a_platform_that_fails_leaves_the_cache_with_its_age(channel: Channel, error: Exception) -> None:
    await channel.take(said("s1", "m1"))
    channel.adapter.buyers["c1"] = error
    assert await _look(channel) == SILENT
    async with channel.store.merchant(channel.merchants["s1"]) as session:
        await session.execute(text("DELETE FROM pauses"))
    channel.adapter.buyers["c1"] = FoundBuyer(order_key="k1", orders=(order("o1", "k1"),))
    await _look(channel)
    channel.clock.advance(3600)
    channel.adapter.buyers["c1"] = error
    looked = await _look(channel)
    assert (_ids(looked), looked.as_of, looked.unreachable) == (["o1"], NOON, True)


async def test_a_platform_that_hangs_is_not_waited_for(channel: Channel) -> None:
    await channel.take(said("s1", "m1"))
    channel.adapter.hold = asyncio.Event()
    begun = asyncio.get_running_loop().time()
    assert await _look(channel, timeout=0) == Looked(None, None)
    assert channel.adapter.asked == []
    assert await _look(channel, timeout=0.2) == SILENT
    assert asyncio.get_running_loop().time() - begun < 2
    assert [task for task in asyncio.all_tasks() if "_ask" in repr(task)] == []
    with pytest.raises(PlatformDown):
        await channel.lookup.order(await channel.shop(), "o1", 0.2)


async def test_many_who_ask_at_once_are_one_question(channel: Channel) -> None:
    await channel.take(said("s1", "m1"))
    channel.adapter.buyers["c1"] = FoundBuyer(order_key="k1", orders=(order("o1", "k1"),))
    channel.adapter.hold = asyncio.Event()
    conversation = await _conversation(channel)
    merchant = channel.merchants["s1"]
    looking = [
        asyncio.create_task(channel.lookup.orders(merchant, conversation, timeout=seconds))
        for seconds in (0.1, 5, 5, 5)
    ]
    # One who has no more time goes, the others still get the answer.
    assert await looking[0] == SILENT
    channel.adapter.hold.set()
    assert [_ids(one) for one in await asyncio.gather(*looking[1:])] == [["o1"]] * 3
    assert len(channel.adapter.asked) == 1


# Whose order is it?


@pytest.mark.feature("F069")
async def test_all_orders_of_the_buyer_come_newest_first_and_none_of_another(channel: Channel) -> None:
    await channel.take(said("s1", "m1", "我的订单呢"))
    mine = [order(f"o{minute}", "k1", minute=minute) for minute in (3, 40, 21)]
    channel.adapter.buyers["c1"] = FoundBuyer(order_key="k1", orders=(*mine, order("theirs", "k2", minute=59)))
    assert _ids(await _look(channel)) == ["o40", "o21", "o3"]


async def test_nothing_of_another_buyer_gets_in_whoever_names_it(channel: Channel) -> None:
    await channel.take(
        said("s1", "m1", f"my order is {NUMBER}"),
        said("s1", "m2", "", kind="order_card", order_id="card"),
        said("s1", "m3", "", kind="order_card", order_id="from-shop", role="agent", sent_by="auto"),
        said("s1", "m4", entered_from_order="page"),
    )
    foreign = {number: order(number, "k2") for number in (NUMBER, "card", "from-shop", "page")}
    channel.adapter.found.update(foreign)
    channel.adapter.buyers["c1"] = FoundBuyer(order_key="k1", orders=(order("o1", "k1"), order("other", "k2")))
    assert _ids(await _look(channel)) == ["o1"]
    assert sorted(channel.adapter.asked_orders) == sorted(foreign)
    assert [row.platform_order_id for row in await channel.rows(OrderRow)] == ["o1"]
    # Nor out of the cache, where the other buyer's own look-up puts them.
    await channel.take(said("s1", "m5", conversation="c2"))
    channel.adapter.buyers["c2"] = FoundBuyer(order_key="k2", orders=tuple(foreign.values()))
    assert len(_ids(await _look(channel, "c2")) or ()) == 4
    for error in (None, PlatformDown("down")):
        if error:
            channel.adapter.buyers["c1"] = error
            channel.clock.advance(3600)
        assert _ids(await _look(channel)) in (["o1"], None)


@pytest.mark.feature("F067")
async def test_a_typed_number_is_the_buyers_only_with_the_buyers_key(channel: Channel) -> None:
    await channel.take(said("s1", "m1", f"订单{NUMBER}怎么还没到", order_key="k1"))
    for key, expected in (("k2", []), (None, []), ("k1", [NUMBER])):
        channel.adapter.found[NUMBER] = order(NUMBER, key)
        assert _ids(await _look(channel, fresh=True)) == expected
    # Once answered, the old order is still read again with the others.
    channel.clock.advance(100)
    await channel.take(
        said("s1", "m2", "好的", role="agent", sent_by="person", sent_at=channel.clock.now().isoformat()),
        said("s1", "m3", "好", sent_at=channel.clock.now().isoformat(), sequence=3),
    )
    channel.adapter.found[NUMBER] = order(NUMBER, "k1", "delivered")
    looked = await _look(channel)
    assert [(one.id, one.status) for one in looked.orders or ()] == [(NUMBER, "delivered")]


async def test_a_typed_number_is_nobodys_while_the_buyer_is_unknown(channel: Channel) -> None:
    await channel.take(said("s1", "m1", NUMBER))
    for key in ("k1", None):
        channel.adapter.found[NUMBER] = order(NUMBER, key)
        assert _ids(await _look(channel, fresh=True)) == []
    assert await channel.rows(OrderRow) == []


async def test_what_the_platform_tied_to_the_conversation_counts_without_a_key(channel: Channel) -> None:
    await channel.take(
        said("s1", "m1", "", kind="order_card", order_id="card"), said("s1", "m2", entered_from_order="page")
    )
    channel.adapter.found.update({"card": order("card", "k1", minute=1), "page": order("page")})
    assert _ids(await _look(channel)) == ["card", "page"]
    assert channel.adapter.asked[0].orders == ("card", "page")
    # Two that cannot be one buyer's are neither's.
    channel.adapter.found["page"] = order("page", "k2")
    assert _ids(await _look(channel, fresh=True)) == []


async def test_an_order_that_the_adapter_gives_without_a_key_is_the_buyers_it_was_asked_for(channel: Channel) -> None:
    await channel.take(said("s1", "m1", order_key="k1"))
    channel.adapter.buyers["c1"] = FoundBuyer(orders=(order("o1"),))
    assert _ids(await _look(channel)) == ["o1"]
    channel.clock.advance(5)
    assert _ids(await _look(channel)) == ["o1"]
    # A buyer whom nobody knows has none.
    await channel.take(said("s1", "m2", conversation="c2"))
    channel.adapter.buyers["c2"] = FoundBuyer(orders=(order("o2"),))
    assert _ids(await _look(channel, "c2")) == []


async def test_a_buyer_whom_the_platform_names_anew_loses_the_old_ones_orders(channel: Channel) -> None:
    await channel.take(said("s1", "m1", order_key="k1"))
    channel.adapter.buyers["c1"] = FoundBuyer(order_key="k1", orders=(order("o1", "k1"),))
    await _look(channel)
    channel.adapter.buyers["c1"] = FoundBuyer(order_key="k2", orders=(order("o2", "k2"), order("o1", "k1")))
    assert _ids(await _look(channel, fresh=True)) == ["o2"]
    channel.adapter.buyers["c1"] = PlatformDown("down")
    channel.clock.advance(100)
    assert _ids(await _look(channel)) == ["o2"]


async def test_a_new_number_is_asked_for_though_the_cache_is_young(channel: Channel) -> None:
    await channel.take(said("s1", "m1"))
    channel.adapter.buyers["c1"] = FoundBuyer(order_key="k1", orders=(order("o1", "k1"),))
    await _look(channel)
    channel.clock.advance(2)
    await channel.take(said("s1", "m2", NUMBER))
    channel.adapter.found[NUMBER] = order(NUMBER, "k1", minute=9)
    channel.clock.advance(2)
    assert _ids(await _look(channel)) == [NUMBER, "o1"]
    channel.clock.advance(2)
    assert _ids(await _look(channel)) == [NUMBER, "o1"]
    assert len(channel.adapter.asked) == 2


async def test_an_answer_is_not_half_an_answer(channel: Channel) -> None:
    # The order that the buyer names could not be read: what else there is must not look like all there is.
    await channel.take(said("s1", "m1", f"订单号 {NUMBER}"))
    channel.adapter.buyers["c1"] = FoundBuyer(order_key="k1", orders=(order("o1", "k1"),))
    channel.adapter.found[NUMBER] = PlatformDown("down")
    assert await _look(channel) == SILENT
    # A number that the platform refuses as such is simply none of the buyer's.
    channel.adapter.found[NUMBER] = AdapterError("no such number")
    assert _ids(await _look(channel)) == ["o1"]


async def test_a_tracking_number_asks_for_no_order(channel: Channel) -> None:
    await channel.take(said("s1", "m1", "SF1234567890123 到哪了"))
    parcel = order("o1", "k1")
    shipped = parcel.order.model_copy(update={"shipments": (Shipment(tracking_no="SF1234567890123"),)})
    channel.adapter.buyers["c1"] = FoundBuyer(order_key="k1", orders=(FoundOrder(order=shipped, buyer_key="k1"),))
    assert _ids(await _look(channel)) == ["o1"]
    assert channel.adapter.asked_orders == []


async def test_an_answer_to_another_number_is_none(channel: Channel) -> None:
    await channel.take(said("s1", "m1", NUMBER, order_key="k1"))
    channel.adapter.found[NUMBER] = order(OTHER, "k1")
    assert _ids(await _look(channel)) == []
    assert await channel.lookup.order(await channel.shop(), NUMBER, 5) is None


async def test_another_merchants_conversation_is_nobodys(channel: Channel) -> None:
    await channel.take(said("s1", "m1"))
    conversation = await _conversation(channel)
    looked = await channel.lookup.orders(channel.merchants["s2"], conversation, timeout=5)
    assert looked == Looked(None, None)
    assert channel.adapter.asked == []


async def test_one_order_by_its_number_is_kept_nowhere(channel: Channel) -> None:
    shop = await channel.shop()
    channel.adapter.found[NUMBER] = order(NUMBER, "k1")
    found = await channel.lookup.order(shop, NUMBER, 5)
    assert found is not None
    assert found.order.id == NUMBER
    assert await channel.lookup.order(shop, OTHER, 5) is None
    channel.adapter.found[OTHER] = NotAuthorized("reconnect")
    with pytest.raises(NotAuthorized):
        await channel.lookup.order(shop, OTHER, 5)
    channel.adapter.found[OTHER] = KeyError("surprise")
    with pytest.raises(PlatformDown):
        await channel.lookup.order(shop, OTHER, 5)
    assert await channel.rows(OrderRow) == []


async def test_recalled_and_hidden_words_name_nothing(channel: Channel) -> None:
    await channel.take(said("s1", "m1", NUMBER, order_key="k1"), said("s1", "m2", OTHER, visible=False))
    async with channel.store.merchant(channel.merchants["s1"]) as session:
        gone = update(MessageRow).where(MessageRow.platform_message_id == "m1")
        await session.execute(gone.values(recalled_at=NOON))
        assert (await session.scalars(select(MessageRow.text))).all() == [NUMBER, OTHER]
    await _look(channel)
    assert channel.adapter.asked_orders == []


_KEYS = st.sampled_from([None, "k1", "k2"])


@given(
    found=st.lists(st.tuples(st.sampled_from(["a", "b", "c", "d"]), _KEYS), max_size=6),
    key=_KEYS,
    tied=st.sets(st.sampled_from(["a", "b", "c", "d"])),
)
def test_no_mix_of_orders_and_keys_lets_a_foreign_one_in(
    found: list[tuple[str, str | None]], key: str | None, tied: set[str]
) -> None:
    mine = theirs([order(number, owner) for number, owner in found], key, tied)
    assert len({one.order.id for one in mine}) == len(mine)
    for one in mine:
        assert one.buyer_key == key or one.order.id in tied
        if key is not None:
            assert one.buyer_key in (key, None)
    assert len({one.buyer_key for one in mine} - {None}) <= 1
    if key is not None:
        assert {one.order.id for one in mine} >= {number for number, owner in found if owner == key}


@pytest.mark.parametrize(
    ("before", "after"),
    list(product(["", "订单号", "order #", "我的单号是 ", "("], ["", "。", " pls", "怎么还没到", ")"])),
)
def test_a_number_is_found_however_it_stands_in_a_sentence(before: str, after: str) -> None:
    assert typed_numbers(f"{before}{NUMBER}{after}") == (NUMBER,)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("5766 5368 8135 2581 78", (NUMBER,)),
        ("５７６６５３６８８１３５２５８１７８", (NUMBER,)),
        (f"{NUMBER} 还有 {OTHER}", (NUMBER, OTHER)),
        ("13812345678", ()),
        ("+86 138 1234 5678", ()),
        ("129.00 和 99", ()),
        ("2026-11-20 14:20", ()),
        ("M码 175 65kg", ()),
        ("SF1234567890123", ("SF1234567890123",)),
        ("write to someone12345@example.com", ()),
        ("just words that are long", ()),
    ],
)
def test_what_is_no_number_is_not_asked_for(words: str, numbers: tuple[str, ...]) -> None:
    assert typed_numbers(words) == numbers


def test_numbers_are_compared_as_people_write_them() -> None:
    assert covers([order("SF-12 34")], "sf1234")
    assert not covers([order("1234")], "12345")
    assert not covers([order("1")], "")
