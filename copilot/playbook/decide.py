"""What the reply may do, decided before a word is written.

Owns the routing of a turn: danger to people first, then the move the buyer makes, then the playbook of the issue;
refuses to answer what no playbook covers.
"""

import re
from dataclasses import replace

from copilot.domain.case import Case, CaseState, Commitment, CommitmentState
from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import Inquiry, Issue, Risk, Turn
from copilot.domain.order import Order, OrderStatus
from copilot.domain.plan import Act, Escalation, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook.answers import with_answers
from copilot.playbook.choices import CHOICE_OVER, acknowledge, confirm
from copilot.playbook.inquiries import asks_status, beside_choice, chased, is_owed, tell
from copilot.playbook.loader import Playbook, Playbooks
from copilot.playbook.needs import with_need
from copilot.playbook.orders import ask_for_order
from copilot.playbook.said import PROMISED
from copilot.playbook.scenes import MOST_HOLDS, Scope, hold, plan_issue, scope_of
from copilot.playbook.situation import CAME, MISSING, SHORT, Situation, after_sale_state, named_in
from copilot.playbook.threats import with_threat
from copilot.playbook.told import with_notices

DANGER = (Risk.INJURY, Risk.SAFETY, Risk.SELF_HARM)
_POLITE = frozenset({Issue.GREETING, Issue.THANKS})
# What a reply cannot name as "still open": it is no matter of its own.
_NO_MATTER = _POLITE | {Issue.HUMAN_REQUEST, Issue.ABUSE, Issue.COMPLAINT, Issue.UNCLEAR}
_ABOUT_CASE = frozenset({Issue.COMPLAINT, Issue.UNCLEAR})
_PROBLEMS = frozenset({Issue.DAMAGED, Issue.QUALITY_DEFECT, Issue.WRONG_ITEM, Issue.MISSING_ITEM, Issue.SIZE_MISMATCH})
# What the buyer wants done; "not as described" says too little about what went wrong to go before it.
_REMEDIES = frozenset(
    {
        Issue.RETURN_EXCHANGE,
        Issue.REFUND_REQUEST,
        Issue.REFUND_STATUS,
        Issue.CANCEL_ORDER,
        Issue.NOT_AS_DESCRIBED,
    }
)
_ON_THE_WAY = frozenset(
    {Issue.LOGISTICS_QUERY, Issue.DELIVERY_DELAY, Issue.LOST_PARCEL, Issue.NOT_RECEIVED, Issue.SHIPPING_TIME}
)
_UNDER_WAY = frozenset({OrderStatus.TO_SHIP, OrderStatus.SHIPPED})
# What a colleague's own words promise, as the reading of claims calls it.
_REMEDY_CODES = frozenset({"refund", "reship", "exchange", "compensate", "cancel"})
_MOVES = {Turn.THANKS: (Act.WELCOME, "thanks"), Turn.CLOSING: (Act.FAREWELL, "closing")}
# Slots that we may ask for again although the buyer answered: the question names what exactly is missing.
_ASKABLE_AGAIN = frozenset({"order", "measurement", "photo", "choice"})

# So many digits in a row are a number of something and deserve more than a welcome.
_LIKE_AN_ORDER = 8
# Who somebody is serves the agent's own look-up; it decides nothing about the matter.
_PARTICULARS = frozenset({"name", "email", "phone", "address"})


def decide(playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
    """The plan for the turn, or the reason why there is none."""
    plan = with_answers(_decided(playbooks, situation), playbooks, situation)
    return with_threat(with_need(with_notices(plan, situation), situation), situation)


def _decided(playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
    """What playbooks alone make of the turn."""
    danger = next((one.risk for one in situation.understanding.risks if one.risk in DANGER), None)
    if danger is not None:
        escalation = Escalation(to="supervisor", why=danger.value)
        return NoPlan(reason=Reason.PERSON_NEEDED, escalation=escalation)
    case = situation.case
    if situation.understanding.inquiry is not None and case is not None and asks_status(situation, case):
        situation = chased(situation)
    read = _read(situation)
    decided = _choice(playbooks, situation) or _inquiry(playbooks, situation) or _chosen_in_time(playbooks, situation)
    decided = decided or _polite(situation, read[0] if read else None)
    if decided is not None:
        return decided
    issue = _primary(playbooks, read)
    if read and read[0] is Issue.HUMAN_REQUEST:
        return _to_a_person(playbooks, situation)
    if issue is None or issue not in playbooks.by_issue or _is_abuse(read):
        return _greeted(read, situation) or NoPlan(reason=_silence(read[0] if read else None, situation))
    plan = _answer(playbooks, situation, issue, read)
    if isinstance(plan, NoPlan):
        return plan
    if _promised_enough(plan, situation):
        return NoPlan(reason=Reason.WAITING_FOR_US)
    if _asks_in_vain(plan, situation) or _goes_on(plan, situation):
        return NoPlan(reason=Reason.ANSWER_NOTED)
    return plan


def _read(situation: Situation) -> tuple[Issue, ...]:
    """What the turn is about, first things first: its issues, or the open case's when it raises none of its own."""
    issues = tuple(dict.fromkeys(one.issue for one in situation.understanding.issues if one.issue not in _POLITE))
    if situation.tonight is not None and len(issues) > 1:
        # "The one the host is wearing" points at what is on show; nothing was promised and broken.
        issues = tuple(issue for issue in issues if issue is not Issue.AD_MISMATCH)
    case = (situation.case.issue,) if situation.case is not None else ()
    if not issues or issues[0] not in _ABOUT_CASE:
        return issues or case
    # A bare complaint, or words we do not understand, are about the open matter.
    open_matter = case or (_visible_matter(situation) if issues[0] is Issue.COMPLAINT else ())
    return (*issues[1:], *open_matter, *issues[:1])


def _is_abuse(read: tuple[Issue, ...]) -> bool:
    """Whether the turn is abuse and nothing else; swearing about a late parcel is work."""
    return read[0] is Issue.ABUSE and all(issue in _NO_MATTER for issue in read)


def _to_a_person(playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
    """Who asks for a person gets one, with the case in one line; what cannot be said is silence with that line."""
    playbook = playbooks.by_issue.get(Issue.HUMAN_REQUEST)
    if playbook is None:
        return NoPlan(reason=Reason.PERSON_NEEDED)
    plan = _plan(playbooks, playbook, situation)
    if isinstance(plan, Plan):
        return plan
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
    return (Issue.DELIVERY_DELAY,) if late and order.status in _UNDER_WAY else ()


def _primary(playbooks: Playbooks, read: tuple[Issue, ...]) -> Issue | None:
    """The first issue that a playbook covers; what went wrong goes before what the buyer wants done about it."""
    covered = [issue for issue in read if issue in playbooks.by_issue]
    if covered and covered[0] in _REMEDIES:
        return next((issue for issue in covered if issue in _PROBLEMS), covered[0])
    return covered[0] if covered else (read[0] if read else None)


def _answer(playbooks: Playbooks, situation: Situation, issue: Issue, read: tuple[Issue, ...]) -> Plan | NoPlan:
    """The plan for ``issue``, or for another of the turn's issues when only that one has an answer."""
    plan = _plan(playbooks, playbooks.by_issue[issue], situation)
    for other in read if _is_empty(plan) and situation.understanding.issues else ():
        if other is issue or other not in playbooks.by_issue or other in _NO_MATTER:
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
    return _with_open(plan, issue, read, situation)


def _with_open(plan: Plan, issue: Issue, read: tuple[Issue, ...], situation: Situation) -> Plan:
    """``plan``, which answers ``issue``, with what else the turn raises named as still open."""
    open_ones = tuple(one for one in read if one in _matters(situation) and not _same_matter(issue, one, situation))
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
    under_way = [item.name for order in _others(situation) if order.status in _UNDER_WAY for item in order.items]
    # Of an order that has come nobody asks where it is.
    elsewhere = situation.chosen_order.status not in _UNDER_WAY and _matters(situation) & _ON_THE_WAY
    if not named and len(under_way) == 1 and (elsewhere or _matters(situation) <= _ON_THE_WAY):
        named = [names.index(under_way[0])]
    if len(named) != 1:
        return {}
    fact = Fact(id="secondary.item", kind=FactKind.PRODUCT, value=names[named[0]], source="platform")
    return {fact.id: fact}


def _is_empty(plan: Plan | NoPlan) -> bool:
    return isinstance(plan, NoPlan) or plan.act is Act.HOLD


def _matters(situation: Situation) -> frozenset[Issue]:
    """The issues of this turn that a reply can name as still open."""
    return frozenset(one.issue for one in situation.understanding.issues) - _NO_MATTER


def _same_matter(answered: Issue, other: Issue, situation: Situation) -> bool:
    """Whether an answer to one is also the answer to the other."""
    if answered is other or (answered in _PROBLEMS and other in _REMEDIES):
        return True
    if other in _ON_THE_WAY and answered in _REMEDIES | _ON_THE_WAY:
        # Cancelling ends the waiting and news of a parcel is news of its delay, unless another one is on its way.
        return not any(order.status in _UNDER_WAY for order in _others(situation))
    return answered in _REMEDIES and other in _REMEDIES


def _plan(playbooks: Playbooks, playbook: Playbook, situation: Situation) -> Plan | NoPlan:
    # A case's order belongs to the case's issue; an issue that needs none must not carry one along.
    if playbook.rule.order == "none" and situation.order is not None:
        situation = replace(situation, order=None)
    situation = replace(situation, focus=_focus(playbook, situation))
    scope = scope_of(playbooks, playbook, situation)
    if playbook.rule.order == "required" and situation.chosen_order is None:
        return ask_for_order(scope)
    plan = plan_issue(scope)
    return hold(scope) if _offers_to_a_chase(plan, scope) or _offers_again(plan, scope) else plan


def _focus(playbook: Playbook, situation: Situation) -> str | None:
    """The words about the issue of ``playbook``, where the turn raises others beside it; None where it does not."""
    issues = situation.understanding.issues
    own = {playbook.rule.issue, *playbook.rule.also}
    said = [one.evidence.text for one in issues if one.issue in own and one.evidence is not None]
    others = [one for one in issues if one.issue not in own and one.evidence is not None]
    apart = [one for one in others if all(one.evidence is not None and one.evidence.text != text for text in said)]
    return " ".join(said) if said and apart else None


def _offers_to_a_chase(plan: Plan | NoPlan, scope: Scope) -> bool:
    """Whether the plan would offer something to a buyer who asks what became of our promise.

    Who chases is told how things stand. Only a scene that is itself a status (a parcel that stands still) may offer.
    """
    if isinstance(plan, NoPlan) or plan.act is not Act.OFFER:
        return False
    case = scope.situation.case
    if scope.situation.understanding.turn is not Turn.CHASE or case is None:
        return False
    ours = case.state is CaseState.WAITING_US or case.holds > 0 or case.chosen is not None
    return ours and not next(one.rule.status for one in scope.playbook.scenes if one.id == plan.scene)


def _offers_again(plan: Plan | NoPlan, scope: Scope) -> bool:
    """Whether the plan would offer something although a remedy for this order is promised and not yet carried out."""
    if isinstance(plan, NoPlan) or plan.act is not Act.OFFER:
        return False
    situation = scope.situation
    about = situation.order.id if situation.order is not None else None
    return any(
        promise.state in (CommitmentState.OWED, CommitmentState.BROKEN)
        and promise.order in (None, about)
        and (promise.what.startswith("option.") or promise.what in _REMEDY_CODES)
        for promise in _promised(situation, plan.issue)
    )


def _promised(situation: Situation, issue: Issue | None) -> tuple[Commitment, ...]:
    """What was promised in the turn's case; a bare wish for money or goods is one for what any open case promised."""
    own = situation.case.commitments if situation.case is not None else ()
    if issue not in _REMEDIES:
        return own
    live = (one for one in situation.cases if one.state is not CaseState.RESOLVED and one is not situation.case)
    return (*own, *(promise for one in live for promise in one.commitments))


def _choice(playbooks: Playbooks, situation: Situation) -> Plan | NoPlan | None:
    read, case = situation.understanding, situation.case
    chose = bool(read.choice) or read.refused_all
    if read.turn is not Turn.CHOICE and not (read.turn is Turn.CHANGE_OF_MIND and chose):
        return None
    if case is None or not case.offered:
        return None if read.issues else NoPlan(reason=Reason.UNCLEAR)
    playbook = playbooks.by_issue.get(case.issue)
    if playbook is None:
        return NoPlan(reason=Reason.NO_PLAYBOOK)
    scope = scope_of(playbooks, playbook, situation)
    plan = confirm(scope, case, read.choice) if read.choice else acknowledge(scope, case)
    if isinstance(plan, NoPlan):
        return plan
    plan = beside_choice(plan, scope, case, read.inquiry) if read.inquiry is not None else plan
    over = plan.escalation is not None and plan.escalation.why == CHOICE_OVER
    if plan.act is Act.CONFIRM or over:
        # A supervisor who is asked about it counts as whoever confirms it does.
        plan = plan.model_copy(update={"replaces": _agreed_before(case)})
    raised = tuple(dict.fromkeys(one.issue for one in read.issues))
    return _with_open(plan, case.issue, raised, situation)


def _agreed_before(case: Case) -> str | None:
    """The promise that the buyer's choice takes the place of; what was done already stays given."""
    before = next((one for one in case.offered if one.id == case.chosen), None)
    what = f"option.{before.key}" if before is not None and before.key else None
    done = any(one.what == what and one.state is CommitmentState.DONE for one in case.commitments)
    return None if done else what


def _inquiry(playbooks: Playbooks, situation: Situation) -> Plan | NoPlan | None:
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
    return _with_open(plan, case.issue, tuple(one.issue for one in situation.understanding.issues), situation)


def _chosen_in_time(playbooks: Playbooks, situation: Situation) -> Plan | None:
    """What was agreed and when it happens, for who presses although its time has not come."""
    case, read = situation.case, situation.understanding
    if read.turn is not Turn.CHASE or read.issues or case is None or asks_status(situation, case):
        return None
    if not is_owed(case, _agreed_before(case)):
        return None
    playbook = playbooks.by_issue.get(case.issue)
    if playbook is None:
        return None
    plan = tell(scope_of(playbooks, playbook, situation), case, Inquiry(topics=("when",)))
    return plan if isinstance(plan, Plan) and plan.act is Act.ANSWER and not plan.untold else None


def _offering(situation: Situation) -> Case | None:
    """The open case whose options the question is about, where the turn raises something further beside it."""
    live = [one for one in situation.cases if one.offered and one.state is not CaseState.RESOLVED]
    return live[-1] if live else None


def _polite(situation: Situation, issue: Issue | None) -> Plan | NoPlan | None:
    """Thanks, goodbye, hello and small talk; only when the turn raises nothing else."""
    read = situation.understanding
    raised = {one.issue for one in read.issues} - _POLITE
    if raised:
        return None
    named = {one.issue for one in read.issues}
    if read.turn is Turn.SMALL_TALK and Issue.GREETING not in named:
        return NoPlan(reason=Reason.NOTHING_TO_ANSWER)
    if read.turn in _MOVES:
        act, scene = _MOVES[read.turn]
        return Plan(act=act, scene=scene, issue=issue)
    if read.turn in (Turn.ANSWER, Turn.CHASE, Turn.CHANGE_OF_MIND) and situation.case is not None:
        return None
    if Issue.GREETING in named:
        return Plan(act=Act.GREET, scene="greeting", issue=Issue.GREETING)
    if Issue.THANKS in named:
        return Plan(act=Act.WELCOME, scene="thanks", issue=issue)
    return None


def _greeted(read: tuple[Issue, ...], situation: Situation) -> Plan | None:
    """A welcome for whoever opens with signs that say nothing ("444", "???"): they are asked what it is about."""
    signs = situation.text.strip()
    wordless = bool(signs) and not any(sign.isalpha() for sign in signs)
    longest = max((len(run) for run in re.findall(r"\d+", signs)), default=0)
    unknown = all(issue is Issue.UNCLEAR for issue in read)
    if not (situation.opening and unknown and wordless and longest < _LIKE_AN_ORDER) or situation.photos:
        return None
    return Plan(act=Act.GREET, scene="greeting", issue=Issue.GREETING)


def _silence(issue: Issue | None, situation: Situation) -> Reason:
    if issue is Issue.ABUSE:
        return Reason.PERSON_NEEDED
    if situation.understanding.turn is Turn.ANSWER:
        return Reason.ANSWER_NOTED
    if issue is None or issue is Issue.UNCLEAR:
        return Reason.UNCLEAR
    return Reason.NO_PLAYBOOK


def _asks_in_vain(plan: Plan, situation: Situation) -> bool:
    """Whether the plan asks for what the buyer has answered and we cannot use: then a person reads the answer."""
    answered = set(situation.understanding.answered) | set(situation.case.answered if situation.case else ())
    return plan.act is Act.ASK and bool((set(plan.asks) & answered) - _ASKABLE_AGAIN)


def _goes_on(plan: Plan, situation: Situation) -> bool:
    """Whether the turn only answers what the agent asked on their own account, so that the agent's work goes on.

    Such an answer ("I'm a bronze", a phone number) brings the matter no further: neither a question that was never put
    to the buyer nor another "we check" follows from it.
    """
    read, case = situation.understanding, situation.case
    if read.turn is not Turn.ANSWER or read.issues or plan.act not in (Act.ASK, Act.HOLD, Act.OFFER):
        return False
    if plan.act is Act.OFFER:
        # What was offered or agreed on already is not offered again.
        return case is not None and bool(case.offered)
    asked = set(case.asked_for if case else ()) - set(read.answered)
    if plan.act is Act.ASK and asked & set(plan.asks):
        # Asked before and not told: asking again helps only when the buyer answered nothing of it at all.
        return bool(set(read.answered) - {CAME, MISSING, SHORT})
    if "turn.promised" in plan.facts and case is not None and PROMISED in case.asked_for:
        return False
    brought = set(read.answered) - _PARTICULARS
    return not (brought or situation.photos or situation.product_cards or situation.names_order)


def _promised_enough(plan: Plan, situation: Situation) -> bool:
    """Whether the buyer, told to wait twice, would now hear once more that a request is under way."""
    case = situation.case
    chased = situation.understanding.turn is Turn.CHASE and case is not None and case.holds >= MOST_HOLDS
    return chased and plan.scene == "in_progress"
