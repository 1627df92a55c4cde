"""A case in one line, for the colleague or the supervisor who takes it over.

Owns the line; it is made of codes, ids and times, so that it holds none of the buyer's words and reads in any language.
"""

from copilot.domain.case import CaseState
from copilot.domain.issue import Issue
from copilot.playbook.situation import Situation


def line_of(situation: Situation, asked: Issue) -> str:
    """One line such as ``human_request; damaged; order 6938…: delivered; offered reship, refund_keep; held 1``."""
    parts = [asked.value]
    if situation.matter is not None and situation.matter is not asked:
        parts.append(situation.matter.value)
    order = situation.chosen_order
    if order is not None:
        parts.append(f"order {order.id}: {order.status.value}")
    case = situation.case or next(
        (one for one in reversed(situation.cases) if one.state is not CaseState.RESOLVED), None
    )
    if case is not None:
        if case.offered:
            parts.append("offered " + ", ".join(one.key or one.title for one in case.offered))
        if case.chosen:
            parts.append(f"chosen {case.chosen}")
        if case.asked_for:
            parts.append("asked for " + ", ".join(case.asked_for))
        if case.holds:
            parts.append(f"held {case.holds}")
    if situation.understanding.risks:
        parts.append("risk " + ", ".join(one.risk.value for one in situation.understanding.risks))
    return "; ".join(parts)
