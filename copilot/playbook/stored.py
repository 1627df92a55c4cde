"""Which of the shop's stored answers fit a turn: its goods, its question and the part of it that they answer.

Owns the choice among what was found; refuses an answer for other goods, or for another property than was asked about.
"""

import re
from collections.abc import Iterator
from typing import Final

from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import CATEGORY_OF, Category, Issue
from copilot.domain.knowledge import Citation, Entry, Match, Suggested
from copilot.domain.plan import Plan
from copilot.playbook.bodies import names_body
from copilot.playbook.loader import Playbooks
from copilot.playbook.points import points_in
from copilot.playbook.situation import Situation, on_sale

COST_BACK: Final = re.compile(r"运费|邮费|面单|\b(?:labels?|postage|shipping|pays?)\b", re.IGNORECASE)
"""The words by which an entry speaks of what the way back costs."""
MOST: Final = 2
"""More stored answers than that in one reply are a leaflet, but to who numbered so many questions."""

QUESTIONS: Final = frozenset(
    {
        Issue.PRODUCT_QUESTION,
        Issue.USAGE_QUESTION,
        Issue.SIZE_FIT,
        Issue.STOCK,
        Issue.PRICE_PROMOTION,
        Issue.SHIPPING_TIME,
        Issue.PAYMENT_ACCOUNT,
        Issue.INVOICE,
        Issue.WARRANTY,
        Issue.GREETING,
        Issue.UNCLEAR,
    }
)


def usable(issue: Issue, playbooks: Playbooks, situation: Situation) -> Iterator[Suggested]:
    """The answers that are about these goods and this question, each entry once."""
    known = set[str]()
    for one in sorted(situation.suggested, key=lambda one: -one.match.score):
        entry = one.match.entry
        if entry.id in known or not about_these(entry, situation):
            continue
        if _other_topic(one, playbooks) or not _fits_issue(entry, issue, situation):
            continue
        known.add(entry.id)
        yield one


def about_these(entry: Entry, situation: Situation) -> bool:
    """Whether the entry is about the goods of the turn, or about none in particular."""
    return not entry.products or bool(situation.about & set(entry.products))


def _other_topic(one: Suggested, playbooks: Playbooks) -> bool:
    """Whether buyer and entry each name a property of goods, and not the same: a dishwasher is no microwave."""
    asked, told = frozenset(playbooks.topics.named(one.part)), topics_of(one.match.entry, playbooks)
    return bool(asked and told) and not asked & told


def topics_of(entry: Entry, playbooks: Playbooks) -> frozenset[str]:
    """The properties of goods that the entry's questions name."""
    return frozenset(name for text in (entry.question, *entry.similar) for name in playbooks.topics.named(text))


def _fits_issue(entry: Entry, issue: Issue, situation: Situation) -> bool:
    if issue is Issue.GREETING:
        return entry.category is Category.DAILY_GREETING
    if issue is Issue.SIZE_FIT and entry.category is Category.PRE_SALE:
        # A size is told by a measure, never by "see the chart"; where the goods have a table, by the body.
        told = any(sign.isdigit() for sign in entry.answer)
        asked = any(names_body(text) for text in (entry.question, *entry.similar))
        return told and (asked or not has_table(situation))
    gone = situation.product is not None and not on_sale(situation.product)
    return not (gone and issue in (Issue.STOCK, Issue.PRICE_PROMOTION))


def open_topic(plan: Plan, playbooks: Playbooks, situation: Situation) -> str | None:
    """The property that the plan names as not stated."""
    told = plan.facts.get("question.open")
    if told is None or "question.open" not in plan.points:
        return None
    named = playbooks.topics.named(situation.text)
    return next((one for one in named if playbooks.topics.title(one, situation.language) == told.value), None)


def issue_of(one: Suggested, open_ones: tuple[Issue, ...], situation: Situation) -> Issue | None:
    """Which of the issues that are still open this answers: the one whose words stand in its part of the turn."""
    for read in situation.understanding.issues:
        if read.issue in open_ones and read.issue in QUESTIONS and read.evidence is not None:
            if read.evidence.text.strip() and read.evidence.text.strip() in one.part:
                return read.issue
    alike = [issue for issue in open_ones if issue in QUESTIONS and CATEGORY_OF[issue] is one.match.entry.category]
    return alike[0] if len(alike) == 1 else None


def still_open(plan: Plan, chosen: list[Suggested], situation: Situation) -> tuple[Issue, ...]:
    """What the plan names as open and none of ``chosen`` answers."""
    answered = {issue_of(one, plan.secondary, situation) for one in chosen}
    return tuple(issue for issue in plan.secondary if issue not in answered)


def best_of_each(found: list[Suggested]) -> list[Suggested]:
    """The best answer to each part of the turn."""
    best: dict[str, Suggested] = {}
    for one in sorted(found, key=lambda one: -one.match.score):
        best.setdefault(one.part, one)
    return list(best.values())


def in_order(situation: Situation, chosen: list[Suggested]) -> list[Suggested]:
    """At most ``MOST`` of ``chosen``, the best ones, in the order in which the buyer asked; of a list one a point."""
    kept = chosen[: max(MOST, len(points_in(situation.text)))]
    parts = [one.part for one in situation.suggested]
    # What stands in the turn by its place there; a part that was put together by when it was looked for.
    return sorted(kept, key=lambda one: (situation.text.find(one.part), parts.index(one.part)))


def fact_of(match: Match) -> Fact:
    """The stored answer as a fact."""
    return Fact(id=f"faq.{match.entry.id}.answer", kind=FactKind.ATTRIBUTE, value=match.entry.answer, source="faq")


def citation_of(match: Match) -> Citation:
    """What a draft that says the answer rests on."""
    return Citation(id=match.entry.id, title=match.entry.question, score=match.score)


def has_table(situation: Situation) -> bool:
    """Whether the goods of the turn state measures by size."""
    attributes = situation.product.attributes if situation.product else {}
    return any(key.endswith("_by_size") and key != "stock_by_size" for key in attributes)
