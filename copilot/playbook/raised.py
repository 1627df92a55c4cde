"""What a turn is about, first things first, before anything is decided about it.

Owns the reading of a turn's issues beside its case, its order and its goods: which of them only sound so, which are the
open matter's, what is asked beside them. What each of them leads to is ``decide``'s.
"""

import re

from copilot.domain.case import CaseState
from copilot.domain.issue import CATEGORY_OF, TOLD, Category, Issue, Turn
from copilot.domain.order import OrderStatus
from copilot.playbook.loader import Playbooks
from copilot.playbook.matters import ON_THE_WAY, POLITE, PROBLEMS, REMEDIES, UNDER_WAY
from copilot.playbook.ordered_stock import asks_of_ordered
from copilot.playbook.parcels import ASKS_BACK
from copilot.playbook.restraint import is_remedy
from copilot.playbook.said import asked_in
from copilot.playbook.situation import Situation, after_sale_state, delivered
from copilot.playbook.sounds import really

# A size that does not fit is nobody's fault: the way back is then as the shop's terms say.
_FAULTS = (PROBLEMS - {Issue.SIZE_MISMATCH}) | {Issue.NOT_AS_DESCRIBED, Issue.NOT_RECEIVED, Issue.LOST_PARCEL}
# "A new one, or must it go back for repair?" about a broken thing is its fault's remedy too.
_BACK_OR_MENDED = ASKS_BACK | {Issue.WARRANTY}
# What can be asked for to be undone.
_UNDONE = ASKS_BACK | {Issue.CANCEL_ORDER}
# What the stock, the price and the size are is told with its own facts.
_OF_GOODS = frozenset({Issue.PRODUCT_QUESTION, Issue.USAGE_QUESTION, Issue.SIZE_FIT, Issue.PRICE_PROMOTION})
_OF_A_PARCEL = frozenset({"packing", "gift_along"})
_DOES_NOT_FIT = re.compile(
    r"穿不(?:上|下|进|了)|(?:拉|扣|系|套)不(?:上|下|进)|(?:太|有点|偏|还是|明显)(?:小|大|紧|松|长|短|肥|瘦)|[小大紧松长短]了|勒|不合身|不合适"
    r"|\b(?:can'?t|cannot|cant|couldn'?t|won'?t|wont|doesn'?t|does not|don'?t|didn'?t|barely) (?:even |really )?"
    r"(?:zip|button|close|fit|get (?:it|them|into)|pull|fasten|do (?:it|them) up|go (?:on|past|over))"
    r"|\b(?:too|way|so|super|really) (?:too )?(?:small|tight|big|large|long|short|loose|baggy)|\bswimming in\b",
    re.IGNORECASE,
)
_ABOUT_CASE = frozenset({Issue.COMPLAINT, Issue.UNCLEAR})


def raised(playbooks: Playbooks, situation: Situation) -> tuple[Issue, ...]:
    """What the turn is about, first things first: its issues, or the open case's when it raises none of its own."""
    if {one.issue for one in situation.understanding.issues} <= {Issue.SIZE_FIT} and _bought_in_vain(situation):
        # The size that was advised has come and does not fit: no measure is asked for before a purchase.
        return (Issue.SIZE_MISMATCH,)
    return _raised(playbooks, situation)


def _raised(playbooks: Playbooks, situation: Situation) -> tuple[Issue, ...]:
    issues = tuple(dict.fromkeys(one.issue for one in situation.understanding.issues if one.issue not in POLITE))
    if situation.tonight is not None and len(issues) > 1:
        # "The one the host is wearing" points at what is on show; nothing was promised and broken.
        issues = tuple(issue for issue in issues if issue is not Issue.AD_MISMATCH)
    if situation.orders == () and situation.case is None and _is_before_sale(issues):
        # Who has bought nothing asks before buying: "it says sugar-free" complains of nothing.
        issues = tuple(one for one in issues if _needs_no_order(playbooks, one)) or issues
    issues = really(issues, playbooks, situation)
    issues = _waited_for(situation, issues)
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
        return issues or case or _asked_if_left(playbooks, situation)
    # A bare complaint, or words we do not understand, are about the open matter.
    open_matter = case or (_visible_matter(situation) if issues[0] is Issue.COMPLAINT else ())
    return (*issues[1:], *open_matter, *issues[:1])


def _bought_in_vain(situation: Situation) -> bool:
    """Whether goods that were asked about by their size have come, and are told not to fit."""
    case = situation.case
    if case is None or case.issue is not Issue.SIZE_FIT or delivered(situation) is not True:
        return False
    return _DOES_NOT_FIT.search(situation.text) is not None


def _asked_if_left(playbooks: Playbooks, situation: Situation) -> tuple[Issue, ...]:
    """Whether who presses without a matter in hand asks if their order has left: "she said today, is it out?"."""
    pressed = situation.understanding.turn is Turn.CHASE and situation.chosen_order is not None
    return (Issue.LOGISTICS_QUERY,) if pressed and playbooks.words.says("sent_yet", situation.text) else ()


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


def _waited_for(situation: Situation, issues: tuple[Issue, ...]) -> tuple[Issue, ...]:
    """``issues`` behind the open matter of an order that has not left, where its goods are asked after.

    "Still not sent, do you even have it" is about the order that is late; what is there is told beside it.
    """
    if not issues or issues[0] is not Issue.STOCK or not asks_of_ordered(situation):
        return issues
    live = (one.issue for one in reversed(situation.cases) if one.state is not CaseState.RESOLVED)
    return tuple(dict.fromkeys((*(one for one in live if one in ON_THE_WAY), *issues)))


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
