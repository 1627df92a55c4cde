"""Multi-pattern search without a machine of states: windows of a batch are looked up by their hash, all at once.

Owns the tables of the words' hashes. A search costs a few passes of NumPy over the batch, however many words there are,
and makes no Python object for what it finds; what a word means is not known here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]
Hits = tuple[Places, Places]
"""Word numbers and the byte offsets behind which they end."""
_Hashes = NDArray[np.uint64]
_Short = NDArray[np.uint32]
_STEP = 0x9E3779B97F4A7C15
_STEP_BACK = pow(_STEP, -1, 1 << 64)
_SHORT_STEP = 0x9E3779B1
_MIX = np.uint32(0x85EBCA6B)
_WINDOWS = (1, 2, 3, 4, 8, 16)
"""Characters of a window; a longer word is found by a window at its beginning, then compared as a whole."""
_COMPARED = 3
"""Up to so many characters the hash of the window is enough to know the word."""
_ROOM = 16
"""Places of a table for each word: so rarely a window that is no word looks like one."""
_FEWEST_BITS, _MOST_BITS = 12, 22


class HashedAutomaton:
    """Words of pairs of bytes (``codes``), by their hashes of 64 bits."""

    def __init__(self, words: Sequence[bytes], cache_dir: Path | None = None) -> None:
        """``words`` are not empty and differ; each is a whole number of pairs. ``cache_dir`` is not needed."""
        del cache_dir
        lengths = np.array([len(word) >> 1 for word in words], dtype=np.int64)
        codes = np.frombuffer(b"".join(words), dtype=np.uint16)
        ends = np.cumsum(lengths)
        powers = _POWERS
        whole = powers.between(powers.running(codes), ends - lengths, ends)
        size = _size_of(lengths)
        self._powers = powers
        self._longest = int(lengths.max(initial=0))
        self._tables = [
            _Table.of(codes, ends - lengths, lengths, whole, np.flatnonzero(size == window), window)
            for window in _WINDOWS
            if (size == window).any()
        ]

    def hits(self, haystack: bytes) -> Hits:
        """The numbers of the words in ``haystack``, which is pairs of bytes, and the offsets behind which they end."""
        codes = np.frombuffer(haystack, dtype=np.uint16)
        running = self._powers.running(codes) if self._longest > _COMPARED else None
        found: list[Places] = []
        ends: list[Places] = []
        for table, hashes in zip(self._tables, _windows(codes, [table.window for table in self._tables]), strict=True):
            starts, rows = table.candidates(hashes)
            if table.window <= _COMPARED or running is None:
                found.append(table.numbers[rows])
                ends.append((starts + table.window) << 1)
                continue
            behind = starts + table.lengths[rows]
            inside = np.flatnonzero(behind <= len(codes))
            starts, rows, behind = starts[inside], rows[inside], behind[inside]
            same = np.flatnonzero(self._powers.between(running, starts, behind) == table.hashes[rows])
            found.append(table.numbers[rows[same]])
            ends.append(behind[same] << 1)
        if not found:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        return np.concatenate(found), np.concatenate(ends)


@dataclass(frozen=True, slots=True)
class _Table:
    """Words that are found by a window of the same size, in the order of the slots in which their windows fall."""

    window: int
    bits: int
    taken: NDArray[np.bool_]
    """By slot whether a word is there."""
    firsts: NDArray[np.int32]
    """By slot the row of its first word."""
    counts: Places
    """By the row of the first word of a slot how many words are there."""
    shorts: _Short
    """By row the hash of the word's window."""
    numbers: Places
    lengths: Places
    hashes: _Hashes

    @classmethod
    def of(
        cls, codes: NDArray[np.uint16], starts: Places, lengths: Places, whole: _Hashes, chosen: Places, window: int
    ) -> "_Table":
        """The table of the words ``chosen``."""
        bits = int(np.clip(np.ceil(np.log2(len(chosen) * _ROOM)), _FEWEST_BITS, _MOST_BITS))
        shorts = _short(codes[starts[chosen][:, None] + np.arange(window)])
        slots = _slots(shorts, bits)
        order = np.argsort(slots, kind="stable")
        chosen, slots, shorts = chosen[order], slots[order], shorts[order]
        used, rows, counts = np.unique(slots, return_index=True, return_counts=True)
        taken, firsts = np.zeros(1 << bits, dtype=np.bool_), np.zeros(1 << bits, dtype=np.int32)
        taken[used], firsts[used] = True, rows
        together = np.zeros(len(slots), dtype=np.int64)
        together[rows] = counts
        return cls(window, bits, taken, firsts, together, shorts, chosen, lengths[chosen], whole[chosen])

    def candidates(self, hashes: _Short) -> tuple[Places, Places]:
        """The places at which words may begin, and the rows of those words; their windows have the same hash."""
        slots = _slots(hashes, self.bits)
        places = np.flatnonzero(self.taken.take(slots))
        rows = self.firsts[slots[places]].astype(np.int64)
        counts = self.counts[rows]
        total = int(counts.sum())
        if total != len(places):
            offsets = np.arange(total) - np.repeat(np.cumsum(counts) - counts, counts)
            places, rows = np.repeat(places, counts), np.repeat(rows, counts) + offsets
        same = np.flatnonzero(hashes[places] == self.shorts[rows])
        return places[same], rows[same]


class _Powers:
    """Hashes of any part of a text from running sums: Σ code · step ** place, led back to the place 0."""

    def __init__(self) -> None:
        self._up = self._down = np.ones(0, dtype=np.uint64)

    def running(self, codes: NDArray[np.uint16]) -> _Hashes:
        """Sums up to each place, the end included."""
        up = self._up
        if len(codes) > len(up):
            # The way back first: a thread that sees the one has the other.
            self._down = _powers(_STEP_BACK, len(codes))
            up = self._up = _powers(_STEP, len(codes))
        sums = np.zeros(len(codes) + 1, dtype=np.uint64)
        np.cumsum(codes * up[: len(codes)], out=sums[1:])
        return sums

    def between(self, running: _Hashes, starts: Places, ends: Places) -> _Hashes:
        """The hashes of the parts from ``starts`` to ``ends``."""
        return (running[ends] - running[starts]) * self._down[starts]


_POWERS = _Powers()
"""Those of all automata: they depend on nothing but how far they go."""


def _powers(step: int, count: int) -> _Hashes:
    made = np.full(count, step, dtype=np.uint64)
    made[:1] = 1
    return np.multiply.accumulate(made)


def _size_of(lengths: Places) -> Places:
    """The window by which words of these lengths are found: the longest that is not longer."""
    windows = np.array(_WINDOWS, dtype=np.int64)
    return windows[np.searchsorted(windows, lengths, side="right") - 1]


def _windows(codes: NDArray[np.uint16], sizes: Sequence[int]) -> Iterator[_Short]:
    """The short hashes of all windows of each of ``sizes`` (ascending), by where they begin."""
    hashes, size = codes.astype(np.uint32), 1
    for wanted in sizes:
        while size < wanted:
            # Twice as long at a time where that is no more than what is asked for, else a character more.
            step = size if 2 * size <= wanted else 1
            behind = codes[size:].astype(np.uint32) if step == 1 else hashes[size:]
            hashes = hashes[: len(behind)] + behind * np.uint32(pow(_SHORT_STEP, size, 1 << 32))
            size += step
        yield hashes


def _short(windows: NDArray[np.uint16]) -> _Short:
    """The short hash of each row."""
    powers = [pow(_SHORT_STEP, place, 1 << 32) for place in range(windows.shape[1])]
    return (windows.astype(np.uint32) * np.array(powers, dtype=np.uint32)).sum(axis=1, dtype=np.uint32)


def _slots(hashes: _Short, bits: int) -> Places:
    mixed = hashes ^ (hashes >> np.uint32(15))
    return ((mixed * _MIX) >> np.uint32(32 - bits)).astype(np.int64)
