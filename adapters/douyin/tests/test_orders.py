"""Orders over the emulated platform: whole, honest about what is unknown, and never another buyer's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from copilot_adapter_douyin.adapter import DouyinAdapter
from copilot_adapter_douyin.client import Refused
from copilot_adapter_douyin.emulator import payloads
from copilot_adapter_douyin.mapping import after_sale, moment, order_of, shipment
from copilot_adapter_douyin.wire import AfterSaleItem, Route, ShopOrder
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.money import Money
from copilot.domain.order import AfterSale, AfterSaleKind, Item, Order, OrderStatus, Shipment, TrackingEvent
from copilot.sdk import (
    Account,
    AdapterError,
    FoundOrder,
    Malformed,
    NotAuthorized,
    PlatformDown,
    Throttled,
    TokenExpired,
    Who,
)
from copilot.sdk.testing import Placed

from .conftest import NOON, Shop

Answering = Callable[[Callable[[httpx.Request], httpx.Response]], Account]
YUAN = Money(amount="59.90", currency="CNY")


def order(number: str, **changed: Any) -> Order:
    whole: dict[str, Any] = {
        "id": number,
        "status": OrderStatus.SHIPPED,
        "created_at": NOON - timedelta(days=2),
        "paid_at": NOON - timedelta(days=2),
        "ship_by": NOON - timedelta(days=1),
        "total": YUAN,
        "items": (Item(product_id="3600200417709313", name="手绘陶瓷杯", sku="青花", price=YUAN),),
        "shipments": (
            Shipment(
                carrier="顺丰速运",
                tracking_no=f"SF{number}",
                status="in_transit",
                events=(
                    TrackingEvent(at=NOON - timedelta(hours=30), text="【景德镇市】已揽收"),
                    TrackingEvent(at=NOON - timedelta(hours=3), text="【杭州转运中心】已到达"),
                ),
            ),
        ),
    }
    return Order.model_validate({**whole, **changed})


def ids(found: tuple[FoundOrder, ...]) -> list[str]:
    return [one.order.id for one in found]


async def test_an_order_arrives_whole(shop: Shop) -> None:
    placed = order(
        "6938107726650091521",
        after_sales=(
            AfterSale(
                id="7001",
                kind=AfterSaleKind.RETURN,
                status="awaiting_seller",
                amount=YUAN,
                deadline=NOON + timedelta(days=1),
            ),
        ),
    )
    shop.emulator.add_order(placed, "anna")
    found = await shop.adapter.order(shop.account, placed.id)
    assert found is not None
    assert found.order == placed
    assert found.buyer_key == payloads.open_id(shop.emulator.shop_id, "anna")


async def test_there_is_no_such_order(shop: Shop) -> None:
    assert await shop.adapter.order(shop.account, "6938107726650091521") is None
    assert len(shop.emulator.calls) == 1


@pytest.mark.parametrize(("code", "error"), [(50002, AdapterError), (40004, AdapterError), (40001, Refused)])
async def test_a_number_that_the_platform_dislikes_is_told_from_a_defect(
    answering: Answering, code: int, error: type[Exception]
) -> None:
    account = answering(lambda _: httpx.Response(200, json={"code": code, "sub_msg": "不支持"}))
    with pytest.raises(AdapterError) as raised:
        await DouyinAdapter().order(account, "1001")
    assert type(raised.value) is error


@pytest.mark.parametrize("number", ["", "订单", "1;2", "a b", "1" * 41])
async def test_what_can_be_no_number_is_not_asked_for(shop: Shop, number: str) -> None:
    assert await shop.adapter.order(shop.account, number) is None
    assert not shop.emulator.calls


async def test_an_order_of_another_shop_is_none_of_ours(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.emulator.add_order(order("1001"), "anna")
    told = payloads.order_payload

    def elsewhere(placed: Placed, number: str) -> dict[str, Any]:
        return {**told(placed, number), "shop_id": 999}

    monkeypatch.setattr(payloads, "order_payload", elsewhere)
    assert await shop.adapter.order(shop.account, "1001") is None


async def test_a_buyers_orders_are_theirs_alone(shop: Shop) -> None:
    for number in range(6):
        placed = order(str(1000 + number), created_at=NOON - timedelta(hours=number))
        shop.emulator.add_order(placed, "anna" if number % 2 else "bo")
    key = payloads.open_id(shop.emulator.shop_id, "anna")
    found = await shop.adapter.buyer(shop.account, Who(conversation="c", buyer="anna", order_key=key))
    assert ids(found.orders) == ["1001", "1003", "1005"]
    assert {one.buyer_key for one in found.orders} == {key}
    assert found.order_key == key


async def test_another_buyers_order_is_left_out_even_when_it_is_named(shop: Shop) -> None:
    shop.emulator.add_order(order("1001"), "anna")
    shop.emulator.add_order(order("1002"), "bo")
    key = payloads.open_id(shop.emulator.shop_id, "anna")
    found = await shop.adapter.buyer(shop.account, Who(conversation="c", order_key=key, orders=("1002", "1001", "9")))
    assert ids(found.orders) == ["1001"]


async def test_a_card_tells_who_the_buyer_is(shop: Shop) -> None:
    shop.emulator.add_order(order("1001"), "anna")
    shop.emulator.add_order(order("1002"), "anna")
    shop.emulator.add_order(order("1003"), "bo")
    found = await shop.adapter.buyer(shop.account, Who(conversation="c", orders=("1001",)))
    assert sorted(ids(found.orders)) == ["1001", "1002"]
    assert found.order_key == payloads.open_id(shop.emulator.shop_id, "anna")


async def test_cards_of_two_buyers_tell_nobody(shop: Shop) -> None:
    shop.emulator.add_order(order("1001"), "anna")
    shop.emulator.add_order(order("1003"), "bo")
    found = await shop.adapter.buyer(shop.account, Who(conversation="c", orders=("1001", "1003")))
    assert found.orders == ()
    assert found.order_key is None


async def test_a_nameless_buyer_has_no_orders_and_costs_no_call(shop: Shop) -> None:
    shop.emulator.add_order(order("1001"), "anna")
    found = await shop.adapter.buyer(shop.account, Who(conversation="c", buyer="anna"))
    assert found.orders == ()
    assert not shop.emulator.calls


async def test_the_search_is_bounded_by_days_pages_and_orders(shop: Shop) -> None:
    for number in range(250):
        placed = order(str(1000 + number), created_at=NOON - timedelta(minutes=number), shipments=())
        shop.emulator.add_order(placed, "anna" if number in (0, 120, 249) else "bo")
    shop.emulator.add_order(order("9", created_at=NOON - timedelta(days=40)), "anna")
    who = Who(conversation="c", order_key=payloads.open_id(shop.emulator.shop_id, "anna"))
    assert ids((await shop.adapter.buyer(shop.account, who)).orders) == ["1000", "1120", "1249"]
    two_pages = shop.with_settings(recent_pages=2)
    assert ids((await shop.adapter.buyer(two_pages, who)).orders) == ["1000", "1120"]
    shop.emulator.calls.clear()
    one_order = shop.with_settings(recent_orders=1)
    assert ids((await shop.adapter.buyer(one_order, who)).orders) == ["1000"]
    assert list(shop.emulator.calls).count("order.searchList") == 1
    assert ids((await shop.adapter.buyer(shop.with_settings(recent_pages=0), who)).orders) == []


async def test_an_order_that_the_platform_tied_to_the_chat_is_there_however_old(shop: Shop) -> None:
    for number in range(3):
        shop.emulator.add_order(order(str(1000 + number), created_at=NOON - timedelta(days=number)), "anna")
    key = payloads.open_id(shop.emulator.shop_id, "anna")
    who = Who(conversation="c", order_key=key, orders=("1002",))
    assert ids((await shop.adapter.buyer(shop.with_settings(recent_orders=1), who)).orders) == ["1000", "1002"]


async def test_a_parcel_that_cannot_be_followed_is_not_told_as_unscanned(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.emulator.add_order(order("1001"), "anna")
    told = payloads.order_payload

    def by_nobody(placed: Placed, number: str) -> dict[str, Any]:
        payload = told(placed, number)
        return {**payload, "logistics_info": [{**one, "company": "nobody"} for one in payload["logistics_info"]]}

    monkeypatch.setattr(payloads, "order_payload", by_nobody)
    found = await shop.adapter.order(shop.account, "1001")
    assert found is not None
    assert found.order.shipments == ()
    assert found.order.status is OrderStatus.SHIPPED


@pytest.mark.parametrize(
    ("fault", "error"), [("server_error", PlatformDown), ("throttle", Throttled), ("token_expired", TokenExpired)]
)
async def test_what_goes_wrong_is_said_and_nothing_is_half_told(shop: Shop, fault: str, error: type[Exception]) -> None:
    shop.emulator.add_order(order("1001"), "anna")
    key = payloads.open_id(shop.emulator.shop_id, "anna")
    setattr(shop.emulator.faults, fault, 1)
    with pytest.raises(error):
        await shop.adapter.buyer(shop.account, Who(conversation="c", order_key=key, orders=("1001",)))


async def test_after_sales_that_cannot_be_read_hide_the_order(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    request = AfterSale(id="7", kind=AfterSaleKind.REFUND, status="awaiting_seller")
    shop.emulator.add_order(order("1001", after_sales=(request,)), "anna")

    def unreadable(placed: Placed, asked: AfterSale) -> dict[str, Any]:
        return {"no": f"information on {placed.order.id} {asked.id}"}

    monkeypatch.setattr(payloads, "after_sale_payload", unreadable)
    with pytest.raises(Malformed, match=r"afterSale\.List"):
        await shop.adapter.order(shop.account, "1001")


async def test_a_wrong_secret_is_for_a_person(shop: Shop) -> None:
    shop.emulator.add_order(order("1001"), "anna")
    secret = type(shop.account.settings.app_secret)("wrong")
    with pytest.raises(NotAuthorized):
        await shop.adapter.order(shop.with_settings(app_secret=secret), "1001")


# The mapping alone, without calls.


def row(**fields: Any) -> ShopOrder:
    return ShopOrder.model_validate({"order_id": "1", **fields})


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"order_status": 1}, "unpaid"),
        ({"order_status": 105}, "to_ship"),
        ({"order_status": 2}, "to_ship"),
        ({"order_status": 101}, "shipped"),
        ({"order_status": 3}, "shipped"),
        ({"order_status": 4}, "cancelled"),
        ({"order_status": 5}, "completed"),
        ({"order_status": 22, "main_status": 5}, "completed"),
        ({"order_status": 0, "main_status": 103}, "unpaid"),
        ({"order_status": 39}, "unknown"),
        ({}, "unknown"),
        ({"order_status": 3, "sku_order_list": [{"logistics_receipt_time": 5}]}, "delivered"),
        ({"order_status": 3, "sku_order_list": [{"logistics_receipt_time": 5}, {}]}, "shipped"),
        ({"order_status": 3, "sku_order_list": [{"logistics_receipt_time": 5}, {"order_status": 4}]}, "delivered"),
        ({"order_status": 101, "sku_order_list": [{"logistics_receipt_time": 5}]}, "shipped"),
    ],
)
def test_where_an_order_stands(fields: dict[str, Any], status: str) -> None:
    assert order_of(row(**fields), (), ()).status == status


def test_a_line_costs_what_was_paid_for_it_rounded_down() -> None:
    line = {"product_name": "a", "item_num": 3, "origin_amount": 1000, "pay_amount": 2000}
    paid = order_of(row(pay_time=1, pay_amount=2000, order_amount=3000, sku_order_list=[line]), (), ())
    assert paid.items[0].price == Money(amount="6.66", currency="CNY")
    assert paid.total == Money(amount="20.00", currency="CNY")
    unpaid = order_of(row(pay_amount=0, order_amount=3000, sku_order_list=[{**line, "pay_amount": 0}]), (), ())
    assert unpaid.items[0].price == Money(amount="10.00", currency="CNY")
    assert unpaid.total == Money(amount="30.00", currency="CNY")


def test_a_parcel_has_arrived_when_all_in_it_was_signed_for() -> None:
    told = row(
        order_status=3,
        sku_order_list=[
            {"order_id": "a", "sku_id": 1, "logistics_receipt_time": 50},
            {"order_id": "b", "sku_id": 2},
        ],
        logistics_info=[
            {"tracking_no": "x", "product_info": [{"sku_order_id": "a"}]},
            {"tracking_no": "y", "product_info": [{"sku_id": 2}]},
            {"tracking_no": "z"},
        ],
    )
    states = [shipment(told, parcel, Route()).status for parcel in told.logistics_info]
    assert states == ["delivered", None, None]


@pytest.mark.parametrize(
    ("number", "status"),
    [(6, "awaiting_seller"), (12, "success"), (27, "rejected"), (28, "closed"), (14, "done"), (99, "state_99")],
)
def test_a_request_says_where_it_stands(number: int, status: str) -> None:
    info = {"aftersale_id": 7, "aftersale_type": 3, "aftersale_status": number}
    request = after_sale(AfterSaleItem.model_validate({"aftersale_info": info}).aftersale_info)
    assert (request.status, request.kind, request.amount, request.deadline) == (status, "exchange", None, None)


@pytest.mark.parametrize(
    ("kind", "number", "shown"), [(1, 12, True), (0, 12, True), (3, 12, False), (1, 6, False), (1, 28, False)]
)
def test_a_refund_that_succeeded_shows_that_money_left_and_tells_no_day(kind: int, number: int, shown: bool) -> None:
    info = {"aftersale_id": 7, "aftersale_type": kind, "aftersale_status": number, "update_time": 1_780_000_000}
    request = after_sale(AfterSaleItem.model_validate({"aftersale_info": info}).aftersale_info)
    assert request.refunded_at is None
    assert (request.money_left_at == moment(1_780_000_000)) is shown


TIMES = st.datetimes(
    min_value=(NOON - timedelta(days=900)).replace(tzinfo=None), max_value=NOON.replace(tzinfo=None)
).map(lambda at: at.replace(microsecond=0, tzinfo=NOON.tzinfo))
FEN = st.integers(0, 10**7).map(lambda fen: Money.from_minor(fen, "CNY"))
WORDS = st.text(min_size=1, max_size=20)
ITEMS = st.builds(
    Item,
    product_id=st.integers(1, 2**63).map(str),
    name=WORDS,
    sku=st.none() | WORDS,
    quantity=st.integers(1, 9),
    price=FEN,
)


@given(
    st.lists(ITEMS, min_size=1, max_size=3),
    FEN,
    TIMES,
    TIMES,
    st.sampled_from(["to_ship", "shipped", "completed"]),
    st.none() | st.sampled_from(["CN-44", "CN-65", "CN-11"]),
)
def test_what_the_platform_can_say_arrives_unchanged(
    items: list[Item], total: Money, made: Any, paid: Any, status: str, region: str | None
) -> None:
    placed = Order(
        id="6938107726650091521",
        status=OrderStatus(status),
        created_at=made,
        paid_at=paid,
        ship_by=paid,
        total=total,
        region=region,
        items=tuple(items),
    )
    told = payloads.order_payload(Placed(placed, "anna", NOON), "77")
    assert order_of(ShopOrder.model_validate(told), (), ()) == placed


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ({"province": {"name": "广东省", "id": "440000"}, "city": {"name": "深圳市"}, "detail": "**路**号"}, "CN-44"),
        ({"province": {"name": "新疆维吾尔自治区"}}, "CN-65"),
        ({"province": {"name": "北京"}}, "CN-11"),
        ({"province": {"name": "**省"}}, None),
        ({"province": {}}, None),
        ({"province": "广东省"}, None),
        ({"detail": "**路**号"}, None),
        ("广东省", None),
        (None, None),
    ],
)
def test_where_it_goes_is_a_province_and_nothing_else(address: Any, region: str | None) -> None:
    told = row(mask_post_addr=address)
    assert order_of(told, (), ()).region == region
    assert "深圳" not in told.model_dump_json()


def test_personal_data_is_not_even_read() -> None:
    told = payloads.order_payload(Placed(order("1"), "anna", NOON), "77")
    private = ["$encrypted-phone$", "$encrypted-name$", "$encrypted-address$", "张*", "**路**号"]
    assert all(one in str(told) for one in private)
    kept = ShopOrder.model_validate(told).model_dump_json()
    assert not any(one in kept for one in private)


async def test_a_delivered_order_is_delivered_even_when_nobody_said_when(shop: Shop) -> None:
    shop.emulator.add_order(order("1001", status=OrderStatus.DELIVERED), "anna")
    found = await shop.adapter.order(shop.account, "1001")
    assert found is not None
    assert (found.order.status, found.order.delivered_at) == (OrderStatus.DELIVERED, NOON - timedelta(hours=3))
