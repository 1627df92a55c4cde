"""An exchange that a colleague settled on goes on: its size is theirs, and nothing else takes its place."""

from typing import Any

import pytest

from copilot.domain.case import Case, Option, OrderChoice, OrderWhy
from copilot.domain.issue import TOLD, Issue
from copilot.domain.order import Product
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook import decide

SIZED = (
    Product.model_validate(
        {"id": "p1", "name": "卫衣", "status": "live", "attributes": {"stock_by_size": {"M": 3, "L": 4}}}
    ),
)


def offered(title: str) -> Option:
    return Option(id="A", key="exchange", title=title, text=title, action="", lettered=False)


@pytest.mark.parametrize("issue", ["size_mismatch", "return_exchange"])
@pytest.mark.parametrize("title", ["换L码", "an exchange for the L"])
def test_the_exchange_is_confirmed_with_how_it_goes_back(a: Any, playbooks: Any, issue: str, title: str) -> None:
    about = a.order()
    case = Case(issue=Issue(issue), order=OrderChoice(id=about.id, why=OrderWhy.ONLY_FIT), offered=(offered(title),))
    situation = a.situation(
        about=about, case=case, cases=(case,), turn="choice", read={"choice": ("A",)}, text="yep", products=SIZED
    )
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan)
    assert plan.chosen is not None
    assert (plan.act, plan.chosen.action, plan.options) == (Act.CONFIRM, "exchange", ())
    assert "option.exchange.label" in plan.facts
    if issue == "size_mismatch":
        assert plan.facts["option.exchange.size"].value == "L"


def test_a_size_that_nobody_knows_takes_nothing_from_the_way_back(a: Any, playbooks: Any) -> None:
    about = a.order()
    case = Case(
        issue=Issue.SIZE_MISMATCH, order=OrderChoice(id=about.id, why=OrderWhy.ONLY_FIT), offered=(offered("换货"),)
    )
    plan = decide(playbooks, a.situation(about=about, case=case, cases=(case,), turn="choice", read={"choice": ("A",)}))
    assert isinstance(plan, Plan)
    assert plan.act is Act.CONFIRM
    assert "option.exchange.label" in plan.facts
    assert "option.exchange.size" not in plan.facts


def test_who_does_not_fulfil_the_condition_is_the_colleagues(a: Any, playbooks: Any) -> None:
    about = a.order()
    case = Case(
        issue=Issue.SIZE_MISMATCH, order=OrderChoice(id=about.id, why=OrderWhy.ONLY_FIT), offered=(offered("换L码"),)
    )
    situation = a.situation(
        about=about, case=case, cases=(case,), turn="answer", read={"answered": {TOLD: "吊牌剪了"}}, text="吊牌剪了"
    )
    assert decide(playbooks, situation) == NoPlan(reason=Reason.ANSWER_NOTED)
