"""What may be said when the buyer asks about options that stand."""

from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.case import Case, CaseState, Commitment, Option
from copilot.domain.issue import Inquiry, Issue
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook import decide

RESHIP = Option(id="A", key="reship", title="补发", text="重新寄您一份，明天18点前发出", action="reship")
KEEP = Option(id="B", key="refund_keep", title="部分退款", text="东西您留着，退您29.95元", action="refund")
BACK = Option(id="B", key="return_refund", title="退货退款", text="退货，59.9元全额退您", action="return_refund")
SPAN = {"refund_arrival_business_days": {"min": 3, "max": 5}}


def asked(
    a: Any, playbooks: Any, *topics: str, options: tuple[str, ...] = (), offered: tuple[Option, ...] = (RESHIP, KEEP),
    terms: dict[str, Any] | None = None, about: Any = None, read: dict[str, Any] | None = None, **case: Any,
) -> Plan | NoPlan:  # fmt: skip
    values: dict[str, Any] = {"issue": Issue.DAMAGED, "offered": offered, "state": CaseState.WAITING_BUYER}
    case_ = Case(**(values | {"empathy_given": True} | case))
    inquiry = Inquiry(options=options, topics=topics)
    return decide(
        playbooks,
        a.situation(
            about=about or a.order(), turn="answer", case=case_, terms=terms, read={"inquiry": inquiry} | (read or {})
        ),
    )


def told(plan: Plan | NoPlan) -> dict[str, tuple[str, ...]]:
    assert isinstance(plan, Plan), plan
    return {one.option.id: one.topics for one in plan.told}


def test_what_the_options_state_is_answered_and_nothing_is_offered(a: Any, playbooks: Any) -> None:
    plan = asked(a, playbooks, "when", terms=SPAN)
    assert isinstance(plan, Plan)
    assert (plan.act, plan.scene, plan.options, plan.asks, plan.promises) == (Act.ANSWER, "about_options", (), (), ())
    assert told(plan) == {"A": ("when",), "B": ("when",)}
    assert {"option.reship.by", "option.refund_keep.arrival"} <= set(plan.points)
    assert plan.untold == ()


def test_what_nobody_knows_is_checked_by_a_time(a: Any, playbooks: Any) -> None:
    # The shipped terms say when a replacement leaves, and nothing of when money shows.
    plan = asked(a, playbooks, "when")
    assert isinstance(plan, Plan)
    assert told(plan) == {"A": ("when",), "B": ()}
    assert plan.untold == ("money_when:B",)
    assert [one.what for one in plan.promises] == ["hold"]
    plan = asked(a, playbooks, "when", options=("B",))
    assert isinstance(plan, Plan)
    assert (plan.act, plan.scene, plan.untold) == (Act.HOLD, "about_options", ("money_when",))


def test_the_day_goods_arrive_is_not_guessed(a: Any, playbooks: Any) -> None:
    plan = asked(a, playbooks, "arrive", options=("A",))
    assert told(plan) == {"A": ("when",), "B": ()}
    assert isinstance(plan, Plan)
    assert plan.untold == ("arrive",)


@pytest.mark.parametrize("topic", ["cost", "way_back", "difference", "how"])
def test_cost_way_back_and_difference_need_no_check(topic: str, a: Any, playbooks: Any) -> None:
    plan = asked(a, playbooks, topic, offered=(RESHIP, BACK))
    assert told(plan) == {"A": (topic,), "B": (topic,)}
    assert isinstance(plan, Plan)
    assert plan.facts["option.return_refund.label"].value == "shop"


@pytest.mark.parametrize("topic", ["why", "other", "until"])
def test_a_question_that_no_fact_answers_is_held(topic: str, a: Any, playbooks: Any) -> None:
    plan = asked(a, playbooks, topic)
    assert isinstance(plan, Plan)
    assert (plan.act, plan.untold) == (Act.HOLD, (topic,))


def test_who_wants_more_is_brought_to_a_supervisor(a: Any, playbooks: Any) -> None:
    plan = asked(a, playbooks, "more")
    assert isinstance(plan, Plan)
    assert plan.escalation is not None
    assert plan.escalation.to == "supervisor"
    assert plan.options == ()


def test_after_two_holds_a_person_answers(a: Any, playbooks: Any) -> None:
    plan = asked(a, playbooks, "other", holds=2)
    assert isinstance(plan, NoPlan)
    assert plan.reason is Reason.WAITING_FOR_US


def test_an_offer_without_a_letter_is_told_without_one(a: Any, playbooks: Any) -> None:
    assert told(asked(a, playbooks, "cost", offered=(RESHIP,))) == {"": ("cost",)}


def test_of_a_chosen_option_only_that_one_is_told(a: Any, playbooks: Any) -> None:
    plan = asked(a, playbooks, "when", chosen="A")
    assert told(plan) == {"": ("when",)}
    assert isinstance(plan, Plan)
    assert plan.scene == "about_chosen"
    # Nobody has noted it yet, and the time that is said binds.
    assert [one.what for one in plan.promises] == ["option.reship"]
    due = a.NOW + timedelta(hours=1)
    owed = Commitment(what="option.reship", due=due, order=a.order().id)
    plan = asked(a, playbooks, "when", chosen="A", commitments=(owed,))
    assert isinstance(plan, Plan)
    assert plan.promises == ()
    assert plan.facts["option.reship.by"].value == due.isoformat()


def test_what_a_colleague_promised_in_their_own_words_is_told_and_owed_once(a: Any, playbooks: Any) -> None:
    """Said yesterday, "tomorrow" is today; the day that would be computed now is a day later."""
    due = a.NOW + timedelta(hours=1)
    said = Commitment(what="ship", due=due, order=a.order().id)
    plan = asked(a, playbooks, "when", chosen="A", commitments=(said,))
    assert isinstance(plan, Plan)
    assert (plan.facts["option.reship.by"].value, plan.promises) == (due.isoformat(), ())
    late = said.model_copy(update={"due": due.replace(hour=23, minute=59, second=0, microsecond=0)})
    plan = asked(a, playbooks, "when", chosen="A", commitments=(late,))
    assert isinstance(plan, Plan)
    # A day without an hour is told as the shop's own day is: by the hour of its terms.
    assert plan.facts["option.reship.by"].value == due.replace(hour=18, minute=0, second=0, microsecond=0).isoformat()
    plan = asked(a, playbooks, "when", commitments=(said,))
    assert isinstance(plan, Plan)
    assert plan.facts["option.reship.by"].value != due.isoformat(), "not chosen: the promise may be about anything"


def test_a_chosen_sum_is_owed_as_that_sum(a: Any, playbooks: Any) -> None:
    case = Case(issue=Issue.DAMAGED, offered=(RESHIP, KEEP), empathy_given=True)
    plan = decide(playbooks, a.situation(about=a.order(), turn="choice", case=case, read={"choice": ("B",)}))
    assert isinstance(plan, Plan)
    assert [(one.what, one.amount and one.amount.amount) for one in plan.promises] == [("option.refund_keep", "29.95")]


def test_who_presses_before_its_time_is_told_the_time(a: Any, playbooks: Any) -> None:
    owed = Commitment(what="option.reship", due=a.NOW + timedelta(hours=1), order=a.order().id)
    case = Case(issue=Issue.DAMAGED, offered=(RESHIP, KEEP), chosen="A", commitments=(owed,), empathy_given=True)
    plan = decide(playbooks, a.situation(about=a.order(), turn="chase", case=case))
    assert isinstance(plan, Plan)
    assert (plan.act, plan.scene, plan.options) == (Act.ANSWER, "about_chosen", ())


@pytest.mark.parametrize(("state", "replaced"), [("owed", "option.reship"), ("done", None)])
def test_a_change_of_mind_names_what_it_takes_the_place_of(
    state: str, replaced: str | None, a: Any, playbooks: Any
) -> None:
    promise = Commitment.model_validate({"what": "option.reship", "order": a.order().id, "state": state})
    case = Case(issue=Issue.DAMAGED, offered=(RESHIP, KEEP), chosen="A", commitments=(promise,), empathy_given=True)
    plan = decide(playbooks, a.situation(about=a.order(), turn="change_of_mind", case=case, read={"choice": ("B",)}))
    assert isinstance(plan, Plan)
    assert plan.replaces == replaced


def test_a_promise_that_is_late_is_told_as_it_stands(a: Any, playbooks: Any) -> None:
    late = Commitment(what="option.reship", due=a.NOW - timedelta(hours=1), order=a.order().id)
    plan = asked(a, playbooks, "when", chosen="A", commitments=(late,))
    assert isinstance(plan, Plan)
    assert (plan.act, plan.told) == (Act.HOLD, ())


def test_a_choice_that_asks_is_confirmed_and_the_rest_is_checked(a: Any, playbooks: Any) -> None:
    case = Case(issue=Issue.DAMAGED, offered=(RESHIP, KEEP), empathy_given=True)
    read = {"choice": ("A",), "inquiry": Inquiry(topics=("arrive",))}
    plan = decide(playbooks, a.situation(about=a.order(), turn="choice", case=case, read=read))
    assert isinstance(plan, Plan)
    assert (plan.act, plan.untold) == (Act.CONFIRM, ("arrive",))
    assert [one.what for one in plan.promises] == ["option.reship", "hold"]
    read = {"choice": ("A",), "inquiry": Inquiry(topics=("when",))}
    plan = decide(playbooks, a.situation(about=a.order(), turn="choice", case=case, read=read))
    assert isinstance(plan, Plan)
    assert (plan.untold, [one.what for one in plan.promises]) == ((), ["option.reship"])


def test_what_is_asked_of_one_option_is_not_checked_for_the_other(a: Any, playbooks: Any) -> None:
    each = Inquiry(options=("A", "B"), topics=("when", "route"), of_each={"A": ("when",), "B": ("route",)})
    plan = asked(a, playbooks, read={"inquiry": each})
    assert told(plan) == {"A": ("when",), "B": ("route",)}
    assert isinstance(plan, Plan)
    assert (plan.untold, plan.promises) == ((), ())
    alone = asked(a, playbooks, read={"inquiry": Inquiry(topics=("when",), of_each={"A": ("when",)})})
    assert told(alone) == {"A": ("when",), "B": ()}


def test_who_has_no_printer_is_told_what_goes_back_and_the_rest_is_checked(a: Any, playbooks: Any) -> None:
    plan = asked(a, playbooks, "print", offered=(RESHIP, BACK))
    assert told(plan) == {"A": ("print",), "B": ()}
    assert isinstance(plan, Plan)
    assert plan.untold == ("print:B",)


@pytest.mark.parametrize(("picked", "untold"), [("A", ()), ("B", ("print",))])
def test_a_choice_without_a_printer_is_confirmed_and_the_way_back_named(
    picked: str, untold: tuple[str, ...], a: Any, playbooks: Any
) -> None:
    read = {"turn": "choice", "choice": (picked,), "inquiry": Inquiry(options=(picked,), topics=("print",))}
    case = Case(issue=Issue.DAMAGED, offered=(RESHIP, BACK), state=CaseState.WAITING_BUYER, empathy_given=True)
    turn = read.pop("turn")
    plan = decide(playbooks, a.situation(about=a.order(), turn=turn, case=case, read=read))
    assert isinstance(plan, Plan)
    assert (plan.act, plan.untold) == (Act.CONFIRM, untold)
