"""The question that a colleague went to look into, answered at once where the goods state it after all.

Owns the look back at what was asked before the buyer pressed; refuses to answer a part of it: then it is found out.
"""

from dataclasses import replace

from copilot.domain.issue import Issue, Turn
from copilot.domain.plan import Act, Plan
from copilot.playbook.loader import Playbooks
from copilot.playbook.scenes import plan_issue, scope_of
from copilot.playbook.situation import Situation


def answered_now(playbooks: Playbooks, situation: Situation) -> Plan | None:
    """The answer to the question about goods that stands open; None where they do not state it whole."""
    pressed = situation.understanding
    if pressed.turn is not Turn.CHASE or pressed.issues or situation.orders or not situation.earlier:
        return None
    playbook = playbooks.by_issue.get(Issue.PRODUCT_QUESTION)
    asked = playbooks.topics.asked(situation.earlier, situation.product, situation.language)
    if playbook is None or not asked.known or asked.unknown:
        return None
    read = situation.understanding.model_copy(update={"turn": Turn.NEW_ISSUE, "wish": ""})
    then = replace(situation, text=situation.earlier, understanding=read)
    plan = plan_issue(scope_of(playbooks, playbook, then))
    return plan if isinstance(plan, Plan) and plan.act is Act.ANSWER and not plan.promises else None
