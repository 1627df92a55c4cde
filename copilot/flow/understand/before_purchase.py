"""What before a purchase sounds like a matter after one: "37呢 我怕36挤脚" fits nobody badly yet."""

import re
from dataclasses import replace

from copilot.domain.case import Case
from copilot.domain.issue import CATEGORY_OF, Category, Issue
from copilot.flow.understand.issues import Reading
from copilot.flow.understand.text import fold
from copilot.flow.understand.words import says

JUST_BOUGHT = "just_bought"
"""The wish by which a turn says that it is ordered now, and hardly more."""
_UNDER_WAY = frozenset({Issue.SHIPPING_TIME, Issue.LOGISTICS_QUERY, Issue.DELIVERY_DELAY})
_STILL = {Issue.SIZE_MISMATCH: Issue.SIZE_FIT}
"""What is said of a thing one has, and what the same words ask before one has it."""
_NEVER = frozenset({Issue.NOT_RECEIVED, Issue.LOST_PARCEL, Issue.MISSING_ITEM})
"""What nobody can say who has bought nothing: "我没看到" is said of a coupon."""


_HAS_IT = re.compile(
    r"吊牌(?:都|也)?(?:还)?(?:在|没(?:剪|拆|摘))|没(?:剪|拆|摘)(?:吊牌|标)|试(?:穿)?(?:了|过)(?:一?下)?[^,。]{0,4}(?:大|小|紧|松|长|短|勒)"
    r"|(?:能|可以|想|要|给我)?换(?:个|成|一个|一件|一条|一双)?(?:大|小)(?:一|1)(?:码|号)"
    r"|\btags? (?:are |is )?(?:still )?(?:on|attached)\b|\b(?:tried|trying) (?:it|them|these|those) on\b"
    r"|\b(?:swap|exchange|trade|switch) (?:it |them |mine |this |these )?for\b|\bhaven'?t worn\b|\bunworn\b"
)
"""What only somebody says who has the thing by now."""
_SUPPOSES = re.compile(r"如果|要是|万一|的话|\b(?:if|in case|what happens when|would it be)\b")
_TOLD_OF = {
    Issue.WRONG_ITEM: re.compile(
        r"[发寄拿装送配]错|错发|发成|寄成|不是我|(?:sent|send|gave|wrong|instead|not what|mix(?:ed)? ?up|different)"
    )
}
"""What only words about what came say: the bare name of a model ("iphone 15 plus") says that nothing else came."""


def before_purchase(reading: Reading, case: Case | None, text: str) -> Reading:
    """``reading`` with such issues as their question, where the open matter is one before a purchase.

    Who says that it came has bought it since.
    """
    folded = fold(text)
    before = case is not None and CATEGORY_OF[case.issue] is Category.PRE_SALE
    if says(JUST_BOUGHT, folded) and (before or (case is not None and case.issue is Issue.SHIPPING_TIME)):
        # "Ok, ordered" says that nothing came, failed or is to be cancelled.
        return replace(reading, issues=tuple(one for one in reading.issues if one.issue in _UNDER_WAY))
    if not before:
        return reading
    if any(says(meaning, folded) for meaning in ("received", "says_arrived", "bought")):
        return reading
    if _HAS_IT.search(folded) and not _SUPPOSES.search(folded):
        # Tags that are still on hang on something that one has.
        return reading
    known = set[Issue]()
    own = [one for one in reading.issues if one.issue not in _NEVER and _is_told(one.issue, folded)]
    kept = [one.model_copy(update={"issue": _STILL.get(one.issue, one.issue)}) for one in own]
    return replace(reading, issues=tuple(one for one in kept if not (one.issue in known or known.add(one.issue))))


def _is_told(issue: Issue, folded: str) -> bool:
    told_of = _TOLD_OF.get(issue)
    return told_of is None or told_of.search(folded) is not None
