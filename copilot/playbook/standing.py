"""Turns about options that stand: one is chosen or refused, something about them is asked, one agreed on is due.

Owns which case such a turn is about and what its choice replaces; the playbook of that case says what is in it.
"""

import re
from dataclasses import replace

from copilot.domain.case import Case, CaseState, CommitmentState
from copilot.domain.issue import Inquiry, Issue, Turn
from copilot.domain.order import AfterSaleKind
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook.beside import with_open
from copilot.playbook.choices import CHOICE_OVER, acknowledge, confirm
from copilot.playbook.inquiries import CHOSEN, asks_status, beside_choice, is_late, is_owed, tell
from copilot.playbook.loader import Playbook, Playbooks
from copilot.playbook.matters import PROBLEMS
from copilot.playbook.owed_question import answered_now
from copilot.playbook.promised import given_word
from copilot.playbook.scenes import Scope, hold, make, plan_issue, scope_of
from copilot.playbook.shown import order_shows
from copilot.playbook.situation import Situation, after_sale_state

# By the action, or by the name of the remedy where a colleague offered it in words of their own.
_SENT = frozenset({"reship", "exchange", "gift", "resend_gift"})
_MONEY = frozenset({"refund", "return", "return_refund", "cancel", "cancel_refund", "keep", "price_gap"})
# In these matters the goods are not what was sold.
_OUR_FAULT = (PROBLEMS - {Issue.SIZE_MISMATCH}) | {Issue.NOT_AS_DESCRIBED, Issue.AD_MISMATCH}
_NAMED_THINGS = frozenset({"owed_goods", "owed_label", "owed_tracking", "owed_voucher", "owed_call"})
"""What was promised that no request on the order says anything about."""
_UNTOLD = {
    "owed_goods": "sent",
    "owed_money": "money_when",
    "overdue_money": "money_when",
    "owed_label": "label",
    "owed_tracking": "tracking",
    "owed_voucher": "voucher",
    "owed_call": "call",
    "way_label": "label",
    "way_postage": "postage",
    "way_address": "address",
    "way_pickup": "pickup",
}


_OWED = {"sent": "owed_goods", "money_when": "owed_money"}
"""What is asked after by who presses for the option that was chosen."""

_AT_FAULT = re.compile(
    r"[坏破裂断霉脏漏]|掉[漆色毛]|开[线胶]|脱[线胶]|瑕疵|质量|毛病|有问题|我的问题|发错|不对版|起球|异味|不亮|不响|用不了|没法用"
    r"|\b(?:brok\w*|crack\w*|rip\w*|torn|tear|holes?|stain\w*|defect\w*|fault\w*|wrong|damag\w*|missing|smell\w*|leak\w*"
    r"|peel\w*|fell apart|(?:doesn'?t|does not|not) work\w*)\b",
    re.IGNORECASE,
)
_WANTS = {"wants_exchange": "exchange", "wants_reship": "reship", "wants_return": "return"}
_ASKED_WAYS = {"way_address": "address", "way_postage": "postage", "way_pickup": "pickup"}
"""Signals by which the way back is asked after, and what they ask."""


def choice_made(playbooks: Playbooks, situation: Situation) -> Plan | NoPlan | None:
    """What the buyer chose or refused of the options that stand; None where the turn chooses nothing."""
    read, case = situation.understanding, situation.case
    chose = bool(read.choice) or read.refused_all
    if read.turn is not Turn.CHOICE and not (read.turn is Turn.CHANGE_OF_MIND and chose):
        return None
    if read.let_go and (case is None or not case.offered or _asked_for_return(situation)):
        # Whoever keeps the goods gives up what was never offered; nothing is offered now either. A request that
        # they handed in goes on until they take it back.
        scene = "let_go_open" if _asked_for_return(situation) else "let_go"
        return Plan(act=Act.ACKNOWLEDGE, scene=scene, issue=case.issue if case is not None else None)
    if case is None or not case.offered:
        return None if read.issues else NoPlan(reason=Reason.UNCLEAR)
    playbook = playbooks.by_issue.get(case.issue)
    if playbook is None:
        return NoPlan(reason=Reason.NO_PLAYBOOK)
    scope = scope_of(playbooks, playbook, situation)
    if read.choice and _asks_if_sent(playbooks, situation) and is_late(case, situation.now):
        # "OK", and two days later whether it has left: the time for it is over, and is not named anew.
        held = hold(scope, name=CHOSEN, points=())
        return held.model_copy(update={"untold": ("sent",), "empathy": False}) if isinstance(held, Plan) else held
    instead = plan_issue(scope) if read.refused_all and _names_another(playbooks, situation, case) else None
    if isinstance(instead, Plan) and instead.act is Act.OFFER:
        # "No, I want it exchanged" says what is wanted in place of what was offered.
        return instead
    plan = confirm(scope, case, read.choice) if read.choice else acknowledge(scope, case)
    if isinstance(plan, NoPlan):
        return plan
    plan = beside_choice(plan, scope, case, read.inquiry) if read.inquiry is not None else plan
    over = plan.escalation is not None and plan.escalation.why == CHOICE_OVER
    if plan.act is Act.CONFIRM or over:
        # A supervisor who is asked about it counts as whoever confirms it does.
        plan = plan.model_copy(update={"replaces": _agreed_before(case)})
    raised = tuple(dict.fromkeys(one.issue for one in read.issues))
    return with_open(plan, case.issue, raised, situation)


def _names_another(playbooks: Playbooks, situation: Situation, case: Case) -> bool:
    """Whether the turn asks for a remedy that is none of those that stand."""
    says = playbooks.words.says
    wished = {key for signal, key in _WANTS.items() if says(signal, situation.text)}
    return bool(wished) and wished.isdisjoint(option.key for option in case.offered)


def _asked_for_return(situation: Situation) -> bool:
    """Whether a request of the buyer's is under way: for the order in hand, else for any that is known."""
    order = situation.chosen_order
    about = (situation.orders or ()) if order is None else (order,)
    return any(after_sale_state(one) == "in_progress" for order in about for one in order.after_sales)


def _agreed_before(case: Case) -> str | None:
    """The promise that the buyer's choice takes the place of; what was done already stays given."""
    before = next((one for one in case.offered if one.id == case.chosen), None)
    what = f"option.{before.key}" if before is not None and before.key else None
    done = any(one.what == what and one.state is CommitmentState.DONE for one in case.commitments)
    return None if done else what


def inquiry_answered(playbooks: Playbooks, situation: Situation) -> Plan | NoPlan | None:
    """What was asked about the options that stand, where the turn asks about them."""
    case = situation.case or _offering(situation)
    inquiry = situation.understanding.inquiry
    if inquiry is None or case is None or not case.offered:
        return None
    playbook = playbooks.by_issue.get(case.issue)
    if playbook is None:
        return NoPlan(reason=Reason.NO_PLAYBOOK)
    situation = replace(situation, case=case)
    plan = tell(scope_of(playbooks, playbook, situation), case, inquiry)
    if isinstance(plan, NoPlan):
        return plan
    return with_open(plan, case.issue, tuple(one.issue for one in situation.understanding.issues), situation)


def told_when(playbooks: Playbooks, situation: Situation) -> Plan | NoPlan | None:
    """What was agreed and when it happens, for who presses although its time has not come.

    Where nobody noted a time, or it has passed, how far that is gets found out; it is no new matter of the parcel's.
    """
    case, read = situation.case, situation.understanding
    asks_the_way = read.turn is Turn.ANSWER and read.wish.startswith("way_")
    if not (read.turn is Turn.CHASE or asks_the_way) or read.issues or case is None:
        return None
    # What the order shows needs nobody to find it out.
    shown = order_shows(playbooks, situation, case, read.wish or _OWED.get(_pressed_for(case, "") or "", ""))
    return shown if shown is not None else _told_of(playbooks, situation, case)


def _told_of(playbooks: Playbooks, situation: Situation, case: Case) -> Plan | NoPlan | None:
    """What is said of what was agreed where the order itself shows nothing of it."""
    read = situation.understanding
    playbook = playbooks.by_issue.get(case.issue)
    if situation.after_sale is not None and read.wish != "owed_report":
        asked = _by_request(playbooks, situation, playbook)
        named = playbook is not None and asked is None and read.wish in _NAMED_THINGS
        return given_word(scope_of(playbooks, playbook, situation), case) if playbook and named else asked
    if playbook is None:
        return None
    scope = scope_of(playbooks, playbook, situation)
    late = given_word(scope, case)
    if late is not None:
        return late
    if not asks_status(situation, case) and is_owed(case, _agreed_before(case)):
        plan = tell(scope, case, Inquiry(topics=("when",)))
        if isinstance(plan, Plan) and plan.act is Act.ANSWER and not plan.untold:
            return plan
    told = _way_back_told(playbooks, scope, case)
    if told is not None:
        return told
    if read.wish in ("owed_answer", "owed_report"):
        return answered_now(playbooks, situation) or hold(scope)
    code = _pressed_for(case, read.wish)
    if code is None:
        return None
    held = hold(scope, name=CHOSEN, points=())
    codes = dict.fromkeys((code, *_ways_too(playbooks, situation)))
    return held if isinstance(held, NoPlan) else held.model_copy(update={"untold": tuple(codes), "empathy": False})


def _way_back_told(playbooks: Playbooks, scope: Scope, case: Case) -> Plan | None:
    """What terms tell of the way back that is asked after; None where they tell nothing, or not all that is asked."""
    wish = scope.situation.understanding.wish
    if not _in_time(scope):
        return None
    if wish == "way_apply":
        return make(scope, Act.ANSWER, "apply", ("case.window_end",))
    if wish != "way_postage":
        return None
    payer = _paid_by_shop(case, scope)
    if payer is not None:
        return make(scope, Act.ANSWER, "postage", ("case.window_end", payer))
    if _paid_by_buyer(case, scope) and set(_ways_too(playbooks, scope.situation)) <= {"postage"}:
        return make(scope, Act.ANSWER, "postage_own", ("case.window_end", "terms.return_label"))
    return None


def _ways_too(playbooks: Playbooks, situation: Situation) -> tuple[str, ...]:
    """What else of the way back is asked in the same breath: "the address, and who pays"."""
    if not situation.understanding.wish.startswith("way_"):
        return ()
    return tuple(code for signal, code in _ASKED_WAYS.items() if playbooks.words.says(signal, situation.text))


def _by_request(playbooks: Playbooks, situation: Situation, playbook: Playbook | None) -> Plan | NoPlan | None:
    """What a request on the order says to who presses for what was agreed; None where it says nothing to that."""
    wish = situation.understanding.wish
    goods = wish == "owed_goods" or _asks_if_sent(playbooks, situation)
    if playbook is not None and _swaps(situation) and goods:
        # The request says that goods go out again, not whether they have.
        held = hold(scope_of(playbooks, playbook, situation), name=CHOSEN, points=())
        return held.model_copy(update={"untold": ("sent",), "empathy": False}) if isinstance(held, Plan) else held
    if playbook is not None and wish in _ASKED_WAYS | {"way_label": "label"} and _under_way(situation):
        # That a return is approved tells nothing of its label, nor who comes for the parcel.
        held = hold(scope_of(playbooks, playbook, situation), name=CHOSEN, points=())
        codes = tuple(dict.fromkeys((_UNTOLD[wish], *_ways_too(playbooks, situation))))
        return held.model_copy(update={"untold": codes, "empathy": False}) if isinstance(held, Plan) else held
    # The money is on its way, or its request is: how far stands there.
    money = wish in ("owed_money", "overdue_money")
    if wish == "owed_money" and situation.case is not None and is_late(situation.case, situation.now):
        read = situation.understanding.model_copy(update={"wish": "overdue_money"})
        situation = replace(situation, understanding=read)
    refunds = playbooks.by_issue.get(Issue.REFUND_STATUS) if money else None
    return None if refunds is None else plan_issue(scope_of(playbooks, refunds, situation))


def _under_way(situation: Situation) -> bool:
    return situation.after_sale is not None and after_sale_state(situation.after_sale) == "in_progress"


def _asks_if_sent(playbooks: Playbooks, situation: Situation) -> bool:
    return playbooks.words.says("sent_yet", situation.text)


def _swaps(situation: Situation) -> bool:
    """Whether a request is under way by which other goods go out."""
    request = situation.after_sale
    kinds = (AfterSaleKind.EXCHANGE, AfterSaleKind.RESHIP)
    return request is not None and request.kind in kinds and after_sale_state(request) == "in_progress"


def _paid_by_shop(case: Case, scope: Scope) -> str | None:
    """The term by which the way back in this matter costs the buyer nothing; what they pay an insurance may cover."""
    name = "terms.fault_label" if case.issue in _OUR_FAULT or _names_a_fault(scope) else "terms.return_label"
    fact = scope.facts.get(name)
    return name if fact is not None and fact.value in ("prepaid", "shop") else None


def _names_a_fault(scope: Scope) -> bool:
    """Whether what is to go back was said to be faulty, and the shop said that it may: by then it has looked."""
    situation = scope.situation
    return _AT_FAULT.search("\n".join((situation.earlier, situation.text))) is not None


def _paid_by_buyer(case: Case, scope: Scope) -> bool:
    """Whether the shop's terms leave the way back to the buyer: a change of mind, and no label."""
    fact, situation = scope.facts.get("terms.return_label"), scope.situation
    # A return that was asked for over something that is wrong is none of a change of mind.
    said = "\n".join((situation.earlier, situation.text))
    at_fault = case.issue in _OUR_FAULT or situation.photos > 0 or _AT_FAULT.search(said) is not None
    return not at_fault and fact is not None and fact.value == "buyer"


def _in_time(scope: Scope) -> bool:
    """Whether the goods can still go back, as far as that is known."""
    end = scope.facts.get("case.window_end")
    today = scope.situation.days.day(scope.situation.now)
    return scope.situation.chosen_order is not None and (end is None or str(end.value) >= today.isoformat())


def _pressed_for(case: Case, wish: str) -> str | None:
    """What the buyer presses for of what was agreed, as the text names it; None where nothing was."""
    chosen = next((one for one in case.offered if one.id == case.chosen), None)
    if chosen is not None and case.state is CaseState.WAITING_US:
        what = {chosen.action or chosen.key}
        return "money_when" if what & _MONEY else "sent" if what & _SENT else None
    return _UNTOLD.get(wish)


def _offering(situation: Situation) -> Case | None:
    """The open case whose options the question is about, where the turn raises something further beside it."""
    live = [one for one in situation.cases if one.offered and one.state is not CaseState.RESOLVED]
    return live[-1] if live else None
