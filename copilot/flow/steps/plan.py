"""Decides what the reply may do: the playbook over order facts, terms and authority; the agent's corrections on top."""

from dataclasses import replace

from copilot.domain.conversation import Conversation
from copilot.domain.draft import Rejection, RejectReason
from copilot.domain.issue import Issue, IssueReading, Understanding
from copilot.domain.message import Role
from copilot.domain.plan import NoPlan, Plan, Ruling
from copilot.domain.reason import Reason
from copilot.flow.deps import Deps
from copilot.flow.shapes import End, Gathered
from copilot.flow.understand import Burst, derive_cases, open_case, unanswered
from copilot.playbook import Authority, Situation, decide
from copilot.playbook.grants import grant_of
from copilot.playbook.options import OVER_CEILING


async def run(
    merchant: str,
    conversation: str,
    understanding: Understanding,
    gathered: Gathered,
    rejection: Rejection | None,
    deps: Deps,
    ruling: Ruling | None = None,
) -> Plan | End:
    """The plan, or why nothing may be said; ``ruling`` is what a supervisor allowed for this draft."""
    found = await deps.conversations.get(merchant, conversation)
    situation = _situation(found, unanswered(found), _corrected(understanding, rejection), gathered, deps)
    situation = replace(situation, authority=situation.authority.with_ruling(ruling))
    plan = decide(deps.rules.playbooks, situation)
    if _costs(plan):
        # What was given before can only take options away; most turns have none that cost, and ask for nothing.
        given = await deps.grants.given(gathered.order.id if gathered.order else None)
        plan = decide(deps.rules.playbooks, replace(situation, authority=situation.authority.after(given)))
    if isinstance(plan, NoPlan):
        return End(reason=plan.reason, candidates=plan.candidates or gathered.candidates, escalation=plan.escalation)
    plan = plan.model_copy(update={"grant": grant_of(deps.rules.playbooks, plan, situation.terms, ruling)})
    return _without(plan, rejection)


def _costs(plan: Plan | NoPlan) -> bool:
    """Whether an option of the plan costs something, or was left out for what it costs."""
    if isinstance(plan, NoPlan):
        return False
    costs = any(option.cost is not None and option.cost.minor > 0 for option in plan.options)
    return costs or any(one.reason == OVER_CEILING for one in plan.not_offered)


def _situation(
    found: Conversation, burst: Burst, understanding: Understanding, gathered: Gathered, deps: Deps
) -> Situation:
    terms = deps.rules.terms.overlaid(found.terms)
    cases = derive_cases(found)
    return Situation(
        understanding=understanding,
        now=deps.clock.now(),
        days=deps.rules.calendar,
        terms=terms,
        authority=Authority.of(terms),
        orders=found.orders,
        products=found.products,
        order=gathered.order,
        candidates=gathered.candidates,
        unknown_order=gathered.unknown_order,
        case=open_case(cases, understanding),
        cases=cases,
        text=burst.text,
        photos=burst.photos,
        product_cards=burst.product_cards,
        dates_unsure=terms.dates_unsure,
        buyer=found.buyer,
        opening=all(message.role not in (Role.AGENT, Role.BOT) for message in found.messages),
    )


def _corrected(understanding: Understanding, rejection: Rejection | None) -> Understanding:
    """The understanding with the issue that the agent named, when the classifier had it wrong."""
    if rejection is None or rejection.reason is not RejectReason.WRONG_ISSUE or not rejection.issue:
        return understanding
    named = IssueReading(issue=Issue(rejection.issue), confidence=1.0)
    return understanding.model_copy(update={"issues": (named,), "read_by": "agent"})


def _without(plan: Plan, rejection: Rejection | None) -> Plan | End:
    """The plan after what the agent forbade: a fact that is wrong is not said again."""
    if rejection is None:
        return plan
    if rejection.reason is RejectReason.NOT_ALLOWED and plan.options:
        return End(reason=Reason.PERSON_NEEDED)
    if rejection.reason is not RejectReason.WRONG_FACT:
        return plan
    if rejection.fact is None or rejection.fact not in plan.facts:
        return End(reason=Reason.FACTS_MISSING)
    resting = any(rejection.fact in option.facts for option in plan.options)
    if resting or any(promise.fact == rejection.fact for promise in plan.promises):
        return End(reason=Reason.FACTS_MISSING)
    facts = {key: fact for key, fact in plan.facts.items() if key != rejection.fact}
    points = tuple(point for point in plan.points if point != rejection.fact)
    return plan.model_copy(update={"facts": facts, "points": points})
