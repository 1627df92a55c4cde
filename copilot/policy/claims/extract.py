"""Reads what a text states, without knowing what is true.

Left out rather than guessed: letters of options, sizes, ranks.
"""

from bisect import bisect_left
from collections.abc import Iterable
from datetime import datetime, tzinfo

from copilot.domain.fact import Claim, FactKind
from copilot.policy.claims.acts import acts
from copilot.policy.claims.amounts import amounts
from copilot.policy.claims.causes import causes
from copilot.policy.claims.counts import measures, quantities, records
from copilot.policy.claims.durations import durations
from copilot.policy.claims.found import Found
from copilot.policy.claims.percents import percents
from copilot.policy.claims.times import points

# Full-width forms one to one, so that spans stay those of the original.
_NARROW = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0xFFE5: "¥",
    0x2019: "'",
    0x00A0: " ",
}
_LOWERED = (
    _NARROW
    | {code: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
    | {code: chr(code - 0xFEE0 + 32) for code in range(0xFF21, 0xFF3B)}
)
_SPEECH = frozenset({FactKind.PROMISE, FactKind.ACTION, FactKind.CAUSE})
"""Kinds that may lie around others: a promise contains its date."""


def narrow(text: str) -> str:
    """``text`` of the same length with full-width signs made plain."""
    return text.translate(_NARROW)


def lowered(text: str) -> str:
    """``text`` of the same length in small letters, with full-width signs made plain."""
    return text.translate(_LOWERED)


def extract(text: str, *, language: str, now: datetime, zone: tzinfo) -> tuple[Claim, ...]:
    """The claims of ``text`` in reading order, all with source null.

    ``now`` and ``zone`` (the shop's) make "tomorrow" a date; ``language`` decides what a bare price is in.
    """
    plain = lowered(text)
    currency = "CNY" if language.startswith("zh") else "USD"
    found = [
        *records(text.translate(_NARROW)), *points(plain, now, zone), *amounts(plain, currency), *percents(plain),
        *durations(plain), *quantities(plain), *measures(plain), *acts(plain), *causes(plain),
    ]  # fmt: skip
    return tuple(
        Claim(kind=f.kind, start=f.start, end=f.end, text=text[f.start : f.end], value=f.value, source=None)
        for f in _resolved(found)
    )


def _resolved(found: Iterable[Found]) -> list[Found]:
    """Without overlaps among values and among speech (the longest wins, then the earlier reader), sorted."""
    kept: list[Found] = []
    starts: dict[bool, list[int]] = {True: [], False: []}
    ends: dict[bool, list[int]] = {True: [], False: []}
    for item in sorted(found, key=lambda f: f.start - f.end):
        speech = item.kind in _SPEECH
        before, behind = starts[speech], ends[speech]
        at = bisect_left(before, item.end)
        if at == 0 or behind[at - 1] <= item.start:
            before.insert(at, item.start)
            behind.insert(at, item.end)
            kept.append(item)
    return sorted(kept, key=lambda f: (f.start, f.end, f.kind))
