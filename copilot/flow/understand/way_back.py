"""The way back of goods: who pays it, where it goes, how it is applied for.

Owns which questions are about it where goods go back, though they sound like a parcel or a use of the thing.
"""

from dataclasses import replace

from copilot.domain.case import Case
from copilot.domain.issue import Issue, IssueReading
from copilot.flow.understand.asking_about import standing
from copilot.flow.understand.issues import Reading, opens_another
from copilot.flow.understand.order_states import UNSEEN
from copilot.flow.understand.seen import Seen
from copilot.flow.understand.text import fold
from copilot.flow.understand.words import says

GOES_BACK = frozenset(
    {
        Issue.RETURN_EXCHANGE, Issue.REFUND_REQUEST, Issue.SIZE_MISMATCH, Issue.NOT_AS_DESCRIBED, Issue.WRONG_ITEM,
        Issue.QUALITY_DEFECT, Issue.DAMAGED, Issue.AD_MISMATCH, Issue.WARRANTY,
    }
)  # fmt: skip
"""Matters in which the buyer sends goods back."""
_LIKE_A_WAY = frozenset(
    {
        Issue.SHIPPING_TIME, Issue.LOGISTICS_QUERY, Issue.USAGE_QUESTION, Issue.PRODUCT_QUESTION,
        Issue.PAYMENT_ACCOUNT, Issue.ADDRESS_CHANGE, Issue.REFUND_STATUS, Issue.CANCEL_ORDER, Issue.RETURN_EXCHANGE,
    }
)  # fmt: skip
"""What a question about the way back sounds like."""
_OF_A_PARCEL = frozenset({Issue.LOGISTICS_QUERY, Issue.DELIVERY_DELAY})
_WAYS = ("way_label", "way_postage", "way_address", "way_pickup")


def of_the_return(reading: Reading, case: Case | None) -> Reading:
    """``reading`` with what is asked about the way back, where goods go back, as part of that matter.

    Who pays the postage sounds like a parcel, and how to apply like using a thing.
    """
    if case is None or case.issue not in GOES_BACK:
        return reading
    asked = [_way_back(one) for one in reading.issues]
    kept = [
        one.model_copy(update={"issue": case.issue}) if way else one
        for one, way in zip(reading.issues, asked, strict=True)
    ]
    return replace(reading, issues=tuple({one.issue: one for one in reversed(kept)}.values())[::-1])


def of_the_parcel(reading: Reading, case: Case | None) -> Reading:
    """``reading`` with what is asked of a parcel, where one that says it came was never seen, as part of that matter.

    "The pick-up point has no such number, so where did you leave it" is about no other parcel.
    """
    if case is None or case.issue not in UNSEEN or case.order is None:
        return reading
    own = [
        one.model_copy(update={"issue": case.issue})
        if one.issue in _OF_A_PARCEL and one.evidence is not None and not opens_another(one.evidence.text)
        else one
        for one in reading.issues
    ]
    return replace(reading, issues=tuple({one.issue: one for one in reversed(own)}.values())[::-1])


def way_asked(seen: Seen) -> str:
    """Which part of the way back is asked about, where goods go back and the shop has spoken; else nothing."""
    case = seen.case
    if case is None or case.issue not in GOES_BACK or standing(case):
        return ""
    if not seen.shop_text or not says("way_back_asked", seen.folded):
        return ""
    if seen.shop.question and not says("shop_agrees", fold(seen.shop_text)):
        return ""
    return next((name for name in _WAYS if says(name, seen.folded)), "way_apply")


def _way_back(reading: IssueReading) -> bool:
    if reading.issue not in _LIKE_A_WAY or reading.evidence is None or opens_another(reading.evidence.text):
        return False
    return says("way_back_asked", fold(reading.evidence.text))
