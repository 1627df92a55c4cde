"""What a turn asks beside the issues that were read in it, clause by clause.

The classifier hears the louder question of "shelf life? and is it spicy": the other one is no issue, and still it is
asked. Owns the choice of those clauses; refuses to say what answers them.
"""

import re
from collections.abc import Collection, Sequence
from typing import Final

from copilot.domain.issue import Evidence, Issue, IssueReading
from copilot.flow.understand.classifier import Label
from copilot.flow.understand.guess import is_issue
from copilot.flow.understand.text import Span, count_han, fold
from copilot.playbook.literal import opens_question

_SOUNDS: Final = 0.6
"""From this on a clause is about what it sounds like most."""
_CLEARLY: Final = 0.5
_FEWEST_HAN, _FEWEST_WORDS = 3, 3
_NO_QUESTION: Final = re.compile(
    r"^\W*(?:请问)?(?:有人|人呢|在吗|在不|怎么(?:办|回事|这么|还)|咋(?:办|回事|这么|还)|什么(?:意思|情况)|啥(?:意思|情况)|凭什么|凭啥|行[吗不么]|可以[吗不么]|好[吗不么]"
    r"|对[吗不么]|能不能行)"
    r"|懂[吗不]|知道吗|信不信|你说呢|是吧|怎么搞|搞什么|搞啥|怎么说|咋说|谁知道"
    r"|\b(?:seriously|really|hello|anyone|are you (?:kidding|there|serious)|what (?:the|now|gives|happened"
    r"|is going on|do i do|should i do)|how (?:come|is that|hard)|is this|is that (?:ok|okay|possible|right)"
    r"|(?:can|could|would|will) (?:you|u|someone|anyone) (?:please |pls )?(?:help|check|look|tell|confirm"
    r"|let me know|fix|sort))\b",
    re.IGNORECASE,
)  # fmt: skip
"""Words that are put as a question and ask for nothing further."""


def asked_beside(
    ranked: Sequence[tuple[Span, tuple[Label, ...]]],
    found: Collection[IssueReading],
    same: Sequence[frozenset[Issue]],
) -> tuple[IssueReading, ...]:
    """The clauses of ``ranked`` that ask what none of the issues ``found`` is about; ``same``: issues of one matter."""
    known = {one.issue for one in found}
    shown = [one.evidence for one in found if one.evidence is not None]
    beside: list[IssueReading] = []
    for span, labels in ranked:
        if any(one.start < span.end and span.start < one.end for one in shown) or not _asks(span.text):
            continue
        best = labels[0] if labels else None
        if best is not None and best.probability >= _CLEARLY and _is_covered(best, known, same):
            continue
        sounds = best is not None and is_issue(best) and best.probability >= _SOUNDS
        issue = Issue(best.name) if best is not None and sounds else Issue.UNCLEAR
        sure = round(min(best.probability, 1.0), 4) if best is not None else 0.0
        beside.append(
            IssueReading(
                issue=issue, confidence=sure, evidence=Evidence(start=span.start, end=span.end, text=span.text)
            )
        )
    return tuple(beside)


def _asks(text: str) -> bool:
    folded = fold(text)
    if count_han(folded) < _FEWEST_HAN and len(folded.split()) < _FEWEST_WORDS:
        return False
    return opens_question(text) and _NO_QUESTION.search(folded) is None


def _is_covered(best: Label, known: Collection[Issue], same: Sequence[frozenset[Issue]]) -> bool:
    if not is_issue(best):
        # Said for manners, or pressing for the matter.
        return True
    issue = Issue(best.name)
    return issue in known or any(issue in matter and matter & set(known) for matter in same)
