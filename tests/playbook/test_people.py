"""Who complains, asks for a person or asks about reviews: the matter first, and the case in one line."""

from dataclasses import replace
from typing import Any

import pytest

from copilot.domain.case import Case, CaseState, Option
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook import decide

OFFERED = Case(
    issue=Issue.DAMAGED,
    state=CaseState.WAITING_BUYER,
    offered=(
        Option(id="A", key="reship", title="补发", action="reship"),
        Option(id="B", key="refund_keep", title="部分退款", action="refund"),
    ),
)


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan), plan
    return plan


@pytest.mark.parametrize(("text", "to"), [("转人工", "colleague"), ("叫你们主管来", "supervisor")])
def test_a_person_comes_with_the_case_in_one_line(text: str, to: str, a: Any, playbooks: Any) -> None:
    order = a.order()
    situation = a.situation("human_request", about=order, text=text, cases=(OFFERED,), case=OFFERED)
    plan = planned(playbooks, situation)
    assert (plan.act, plan.scene) == (Act.HOLD, to)
    assert plan.facts["case.matter"].value == "damaged"
    assert [one.what for one in plan.promises] == ["hold"]
    assert plan.options == ()
    assert plan.escalation is not None
    assert (plan.escalation.to, plan.escalation.why) == (
        to,
        f"human_request; damaged; order {order.id}: delivered; offered reship, refund_keep",
    )


def test_a_matter_of_the_same_turn_goes_along(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("human_request", "damaged", about=a.order(), text="转人工 杯子碎了"))
    assert (plan.issue, plan.facts["case.matter"].value) == (Issue.HUMAN_REQUEST, "damaged")


def test_who_waits_for_a_person_is_not_put_off_a_third_time(a: Any, playbooks: Any) -> None:
    waiting = Case(issue=Issue.HUMAN_REQUEST, holds=2)
    for more in ({"case": waiting}, {"terms": {"hold_minutes": None}}):
        plan = decide(playbooks, a.situation("human_request", text="转人工", **more))
        assert isinstance(plan, NoPlan)
        assert plan.reason is Reason.PERSON_NEEDED
        assert plan.escalation is not None


def test_the_line_holds_none_of_the_buyer_s_words(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("human_request", text="转人工 我叫王芳", risks=["regulator"]))
    assert plan.escalation is not None
    assert plan.escalation.why == "human_request; risk regulator"


def test_a_complaint_about_a_case_is_answered_by_the_case(a: Any, playbooks: Any) -> None:
    case = Case(issue=Issue.LOGISTICS_QUERY)
    plan = planned(playbooks, a.situation("complaint", about=a.shipped(), case=case))
    assert plan.issue is Issue.LOGISTICS_QUERY
    # What can only be held is still the case's hold, not a question what the matter is.
    held = planned(playbooks, a.situation("complaint", about=a.shipped(shipments=[]), case=case))
    assert (held.issue, held.act) == (Issue.LOGISTICS_QUERY, Act.HOLD)


def test_a_complaint_that_names_nothing_is_asked_what_happened(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("complaint", text="我要投诉你们"))
    assert (plan.act, plan.scene, plan.asks, plan.empathy) == (Act.ASK, "ask_matter", ("reason",), True)
    assert plan.escalation is not None
    asked = Case(issue=Issue.COMPLAINT, asked_for=("reason",))
    told = a.situation(
        turn="answer", text="东西一直没弄好", case=asked, read={"answered": {"reason": "东西一直没弄好"}}
    )
    held = planned(playbooks, told)
    assert (held.act, held.scene) == (Act.HOLD, "told")


@pytest.mark.parametrize("text", ["你们客服什么态度", "your customer service ignored me"])
def test_a_complaint_about_our_people_goes_to_a_supervisor(text: str, a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("complaint", text=text))
    assert (plan.act, plan.scene) == (Act.HOLD, "our_people")
    assert plan.escalation is not None
    assert plan.escalation.to == "supervisor"


@pytest.mark.parametrize(
    ("text", "cases", "act", "scene"),
    [
        ("好评返现吗", (), "decline", "no_reward"),
        ("do i get something for a 5 star review", (OFFERED,), "decline", "no_reward"),
        ("评价在哪里写", (), "answer", "yours"),
        ("评价在哪里写", (OFFERED,), "answer", "matter_first"),
        ("评价在哪里写", (OFFERED.model_copy(update={"state": CaseState.RESOLVED}),), "answer", "yours"),
    ],
)
def test_reviews_are_never_paid_and_never_before_the_case(
    text: str, cases: tuple[Case, ...], act: str, scene: str, a: Any, playbooks: Any
) -> None:
    plan = planned(playbooks, a.situation("review", text=text, cases=cases))
    assert (plan.act.value, plan.scene, plan.options, plan.asks) == (act, scene, (), ())


def test_what_is_not_understood_is_asked_about_once(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("unclear", text="帮我弄一下那个"))
    assert (plan.act, plan.asks) == (Act.ASK, ("reason",))
    again = decide(playbooks, a.situation("unclear", text="就那个", turn="answer"))
    assert again == NoPlan(reason=Reason.UNCLEAR)


def test_a_lost_parcel_is_not_said_to_be_on_its_way(a: Any, playbooks: Any) -> None:
    fresh = a.shipped(shipments=[a.parcel(days_still=1)])
    plan = planned(playbooks, a.situation("lost_parcel", about=fresh))
    assert (plan.issue, plan.act, plan.scene) == (Issue.LOST_PARCEL, Act.HOLD, "last_scan")
    still = a.shipped(shipments=[a.parcel(days_still=6)])
    plan = planned(playbooks, a.situation("lost_parcel", about=still))
    assert (plan.scene, {one.key for one in plan.options}) == ("stalled", {"reship", "refund_full"})
    there = planned(playbooks, a.situation("lost_parcel", about=a.order()))
    assert (there.scene, {one.key for one in there.options}) == ("delivered", {"reship", "refund_full"})


@pytest.mark.parametrize("issue", list(Issue))
def test_every_issue_has_a_playbook_or_a_move_of_its_own(issue: Issue, playbooks: Any) -> None:
    moves = {Issue.GREETING, Issue.THANKS, Issue.ABUSE}
    assert (issue in playbooks.by_issue) != (issue in moves)


def test_who_asks_if_a_person_answers_is_told_how_it_is(a: Any, playbooks: Any) -> None:
    plan = decide(playbooks, a.situation("human_request", read={"wish": "real_person"}))
    assert isinstance(plan, Plan)
    assert (plan.act, plan.scene, plan.promises, plan.escalation) == (Act.ANSWER, "real_person", (), None)
    # Who wants one is handed over as before.
    wanted = decide(playbooks, a.situation("human_request"))
    assert isinstance(wanted, Plan)
    assert wanted.scene == "colleague"


def test_praise_is_thanked_for_and_asked_nothing(a: Any, playbooks: Any) -> None:
    plan = decide(playbooks, a.situation("thanks", turn="thanks", read={"wish": "praised"}))
    assert isinstance(plan, Plan)
    assert (plan.act, plan.scene) == (Act.WELCOME, "praised")


def heard_at(confidence: float, situation: Any) -> Any:
    """``situation`` with its issue as sure as that."""
    (issue,) = situation.understanding.issues
    read = situation.understanding.model_copy(update={"issues": (issue.model_copy(update={"confidence": confidence}),)})
    return replace(situation, understanding=read)


@pytest.mark.parametrize(("confidence", "act"), [(0.41, Act.ASK), (0.49, Act.ASK), (0.5, Act.OFFER), (0.9, Act.OFFER)])
def test_money_is_not_offered_for_a_guess(a: Any, playbooks: Any, confidence: float, act: Act) -> None:
    plan = decide(playbooks, heard_at(confidence, a.situation("cancel_order", about=a.to_ship())))
    assert isinstance(plan, Plan)
    assert plan.act is act
    assert bool(plan.options) is (act is Act.OFFER)
    if act is Act.ASK:
        assert (plan.scene, plan.asks) == ("ask_wish", ("reason",))


def test_what_costs_nothing_is_offered_for_a_guess_too(a: Any, playbooks: Any) -> None:
    plan = decide(playbooks, heard_at(0.41, a.situation("address_change", about=a.to_ship(), text="改到人民路1号")))
    assert isinstance(plan, Plan)
    assert plan.scene != "ask_wish"
