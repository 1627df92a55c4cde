"""Questions of the turn that the shop's own answers answer and the plan would find out, or say nothing of.

Owns the adding of such answers to a finished plan and the taking back of "I'll find out" where one of them tells it.
Facts of an order stay first: a general word on shipping or returns is not put beside what is known of a parcel.
"""

from dataclasses import replace
from typing import Final

from copilot.domain.issue import Issue
from copilot.domain.knowledge import FITS, Suggested
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook.facts import open_titles
from copilot.playbook.literal import asks
from copilot.playbook.loader import Playbooks
from copilot.playbook.own_word import asks_how
from copilot.playbook.points import points_in
from copilot.playbook.said import asked_in
from copilot.playbook.scenes import HOLD, RETURN_AT
from copilot.playbook.situation import Situation
from copilot.playbook.stored import COST_BACK, MOST, best_of_each, citation_of, fact_of, in_order, usable

_TELLS: Final = frozenset({Act.ANSWER, Act.OFFER, Act.CONFIRM})
_FITS_OFFER: Final = 0.55
"""Beside an offer or a confirmation only what surely answers the question: they are read to their end."""
_SURE: Final = 0.7
_OPEN: Final = "question.open"
_KNOWN: Final = "known"
_OF_AN_ORDER: Final = ("order.", "shipment.", "after_sale.", "case.", "option.", "terms.")
_WAY_BACK: Final = frozenset({"way_back", "label", "postage"})


def with_stored_beside(plan: Plan | NoPlan, playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
    """``plan`` with the stored answer to each question that it does not answer itself."""
    if isinstance(plan, NoPlan) or plan.act not in _TELLS or plan.escalation is not None or not situation.suggested:
        return plan
    known = {one.id for one in plan.cites}
    room = max(MOST, len(points_in(situation.text))) - len(known)
    fits = [
        one
        for one in usable(plan.issue or Issue.PRODUCT_QUESTION, playbooks, situation)
        if one.match.entry.id not in known and _is_open(one, plan, playbooks, situation)
    ]
    chosen = in_order(situation, best_of_each(fits))[: max(room, 0)]
    if chosen:
        answers = tuple(fact_of(one.match) for one in chosen)
        plan = plan.model_copy(
            update={
                "facts": plan.facts | {fact.id: fact for fact in answers},
                "points": (*plan.points, *(fact.id for fact in answers)),
                "cites": (*plan.cites, *(citation_of(one.match) for one in chosen)),
            }
        )
    if plan.act is Act.CONFIRM:
        return _without_way_back(plan, chosen)
    return _without_told(plan, playbooks, situation) if plan.cites and _OPEN in plan.points else plan


def _is_open(one: Suggested, plan: Plan, playbooks: Playbooks, situation: Situation) -> bool:
    """Whether the part is a question that ``plan`` has no answer of its own to."""
    part = one.part.strip()
    # Where the plan itself says that it goes and asks, an answer that fits at all is better.
    finds_out = plan.act is Act.ANSWER or (bool(plan.untold) and set(plan.untold) <= _WAY_BACK)
    if one.match.score < (FITS if finds_out else _FITS_OFFER) or not asks(part):
        return False
    of_order = any(point.startswith(_OF_AN_ORDER) for point in (*plan.points, *plan.facts))
    if plan.act is not Act.CONFIRM and of_order and _is_own(part, plan, situation):
        # What was done to an order is told by its facts; how it is done only the shop says.
        return plan.act is Act.OFFER and asks_how(part) and asks_how(one.match.matched)
    asked = playbooks.topics.asked(part, situation.product, situation.language)
    told = [known for known in asked.known if any(point.endswith(f".attributes.{known.key}") for point in plan.points)]
    return not told or bool(asked.unknown)


def _is_own(part: str, plan: Plan, situation: Situation) -> bool:
    """Whether the part is what the plan is about: it holds the words of its issue, or nothing else was raised."""
    read = situation.understanding
    mine = [one for one in read.issues if one.issue is plan.issue and one.evidence is not None]
    if mine and all(one.confidence < _SURE for one in mine):
        # What is read as the plan's matter by a guess may as well be what the answer is to.
        return False
    own = [one.evidence.text.strip() for one in mine if one.evidence is not None]
    return not own or any(text in part or part in text for text in own if text)


def _without_way_back(plan: Plan, chosen: list[Suggested]) -> Plan:
    """A confirmation that does not go and ask who pays the way back where an answer says it."""
    if not plan.untold or not set(plan.untold) <= _WAY_BACK:
        return plan
    if not any(COST_BACK.search(one.match.entry.question) for one in chosen):
        return plan
    return plan.model_copy(
        update={
            "untold": (),
            "points": tuple(point for point in plan.points if point != RETURN_AT),
            "promises": tuple(one for one in plan.promises if one.what != HOLD),
        }
    )


def _without_told(plan: Plan, playbooks: Playbooks, situation: Situation) -> Plan:
    """``plan`` without finding out what the stored answers that it says tell."""
    ids = {one.id for one in plan.cites}
    parts = [one.part for one in situation.suggested if one.match.entry.id in ids]
    spans = [(at, at + len(part)) for part in parts if (at := situation.text.find(part)) >= 0]
    blank = situation.text
    for start, end in spans:
        blank = f"{blank[:start]}{' ' * (end - start)}{blank[end:]}"
    unknown = asked_in(replace(situation, text=blank), playbooks.topics).unknown
    if unknown:
        titles = open_titles(unknown, situation)
        known = plan.facts[_OPEN].model_copy(update={"value": titles})
        return plan.model_copy(update={"facts": {**plan.facts, _OPEN: known}})
    return plan.model_copy(
        update={
            "scene": _KNOWN if plan.scene == "partly" else plan.scene,
            "facts": {id: fact for id, fact in plan.facts.items() if id not in (_OPEN, RETURN_AT)},
            "points": tuple(point for point in plan.points if point not in (_OPEN, RETURN_AT)),
            "promises": tuple(one for one in plan.promises if one.what != HOLD),
        }
    )
