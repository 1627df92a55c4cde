"""What lint believes of facts that are computed from one another: every line of it, against random orders."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.domain.money import Money
from copilot.domain.order import AfterSale, Item, Order, OrderStatus, Product, Shipment, TrackingEvent
from copilot.playbook import Authority, Given
from copilot.playbook.conditions import Expression
from copilot.playbook.derived import WORDS, is_always_known, lines
from copilot.playbook.logic import impossible
from copilot.playbook.scenes import scope_of
from copilot.playbook.values import names

TEXTS = ("碎了一个", "", "碎了,少了一个", "碎了一个", "退货到付", "在吗", "什么材质,多重")
STATES = "unpaid to_ship shipped delivered completed cancelled unknown".split()
REQUESTS = "processing refunded rejected closed success".split()
ARRIVES = {"min": 1, "max": 5}

ago = st.none() | st.integers(-2, 40)


def yuan(minor: int | None) -> Money | None:
    return None if minor is None else Money.from_minor(minor, "CNY")


@st.composite
def parcels(draw: Any, now: Any) -> Shipment:
    days = draw(st.integers(0, 30))
    text = draw(st.sampled_from(["到达", "退回寄件人", "已放入驿站", "面单已打印", "门卫代收"]))
    values = {
        "tracking_no": draw(st.none() | st.just("SF1")),
        "status": draw(st.sampled_from([None, "delivered", "in_transit", "returned", "pending"])),
        "events": draw(st.sampled_from([[], [{"at": now - timedelta(days=days), "text": text}]])),
        "eta": draw(st.none() | st.integers(-5, 5).map(lambda n: now + timedelta(days=n))),
    }
    return Shipment.model_validate(values)


@st.composite
def requests(draw: Any, now: Any) -> AfterSale:
    def moment() -> Any:
        days = draw(ago)
        return None if days is None else now - timedelta(days=days)

    values = {
        "id": draw(st.sampled_from(["as1", "as2"])),
        "kind": draw(st.sampled_from(["refund", "return", "exchange", "reship"])),
        "status": draw(st.sampled_from(REQUESTS)),
        "amount": yuan(draw(st.sampled_from([1, 5990, None]))),
        "received_at": moment(),
        "refunded_at": moment(),
    }
    return AfterSale.model_validate(values)


@st.composite
def orders(draw: Any, now: Any) -> Order:
    """Any order that a platform, or a broken one, could report."""
    arrived, due = draw(ago), draw(st.none() | st.integers(-5, 5))
    price = yuan(draw(st.none() | st.sampled_from([100, 5990])))
    count = draw(st.sampled_from([1, 1, 0, 2]))
    items = [Item(product_id=f"p{n}", name=f"货{n}", price=price, quantity=2) for n in range(count)]
    status, shipments = draw(st.sampled_from(STATES)), tuple(draw(st.lists(parcels(now), max_size=2)))
    if draw(st.sampled_from([True, *[False] * 7])):
        # It arrived long ago, and another parcel left after that.
        later = draw(parcels(now)).model_copy(update={"events": (TrackingEvent(at=now, text="到达"),)})
        status, arrived, shipments = OrderStatus.DELIVERED, 20, (draw(parcels(now)), later)
    return Order(
        id="o1",
        status=status,
        region=draw(st.sampled_from([None, "CN"])),
        created_at=now - timedelta(days=50),
        ship_by=None if due is None else now + timedelta(days=due),
        delivered_at=None if arrived is None else now - timedelta(days=arrived),
        total=yuan(draw(st.sampled_from([5990, 9990, None]))),
        items=tuple(items),
        shipments=shipments,
        after_sales=tuple(draw(st.lists(requests(now), max_size=2))),
    )


def product(draw: Any) -> Product:
    attributes = draw(
        st.sampled_from([{}, {"warranty_days": 30}, {"promotion": "x", "sizes": "S, M", "includes": "杯盖1 杯垫2"}])
    )
    price = yuan(draw(st.none() | st.just(4990)))
    return Product(id="p0", name="货0", price=price, stock=draw(st.none() | st.just(3)), attributes=attributes)


@st.composite
def situations(draw: Any, a: Any) -> Any:
    return a.situation(
        draw(st.sampled_from(["damaged", "size_mismatch", "refund_status"])),
        about=draw(st.none() | orders(a.NOW)),
        terms=draw(
            st.sampled_from(
                [{}, {"warranty_days": 90, "price_protection_days": 7, "refund_arrival_business_days": ARRIVES}]
            )
        ),
        products=draw(st.sampled_from([None, ()])) if draw(st.booleans()) else (product(draw),),
        text=draw(st.sampled_from(TEXTS)),
        read={"answered": draw(st.sampled_from([{}, {"missing": "少了一个"}, {"missing": "杯盖"}, {"short": "1/2"}]))},
        dates_unsure=draw(st.booleans()),
        authority=Authority(
            per_order=yuan(draw(st.none() | st.just(5000))),
            given=Given(per_order={"CNY": draw(st.sampled_from([0, 9000]))}),
        ),
    )


def seen_in(playbooks: Any, situation: Any) -> dict[str, Any]:
    issue = situation.understanding.issues[0].issue
    return scope_of(playbooks, playbooks.by_issue[issue], situation).seen


def test_every_line_holds_for_random_orders(a: Any, playbooks: Any, compiled_lines: Any) -> None:
    reached: set[str] = set()
    paths = names(playbooks.words)

    @settings(max_examples=400)
    @given(data=st.data())
    def look(data: Any) -> None:
        seen = seen_in(playbooks, data.draw(situations(a)))
        for path in paths:
            group, name = path.split(".")[:2]
            value = seen[group].get(name)
            assert value is not None or not is_always_known(path), path
            assert value is None or path not in WORDS or value in WORDS[path], path
        for premise, then in compiled_lines:
            if premise.holds(seen) is True:
                reached.add(premise.source)
                assert then.holds(seen) is True, (premise.source, then.source)

    look()
    # Every line was put to the test. (What goods state in rows is not varied here.)
    assert {premise for premise, _ in lines()} - reached <= {"question.row"}


@pytest.fixture(scope="module")
def compiled_lines(playbooks: Any) -> Any:
    known = names(playbooks.words)
    return [(Expression(premise, known), Expression(then, known)) for premise, then in lines()]


@pytest.mark.parametrize("group", ["order", "shipment", "item", "product"])
def test_what_is_told_of_a_thing_needs_the_thing(group: str, playbooks: Any) -> None:
    """A name that ``values.py`` gains is in the table as well."""
    for path in names(playbooks.words):
        if path.startswith(f"{group}.") and not is_always_known(path) and path != "shipment.whole":
            assert impossible(f"!{group}.known && has({path})"), path
