"""Chooses at most one auto reply for a message and says of each why it did or did not fire.

Pure: it is told the moment, reads no clock and no store, and judges no text.
"""

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from copilot.domain.auto import AutoReply, Tried, Trigger, Why

_ORDER: Final = {Trigger.KEYWORDS: 0, Trigger.AFTER_HOURS: 1, Trigger.BUSY: 2}
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Moment:
    """A buyer's message as far as an auto reply depends on it.

    ``at`` carries an offset, ``zone`` is the shop's; ``busy`` says whether whoever would answer has no hand free,
    ``waiting`` how many conversations wait for somebody, ``sent`` the ids of auto replies that this session had
    already, ``answered`` that a person has spoken since.
    """

    text: str
    language: str
    at: datetime
    zone: ZoneInfo
    busy: bool = False
    waiting: int = 0
    sent: frozenset[str] = frozenset()
    answered: bool = False


def chosen(
    replies: Iterable[AutoReply], moment: Moment, allowed: Callable[[AutoReply], bool]
) -> tuple[AutoReply | None, tuple[Tried, ...]]:
    """The reply that fires, or None; with every candidate and why.

    What the buyer's words ask for goes before the hours, and those before a full queue; ties by id. ``allowed`` says
    whether a text may leave under the shop's rules; it is asked last, and only of what would fire.
    """
    fires: AutoReply | None = None
    tried: list[Tried] = []
    known = tuple(replies)
    told_busy = any(one.trigger is Trigger.BUSY and one.id in moment.sent for one in known)
    for one in sorted(known, key=lambda reply: (_ORDER[reply.trigger], reply.id, reply.language)):
        why = _why(one, moment, told_busy=told_busy)
        if why is Why.FIRED and fires is not None:
            why = Why.ANOTHER
        elif why is Why.FIRED and not allowed(one):
            why = Why.RULES
        if why is Why.FIRED:
            fires = one
        tried.append(Tried(kind="auto", id=one.id, why=why))
    return fires, tuple(tried)


def holds_at(reply: AutoReply, at: datetime, zone: ZoneInfo) -> bool:
    """Whether ``at`` is within the reply's window by the clock on the shop's wall; always, where it has none."""
    if reply.starts is None or reply.ends is None:
        return True
    local = at.astimezone(zone)
    starts, ends, now = time.fromisoformat(reply.starts), time.fromisoformat(reply.ends), local.time()
    if starts < ends:
        return _on(reply, local) and starts <= now < ends
    # Over midnight: the evening belongs to today, the small hours to the day before.
    return (_on(reply, local) and now >= starts) or (_on(reply, local - timedelta(days=1)) and now < ends)


def _why(reply: AutoReply, moment: Moment, *, told_busy: bool) -> Why:
    is_busy = reply.trigger is Trigger.BUSY
    checks: tuple[tuple[bool, Why], ...] = (
        (moment.answered, Why.ANSWERED),
        (not reply.active, Why.INACTIVE),
        (reply.language != moment.language, Why.LANGUAGE),
        (not holds_at(reply, moment.at, moment.zone), Why.OUTSIDE),
        (reply.trigger is Trigger.KEYWORDS and not _says_one(reply, moment.text), Why.NO_KEYWORD),
        (is_busy and not (moment.busy and moment.waiting >= (reply.busy_from or 0)), Why.NOT_BUSY),
        (reply.id in moment.sent or (is_busy and told_busy), Why.ONCE),
    )
    return next((why for wrong, why in checks if wrong), Why.FIRED)


def _on(reply: AutoReply, local: datetime) -> bool:
    return not reply.days or _DAYS[local.weekday()] in reply.days


def _says_one(reply: AutoReply, text: str) -> bool:
    said = _folded(text)
    return any(_holds(said, _folded(word)) for word in reply.keywords)


def _holds(said: str, word: str) -> bool:
    """Whether ``word`` stands in ``said``; written in letters, as a word of its own: "art" is not in "part"."""
    at = said.find(word) if word else -1
    while at >= 0:
        before, behind = said[at - 1 : at], said[at + len(word) : at + len(word) + 1]
        if not (_joins(before, word[0]) or _joins(word[-1], behind)):
            return True
        at = said.find(word, at + 1)
    return False


def _joins(left: str, right: str) -> bool:
    """Whether the two characters are inside one word; scripts without blanks have no such inside."""
    return bool(left and right) and _spaced(left) and _spaced(right)


def _spaced(character: str) -> bool:
    """Whether it is of a script that puts blanks between words: Latin (also Vietnamese), Greek, Cyrillic, Arabic."""
    return character.isalnum() and (character < "\u0e00" or "\u1e00" <= character < "\u2000")


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
