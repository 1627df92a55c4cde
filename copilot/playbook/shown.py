"""What an order itself shows of something that was promised or agreed, for who asks whether it was done.

Owns which of an order's facts answer such a question: money that left, a parcel that was sent anew, an order that is
still here or under way. What nothing shows is not told here: somebody finds it out.
"""

from dataclasses import replace

from copilot.domain.case import Case
from copilot.domain.issue import Issue, Turn
from copilot.domain.order import AfterSaleKind, OrderStatus
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook.inquiries import is_late
from copilot.playbook.loader import Playbooks
from copilot.playbook.matters import ON_THE_WAY, PROBLEMS
from copilot.playbook.scenes import plan_issue, scope_of
from copilot.playbook.situation import Situation, after_sale_state

_MONEY = frozenset({"owed_money", "overdue_money"})
_GOODS = frozenset({"owed_goods", "owed_tracking"})
_PAYS = frozenset({"refund", "compensate"})
_SWAPS = frozenset({AfterSaleKind.EXCHANGE, AfterSaleKind.RESHIP})
# What came wrong, or never came, is sent once more: the parcel of then says nothing of it.
_SENT_ONCE_MORE = PROBLEMS | {Issue.NOT_AS_DESCRIBED, Issue.AD_MISMATCH, Issue.NOT_RECEIVED, Issue.LOST_PARCEL}


def order_shows(playbooks: Playbooks, situation: Situation, case: Case, wish: str) -> Plan | None:
    """The plan that tells what the order shows of what ``wish`` is after; None where it shows nothing of it."""
    read = situation.understanding
    if read.turn is not Turn.CHASE or read.issues or situation.chosen_order is None:
        return None
    wish = wish or _pressed(playbooks, situation, case)
    issue = None
    if wish in _MONEY:
        situation, issue = _paid(situation), Issue.REFUND_STATUS
    elif wish in _GOODS:
        issue = _of_goods(situation, case)
    request = situation.after_sale
    if issue is Issue.REFUND_STATUS and (request is None or after_sale_state(request) != "refunded"):
        return None
    playbook = playbooks.by_issue.get(issue) if issue is not None else None
    plan = plan_issue(scope_of(playbooks, playbook, situation)) if playbook is not None else None
    return None if isinstance(plan, NoPlan) or plan is None or plan.act is Act.OFFER else plan


def _pressed(playbooks: Playbooks, situation: Situation, case: Case) -> str:
    """What a turn is after that names nothing but presses: the money of the case, or whether what is owed has left."""
    if case.issue in ON_THE_WAY:
        return ""
    if case.commitments and all(one.what in _PAYS for one in case.commitments):
        return "owed_money"
    return "owed_goods" if playbooks.words.says("sent_yet", situation.text) else ""


def _paid(situation: Situation) -> Situation:
    """The situation with the money that has left as the request that matters, unless other money is still asked for."""
    order, request = situation.chosen_order, situation.after_sale
    if order is None or request is None or request.kind not in _SWAPS:
        return situation
    paid = tuple(one for one in order.after_sales if after_sale_state(one) == "refunded")
    told = order.model_copy(update={"after_sales": paid})
    return replace(situation, orders=tuple(told if one.id == order.id else one for one in situation.orders or ()))


def _of_goods(situation: Situation, case: Case) -> Issue | None:
    """The matter by which goods that are asked after can be told of: their parcel, or the day on which it leaves."""
    order, request = situation.chosen_order, situation.after_sale
    if situation.resent is not None:
        return Issue.LOGISTICS_QUERY
    if order is None or case.issue in _SENT_ONCE_MORE:
        return None
    if request is not None and request.kind in _SWAPS:
        return None
    if order.status is OrderStatus.TO_SHIP:
        # Nothing has left yet: what was promised to be sent is the order itself, and its day stands there.
        late = is_late(case, situation.now)
        return Issue.SHIPPING_TIME if order.ship_by is not None and not late else None
    return Issue.LOGISTICS_QUERY if order.status is OrderStatus.SHIPPED and case.issue not in ON_THE_WAY else None
