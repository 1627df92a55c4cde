"""Whether a turn is thanks, goodbye or a nod, and nothing else."""

import re

from copilot.domain.issue import Issue, Turn
from copilot.flow.understand.answers import holds_particulars
from copilot.flow.understand.issues import asks_something
from copilot.flow.understand.seen import CERTAIN, SURE, Seen, presses
from copilot.flow.understand.text import clauses, count_han, fold
from copilot.flow.understand.words import patterns, says

PRESSURE = frozenset({Issue.COMPLAINT, Issue.REVIEW})
"""How the buyer feels about a matter, not what it is about."""
_FEW, _SOME = 4, 7


def polite(seen: Seen) -> Turn | None:
    """Thanks, goodbye and nods: every clause is one, or the rest raises nothing clear."""
    if praises(seen) or _money_came(seen):
        return Turn.THANKS
    closing, thanks = says("closing", seen.folded), says("thanks", seen.folded)
    praised = thanks and seen.lead is not None and seen.lead.issue in PRESSURE
    if seen.lead is not None and seen.lead.confidence >= SURE and not praised and not _is_all_polite(seen):
        return None
    if seen.answered or holds_particulars(seen.folded) or presses(seen):
        return None
    if (closing or thanks) and (_is_all_polite(seen) or _mostly_polite(seen)):
        return Turn.CLOSING if closing else Turn.THANKS
    pressed = seen.reading.manner == "_chase" and seen.reading.confidence >= CERTAIN
    if says("ack", seen.folded) and not pressed and not _awaits(seen) and not _asks_on(seen):
        return Turn.SMALL_TALK
    return None


def praises(seen: Seen) -> bool:
    """Whether the turn is glad of what came and wants nothing ("even prettier than the picture, will buy again")."""
    if not says("glad", seen.folded) or says("glad_but", seen.folded):
        return False
    beside = patterns()["glad"].sub(" ", seen.folded)
    return not ("?" in beside or asks_something(beside) or presses(seen) or (seen.burst.photos and seen.shop.asks))


def _money_came(seen: Seen) -> bool:
    """Whether the turn thanks for a refund that is there and adds nothing that is wrong with it."""
    if not says("refund_came", seen.folded) or not says("thanks", seen.folded):
        return False
    beside = patterns()["refund_came"].sub(" ", seen.folded)
    return not (says("glad_but", beside) or asks_something(beside) or presses(seen) or seen.risks)


def polite_at_last(seen: Seen) -> Turn | None:
    """Thanks or goodbye after what we asked for was given and noted: the answer is kept, the move is the last one."""
    burst = seen.burst
    text = "\n".join(burst.texts[burst.settled :])
    folded = fold(text)
    closing, thanks = says("closing", folded), says("thanks", folded)
    if not burst.settled or not (closing or thanks) or asks_something(folded) or holds_particulars(folded):
        return None
    if says("chase", folded) or seen.risks or (seen.lead is not None and seen.lead.confidence >= SURE):
        return None
    return Turn.CLOSING if closing else Turn.THANKS


def _is_all_polite(seen: Seen) -> bool:
    parts = [fold(span.text) for span in clauses(seen.burst.text)]
    few = _FEW if seen.lead is None else 1
    return all(_left_over(part) <= few if says("thanks", part) else _nods(part) for part in parts)


def _nods(part: str) -> bool:
    return (says("closing", part) and _left_over(part) <= _SOME) or says("ack", part)


def _mostly_polite(seen: Seen) -> bool:
    """Polite words with something beside them that is no question and no clear issue."""
    if asks_something(seen.folded):
        return False
    manner = seen.reading.manner
    return (
        seen.case is not None
        or manner == "thanks"
        or (manner or "").startswith("_")
        or _left_over(seen.folded) <= _SOME
    )


def _left_over(folded: str) -> int:
    """How much is said besides thanks and goodbye, in words (two Chinese characters count as one)."""
    rest = folded
    for kind in ("thanks", "closing"):
        rest = patterns()[kind].sub(" ", rest)
    return (count_han(rest) + 1) // 2 + len(re.findall(r"[a-z0-9']+", rest))


def _asks_on(seen: Seen) -> bool:
    """Whether a nod to our question goes on with one of its own ("sure, what colors")."""
    return seen.shop.question and asks_something(seen.folded)


def _awaits(seen: Seen) -> bool:
    return seen.shop.question and says("yes_no", seen.folded)
