"""Whether the buyer asked more in one message than the reply is known to answer, so that the agent looks twice.

Owns the counting; refuses to guess what was missed: the agent reads the message anyway.
"""

from typing import Final

from copilot.domain.issue import Turn
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook.left_open import left_open
from copilot.playbook.literal import questions_in
from copilot.playbook.situation import Situation
from copilot.playbook.topics import Topics

SEVERAL_ASKED: Final = "several_asked"
_SEVERAL: Final = 2
_OPEN_BESIDE: Final = "beside.open"
_OPEN: Final = frozenset({"question.open", _OPEN_BESIDE})
_SPEAKS: Final = frozenset({Act.ANSWER, Act.OFFER, Act.HOLD, Act.CONFIRM, Act.DECLINE})
_TURNS: Final = frozenset({Turn.NEW_ISSUE, Turn.ANSWER, Turn.CHASE, Turn.CHOICE, Turn.CHANGE_OF_MIND})


def with_unanswered(plan: Plan | NoPlan, situation: Situation, topics: Topics) -> Plan | NoPlan:
    """``plan`` with a note for the agent where more was asked than it tells; what it names as open is told."""
    read = situation.understanding
    if isinstance(plan, Plan) and read.asked and _OPEN & set(plan.points):
        # What is named as being found out takes the rest along.
        return plan
    if isinstance(plan, Plan) and left_open(plan, situation, topics):
        return plan.model_copy(update={"notes": (*plan.notes, SEVERAL_ASKED)})
    if isinstance(plan, NoPlan) or plan.act not in _SPEAKS or read.turn not in _TURNS or plan.secondary:
        return plan
    asked = questions_in(situation.text)
    properties = sum(point.startswith("question.") for point in plan.points if not point.startswith("question.title"))
    attributes = sum(".attributes." in point for point in plan.points)
    told = max(properties, attributes) + len(read.inquiry.topics if read.inquiry else ()) + len(plan.cites)
    told += _OPEN_BESIDE in plan.points
    if asked < _SEVERAL or asked <= max(told, len({one.issue for one in read.issues})):
        return plan
    return plan.model_copy(update={"notes": (*plan.notes, SEVERAL_ASKED)})
