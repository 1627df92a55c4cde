"""Latin words of a whole batch, looked up whole: short ones stand inside so many others that a search would drown."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from copilot.policy.batch.points import Points

TOKEN = 4
"""The edge of a word that is one Latin word of its own; 1 is the left and 2 the right edge of any word."""
_LONGEST = 24
_BITS = 16
_LETTER = np.array([pow(0x9E3779B97F4A7C15, 1 + at, 1 << 64) for at in range(_LONGEST)], dtype=np.uint64)
_NOTHING = np.zeros(0, dtype=np.int64)
Places = NDArray[np.int64]


def is_token(word: str) -> bool:
    """Whether ``word`` is one Latin word that can be looked up whole."""
    return word.isascii() and word.isalpha() and len(word) <= _LONGEST


class Tokens:
    """Some Latin words, by their hash; two that share one are both taken to be found."""

    def __init__(self, words: Sequence[str], numbers: Sequence[int]) -> None:
        """``numbers`` are what is given back for ``words``."""
        points = np.frombuffer("".join(words).encode("utf-32-le"), dtype=np.uint32)
        lengths = np.array([len(word) for word in words], dtype=np.int64)
        hashes = _hashes(points, lengths) if len(words) else np.zeros(0, dtype=np.uint64)
        order = np.argsort(hashes, kind="stable")
        self._hashes = hashes[order]
        self._numbers = np.array(numbers, dtype=np.int64)[order]
        self._known = np.zeros(1 << _BITS, dtype=np.bool_)
        self._known[_ends_of(self._hashes)] = True

    def find(self, base: Points, latin: NDArray[np.bool_]) -> tuple[Places, Places]:
        """Where known words begin in ``base`` and their numbers; ``latin`` says which characters are Latin letters."""
        if not len(self._hashes):
            return _NOTHING, _NOTHING
        edges = np.flatnonzero(latin[1:] != latin[:-1]) + 1
        if len(latin) and latin[0]:
            edges = np.concatenate([[0], edges])
        # A break, which is no letter, stands behind the last text: words come in pairs of begin and end.
        first, last = edges[::2], edges[1::2]
        if not len(first):
            return _NOTHING, _NOTHING
        hashes = _hashes(base[latin], last - first)
        # Most words are none of ours, and their last bits tell.
        maybe = np.flatnonzero(self._known.take(_ends_of(hashes)))
        first, hashes = first[maybe], hashes[maybe]
        left = np.searchsorted(self._hashes, hashes, side="left")
        right = np.searchsorted(self._hashes, hashes, side="right")
        counts = right - left
        hit = np.flatnonzero(counts)
        if not len(hit):
            return _NOTHING, _NOTHING
        times = counts[hit]
        offset = np.arange(int(times.sum())) - np.repeat(np.cumsum(times) - times, times)
        return np.repeat(first[hit], times), self._numbers[np.repeat(left[hit], times) + offset]


def _ends_of(hashes: NDArray[np.uint64]) -> Places:
    return (hashes & np.uint64((1 << _BITS) - 1)).astype(np.int64)


def _hashes(letters: Points, lengths: Places) -> NDArray[np.uint64]:
    """The hash of each of the words that stand one behind the other in ``letters``."""
    starts = np.cumsum(lengths) - lengths
    within = np.minimum(np.arange(len(letters)) - np.repeat(starts, lengths), _LONGEST - 1)
    return np.add.reduceat(letters.astype(np.uint64) * _LETTER[within], starts)
