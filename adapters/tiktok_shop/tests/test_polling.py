"""The list of conversations read in rounds: every page, nothing twice, nothing lost at the seam of two rounds."""

from typing import Any

import pytest
from copilot_adapter_tiktok_shop.polling import Place

from copilot.domain.message import Message, Role
from copilot.domain.order import AfterSale, AfterSaleKind, Order, OrderStatus
from copilot.sdk import Batch, Malformed, MessageEvent, OrderChanged
from copilot.sdk.testing import Shopper

from .conftest import Stage


async def round_from(stage: Stage, cursor: str | None) -> tuple[list[str], Batch, int]:
    """The words of one round, its last look, and how many looks it took."""
    said: list[str] = []
    for looks in range(1, 100):
        batch = await stage.adapter.poll(stage.account, cursor)
        said += [one.message.text for one in batch.events if isinstance(one, MessageEvent)]
        cursor = batch.cursor
        assert cursor is not None
        assert len(cursor) <= 4000, "the core keeps no longer ones"
        if not batch.more:
            return said, batch, looks
    raise AssertionError("the round has no end")


async def test_a_round_reads_every_page_and_the_next_one_only_what_is_new(stage: Stage) -> None:
    for number in range(45):
        stage.platform.add_shopper(Shopper(id=f"s{number}", nickname=f"S{number}"))
        await stage.platform.say(f"s{number}", f"from {number}")
    for number in range(25):
        await stage.platform.colleague_says("robin", f"reply {number}")
    stage.clock.advance(120)
    said, first, looks = await round_from(stage, None)
    assert looks == 3 + 3, "20 conversations a look, and three lists of orders"
    assert sorted(one for one in said if one.startswith("from")) == sorted(f"from {number}" for number in range(45))
    assert [one for one in said if one.startswith("reply")] == [f"reply {number}" for number in range(25)]
    assert first.wait == 300
    stage.clock.advance(300)
    await stage.platform.say("kim", "hello")
    said, second, _ = await round_from(stage, first.cursor)
    assert said == ["hello"]
    assert (await round_from(stage, second.cursor))[0] == []


async def test_orders_returns_and_cancellations_that_moved_are_told_once(stage: Stage) -> None:
    """Of one shop's 130 orders: more than a page, with requests of both kinds among them."""
    for number in range(130):
        stage.platform.add_order(order(stage, str(5000 + number)), "robin")
        stage.clock.advance(1)
    stage.clock.advance(100)
    told, first = await moved_since(stage, None)
    assert told == [str(5000 + number) for number in range(130)]
    stage.clock.advance(300)
    stage.platform.faults.drop = 9
    refund = AfterSale(id="71", kind=AfterSaleKind.REFUND, status="requested")
    back = AfterSale(id="72", kind=AfterSaleKind.RETURN, status="requested")
    await stage.platform.change_order(order(stage, "5007", after_sales=(refund,), status=OrderStatus.TO_SHIP))
    await stage.platform.change_order(order(stage, "5009", after_sales=(back,)))
    told, second = await moved_since(stage, first)
    assert told == ["5007", "5009", "5009", "5007"], "the orders, the return, the cancellation"
    stage.clock.advance(30)
    assert (await moved_since(stage, second))[0] == []


async def moved_since(stage: Stage, cursor: str | None) -> tuple[list[str], str | None]:
    told: list[str] = []
    for _ in range(30):
        batch = await stage.adapter.poll(stage.account, cursor)
        told += [one.order_id for one in batch.events if isinstance(one, OrderChanged)]
        cursor = batch.cursor
        assert len(cursor or "") <= 4000, "the core keeps no longer ones"
        if not batch.more:
            return told, cursor
    raise AssertionError("the round has no end")


def order(stage: Stage, number: str, **more: Any) -> Order:
    whole = {"id": number, "status": OrderStatus.SHIPPED, "created_at": stage.clock.now(), **more}
    return Order.model_validate(whole)


async def test_what_was_stored_late_is_found_by_the_next_round(stage: Stage) -> None:
    """The platform stamps a message and shows it a while later: it is older than the round that missed it."""
    await stage.platform.say("robin", "one")
    said, first, _ = await round_from(stage, None)
    assert said == ["one"]
    thread = stage.platform.chats.of_shopper("robin")
    stage.platform.chats.post(thread, Message(role=Role.BUYER, text="stamped then, shown now"))
    stage.clock.advance(30)
    assert (await round_from(stage, first.cursor))[0] == ["stamped then, shown now"]


async def test_the_first_round_goes_back_an_hour_and_no_further(stage: Stage) -> None:
    await stage.platform.say("robin", "long ago")
    stage.clock.advance(3601)
    await stage.platform.say("kim", "lately")
    assert (await round_from(stage, None))[0] == ["lately"]


async def test_more_than_a_cursor_holds_is_given_again_and_never_lost(stage: Stage) -> None:
    for number in range(90):
        await stage.platform.say("robin", f"m{number}")
    said, first, _ = await round_from(stage, None)
    again, second, _ = await round_from(stage, first.cursor)
    assert said == [f"m{number}" for number in range(90)]
    assert set(again) < set(said), "known by their ids in the core"
    await stage.platform.say("robin", "new")
    assert "new" in (await round_from(stage, second.cursor))[0]


@pytest.mark.parametrize(
    "cursor", ["", "x", "[]", "{}", '{"since":-1}', '{"since":"9999999999999"}', '{"since":1,"x":2}']
)
def test_a_cursor_of_garbage_is_refused(cursor: str) -> None:
    with pytest.raises(Malformed):
        Place.of(cursor, 1_800_000_000)
