"""Decides what the reply may do: the playbook over order facts, terms and authority; the agent's corrections on top."""

from dataclasses import dataclass, replace
from datetime import date

from copilot.domain.case import Case
from copilot.domain.conversation import Conversation
from copilot.domain.draft import Rejection, RejectReason
from copilot.domain.issue import CATEGORY_OF, TOLD, Issue, IssueReading, Turn, Understanding
from copilot.domain.message import Kind, Role
from copilot.domain.plan import NoPlan, Plan, Ruling
from copilot.domain.reason import Reason
from copilot.flow.deps import Deps
from copilot.flow.holding import plan_hold
from copilot.flow.notices import under_notices
from copilot.flow.shapes import End, Gathered
from copilot.flow.suggesting import fitting
from copilot.flow.understand import Burst, derive_cases, last_shop_text, open_case, unanswered
from copilot.flow.understand.before_order import leaves_on
from copilot.flow.understand.before_purchase import JUST_BOUGHT
from copilot.flow.understand.broken_word import broken_word
from copilot.flow.understand.earlier import before, colleague_before
from copilot.flow.understand.risks import find_risks
from copilot.flow.understand.text import fold
from copilot.flow.understand.tried import FAULT_TOLD, has_tried_as_told
from copilot.flow.understand.wishes import saying_in
from copilot.flow.understand.words import says
from copilot.logs import get_logger
from copilot.model.composer.holding import holds_in
from copilot.playbook import Authority, Situation, decide
from copilot.playbook.grants import grant_of
from copilot.playbook.matters import DANGER
from copilot.playbook.options import OVER_CEILING
from copilot.playbook.situation import BrokenWord
from copilot.playbook.stated_terms import stated_terms
from copilot.playbook.tonight import tonights

log = get_logger(__name__)


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
    understanding = _corrected(understanding, rejection)
    if holds_in(understanding.language, deps.prompts):
        situation = _situation(found, unanswered(found), understanding, gathered, deps)
        return plan_hold(found, situation, deps.prompts)
    told = _Told(understanding, gathered, ruling, frozenset(rejection.without if rejection else ()))
    plan, situation = await _decided(found, told, deps)
    await _watch(found, told, plan, deps)
    if isinstance(plan, NoPlan):
        return End(reason=plan.reason, candidates=plan.candidates or gathered.candidates, escalation=plan.escalation)
    grant = grant_of(deps.rules.playbooks, plan, situation.terms, ruling)
    plan = plan.model_copy(update={"grant": grant, "notes": (*plan.notes, *gathered.flags)})
    return _without(plan, rejection)


@dataclass(frozen=True)
class _Told:
    """What is known of the turn, and what people said about its draft: a supervisor's ruling, options left out."""

    understanding: Understanding
    gathered: Gathered
    ruling: Ruling | None
    left_out: frozenset[str]


async def _decided(found: Conversation, told: _Told, deps: Deps) -> tuple[Plan | NoPlan, Situation]:
    gathered, ruling = told.gathered, told.ruling
    situation = _situation(found, unanswered(found), told.understanding, gathered, deps)
    situation = replace(
        situation,
        authority=situation.authority.with_ruling(ruling),
        left_out=told.left_out,
        tonight=tonights(situation, deps.rules.playbooks.words),
    )
    plan = decide(deps.rules.playbooks, situation)
    if _costs(plan):
        # What was given before can only take options away; most turns have none that cost, and ask for nothing.
        grant = grant_of(deps.rules.playbooks, plan, situation.terms, ruling) if isinstance(plan, Plan) else None
        again = grant.issue if grant is not None and isinstance(plan, Plan) and plan.replaces is not None else None
        given = await deps.grants.given(gathered.order.id if gathered.order else None, again)
        plan = decide(deps.rules.playbooks, replace(situation, authority=situation.authority.after(given)))
    return plan, situation


async def _watch(found: Conversation, told: _Told, plan: Plan | NoPlan, deps: Deps) -> None:
    """Plan the same turn by the playbooks in shadow, for their counts only."""
    shadow = deps.rules.shadow
    if shadow is None or shadow.decided is None:
        return
    theirs = replace(deps.rules, playbooks=shadow.decided.playbooks, terms=shadow.decided.terms)
    try:
        other, _ = await _decided(found, told, replace(deps, rules=theirs))
    except Exception as error:  # around one check: what only watches takes nothing from the draft
        log.error("shadow_failed", error=error)
        return
    issues = told.understanding.issues
    deps.watched.plan(issues[0].issue.value if issues else "", plan, other)


def _costs(plan: Plan | NoPlan) -> bool:
    """Whether an option of the plan costs something, or was left out for what it costs."""
    if isinstance(plan, NoPlan):
        return False
    options = (*plan.options, plan.chosen) if plan.chosen is not None else plan.options
    costs = any(option.cost is not None and option.cost.minor > 0 for option in options)
    return costs or any(one.reason == OVER_CEILING for one in plan.not_offered)


def _situation(
    found: Conversation, burst: Burst, understanding: Understanding, gathered: Gathered, deps: Deps
) -> Situation:
    # What the shop decided in its own answers counts where its terms are silent.
    stated = stated_terms(deps.rules.terms.overlaid(found.terms), (one.match.entry for one in gathered.matters))
    terms = stated.terms
    cases = derive_cases(found)
    earlier = before(found, burst)
    understanding = _going_on(understanding, open_case(cases, understanding), earlier.text)
    if has_tried_as_told(understanding, open_case(cases, understanding), burst, last_shop_text(found, burst)):
        understanding = understanding.model_copy(update={"wish": FAULT_TOLD})
    given = under_notices(found.orders, gathered, deps.clock.now(), unsure=terms.dates_unsure)
    return Situation(
        understanding=understanding,
        now=deps.clock.now(),
        days=deps.rules.calendar,
        terms=terms,
        stated=stated.by,
        authority=Authority.of(terms),
        orders=given.orders,
        products=gathered.goods if gathered.goods is not None else found.products,
        order=gathered.order,
        candidates=gathered.candidates,
        unknown_order=gathered.unknown_order,
        case=open_case(cases, understanding),
        cases=cases,
        text=burst.text,
        photos=burst.photos,
        product_cards=burst.product_cards,
        earlier=earlier.text,
        earlier_cards=earlier.product_cards,
        colleague=colleague_before(found, burst),
        bowed=says("empathy", fold(last_shop_text(found, burst) or "")),
        broken=_broken(found, burst, gathered, deps),
        leaves_on=_leaves_on(found, burst, understanding, gathered, deps),
        danger=next((one.risk for one in find_risks(earlier.text) if one.risk in DANGER), None),
        dates_unsure=given.unsure is not None,
        unsure_why=given.unsure,
        notices=given.notices,
        extended=given.extended,
        suggested=fitting(gathered.suggested, deps, unsure=given.unsure is not None),
        buyer=found.buyer,
        shown=burst.videos > 0 or (_is_one_matter(cases, understanding) and _has_shown(found, burst)),
        opening=all(message.role not in (Role.AGENT, Role.BOT) for message in found.messages),
    )


def _broken(found: Conversation, burst: Burst, gathered: Gathered, deps: Deps) -> BrokenWord | None:
    """The colleague's word about the order that the turn holds us to and that was not kept."""
    known = gathered.order.id if gathered.order is not None else None
    order = next((one for one in found.orders or () if one.id == known), None)
    return broken_word(found, burst, order, deps.clock.now(), deps.rules.zone)


def _leaves_on(found: Conversation, burst: Burst, read: Understanding, gathered: Gathered, deps: Deps) -> date | None:
    """The day that a colleague named for the order before it was placed, or for one that the buyer has just placed."""
    known = None if gathered.order is None else gathered.order.id
    order = next((one for one in found.orders or () if one.id == known), None)
    bought = read.wish == JUST_BOUGHT or says("bought", fold(burst.text))
    if order is None and not bought:
        return None
    return leaves_on(found, burst, order, deps.rules.zone)


def _going_on(understanding: Understanding, case: Case | None, earlier: str) -> Understanding:
    """``understanding`` with what the matter was about by its first words, where the turn only answers within it."""
    if (
        understanding.turn is not Turn.ANSWER
        or understanding.wish
        or case is None
        or TOLD not in understanding.answered
    ):
        return understanding
    saying = saying_in(earlier)
    if saying is None or saying.issue is not case.issue:
        return understanding
    return understanding.model_copy(update={"wish": saying.name})


def _is_one_matter(cases: tuple[Case, ...], understanding: Understanding) -> bool:
    """Whether the talk has had nothing else that an earlier picture could show; a screenshot of a charge is no cup."""
    raised = understanding.issues if understanding.turn is Turn.NEW_ISSUE else ()
    matters = {CATEGORY_OF[one.issue] for one in (*raised, *cases)}
    return len(cases) < 2 and len(matters) < 2


def _has_shown(found: Conversation, burst: Burst) -> bool:
    """Whether the buyer sent a picture before the unanswered turn."""
    before = found.messages[: burst.start]
    return any(
        message.role is Role.BUYER and message.kind in (Kind.IMAGE, Kind.VIDEO) and message.recalled_at is None
        for message in before
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
