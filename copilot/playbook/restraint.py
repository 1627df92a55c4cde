"""Plans that their case makes wrong: an offer beside a promise, a question that was answered, another "we check".

Owns what a playbook, which sees one turn, cannot know; each function says for one plan whether it is such a one.
"""

from copilot.domain.case import Case, CaseState, Commitment, CommitmentState
from copilot.domain.issue import ASKS, CAME, MISSING, SHORT, TOLD, Issue, Turn
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook.loader import CompiledOption
from copilot.playbook.matters import PROBLEMS, REMEDIES
from copilot.playbook.said import PROMISED
from copilot.playbook.scenes import MOST_HOLDS, Scope
from copilot.playbook.situation import Situation

# What a colleague's own words promise, as the reading of claims calls it.
_REMEDY_CODES = frozenset({"refund", "reship", "exchange", "compensate", "cancel"})
# That a colleague comes back with what they find out.
_LOOKS = frozenset({"answer", "check", "contact", "notify"})
# What set out once and is broken or lacks something is sent anew.
_SENT_AGAIN = frozenset({"ship", "send"})
# Slots that we may ask for again although the buyer answered: the question names what exactly is missing.
_ASKABLE_AGAIN = frozenset({"order", "measurement", "photo", "choice"})
# Who somebody is serves the agent's own look-up; it decides nothing about the matter.
_PARTICULARS = frozenset({"name", "email", "phone", "account", "address"})
# Unless the matter is about just that.
_ITS_OWN = {Issue.ADDRESS_CHANGE: frozenset({"name", "phone", "address"})}


def offers_to_a_chase(plan: Plan | NoPlan, scope: Scope) -> bool:
    """Whether the plan would offer something to a buyer who asks what became of our promise.

    Who chases is told how things stand. Only a scene that is itself a status (a parcel that stands still) may offer.
    """
    if isinstance(plan, NoPlan) or plan.act is not Act.OFFER:
        return False
    case = scope.situation.case
    if scope.situation.understanding.turn is not Turn.CHASE or case is None:
        return False
    looks = any(one.what in _LOOKS for one in case.commitments)
    if not looks and not case.offered and case.chosen is None and _is_due(plan, scope):
        # What the shop decided on for everybody is what a colleague who looks would find. Where one gave their word on
        # what they look for (whether there is another lid), that is what is asked after.
        return False
    ours = case.state is CaseState.WAITING_US or case.holds > 0 or case.chosen is not None
    return ours and not next(one.rule.status for one in scope.playbook.scenes if one.id == plan.scene)


def _is_due(plan: Plan, scope: Scope) -> bool:
    """Whether all that the plan offers is money that is the buyer's due; what would undo the purchase is no answer."""
    due = {option.key for option in scope.playbook.options.values() if option.rule.entitled and _pays(option)}
    return bool(plan.options) and all(one.key in due for one in plan.options)


def _pays(option: CompiledOption) -> bool:
    return option.rule.action == "refund"


def offers_again(plan: Plan | NoPlan, scope: Scope) -> bool:
    """Whether the plan would offer something although a remedy for this order is promised and not yet carried out."""
    if isinstance(plan, NoPlan) or plan.act is not Act.OFFER:
        return False
    situation = scope.situation
    about = situation.order.id if situation.order is not None else None
    return any(
        promise.state in (CommitmentState.OWED, CommitmentState.BROKEN)
        and promise.order in (None, about)
        and (is_remedy(promise) or (plan.issue in PROBLEMS and promise.what in _SENT_AGAIN))
        for promise in _promised(situation, plan.issue)
    )


def is_remedy(promise: Commitment) -> bool:
    """Whether ``promise`` is to make something good, and not only to look or to write."""
    return promise.what.startswith("option.") or promise.what in _REMEDY_CODES


def _promised(situation: Situation, issue: Issue | None) -> tuple[Commitment, ...]:
    """What was promised in the turn's case; a bare wish for money or goods is one for what any open case promised."""
    own = situation.case.commitments if situation.case is not None else ()
    if issue not in REMEDIES:
        return own
    live = (one for one in situation.cases if one.state is not CaseState.RESOLVED and one is not situation.case)
    return (*own, *(promise for one in live for promise in one.commitments))


def asks_in_vain(plan: Plan, situation: Situation) -> bool:
    """Whether the plan asks for what the buyer has answered and we cannot use: then a person reads the answer."""
    answered = set(situation.understanding.answered) | set(situation.case.answered if situation.case else ())
    return plan.act is Act.ASK and bool((set(plan.asks) & answered) - _ASKABLE_AGAIN)


def is_on_its_way(plan: Plan, situation: Situation) -> bool:
    """Whether the buyer answers a colleague who has already said what they send or pay: nothing more is asked for it.

    "Which color is missing? I'll send it out today" is kept by the agent, who now knows the color.
    """
    read, case = situation.understanding, situation.case
    if (
        plan.act not in (Act.ASK, Act.OFFER)
        or read.turn is not Turn.ANSWER
        or TOLD not in read.answered
        or case is None
    ):
        return False
    return ASKS not in read.answered and any(
        one.state is CommitmentState.OWED and (is_remedy(one) or one.what in _SENT_AGAIN) for one in case.commitments
    )


def goes_on(plan: Plan, situation: Situation) -> bool:
    """Whether the turn only answers what the agent asked on their own account, so that the agent's work goes on.

    Such an answer ("I'm a bronze", a phone number) brings the matter no further: neither a question that was never put
    to the buyer nor another "we check" follows from it.
    """
    read, case = situation.understanding, situation.case
    if read.turn is not Turn.ANSWER or read.issues or plan.act not in (Act.ASK, Act.HOLD, Act.OFFER):
        return False
    own = _ITS_OWN.get(case.issue, frozenset[str]()) if case is not None else frozenset[str]()
    brought = set(read.answered) - (_PARTICULARS - own)
    brings = bool(brought or situation.photos or situation.product_cards or situation.names_order)
    if plan.act is Act.OFFER:
        # What was offered or agreed on already is not offered again; and "yes" to a question that only the colleague
        # knows ("shall I give you 20 back?") is no reason to offer something else.
        return case is not None and (bool(case.offered) or not (brings or read.answered or case.answered))
    asked = set(case.asked_for if case else ()) - set(read.answered)
    if plan.act is Act.ASK and asked & set(plan.asks):
        # Asked before and not told: asking again helps only when the buyer answered nothing of it at all.
        return bool(set(read.answered) - {ASKS, CAME, MISSING, SHORT, TOLD})
    if "turn.promised" in plan.facts and case is not None and PROMISED in case.asked_for:
        return False
    if (
        plan.act is Act.HOLD
        and case is not None
        and brought <= {TOLD, ASKS}
        and not situation.photos
        and _is_in_hand(case)
    ):
        return True
    return not brings


def _is_in_hand(case: Case) -> bool:
    """Whether we have said already that we look into it, or agreed on what happens: "we check" is no news."""
    return bool(case.holds or case.chosen is not None or case.offered or any(map(is_remedy, case.commitments)))


def promised_enough(plan: Plan, situation: Situation) -> bool:
    """Whether the buyer, told to wait twice, would now hear once more that a request is under way."""
    case = situation.case
    chased = situation.understanding.turn is Turn.CHASE and case is not None and case.holds >= MOST_HOLDS
    return chased and plan.scene == "in_progress"
