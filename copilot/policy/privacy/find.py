"""Where personal data stands in a base view: the one look that masking and the ``personal`` matcher share."""

from collections.abc import Callable, Iterator

from copilot.policy.privacy.accounts import accounts, mails
from copilot.policy.privacy.digits import numbers
from copilot.policy.privacy.engine import regions
from copilot.policy.privacy.gate import Kind, opened
from copilot.policy.privacy.names import beside, names
from copilot.policy.privacy.papers import papers
from copilot.policy.privacy.places import places
from copilot.policy.privacy.streets import streets

Hit = tuple[str, int, int]
_DIGITS = frozenset({Kind.DIGITS, Kind.SPELLED, Kind.LABELLED})
_READERS: tuple[tuple[Kind, Callable[[str], Iterator[Hit]]], ...] = (
    (Kind.MAIL, mails),
    (Kind.ACCOUNT, accounts),
    (Kind.PAPER, papers),
    (Kind.PLACE, places),
    (Kind.STREET, streets),
    (Kind.NAME, names),
)


def find(base: str, market: str | None) -> list[Hit]:
    """(type, start, end) of personal data in ``base``, a base view; overlapping hits are all given.

    Types are those of ``Entity``; ``market`` ("cn", "us", "uk", "sea" …) picks the phone formats.
    """
    kinds = opened(base)
    return _found(base, market, kinds) if kinds else []


def _found(base: str, market: str | None, kinds: frozenset[Kind]) -> list[Hit]:
    hits: list[Hit] = []
    if kinds & _DIGITS:
        hits += numbers(base, regions(market), spelled=Kind.SPELLED in kinds)
    for kind, reader in _READERS:
        if kind in kinds:
            hits += reader(base)
    return [*hits, *beside(base, hits)] if hits else hits


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
    if kinds & _DIGITS and next(numbers(base, regions(None), spelled=Kind.SPELLED in kinds), None) is not None:
        return True
    readers = (reader for kind, reader in _READERS if kind in kinds)
    return any(next(reader(base), None) is not None for reader in readers)
