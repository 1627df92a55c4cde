"""What an answer tells of the matter in words that no slot takes ("tried two chargers, still dead", 翻遍了就两袋).

Owns which words bring a matter forward; refuses nods, particulars of a person, and words that nothing here understands.
"""

from copilot.domain.issue import ASKS, TOLD, Turn
from copilot.flow.understand.answers import tells_nothing
from copilot.flow.understand.issues import asks_something
from copilot.flow.understand.seen import Seen
from copilot.flow.understand.text import fold
from copilot.flow.understand.words import says

PERSONAL = frozenset({"name", "email", "phone", "account"})
"""Slots that say who somebody is."""
_LONGEST = 400
_NOD = 16
"""So many characters hold a yes and little else."""
_BESIDE = 5
"""So few characters beside an answer say nothing more."""


def told(turn: Turn, seen: Seen, *, unclear: bool) -> dict[str, str]:
    """The buyer's words under the slot ``told`` when the turn answers with more than a nod; else nothing.

    Under ``asks`` too where they go on asking.
    What answers no question counts only where it asks something itself or speaks of an issue.
    """
    words = seen.burst.text.strip()
    speaks = seen.lead is not None or asks_something(seen.folded)
    if turn is not Turn.ANSWER or seen.case is None or tells_nothing(words) or (unclear and not speaks):
        return {}
    if PERSONAL & set(seen.answered) and not asks_something(seen.folded):
        # Who they are serves the colleague's own look-up.
        return {}
    if len(words) <= _NOD and says("yes_no", seen.folded) and _proposes(seen):
        return {}
    if any(len(words) - len(value) < _BESIDE for value in seen.answered.values()):
        # A slot holds them already.
        return {}
    if not (seen.shop.question or speaks):
        return {}
    asks = {ASKS: words[:_LONGEST]} if asks_something(seen.folded) else {}
    return {TOLD: words[:_LONGEST]} | asks


def further(before: str | None, now: str | None) -> str | None:
    """What was told so far with what is told now behind it; the oldest words go first when it grows too long."""
    return "\n".join(one for one in (before, now) if one)[-_LONGEST:] or None


def _proposes(seen: Seen) -> bool:
    """Whether a yes would agree to what a colleague has in mind and we do not know ("shall I give you something?")."""
    return says("shop_consent", fold(seen.shop_text))
