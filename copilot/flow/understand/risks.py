"""Risk signals in a buyer's words, each with the words that show it.

Owns how the table ``data/risks.yaml`` is read and laid over a text; a risk is independent of the issue, and this part
refuses to decide what is done about one.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from copilot.domain.issue import Evidence, Risk, RiskReading
from copilot.files import own_data
from copilot.flow.understand.text import fold_same_length, has_han

# A full stop inside "3.5" or "a.b" ends nothing.
_SENTENCE_END = re.compile(r"[。!?\n;]|\.(?=\s|$)")
_MACRO = re.compile(r"\{([a-z_]+)\}")
# Stands for the words found while their surroundings are judged, and for words that mean something else.
_HIT = "◆"
_BLANK = "□"


@dataclass(frozen=True, slots=True)
class _Sign:
    says: re.Pattern[str]
    unless: re.Pattern[str] | None
    needs: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class _Signal:
    risk: Risk
    other: re.Pattern[str] | None
    signs: tuple[_Sign, ...]


@dataclass(frozen=True, slots=True)
class _Table:
    signals: tuple[_Signal, ...]


def find_risks(text: str) -> tuple[RiskReading, ...]:
    """The risks that ``text`` shows, one reading a risk (the first evidence), in the order of the words."""
    table = _table()
    folded = fold_same_length(text)
    found: list[RiskReading] = []
    for signal in table.signals:
        # Words that mean something else (court shoes) are gone before the signs are looked for.
        words = signal.other.sub(_blanked, folded) if signal.other else folded
        spans = [span for sign in signal.signs if (span := _first(sign, words, folded))]
        if spans:
            start, end = min(spans, key=lambda span: (span[0], -span[1]))
            found.append(RiskReading(risk=signal.risk, evidence=Evidence(start=start, end=end, text=text[start:end])))
    return tuple(sorted(found, key=lambda one: one.evidence.start))


def _first(sign: _Sign, words: str, folded: str) -> tuple[int, int] | None:
    """Where ``sign`` first shows itself in ``words`` and its sentence in ``folded`` does not take it back."""
    for match in sign.says.finditer(words):
        if sign.needs and not sign.needs.search(folded):
            return None
        if not (sign.unless and sign.unless.search(_surroundings(folded, match))):
            return match.span()
    return None


def _surroundings(folded: str, match: re.Match[str]) -> str:
    """The sentence around ``match`` with a mark in its place: "i won't ◆"."""
    ends = [end.end() for end in _SENTENCE_END.finditer(folded, 0, match.start())]
    after = _SENTENCE_END.search(folded, match.end())
    return folded[ends[-1] if ends else 0 : match.start()] + _HIT + folded[match.end() : after.end() if after else None]


def _blanked(match: re.Match[str]) -> str:
    return _BLANK * len(match.group())


@cache
def _table() -> _Table:
    raw: dict[str, Any] = own_data("copilot.flow.understand", "risks.yaml")
    pieces: dict[str, str] = raw.pop("_pieces")
    common: dict[str, str] = raw.pop("_unless")
    return _Table(
        signals=tuple(_signal(Risk(risk), row, common, pieces) for risk, row in raw.items()),
    )


def _signal(risk: Risk, row: dict[str, Any], common: dict[str, str], pieces: dict[str, str]) -> _Signal:
    shared = [common[name] for name in row.get("unless_common", "").split()]
    signs = [
        _Sign(
            says=_pattern([sign["says"]], pieces),
            unless=_optional([*shared, row.get("unless", ""), sign.get("unless", "")], pieces),
            needs=_optional([sign.get("needs", "")], pieces),
        )
        for sign in row["signs"]
    ]
    return _Signal(risk=risk, other=_optional([row.get("other", "")], pieces), signs=tuple(signs))


def _optional(blocks: list[str], pieces: dict[str, str]) -> re.Pattern[str] | None:
    return _pattern(blocks, pieces) if any(blocks) else None


def _pattern(blocks: list[str], pieces: dict[str, str]) -> re.Pattern[str]:
    """One pattern for all lines of ``blocks``; lines without Chinese characters match whole words only."""
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    wordings = [_expanded(line, pieces) for line in lines if line and not line.startswith("# ")]
    running = [wording for wording in wordings if has_han(wording)]
    spaced = [wording for wording in wordings if not has_han(wording)]
    if spaced:
        running.append(rf"(?<![a-z0-9])(?:{'|'.join(spaced)})(?![a-z0-9])")
    return re.compile("|".join(running))


def _expanded(line: str, pieces: dict[str, str]) -> str:
    """``line`` with each ``{name}`` replaced by that piece, pieces in pieces too."""
    while _MACRO.search(line):
        line = _MACRO.sub(lambda name: f"(?:{pieces[name.group(1)]})", line)
    return line
