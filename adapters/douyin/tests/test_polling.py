"""What pushes missed: orders and after-sales that moved, told once, however many there are and whatever was lost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from copilot_adapter_douyin.adapter import DouyinAdapter
from copilot_adapter_douyin.polling import Place
from pydantic_core import from_json

from copilot.domain.order import AfterSale, AfterSaleKind, OrderStatus
from copilot.sdk import Account, Batch, Malformed, OrderChanged

from .conftest import NOON, Shop
from .test_orders import order

Answering = Callable[[Callable[[httpx.Request], httpx.Response]], Account]


async def round_from(account: Account, cursor: str | None, most: int = 30) -> tuple[list[str], Batch]:
    """The orders that the looks of a round tell of, and the last of them."""
    told: list[str] = []
    for _ in range(most):
        batch = await DouyinAdapter().poll(account, cursor)
        told += [one.order_id for one in batch.events if isinstance(one, OrderChanged)]
        cursor = batch.cursor
        if not batch.more:
            return told, batch
    raise AssertionError("a round does not end")


async def test_orders_and_requests_that_moved_while_pushes_were_lost_are_told_once(shop: Shop) -> None:
    for number in ("1001", "1002", "1003"):
        shop.emulator.add_order(order(number), "anna")
    told, first = await round_from(shop.account, None)
    assert told == ["1001", "1002", "1003"]
    assert first.wait == 300
    shop.clock.advance(300)
    shop.emulator.faults.drop = 9
    await shop.emulator.change_order(order("1002", status=OrderStatus.COMPLETED))
    shop.clock.advance(10)
    request = AfterSale(id="7", kind=AfterSaleKind.REFUND, status="awaiting_seller")
    await shop.emulator.change_order(order("1003", after_sales=(request,)))
    told, second = await round_from(shop.account, first.cursor)
    assert told == ["1002", "1003", "1003"], "once by the order, once by its request"
    assert shop.heard == [], "no push arrived"
    shop.clock.advance(20)
    assert (await round_from(shop.account, second.cursor))[0] == [], "rounds overlap and give nothing twice"


async def test_what_was_listed_late_is_found_by_the_next_round(shop: Shop) -> None:
    _, first = await round_from(shop.account, None)
    shop.emulator.add_order(order("1001"), "anna")
    # Stamped at that second and shown afterwards.
    shop.clock.advance(50)
    assert (await round_from(shop.account, first.cursor))[0] == ["1001"]


async def test_the_first_round_goes_back_an_hour_and_no_further(shop: Shop) -> None:
    shop.emulator.add_order(order("1001"), "anna")
    shop.clock.advance(3601)
    shop.emulator.add_order(order("1002"), "anna")
    assert (await round_from(shop.account, None))[0] == ["1002"]


async def test_more_than_a_page_is_read_to_its_end_also_when_orders_move_meanwhile(shop: Shop) -> None:
    for number in range(250):
        shop.emulator.add_order(order(str(1000 + number)), "anna")
        shop.clock.advance(1)
    batch = await shop.adapter.poll(shop.account, None)
    told = [one.order_id for one in batch.events if isinstance(one, OrderChanged)]
    # With numbered pages over the same beginning, the next page would now leave one of the others out.
    await shop.emulator.change_order(order("1000", status=OrderStatus.COMPLETED))
    rest, last = await round_from(shop.account, batch.cursor)
    assert set(told + rest) == {str(1000 + number) for number in range(250)}
    assert rest[-1] == "1000", "and what moved again is told again"
    assert len(last.cursor or "") < 4000


async def test_many_that_moved_in_one_second_are_read_page_by_page(shop: Shop) -> None:
    for number in range(230):
        shop.emulator.add_order(order(str(1000 + number)), "anna")
    told, last = await round_from(shop.account, None)
    assert set(told) == {str(1000 + number) for number in range(230)}
    shop.clock.advance(120)
    again, last = await round_from(shop.account, last.cursor)
    assert set(again) <= set(told), "what a cursor cannot hold is told again"
    assert (await round_from(shop.account, last.cursor))[0] == [], "and not for ever"


async def test_rows_of_others_or_without_a_time_end_no_round_and_hide_nothing(answering: Answering) -> None:
    rows: list[dict[str, Any]] = [
        {"order_id": "1001", "shop_id": 12345},
        {"order_id": "1002", "shop_id": 999, "update_time": 5},
        {"order_id": "a b", "update_time": 5},
        {"order_id": "1003", "update_time": 10**12},
    ]
    answers = [{"shop_order_list": rows}, {"items": []}] * 2

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"code": 10000, "data": answers.pop(0)})

    account = answering(answer)
    told, first = await round_from(account, None)
    assert told == ["1001", "1003"]
    assert (await round_from(account, first.cursor))[0] == ["1001", "1003"], "without a time none is known to be old"


async def test_a_platform_that_gives_the_same_page_for_ever_is_not_asked_for_ever(answering: Answering) -> None:
    asked: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(from_json(request.content)["page"])
        same = [{"order_id": str(1000 + number)} for number in range(100)]
        listed = {"shop_order_list": same} if "order" in request.url.path else {"items": []}
        return httpx.Response(200, json={"code": 10000, "data": listed})

    await round_from(answering(answer), None, most=60)
    assert asked == [*range(50), 0]


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "[]", "{}", '{"orders":{"since":1}}', '{"orders":{"since":-1},"after_sales":{"since":1}}'],
)
def test_a_cursor_of_garbage_is_refused(cursor: str) -> None:
    with pytest.raises(Malformed):
        Place.of(cursor, int((NOON + timedelta(days=1)).timestamp()))
