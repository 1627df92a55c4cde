"""Comparisons that should hold together: whether any numbers satisfy all of them.

Owns the shortest paths over ``left - right <= by``; numbers may be fractions, so that it never finds a clash where
somebody's amounts leave room.
"""

from collections.abc import Iterable
from fractions import Fraction
from itertools import product

from copilot.playbook.literals import Apart

Bound = tuple[Fraction, bool]
"""The most that a difference may be, and whether it stays below."""


def clash(compared: Iterable[Apart]) -> bool:
    """Whether no numbers satisfy all of ``compared``."""
    wanted = list(compared)
    most = _shortest(wanted)
    names = {name for one in wanted for name in (one.left, one.right)}
    if any(_is_below(most[name, name], (Fraction(0), False)) for name in names if (name, name) in most):
        return True
    # What remains is convex: points that are taken out of it empty it only where it is that very point.
    return any(
        most.get((one.left, one.right)) == (one.by, False) and most.get((one.right, one.left)) == (-one.by, False)
        for one in wanted
        if one.sign == "!=" and one.left != one.right
    ) or any(one.sign == "!=" and one.left == one.right and one.by == 0 for one in wanted)


def _shortest(wanted: Iterable[Apart]) -> dict[tuple[str, str], Bound]:
    most: dict[tuple[str, str], Bound] = {}
    for one in wanted:
        if one.sign in ("==", "<=", "<"):
            _tighten(most, (one.left, one.right), (one.by, one.sign == "<"))
        if one.sign in ("==", ">=", ">"):
            _tighten(most, (one.right, one.left), (-one.by, one.sign == ">"))
    names = sorted({name for pair in most for name in pair})
    for middle, first, last in product(names, names, names):
        if (first, middle) in most and (middle, last) in most:
            (one, below), (other, also) = most[first, middle], most[middle, last]
            _tighten(most, (first, last), (one + other, below or also))
    return most


def _tighten(most: dict[tuple[str, str], Bound], pair: tuple[str, str], bound: Bound) -> None:
    if pair not in most or _is_below(bound, most[pair]):
        most[pair] = bound


def _is_below(one: Bound, other: Bound) -> bool:
    return one[0] < other[0] or (one[0] == other[0] and one[1] and not other[1])
