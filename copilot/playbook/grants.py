"""What sending a plan's reply may cost the shop beyond what the buyer is due anyway, and which ceilings count."""

from copilot.domain.case import Option
from copilot.domain.plan import Grant, Limits, Plan
from copilot.playbook.loader import Playbooks
from copilot.playbook.terms import RoleLimits, Terms


def grant_of(playbooks: Playbooks, plan: Plan, terms: Terms) -> Grant | None:
    """The dearest of what the plan offers, or what it confirms; null when nothing of it counts.

    Until the buyer has chosen the dearest option is what the offer binds.
    """
    settled = plan.chosen is not None
    options = (plan.chosen,) if plan.chosen is not None else plan.options
    costs = [one.cost for one in options if one.cost is not None and not _is_due(playbooks, plan, one)]
    dearest = max(costs, key=lambda cost: cost.minor, default=None)
    if dearest is None or dearest.minor <= 0:
        return None
    return Grant(
        cost=dearest,
        settled=settled,
        limits={"agent": _limits(terms.authority.agent), "supervisor": _limits(terms.authority.supervisor)},
    )


def _is_due(playbooks: Playbooks, plan: Plan, option: Option) -> bool:
    """Whether law or platform give the option anyway."""
    playbook = next((one for one in playbooks.by_issue.values() if one.id == plan.playbook), None)
    rules = playbook.options.values() if playbook is not None else ()
    return any(one.key == option.key and one.rule.entitled for one in rules)


def _limits(role: RoleLimits) -> Limits:
    return Limits(per_order=role.per_order, per_buyer=role.per_buyer, per_day=role.per_day)
