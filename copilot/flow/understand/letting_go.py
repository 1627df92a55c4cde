"""Whether a turn ends a matter: it is given up, what was wrong has passed, or the goods are kept after all.

Owns the words that do so and what may stand beside them; a question, a threat or a wish beside them keeps it open.
"""

import re
from itertools import pairwise

from copilot.domain.case import Case, CaseState, Option
from copilot.domain.issue import Issue
from copilot.flow.understand.issues import asks_something
from copilot.flow.understand.remedies import fit
from copilot.flow.understand.text import clauses, count_han, fold
from copilot.flow.understand.words import patterns, says

_ENDS_THE_ORDER = "cancel_refund"
"""Whoever may still cancel and says "I don't want it any more" may well mean the order."""
_AWAITED = frozenset(
    {Issue.SHIPPING_TIME, Issue.LOGISTICS_QUERY, Issue.DELIVERY_DELAY, Issue.LOST_PARCEL, Issue.NOT_RECEIVED}
)
_FAULTY = frozenset({Issue.QUALITY_DEFECT, Issue.USAGE_QUESTION, Issue.PRODUCT_QUESTION, Issue.WARRANTY})
_GOING_BACK = frozenset(
    {
        Issue.RETURN_EXCHANGE, Issue.REFUND_REQUEST, Issue.REFUND_STATUS, Issue.CANCEL_ORDER, Issue.SIZE_MISMATCH,
        Issue.NOT_AS_DESCRIBED, Issue.QUALITY_DEFECT, Issue.WRONG_ITEM, Issue.DAMAGED, Issue.AD_MISMATCH,
    }
)  # fmt: skip
_WHY_HAN, _WHY_WORDS = 10, 9
"""So much may be said of why the goods stay."""


def lets_go(text: str, offered: tuple[Option, ...], case: Case | None) -> bool:
    """Whether ``text`` gives a matter up on which nothing is agreed yet."""
    if case is not None and case.chosen is not None:
        return False
    # How to take a request back is asked by whoever gives it up.
    folded = patterns()["over_withdrawn"].sub(" ", fold(text))
    if "?" in folded:
        return False
    if _keeps(folded, offered, case):
        return True
    if not offered or any(_ENDS_THE_ORDER in (option.key, option.action) for option in offered):
        return False
    return says("let_go", folded) and not _left(folded, "let_go", "let_go_beside")


def settles(text: str, case: Case | None) -> bool:
    """Whether ``text`` tells that what was wrong in ``case`` has passed: it came, it was found, it works."""
    folded = fold(text)
    if case is None or "?" in folded:
        return False
    kinds = [name for name, counts in _passes(case).items() if counts]
    return any(says(name, folded) for name in kinds) and not _left(folded, *kinds, "over_beside")


def beside_letting_go(text: str, case: Case | None) -> int:
    """Where the question begins that ``text`` asks after it ended the matter; 0 where it asks none."""
    end = 0
    if says("over_withdrawn", fold(text)):
        return 0
    spans = clauses(text)
    for span, following in pairwise(spans):
        if not (_keeps(fold(span.text), (), case) or settles(span.text, case)):
            break
        end = following.start
    return end if end and asks_something(text[end:]) else 0


def _passes(case: Case) -> dict[str, bool]:
    """The kinds of good news that end ``case``."""
    awaits = case.chosen is not None or bool(case.commitments) or case.state is CaseState.WAITING_US
    return {
        "over_came": case.issue in _AWAITED or awaits,
        "over_paid": case.issue in (Issue.REFUND_STATUS, Issue.REFUND_REQUEST, Issue.CANCEL_ORDER) or awaits,
        "over_works": case.issue in _FAULTY,
    }


def _keeps(folded: str, offered: tuple[Option, ...], case: Case | None) -> bool:
    """Whether the goods stay with the buyer, with hardly more beside it than why."""
    if not says("over_kept", folded):
        return False
    if case is not None and case.issue not in _GOING_BACK:
        return False
    if any(fit(option, frozenset({"keep"})) for option in offered):
        # Where keeping them is one of the offers, who keeps them may well take that.
        return False
    rest = _left(folded, "over_kept", "let_go", "let_go_beside", "over_beside")
    few = count_han(rest) <= _WHY_HAN and len(re.findall(r"[a-z0-9']+", rest)) <= _WHY_WORDS
    return few and not says("over_trouble", rest)


def _left(folded: str, *kinds: str) -> str:
    """What is said besides the words of ``kinds``; empty where that is nothing."""
    for kind in kinds:
        folded = patterns()[kind].sub(" ", folded)
    return folded if any(sign.isalnum() for sign in folded) else ""
