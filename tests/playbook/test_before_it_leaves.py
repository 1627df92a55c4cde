"""What was said of the day an order leaves, what the carrier said, gifts that go along, and one bow at a time."""

from datetime import date, timedelta
from typing import Any

import pytest

from copilot.domain.case import Case, OrderChoice, OrderWhy
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, Plan
from copilot.playbook import decide

TODAY = date(2026, 11, 22)


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan), plan
    return plan


@pytest.mark.parametrize("issue", ["shipping_time", "logistics_query", "delivery_delay"])
def test_the_day_that_a_colleague_named_is_told(a: Any, playbooks: Any, issue: str) -> None:
    plan = planned(playbooks, a.situation(issue, about=a.to_ship(ship_in=2), leaves_on=TODAY, text="今天能发吗"))
    assert (plan.act, plan.scene) == (Act.ANSWER, "as_told")
    assert plan.facts["case.leaves_on"].value == "2026-11-22"
    assert plan.facts["case.leaves_on"].source == "agent"


def test_it_is_told_of_an_order_that_nobody_sees_yet(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("shipping_time", orders=(), leaves_on=TODAY, text="拍了"))
    assert plan.scene == "as_told"


@pytest.mark.parametrize("asked", ["stock", "price_promotion", "shipping_time"])
def test_who_has_bought_on_that_word_hears_of_the_day(a: Any, playbooks: Any, asked: str) -> None:
    case, read = Case(issue=Issue(asked)), {"wish": "just_bought"}
    situation = a.situation(
        about=a.to_ship(ship_in=2), case=case, cases=(case,), turn="answer", read=read, leaves_on=TODAY, text="拍了"
    )
    plan = planned(playbooks, situation)
    assert (plan.issue, plan.scene) == (Issue.SHIPPING_TIME, "as_told")


@pytest.mark.parametrize(
    "against",
    [
        {"leaves_on": TODAY - timedelta(days=1)},
        {"dates_unsure": True},
        {"colleague": "不好意思 这款没货了"},
    ],
)
def test_what_speaks_against_it_takes_it_back(a: Any, playbooks: Any, against: dict[str, Any]) -> None:
    told = {"leaves_on": TODAY} | against
    plan = planned(playbooks, a.situation("shipping_time", about=a.to_ship(ship_in=2), text="今天能发吗", **told))
    assert plan.scene != "as_told"


def test_what_has_left_has_left(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("shipping_time", about=a.shipped(), leaves_on=TODAY, text="今天能发吗"))
    assert plan.scene == "in_transit"


@pytest.mark.parametrize("issue", ["logistics_query", "delivery_delay", "lost_parcel", "not_received"])
@pytest.mark.parametrize("text", ["快递那边怎么说", "what did the carrier say"])
def test_who_asks_what_the_carrier_said_is_offered_nothing(a: Any, playbooks: Any, issue: str, text: str) -> None:
    about = a.shipped(shipments=[a.parcel(days_still=6, eta_in=None)])
    case = Case(issue=Issue(issue), order=OrderChoice(id=about.id, why=OrderWhy.ONLY_FIT))
    read = {"wish": "carrier_said"}
    plan = planned(playbooks, a.situation(about=about, case=case, cases=(case,), turn="chase", read=read, text=text))
    assert (plan.issue, plan.act, plan.scene) == (Issue.LOGISTICS_QUERY, Act.HOLD, "carrier_asked")
    assert plan.options == ()
    assert "shipment.SF1.last_event.text" in plan.points


@pytest.mark.parametrize(
    ("issue", "text"),
    [
        ("ad_mismatch", "主播说送杯子的 订单里没看到"),
        ("ad_mismatch", "the live said it comes with a free gift, my order doesn't show it"),
        ("missing_item", "送的小样别忘了放"),
        ("missing_item", "will the free gift be in the box"),
    ],
)
def test_a_gift_undoes_no_order_that_is_still_here(a: Any, playbooks: Any, issue: str, text: str) -> None:
    plan = planned(playbooks, a.situation(issue, about=a.to_ship(), text=text))
    assert (plan.act, plan.scene, plan.options, plan.empathy) == (Act.HOLD, "gift_ahead", (), False)


def test_a_gift_of_the_shops_terms_is_sent(a: Any, playbooks: Any) -> None:
    gift = {"gift": {"within_days": 2, "cutoff": "18:00", "worth": {"amount": "5.00", "currency": "CNY"}}}
    plan = planned(
        playbooks, a.situation("ad_mismatch", about=a.to_ship(), terms=gift, text="主播说送杯子的 订单里没看到")
    )
    assert (plan.scene, [one.key for one in plan.options]) == ("gift_sent", ["resend_gift"])


def test_who_was_felt_with_just_now_is_not_felt_with_again(a: Any, playbooks: Any) -> None:
    late = a.shipped(shipments=[a.parcel(eta_in=-2)])
    assert planned(playbooks, a.situation("delivery_delay", about=late)).empathy
    assert not planned(playbooks, a.situation("delivery_delay", about=late, bowed=True)).empathy


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("不想要了 退了吧 还没发货的 钱什么时候到", Issue.CANCEL_ORDER),
        ("i don't want it anymore, when do i get the money", Issue.CANCEL_ORDER),
        ("取消吧 多久到账", Issue.CANCEL_ORDER),
        # Nobody gives anything up.
        ("我的退款什么时候到账", Issue.REFUND_STATUS),
    ],
)
def test_who_gives_an_order_up_and_asks_for_the_money_cancels_it(
    text: str, issue: Issue, a: Any, playbooks: Any
) -> None:
    language = "en" if text.isascii() else "zh"
    plan = decide(playbooks, a.situation("refund_status", about=a.to_ship(), text=text, language=language))
    assert isinstance(plan, Plan)
    assert plan.issue is issue
