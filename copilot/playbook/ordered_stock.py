"""Whether what was ordered and has not left is there, for who asks that while they wait: 你们到底有没有货.

Owns the one variant of the order as what the question means; refuses to speak of stock that nobody counted by variant,
and of goods that are gone: those are a person's to tell.
"""

import re
from dataclasses import replace
from typing import Final

from copilot.domain.case import CaseState
from copilot.domain.issue import Issue
from copilot.domain.order import OrderStatus
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook.answered_beside import STOCK, told_beside
from copilot.playbook.facts import facts_of
from copilot.playbook.fit import Fit
from copilot.playbook.loader import Playbooks
from copilot.playbook.matters import ON_THE_WAY
from copilot.playbook.scenes import Scope, plan_issue
from copilot.playbook.situation import Situation
from copilot.playbook.values import STOCK_TROUBLE, values
from copilot.playbook.variants import variant_of

_ASKS: Final = re.compile(
    r"有没有?货|有没有现货|(?:是不是|到底|还)(?:没|有|缺|断)货|[有没缺断]货(?:了)?(?:吗|么|嘛|吧|没)|没货(?:就|你们|还)"
    r"|\b(?:in stock|out of stock|sold out|even have (?:it|them|any|one)|actually have (?:it|them|any|one)"
    r"|have (?:it|them) or not)\b",
    re.IGNORECASE,
)
_TELLS: Final = frozenset({Act.ANSWER, Act.HOLD, Act.OFFER})


def asks_of_ordered(situation: Situation) -> bool:
    """Whether a turn asks if the goods of the order in hand, which has not left, are there at all."""
    order, item = situation.chosen_order, situation.item
    waits = order is not None and order.status is OrderStatus.TO_SHIP and item is not None
    return waits and _ASKS.search(situation.text) is not None


def of_waiting_order(situation: Situation) -> Situation:
    """``situation`` with the order that an open case waits for, where a question about stock names none itself."""
    read = situation.understanding
    if situation.order is not None or [one.issue for one in read.issues][:1] != [Issue.STOCK]:
        return situation
    live = (one for one in reversed(situation.cases) if one.state is not CaseState.RESOLVED)
    waits = next((one for one in live if one.issue in ON_THE_WAY and one.order is not None), None)
    meant = replace(situation, order=waits.order) if waits is not None else situation
    return meant if asks_of_ordered(meant) else situation


def with_ordered_stock(plan: Plan | NoPlan, playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
    """``plan`` about the way of an order, with what is there of the ordered variant where that is asked."""
    playbook, item = playbooks.by_issue.get(Issue.STOCK), situation.item
    if isinstance(plan, NoPlan) or playbook is None or item is None or not asks_of_ordered(situation):
        return plan
    if plan.act not in _TELLS or plan.issue not in ON_THE_WAY or plan.scene == STOCK_TROUBLE or STOCK in plan.facts:
        return plan
    variant = variant_of(situation.product, item.sku or "")
    if variant is None or variant.stock <= 0:
        return plan
    fit = Fit(size=variant.name, stock=variant.stock, label=variant.name)
    words = playbooks.words
    scope = Scope(situation, playbook, values(situation, words, fit), facts_of(situation, words, fit))
    own = plan_issue(scope)
    told = told_beside(plan, own) if isinstance(own, Plan) else None
    if told is None:
        return plan
    return told.model_copy(update={"secondary": tuple(one for one in told.secondary if one is not Issue.STOCK)})
