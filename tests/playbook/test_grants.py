"""What a reply costs at most beyond what is due anyway."""

from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.case import Case, Option
from copilot.domain.issue import Issue
from copilot.domain.plan import Plan
from copilot.playbook import decide
from copilot.playbook.dues import due_anyway
from copilot.playbook.grants import grant_of

OFFERED = (
    Option(id="A", key="reship", title="补发", action="reship"),
    Option(id="B", key="refund_keep", title="部分退款", action="refund"),
)


def _plan(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan)
    return plan


def test_an_offer_binds_its_dearest_option(a: Any, playbooks: Any) -> None:
    situation = a.situation("damaged", about=a.order(), photos=1)
    plan = _plan(playbooks, situation)
    grant = grant_of(playbooks, plan, situation.terms)
    assert [one.key for one in plan.options] == ["reship", "refund_keep"]
    assert grant is not None
    assert (grant.cost.amount, grant.settled) == ("59.90", False)
    assert grant.limits["agent"].per_order == situation.terms.authority.agent.per_order


@pytest.mark.parametrize(("picked", "cost"), [("A", "59.90"), ("B", "29.95")])
def test_a_choice_counts_what_was_chosen(a: Any, playbooks: Any, picked: str, cost: str) -> None:
    case = Case(issue=Issue.DAMAGED, offered=OFFERED, empathy_given=True)
    situation = a.situation(about=a.order(), turn="choice", case=case, read={"choice": (picked,)}, photos=1)
    grant = grant_of(playbooks, _plan(playbooks, situation), situation.terms)
    assert grant is not None
    assert (grant.cost.amount, grant.settled) == (cost, True)


def test_what_is_due_anyway_and_what_costs_nothing_counts_nothing(a: Any, playbooks: Any) -> None:
    for issue in ("return_exchange", "logistics_query"):
        situation = a.situation(issue, about=a.order())
        assert grant_of(playbooks, _plan(playbooks, situation), situation.terms) is None


def test_what_is_due_anyway_depends_on_the_order_and_the_case(a: Any, playbooks: Any) -> None:
    def dues(order: Any, issue: Issue | None = None, **more: Any) -> set[tuple[str, bool]]:
        found = due_anyway(playbooks, a.situation(about=order, **more), issue)
        return {(one.amount.amount, one.for_goods) for one in found}

    assert dues(a.order()) == {("59.90", True)}
    assert dues(a.order(delivered_at=a.NOW - timedelta(days=60))) == set()
    assert dues(a.to_ship()) == {("59.90", False)}
    lost = a.shipped(shipments=[a.parcel(days_still=20)])
    assert dues(lost) == set()
    assert dues(lost, Issue.LOST_PARCEL, terms={"refund_lost": True}) == {("59.90", False)}
    running = {"id": "r1", "kind": "refund", "status": "processing", "amount": {"amount": "12.00", "currency": "CNY"}}
    assert ("12.00", False) in dues(a.order(after_sales=[running]))
    assert due_anyway(playbooks, a.situation()) == ()
