"""What a turn asks beside its issues and its plan does not speak of: named as being found out, or left to the agent.

Owns the last look at a finished plan, clause by clause. Before a purchase such a clause is a question of its own, and
the reply says by when it is answered; about an order it may be a part of the matter, so that only the agent is told.
"""

import re
from typing import Final

from copilot.domain.issue import CATEGORY_OF, Category, Issue
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook.asked_beside import OPEN, with_named
from copilot.playbook.facts import NO_ARTICLE
from copilot.playbook.literal import goes_on
from copilot.playbook.loader import Playbooks
from copilot.playbook.said import TRANSIT
from copilot.playbook.scenes import scope_of
from copilot.playbook.situation import Situation
from copilot.playbook.topics import Topics

_OPEN_IN_PLAN: Final = frozenset({"question.open", OPEN})
_TELLS: Final = frozenset({Act.ANSWER, Act.DECLINE})

_ROAD: Final = re.compile(
    r"\d\s*(?:天|日)(?:左右)?(?:之?内)?(?:就|能|可以?|会)?(?:到|送达|收到)"
    r"|\b\d+ (?:business |working )?days?\b.{0,20}\b(?:arriv|deliver|transit|get to)"
    r"|\b(?:arriv|deliver|transit|takes)\w*.{0,20}\d+ (?:business |working )?days?\b",
    re.IGNORECASE,
)
"""How long a parcel is on its way, as a stored answer tells it."""
_ROAD_ASKED: Final = re.compile(r"到|收|\b(?:arriv|deliver|get (?:here|to|it)|here by|reach|in time)", re.IGNORECASE)


def with_left_open(plan: Plan | NoPlan, playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
    """``plan`` with what else was asked before a purchase named as being found out."""
    if isinstance(plan, NoPlan) or plan.act not in _TELLS or plan.issue is None or plan.issue not in playbooks.by_issue:
        return plan
    if not _asks_before_buying(plan.issue, situation):
        return plan
    if _OPEN_IN_PLAN & set(plan.points):
        # What is named as open already takes the rest along.
        return _without_the_road(plan, situation, playbooks.topics)
    titles = left_open(plan, situation, playbooks.topics)
    if not titles:
        return plan
    zh = situation.language.startswith("zh")
    named = [one if zh or one.startswith(NO_ARTICLE) else f"the {one}" for one in titles]
    return with_named(plan, named, scope_of(playbooks, playbooks.by_issue[plan.issue], situation))


def _without_the_road(plan: Plan, situation: Situation, topics: Topics) -> Plan:
    """``plan`` without a shipping time as its next matter, where the days on the road are named as being found out."""
    named = str(plan.facts[OPEN].value) if OPEN in plan.facts and OPEN in plan.points else ""
    if not any(title in named for _, title in topics.way(TRANSIT, situation.language)):
        return plan
    rest = tuple(one for one in plan.secondary if one is not Issue.SHIPPING_TIME)
    return plan.model_copy(update={"secondary": rest})


def left_open(plan: Plan, situation: Situation, topics: Topics) -> tuple[str, ...]:
    """The titles of what the turn asks beside its issues, clause by clause, where ``plan`` does not speak of it."""
    titles: list[str] = []
    product, language = situation.product, situation.language
    spoken_of = {plan.issue, *plan.secondary}
    for one in situation.understanding.asked:
        text = one.evidence.text if one.evidence is not None else ""
        if not text or one.issue in spoken_of or _is_cited(plan, text, situation):
            continue
        if one.issue is Issue.SHIPPING_TIME and _ROAD_ASKED.search(text) and _tells_road(plan, situation):
            continue
        if goes_on(text) and any(".attributes." in point for point in plan.points):
            continue
        asked = topics.asked(text, product, language)
        stated = [f"product.{product.id}.attributes.{known.key}" for known in asked.known] if product else []
        if any(point in plan.points for point in stated) or (not asked.unknown and topics.ways(text, language)):
            continue
        titles += asked.unknown if asked.unknown and not asked.known else (topics.other(language),)
    return tuple(dict.fromkeys(titles))


def _is_cited(plan: Plan, text: str, situation: Situation) -> bool:
    """Whether a stored answer that the plan says answers these words."""
    ids = {one.id for one in plan.cites}
    parts = [one.part for one in situation.suggested if one.match.entry.id in ids]
    return any(text.strip() in part or part.strip() in text for part in parts)


def _tells_road(plan: Plan, situation: Situation) -> bool:
    """Whether a stored answer that the plan says tells how long the way takes, whatever it was asked for."""
    ids = {one.id for one in plan.cites}
    return any(_ROAD.search(one.match.entry.answer) for one in situation.suggested if one.match.entry.id in ids)


def _asks_before_buying(issue: Issue | None, situation: Situation) -> bool:
    if issue is None:
        return False
    return CATEGORY_OF[issue] is Category.PRE_SALE or (issue is Issue.SHIPPING_TIME and situation.chosen_order is None)
