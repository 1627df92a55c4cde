"""The small alphabet of a pack's trigger words, in pairs of bytes.

Characters that stand in no trigger word share one code. The first byte of a pair is never below 0x80 and the second
never above 0x7E, so that a search over bytes can neither start nor end inside a character.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from copilot.policy.batch.points import Points

Codes = NDArray[np.uint16]
_PER_PAGE = 126
MOST = 128 * _PER_PAGE
"""Characters that the alphabet holds; the rest share the code of the others."""


class Alphabet:
    """Pairs of bytes for the characters of the compact view that trigger words are made of."""

    def __init__(self, characters: Iterable[str]) -> None:
        """``characters`` get codes of their own, as many as there are codes."""
        pairs = _pairs(np.arange(MOST, dtype=np.uint16))
        own = sorted(set(characters))[: MOST - 1]
        # Whatever lies behind the last of them is looked up in the last place.
        self._table = np.full(ord(max(own, default="\0")) + 2, pairs[0], dtype=np.uint16)
        self._table[[ord(character) for character in own]] = pairs[1 : 1 + len(own)]

    def words(self, texts: Sequence[str]) -> list[bytes]:
        """Words as the bytes under which they are looked for."""
        points = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32)
        joined = self.bytes_of(points)
        ends = np.cumsum([0, *(2 * len(text) for text in texts)]).tolist()
        return [joined[start:end] for start, end in pairwise(ends)]

    def bytes_of(self, points: Points) -> bytes:
        """A batch's compact view as bytes, two a character."""
        return self._table.take(points, mode="clip").tobytes()


def _pairs(codes: Codes) -> Codes:
    return ((0x80 + codes // _PER_PAGE) | ((1 + codes % _PER_PAGE) << 8)).astype(np.uint16)
