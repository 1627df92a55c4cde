"""What a turn asks beside the matter that its plan is about: a property of the goods, or how the shop does things.

A buyer asks what the price is and how wide the shoe comes in one breath. Owns which of that a plan takes along: what
the goods state is told, what nothing states is named and found out. Refuses to say twice what the plan tells anyway.
"""

from collections.abc import Sequence
from typing import Final

from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import CATEGORY_OF, Category, Issue
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook.scenes import HOLD, RETURN_AT, Scope, promise_of
from copilot.playbook.topic_rules import UNITS

TOLD, OPEN = "beside.told", "beside.open"
_ITSELF: Final = frozenset({Issue.PRODUCT_QUESTION, Issue.USAGE_QUESTION, Issue.WARRANTY})
"""Issues that are questions about a property: their playbooks answer it, and name what is open."""
_BEFORE_IT_IS_THERE: Final = frozenset({Issue.SHIPPING_TIME, Issue.LOGISTICS_QUERY})
_BESIDE_REMEDIES: Final = frozenset({"part_only", "freight_insurance"})
"""Ways that are asked about when the thing has come, and that no remedy and no request tells."""
_MOST: Final = 5
"""More than that beside a matter is a list, not a reply."""
# What each of them tells with facts of its own.
_OWN: Final = {
    Issue.PRICE_PROMOTION: frozenset({"promotion", "price"}),
    Issue.SHIPPING_TIME: frozenset({"processing_days"}),
    Issue.STOCK: frozenset({"color", "colors", "颜色", "stock"}),
    Issue.SIZE_FIT: frozenset({"fit", "size", "height", "length"}),
}


def with_asked_beside(plan: Plan | NoPlan, scope: Scope) -> Plan | NoPlan:
    """``plan``, with what its turn asks beside its matter told or named as being found out."""
    if isinstance(plan, NoPlan) or plan.issue is None:
        return plan
    if plan.act is Act.OFFER:
        # What is wished beside the remedies that are offered for it.
        return _with_open(plan, scope, only=_BESIDE_REMEDIES)
    if plan.act is not Act.ANSWER:
        return plan
    if not _is_before_it_is_there(plan):
        return _with_open(plan, scope, only=_BESIDE_REMEDIES)
    facts: dict[str, Fact] = {}
    told = _told(plan, scope)
    for short in told:
        facts |= _of_attribute(scope, short)
    if told:
        facts[TOLD] = Fact(id=TOLD, kind=FactKind.STATE, value="told", source="computed")
    plan = plan.model_copy(
        update={
            "facts": plan.facts | facts,
            "points": tuple(dict.fromkeys((*plan.points, *(scope.facts[short].id for short in told)))),
        }
    )
    return _with_open(plan, scope)


def _is_before_it_is_there(plan: Plan) -> bool:
    return plan.issue is not None and (
        CATEGORY_OF[plan.issue] is Category.PRE_SALE or plan.issue in _BEFORE_IT_IS_THERE
    )


def _told(plan: Plan, scope: Scope) -> tuple[str, ...]:
    """The short names of the attributes that answer the turn beside the matter of ``plan``."""
    issue = plan.issue
    if issue is None or issue in _ITSELF:
        return ()
    own = _OWN.get(issue, frozenset())
    shorts = [f"question.{number}" for number in range(1, _MOST + 1)]
    return tuple(
        short
        for short in shorts
        if short in scope.facts and scope.facts[short].id not in plan.points and _kind_of(scope.facts[short]) not in own
    )


def _kind_of(fact: Fact) -> str:
    """The attribute without the unit that its name ends with (height_cm)."""
    name, _, unit = fact.id.rpartition(".")[2].rpartition("_")
    return name if name and unit in UNITS else fact.id.rpartition(".")[2]


def _of_attribute(scope: Scope, short: str) -> dict[str, Fact]:
    fact = scope.facts[short]
    key = fact.id.rpartition(".")[2]
    named = (scope.facts.get(f"question.{word}.{key}") for word in ("title", "phrase"))
    return {one.id: one for one in (fact, *named) if one is not None}


def _with_open(plan: Plan, scope: Scope, only: frozenset[str] | None = None) -> Plan:
    """``plan`` with the ways that are asked about and that it does not tell."""
    ways = [(name, title) for name, title in scope.ways if only is None or name in only]
    titles = [title for name, title in ways if not _tells(plan, name)][:_MOST]
    return plan if not titles or "question.open" in plan.points else with_named(plan, titles, scope)


def with_named(plan: Plan, titles: Sequence[str], scope: Scope) -> Plan:
    """``plan`` with ``titles`` named as being found out, by the time that ``scope`` gives; itself without one."""
    promise = promise_of(HOLD, scope)
    if promise is None:
        return plan
    joined = ("、" if scope.situation.language.startswith("zh") else " and ").join(titles)
    back, open_ones = scope.facts[RETURN_AT], Fact(id=OPEN, kind=FactKind.ATTRIBUTE, value=joined, source="playbook")
    return plan.model_copy(
        update={
            "facts": {**plan.facts, back.id: back, OPEN: open_ones},
            "points": (*plan.points, OPEN, *((back.id,) if back.id not in plan.points else ())),
            "promises": plan.promises if any(one.what == HOLD for one in plan.promises) else (*plan.promises, promise),
        }
    )


def _tells(plan: Plan, way: str) -> bool:
    """Whether the plan's own facts or options answer the way: when a parcel comes, who carries it."""
    if way == "part_only":
        return any(option.key == "send_missing" for option in plan.options)
    told = {"transit": ".eta", "carrier": ".carrier"}.get(way)
    return told is not None and any(point.startswith("shipment.") and point.endswith(told) for point in plan.points)
