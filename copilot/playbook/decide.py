"""What the reply may do, decided before a word is written.

Owns the routing of a turn: danger to people first, then the move the buyer makes, then the playbook of the issue;
refuses to answer what no playbook covers.
"""

from dataclasses import replace

from copilot.domain.issue import Issue, Risk, Turn
from copilot.domain.plan import Act, Escalation, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook.choices import acknowledge, confirm
from copilot.playbook.loader import Playbook, Playbooks
from copilot.playbook.orders import ask_for_order
from copilot.playbook.scenes import plan_issue, scope_of
from copilot.playbook.situation import Situation

DANGER = (Risk.INJURY, Risk.SAFETY, Risk.SELF_HARM)
_POLITE = frozenset({Issue.GREETING, Issue.THANKS})
_FOR_PEOPLE = frozenset({Issue.HUMAN_REQUEST, Issue.ABUSE})
# What a reply cannot name as "still open": it is no matter of its own.
_NO_MATTER = _POLITE | _FOR_PEOPLE | {Issue.COMPLAINT, Issue.UNCLEAR}
_MOVES = {Turn.THANKS: (Act.WELCOME, "thanks"), Turn.CLOSING: (Act.FAREWELL, "closing")}
# Slots that we may ask for again although the buyer answered: the question names what exactly is missing.
_ASKABLE_AGAIN = frozenset({"order", "measurement", "photo", "choice"})


def decide(playbooks: Playbooks, situation: Situation) -> Plan | NoPlan:
    """The plan for the turn, or the reason why there is none."""
    danger = next((one.risk for one in situation.understanding.risks if one.risk in DANGER), None)
    if danger is not None:
        escalation = Escalation(to="supervisor", why=danger.value)
        return NoPlan(reason=Reason.PERSON_NEEDED, escalation=escalation)
    issue, secondary = pick(playbooks, situation)
    decided = _choice(playbooks, situation) or _polite(situation, issue)
    if decided is not None:
        return decided
    playbook = playbooks.by_issue.get(issue) if issue else None
    if issue is None or playbook is None:
        return NoPlan(reason=_silence(issue, situation))
    plan = _plan(playbooks, playbook, situation)
    if isinstance(plan, NoPlan):
        return plan
    if _asks_in_vain(plan, situation):
        return NoPlan(reason=Reason.ANSWER_NOTED)
    return plan.model_copy(update={"secondary": secondary})


def pick(playbooks: Playbooks, situation: Situation) -> tuple[Issue | None, tuple[Issue, ...]]:
    """The issue to answer and the further ones to name: the first that a playbook covers, else the case's."""
    read = tuple(dict.fromkeys(one.issue for one in situation.understanding.issues if one.issue not in _POLITE))
    case = situation.case.issue if situation.case is not None else None
    if not read or (read[0] is Issue.UNCLEAR and case is not None):
        return case, ()
    if read[0] in _FOR_PEOPLE:
        return read[0], ()
    covered = [issue for issue in read if issue in playbooks.by_issue]
    # A bare complaint says how the buyer feels about the open matter.
    primary = covered[0] if covered else case if read[0] is Issue.COMPLAINT and case else read[0]
    return primary, tuple(issue for issue in read if issue is not primary and issue not in _NO_MATTER)


def _plan(playbooks: Playbooks, playbook: Playbook, situation: Situation) -> Plan | NoPlan:
    # A case's order belongs to the case's issue; an issue that needs none must not carry one along.
    if playbook.rule.order == "none" and situation.order is not None:
        situation = replace(situation, order=None)
    scope = scope_of(playbooks, playbook, situation)
    if playbook.rule.order == "required" and situation.chosen_order is None:
        return ask_for_order(scope)
    return plan_issue(scope)


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
    return confirm(scope, case, read.choice) if read.choice else acknowledge(scope, case)


def _polite(situation: Situation, issue: Issue | None) -> Plan | NoPlan | None:
    """Thanks, goodbye, hello and small talk; only when the turn raises nothing else."""
    read = situation.understanding
    raised = {one.issue for one in read.issues} - _POLITE
    if raised:
        return None
    if read.turn is Turn.SMALL_TALK:
        return NoPlan(reason=Reason.NOTHING_TO_ANSWER)
    if read.turn in _MOVES:
        act, scene = _MOVES[read.turn]
        return Plan(act=act, scene=scene, issue=issue)
    if read.turn in (Turn.ANSWER, Turn.CHASE, Turn.CHANGE_OF_MIND) and situation.case is not None:
        return None
    named = {one.issue for one in read.issues}
    if Issue.GREETING in named:
        return Plan(act=Act.GREET, scene="greeting", issue=Issue.GREETING)
    if Issue.THANKS in named:
        return Plan(act=Act.WELCOME, scene="thanks", issue=issue)
    return None


def _silence(issue: Issue | None, situation: Situation) -> Reason:
    if issue in _FOR_PEOPLE:
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
