"""Translations of whole batches, character by character: one look-up in a table over all code points."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.uint32]
BREAK = 1
"""The code point that stands between texts; no folding keeps control characters."""
_SIZE = 0x110000
_MANY = 0x200000
_UNKNOWN = 0xFFFFFFFF


class PointTable:
    """A translation of each code point into none, one or several others."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        """``translate`` is asked once for every character that is met."""
        self._translate = translate
        self._table = np.full(_SIZE, _UNKNOWN, dtype=np.uint32)
        self._table[BREAK] = BREAK
        self._many: list[list[int]] = []

    def apply(self, points: Points) -> Points:
        """``points`` translated; ``BREAK`` stays."""
        found = self._table.take(points)
        highest = found.max(initial=0)
        if highest == _UNKNOWN:
            self._learn(points[found == _UNKNOWN])
            found = self._table.take(points)
            highest = found.max(initial=0)
        if highest >= _MANY:
            found = self._spread(found)
        return found[found != 0]

    def _learn(self, points: Points) -> None:
        for point in np.unique(points).tolist():
            parts = [ord(character) for character in self._translate(chr(point))]
            if len(parts) > 1:
                self._table[point] = _MANY + len(self._many)
                self._many.append(parts)
            else:
                self._table[point] = parts[0] if parts else 0

    def _spread(self, points: Points) -> Points:
        """Put the several code points of a character in its place."""
        at = np.flatnonzero(points >= _MANY)
        numbers: list[int] = points[at].tolist()
        parts = [self._many[number - _MANY] for number in numbers]
        counts = np.ones(len(points), dtype=np.int64)
        counts[at] = [len(part) for part in parts]
        spread = np.repeat(points, counts)
        first = np.cumsum(counts)[at] - counts[at]
        starts: list[int] = first.tolist()
        for start, part in zip(starts, parts, strict=True):
            spread[start : start + len(part)] = part
        return spread


class PointFlags:
    """Bits that say what a code point is, worked out once for every one that is met."""

    def __init__(self, flags: Callable[[str], int]) -> None:
        """``flags`` gives the bits of a character, below 255; ``BREAK`` has none."""
        self._flags = flags
        self._table = np.full(_SIZE, 255, dtype=np.uint8)
        self._table[BREAK] = 0

    def of(self, points: Points) -> NDArray[np.uint8]:
        """The bits of each of ``points``."""
        found = self._table.take(points)
        unknown = found == 255
        if unknown.any():
            for point in np.unique(points[unknown]).tolist():
                self._table[point] = self._flags(chr(point))
            found = self._table.take(points)
        return found


def joined(texts: list[str], table: PointTable) -> Points:
    """``texts`` translated as one, with a ``BREAK`` behind each."""
    points = np.frombuffer(("\x01".join(texts) + "\x01").encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    inner = points == BREAK
    if int(inner.sum()) == len(texts):
        return table.apply(points)
    # A text holds the very character that stands between texts: it counts for nothing there.
    points = points.copy()
    ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1) - 1
    points[inner] = 0
    points[ends] = BREAK
    return table.apply(points)
