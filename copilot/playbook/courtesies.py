"""Turns that raise no matter: thanks, goodbye, hello, signs without words; and why the rest stays unanswered.

Owns what is said without a playbook; a turn that raises anything beside its courtesy is none of it.
"""

import re

from copilot.domain.case import CaseState
from copilot.domain.issue import Issue, Turn
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook.matters import POLITE
from copilot.playbook.situation import Situation

_MOVES = {Turn.THANKS: (Act.WELCOME, "thanks"), Turn.CLOSING: (Act.FAREWELL, "closing")}
PRAISED = "praised"
"""The wish, and the scene, of who is pleased and says so: there is nothing to ask or to offer."""
# So many digits in a row are a number of something and deserve more than a welcome.
_LIKE_AN_ORDER = 8


def polite(situation: Situation, issue: Issue | None) -> Plan | NoPlan | None:
    """Thanks, goodbye, hello and small talk; only when the turn raises nothing else."""
    read = situation.understanding
    raised = {one.issue for one in read.issues} - POLITE
    if raised:
        return None
    named = {one.issue for one in read.issues}
    if read.turn is Turn.SMALL_TALK and Issue.GREETING not in named:
        return NoPlan(reason=Reason.NOTHING_TO_ANSWER)
    if read.settled:
        return Plan(act=Act.ACKNOWLEDGE, scene="settled", issue=issue)
    if read.turn is Turn.THANKS and _awaits_us(situation):
        # "Ok thanks" to "let me check": what is owed comes next, and no goodbye.
        return NoPlan(reason=Reason.WAITING_FOR_US)
    if read.turn in _MOVES:
        act, scene = _MOVES[read.turn]
        return Plan(act=act, scene=PRAISED if read.wish == PRAISED else scene, issue=issue)
    if read.turn in (Turn.ANSWER, Turn.CHASE, Turn.CHANGE_OF_MIND) and situation.case is not None:
        return None
    if Issue.GREETING in named:
        return Plan(act=Act.GREET, scene="greeting", issue=Issue.GREETING)
    if Issue.THANKS in named:
        return Plan(act=Act.WELCOME, scene="thanks", issue=issue)
    return None


def _awaits_us(situation: Situation) -> bool:
    case = situation.case
    return case is not None and case.state is CaseState.WAITING_US and case.holds > 0


def greeted(read: tuple[Issue, ...], situation: Situation) -> Plan | None:
    """A welcome for whoever opens with signs that say nothing ("444", "???"): they are asked what it is about."""
    signs = situation.text.strip()
    wordless = bool(signs) and not any(sign.isalpha() for sign in signs)
    longest = max((len(run) for run in re.findall(r"\d+", signs)), default=0)
    unknown = all(issue is Issue.UNCLEAR for issue in read)
    if not (situation.opening and unknown and wordless and longest < _LIKE_AN_ORDER) or situation.photos:
        return None
    return Plan(act=Act.GREET, scene="greeting", issue=Issue.GREETING)


def silence(issue: Issue | None, situation: Situation) -> Reason:
    """Why a turn about ``issue``, which no playbook covers, gets no text."""
    if issue is Issue.ABUSE:
        return Reason.PERSON_NEEDED
    if situation.understanding.turn is Turn.ANSWER:
        return Reason.ANSWER_NOTED
    if issue is None or issue is Issue.UNCLEAR:
        return Reason.UNCLEAR
    return Reason.NO_PLAYBOOK
