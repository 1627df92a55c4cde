"""Reads what a text states, without knowing what is true.

Left out rather than guessed: letters of options, sizes, ranks.
"""

from collections.abc import Iterable
from datetime import datetime, tzinfo

from copilot.domain.fact import Claim, FactKind
from copilot.policy.claims.acts import acts
from copilot.policy.claims.amounts import amounts, percents
from copilot.policy.claims.counts import measures, quantities, records
from copilot.policy.claims.found import Found
from copilot.policy.claims.times import durations, points

# Full-width forms one to one, so that spans stay those of the original.
_NARROW = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    0xFFE5: "¥",
    0x2019: "'",
    0x00A0: " ",
}
_SPEECH = frozenset({FactKind.PROMISE, FactKind.ACTION, FactKind.CAUSE})
"""Kinds that may lie around others: a promise contains its date."""


def extract(text: str, *, language: str, now: datetime, zone: tzinfo) -> tuple[Claim, ...]:
    """The claims of ``text`` in reading order, all with source null.

    ``now`` and ``zone`` (the shop's) make "tomorrow" a date; ``language`` decides what a bare price is in.
    """
    plain = text.translate(_NARROW)
    currency = "CNY" if language.startswith("zh") else "USD"
    found = [
        *records(plain), *points(plain, now, zone), *amounts(plain, currency), *percents(plain), *durations(plain),
        *quantities(plain), *measures(plain), *acts(plain),
    ]  # fmt: skip
    return tuple(
        Claim(kind=f.kind, start=f.start, end=f.end, text=text[f.start : f.end], value=f.value, source=None)
        for f in _resolved(found)
    )


def _resolved(found: Iterable[Found]) -> list[Found]:
    """Without overlaps among values (the longest wins, then the earlier reader), sorted."""
    kept: list[Found] = []
    for item in sorted(found, key=lambda f: f.start - f.end):
        rivals = [other for other in kept if (other.kind in _SPEECH) == (item.kind in _SPEECH)]
        if all(item.end <= other.start or other.end <= item.start for other in rivals):
            kept.append(item)
    return sorted(kept, key=lambda f: (f.start, f.end, f.kind))
