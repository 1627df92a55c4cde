"""What the buyer asks for by name decides the order of what is possible, never whether it is possible."""

from typing import Any

import pytest

from copilot.domain.case import Case, CaseState, Commitment, Option
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook import decide

RESHIP = Option(id="A", key="reship", title="补发", action="reship")
KEEP = Option(id="B", key="refund_keep", title="部分退款", action="refund")
BACK = Option(id="A", key="return_refund", title="退货退款", action="return_refund")


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan), plan
    return plan


def case(issue: str = "damaged", **more: Any) -> Case:
    values: dict[str, Any] = {"issue": Issue(issue)}
    return Case(**(values | more))


@pytest.mark.parametrize(
    ("issue", "text", "actions"),
    [
        ("damaged", "碎了", ["reship", "refund"]),
        ("damaged", "碎了 退钱", ["refund", "return_refund"]),
        ("damaged", "碎了 我想退货", ["return_refund"]),
        ("damaged", "cracked. can you send a replacement?", ["reship"]),
        ("damaged", "cracked. a replacement, or what can you do?", ["reship", "refund"]),
        ("damaged", "碎了 修不好的话退货吧", ["return_refund", "reship"]),
        ("damaged", "碎了 不想退货 太麻烦", ["reship", "refund"]),
        ("damaged", "cracked, no refund please, just fix it", ["reship", "refund"]),
        ("wrong_item", "发错颜色了", ["reship", "return_refund"]),
        ("wrong_item", "wrong color, refund me", ["return_refund"]),
        ("wrong_item", "wrong color, can i get the right one", ["reship"]),
        ("lost_parcel", "if it's lost can i get my money back", ["refund", "reship"]),
        ("lost_parcel", "just want my money back", ["refund"]),
        ("return_exchange", "不太喜欢,怎么办", ["exchange", "return_refund"]),
        ("return_exchange", "想退货 运费谁出", ["return_refund"]),
        ("return_exchange", "how do i send these back?", ["return_refund"]),
        ("return_exchange", "能换个颜色吗", ["exchange"]),
        ("return_exchange", "可以退换吗", ["exchange", "return_refund"]),
    ],
)
def test_what_is_asked_for_goes_first_and_alone_where_it_is_decided(
    issue: str, text: str, actions: list[str], a: Any, playbooks: Any
) -> None:
    plan = planned(playbooks, a.situation(issue, about=a.order(), photos=1, text=text))
    assert [one.action for one in plan.options] == actions


def test_a_wish_opens_nothing_that_is_closed(a: Any, playbooks: Any) -> None:
    late = a.order(delivered_at="2026-10-22T14:20:00+08:00")
    plan = planned(playbooks, a.situation("return_exchange", about=late, text="我要退货 退款"))
    assert (plan.act, plan.options) == (Act.DECLINE, ())


def test_a_wrong_item_above_the_ceiling_can_be_exchanged(a: Any, playbooks: Any) -> None:
    dear = a.order(total={"amount": "129.00", "currency": "CNY"})
    plan = planned(playbooks, a.situation("wrong_item", about=dear, photos=1))
    assert [one.action for one in plan.options] == ["exchange", "return_refund"]
    assert all(plan.facts[f"option.{one.key}.label"].value == "shop" for one in plan.options)


def test_a_demand_beside_a_refusal_is_met_as_far_as_it_goes(a: Any, playbooks: Any) -> None:
    offered = case(offered=(RESHIP, KEEP))
    situation = a.situation(
        about=a.order(), turn="choice", case=offered, read={"refused_all": True}, text="都不要 我要全退"
    )
    plan = planned(playbooks, situation)
    assert (plan.act, plan.scene, plan.options) == (Act.CONFIRM, "chosen", ())
    assert plan.chosen is not None
    assert (plan.chosen.id, plan.chosen.action) == ("", "return_refund")
    assert plan.facts["option.return_refund.amount"].value == {"amount": "59.90", "currency": "CNY"}


@pytest.mark.parametrize(
    ("said", "label"),
    [
        ("退货退款,运费我们出", "shop"),
        ("退货退款,运费由您承担", "buyer"),
        ("a return, we'll cover the shipping", "shop"),
        ("a return with a prepaid label", "prepaid"),
        ("a return at your cost", "buyer"),
    ],
)
def test_a_choice_keeps_who_pays(said: str, label: str, a: Any, playbooks: Any) -> None:
    offered = case("return_exchange", offered=(BACK.model_copy(update={"text": said}),))
    plan = planned(playbooks, a.situation(about=a.order(), turn="choice", case=offered, read={"choice": ("A",)}))
    fact = plan.facts["option.return_refund.label"]
    assert (fact.value, fact.source) == (label, "agent")


def test_a_choice_keeps_the_day_of_the_money(a: Any, playbooks: Any) -> None:
    said = KEEP.model_copy(update={"text": "$29.95 back by Nov 30"})
    terms = {"refund_arrival_business_days": {"min": 1, "max": 3}}
    plan = planned(
        playbooks,
        a.situation(about=a.order(), turn="choice", case=case(offered=(said,)), read={"choice": ("B",)}, terms=terms),
    )
    assert plan.facts["option.refund_keep.arrival"].value == "2026-11-30"


@pytest.mark.parametrize(
    ("more", "scene"),
    [({"chosen": "A", "offered": (RESHIP,)}, "about_chosen"), ({"offered": (RESHIP, KEEP)}, "checking")],
)
def test_what_was_agreed_on_needs_no_photo_again(more: dict[str, Any], scene: str, a: Any, playbooks: Any) -> None:
    told = case(state=CaseState.WAITING_US, **more)
    plan = decide(playbooks, a.situation(turn="chase", about=a.order(), case=told))
    assert isinstance(plan, Plan)
    assert (plan.scene, plan.options, plan.asks) == (scene, (), ())
    answer = a.situation(turn="answer", about=a.order(), case=told)
    assert decide(playbooks, answer) == NoPlan(reason=Reason.ANSWER_NOTED)


def test_a_third_chase_is_not_told_again_that_it_is_under_way(a: Any, playbooks: Any) -> None:
    request = {"id": "as1", "kind": "refund", "status": "processing"}
    for holds, expected in ((1, "in_progress"), (2, Reason.WAITING_FOR_US)):
        told = case("refund_status", holds=holds, commitments=(Commitment(what="hold", due=a.NOW),))
        plan = decide(playbooks, a.situation(turn="chase", about=a.order(after_sales=[request]), case=told))
        assert (plan.scene if isinstance(plan, Plan) else plan.reason) == expected


def test_swearing_about_a_matter_is_everyday_work(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("abuse", "delivery_delay", about=a.to_ship(ship_in=-1)))
    assert (plan.scene, plan.secondary) == ("ship_late", ())
    for issues in (("abuse",), ("abuse", "complaint")):
        assert decide(playbooks, a.situation(*issues, about=a.order())) == NoPlan(reason=Reason.PERSON_NEEDED)
