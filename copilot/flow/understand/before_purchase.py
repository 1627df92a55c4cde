"""What before a purchase sounds like a matter after one: "37呢 我怕36挤脚" fits nobody badly yet."""

from dataclasses import replace

from copilot.domain.case import Case
from copilot.domain.issue import CATEGORY_OF, Category, Issue
from copilot.flow.understand.issues import Reading
from copilot.flow.understand.text import fold
from copilot.flow.understand.words import says

_STILL = {Issue.SIZE_MISMATCH: Issue.SIZE_FIT}
"""What is said of a thing one has, and what the same words ask before one has it."""


def before_purchase(reading: Reading, case: Case | None, text: str) -> Reading:
    """``reading`` with such issues as their question, where the open matter is one before a purchase.

    Who says that it came has bought it since.
    """
    if case is None or CATEGORY_OF[case.issue] is not Category.PRE_SALE:
        return reading
    folded = fold(text)
    if any(says(meaning, folded) for meaning in ("received", "says_arrived", "bought")):
        return reading
    known = set[Issue]()
    kept = [one.model_copy(update={"issue": _STILL.get(one.issue, one.issue)}) for one in reading.issues]
    return replace(reading, issues=tuple(one for one in kept if not (one.issue in known or known.add(one.issue))))
