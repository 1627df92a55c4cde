"""What conditions say about each other and themselves: implied, excluded, impossible, covered.

Owns the proof for lint, from the conditions' own literals and from what their facts imply (``derived.py``). It proves
or stays silent, and never guesses: with too many cases to look at nothing is said.
"""

from collections.abc import Sequence
from functools import lru_cache

from copilot.playbook.closing import NOTHING, closed
from copilot.playbook.derived import is_always_known
from copilot.playbook.literals import Known, Literal, Opaque, Way, opposite, ways_of

_MOST_CASES = 400
"""How many cases one question may take."""


def implies(left: str, right: str) -> bool:
    """Whether ``right`` is true wherever ``left`` is."""
    return covered(left, (right,))


@lru_cache(maxsize=8192)
def excludes(left: str, right: str) -> bool:
    """Whether both can never be true together."""
    return all(closed(one | other) is None for one in ways_of(left) for other in ways_of(right))


@lru_cache(maxsize=8192)
def impossible(source: str) -> bool:
    """Whether ``source`` can never be true."""
    return all(closed(way) is None for way in ways_of(source))


def covered(source: str, others: Sequence[str]) -> bool:
    """Whether wherever ``source`` is true one of ``others`` is, though perhaps none of them alone.

    A condition and its opposite cover everything only where neither can be unknown.
    """
    return _is_covered(source, tuple(others))


@lru_cache(maxsize=8192)
def _is_covered(source: str, others: tuple[str, ...]) -> bool:
    ways = tuple(dict.fromkeys(way for other in others for way in ways_of(other)))
    left = [_MOST_CASES]
    return all(_covered(NOTHING, way, ways, left) for way in ways_of(source))


def _covered(before: Way, more: Way, ways: Sequence[Way], left: list[int]) -> bool:
    """Whether no case of ``before`` and ``more`` makes all of ``ways`` untrue; ``left`` counts down the cases."""
    left[0] -= 1
    known = closed(more, before)
    if known is None or left[0] < 0:
        return known is None
    rest: list[tuple[Way, list[Literal]]] = []
    for way in ways:
        if closed(way, known) is None:
            continue
        refused = [case for literal in way for case in _refusals(literal, known)]
        if not refused:
            return True
        rest.append((way, refused))
    if not rest:
        return False
    way, refused = min(rest, key=lambda one: len(one[1]))
    others = [one for one, _ in rest if one is not way]
    return all(_covered(known, frozenset({case}), others, left) for case in refused)


def _refusals(literal: Literal, known: Way) -> list[Literal]:
    """The cases that ``known`` leaves in which ``literal`` is not true: it is false, or a fact of it is not known."""
    if literal in known:
        return []
    cases: list[Literal] = [opposite(literal)]
    cases += [Known(path, yes=False) for path in literal.paths if literal != Known(path) and not is_always_known(path)]
    if isinstance(literal, Opaque):
        # What it needs is not known to us: it may be neither true nor false.
        cases.append(Known(literal.name, yes=False))
    return [case for case in cases if closed(frozenset({case}), known) is not None]
