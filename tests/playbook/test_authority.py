"""What was given already leaves less to offer; what a supervisor allowed is offered, at that amount and no other."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.domain.plan import Act, NoPlan, Plan, Ruling
from copilot.playbook import Authority, Given, decide
from tests.playbook.test_properties import ISSUES, amounts, orders, terms

ORDER = "6938166200417709313"


def cny(minor: int) -> Money:
    return Money.from_minor(minor, "CNY")


def _plan(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan), plan
    return plan


def _damaged(a: Any, authority: Authority) -> Any:
    return a.situation("damaged", about=a.order(), photos=1, authority=authority)


def _offered(plan: Plan) -> dict[str, int | None]:
    return {one.key: one.cost.minor if one.cost else None for one in plan.options}


@pytest.mark.feature("F076")
@pytest.mark.parametrize(
    ("authority", "ceiling", "left"),
    [
        (Authority(per_order=cny(8000), given=Given(per_order={"CNY": 3000})), "per_order", 5000),
        (Authority(per_order=cny(8000), per_buyer=cny(9000), given=Given(per_buyer={"CNY": 5000})), "per_buyer", 4000),
        (Authority(per_order=cny(8000), per_day=cny(9000), given=Given(per_day={"CNY": 5500})), "per_day", 3500),
        (Authority(per_order=cny(8000), per_issue={Issue.DAMAGED: cny(3000)}), "per_issue", 3000),
        (
            Authority(
                per_order=cny(20000),
                per_issue={Issue.DAMAGED: cny(6000)},
                given=Given(per_issue={Issue.DAMAGED: {"CNY": 1000}}),
            ),
            "per_issue",
            5000,
        ),
    ],
)
def test_an_option_above_what_is_left_is_not_offered_and_says_which_ceiling(
    a: Any, playbooks: Any, authority: Authority, ceiling: str, left: int
) -> None:
    plan = _plan(playbooks, _damaged(a, authority))
    (missing,) = [one for one in plan.not_offered if one.reason == "over_ceiling"]
    assert (missing.key, missing.cost, missing.ceiling, missing.left) == ("reship", cny(5990), ceiling, cny(left))
    assert "reship" not in _offered(plan)
    assert _offered(plan)["refund_keep"] == 2995


def test_an_unknown_day_and_another_issues_ceiling_stop_nothing(a: Any, playbooks: Any) -> None:
    authority = Authority(per_order=cny(8000), per_day=cny(1), per_issue={Issue.SIZE_FIT: cny(1)})
    assert set(_offered(_plan(playbooks, _damaged(a, authority)))) == {"reship", "refund_keep"}


@pytest.mark.feature("F077")
def test_what_the_agent_may_decide_is_passed_to_nobody(a: Any, playbooks: Any) -> None:
    enough = _plan(playbooks, _damaged(a, Authority(per_order=cny(8000))))
    assert enough.act is Act.OFFER
    assert enough.escalation is None
    # One option is out of reach and another is not: that is still the agent's to decide.
    partly = _plan(playbooks, _damaged(a, Authority(per_order=cny(3000))))
    assert partly.options
    assert partly.escalation is None


def test_a_ruling_lifts_the_ceilings_for_exactly_that_option_of_that_order_at_that_cost(a: Any, playbooks: Any) -> None:
    nothing = Authority()
    ruling = Ruling(approval="1", by="boss", cost=cny(5990), option="reship", order=ORDER)
    assert _offered(_plan(playbooks, _damaged(a, nothing.with_ruling(ruling)))).keys() == {"reship", "return_refund"}
    for other in (
        ruling.model_copy(update={"order": "another"}),
        ruling.model_copy(update={"option": "refund_keep", "cost": cny(1)}),
        ruling.model_copy(update={"cost": cny(5989)}),
        ruling.model_copy(update={"cost": Money(amount="59.90", currency="USD")}),
    ):
        assert "reship" not in _offered(_plan(playbooks, _damaged(a, nothing.with_ruling(other))))


def test_a_lowered_amount_takes_the_place_of_the_whole_one(a: Any, playbooks: Any) -> None:
    ruling = Ruling(approval="1", by="boss", cost=cny(1000), option="refund_keep", order=ORDER, lowered=True)
    plan = _plan(playbooks, _damaged(a, Authority().with_ruling(ruling)))
    assert _offered(plan)["refund_keep"] == 1000
    assert plan.facts["option.refund_keep.amount"].value == {"amount": "10.00", "currency": "CNY"}
    assert "29.95" not in str([fact.value for fact in plan.facts.values()])


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_was_given_no_option_passes_a_ceiling(data: Any, a: Any, playbooks: Any) -> None:
    issue = Issue(data.draw(st.sampled_from(ISSUES)))
    sums = st.none() | amounts
    limits = {name: data.draw(sums) for name in ("per_order", "per_buyer", "per_day", "per_issue")}
    before = {name: data.draw(amounts) for name in limits}
    money = {name: None if value is None else cny(value) for name, value in limits.items()}
    authority = Authority(
        per_order=money["per_order"],
        per_buyer=money["per_buyer"],
        per_day=money["per_day"],
        per_issue={issue: money["per_issue"]} if money["per_issue"] is not None else {},
        given=Given(
            per_order={"CNY": before["per_order"]},
            per_issue={issue: {"CNY": before["per_issue"]}},
            per_buyer={"CNY": before["per_buyer"]},
            per_day={"CNY": before["per_day"]},
        ),
    )
    situation = a.situation(
        issue.value, about=data.draw(orders(a.NOW)), terms=data.draw(terms), photos=1, authority=authority
    )
    plan = decide(playbooks, situation)
    if isinstance(plan, NoPlan):
        return
    rules = playbooks.by_issue[issue].options.values()
    for option in plan.options:
        entitled = any(rule.key == option.key and rule.rule.entitled for rule in rules)
        if option.cost is None or option.cost.minor == 0 or entitled:
            continue
        assert limits["per_order"] is not None
        for name, limit in limits.items():
            assert limit is None or before[name] + option.cost.minor <= limit, (name, option.key)
    # And what was known before only ever takes options away.
    free = decide(playbooks, replace(situation, authority=authority.after(Given())))
    assert isinstance(free, Plan)
    assert len(plan.options) <= len(free.options)
