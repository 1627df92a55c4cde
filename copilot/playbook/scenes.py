"""One issue → a plan: the first scene that is true, its facts, its options or the reason why there are none.

Owns the step from a playbook to a Plan; refuses to say what is not grounded: a scene whose facts are missing becomes
"we check and come back by …".
"""

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from copilot.domain.fact import Fact
from copilot.domain.issue import Turn
from copilot.domain.money import Money
from copilot.domain.plan import Act, Escalation, NoPlan, NotOffered, Plan, Promise
from copilot.domain.reason import Reason
from copilot.playbook.above import above_ceiling, asked_above
from copilot.playbook.facts import Facts, facts_of
from copilot.playbook.fit import Fit, named, recommend, replace
from copilot.playbook.handover import line_of
from copilot.playbook.loader import CompiledScene, Playbook, Playbooks
from copilot.playbook.options import LEFT_OUT, OVER_CEILING, Built, eligible, is_missing, lettered
from copilot.playbook.said import said_in
from copilot.playbook.situation import Situation, on_sale
from copilot.playbook.values import values
from copilot.playbook.wishes import by_wish, is_decided, wished, without_way_back

HOLD = "hold"
RETURN_AT = "hold.return_at"
MOST_HOLDS = 2
"""After so many "we come back" a person must answer: a rule of ours, no platform's."""


@dataclass(frozen=True)
class Scope:
    """A situation read for one issue: what conditions see and what may be said."""

    situation: Situation
    playbook: Playbook
    seen: dict[str, object]
    facts: Facts
    ways: tuple[tuple[str, str], ...] = ()
    """Names and titles of the shop's ways that the turn asks about."""


def scope_of(playbooks: Playbooks, playbook: Playbook, situation: Situation) -> Scope:
    """Read ``situation`` for the issue of ``playbook``."""
    fit = _fit(playbook, situation, playbooks)
    said = said_in(situation, playbooks.topics, playbooks.adverts)
    return Scope(
        situation=situation,
        playbook=playbook,
        seen=values(situation, playbooks.words, fit, said),
        facts=facts_of(situation, playbooks.words, fit, said),
        ways=said.ways,
    )


def _fit(playbook: Playbook, situation: Situation, playbooks: Playbooks) -> Fit:
    """The size that fits; whether it is there only of goods that can be bought today."""
    found = _size(playbook, situation, playbooks)
    gone = situation.product is not None and not on_sale(situation.product)
    return dataclasses.replace(found, stock=None, several=()) if gone else found


def _size(playbook: Playbook, situation: Situation, playbooks: Playbooks) -> Fit:
    case = situation.case
    known = case.answered.values() if case else ()
    said = " ".join([situation.earlier, *known, situation.text]).strip()
    if playbook.rule.fit == "recommend":
        return recommend(situation.product, said, playbooks.words)
    if playbook.rule.fit == "replace":
        # A size that a colleague offered is the one that goes out, whoever named it first.
        agreed = [one.text for one in case.offered if one.action in ("", "exchange") and one.text] if case else []
        return replace(situation.product, situation.item, " ".join([said, *agreed]), playbooks.words)
    if playbook.rule.fit == "named":
        return named(situation.product, said, situation.text)
    return Fit()


def plan_issue(scope: Scope) -> Plan | NoPlan:
    """The plan for the issue: from its first scene that is true."""
    scene = next((one for one in scope.playbook.scenes if one.when.holds(scope.seen) is True), None)
    if scene is None or any(name not in scope.facts for name in scene.rule.needs):
        return hold(scope)
    if scene.rule.silent:
        return NoPlan(reason=Reason(scene.rule.reason), escalation=escalation_of(scope, scene))
    if HOLD in scene.rule.promises and _held_enough(scope):
        return NoPlan(reason=Reason.WAITING_FOR_US, escalation=escalation_of(scope, scene))
    if scene.rule.act is Act.OFFER:
        return _offer(scope, scene)
    if scene.rule.act is Act.HOLD or HOLD in scene.rule.promises:
        # What a hold lists is not offered; why not stands beside the draft.
        left_out = eligible(scene.rule.options, scope.playbook, scope.situation, scope.seen)[1]
        return hold(scope, scene, not_offered=left_out, escalation=escalation_of(scope, scene))
    return make(
        scope,
        scene.rule.act,
        scene.id,
        scene.rule.points,
        asks=scene.rule.asks,
        promises=scene.rule.promises,
        escalation=escalation_of(scope, scene),
    )


def escalation_of(scope: Scope, scene: CompiledScene) -> Escalation | None:
    """Who else must look, with the case in one line; None where the scene concerns the agent alone."""
    if scene.rule.escalate is None:
        return None
    return Escalation(to=scene.rule.escalate, why=line_of(scope.situation, scope.playbook.rule.issue))


def _offer(scope: Scope, scene: CompiledScene) -> Plan | NoPlan:
    rule = scene.rule
    wish = wished(scope.situation, scope.seen)
    built, left_out = eligible(rule.options, scope.playbook, scope.situation, scope.seen)
    if rule.otherwise and (wish or len(built) < rule.most):
        further, more = eligible(rule.otherwise, scope.playbook, scope.situation, scope.seen)
        built += further
        left_out += more
    built = without_way_back(built, scope.situation)
    if asked_above(built, left_out, wish, scope.playbook, scope.situation):
        # What is asked for exists, and only its cost stands against it: no return that nobody asked for.
        return _to_supervisor(scope, left_out)
    if built:
        alone = scope.playbook.rule.wish_only and is_decided(scope.situation)
        offered = _ruled_first(by_wish(built, wish, only=alone), scope)[: rule.most]
        left_out += [NotOffered(key=one.option.key, reason="enough_offered") for one in built if one not in offered]
        chosen, rest = _chosen(offered, scope)
        return offer(scope, scene, chosen, [*left_out, *rest])
    reasons = [one.reason for one in left_out]
    if OVER_CEILING in reasons:
        return _to_supervisor(scope, left_out)
    declined = any(name not in scope.facts for name in rule.declined)
    if declined or any(is_missing(reason) for reason in reasons):
        return hold(scope, not_offered=left_out)
    return make(scope, Act.DECLINE, scene.id, (*rule.declined, *rule.points), not_offered=left_out)


def _to_supervisor(scope: Scope, left_out: Sequence[NotOffered]) -> Plan | NoPlan:
    """The plan that asks a supervisor for what is above the agent's ceiling, and names it to the buyer."""
    plan = hold(
        scope,
        not_offered=left_out,
        name="approval",
        escalation=Escalation(to="supervisor", why=OVER_CEILING),
    )
    if isinstance(plan, NoPlan):
        return plan
    facts = above_ceiling(left_out, scope.playbook)
    return plan.model_copy(update={"facts": {**plan.facts, **facts}, "points": (*facts, *plan.points)})


def _chosen(offered: list[Built], scope: Scope) -> tuple[list[Built], list[NotOffered]]:
    """What the agent lets stand of what would be offered, and what they left out; nothing else takes its place.

    At least one stays: who may offer nothing says so, and writes themself.
    """
    kept = [one for one in offered if one.option.key not in scope.situation.left_out]
    if not kept:
        return offered, []
    rest = [
        NotOffered(key=made.key, reason=LEFT_OUT, title=made.title, cost=made.cost, letter=made.id)
        for made, one in zip(lettered(offered), offered, strict=True)
        if one not in kept
    ]
    return kept, rest


def _ruled_first(built: list[Built], scope: Scope) -> list[Built]:
    """What a supervisor allowed is offered whatever else there is."""
    ruling = scope.situation.authority.ruling
    return sorted(built, key=lambda one: ruling is None or one.option.key != ruling.option)


def offer(scope: Scope, scene: CompiledScene, built: Sequence[Built], left_out: Sequence[NotOffered]) -> Plan:
    """The plan that offers ``built``."""
    facts = {id: fact for one in built for id, fact in one.facts.items()}
    plan = make(scope, Act.OFFER, scene.id, scene.rule.points, promises=scene.rule.promises, not_offered=left_out)
    return plan.model_copy(
        update={
            "options": lettered(built),
            "facts": {**plan.facts, **facts},
            # An option's date binds only once it is chosen; what the text itself promises is listed here.
            "promises": (*plan.promises, *(option_promise(one) for one in built if one.due and len(built) == 1)),
        }
    )


def option_promise(built: Built) -> Promise:
    """What an option commits the shop to; only for options that have a date."""
    if built.due is None:
        raise ValueError("the option promises no date")
    due = _time(built.facts[built.due])
    return Promise(what=f"option.{built.option.key}", due=due, fact=built.due, amount=amount_given(built))


def amount_given(built: Built) -> Money | None:
    """The money that the buyer gets by an option; None where it gives none."""
    fact = built.facts.get(f"option.{built.option.key}.amount")
    return None if fact is None else Money.model_validate(fact.value)


def hold(
    scope: Scope,
    scene: CompiledScene | None = None,
    *,
    name: str = "checking",
    points: Iterable[str] = ("order",),
    not_offered: Sequence[NotOffered] = (),
    escalation: Escalation | None = None,
) -> Plan | NoPlan:
    """The plan that says what is being checked and when we return.

    ``scene`` where the playbook has words of its own for it. A third hold in one case is a person's turn, and without a
    time to come back nothing is said.
    """
    if _held_enough(scope):
        return NoPlan(reason=Reason.WAITING_FOR_US, escalation=escalation)
    if RETURN_AT not in scope.facts:
        return NoPlan(reason=Reason.FACTS_MISSING, escalation=escalation)
    act = scene.rule.act if scene else Act.HOLD
    promises = tuple(scene.rule.promises) if scene else ()
    return make(
        scope,
        act,
        scene.id if scene else name,
        (*(scene.rule.points if scene else points), RETURN_AT),
        promises=tuple(dict.fromkeys((*promises, HOLD))),
        not_offered=not_offered,
        escalation=escalation,
    )


def make(
    scope: Scope,
    act: Act,
    scene: str,
    points: Iterable[str] = (),
    *,
    asks: tuple[str, ...] = (),
    promises: Iterable[str] = (),
    not_offered: Sequence[NotOffered] = (),
    escalation: Escalation | None = None,
) -> Plan:
    """A plan of the issue with all facts that may be said there."""
    situation, rule = scope.situation, scope.playbook.rule
    made = tuple(promise_of(what, scope) for what in promises)
    return Plan(
        act=act,
        issue=rule.worded_as or rule.issue,
        scene=scene,
        order=situation.order if situation.chosen_order is not None else None,
        asks=asks,
        facts={fact.id: fact for fact in scope.facts.values() if _sayable(fact, points, scope)},
        points=_ids(points, scope.facts),
        not_offered=tuple(not_offered),
        promises=tuple(promise for promise in made if promise is not None),
        escalation=escalation,
        empathy=_feels(scope),
        follow_up_hours=rule.follow_up_hours,
        playbook=scope.playbook.id,
    )


def _feels(scope: Scope) -> bool:
    """Whether a sentence of empathy belongs here: once, when the buyer first tells of it, not for a mere question."""
    read, case = scope.situation.understanding, scope.situation.case
    given = scope.situation.bowed or (case is not None and case.empathy_given)
    if read.turn is not Turn.NEW_ISSUE or given:
        return False
    return scope.playbook.empathy.holds(scope.seen) is True


def _held_enough(scope: Scope) -> bool:
    case = scope.situation.case
    return case is not None and case.holds >= MOST_HOLDS


def _sayable(fact: Fact, points: Iterable[str], scope: Scope) -> bool:
    """Terms, the time we return and another matter are said only where a scene asks for them."""
    if fact.id.startswith("terms.") or fact.id in (RETURN_AT, "case.matter"):
        return any(scope.facts[name].id == fact.id for name in points if name in scope.facts)
    return True


def _ids(names: Iterable[str], facts: Facts) -> tuple[str, ...]:
    return tuple(dict.fromkeys(facts[name].id for name in names if name in facts))


def promise_of(what: str, scope: Scope) -> Promise | None:
    """What a text commits the shop to by ``what``; None where no fact carries it."""
    if what == HOLD:
        fact = scope.facts.get(RETURN_AT)
        return Promise(what=HOLD, due=_time(fact), fact=fact.id) if fact else None
    fact = scope.facts.get("after_sale.arrives_by")
    if fact is None or not scope.situation.terms.refund_trace:
        return None
    return Promise(what=what, due=_end_of(fact, scope), fact=fact.id)


def _time(fact: Fact) -> datetime:
    return datetime.fromisoformat(str(fact.value))


def _end_of(fact: Fact, scope: Scope) -> datetime:
    """The last working moment of the day that ``fact`` names."""
    hours = scope.situation.terms.desk_hours
    return scope.situation.days.at(date.fromisoformat(str(fact.value)), hours.closes if hours else time(23, 59))
