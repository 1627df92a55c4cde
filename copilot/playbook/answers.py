"""When the shop's own answer to a frequent question is what the buyer gets.

Owns the choice between a playbook's plan and an answer that fits: facts of an order or a product go first, a procedure
is never replaced, and an answer takes the place of a question back, of "we check" and of silence. It refuses to use an
answer for other goods, or for another property than the one that was asked about.
"""

from collections.abc import Iterator
from typing import Final

from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import CATEGORY_OF, Category, Issue, Turn, Understanding
from copilot.domain.knowledge import FITS, Citation, Entry, Match, Suggested
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook.bodies import gives_body, names_body
from copilot.playbook.loader import Playbooks
from copilot.playbook.scenes import RETURN_AT
from copilot.playbook.situation import Situation, on_sale

SCENE: Final = "faq"
FITS_WELL: Final = 0.7
"""From this score on an answer goes before asking back and before the shop's general terms: the words of the question
are the entry's own but for a few, so that a wrong answer is rarer than a needless question."""
FITS_FAIRLY: Final = 0.55
"""From this score on an answer that holds for all of the shop's goods goes before asking which of them is meant."""
MOST: Final = 2
"""More stored answers than that in one reply are a leaflet."""

_TURNS: Final = frozenset({Turn.NEW_ISSUE, Turn.SMALL_TALK})
_QUESTIONS: Final = frozenset(
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
# Asked by somebody who has bought nothing, these are questions about the shop's ways; with an order, procedures.
_WITHOUT_ORDER: Final = frozenset({Issue.RETURN_EXCHANGE, Issue.LOGISTICS_QUERY, Issue.ADDRESS_CHANGE})
# Where a near miss does harm: only an answer that fits well.
_STRICT: Final = frozenset({Issue.PAYMENT_ACCOUNT, Issue.GREETING, Issue.UNCLEAR, Issue.WARRANTY}) | _WITHOUT_ORDER
# Told of one thing it says little about another, so that which one it is has to be known first.
_BY_GOODS: Final = _STRICT | {Issue.SIZE_FIT, Issue.STOCK, Issue.PRICE_PROMOTION}
_SILENT: Final = frozenset({Reason.FACTS_MISSING, Reason.UNCLEAR, Reason.NO_PLAYBOOK, Reason.WAITING_FOR_US})
_OF_THE_BUYERS_OWN: Final = ("order.", "shipment.", "after_sale.", "case.", "option.", "product.")


def wants_answers(read: Understanding) -> bool:
    """Whether the turn may be answered from the shop's own answers at all, so that it is worth looking."""
    if read.turn not in _TURNS or read.risks:
        return False
    return not read.issues or any(one.issue in _QUESTIONS | _WITHOUT_ORDER for one in read.issues)


def with_answers(plan: Plan | NoPlan, playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
    """``plan``, or the shop's own answers where they serve the buyer better, or both where each answers a part."""
    if not situation.suggested or not wants_answers(situation.understanding):
        return plan
    issue = _primary(plan, situation)
    if issue is None:
        return plan
    if _answers_nothing(plan, issue, situation):
        return _replaced(plan, issue, playbooks, situation)
    return _added(plan, issue, playbooks, situation) if isinstance(plan, Plan) else plan


def _primary(plan: Plan | NoPlan, situation: Situation) -> Issue | None:
    """What the plan is about; None where it is no question."""
    raised = situation.understanding.issues
    issue = plan.issue if isinstance(plan, Plan) else raised[0].issue if raised else Issue.UNCLEAR
    if issue is not None and issue in _WITHOUT_ORDER:
        return issue if _has_bought_nothing(issue, situation) else None
    if issue is not None and issue not in _QUESTIONS:
        return None
    # A complaint beside the question goes first: whoever has one is not answered with a leaflet.
    return issue if all(one.issue in _QUESTIONS | _WITHOUT_ORDER | {issue} for one in raised) else None


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
        sized = _has_table(situation) and not gives_body(situation.text)
        return not sized if issue is Issue.SIZE_FIT else plan.order is None
    if plan.act is Act.GREET:
        return True
    return plan.act is Act.ANSWER and not any(point.startswith(_OF_THE_BUYERS_OWN) for point in plan.points)


def _has_table(situation: Situation) -> bool:
    attributes = situation.product.attributes if situation.product else {}
    return any(key.endswith("_by_size") and key != "stock_by_size" for key in attributes)


def _needed(plan: Plan | NoPlan, issue: Issue) -> float:
    """How well an answer must fit to take the place of ``plan``."""
    act = plan.act if isinstance(plan, Plan) else None
    if act is Act.ASK and isinstance(plan, Plan) and plan.asks == ("product",) and issue not in _BY_GOODS:
        return FITS_FAIRLY
    return FITS if act is Act.HOLD and issue not in _STRICT else FITS_WELL


def _replaced(plan: Plan | NoPlan, issue: Issue, playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
    usable = list(_usable(issue, playbooks, situation))
    first = [one for one in usable if one.match.score >= _needed(plan, issue)]
    if not first:
        return plan
    best = max(first, key=lambda one: one.match.score)
    more = [one for one in usable if one.part != best.part and one.match.score >= FITS]
    chosen = _in_order(situation, [best, *_best_of_each(more)])
    before = plan if isinstance(plan, Plan) else Plan(act=Act.ANSWER, issue=issue, playbook=SCENE)
    kept = {key: fact for key, fact in before.facts.items() if key != RETURN_AT and not key.startswith("question.")}
    answers = tuple(_fact(one.match) for one in chosen)
    return before.model_copy(
        update={
            "act": Act.ANSWER,
            "issue": issue,
            "scene": SCENE,
            "asks": (),
            "facts": kept | {fact.id: fact for fact in answers},
            "points": tuple(fact.id for fact in answers),
            "promises": (),
            "cites": tuple(_citation(one.match) for one in chosen),
            "secondary": _still_open(before, chosen, situation),
        }
    )


def _added(plan: Plan, issue: Issue, playbooks: Playbooks, situation: Situation) -> Plan:
    """``plan`` with answers to the questions beside its own, and to the property that the goods do not state."""
    if plan.act is not Act.ANSWER:
        return plan
    wanted = [one for one in _usable(issue, playbooks, situation) if one.match.score >= FITS]
    topic = _open_topic(plan, playbooks, situation)
    of_topic = [one for one in wanted if topic is not None and topic in _topics(one.match.entry, playbooks)]
    beside = [one for one in wanted if one not in of_topic and _issue_of(one, plan.secondary, situation) is not None]
    chosen = _in_order(situation, [*_best_of_each(of_topic)[:1], *_best_of_each(beside)])
    if not chosen:
        return plan
    answers = tuple(_fact(one.match) for one in chosen)
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
            "cites": tuple(_citation(one.match) for one in chosen),
            "secondary": _still_open(plan, chosen, situation),
        }
    )


def _usable(issue: Issue, playbooks: Playbooks, situation: Situation) -> Iterator[Suggested]:
    """The answers that are about these goods and this question, each entry once."""
    known = set[str]()
    for one in sorted(situation.suggested, key=lambda one: -one.match.score):
        entry = one.match.entry
        if entry.id in known or not _about_these(entry, situation):
            continue
        if _other_topic(one, playbooks) or not _fits_issue(entry, issue, situation):
            continue
        known.add(entry.id)
        yield one


def _about_these(entry: Entry, situation: Situation) -> bool:
    return not entry.products or bool(situation.about & set(entry.products))


def _other_topic(one: Suggested, playbooks: Playbooks) -> bool:
    """Whether buyer and entry each name a property of goods, and not the same: a dishwasher is no microwave."""
    asked, told = frozenset(playbooks.topics.named(one.part)), _topics(one.match.entry, playbooks)
    return bool(asked and told) and not asked & told


def _topics(entry: Entry, playbooks: Playbooks) -> frozenset[str]:
    return frozenset(name for text in (entry.question, *entry.similar) for name in playbooks.topics.named(text))


def _fits_issue(entry: Entry, issue: Issue, situation: Situation) -> bool:
    if issue is Issue.GREETING:
        return entry.category is Category.DAILY_GREETING
    if issue is Issue.SIZE_FIT and entry.category is Category.PRE_SALE:
        # A size is told by a measure, never by "see the chart"; where the goods have a table, by the body.
        told = any(sign.isdigit() for sign in entry.answer)
        asked = any(names_body(text) for text in (entry.question, *entry.similar))
        return told and (asked or not _has_table(situation))
    gone = situation.product is not None and not on_sale(situation.product)
    return not (gone and issue in (Issue.STOCK, Issue.PRICE_PROMOTION))


def _open_topic(plan: Plan, playbooks: Playbooks, situation: Situation) -> str | None:
    """The property that the plan names as not stated."""
    told = plan.facts.get("question.open")
    if told is None or "question.open" not in plan.points:
        return None
    named = playbooks.topics.named(situation.text)
    return next((one for one in named if playbooks.topics.title(one, situation.language) == told.value), None)


def _issue_of(one: Suggested, open_ones: tuple[Issue, ...], situation: Situation) -> Issue | None:
    """Which of the issues that are still open this answers: the one whose words stand in its part of the turn."""
    for read in situation.understanding.issues:
        if read.issue in open_ones and read.issue in _QUESTIONS and read.evidence is not None:
            if read.evidence.text.strip() and read.evidence.text.strip() in one.part:
                return read.issue
    alike = [issue for issue in open_ones if issue in _QUESTIONS and CATEGORY_OF[issue] is one.match.entry.category]
    return alike[0] if len(alike) == 1 else None


def _still_open(plan: Plan, chosen: list[Suggested], situation: Situation) -> tuple[Issue, ...]:
    answered = {_issue_of(one, plan.secondary, situation) for one in chosen}
    return tuple(issue for issue in plan.secondary if issue not in answered)


def _best_of_each(found: list[Suggested]) -> list[Suggested]:
    """The best answer to each part of the turn."""
    best: dict[str, Suggested] = {}
    for one in sorted(found, key=lambda one: -one.match.score):
        best.setdefault(one.part, one)
    return list(best.values())


def _in_order(situation: Situation, chosen: list[Suggested]) -> list[Suggested]:
    """At most ``MOST`` of ``chosen``, the best ones, in the order in which the buyer asked."""
    kept = chosen[:MOST]
    parts = [one.part for one in situation.suggested]
    return sorted(kept, key=lambda one: parts.index(one.part))


def _fact(match: Match) -> Fact:
    return Fact(id=f"faq.{match.entry.id}.answer", kind=FactKind.ATTRIBUTE, value=match.entry.answer, source="faq")


def _citation(match: Match) -> Citation:
    return Citation(id=match.entry.id, title=match.entry.question, score=match.score)
