"""A wish that is said again after we asked back is confirmed, with what is asked beside it."""

from typing import Any

import pytest

from copilot.domain.case import Case, CaseState, Commitment, OrderChoice, OrderWhy
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, Plan
from copilot.playbook import decide


def planned(a: Any, playbooks: Any, text: str, *, state: CaseState = CaseState.WAITING_BUYER, **more: Any) -> Plan:
    about = a.to_ship()
    known = OrderChoice(id=about.id, why=OrderWhy.ONLY_FIT)
    case = Case(issue=Issue.CANCEL_ORDER, order=known, state=state, **more)
    plan = decide(playbooks, a.situation("refund_status", about=about, cases=(case,), text=text))
    assert isinstance(plan, Plan)
    return plan


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("just cancel pls, how long till the money's back", True),
        ("cancel it. when do i get my refund", True),
        ("yes cancel, how many days for the money", True),
        ("cancel. thanks", False),
        ("go ahead and cancel it", False),
        ("直接取消吧 钱多久能退回来", True),
        ("取消 退款几天到账", True),
        ("嗯取消 钱什么时候到", True),
        ("就退了吧", False),
        ("确定取消", False),
    ],
)
def test_the_choice_is_confirmed_and_the_question_is_not_lost(a: Any, playbooks: Any, text: str, asks: bool) -> None:
    plan = planned(a, playbooks, text)
    assert plan.chosen is not None
    assert (plan.act, plan.chosen.key, plan.options) == (Act.CONFIRM, "cancel_refund", ())
    # No term of this shop says how long the money takes: that is found out.
    assert ("money_when" in plan.untold) is asks


@pytest.mark.parametrize(
    "text", ["能取消吗", "别取消", "how do i cancel", "can i still cancel?", "多久退款", "don't cancel it"]
)
def test_who_only_asks_is_offered_it(a: Any, playbooks: Any, text: str) -> None:
    assert planned(a, playbooks, text).act is Act.OFFER


def test_where_nobody_asked_back_it_is_offered_first(a: Any, playbooks: Any) -> None:
    assert planned(a, playbooks, "直接取消吧", state=CaseState.OPEN).act is Act.OFFER


def test_what_is_promised_already_is_not_confirmed_again(a: Any, playbooks: Any) -> None:
    owed = Commitment(what="cancel")
    assert planned(a, playbooks, "直接取消吧", commitments=(owed,)).act is not Act.CONFIRM
