"""From words that were found in a batch to the units that they wake: clauses satisfied, ways complete.

Owns the tables that lead from a word to clauses and ways, laid out flat, so that no step is taken word by word.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]
Numbers = NDArray[np.int32]


class Leads:
    """Of each word the ways that it drives and the columns of ``Ways`` that it satisfies."""

    def __init__(self, driven: "_Rows", columns: "_Rows") -> None:
        """One row per word in each."""
        self.driven = driven
        self.columns = columns


class Ways:
    """The ways of a pack: which clauses together wake which unit."""

    def __init__(self, ways: Sequence[Sequence[int]]) -> None:
        """``ways`` are those of ``Triggers``: unit, the clause that drives it, others."""
        self._units = np.array([unit for unit, *_ in ways] or [0], dtype=np.int64)
        first = max((clause for _, *clauses in ways for clause in clauses), default=-1) + 1
        rarest = np.array([rarest for _, rarest, *_ in ways], dtype=np.int64)
        self._by_clause = _Rows(first, rarest, np.arange(len(ways)))
        """The ways that a clause drives."""
        asked = sorted({clause for _, _, *others in ways for clause in others})
        self._column = {clause: at for at, clause in enumerate(asked)}
        self._columns = np.full(first, -1, dtype=np.int64)
        self._columns[asked] = np.arange(len(asked))
        most = max((len(way) - 2 for way in ways), default=0)
        others = [[self._column[clause] for clause in way[2:]] + [-1] * (most - len(way) + 2) for way in ways]
        self._others = np.array(others, dtype=np.int64).reshape(len(others), most)

    def leads(self, count: int, words: Places, clauses: Places) -> Leads:
        """Where ``count`` words lead; ``clauses`` are what the words at the same places of ``words`` satisfy."""
        columns = self._columns[clauses]
        asked = columns >= 0
        return Leads(_Rows(count, *self._by_clause.spread(words, clauses)), _Rows(count, words[asked], columns[asked]))

    def complete(self, found: Sequence[tuple[Leads, Places, Places]], texts: int) -> Iterable[tuple[int, int]]:
        """(text, unit) where every clause of a way is satisfied; ``found`` gives texts and words beside their leads."""
        width = max(len(self._column), 1)
        satisfied = np.zeros(texts * width, dtype=np.bool_)
        driven = [leads.driven.spread(places, words) for leads, places, words in found]
        places, ways = (np.concatenate(parts) for parts in zip(*driven, strict=True))
        for leads, at, words in found:
            owners, columns = leads.columns.spread(at, words)
            satisfied[owners * width + columns] = True
        for column in range(self._others.shape[1]):
            others = self._others[ways, column]
            fit = np.flatnonzero((others < 0) | satisfied[places * width + np.maximum(others, 0)])
            places, ways = places[fit], ways[fit]
        units = int(self._units.max(initial=0)) + 1
        pairs = np.unique(places * units + self._units[ways])
        return zip((pairs // units).tolist(), (pairs % units).tolist(), strict=True)


class _Rows:
    """Lists of numbers, one a word, laid out flat."""

    def __init__(self, count: int, owners: Places, numbers: NDArray[Any]) -> None:
        """``count`` rows; the numbers of a row are those whose owner it is."""
        counts = np.bincount(owners, minlength=max(count, 1))
        self._counts = counts.astype(np.int32)
        self._starts = (np.cumsum(counts) - counts).astype(np.int32)
        flat = numbers[np.argsort(owners, kind="stable")].astype(np.int32)
        self._flat = flat if len(flat) else np.zeros(1, dtype=np.int32)

    def spread(self, texts: Places, words: Places) -> tuple[Places, Numbers]:
        """The numbers of every word found, each with the text of the word."""
        counts = self._counts[words]
        some = np.flatnonzero(counts)
        counts, texts, starts = counts[some], texts[some], self._starts[words[some]]
        total = int(counts.sum())
        if total == len(counts):
            return texts, self._flat[starts]
        behind = np.cumsum(counts, dtype=np.int32)
        places = np.repeat(starts - behind + counts, counts) + np.arange(total, dtype=np.int32)
        return np.repeat(texts, counts), self._flat[places]
