"""Masking that leaves a finding readable: figures and account names are starred, the words that gave it away stay."""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from copilot.policy.contact.digits import DigitReader
from copilot.policy.fold import Folded
from copilot.policy.privacy.apart import Apart
from copilot.policy.privacy.digit_words import DIGIT_WORDS
from copilot.policy.privacy.find import Find, find
from copilot.policy.privacy.folding import folder
from copilot.policy.privacy.mask import entities, next_name
from copilot.policy.privacy.model import Entity

Span = tuple[int, int]
_REACH = 24
"""How far behind a finding an account name may stand that no word introduces ("加 we1x1n :a_lin09")."""
_SHORTEST_NUMBER = 6
_MOST_REPEATED = 500
"""So many different words are looked for again in one text; beyond, it is a list and not a message."""
# Two figures in a row or an underscore make a name; a single figure inside a word is a disguise (wh4tsapp).
_TOKEN = re.compile(r"(?<![a-z0-9_.\-])@?(?=[a-z0-9_.\-]{5})(?=[0-9.\-]*[a-z_])[a-z0-9.\-]*(?:\d{2}|_)[a-z0-9_.\-]*")
_MARKED = re.compile(rf"\d{{2}}|_|[\d{''.join(DIGIT_WORDS)}].{{0,3}}[\d{''.join(DIGIT_WORDS)}]", re.DOTALL)
"""Stands wherever an account name or a long number does: two figures close together, or an underscore."""
_DATE = re.compile(r"(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}")


def readable(text: str, market: str | None, spans: Sequence[Span], look: Find = find) -> tuple[str, list[Span]]:
    """``text`` without personal data, which ``look`` finds, and ``spans`` (in code points) where they then lie.

    ``spans`` are those of findings.

    What touches a finding is starred character by character, first and last ones kept, so that the span still covers
    the same words; what lies apart from all findings becomes a placeholder as in ``mask``.
    """
    folded = folder().fold(text)
    found = _everywhere(text, entities(text, market, look=look, folded=folded))
    near = [span for span in _near(folded, spans) if not any(span == (one.start, one.end) for one in found)]
    if not found and not near:
        return text, list(spans)
    touching = [one for one in found if any(_touches(one, span) for span in (*spans, *near))]
    starred = list(text)
    for start, end in (*((one.start, one.end) for one in touching), *near):
        _star(starred, start, end)
    return _placed(text, "".join(starred), [one for one in found if one not in touching], spans)


def _touches(one: Entity, span: Span) -> bool:
    """Whether an entity overlaps a finding, or is the account or number that a finding leads to."""
    end = span[1] if one.type in {"address", "name", "id_card", "bank_card", "passport"} else span[1] + _REACH
    return one.start < end and span[0] < one.end


def _everywhere(text: str, found: Sequence[Entity]) -> list[Entity]:
    """``found`` with every other place where the same words stand."""
    result, taken = list(found), Apart()
    for one in found:
        taken.add(one.start, one.end)
    words = {text[one.start : one.end]: one.type for one in found}
    for written in list(words)[:_MOST_REPEATED]:
        at = text.find(written) if len(written) > 1 else -1
        while at >= 0:
            if not taken.rivals(at, at + len(written)):
                taken.add(at, at + len(written))
                result.append(Entity(words[written], at, at + len(written)))
            at = text.find(written, at + len(written))
    return sorted(result, key=lambda one: one.start)


@cache
def _numbers() -> DigitReader:
    return DigitReader(DIGIT_WORDS)


def _near(folded: Folded, spans: Iterable[Span]) -> list[Span]:
    """Account names and long numbers in or right behind a finding, as spans of the original."""
    if _MARKED.search(folded.base) is None:
        return []
    places: list[Span] = []
    candidates = [match.span() for match in _TOKEN.finditer(folded.base)]
    for run in _numbers().runs(folded.base):
        if len(run.digits) >= _SHORTEST_NUMBER and not _DATE.match(folded.base, run.start):
            candidates.append((run.start, run.end))
    origins = [folded.origin(*candidate) for candidate in candidates]
    for start, end in spans:
        places += [place for place in origins if start < place[1] and place[0] < end + _REACH]
    return sorted(set(places))


def _star(characters: list[str], start: int, end: int) -> None:
    """Stars letters and figures from ``start`` to ``end``; two stay at either end of long words, one of short ones."""
    at = [place for place in range(start, end) if characters[place].isalnum() or characters[place] == "*"]
    kept = 2 if len(at) >= 8 else 1 if len(at) >= 4 else 0
    for place in at[kept : len(at) - kept]:
        characters[place] = "*"


def _placed(text: str, starred: str, apart: Sequence[Entity], spans: Sequence[Span]) -> tuple[str, list[Span]]:
    """``starred`` with placeholders for ``apart``, and ``spans`` moved by what they add or take."""
    counts: dict[str, int] = {}
    names: dict[tuple[str, str], str] = {}
    parts: list[str] = []
    shifts: list[Span] = []
    last = 0
    for one in apart:
        key = one.type, text[one.start : one.end]
        if key not in names:
            names[key] = next_name(one.type, counts, text)
        parts += [starred[last : one.start], names[key]]
        shifts.append((one.end, len(names[key]) - (one.end - one.start)))
        last = one.end

    def moved(place: int) -> int:
        return place + sum(shift for end, shift in shifts if end <= place)

    return "".join([*parts, starred[last:]]), [(moved(start), moved(end)) for start, end in spans]
