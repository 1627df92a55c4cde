"""Parcels that do not come as they should: sent back by the carrier, never scanned, waited for too long."""

from typing import Any

import pytest

from copilot.domain.case import Case, CaseState
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook import decide

RETURN = {"id": "4037", "kind": "return", "status": "buyer_shipped", "amount": {"amount": "59.90", "currency": "CNY"}}


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert not isinstance(plan, NoPlan), plan
    return plan


def turned_back(a: Any, status: str = "returning", text: str = "多次联系收件人未果,快件退回中") -> Any:
    parcel: dict[str, Any] = a.parcel(eta_in=None)
    parcel |= {"status": status, "events": [{"at": a.NOW, "text": text}]}
    return a.shipped(shipments=[parcel])


@pytest.mark.parametrize("issue", ["logistics_query", "return_exchange", "refund_request", "delivery_delay"])
def test_a_parcel_that_turned_back_is_told_as_that_whatever_is_wished(a: Any, playbooks: Any, issue: str) -> None:
    plan = planned(playbooks, a.situation(issue, about=turned_back(a)))
    assert (plan.act, plan.issue, plan.scene) == (Act.HOLD, Issue.LOGISTICS_QUERY, "returning")
    assert not plan.options
    assert "shipment.SF1.last_event.text" in plan.points
    assert [one.what for one in plan.promises] == ["hold"]


@pytest.mark.parametrize(
    ("status", "text", "scene"),
    [
        ("in_transit", "Returned to sender", "returning"),
        ("in_transit", "Departed, to be returned to the depot for sorting", "in_transit"),
        ("in_transit", "【长沙市】派送中", "in_transit"),
    ],
)
def test_what_the_last_scan_says_tells_that_it_turned_back(
    a: Any, playbooks: Any, status: str, text: str, scene: str
) -> None:
    plan = planned(playbooks, a.situation("logistics_query", about=turned_back(a, status, text)))
    assert plan.scene == scene


def test_a_return_that_the_buyer_asked_for_is_no_parcel_that_turned_back(a: Any, playbooks: Any) -> None:
    parcel = {**a.parcel(eta_in=None), "status": "returning"}
    plan = planned(playbooks, a.situation("refund_status", about=a.order(shipments=[parcel], after_sales=[RETURN])))
    assert plan.scene == "in_progress"


@pytest.mark.parametrize("issue", ["logistics_query", "shipping_time", "delivery_delay", "lost_parcel", "not_received"])
def test_a_number_without_a_scan_is_looked_into_and_not_on_its_way(a: Any, playbooks: Any, issue: str) -> None:
    unscanned: dict[str, Any] = a.parcel(eta_in=None) | {"events": []}
    plan = planned(playbooks, a.situation(issue, about=a.shipped(shipments=[unscanned])))
    assert (plan.act, plan.scene) == (Act.HOLD, "unscanned")
    assert "shipment.SF1.number" in plan.points


@pytest.mark.parametrize("issue", ["logistics_query", "shipping_time", "not_received"])
def test_a_day_that_is_known_is_told_without_a_scan(a: Any, playbooks: Any, issue: str) -> None:
    plan = planned(playbooks, a.situation(issue, about=a.shipped(shipments=[{**a.parcel(), "events": []}])))
    assert plan.scene == "in_transit"


STILL = {"days_still": 6, "eta_in": -3}


@pytest.mark.parametrize(
    ("issue", "text", "options"),
    [
        ("refund_request", "不到的话是不是退我钱", {"reship", "refund_full"}),
        ("refund_request", "if it doesn't come do i get my money back", {"reship", "refund_full"}),
        ("refund_request", "just give me my money back", {"refund_full"}),
        ("return_exchange", "能不能重新发一个给我", {"reship"}),
        ("return_exchange", "cant u just send another one", {"reship"}),
    ],
)
def test_a_parcel_that_no_longer_moves_is_offered_again_or_paid_back(
    a: Any, playbooks: Any, issue: str, text: str, options: set[str]
) -> None:
    plan = planned(playbooks, a.situation(issue, about=a.shipped(shipments=[a.parcel(**STILL)]), text=text))
    assert (plan.act, plan.scene) == (Act.OFFER, "stalled")
    assert {one.key for one in plan.options} == options
    assert plan.secondary == ()


def test_what_was_lost_stays_what_it_is_about(a: Any, playbooks: Any) -> None:
    about = a.shipped(shipments=[a.parcel(**STILL)])
    case = Case(issue=Issue.LOST_PARCEL, state=CaseState.OPEN)
    plan = planned(playbooks, a.situation("return_exchange", about=about, case=case, text="再发一个给我吧"))
    assert plan.issue is Issue.LOST_PARCEL


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        # Once more, of something on its way: where it is, and no way back of what has not come.
        ("能重新发一个吗", Issue.DELIVERY_DELAY),
        ("到了我想退货，能重新发一个大的吗", Issue.RETURN_EXCHANGE),
        ("我想退货", Issue.RETURN_EXCHANGE),
    ],
)
def test_a_wish_to_send_once_more_is_no_return_of_what_is_on_its_way(
    a: Any, playbooks: Any, text: str, issue: Issue
) -> None:
    plan = planned(playbooks, a.situation("return_exchange", about=a.shipped(), text=text))
    assert plan.issue is issue
    assert not plan.options


def test_money_for_a_parcel_that_is_late_is_news_of_the_parcel_and_stays_open(a: Any, playbooks: Any) -> None:
    about = a.shipped(shipments=[a.parcel(days_still=0, eta_in=-1)])
    plan = planned(playbooks, a.situation("refund_request", about=about, text="超时了退款吧"))
    assert (plan.issue, plan.scene) == (Issue.DELIVERY_DELAY, "in_transit_late")
    assert plan.secondary == (Issue.REFUND_REQUEST,)


def test_money_for_a_parcel_that_is_on_time_waits_for_it(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("refund_request", about=a.shipped(), text="不想要了退款"))
    assert (plan.issue, plan.scene) == (Issue.REFUND_REQUEST, "in_transit")


@pytest.mark.parametrize("text", ["物流都显示你们签收了", "tracking says delivered to you on monday"])
def test_a_return_that_has_arrived_by_the_buyers_word_is_looked_for(a: Any, playbooks: Any, text: str) -> None:
    about = a.order(after_sales=[RETURN])
    plan = planned(playbooks, a.situation("refund_status", "not_received", about=about, text=text))
    assert (plan.act, plan.issue, plan.scene) == (Act.HOLD, Issue.REFUND_STATUS, "came_back")
    assert plan.secondary == ()


@pytest.mark.parametrize(
    ("text", "changes", "scene"),
    [
        ("退款什么时候到", {}, "in_progress"),
        ("物流都显示你们签收了", {"received_at": "2026-11-21T10:00:00+08:00"}, "received"),
    ],
)
def test_a_return_that_is_booked_in_or_only_asked_after_is_told_as_it_stands(
    a: Any, playbooks: Any, text: str, changes: dict[str, Any], scene: str
) -> None:
    about = a.order(after_sales=[RETURN | changes])
    plan = planned(playbooks, a.situation("refund_status", about=about, text=text))
    assert (plan.act, plan.scene) == (Act.ANSWER, scene)


def test_the_day_is_told_with_a_wish_about_the_delivery(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("shipping_time", about=a.shipped(), read={"wish": "arrange"}))
    assert (plan.act, plan.issue, plan.scene) == (Act.HOLD, Issue.LOGISTICS_QUERY, "arrange")
    assert "shipment.SF1.eta" in plan.points


def test_two_orders_in_one_parcel_are_asked_about_where_none_is_named(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("shipping_time", read={"wish": "together"}))
    assert (plan.act, plan.scene) == (Act.HOLD, "together_open")


REST = {"desk_hours": {"closed": ["monday"]}}


@pytest.mark.parametrize("issue", ["shipping_time", "logistics_query", "delivery_delay"])
@pytest.mark.parametrize(
    ("text", "terms", "asked"),
    [
        ("明天放假还发吗", REST, True),
        ("does it ship on the holiday", REST, True),
        # The day is worked, or nobody speaks of it.
        ("明天放假还发吗", {}, False),
        ("什么时候发", REST, False),
    ],
)
def test_a_day_off_on_which_it_is_due_is_asked_about_where_the_buyer_names_it(
    a: Any, playbooks: Any, issue: str, text: str, terms: dict[str, Any], asked: bool
) -> None:
    plan = planned(playbooks, a.situation(issue, about=a.to_ship(), text=text, terms=terms))
    assert (plan.scene == "to_ship_rest") is asked
    assert bool(plan.promises) is asked
