"""What the reply may do, decided before a word is written.

Owns the routing of a turn: danger to people first, then the move the buyer makes, then the playbook of the issue;
refuses to answer what no playbook covers.
"""

from dataclasses import replace

from copilot.domain.case import CaseState
from copilot.domain.issue import CATEGORY_OF, TOLD, Category, Issue, Turn
from copilot.domain.order import OrderStatus
from copilot.domain.plan import Act, Escalation, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook.answered_beside import with_questions_answered
from copilot.playbook.answers import with_answers
from copilot.playbook.asked_beside import with_asked_beside
from copilot.playbook.beside import with_open
from copilot.playbook.courtesies import greeted, polite, silence
from copilot.playbook.inquiries import asks_status, chased
from copilot.playbook.insisted import with_insisted
from copilot.playbook.loader import Playbook, Playbooks
from copilot.playbook.matters import (
    BEFORE_SHIPPING,
    DANGER,
    NO_MATTER,
    ON_THE_WAY,
    POLITE,
    PROBLEMS,
    REMEDIES,
    UNDER_WAY,
)
from copilot.playbook.needs import with_need
from copilot.playbook.orders import WHICH_PARCEL, ask_for_order
from copilot.playbook.parcels import ASKS_BACK, came_back, parcel_matter
from copilot.playbook.refunds import is_paid_back, refund_gap
from copilot.playbook.restraint import (
    asks_in_vain,
    goes_on,
    is_on_its_way,
    is_remedy,
    offers_again,
    offers_to_a_chase,
    promised_enough,
)
from copilot.playbook.said import asked_in
from copilot.playbook.scenes import hold, plan_issue, scope_of
from copilot.playbook.several import to_come
from copilot.playbook.situation import Situation, after_sale_state
from copilot.playbook.sounds import really
from copilot.playbook.standing import choice_made, inquiry_answered, told_when
from copilot.playbook.threats import with_threat
from copilot.playbook.told import with_notices
from copilot.playbook.unanswered import with_unanswered

# A size that does not fit is nobody's fault: the way back is then as the shop's terms say.
_FAULTS = (PROBLEMS - {Issue.SIZE_MISMATCH}) | {Issue.NOT_AS_DESCRIBED, Issue.NOT_RECEIVED, Issue.LOST_PARCEL}
# Of what the platform has refunded or refused none is opened anew.
_UNDONE = ASKS_BACK | {Issue.CANCEL_ORDER}
# "A new one, or must it go back for repair?" about a broken thing is its fault's remedy too.
_BACK_OR_MENDED = ASKS_BACK | {Issue.WARRANTY}
# Below that an issue is a guess, and a question costs less than an offer.
_FAINT = 0.5
# For these something would be given; once all of the order was paid back it is told instead.
_PAID_BACK = PROBLEMS | _UNDONE | {Issue.NOT_AS_DESCRIBED, Issue.NOT_RECEIVED, Issue.LOST_PARCEL, Issue.DELIVERY_DELAY}
# What the stock, the price and the size are is told with its own facts.
_OF_GOODS = frozenset({Issue.PRODUCT_QUESTION, Issue.USAGE_QUESTION, Issue.SIZE_FIT, Issue.PRICE_PROMOTION})
_OF_A_PARCEL = frozenset({"packing", "gift_along"})
_ABOUT_CASE = frozenset({Issue.COMPLAINT, Issue.UNCLEAR})


def decide(playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
    """The plan for the turn, or the reason why there is none."""

    def planned(issue: Issue) -> Plan | NoPlan | None:
        playbook = playbooks.by_issue.get(issue)
        return _plan(playbooks, playbook, situation) if playbook is not None else None

    plan = with_answers(_decided(playbooks, situation), playbooks, situation)
    # The shop's own words on a question go before what the goods state.
    plan = with_questions_answered(plan, planned, situation)
    return with_unanswered(with_threat(with_need(with_notices(plan, situation), situation), situation), situation)


def _decided(playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
    """What playbooks alone make of the turn."""
    danger = next((one.risk for one in situation.understanding.risks if one.risk in DANGER), None) or situation.danger
    if danger is not None:
        escalation = Escalation(to="supervisor", why=danger.value)
        return NoPlan(reason=Reason.PERSON_NEEDED, escalation=escalation)
    case = situation.case
    if situation.understanding.inquiry is not None and case is not None and asks_status(situation, case):
        situation = chased(situation)
    read = _read(playbooks, situation)
    decided = (
        choice_made(playbooks, situation) or inquiry_answered(playbooks, situation) or told_when(playbooks, situation)
    )
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


def _read(playbooks: Playbooks, situation: Situation) -> tuple[Issue, ...]:
    """What the turn is about, first things first: its issues, or the open case's when it raises none of its own."""
    issues = tuple(dict.fromkeys(one.issue for one in situation.understanding.issues if one.issue not in POLITE))
    if situation.tonight is not None and len(issues) > 1:
        # "The one the host is wearing" points at what is on show; nothing was promised and broken.
        issues = tuple(issue for issue in issues if issue is not Issue.AD_MISMATCH)
    if situation.orders == () and situation.case is None and _is_before_sale(issues):
        # Who has bought nothing asks before buying: "it says sugar-free" complains of nothing.
        issues = tuple(one for one in issues if _needs_no_order(playbooks, one)) or issues
    issues = _without_sounds(playbooks, issues, situation)
    issues = really(issues, playbooks, situation)
    wished = _wished_before(situation) if issues and issues[0] is Issue.REFUND_STATUS else None
    if wished is not None:
        # "Just cancel, how long for the refund" asks after no refund that is missing.
        issues = (wished, *(issue for issue in issues[1:] if issue is not wished))
    if situation.understanding.wish in _OF_A_PARCEL and situation.orders == () and situation.product is not None:
        # Before a purchase it is a question about the goods.
        issues = (Issue.PRODUCT_QUESTION,)
    case = (situation.case.issue,) if situation.case is not None else ()
    if situation.understanding.wish == "just_bought" and situation.leaves_on is not None:
        # Bought on a colleague's word of the day: that is what it is about, whatever was asked before.
        return (Issue.SHIPPING_TIME,)
    fault = _fault_in_hand(situation) if issues and issues[0] in _BACK_OR_MENDED else None
    if fault is not None:
        # "Just take it back" about a broken thing is the remedy of its fault, not a change of mind.
        first = fault in REMEDIES or any(issue in ASKS_BACK for issue in issues)
        return tuple(dict.fromkeys((fault, *issues) if first else (*issues, fault)))
    if issues and _is_before_sale(issues) and _also_of_goods(playbooks, situation):
        # Beside what is asked first; alone where that has no answer.
        return (*issues, Issue.PRODUCT_QUESTION)
    if not issues and situation.case is not None and _asks_of_goods(playbooks, situation):
        # Who gives a measure waits for the size, whatever else is asked; otherwise what is asked now goes first.
        asked, measured = (Issue.PRODUCT_QUESTION,), bool(playbooks.words.numbers(situation.text))
        sized = situation.case.issue is Issue.SIZE_FIT
        return case + asked if sized and measured else asked if sized else tuple(dict.fromkeys(asked + case))
    if not issues or issues[0] not in _ABOUT_CASE:
        return issues or case
    # A bare complaint, or words we do not understand, are about the open matter.
    open_matter = case or (_visible_matter(situation) if issues[0] is Issue.COMPLAINT else ())
    return (*issues[1:], *open_matter, *issues[:1])


def _without_sounds(playbooks: Playbooks, issues: tuple[Issue, ...], situation: Situation) -> tuple[Issue, ...]:
    """``issues`` without those that another one of the turn only sounds like."""
    if Issue.PRICE_PROMOTION in issues and playbooks.words.says("coupon", situation.text):
        # A code that is not taken is a question about the code, wherever it was seen.
        issues = tuple(issue for issue in issues if issue is not Issue.AD_MISMATCH)
    if {Issue.WRONG_ITEM, Issue.MISSING_ITEM} <= set(issues) and playbooks.words.says("fewer", situation.text):
        # "I ordered the 2 pack and there is only 1" is no other thing, it is too few.
        issues = tuple(issue for issue in issues if issue is not Issue.WRONG_ITEM)
    if len(issues) > 1 and came_back(playbooks, situation):
        # "It says you signed for it" is said of what was sent back, not of a parcel that never came.
        issues = tuple(issue for issue in issues if issue is not Issue.NOT_RECEIVED)
    return issues


def _is_before_sale(issues: tuple[Issue, ...]) -> bool:
    """Whether a turn opens with a question that somebody asks before they buy."""
    return bool(issues) and (CATEGORY_OF[issues[0]] is Category.PRE_SALE or issues[0] is Issue.SHIPPING_TIME)


def _needs_no_order(playbooks: Playbooks, issue: Issue) -> bool:
    playbook = playbooks.by_issue.get(issue)
    return playbook is None or playbook.rule.order != "required"


def _asks_of_goods(playbooks: Playbooks, situation: Situation) -> bool:
    """Whether an answer before a purchase asks for something of the goods ("sure, what colors?").

    Beside a size anything that has a name; otherwise what the product states.
    """
    read, case = situation.understanding, situation.case
    if read.turn is not Turn.ANSWER or TOLD not in read.answered or case is None:
        return False
    if CATEGORY_OF[case.issue] is not Category.PRE_SALE:
        return False
    asked = asked_in(situation, playbooks.topics)
    return bool(asked.known or (asked.unknown and case.issue is Issue.SIZE_FIT))


def _wished_before(situation: Situation) -> Issue | None:
    """The open wish to undo the order that a question about money is about, where no request was made yet."""
    order = situation.chosen_order
    if order is None or order.after_sales or order.status is OrderStatus.CANCELLED:
        return None
    live = [one for one in situation.cases if one.state is not CaseState.RESOLVED and not one.commitments]
    about = next((one for one in reversed(live) if one.order is None or one.order.id == order.id), None)
    return about.issue if about is not None and about.issue in _UNDONE else None


def _also_of_goods(playbooks: Playbooks, situation: Situation) -> bool:
    """Whether a turn before a purchase asks for what the goods state, beside all that was read in it.

    "And microwave? also do you ship to Alaska" is two questions, of which the classifier hears the louder one.
    """
    issues = situation.understanding.issues
    if situation.product is None or any(one.issue in _OF_GOODS or one.evidence is None for one in issues):
        return False
    rest = situation.text
    for one in issues:
        if one.evidence is not None:
            rest = rest.replace(one.evidence.text, " ", 1)
    return bool(playbooks.topics.asked(rest, situation.product, situation.language).known)


def _fault_in_hand(situation: Situation) -> Issue | None:
    """The fault of the goods of this turn's order that an open case is about; None when none is.

    Once something was chosen or promised for it the turn asks after that.
    """
    order = situation.order.id if situation.order is not None else None
    for case in (situation.case, *reversed(situation.cases)):
        if case is None or case.issue not in _FAULTS or case.state is CaseState.RESOLVED:
            continue
        if case.chosen is not None or any(is_remedy(promise) for promise in case.commitments):
            return None
        if case.order is None or order is None or case.order.id == order:
            return case.issue
    return None


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


def _visible_matter(situation: Situation) -> tuple[Issue, ...]:
    """What the chosen order itself says is unsettled: a request under way, or something late."""
    order = situation.chosen_order
    if order is None:
        return ()
    if situation.after_sale is not None and after_sale_state(situation.after_sale) == "in_progress":
        return (Issue.REFUND_STATUS,)
    dates = (order.ship_by, situation.shipment.eta if situation.shipment else None)
    late = any(date is not None and date < situation.now for date in dates)
    return (Issue.DELIVERY_DELAY,) if late and order.status in UNDER_WAY else ()


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
    if covered and covered[0] in REMEDIES:
        return next((issue for issue in covered if issue in PROBLEMS), covered[0])
    return covered[0] if covered else (read[0] if read else None)


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
    plan = with_asked_beside(plan_issue(scope), scope)
    if offers_to_a_chase(plan, scope) or offers_again(plan, scope):
        return hold(scope)
    return with_insisted(plan, scope, playbooks.words)


def _focus(playbook: Playbook, situation: Situation) -> str | None:
    """The words about the issue of ``playbook``, where the turn raises others beside it; None where it does not."""
    issues = situation.understanding.issues
    own = {playbook.rule.issue, *playbook.rule.also}
    said = [one.evidence.text for one in issues if one.issue in own and one.evidence is not None]
    others = [one for one in issues if one.issue not in own and one.evidence is not None]
    apart = [one for one in others if all(one.evidence is not None and one.evidence.text != text for text in said)]
    return " ".join(said) if said and apart else None
