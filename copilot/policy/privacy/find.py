"""Where personal data stands in a base view: the one look that masking and the ``personal`` matcher share."""

from collections.abc import Callable

from copilot.policy.privacy.engine import regions
from copilot.policy.privacy.gate import Kind, opened
from copilot.policy.privacy.readers import Hit, beside, numbers, reader

Find = Callable[[str, str | None], list[Hit]]
"""As ``find``."""
_LONGEST, _MOST = 512, 4096
_DIGITS = frozenset({Kind.DIGITS, Kind.SPELLED, Kind.LABELLED})
_READ = (Kind.MAIL, Kind.ACCOUNT, Kind.PAPER, Kind.PLACE, Kind.STREET, Kind.NAME)
"""The kinds that have a reader each, in the order in which their hits are given."""


def find(base: str, market: str | None) -> list[Hit]:
    """(type, start, end) of personal data in ``base``, a base view; overlapping hits are all given.

    Types are those of ``Entity``; ``market`` ("cn", "us", "uk", "sea" …) picks the phone formats.
    """
    kinds = opened(base)
    return _found(base, market, kinds) if kinds else []


class RememberedFinds:
    """A ``find`` that still knows what it found a moment ago: whoever judges a text and then masks it asks twice.

    It holds texts, at most a megabyte or two; whoever makes one decides how long it lives.
    """

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._known: dict[tuple[str, str | None], list[Hit]] = {}

    def __call__(self, base: str, market: str | None) -> list[Hit]:
        """As ``find``; what is returned is not to be changed."""
        known = self._known.get((base, market))
        if known is None:
            known = find(base, market)
            if len(base) <= _LONGEST:
                if len(self._known) >= _MOST:
                    self._known.clear()
                self._known[base, market] = known
        return known


def _found(base: str, market: str | None, kinds: frozenset[Kind]) -> list[Hit]:
    hits: list[Hit] = []
    if kinds & _DIGITS:
        hits += numbers()(base, regions(market), spelled=Kind.SPELLED in kinds)
    for kind in _READ:
        if kind in kinds:
            hits += reader(kind)(base)
    return [*hits, *beside()(base, hits)] if hits else hits


def gate(base: str) -> bool:
    """Whether ``base``, a base view, can hold personal data; false only where ``find`` finds nothing.

    Most texts end at one pass for the words of ``gate_literals`` and one look for ``SHORTEST_RUN`` digits; a word is
    then confirmed by its own recogniser, a run of digits is not.
    """
    kinds = opened(base)
    if not kinds:
        return False
    if Kind.DIGITS in kinds:
        return True
    if kinds & _DIGITS and next(numbers()(base, regions(None), spelled=Kind.SPELLED in kinds), None) is not None:
        return True
    return any(next(reader(kind)(base), None) is not None for kind in _READ if kind in kinds)
