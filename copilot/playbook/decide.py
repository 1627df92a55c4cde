"""What the reply may do, decided before a word is written.

Owns the routing of a turn: danger to people first, then the move the buyer makes, then the playbook of the issue;
refuses to answer what no playbook covers.
"""

from dataclasses import replace

from copilot.domain.case import CaseState
from copilot.domain.issue import Issue, Turn
from copilot.domain.order import AfterSaleKind, OrderStatus
from copilot.domain.plan import Act, Escalation, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook.answered_beside import with_questions_answered
from copilot.playbook.answers import with_answers
from copilot.playbook.asked_beside import with_asked_beside
from copilot.playbook.beside import with_open
from copilot.playbook.broken_word import with_broken_word
from copilot.playbook.courtesies import greeted, polite, silence
from copilot.playbook.inquiries import asks_status, chased
from copilot.playbook.insisted import with_insisted
from copilot.playbook.left_open import with_left_open
from copilot.playbook.loader import Playbook, Playbooks
from copilot.playbook.matters import (
    BEFORE_SHIPPING,
    DANGER,
    NO_MATTER,
    ON_THE_WAY,
    PROBLEMS,
    REMEDIES,
)
from copilot.playbook.needs import with_need
from copilot.playbook.ordered_stock import of_waiting_order, with_ordered_stock
from copilot.playbook.orders import WHICH_PARCEL, ask_for_order
from copilot.playbook.owed_question import answered_now
from copilot.playbook.parcels import ASKS_BACK, parcel_matter
from copilot.playbook.raised import raised
from copilot.playbook.refunds import is_paid_back, refund_gap
from copilot.playbook.restraint import (
    asks_in_vain,
    goes_on,
    is_on_its_way,
    offers_again,
    offers_to_a_chase,
    promised_enough,
)
from copilot.playbook.scenes import hold, plan_issue, scope_of
from copilot.playbook.several import to_come
from copilot.playbook.situation import Situation, after_sale_state
from copilot.playbook.sounds import asks_what_is_added
from copilot.playbook.standing import choice_made, inquiry_answered, told_when
from copilot.playbook.stated_terms import with_terms_cited
from copilot.playbook.stored import has_table
from copilot.playbook.stored_beside import with_stored_beside
from copilot.playbook.threats import with_threat
from copilot.playbook.told import with_notices
from copilot.playbook.unanswered import with_unanswered
from copilot.playbook.wish_taken import with_wish_taken

# Of what the platform has refunded or refused none is opened anew.
_UNDONE = ASKS_BACK | {Issue.CANCEL_ORDER}
# Below that an issue is a guess, and a question costs less than an offer.
_FAINT = 0.5
_TOLD_BESIDE = frozenset({Issue.SIZE_FIT, Issue.PRODUCT_QUESTION})
_STATED = frozenset({Issue.PRODUCT_QUESTION, Issue.USAGE_QUESTION})
_WAYS = frozenset({Issue.LOGISTICS_QUERY, Issue.SHIPPING_TIME})
# For these something would be given; once all of the order was paid back it is told instead.
_PAID_BACK = PROBLEMS | _UNDONE | {Issue.NOT_AS_DESCRIBED, Issue.NOT_RECEIVED, Issue.LOST_PARCEL, Issue.DELIVERY_DELAY}


def decide(playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
    """The plan for the turn, or the reason why there is none."""
    situation = of_waiting_order(situation)

    def planned(issue: Issue) -> Plan | NoPlan | None:
        playbook = playbooks.by_issue.get(issue)
        return _plan(playbooks, playbook, situation) if playbook is not None else None

    plan = with_answers(_decided(playbooks, situation), playbooks, situation)
    plan = with_stored_beside(plan, playbooks, situation)
    # The shop's own words on a question go before what the goods state.
    plan = with_ordered_stock(with_questions_answered(plan, planned, situation, playbooks.topics), playbooks, situation)
    plan = with_left_open(with_need(with_notices(plan, situation), situation), playbooks, situation)
    plan = with_broken_word(with_threat(plan, situation), situation)
    return with_unanswered(with_terms_cited(plan, situation), situation, playbooks.topics)


def _decided(playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
    """What playbooks alone make of the turn."""
    danger = next((one.risk for one in situation.understanding.risks if one.risk in DANGER), None) or situation.danger
    if danger is not None:
        escalation = Escalation(to="supervisor", why=danger.value)
        return NoPlan(reason=Reason.PERSON_NEEDED, escalation=escalation)
    case = situation.case
    if situation.understanding.inquiry is not None and case is not None and asks_status(situation, case):
        situation = chased(situation)
    read = raised(playbooks, situation)
    decided = (
        choice_made(playbooks, situation) or inquiry_answered(playbooks, situation) or told_when(playbooks, situation)
    )
    decided = decided or answered_now(playbooks, situation)
    decided = decided or polite(situation, read[0] if read else None)
    if decided is not None:
        return decided
    issue = _primary(playbooks, read, situation)
    if read and read[0] is Issue.HUMAN_REQUEST:
        return _to_a_person(playbooks, situation, read)
    if issue is None or issue not in playbooks.by_issue or _is_abuse(read):
        return greeted(read, situation) or NoPlan(reason=silence(read[0] if read else None, situation))
    plan = _sure(playbooks, situation, _answer(playbooks, situation, issue, read))
    if isinstance(plan, NoPlan):
        return plan
    if promised_enough(plan, situation):
        return NoPlan(reason=Reason.WAITING_FOR_US)
    if asks_in_vain(plan, situation) or goes_on(plan, situation) or is_on_its_way(plan, situation):
        return NoPlan(reason=Reason.ANSWER_NOTED)
    return plan


def _sure(playbooks: Playbooks, situation: Situation, plan: Plan | NoPlan) -> Plan | NoPlan:
    """``plan``, or one question where money or goods would be offered for what the words only faintly sound like."""
    if isinstance(plan, NoPlan) or situation.understanding.turn is not Turn.NEW_ISSUE or plan.act is not Act.OFFER:
        return plan
    sure = max((one.confidence for one in situation.understanding.issues), default=1.0)
    costs = any(one.cost is not None and one.cost.minor > 0 for one in plan.options)
    unclear = playbooks.by_issue.get(Issue.UNCLEAR)
    return plan if unclear is None or sure >= _FAINT or not costs else _plan(playbooks, unclear, situation)


def _is_abuse(read: tuple[Issue, ...]) -> bool:
    """Whether the turn is abuse and nothing else; swearing about a late parcel is work."""
    return read[0] is Issue.ABUSE and all(issue in NO_MATTER for issue in read)


def _to_a_person(playbooks: Playbooks, situation: Situation, read: tuple[Issue, ...]) -> Plan | NoPlan:
    """Who asks for a person gets one, with the case in one line; what cannot be said is silence with that line."""
    playbook = playbooks.by_issue.get(Issue.HUMAN_REQUEST)
    if playbook is None:
        return NoPlan(reason=Reason.PERSON_NEEDED)
    plan = _plan(playbooks, playbook, situation)
    if isinstance(plan, Plan):
        return with_open(plan, Issue.HUMAN_REQUEST, read, situation) if plan.act is Act.ANSWER else plan
    return NoPlan(reason=Reason.PERSON_NEEDED, escalation=plan.escalation)


def _primary(playbooks: Playbooks, read: tuple[Issue, ...], situation: Situation) -> Issue | None:
    """The first issue that a playbook covers; what went wrong goes before what the buyer wants done about it.

    A wish that only helps while the parcel is here goes before the question where it is.
    """
    covered = [issue for issue in read if issue in playbooks.by_issue]
    parcel = parcel_matter(playbooks, covered[0], situation) if covered else None
    if parcel is not None:
        return parcel
    if covered and covered[0] in ON_THE_WAY and _is_here_in_time(situation):
        return next((issue for issue in covered if issue in BEFORE_SHIPPING), covered[0])
    if covered and covered[0] in _PAID_BACK and is_paid_back(situation) and Issue.REFUND_STATUS in playbooks.by_issue:
        return Issue.REFUND_STATUS
    if covered and covered[0] in _UNDONE and _is_ruled(situation) and Issue.REFUND_STATUS in playbooks.by_issue:
        return Issue.REFUND_STATUS
    if covered and covered[0] in PROBLEMS and _goes_back_already(situation):
        return Issue.RETURN_EXCHANGE
    if _ships_and_states(covered, situation):
        return Issue.SHIPPING_TIME
    if covered and covered[0] in _STATED and situation.chosen_order is not None:
        # What the goods state is told beside where the parcel is; the other way round that would be left for later.
        return next((one for one in covered if one in _WAYS), covered[0])
    if covered and covered[0] in REMEDIES:
        return next((issue for issue in covered if issue in PROBLEMS), covered[0])
    return covered[0] if covered else (read[0] if read else None)


def _goes_back_already(situation: Situation) -> bool:
    """Whether a return that was spoken of is under way: a fault that is named now only says why, or who pays."""
    request = situation.after_sale
    if request is None or request.kind is not AfterSaleKind.RETURN or after_sale_state(request) != "in_progress":
        return False
    return any(case.issue in ASKS_BACK and case.state is not CaseState.RESOLVED for case in situation.cases)


def _ships_and_states(covered: list[Issue], situation: Situation) -> bool:
    """Whether who has not ordered asks what the goods state and when they ship.

    The first is told beside the second, the other way round that would be left for later; a size that is reckoned for
    a body is told by itself.
    """
    if not covered or covered[0] not in _TOLD_BESIDE or situation.chosen_order is not None:
        return False
    reckoned = covered[0] is Issue.SIZE_FIT and has_table(situation)
    return Issue.SHIPPING_TIME in covered and not reckoned


def _is_ruled(situation: Situation) -> bool:
    """Whether the platform has ruled on the one thing of the order: all of it refunded, or the request rejected."""
    order, request = situation.chosen_order, situation.after_sale
    if order is None or request is None or len(order.items) != 1 or order.status is OrderStatus.CANCELLED:
        return False
    gap = refund_gap(situation)
    return after_sale_state(request) == "rejected" or (gap is not None and gap.minor <= 0)


def _is_here_in_time(situation: Situation) -> bool:
    """Whether the chosen order has not left and is not late: a late one is a matter before any wish about it."""
    order = situation.chosen_order
    if order is None or order.status is not OrderStatus.TO_SHIP:
        return False
    return order.ship_by is None or order.ship_by >= situation.now


def _answer(playbooks: Playbooks, situation: Situation, issue: Issue, read: tuple[Issue, ...]) -> Plan | NoPlan:
    """The plan for ``issue``, or for another of the turn's issues when only that one has an answer."""
    plan = _plan(playbooks, playbooks.by_issue[issue], situation)
    for other in read if _is_empty(plan) and situation.understanding.issues else ():
        if other is issue or other not in playbooks.by_issue or other in NO_MATTER:
            continue
        if issue is Issue.REFUND_STATUS and other in _UNDONE and _is_ruled(situation):
            continue
        if other in ON_THE_WAY | ASKS_BACK and parcel_matter(playbooks, read[0], situation) is issue:
            continue
        better = _plan(playbooks, playbooks.by_issue[other], situation)
        if not _is_empty(better):
            plan, issue = better, other
            break
    if isinstance(plan, NoPlan):
        return plan
    if "order" in plan.asks:
        # Which order it is comes first; what else there is may be about another one.
        return plan
    return with_open(plan, issue, read, situation)


def _is_empty(plan: Plan | NoPlan) -> bool:
    return isinstance(plan, NoPlan) or plan.act is Act.HOLD


def _plan(playbooks: Playbooks, playbook: Playbook, situation: Situation) -> Plan | NoPlan:
    # A case's order belongs to the case's issue; an issue that needs none must not carry one along.
    several = situation.understanding.wish == WHICH_PARCEL and bool(to_come(situation))
    if situation.order is not None and (playbook.rule.order == "none" or several):
        # Who asks which parcel comes means none of them yet.
        situation = replace(situation, order=None)
    situation = replace(situation, focus=_focus(playbook, situation))
    scope = scope_of(playbooks, playbook, situation)
    if playbook.rule.order == "required" and situation.chosen_order is None:
        return ask_for_order(scope)
    plan = with_wish_taken(with_asked_beside(plan_issue(scope), scope), scope)
    if offers_to_a_chase(plan, scope) or offers_again(plan, scope):
        return hold(scope)
    return with_insisted(plan, scope, playbooks.words)


def _focus(playbook: Playbook, situation: Situation) -> str | None:
    """The words about the issue of ``playbook``, where the turn raises others beside it; None where it does not."""
    issues = situation.understanding.issues
    own = {playbook.rule.issue, *playbook.rule.also}
    if playbook.rule.issue is Issue.PRODUCT_QUESTION and asks_what_is_added(situation):
        own.add(Issue.PRICE_PROMOTION)
    said = [one.evidence.text for one in issues if one.issue in own and one.evidence is not None]
    others = [one for one in issues if one.issue not in own and one.evidence is not None]
    apart = [one for one in others if all(one.evidence is not None and one.evidence.text != text for text in said)]
    return " ".join(said) if said and apart else None
