"""What is planned where a whole turn says what none of its clauses says alone."""

from typing import Any

from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook import decide

ORDER = "6938166200417709313"
REFUNDED = {
    "id": "4035508844120",
    "kind": "refund",
    "status": "refunded",
    "amount": {"amount": "51.90", "currency": "CNY"},
    "refunded_at": "2026-11-21T15:20:00+08:00",
}


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert not isinstance(plan, NoPlan), plan
    return plan


def saying(a: Any, issue: str, wish: str, **order: Any) -> Any:
    return a.situation(issue, about=a.order(**order), read={"wish": wish})


def test_a_crushed_box_is_offered_nothing_and_asked_nothing(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, saying(a, "damaged", "packaging"))
    assert (plan.act, plan.scene, plan.options, plan.asks, plan.empathy) == (Act.ANSWER, "packaging", (), (), False)
    broken = planned(playbooks, saying(a, "damaged", ""))
    assert (broken.act, broken.asks) == (Act.ASK, ("photo",))
