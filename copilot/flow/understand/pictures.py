"""What a buyer says of the picture that a fault needs: it will come later, or none ever will.

Owns these two wishes' names; refuses to say what is decided without a picture.
"""

from copilot.domain.case import Case
from copilot.domain.issue import Issue
from copilot.flow.understand.burst import Burst
from copilot.flow.understand.goods import SHOWN
from copilot.flow.understand.text import fold
from copilot.flow.understand.words import says

LATER, NONE = "photo_later", "photo_none"


def said_of_pictures(burst: Burst, issues: tuple[Issue, ...], case: Case | None, asks: tuple[str, ...]) -> str:
    """``photo_later`` or ``photo_none``, where the words say so of goods that pictures show; else nothing."""
    folded = fold(burst.text)
    about = {*issues, *((case.issue,) if case is not None and not issues else ())}
    if burst.photos or burst.videos or not about & SHOWN or "?" in folded:
        return ""
    if "photo" in asks and says(LATER, folded):
        return LATER
    return NONE if says(NONE, folded) else ""
