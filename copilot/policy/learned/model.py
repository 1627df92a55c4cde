"""Scores of sentences by a linear model with whole-number weights, one column for each family of wordings."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copilot.policy.learned.features import IS_BLANK, NOTHING, Features, Points, features
from copilot.policy.learned.sums import added, counting, offset, summed

FILE = "learned/weights.npz"
_SHORTEST = 20
"""Features that a sentence must have to be judged."""
_NEARLY_ALL = 0.75
"""The share of the families from which on a part of a model shares the weights of the whole."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Learned:
    """A model: ``weights`` int8 of shape (NOTHING + 1, more than families) as ``sums.counting`` makes them.

    A sentence with n runs and words and m pairs scores scale · (Σ weights of those / √n + Σ weights of these / √m) +
    bias; it is found from ``threshold`` on. These three have a value for each of ``names``; ``digest`` names the
    weights.
    """

    names: tuple[str, ...]
    weights: NDArray[np.int8]
    scale: NDArray[np.float64]
    bias: NDArray[np.float64]
    threshold: NDArray[np.float64]
    digest: str
    _parts: "dict[tuple[str, ...], Learned]" = field(default_factory=lambda: {}, compare=False, repr=False)

    def among(self, names: Collection[str]) -> "Learned":
        """This model for the families ``names`` alone, which is faster the fewer they are."""
        wanted = tuple(name for name in self.names if name in names)
        if wanted == self.names:
            return self
        known = self._parts.get(wanted)
        if known is None and len(wanted) >= _NEARLY_ALL * len(self.names):
            # Nothing reaches the others' thresholds; columns of their own would be as large as all of them.
            named = np.array([name in wanted for name in self.names])
            known = self._parts[wanted] = replace(self, threshold=np.where(named, self.threshold, np.inf), _parts={})
        elif known is None:
            columns = [self.names.index(name) for name in wanted]
            known = Learned(
                names=wanted,
                weights=counting(self.weights[:, columns], len(columns)),
                scale=self.scale[columns],
                bias=self.bias[columns],
                threshold=self.threshold[columns],
                digest=self.digest,
            )
            self._parts[wanted] = known
        return known

    def texts(self, points: Points, ends: NDArray[np.int64]) -> dict[int, dict[str, list[Span]]]:
        """By the number of a text, and by family, the sentences that are found; the text where only the whole is.

        ``points`` are base views with a 1 behind each, ``ends`` the places of those. Texts in which nothing is found
        are left out; spans count from the beginning of their text.
        """
        found = features(points)
        hits, owner = self._hits(found, ends)
        count = len(found.starts)
        begins = np.concatenate([[0], ends[:-1] + 1])
        firsts = np.concatenate([found.starts, begins])
        lasts = np.concatenate([found.ends, ends])
        result: dict[int, dict[str, list[Span]]] = {}
        for row, column in np.argwhere(hits).tolist():
            text = int(owner[row])
            spans = result.setdefault(text, {}).setdefault(self.names[column], [])
            # Whole texts come behind all sentences.
            if row < count or not spans:
                spans.append(_trimmed(points, int(firsts[row]), int(lasts[row]), int(begins[text])))
        return result

    def spans(self, base: str) -> dict[str, list[Span]]:
        """As ``texts``, of one base view."""
        return self.texts(np.array([*map(ord, base), 1], dtype=np.uint32), np.array([len(base)])).get(0, {})

    def best(self, found: Features, ends: NDArray[np.int64]) -> NDArray[np.float64]:
        """For each text the highest score in each family that one of its sentences, or it as a whole, has."""
        scores, owner = self._scores(found, ends)
        best = np.full((len(ends), len(self.names)), -np.inf)
        np.maximum.at(best, owner, scores)
        return best

    def _hits(self, found: Features, ends: NDArray[np.int64]) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """For each sentence, then each text as a whole, what it is found to be; and the text it belongs to."""
        scores, owner = self._scores(found, ends)
        return scores >= self.threshold, owner

    def _scores(self, found: Features, ends: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        owner = np.searchsorted(ends, found.starts)
        # Sentences stand in the order of their texts, and every text has at least one.
        firsts = np.searchsorted(owner, np.arange(len(ends)))
        sums, paired = (_and_texts(part, firsts) for part in (self._sums(found), self._paired(found)))
        return self._scored(sums, paired), np.concatenate([owner, np.arange(len(ends))])

    def _sums(self, found: Features) -> NDArray[np.int32]:
        """By sentence the sums of the weights of its features and, in the column behind them, their number."""
        words = len(found.words)
        weighed = added(self.weights, found.runs, words)
        if len(found.first):
            weighed[found.first] += added(self.weights, found.words) - offset(words)
        return summed(weighed, found.starts, len(found.runs) + words)

    def _paired(self, found: Features) -> NDArray[np.int32]:
        """As ``_sums``, of the pairs."""
        edges = np.searchsorted(found.tokens, np.concatenate([found.starts, [found.ends[-1] + 1]]))
        sums = np.zeros((len(found.starts), self.weights.shape[1]), dtype=np.int32)
        # A sentence may have no token, and then no sum either.
        spoken = np.flatnonzero(edges[1:] > edges[:-1])
        if len(spoken):
            sums[spoken] = summed(added(self.weights, found.pairs), edges[spoken], len(found.pairs))
        return sums

    def _scored(self, sums: NDArray[np.int32], paired: NDArray[np.int32]) -> NDArray[np.float64]:
        families = len(self.names)
        counts, pairs = sums[:, families], paired[:, families]
        sums, paired = sums[:, :families], paired[:, :families]
        mean = sums / np.sqrt(np.maximum(counts, 1))[:, None] + paired / np.sqrt(np.maximum(pairs, 1))[:, None]
        scores = mean * self.scale + self.bias
        scores[counts < _SHORTEST] = -np.inf
        return scores


def _and_texts(part: NDArray[Any], firsts: NDArray[np.int64]) -> NDArray[Any]:
    """``part`` of each sentence, and behind them the sums over each text, which begin at the sentences ``firsts``."""
    return np.concatenate([part, np.add.reduceat(part, firsts, axis=0)])


def _trimmed(points: Points, start: int, end: int, begin: int) -> Span:
    """``start``–``end`` without the blanks around it, counted from ``begin``; at least one character."""
    kept = np.flatnonzero(~IS_BLANK.take(points[start:end]))
    if not len(kept):
        return start - begin, start - begin + 1
    return start - begin + int(kept[0]), start - begin + int(kept[-1]) + 1


def load_learned(folders: Sequence[Path]) -> Learned | None:
    """The model of the last folder that has one; null when none has."""
    paths = [path for folder in folders if (path := folder / FILE).is_file()]
    if not paths:
        return None
    told = paths[-1].stat()
    return _read(paths[-1], told.st_mtime_ns, told.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, _changed_ns: int, _size: int) -> Learned:
    """Read once a process, until it changes: all packs are judged by the same weights, which are megabytes."""
    content = path.read_bytes()
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        families = len(stored["names"])
        weights = np.zeros((NOTHING + 1, families), dtype=np.int8)
        weights[stored["rows"]] = stored["weights"]
        return Learned(
            names=tuple(str(name) for name in stored["names"]),
            weights=counting(weights, families),
            scale=stored["scale"],
            bias=stored["bias"],
            threshold=stored["threshold"],
            digest=hashlib.sha256(content).hexdigest()[:16],
        )
