"""Questions about the goods that a turn raises beside its matter: answered at once, or found out by a time.

"When does it ship, is there a pink one, and is it true to size" is three questions; a reply that answers one and says
of the others that they come next makes the buyer ask again. Owns which of the further issues are answered with the
matter; refuses to answer for goods of another order, and to promise a second time to come back.
"""

from collections.abc import Callable
from typing import Final

from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import Issue, IssueReading
from copilot.domain.order import OrderStatus
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook.asked_beside import OPEN, TOLD
from copilot.playbook.literal import asks
from copilot.playbook.scenes import HOLD, RETURN_AT
from copilot.playbook.situation import Situation
from copilot.playbook.topics import Topics

STOCK, LATER, SHIPS, ITEM = "beside.stock", "beside.later", "beside.ships", "beside.item"
_QUESTIONS: Final = (
    Issue.PRODUCT_QUESTION,
    Issue.USAGE_QUESTION,
    Issue.SIZE_FIT,
    Issue.STOCK,
    Issue.WARRANTY,
    Issue.SHIPPING_TIME,
)
_OF_GOODS: Final = frozenset({Issue.PRODUCT_QUESTION, Issue.USAGE_QUESTION})
_GONE: Final = "size_sold_out"
"""The scene of one variant that is gone: told beside with what is there, by its label."""
_BEFORE_ORDER: Final = "before_order"
_SHIPS_WITHIN: Final = "terms.ship_within_hours"
_BESIDE: Final = frozenset({Act.ANSWER, Act.HOLD, Act.ASK, Act.DECLINE})
"""Acts beside which something may be told or found out; beside an offer only what the goods state is."""
_OF_STOCK: Final = {"in_stock": ("product.", ".stock"), "size_in_stock": ("fit.", "")}
"""The scenes that say what is in stock, with the facts that say it."""
ADVICE: Final = "question.advice"
_UNANSWERED: Final = "question.open"
_ANOTHER_ORDERS: Final = "secondary.item"

Planned = Callable[[Issue], Plan | NoPlan | None]


def with_questions_answered(
    plan: Plan | NoPlan, planned: Planned, situation: Situation, topics: Topics
) -> Plan | NoPlan:
    """``plan``, with the questions that it would leave open answered or found out; ``planned`` plans one by itself."""
    if isinstance(plan, NoPlan) or _ANOTHER_ORDERS in plan.facts:
        return plan
    if plan.act is Act.OFFER:
        return _with_stated(plan, planned, situation, topics)
    return _told_or_found_out(plan, planned, situation) if plan.act in _BESIDE else plan


def _told_or_found_out(plan: Plan, planned: Planned, situation: Situation) -> Plan:
    open_ones = tuple(one for one in plan.secondary if one not in _QUESTIONS or _asked(one, situation))
    plan = plan.model_copy(update={"secondary": open_ones})
    later: list[Issue] = []
    for issue in open_ones:
        own = planned(issue) if issue in _QUESTIONS else None
        if not isinstance(own, Plan) or not _is_told_beside(own):
            continue
        told = told_beside(plan, own)
        if told is not None:
            plan = told
        if _UNANSWERED in plan.points and _UNANSWERED in own.points:
            # What both leave open is named once, with its one time.
            plan = _without(plan, issue)
        elif (own.act is Act.HOLD and (own.scene != _GONE or told is None)) or (
            told is not None and own.scene != _GONE and own.promises and not _open_already(plan, own)
        ):
            plan, is_promised = _found_out(plan, own)
            later += [issue] if is_promised else []
        if told is not None and issue not in later:
            plan = _without(plan, issue)
    for issue in later:
        plan = _without(plan, issue)
    if not later:
        return plan
    named = Fact(id=LATER, kind=FactKind.STATE, value=" ".join(one.value for one in later), source="computed")
    return plan.model_copy(update={"facts": {**plan.facts, LATER: named}})


def _with_stated(plan: Plan, planned: Planned, situation: Situation, topics: Topics) -> Plan:
    """An offer with what the goods state of its turn's other questions; nothing is found out beside it."""
    raised = [issue for issue in plan.secondary if issue in _OF_GOODS and _asked(issue, situation)]
    # A clause that asks and is no issue of its own ("3 does the hood come off").
    waits = situation.chosen_order is not None and situation.chosen_order.status is OrderStatus.TO_SHIP
    is_asked = any(_is_of_goods(one, situation, topics) for one in situation.understanding.asked)
    beside = [Issue.PRODUCT_QUESTION] if is_asked or (waits and asks(situation.text)) else []
    for issue in dict.fromkeys((*raised, *beside)):
        own = planned(issue)
        if not isinstance(own, Plan) or own.asks:
            continue
        told = told_beside(plan, own)
        plan = plan if told is None else _without(told, issue)
    return plan


def _is_of_goods(one: IssueReading, situation: Situation, topics: Topics) -> bool:
    """Whether a clause that asks is about the goods by its own words: "is that too late now" is not."""
    text = one.evidence.text if one.evidence is not None else ""
    return bool(text) and bool(topics.asked(text, situation.product, situation.language).known)


def _is_told_beside(own: Plan) -> bool:
    """Whether a plan of its own can stand beside another one: a shipping time only where no order is placed yet."""
    return not own.asks and own.escalation is None and (own.issue is not Issue.SHIPPING_TIME or bool(_ships(own)))


def _open_already(plan: Plan, own: Plan) -> bool:
    """Whether all that ``own`` leaves to be found out is what ``plan`` names as being found out."""
    return _UNANSWERED not in own.points and OPEN in own.facts and own.facts[OPEN] == plan.facts.get(OPEN)


def _asked(issue: Issue, situation: Situation) -> bool:
    """Whether the words about ``issue`` ask: "I'm trying to get the sheet set" only sounds like it."""
    said = [one.evidence.text for one in situation.understanding.issues if one.issue is issue and one.evidence]
    return not said or any(asks(text) for text in said)


def told_beside(plan: Plan, own: Plan) -> Plan | None:
    """``plan`` with what ``own`` tells from the goods; None where it tells nothing of them."""
    if own.act is not Act.ANSWER and own.scene != _GONE:
        return None
    attributes = [id for id in own.points if ".attributes." in id and f"question.title.{_last(id)}" in own.facts]
    stock, ships = _stock(own), _ships(own)
    if not attributes and not stock and not ships:
        return None
    facts = {id: own.facts[id] for id in (*attributes, *stock, *ships)}
    for id in attributes:
        named = (f"question.{word}.{_last(id)}" for word in ("title", "phrase"))
        facts |= {name: own.facts[name] for name in named if name in own.facts}
    if attributes and ADVICE in own.facts:
        facts[ADVICE] = own.facts[ADVICE]
    other = _other_goods(plan, own)
    if attributes and other is not None:
        facts[ITEM] = other
    if any(id not in plan.points for id in attributes):
        facts[TOLD] = Fact(id=TOLD, kind=FactKind.STATE, value="told", source="computed")
    if stock:
        facts[STOCK] = Fact(id=STOCK, kind=FactKind.STATE, value=own.scene, source="computed")
    if ships:
        facts[SHIPS] = Fact(id=SHIPS, kind=FactKind.STATE, value="told", source="computed")
    points = tuple(dict.fromkeys((*plan.points, *attributes, *stock, *ships)))
    return plan.model_copy(update={"facts": {**plan.facts, **facts}, "points": points})


def _other_goods(plan: Plan, own: Plan) -> Fact | None:
    """The name of the goods that ``own`` is about, where ``plan`` is about others."""
    name = next((fact for id, fact in own.facts.items() if id.startswith("product.") and id.endswith(".name")), None)
    mine = plan.facts.get("case.item.name")
    if name is None or mine is None or mine.value == name.value:
        return None
    return name.model_copy(update={"id": ITEM})


def _stock(own: Plan) -> list[str]:
    if own.issue is Issue.STOCK and own.scene == _GONE:
        return [id for id in ("fit.label", "fit.nearby") if id in own.facts and "fit.label" in own.facts]
    if own.issue is not Issue.STOCK or own.scene not in _OF_STOCK:
        return []
    begins, ends = _OF_STOCK[own.scene]
    return [id for id in own.points if id.startswith(begins) and id.endswith(ends)]


def _ships(own: Plan) -> list[str]:
    """When what is bought now leaves, where nothing is bought yet."""
    told = own.issue is Issue.SHIPPING_TIME and own.scene == _BEFORE_ORDER and _SHIPS_WITHIN in own.points
    return [_SHIPS_WITHIN] if told else []


def _found_out(plan: Plan, own: Plan) -> tuple[Plan, bool]:
    """``plan`` with the time at which ``own`` comes back, and whether there is one."""
    if RETURN_AT in plan.facts and any(one.what == HOLD for one in plan.promises):
        return plan, True
    promise = next((one for one in own.promises if one.what == HOLD), None)
    if promise is None or RETURN_AT not in own.facts:
        return plan, False
    return plan.model_copy(
        update={
            "facts": {**plan.facts, RETURN_AT: own.facts[RETURN_AT]},
            "points": tuple(dict.fromkeys((*plan.points, RETURN_AT))),
            "promises": (*plan.promises, promise),
        }
    ), True


def _without(plan: Plan, issue: Issue) -> Plan:
    return plan.model_copy(update={"secondary": tuple(one for one in plan.secondary if one is not issue)})


def _last(id: str) -> str:
    return id.rpartition(".")[2]
