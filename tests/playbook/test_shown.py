"""What an order itself shows to who asks whether something was done: money, a second parcel, the day it leaves."""

from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.case import Case, CaseState, Commitment, CommitmentState, OrderChoice, OrderWhy
from copilot.domain.issue import ASKS, TOLD, Issue
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook import decide

ARRIVAL = {"refund_arrival_business_days": {"min": 1, "max": 5}}


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert not isinstance(plan, NoPlan), plan
    return plan


def kept(issue: Issue, what: str) -> Case:
    return Case(issue=issue, commitments=(Commitment(what=what, state=CommitmentState.DONE),))


def asking(a: Any, case: Case, about: Any, wish: str, **more: Any) -> Any:
    return a.situation(about=about, turn="chase", case=case, read={"wish": wish}, **more)


def paid(a: Any, days: int, **more: Any) -> dict[str, Any]:
    at = a.NOW - timedelta(days=days)
    money = {"amount": "59.90", "currency": "CNY"}
    return {"id": "r1", "kind": "refund", "status": "refunded", "amount": money, "refunded_at": at, **more}


def sent_anew(a: Any, *, eta_in: float | None = 2, **more: Any) -> Any:
    """A delivered order to which a second parcel is on its way."""
    first = {
        "carrier": "中通",
        "tracking_no": "ZT1",
        "status": "delivered",
        "events": [{"at": a.NOW - timedelta(days=5), "text": "已签收"}],
    }
    second = a.parcel(eta_in=eta_in, number="YT2") | {"status": "in_transit"}
    values = {"delivered_at": a.NOW - timedelta(days=5), "shipments": [first, second | more]}
    return a.order(**values)


def test_money_that_has_left_is_told_with_its_day(a: Any, playbooks: Any) -> None:
    case, about = kept(Issue.QUALITY_DEFECT, "refund"), a.order(after_sales=[paid(a, 1)])
    plan = planned(playbooks, asking(a, case, about, "owed_money", terms=ARRIVAL))
    assert (plan.act, plan.issue, plan.scene) == (Act.ANSWER, Issue.REFUND_STATUS, "refunded")
    assert "after_sale.r1.arrives_by" in plan.facts


def test_money_that_should_be_there_by_now_is_found_out(a: Any, playbooks: Any) -> None:
    about = a.order(after_sales=[paid(a, 30)])
    plan = planned(playbooks, asking(a, kept(Issue.QUALITY_DEFECT, "refund"), about, "owed_money", terms=ARRIVAL))
    assert (plan.act, plan.scene) == (Act.HOLD, "refunded_late")


def test_a_bare_press_after_promised_money_is_told_of_it(a: Any, playbooks: Any) -> None:
    about = a.order(after_sales=[paid(a, 1)])
    plan = planned(playbooks, asking(a, kept(Issue.PAYMENT_ACCOUNT, "refund"), about, "", text="多久到"))
    assert (plan.issue, plan.scene) == (Issue.REFUND_STATUS, "refunded")


@pytest.mark.parametrize("issue", [Issue.DAMAGED, Issue.MISSING_ITEM, Issue.WRONG_ITEM, Issue.NOT_RECEIVED])
@pytest.mark.parametrize(
    ("eta_in", "changes", "scene"),
    [
        (2, {}, "anew"),
        (-2, {}, "anew_late"),
        (None, {"events": []}, "delivered"),
        (2, {"status": "delivered"}, "delivered"),
    ],
)
def test_the_parcel_that_left_after_the_order_had_arrived_is_told(
    a: Any, playbooks: Any, issue: Issue, eta_in: float | None, changes: dict[str, Any], scene: str
) -> None:
    about = sent_anew(a, eta_in=eta_in, **changes)
    situation = asking(a, kept(issue, "reship"), about, "owed_goods")
    if scene == "delivered" and "events" in changes:
        # Nothing shows that it left: somebody finds it out.
        assert situation.resent is None
        return
    plan = planned(playbooks, situation)
    assert (plan.issue, plan.scene) == (Issue.LOGISTICS_QUERY, scene)
    assert "shipment.YT2.number" in plan.facts


def test_a_second_parcel_that_only_has_its_label_is_not_on_its_way(a: Any, playbooks: Any) -> None:
    label = [{"at": a.NOW - timedelta(hours=5), "text": "电子面单已生成"}]
    about = sent_anew(a, eta_in=None, events=label)
    plan = planned(playbooks, asking(a, kept(Issue.DAMAGED, "reship"), about, "owed_goods"))
    assert (plan.act, plan.scene) == (Act.HOLD, "anew_unscanned")


@pytest.mark.parametrize("issue", ["not_received", "logistics_query", "delivery_delay"])
def test_who_misses_the_second_parcel_is_not_told_of_the_first(a: Any, playbooks: Any, issue: str) -> None:
    plan = planned(playbooks, a.situation(issue, about=sent_anew(a), text="补发的还没收到"))
    assert (plan.issue, plan.scene) == (Issue.LOGISTICS_QUERY, "anew")


@pytest.mark.parametrize("issue", [Issue.ADDRESS_CHANGE, Issue.RETURN_EXCHANGE, Issue.LOGISTICS_QUERY])
def test_the_order_that_has_not_left_is_told_its_day(a: Any, playbooks: Any, issue: Issue) -> None:
    case = Case(issue=issue, commitments=(Commitment(what="ship", due=a.NOW + timedelta(hours=8)),))
    plan = planned(playbooks, asking(a, case, a.to_ship(), "owed_goods"))
    assert (plan.act, plan.issue, plan.scene) == (Act.ANSWER, Issue.SHIPPING_TIME, "to_ship")


def test_a_promise_to_ship_that_was_broken_is_owned_up_to(a: Any, playbooks: Any) -> None:
    broken = Commitment(what="ship", due=a.NOW - timedelta(hours=8), state=CommitmentState.BROKEN)
    case = Case(issue=Issue.ADDRESS_CHANGE, commitments=(broken,))
    plan = planned(playbooks, asking(a, case, a.to_ship(), "owed_goods"))
    assert (plan.act, plan.scene) == (Act.HOLD, "given_word")


def test_the_first_parcel_says_nothing_of_what_is_sent_once_more(a: Any, playbooks: Any) -> None:
    case = Case(issue=Issue.LOST_PARCEL, commitments=(Commitment(what="reship", due=a.NOW + timedelta(hours=8)),))
    plan = planned(playbooks, asking(a, case, a.shipped(), "owed_goods"))
    assert plan.scene not in ("in_transit", "anew")


def test_goods_that_are_back_have_an_answer_by_a_time(a: Any, playbooks: Any) -> None:
    request = {"id": "r1", "kind": "return", "status": "received", "received_at": a.NOW - timedelta(days=1)}
    plan = planned(playbooks, a.situation("refund_status", about=a.order(after_sales=[request]), text="什么时候退钱"))
    assert (plan.act, plan.scene, [one.what for one in plan.promises]) == (Act.ANSWER, "received", ["hold"])


@pytest.mark.parametrize(
    ("said", "scene"),
    [
        ("您在订单里申请仅退款12元,我这边给您通过", "approval_ours"),
        ("Request $10 on the order page and I'll approve it right away", "approval_ours"),
        ("好的亲,看到您的申请了", "in_progress"),
    ],
)
def test_a_request_that_we_said_we_let_pass_is_ours(a: Any, playbooks: Any, said: str, scene: str) -> None:
    request = {"id": "r1", "kind": "refund", "status": "pending", "deadline": a.NOW + timedelta(days=2)}
    about = a.order(after_sales=[request])
    plan = planned(playbooks, a.situation("refund_status", about=about, text="咋还没退", colleague=said))
    assert plan.scene == scene


@pytest.mark.parametrize(
    ("issue", "text"),
    [
        ("refund_request", "那能拒收吗"),
        ("refund_request", "then how do i get my money back"),
        ("return_exchange", "ok so do i send it back when it comes"),
    ],
)
def test_what_is_left_after_a_cancellation_that_came_too_late(a: Any, playbooks: Any, issue: str, text: str) -> None:
    about = a.shipped()
    case = Case(issue=Issue.CANCEL_ORDER, order=OrderChoice(id=about.id, why=OrderWhy.ONLY_FIT))
    plan = planned(playbooks, a.situation(issue, about=about, cases=(case,), text=text))
    assert (plan.act, plan.issue, plan.scene) == (Act.ANSWER, Issue.CANCEL_ORDER, "shipped_next")
    # Without a cancellation before it, or with one that is over, it is what it says.
    over = case.model_copy(update={"state": CaseState.RESOLVED})
    for cases in ((), (over,)):
        alone = planned(playbooks, a.situation(issue, about=about, cases=cases, text=text))
        assert alone.issue is Issue(issue)


def test_what_is_left_is_told_to_who_asks_on(a: Any, playbooks: Any) -> None:
    about, text = a.shipped(), "so what do i do?? refuse it at the door?"
    read = {"answered": {TOLD: text, ASKS: text}}
    case = Case(issue=Issue.CANCEL_ORDER)
    plan = planned(playbooks, a.situation(about=about, turn="answer", case=case, text=text, read=read))
    assert (plan.act, plan.scene) == (Act.ANSWER, "shipped_next")


def test_a_day_that_the_platform_names_stands_for_goods_that_are_back(a: Any, playbooks: Any) -> None:
    request = {"id": "r1", "kind": "return", "status": "received", "received_at": a.NOW - timedelta(hours=3)}
    about = a.order(after_sales=[request | {"deadline": a.NOW + timedelta(days=1)}])
    plan = planned(playbooks, a.situation("refund_status", about=about, text="什么时候退钱"))
    assert (plan.scene, plan.promises) == ("in_progress", ())
