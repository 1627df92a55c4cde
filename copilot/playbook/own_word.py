"""The shop's stored answer where it tells more than the plan does: the steps of a use, the days on the road.

An attribute ("2.4 GHz only") or a term ("ships within 72 hours") that meets the words of a question is true and still
no answer to "how do I connect it" or "would it get here by Friday". Owns that choice; facts of an order stay first.
"""

import re
from typing import Final

from copilot.domain.issue import Issue
from copilot.domain.knowledge import FITS, Citation, Entry, Suggested
from copilot.domain.plan import Act, Plan
from copilot.playbook.asked_beside import OPEN
from copilot.playbook.loader import Playbooks
from copilot.playbook.said import TRANSIT
from copilot.playbook.scenes import HOLD, RETURN_AT
from copilot.playbook.situation import Situation
from copilot.playbook.stored import about_these, citation_of, fact_of

_FITS_USE: Final = 0.55
"""An entry on how something is done is told from one on what it is by less than the whole of its words."""
_HOW: Final = re.compile(
    r"怎么|咋|如何|怎样|步骤|教程|教[我一]|失败|连不|不上|不会"
    r"|\bhow (?:do|can|should|to|would)\b|\bhow'?s? (?:it|this)\b"
    r"|\b(?:steps?|instructions?|set ?up|fail\w*|won'?t|can'?t|cannot|doesn'?t|not (?:work|connect|pair)\w*)\b",
    re.IGNORECASE,
)
_TAKES: Final = re.compile(
    r"到货|能到|收到|送达|时效|路上|几天到|多久到"
    r"|\barriv\w*|\bdeliver\w*|\bhow long\b.*\b(?:ship|get)\w*|\bget (?:here|there)\b",
    re.IGNORECASE,
)
"""A question about how long a parcel is on its way, as shops write it."""
_LEAVES: Final = re.compile(r"发货|发出|寄出|\b(?:ships?|shipped|sent|dispatch\w*|leaves?)\b", re.IGNORECASE)


def with_own_word(plan: Plan, playbooks: Playbooks, situation: Situation) -> Plan:
    """``plan`` with the stored answer that tells more: instead of an attribute on a use, or for a way it finds out."""
    if plan.act is not Act.ANSWER:
        return plan
    if plan.cites:
        return _without_told(plan, playbooks, situation)
    if plan.issue is Issue.USAGE_QUESTION:
        return _on_use(plan, playbooks, situation)
    return _on_the_way(plan, playbooks, situation) if OPEN in plan.points else plan


def with_way_told(plan: Plan, situation: Situation) -> Plan:
    """``plan`` with the stored answer that speaks of what it names as being found out ("return insurance")."""
    if OPEN not in plan.points or plan.act is Act.HOLD:
        return plan
    zh = situation.language.startswith("zh")
    titles = str(plan.facts[OPEN].value).split("、" if zh else " and ")
    told: dict[str, Suggested] = {}
    for title in titles:
        best = max(
            (one for one in situation.suggested if one.match.score >= FITS and _speaks_of(title, one, situation)),
            key=lambda one: one.match.score,
            default=None,
        )
        if best is None:
            return plan
        told.setdefault(best.match.entry.id, best)
    points = [point for point in plan.points if point not in (OPEN, RETURN_AT)]
    plan = plan.model_copy(update={"promises": tuple(one for one in plan.promises if one.what != HOLD)})
    for one in told.values():
        plan = _told(plan, one, points)
        points = list(plan.points)
    return plan


def _speaks_of(title: str, one: Suggested, situation: Situation) -> bool:
    entry = one.match.entry
    said = "\n".join((entry.question, *entry.similar, entry.answer)).lower()
    return about_these(entry, situation) and title.lower().removeprefix("the ") in said


def _on_use(plan: Plan, playbooks: Playbooks, situation: Situation) -> Plan:
    """``plan`` with the steps that the shop wrote in the place of what the goods state to the same words."""
    found = [
        one
        for one in situation.suggested
        if one.match.score >= _FITS_USE and _HOW.search(one.part) and about_these(one.match.entry, situation)
    ]
    best = max(found, key=lambda one: one.match.score, default=None)
    if best is None or not _is_how(best.match.entry):
        return plan
    asked = playbooks.topics.asked(best.part, situation.product, situation.language)
    product = situation.product.id if situation.product is not None else ""
    same = {f"product.{product}.attributes.{one.key}" for one in asked.known}
    left = [point for point in plan.points if ".attributes." in point and point not in same]
    points = [point for point in plan.points if point not in same] if left else []
    return _told(plan, best, points, instead=not left)


def asks_how(text: str) -> bool:
    """Whether ``text`` asks how something is done."""
    return _HOW.search(text) is not None


def _is_how(entry: Entry) -> bool:
    return any(_HOW.search(text) for text in (entry.question, *entry.similar))


def _on_the_way(plan: Plan, playbooks: Playbooks, situation: Situation) -> Plan:
    """``plan`` with the shop's answer on a way that it names as being found out (days on the road, the carrier)."""
    titles = str(plan.facts[OPEN].value)
    names = [name for name, title in _ways(playbooks, situation) if title in titles]
    for name in names:
        fits = [one for one in situation.suggested if _is_on(name, one, playbooks, situation)]
        best = max(fits, key=lambda one: one.match.score, default=None)
        if best is None:
            continue
        rest = [other for other in names if other != name]
        settled = _only(rest, plan, playbooks, situation)
        points = list(settled.points)
        if rest:
            return _told(settled, best, points)
        # What says when it leaves as well needs no second word on that.
        whole = plan.issue is Issue.SHIPPING_TIME and _LEAVES.search(best.match.entry.answer) is not None
        return _told(settled, best, [] if whole else points, instead=whole)
    return plan


def _without_told(plan: Plan, playbooks: Playbooks, situation: Situation) -> Plan:
    """``plan`` without finding out a way that the stored answer it says tells: 默认发中通 needs no asking which one."""
    if OPEN not in plan.points:
        return plan
    ids = {one.id for one in plan.cites}
    said = [one for one in situation.suggested if one.match.entry.id in ids]
    titles = str(plan.facts[OPEN].value)
    names = [name for name, title in _ways(playbooks, situation) if title in titles]
    rest = [name for name in names if not any(_is_on(name, one, playbooks, situation) for one in said)]
    return plan if len(rest) == len(names) else _only(rest, plan, playbooks, situation)


def _only(names: list[str], plan: Plan, playbooks: Playbooks, situation: Situation) -> Plan:
    """``plan`` with only the ways ``names`` to find out; with none of them nothing is to come back with."""
    if not names:
        points = tuple(point for point in plan.points if point not in (OPEN, RETURN_AT))
        promises = tuple(one for one in plan.promises if one.what != HOLD)
        facts = {key: fact for key, fact in plan.facts.items() if key != OPEN}
        return plan.model_copy(update={"points": points, "promises": promises, "facts": facts})
    titles = [title for name, title in _ways(playbooks, situation) if name in names]
    joined = ("、" if situation.language.startswith("zh") else " and ").join(titles)
    facts = plan.facts | {OPEN: plan.facts[OPEN].model_copy(update={"value": joined})}
    return plan.model_copy(update={"facts": facts})


def _ways(playbooks: Playbooks, situation: Situation) -> tuple[tuple[str, str], ...]:
    """The ways that the turn asks about; a day that is named asks for the days on the road in no words of theirs."""
    topics, language = playbooks.topics, situation.language
    return tuple(dict.fromkeys((*topics.ways(situation.text, language), *topics.way(TRANSIT, language))))


def _is_on(name: str, one: Suggested, playbooks: Playbooks, situation: Situation) -> bool:
    """Whether the entry's own questions ask for that way."""
    entry = one.match.entry
    if not about_these(entry, situation):
        return False
    texts = (entry.question, *entry.similar)
    named = any(name == other for text in texts for other, _ in playbooks.topics.ways(text, situation.language))
    return named or (name == TRANSIT and any(_TAKES.search(text) for text in texts))


def _told(plan: Plan, one: Suggested, points: list[str], *, instead: bool = False) -> Plan:
    """``plan`` with the answer of ``one`` behind its ``points``, or as all that is said."""
    answer, cited = fact_of(one.match), citation_of(one.match)
    cites: tuple[Citation, ...] = (*plan.cites, cited)
    facts = {key: fact for key, fact in plan.facts.items() if key in points or key not in (OPEN, RETURN_AT)}
    scene = {"scene": "faq", "promises": ()} if instead else {}
    return plan.model_copy(
        update={"facts": facts | {answer.id: answer}, "points": (*points, answer.id), "cites": cites, **scene}
    )
