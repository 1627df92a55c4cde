"""What else the turn raises beside the issue that is answered, so that the reply names it as still open.

Owns the judgement of which matters an answer covers; answers none of them itself.
"""

import re
from typing import Final

from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import CATEGORY_OF, Category, Issue
from copilot.domain.order import Order, OrderStatus
from copilot.domain.plan import Act, Plan
from copilot.playbook.claimed import is_claimed
from copilot.playbook.matters import BEFORE_SHIPPING, DONE_BY, NO_MATTER, ON_THE_WAY, PROBLEMS, REMEDIES, UNDER_WAY
from copilot.playbook.named import named_in
from copilot.playbook.situation import Situation

_SUPPOSES: Final = re.compile(
    r"没(?:有)?(?:给我)?(?:发|寄|出库)[^,，。?？!！\n]{0,4}(?:吧|的话|吗|呢)"
    r"|(?:应该|如果|要是|趁)[^,，。\n]{0,3}(?:还没|没发|没寄)"
    r"|\b(?:right|has it|have you|is it|yet)\s*\?|\bif (?:it|you|my order)\b"
    r"|\bbefore (?:it|you) (?:ships?|sends?)\b|\bnot shipped yet\b",
    re.IGNORECASE,
)
_COMPLAINS: Final = re.compile(
    r"怎么|为(?:什么|啥|何)|多久|什么时候|啥时候|\bwhy\b|\bwhen\b|\bhow long\b", re.IGNORECASE
)
_ADDS: Final = re.compile(
    r"\b(?:also|another|plus|on top of|as well|too|besides)\b|另外|还有|而且|并且|同时|也(?!许)|还(?!是|没|能|可)",
    re.IGNORECASE,
)
"""Words that put a second matter beside the first."""
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_SURE: Final = 0.75
_FEW_HAN: Final = 3
_FEW_WORDS: Final = 2
_STILL_COMES: Final = frozenset({"second_parcel", "on_the_way", "on_the_way_late"})
_WARRANTY: Final = re.compile(r"\.attributes\.(?:warranty|保修|质保)")


def with_open(plan: Plan, issue: Issue, read: tuple[Issue, ...], situation: Situation) -> Plan:
    """``plan``, which answers ``issue``, with what else the turn raises named as still open."""
    # What was wished of another order, this one's options do not fulfil.
    offered = set[str]() if _named_beside(situation) else {option.action for option in plan.options}
    open_ones = tuple(
        one
        for one in read
        if one in _matters(situation)
        and not _same_matter(plan, issue, one, situation)
        and offered.isdisjoint(DONE_BY.get(one, ()))
        and is_claimed(one, situation)
        and not (_leaves_open(plan, one) and _hardly_said(one, situation))
    )
    facts = {**plan.facts, **(_named_beside(situation) if open_ones else {})}
    return plan.model_copy(update={"secondary": open_ones, "facts": facts})


def _others(situation: Situation) -> tuple[Order, ...]:
    return tuple(order for order in situation.orders or () if order is not situation.chosen_order)


def _named_beside(situation: Situation) -> dict[str, Fact]:
    """The product of another order that the buyer's words name, or the only other one that is on its way."""
    if situation.chosen_order is None:
        # Where no order is in hand there is no other one.
        return {}
    names = tuple(item.name for order in _others(situation) for item in order.items)
    own = tuple(item.name for item in situation.chosen_order.items) if situation.chosen_order else ()
    named = [at for at in named_in(situation.text, (*names, *own)) if at < len(names)]
    under_way = [item.name for order in _others(situation) if order.status in UNDER_WAY for item in order.items]
    # Of an order that has come nobody asks where it is.
    elsewhere = situation.chosen_order.status not in UNDER_WAY and _matters(situation) & ON_THE_WAY
    if not named and len(under_way) == 1 and (elsewhere or _matters(situation) <= ON_THE_WAY):
        named = [names.index(under_way[0])]
    if len(named) != 1:
        return {}
    fact = Fact(id="secondary.item", kind=FactKind.PRODUCT, value=names[named[0]], source="platform")
    return {fact.id: fact}


def _matters(situation: Situation) -> frozenset[Issue]:
    """The issues of this turn that a reply can name as still open.

    Of goods none of which has left nothing can be broken or wrong: 买的是220*240的 only says what was bought.
    """
    found = frozenset(one.issue for one in situation.understanding.issues) - NO_MATTER
    waits = bool(situation.orders) and all(order.status is OrderStatus.TO_SHIP for order in situation.orders or ())
    return found - PROBLEMS if waits else found


def _leaves_open(plan: Plan, issue: Issue) -> bool:
    """Whether ``plan`` could only name ``issue`` as what comes next; beside other acts what is asked is answered."""
    return plan.act is Act.OFFER or (plan.act is Act.ASK and CATEGORY_OF[issue] is not Category.PRE_SALE)


def _hardly_said(issue: Issue, situation: Situation) -> bool:
    """Whether what sounds like a question is two or three words or a doubtful reading ("这能用?", "checked twice.").

    Named as what comes next beside an offer it would be a promise about something that nobody asked.
    """
    if issue in PROBLEMS:
        # "Two hinges" beside what is missing is no fault of its own.
        read = [one for one in situation.understanding.issues if one.issue is issue and one.evidence is not None]
        return bool(read) and all(
            one.confidence < _SURE and _is_short(one.evidence.text) for one in read if one.evidence
        )
    if issue in REMEDIES | (ON_THE_WAY - {Issue.SHIPPING_TIME}) or _named_beside(situation):
        return False
    read = [one for one in situation.understanding.issues if one.issue is issue and one.evidence is not None]
    return bool(read) and all(one.confidence < _SURE or _is_short(one.evidence.text) for one in read if one.evidence)


def _is_short(text: str) -> bool:
    han = len(_HAN.findall(text))
    return han <= _FEW_HAN if han else len(text.split()) <= _FEW_WORDS


def _supposed(issue: Issue, situation: Situation) -> bool:
    """Whether the words about ``issue`` only suppose that the parcel has not left, and do not complain of it."""
    said = [one.evidence.text for one in situation.understanding.issues if one.issue is issue and one.evidence]
    return bool(said) and all(_SUPPOSES.search(text) and not _COMPLAINS.search(text) for text in said)


def _of_another_order(issue: Issue, situation: Situation) -> bool:
    """Whether the words about ``issue`` name goods of another order and none of the one in hand."""
    said = [one.evidence.text for one in situation.understanding.issues if one.issue is issue and one.evidence]
    names = tuple(item.name for order in _others(situation) for item in order.items)
    own = tuple(item.name for item in situation.chosen_order.items) if situation.chosen_order else ()
    found = [at for text in said for at in named_in(text, (*names, *own))]
    return bool(found) and all(at < len(names) for at in found)


def _of_another_item(answered: Issue, other: Issue, situation: Situation) -> bool:
    """Whether the words about ``other`` name another thing of the order in hand: "blue lacks a button, white in S"."""
    items = situation.chosen_order.items if situation.chosen_order else ()
    names = tuple(f"{item.name} {item.sku or ''}" for item in items)
    of_answered, of_other = (_things(issue, names, situation) for issue in (answered, other))
    return bool(of_answered and of_other) and not of_answered & of_other


def _things(issue: Issue, names: tuple[str, ...], situation: Situation) -> frozenset[int]:
    """Which of ``names`` the words about ``issue`` speak of."""
    said = [one.evidence.text for one in situation.understanding.issues if one.issue is issue and one.evidence]
    return frozenset(at for text in said for at in named_in(text, names))


def _added(issue: Issue, situation: Situation) -> bool:
    """Whether the words about ``issue`` put it beside what was said before."""
    said = [one.evidence.text for one in situation.understanding.issues if one.issue is issue and one.evidence]
    return any(_ADDS.search(text) for text in said)


def _is_said_with_it(plan: Plan, answered: Issue, other: Issue, situation: Situation) -> bool:
    """Whether the words about ``other`` only say more of what is answered."""
    if other is Issue.MISSING_ITEM and plan.scene == "gift_ahead":
        # The gift is what was missing.
        return True
    if answered is Issue.MISSING_ITEM and other in ON_THE_WAY and plan.scene in _STILL_COMES:
        # "I'm missing the lamp, where is that one" has heard where it is.
        return True
    if _added(other, situation):
        return False
    if plan.act is Act.ASK and {answered, other} <= PROBLEMS:
        # "Came without the charger, the battery is dead so it's useless" is one matter, and one picture shows it.
        return True
    # "How do I pair it, no manual in the box" says why it is asked.
    return answered is Issue.USAGE_QUESTION and other is Issue.MISSING_ITEM


def _same_matter(plan: Plan, answered: Issue, other: Issue, situation: Situation) -> bool:
    """Whether an answer to one is also the answer to the other."""
    if answered is other:
        return True
    if other is Issue.WARRANTY and any(_WARRANTY.search(id) for id in plan.points):
        # Asked with the material and told with it.
        return True
    if _is_said_with_it(plan, answered, other, situation):
        return True
    if answered in PROBLEMS and other in REMEDIES:
        # What only tells how it is ("the box does not matter") remedies nothing, and a remedy may be another order's.
        another = _of_another_order(other, situation) or _of_another_item(answered, other, situation)
        return plan.act is not Act.ANSWER and not another
    if other in REMEDIES and plan.scene == "returning":
        # What becomes of a parcel that turned back is settled with the news of it.
        return True
    if answered in ON_THE_WAY and other in REMEDIES and plan.act is Act.OFFER:
        # Sent once more or paid back: what is offered for a parcel that does not come is what was wished of it.
        return True
    if other in ON_THE_WAY and answered in BEFORE_SHIPPING and _supposed(other, situation):
        # "It hasn't shipped yet, right?" is answered by whatever can still be done.
        return True
    if other in ON_THE_WAY and answered in REMEDIES | ON_THE_WAY:
        # Cancelling ends the waiting and news of a parcel is news of its delay, unless another one is on its way.
        return not any(order.status in UNDER_WAY for order in _others(situation))
    return answered in REMEDIES and other in REMEDIES
