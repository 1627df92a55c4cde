"""When a reply feels with the buyer, and when an answer to a person's own question asks for no reply at all."""

from typing import Any

import pytest

from copilot.domain.case import Case, CaseState, OrderChoice, OrderWhy
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook import decide

NUMBER = "3348917502"
TYPED = OrderChoice(id=NUMBER, why=OrderWhy.TYPED)
KNOWN = OrderChoice(id=NUMBER, why=OrderWhy.CASE)


def case(issue: str, **more: Any) -> Case:
    values: dict[str, Any] = {"issue": Issue(issue)}
    return Case(**(values | more))


@pytest.mark.parametrize("turn", ["answer", "chase", "change_of_mind"])
def test_only_a_new_matter_gets_empathy(turn: str, a: Any, playbooks: Any) -> None:
    plan = decide(playbooks, a.situation("damaged", about=a.order(), photos=1, turn=turn))
    assert isinstance(plan, Plan)
    assert not plan.empathy


@pytest.mark.parametrize(
    ("text", "felt"),
    [
        ("just wanted to check on the status of a refund", False),
        ("退款到哪一步了", False),
        ("when do I get my money?", False),
        ("I sent it back weeks ago and still nothing", True),
        ("退款怎么还没到", True),
    ],
)
def test_a_mere_question_gets_no_empathy(text: str, felt: bool, a: Any, playbooks: Any) -> None:
    request = {"id": "as1", "kind": "refund", "status": "processing"}
    for about in (None, a.order(after_sales=[request])):
        plan = decide(playbooks, a.situation("refund_status", about=about, text=text))
        assert isinstance(plan, Plan)
        assert plan.empathy is felt


def test_a_number_is_noted_only_in_the_turn_that_brings_it(a: Any, playbooks: Any) -> None:
    asked = case("return_exchange", asked_for=("order",))
    read = {"answered": {"order": NUMBER}}
    plan = decide(playbooks, a.situation(turn="answer", orders=None, order=TYPED, case=asked, read=read))
    assert isinstance(plan, Plan)
    assert (plan.act, plan.scene) == (Act.HOLD, "order_lookup")
    known = case("return_exchange", order=KNOWN, answered={"order": NUMBER})
    for holds, expected in ((0, "checking"), (1, Reason.FACTS_MISSING), (2, Reason.WAITING_FOR_US)):
        told = known.model_copy(update={"holds": holds})
        plan = decide(playbooks, a.situation(turn="chase", orders=None, order=KNOWN, case=told))
        assert (plan.scene if isinstance(plan, Plan) else plan.reason) == expected
        assert isinstance(plan, NoPlan) or "turn.order" not in plan.facts
    # An agent has answered, perhaps with a no: pressing does not buy another check.
    answered = known.model_copy(update={"state": CaseState.WAITING_BUYER})
    pressed = a.situation(turn="chase", orders=None, order=KNOWN, case=answered)
    assert decide(playbooks, pressed) == NoPlan(reason=Reason.FACTS_MISSING)


@pytest.mark.parametrize("answered", [{}, {"name": "Jo"}, {"phone": "(977) 625-2661"}, {"email": "a@b.example"}])
def test_an_answer_to_a_question_of_the_agent_s_own_goes_on(answered: dict[str, str], a: Any, playbooks: Any) -> None:
    for issue, order in (("return_exchange", None), ("refund_status", KNOWN), ("price_promotion", None)):
        situation = a.situation(turn="answer", orders=None, order=order, case=case(issue), read={"answered": answered})
        assert decide(playbooks, situation) == NoPlan(reason=Reason.ANSWER_NOTED)


def test_a_question_is_repeated_only_when_nothing_was_answered(a: Any, playbooks: Any) -> None:
    asked = case("refund_status", asked_for=("order", "name"))
    plan = decide(playbooks, a.situation(turn="answer", orders=None, case=asked))
    assert isinstance(plan, Plan)
    assert plan.asks == ("order",)
    named = a.situation(turn="answer", orders=None, case=asked, read={"answered": {"name": "Jo"}})
    assert decide(playbooks, named) == NoPlan(reason=Reason.ANSWER_NOTED)
    told = a.situation(turn="answer", orders=None, case=case("damaged"), read={"answered": {"reason": "it broke"}})
    plan = decide(playbooks, told)
    assert isinstance(plan, Plan)
    assert plan.asks == ("order",)


@pytest.mark.parametrize("text", ["when does my promo code expire?", "优惠券什么时候过期"])
def test_a_question_about_a_code_needs_no_product_card(text: str, a: Any, playbooks: Any) -> None:
    assert decide(playbooks, a.situation("price_promotion", text=text)) == NoPlan(reason=Reason.FACTS_MISSING)
    plan = decide(playbooks, a.situation("price_promotion", text="多少钱"))
    assert isinstance(plan, Plan)
    assert plan.asks == ("product",)
