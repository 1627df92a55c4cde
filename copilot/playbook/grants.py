"""What sending a plan's reply may cost the shop beyond what the buyer is due anyway, and which ceilings count."""

from copilot.domain.case import Option
from copilot.domain.issue import Issue
from copilot.domain.plan import Grant, Plan, Ruling
from copilot.playbook.authority import limits_of
from copilot.playbook.loader import Playbook, Playbooks
from copilot.playbook.terms import Terms


def grant_of(playbooks: Playbooks, plan: Plan, terms: Terms, ruling: Ruling | None = None) -> Grant | None:
    """The dearest of what the plan offers, or what it confirms; null when nothing of it counts.

    Until the buyer has chosen the dearest option is what the offer binds. ``ruling`` goes with it where the plan gives
    what a supervisor allowed.
    """
    settled = plan.chosen is not None
    options = (plan.chosen,) if plan.chosen is not None else plan.options
    costs = [one.cost for one in options if one.cost is not None and not _is_due(playbooks, plan, one)]
    dearest = max(costs, key=lambda cost: cost.minor, default=None)
    if dearest is None or dearest.minor <= 0:
        return None
    issue = issue_of(playbooks, plan)
    gives = ruling is not None and any(one.key == ruling.option for one in options)
    return Grant(
        cost=dearest,
        settled=settled,
        issue=issue,
        ruling=ruling if gives else None,
        limits={
            "agent": limits_of(terms.authority.agent, issue),
            "supervisor": limits_of(terms.authority.supervisor, issue),
        },
    )


def issue_of(playbooks: Playbooks, plan: Plan) -> Issue | None:
    """The issue whose ceiling counts: the playbook's own, whatever its texts are worded as."""
    playbook = _playbook(playbooks, plan)
    return playbook.rule.issue if playbook is not None else plan.issue


def _is_due(playbooks: Playbooks, plan: Plan, option: Option) -> bool:
    """Whether law or platform give the option anyway."""
    playbook = _playbook(playbooks, plan)
    rules = playbook.options.values() if playbook is not None else ()
    return any(one.key == option.key and one.rule.entitled for one in rules)


def _playbook(playbooks: Playbooks, plan: Plan) -> Playbook | None:
    return next((one for one in playbooks.by_issue.values() if one.id == plan.playbook), None)
