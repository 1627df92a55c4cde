"""Faults after the days for returns without a reason."""

from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook import decide


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert not isinstance(plan, NoPlan), plan
    return plan


@pytest.mark.parametrize(
    ("days", "terms", "act", "scene"),
    [
        (13, {}, Act.HOLD, "fault_open"),
        # The shop takes faults back longer than goods without any.
        (13, {"fault_days": 30}, Act.OFFER, "decide"),
        (31, {"fault_days": 30}, Act.DECLINE, "too_late"),
        (6, {}, Act.OFFER, "decide"),
        # The warranty goes before anybody's judgement.
        (13, {"warranty_days": 365, "repair": "shop"}, Act.OFFER, "covered"),
    ],
)
def test_a_fault_is_not_refused_by_the_days_without_a_reason(
    a: Any, playbooks: Any, days: int, terms: dict[str, Any], act: Act, scene: str
) -> None:
    about = a.order(delivered_at=a.NOW - timedelta(days=days))
    plan = planned(playbooks, a.situation("quality_defect", about=about, photos=1, terms=terms))
    assert (plan.act, plan.scene) == (act, scene)


def test_it_is_looked_at_before_it_is_decided(a: Any, playbooks: Any) -> None:
    about = a.order(delivered_at=a.NOW - timedelta(days=13))
    plan = planned(playbooks, a.situation("quality_defect", about=about))
    assert (plan.act, plan.asks) == (Act.ASK, ("photo",))


def test_who_only_changed_their_mind_is_told_the_window(a: Any, playbooks: Any) -> None:
    about = a.order(delivered_at=a.NOW - timedelta(days=13))
    plan = planned(playbooks, a.situation("return_exchange", about=about))
    assert (plan.act, plan.scene) == (Act.DECLINE, "too_late")
