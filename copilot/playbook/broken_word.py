"""Owning up to a colleague's word that did not come true, before anything else is told of the matter.

Owns in which plans it is owned; what was said, and that it is broken, is told by the situation.
"""

from typing import Final

from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook.matters import ON_THE_WAY, PROBLEMS
from copilot.playbook.situation import Situation

BROKEN, DAY = "word.broken", "word.day"
_OWNS: Final = frozenset({Act.ANSWER, Act.OFFER, Act.HOLD, Act.DECLINE})
_OF_MONEY: Final = frozenset({Issue.REFUND_STATUS, Issue.REFUND_REQUEST, Issue.RETURN_EXCHANGE, Issue.CANCEL_ORDER})
_MATTERS: Final = {
    "arrive": ON_THE_WAY,
    "leave": ON_THE_WAY,
    "money": _OF_MONEY,
    "denied": PROBLEMS | {Issue.NOT_AS_DESCRIBED, Issue.AD_MISMATCH},
    "cancel": ON_THE_WAY | {Issue.CANCEL_ORDER, Issue.REFUND_REQUEST, Issue.REFUND_STATUS},
}
"""The matters in which each kind of word is asked after."""


def with_broken_word(plan: Plan | NoPlan, situation: Situation) -> Plan | NoPlan:
    """``plan`` with the word that was not kept, where it is what the turn is about."""
    word = situation.broken
    if isinstance(plan, NoPlan) or word is None or plan.act not in _OWNS or plan.issue not in _MATTERS[word.kind]:
        return plan
    facts = {BROKEN: Fact(id=BROKEN, kind=FactKind.STATE, value=word.kind, source="agent")}
    if word.day is not None:
        facts[DAY] = Fact(id=DAY, kind=FactKind.DATE, value=word.day.isoformat(), source="agent")
    return plan.model_copy(update={"facts": {**plan.facts, **facts}})
