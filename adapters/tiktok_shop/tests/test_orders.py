"""The platform's orders in our vocabulary, and our orders on the platform's wire and back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from copilot_adapter_tiktok_shop import orders
from copilot_adapter_tiktok_shop.emulator import shapes
from copilot_adapter_tiktok_shop.wire import Cancellation, Return, Scan, WireOrder
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.money import Money
from copilot.domain.order import (
    AfterSale,
    AfterSaleKind,
    Item,
    Order,
    OrderStatus,
    Shipment,
    TrackingEvent,
)
from copilot.playbook.situation import after_sale_state
from copilot.sdk import Malformed
from copilot.sdk.testing import Shopper

ROBIN = Shopper(id="robin", nickname="Robin")
START = datetime(2026, 10, 1, tzinfo=UTC)


def line(**changed: Any) -> dict[str, Any]:
    base = {"product_id": "p1", "product_name": "Mug", "sku_id": "s1", "sku_name": "Blue", "sale_price": "9.90"}
    return {**base, "currency": "USD", "package_status": "TO_FULFILL", **changed}


def read(scans: list[dict[str, Any]] | None = None, returns: Any = (), cancels: Any = (), **fields: Any) -> Order:
    wire = WireOrder.model_validate({"id": "576653688135258178", "status": "IN_TRANSIT", **fields})
    return orders.order(
        wire,
        [Scan.model_validate(scan) for scan in scans or []],
        [Return.model_validate({"order_id": wire.id, "return_id": "1", **one}) for one in returns],
        [Cancellation.model_validate({"order_id": wire.id, "cancel_id": "1", **one}) for one in cancels],
    )


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("UNPAID", "unpaid"),
        ("ON_HOLD", "to_ship"),
        ("AWAITING_SHIPMENT", "to_ship"),
        ("AWAITING_COLLECTION", "to_ship"),
        ("PARTIALLY_SHIPPING", "unknown"),
        ("IN_TRANSIT", "shipped"),
        ("DELIVERED", "delivered"),
        ("COMPLETED", "completed"),
        ("CANCELLED", "cancelled"),
        ("CANCEL", "cancelled"),
        ("BRAND_NEW_STATE", "unknown"),
        ("", "unknown"),
    ],
)
def test_each_state_of_the_platform_has_one_of_ours(word: str, status: str) -> None:
    assert read(status=word).status.value == status


def test_units_of_one_variant_and_price_are_one_line() -> None:
    found = read(
        line_items=[
            line(),
            line(sku_name="Red", sku_id="s2"),
            line(),
            line(sale_price="0", is_gift=True),
            line(product_id="p2", product_name="Lid", sku_name="Default"),
        ]
    )
    lines = [(i.name, i.sku, i.quantity, i.price.amount if i.price else None) for i in found.items]
    assert lines == [
        ("Mug", "Blue", 2, "9.90"),
        ("Mug", "Red", 1, "9.90"),
        ("Mug", "Blue", 1, "0"),
        ("Lid", None, 1, "9.90"),
    ]


def test_times_that_are_none_stay_none() -> None:
    found = read(create_time=1760000000, paid_time=0, delivery_time="", rts_sla_time=None)
    assert found.created_at == datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)
    assert (found.paid_at, found.delivered_at, found.ship_by) == (None, None, None)


def test_a_time_that_no_calendar_has_is_none() -> None:
    assert read(create_time=10**15).created_at is None


def test_a_parcel_that_waits_for_its_carrier_has_the_carriers_deadline() -> None:
    waiting = {"rts_sla_time": 1760000000, "tts_sla_time": 1760086400}
    assert read(status="AWAITING_SHIPMENT", **waiting).ship_by == datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC)
    assert read(status="AWAITING_COLLECTION", **waiting).ship_by == datetime(2025, 10, 10, 8, 53, 20, tzinfo=UTC)


def test_a_number_beyond_53_bits_survives() -> None:
    assert read(id=576653688135258179).id == "576653688135258179"


def test_money_is_the_platforms_own_digits() -> None:
    assert read(payment={"currency": "IDR", "total_amount": "150000"}).total == Money(amount="150000", currency="IDR")
    assert read(payment={"currency": "USD", "total_amount": ""}).total is None
    with pytest.raises(Malformed):
        read(payment={"currency": "USD", "total_amount": "about 9"})


def test_scans_stand_in_the_order_of_time_whatever_order_they_came_in() -> None:
    scans = [
        {"description": "out for delivery", "update_time_millis": 1760086400123},
        {"description": "", "update_time_millis": 1760086400123},
        {"description": "picked up", "update_time_millis": "1760000000000"},
        {"description": "undated", "update_time_millis": 0},
    ]
    one = [line(package_id="1", package_status="FULFILLING", tracking_number="94001", shipping_provider_name="USPS")]
    (parcel,) = read(scans, line_items=one).shipments
    assert [event.text for event in parcel.events] == ["picked up", "out for delivery"]
    assert (parcel.carrier, parcel.tracking_no, parcel.status) == ("USPS", "94001", "in_transit")


def test_scans_of_several_parcels_belong_to_none_of_them() -> None:
    two = [line(package_id=number, package_status="FULFILLING", tracking_number=f"94{number}") for number in "12"]
    found = read([{"description": "delivered", "update_time_millis": 1760000000000}], line_items=two)
    assert [parcel.tracking_no for parcel in found.shipments] == ["941", "942"]
    assert all(parcel.events == () for parcel in found.shipments)


def test_nothing_packed_is_no_parcel_and_the_orders_own_number_is_one() -> None:
    assert read(line_items=[line(package_id="1")]).shipments == ()
    (parcel,) = read(tracking_number="94001", shipping_provider="UPS", line_items=[line()]).shipments
    assert (parcel.tracking_no, parcel.carrier, parcel.status) == ("94001", "UPS", None)


@pytest.mark.parametrize(
    ("word", "state", "refunded"),
    [
        ("RETURN_OR_REFUND_REQUEST_PENDING", "in_progress", False),
        ("REFUND_OR_RETURN_REQUEST_REJECT", "rejected", False),
        ("AWAITING_BUYER_SHIP", "in_progress", False),
        ("BUYER_SHIPPED_ITEM", "in_progress", False),
        ("REJECT_RECEIVE_PACKAGE", "rejected", False),
        ("RETURN_OR_REFUND_REQUEST_SUCCESS", "in_progress", False),
        ("RETURN_OR_REFUND_REQUEST_CANCEL", "closed", False),
        ("RETURN_OR_REFUND_REQUEST_COMPLETE", "refunded", True),
        ("REPLACEMENT_REQUEST_PENDING", "in_progress", False),
        ("REPLACEMENT_REQUEST_REJECT", "rejected", False),
        ("REPLACEMENT_REQUEST_REFUND_SUCCESS", "refunded", True),
        ("REPLACEMENT_REQUEST_CANCEL", "closed", False),
        ("AWAITING_BUYER_RESPONSE", "in_progress", False),
        ("SOME_NEW_SUCCESS", "in_progress", False),
        ("SOME_NEW_CANCELLED", "closed", False),
    ],
)
def test_only_a_completed_request_says_that_money_left(word: str, state: str, *, refunded: bool) -> None:
    money = {"currency": "USD", "refund_total": "9.90"}
    (found,) = read(returns=[{"return_status": word, "update_time": 1760000000, "refund_amount": money}]).after_sales
    assert after_sale_state(found) == state
    assert (found.refunded_at is not None) is refunded
    assert found.amount == Money(amount="9.90", currency="USD")


def test_a_consented_replacement_is_done_without_money() -> None:
    (found,) = read(
        returns=[{"return_type": "REPLACEMENT", "return_status": "REPLACEMENT_REQUEST_COMPLETE"}]
    ).after_sales
    assert (found.kind, after_sale_state(found)) == (AfterSaleKind.EXCHANGE, "done")


@pytest.mark.parametrize(
    ("word", "money", "state"),
    [
        ("CANCELLATION_REQUEST_PENDING", "9.90", "in_progress"),
        ("CANCELLATION_REQUEST_SUCCESS", "9.90", "in_progress"),
        ("CANCELLATION_REQUEST_COMPLETE", "9.90", "refunded"),
        ("CANCELLATION_REQUEST_COMPLETE", "0.00", "closed"),
        ("CANCELLATION_REQUEST_CANCEL", "9.90", "closed"),
        ("CANCELLATION_REQUEST_CANCELLED", "9.90", "closed"),
        ("CANCELLATION_REQUEST_WHATEVER", "9.90", "in_progress"),
    ],
)
def test_both_spellings_of_a_withdrawn_cancellation_are_closed(word: str, money: str, state: str) -> None:
    amount = {"currency": "USD", "refund_total": money}
    (found,) = read(cancels=[{"cancel_status": word, "update_time": 1, "refund_amount": amount}]).after_sales
    assert after_sale_state(found) == state


def test_the_earliest_deadline_counts_and_another_orders_request_does_not() -> None:
    actions = [{"action": "A", "deadline": 1760086400}, {"action": "B", "deadline": 1760000000}, {"action": "C"}]
    found = read(
        returns=[
            {"return_status": "BUYER_SHIPPED_ITEM", "seller_next_action_response": actions},
            {"order_id": "999", "return_id": "2", "return_status": "BUYER_SHIPPED_ITEM"},
        ]
    )
    assert [(one.id, one.deadline) for one in found.after_sales] == [
        ("1", datetime(2025, 10, 9, 8, 53, 20, tzinfo=UTC))
    ]


moments = st.integers(1, 5_000_000).map(lambda seconds: START + timedelta(seconds=seconds))
names = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20)
prices = st.integers(0, 999_999).map(lambda cents: Money.from_minor(cents, "USD"))
scanned = st.builds(TrackingEvent, at=moments, text=names)
requests = st.builds(
    AfterSale,
    id=st.integers(1, 10**18).map(str),
    kind=st.sampled_from([AfterSaleKind.RETURN, AfterSaleKind.REFUND]),
    status=st.sampled_from(["requested", "awaiting_return", "returning", "rejected", "approved", "closed"]),
    amount=prices,
    deadline=st.none() | moments,
)


@st.composite
def placed(draw: st.DrawFn) -> Order:
    """Orders that the platform's wire can carry without a loss."""
    status = draw(st.sampled_from([OrderStatus.SHIPPED, OrderStatus.DELIVERED, OrderStatus.TO_SHIP]))
    kinds = draw(st.lists(names.filter(lambda name: name != "Default"), unique=True, min_size=1, max_size=4))
    items = tuple(
        Item(product_id=f"p{at}", name=kind, sku=kind, quantity=draw(st.integers(1, 4)), price=draw(prices))
        for at, kind in enumerate(kinds)
    )
    events = tuple(sorted(draw(st.lists(scanned, max_size=4, unique_by=lambda e: e.at)), key=lambda e: e.at))
    word = {OrderStatus.SHIPPED: "in_transit", OrderStatus.DELIVERED: "delivered"}
    parcel = Shipment(
        carrier=draw(names), tracking_no="94001", status=word.get(status), eta=draw(st.none() | moments), events=events
    )
    return Order(
        id=str(draw(st.integers(1, 10**18))),
        status=status,
        created_at=draw(moments),
        paid_at=draw(st.none() | moments),
        ship_by=draw(st.none() | moments),
        delivered_at=draw(moments) if status is OrderStatus.DELIVERED else None,
        total=draw(prices),
        region=draw(st.none() | st.sampled_from(["US", "GB", "MY"])),
        items=items,
        shipments=() if status is OrderStatus.TO_SHIP else (parcel,),
        after_sales=tuple(draw(st.lists(requests, max_size=3, unique_by=lambda request: request.id))),
    )


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ({"region_code": "US", "postal_code": "9****", "full_address": "*** Main St"}, "US"),
        ({"region_code": "my"}, "MY"),
        ({"region_code": ""}, None),
        ({"region_code": "United States"}, None),
        ({"region_code": None}, None),
        ({}, None),
        ("somewhere", None),
        (None, None),
    ],
)
def test_where_it_goes_is_a_country_and_nothing_else(address: Any, region: str | None) -> None:
    assert read(recipient_address=address).region == region
    kept = WireOrder.model_validate({"id": "1", "recipient_address": address}).model_dump_json()
    assert "Main" not in kept
    assert "***" not in kept


def test_an_unpaid_order_tells_no_country() -> None:
    order = Order(id="1", status=OrderStatus.UNPAID, region="US")
    assert "recipient_address" not in shapes.order(order, ROBIN)


@given(placed())
def test_an_order_survives_the_wire(order: Order) -> None:
    wire = WireOrder.model_validate(shapes.order(order, ROBIN))
    back = orders.order(
        wire,
        [Scan.model_validate(one) for one in shapes.tracking(order)],
        [Return.model_validate(one) for one in shapes.returns(order)],
        [Cancellation.model_validate(one) for one in shapes.cancellations(order)],
    )
    # Requests of both calls come together anew; each keeps what it says, apart from words only one of them has.
    assert back.model_copy(update={"after_sales": ()}) == order.model_copy(update={"after_sales": ()})
    assert {one.id: (one.kind, one.amount, one.deadline) for one in back.after_sales} == {
        one.id: (one.kind, one.amount, one.deadline) for one in order.after_sales
    }
