"""Two faults told in one breath: 碎了还少发了一只, "wrong color and it's ripped".

Owns where a clause is cut in two; refuses to cut where one of the halves does not plainly tell a fault of its own.
"""

import re
from collections.abc import Callable
from typing import Final

from copilot.domain.issue import Issue
from copilot.flow.understand.classifier import Label
from copilot.flow.understand.text import Span, trimmed

_JOINT: Final = re.compile(
    r"(?:而且|并且|同时|以及|结果)*(?:还|又|也)(?=[\u3400-\u9fff]{0,2}[少缺漏发错没坏破碎裂掉脏漏有])|而且|并且|以及"
    r"|(?<=[\u3400-\u9fff]了)(?=少|缺|漏发)"
    r"|\b(?:and|plus)\b(?: also| then)?|&",
    re.IGNORECASE,
)
_FAULTS: Final = frozenset(
    {
        Issue.DAMAGED, Issue.QUALITY_DEFECT, Issue.WRONG_ITEM, Issue.MISSING_ITEM, Issue.SIZE_MISMATCH,
        Issue.NOT_AS_DESCRIBED,
    }
)  # fmt: skip
_ONE: Final = (
    frozenset({Issue.DAMAGED, Issue.QUALITY_DEFECT}),
    frozenset({Issue.WRONG_ITEM, Issue.NOT_AS_DESCRIBED}),
)
"""Two names of one fault: how the goods broke, how they are others than ordered."""
_SURE: Final = 0.6


def halves(clause: Span, likeliest: Callable[[str], Label | None]) -> tuple[Span, ...]:
    """The stretches of ``clause`` that tell a fault each; ``clause`` itself where there are not two."""
    for joint in _JOINT.finditer(clause.text):
        left = trimmed(clause.text, 0, joint.start())
        right = trimmed(clause.text, joint.end(), len(clause.text))
        first, second = _fault(left.text, likeliest), _fault(right.text, likeliest)
        if first is None or second is None or first is second or frozenset((first, second)) in _ONE:
            continue
        moved = Span(clause.start + right.start, clause.start + right.end, right.text)
        return (Span(clause.start + left.start, clause.start + left.end, left.text), *halves(moved, likeliest))
    return (clause,)


def _fault(text: str, likeliest: Callable[[str], Label | None]) -> Issue | None:
    label = likeliest(text) if text else None
    if label is None or label.probability < _SURE or label.name not in _FAULTS:
        return None
    return Issue(label.name)
