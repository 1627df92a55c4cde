"""When the shop's own answer to a frequent question is what the buyer gets.

Owns the choice between a playbook's plan and an answer that fits: facts of an order or a product go first, a procedure
is never replaced, and an answer takes the place of a question back, of "we check" and of silence. It refuses to use an
answer for other goods, or for another property than the one that was asked about.
"""

import re
from typing import Final

from copilot.domain.issue import CATEGORY_OF, Category, Issue, Turn, Understanding
from copilot.domain.knowledge import FITS, Suggested
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook.bodies import gives_body
from copilot.playbook.coupons import with_shortage
from copilot.playbook.inquiries import is_late
from copilot.playbook.loader import Playbooks
from copilot.playbook.own_word import with_own_word, with_way_told
from copilot.playbook.scenes import RETURN_AT
from copilot.playbook.situation import Situation
from copilot.playbook.sounds import really
from copilot.playbook.stored import (
    COST_BACK,
    QUESTIONS,
    about_these,
    best_of_each,
    citation_of,
    fact_of,
    has_table,
    in_order,
    issue_of,
    open_topic,
    still_open,
    topics_of,
    usable,
)

SCENE: Final = "faq"
FITS_WELL: Final = 0.7
"""From this score on an answer goes before asking back and before the shop's general terms: the words of the question
are the entry's own but for a few, so that a wrong answer is rarer than a needless question."""
FITS_FAIRLY: Final = 0.55
"""From this score on an answer that holds for all of the shop's goods goes before asking which of them is meant."""
_TURNS: Final = frozenset({Turn.NEW_ISSUE, Turn.SMALL_TALK})
# Within a matter an answer only takes the place of "we check".
_GOES_ON: Final = frozenset({Turn.CHASE, Turn.ANSWER})
_OWED: Final = "owed_"
"""How the wishes of who asks for what was promised begin: a rule of the shop's keeps no promise."""
# Asked by somebody who has bought nothing, these are questions about the shop's ways; with an order, procedures.
_WITHOUT_ORDER: Final = frozenset({Issue.RETURN_EXCHANGE, Issue.LOGISTICS_QUERY, Issue.ADDRESS_CHANGE})
_LOOKED_UP: Final = QUESTIONS | _WITHOUT_ORDER | {Issue.REFUND_STATUS}
_ON_ITS_WAY: Final = frozenset({"in_progress", "sent_back"})
"""Scenes of a return whose goods are not back yet."""
_HOW_LONG: Final = re.compile(
    r"多久|几天|什么时候|啥时候|何时|哪天|多长时间|\b(?:how long|when|how many (?:\w+ )?days|what day)\b", re.IGNORECASE
)
# Where a near miss does harm: only an answer that fits well.
_STRICT: Final = frozenset({Issue.PAYMENT_ACCOUNT, Issue.GREETING, Issue.UNCLEAR, Issue.WARRANTY}) | _WITHOUT_ORDER
# Told of one thing it says little about another, so that which one it is has to be known first.
_BY_GOODS: Final = _STRICT | {Issue.SIZE_FIT, Issue.STOCK, Issue.PRICE_PROMOTION}
# A change of mind: whether the goods can go back hangs on the state that they are in.
_CHANGED_MIND: Final = frozenset({Issue.RETURN_EXCHANGE, Issue.REFUND_REQUEST, Issue.SIZE_MISMATCH})
_STATE_SAID: Final = "state_of_goods"
_APART: Final = 0.15
_OWES: Final = frozenset({"sent", "money_when"})
_WAY_BACK: Final = frozenset({"label", "postage"})
"""What is asked of the cost of the way back and may be found out."""
_SILENT: Final = frozenset({Reason.FACTS_MISSING, Reason.UNCLEAR, Reason.NO_PLAYBOOK, Reason.WAITING_FOR_US})
_OF_THE_BUYERS_OWN: Final = ("order.", "shipment.", "after_sale.", "case.", "option.", "product.")


def wants_answers(read: Understanding) -> bool:
    """Whether the turn may be answered from the shop's own answers at all, so that it is worth looking."""
    if read.turn not in _TURNS | _GOES_ON | {Turn.CHOICE} or read.risks:
        return False
    return not read.issues or any(one.issue in _LOOKED_UP for one in read.issues)


def is_question(issue: Issue) -> bool:
    """Whether ``issue`` is one that a stored answer may answer beside whatever else is raised."""
    return issue in QUESTIONS - _STRICT or issue is Issue.WARRANTY


def with_answers(plan: Plan | NoPlan, playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
    """``plan``, or the shop's own answers where they serve the buyer better, or both where each answers a part."""
    if not situation.suggested or not wants_answers(situation.understanding):
        return plan
    if situation.understanding.turn is Turn.CHOICE:
        return plan
    if situation.understanding.turn in _GOES_ON:
        return _instead_of_hold(plan, playbooks, situation)
    if isinstance(plan, Plan) and plan.issue is Issue.REFUND_STATUS:
        return _of_money(plan, playbooks, situation)
    issue = _primary(plan, playbooks, situation)
    if issue is None:
        procedure = _procedure(plan, playbooks, situation)
        return procedure or (_beside(plan, playbooks, situation) if isinstance(plan, Plan) else plan)
    if _answers_nothing(plan, issue, situation):
        plan = _replaced(plan, issue, playbooks, situation)
    elif isinstance(plan, Plan):
        plan = _added(plan, issue, playbooks, situation)
    return with_own_word(plan, playbooks, situation) if isinstance(plan, Plan) else plan


def _of_money(plan: Plan, playbooks: Playbooks, situation: Situation) -> Plan:
    """When the money of a return on its way comes: the shop's own word on it says more than the bank's days alone."""
    if plan.scene not in _ON_ITS_WAY or plan.secondary or _HOW_LONG.search(situation.text) is None:
        return plan
    found = (one for one in usable(Issue.REFUND_STATUS, playbooks, situation) if one.match.score >= FITS)
    fits = [one for one in found if one.match.entry.category is Category.AFTER_SALE and _alone(one, situation)]
    return _replaced_by(plan, best_of_each(fits)[:1], situation, plan.issue) if fits else plan


def _primary(plan: Plan | NoPlan, playbooks: Playbooks, situation: Situation) -> Issue | None:
    """What the plan is about; None where it is no question."""
    meant = set(really(tuple(one.issue for one in situation.understanding.issues), playbooks, situation))
    raised = [one for one in situation.understanding.issues if one.issue in meant]
    issue = plan.issue if isinstance(plan, Plan) else raised[0].issue if raised else Issue.UNCLEAR
    if issue is not None and issue in _WITHOUT_ORDER:
        return issue if _has_bought_nothing(issue, situation) else None
    if issue is not None and issue not in QUESTIONS:
        return None
    # A complaint beside the question goes first: whoever has one is not answered with a leaflet.
    return issue if all(one.issue in QUESTIONS | _WITHOUT_ORDER | {issue} for one in raised) else None


def _has_bought_nothing(issue: Issue, situation: Situation) -> bool:
    if situation.orders or situation.order is not None or situation.unknown_order or situation.case is not None:
        return False
    # Whoever asks for a parcel is asked for its order, unless it is known that there is none.
    return situation.orders is not None or issue is Issue.RETURN_EXCHANGE


def _answers_nothing(plan: Plan | NoPlan, issue: Issue, situation: Situation) -> bool:
    """Whether the plan leaves the question of ``issue`` unanswered, or answers it from general terms only."""
    if isinstance(plan, NoPlan):
        return plan.reason in _SILENT and plan.escalation is None
    if plan.act is Act.HOLD:
        return plan.escalation is None
    if plan.act is Act.ASK:
        # A table of waists says nothing to who gave height and weight; the shop's own answer may.
        sized = has_table(situation) and not gives_body(situation.text)
        return not sized if issue is Issue.SIZE_FIT else plan.order is None
    if plan.act is Act.GREET:
        return True
    return plan.act is Act.ANSWER and not any(point.startswith(_OF_THE_BUYERS_OWN) for point in plan.points)


def _needed(plan: Plan | NoPlan, issue: Issue) -> float:
    """How well an answer must fit to take the place of ``plan``."""
    act = plan.act if isinstance(plan, Plan) else None
    if act is Act.ASK and isinstance(plan, Plan) and plan.asks == ("product",) and issue not in _BY_GOODS:
        return FITS_FAIRLY
    return FITS if act is Act.HOLD and issue not in _STRICT else FITS_WELL


def _replaced(plan: Plan | NoPlan, issue: Issue, playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
    known = list(usable(issue, playbooks, situation))
    first = [one for one in known if one.match.score >= _needed(plan, issue)]
    if not first:
        return plan
    best = max(first, key=lambda one: one.match.score)
    more = [one for one in known if one.part != best.part and one.match.score >= FITS]
    chosen = in_order(situation, [best, *best_of_each(more)])
    told = _replaced_by(plan, chosen, situation, issue)
    return with_shortage(told, best.match.entry.answer, situation) if issue is Issue.PRICE_PROMOTION else told


def _replaced_by(plan: Plan | NoPlan, chosen: list[Suggested], situation: Situation, issue: Issue | None) -> Plan:
    """The plan that says the ``chosen`` answers and nothing of ``plan`` but what it is about."""
    before = plan if isinstance(plan, Plan) else Plan(act=Act.ANSWER, issue=issue, playbook=SCENE)
    kept = {key: fact for key, fact in before.facts.items() if key != RETURN_AT and not key.startswith("question.")}
    answers = tuple(fact_of(one.match) for one in chosen)
    return before.model_copy(
        update={
            "act": Act.ANSWER,
            "issue": issue,
            "scene": SCENE,
            "asks": (),
            "facts": kept | {fact.id: fact for fact in answers},
            "points": tuple(fact.id for fact in answers),
            "promises": (),
            "options": (),
            "cites": tuple(citation_of(one.match) for one in chosen),
            "secondary": still_open(before, chosen, situation),
        }
    )


def _added(plan: Plan, issue: Issue, playbooks: Playbooks, situation: Situation) -> Plan:
    """``plan`` with answers to the questions beside its own, and to the property that the goods do not state."""
    if plan.act is not Act.ANSWER:
        return plan
    wanted = [one for one in usable(issue, playbooks, situation) if one.match.score >= FITS]
    topic = open_topic(plan, playbooks, situation)
    of_topic = [one for one in wanted if topic is not None and topic in topics_of(one.match.entry, playbooks)]
    beside = [one for one in wanted if one not in of_topic and issue_of(one, plan.secondary, situation) is not None]
    chosen = in_order(situation, [*best_of_each(of_topic)[:1], *best_of_each(beside)])
    if not chosen:
        return plan
    answers = tuple(fact_of(one.match) for one in chosen)
    facts, points = dict(plan.facts), list(plan.points)
    update: dict[str, object] = {}
    if any(one in of_topic for one in chosen):
        # What was to be found out is known: nothing is left to come back with.
        facts = {key: fact for key, fact in facts.items() if key not in (RETURN_AT, "question.open")}
        points = [point for point in points if point not in (RETURN_AT, "question.open")]
        update = {"scene": "known", "promises": ()}
    return plan.model_copy(
        update={
            **update,
            "facts": facts | {fact.id: fact for fact in answers},
            "points": (*points, *(fact.id for fact in answers)),
            "cites": tuple(citation_of(one.match) for one in chosen),
            "secondary": still_open(plan, chosen, situation),
        }
    )


def _procedure(plan: Plan | NoPlan, playbooks: Playbooks, situation: Situation) -> Plan | None:
    """How the shop does it, where the plan would only go and ask; None where it does more or no answer surely fits."""
    if not isinstance(plan, Plan) or plan.act is not Act.HOLD or plan.escalation is not None or plan.options:
        return None
    if (
        plan.issue is None
        or plan.issue not in _WITHOUT_ORDER
        or situation.case is not None
        or len(situation.understanding.issues) > 1
    ):
        return None
    fits = [
        one
        for one in usable(plan.issue, playbooks, situation)
        if one.match.score >= FITS_FAIRLY and one.match.entry.category is CATEGORY_OF[plan.issue]
    ]
    return _replaced_by(plan, best_of_each(fits)[:1], situation, plan.issue) if fits else None


def _beside(plan: Plan, playbooks: Playbooks, situation: Situation) -> Plan:
    """``plan`` of another matter with answers to the questions that are named beside it as open.

    Whether goods in such a state can go back is answered by the shop's own word on that state, where there is one: an
    offer made on the days alone would say the opposite.
    """
    state = _on_the_state(plan, playbooks, situation)
    if state is not None:
        return _replaced_by(plan, [state], situation, plan.issue)
    plan = with_way_told(plan, situation)
    open_ones = tuple(issue for issue in plan.secondary if is_question(issue))
    found = [
        one
        for issue in open_ones
        for one in usable(issue, playbooks, situation)
        if one.match.score >= FITS and issue_of(one, (issue,), situation) is issue
    ]
    chosen = in_order(situation, best_of_each(list({one.match.entry.id: one for one in found}.values())))
    if not chosen:
        return plan
    answers = tuple(fact_of(one.match) for one in chosen)
    return plan.model_copy(
        update={
            "facts": plan.facts | {fact.id: fact for fact in answers},
            "points": (*plan.points, *(fact.id for fact in answers)),
            "cites": (*plan.cites, *(citation_of(one.match) for one in chosen)),
            "secondary": still_open(plan, chosen, situation),
        }
    )


def _instead_of_hold(plan: Plan | NoPlan, playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
    """The shop's answer to what is asked within a matter, where else it would be found out; ``plan`` otherwise."""
    if not isinstance(plan, Plan) or plan.act is not Act.HOLD or plan.escalation is not None:
        return plan
    if plan.untold and set(plan.untold) <= _WAY_BACK:
        plan = _way_back(plan, situation)
    if plan.issue is None or plan.act is not Act.HOLD:
        return plan
    if (
        situation.understanding.wish.startswith(_OWED)
        or _OWES & set(plan.untold)
        or (situation.case is not None and is_late(situation.case, situation.now))
    ):
        return plan
    # "How long" asks about whatever the talk is about: an entry of another kind, or one of several alike, is a guess.
    fits = [
        one
        for one in usable(plan.issue, playbooks, situation)
        if one.match.score >= FITS_WELL
        and one.match.entry.category is CATEGORY_OF[plan.issue]
        and _alone(one, situation)
    ]
    chosen = in_order(situation, best_of_each(fits))
    return _replaced_by(plan, chosen, situation, plan.issue).model_copy(update={"untold": ()}) if chosen else plan


def _way_back(plan: Plan, situation: Situation) -> Plan:
    """The shop's word on how goods go back and who pays, where the reply would find that out; ``plan`` without one."""
    of_case = situation.case is not None and is_late(situation.case, situation.now)
    if of_case or situation.understanding.wish.startswith(_OWED):
        return plan
    fits = [
        one
        for one in situation.suggested
        if one.match.score >= FITS
        and one.match.entry.category is Category.AFTER_SALE
        and about_these(one.match.entry, situation)
        and _alone(one, situation)
    ]
    chosen = in_order(situation, best_of_each(fits))
    if not any(COST_BACK.search(one.match.entry.question) for one in chosen):
        return plan
    return _replaced_by(plan, chosen, situation, plan.issue).model_copy(update={"untold": ()})


def _alone(found: Suggested, situation: Situation) -> bool:
    """Whether no other entry fits the same words about as well."""
    others = (one for one in situation.suggested if one.part == found.part and one.match.entry != found.match.entry)
    return all(one.match.score < found.match.score - _APART for one in others)


def _on_the_state(plan: Plan, playbooks: Playbooks, situation: Situation) -> Suggested | None:
    """The shop's answer on goods in the state that the buyer tells of ("tags cut off"), where a return is offered."""
    says = playbooks.words.says
    if plan.issue not in _CHANGED_MIND or plan.act is not Act.OFFER or not says(_STATE_SAID, situation.text):
        return None
    entries = (
        one for one in situation.suggested if one.match.score >= FITS and about_these(one.match.entry, situation)
    )
    on_state = [one for one in entries if says(_STATE_SAID, one.match.matched)]
    return max(on_state, key=lambda one: one.match.score, default=None)
