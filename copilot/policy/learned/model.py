"""Scores of sentences by a linear model with whole-number weights, one column for each family of wordings."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from copilot.policy.learned.features import NOTHING, Features, Points, features

FILE = "learned/weights.npz"
_SHORTEST = 20
"""Features that a sentence must have to be judged."""
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Learned:
    """A model: ``weights`` int8 of shape (NOTHING + 1, families), the last row zero.

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

    def texts(self, points: Points, ends: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
        """By family the numbers of the texts in which a sentence, or the whole, is found.

        ``points`` are base views with a 1 behind each, ``ends`` the places of those.
        """
        found = features(points)
        hits, owner = self._hits(found, ends)
        return {name: np.unique(owner[hits[:, at]]) for at, name in enumerate(self.names)}

    def spans(self, base: str) -> dict[str, list[Span]]:
        """By family the sentences of one base view that are found; the whole text where only the whole is."""
        points = np.array([*map(ord, base), 1], dtype=np.uint32)
        found = features(points)
        hits, _ = self._hits(found, np.array([len(base)]))
        count = len(found.starts)
        sentences = [_trimmed(base, int(a), int(b)) for a, b in zip(found.starts, found.ends, strict=True)]
        whole = _trimmed(base, 0, len(base))
        result: dict[str, list[Span]] = {}
        for at, name in enumerate(self.names):
            single = [sentences[number] for number in np.flatnonzero(hits[:count, at])]
            result[name] = single or ([whole] if hits[count:, at].any() else [])
        return result

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
        parts = (_and_texts(part, firsts) for part in (*self._sums(found), *self._paired(found)))
        return self._scored(*parts), np.concatenate([owner, np.arange(len(ends))])

    def _sums(self, found: Features) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """By sentence the sum of the weights of its features and their number."""
        weighed = np.add.reduce(self.weights[found.runs], axis=0, dtype=np.int32)
        counts = np.count_nonzero(found.runs != NOTHING, axis=0)
        if len(found.first):
            weighed[found.first] += np.add.reduce(self.weights[found.words], axis=0, dtype=np.int32)
            counts[found.first] += np.count_nonzero(found.words != NOTHING, axis=0)
        return np.add.reduceat(weighed, found.starts, axis=0), np.add.reduceat(counts, found.starts)

    def _paired(self, found: Features) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """As ``_sums``, of the pairs."""
        weighed = np.add.reduce(self.weights[found.pairs], axis=0, dtype=np.int32)
        counts = np.count_nonzero(found.pairs != NOTHING, axis=0)
        # A sentence may have no token, so sums are differences of running ones.
        edges = np.searchsorted(found.tokens, np.concatenate([found.starts, [found.ends[-1] + 1]]))
        return _between(weighed, edges), _between(counts, edges)

    def _scored(
        self, sums: NDArray[Any], counts: NDArray[Any], paired: NDArray[Any], pairs: NDArray[Any]
    ) -> NDArray[np.float64]:
        mean = sums / np.sqrt(np.maximum(counts, 1))[:, None] + paired / np.sqrt(np.maximum(pairs, 1))[:, None]
        scores = mean * self.scale + self.bias
        scores[counts < _SHORTEST] = -np.inf
        return scores


def _and_texts(part: NDArray[Any], firsts: NDArray[np.int64]) -> NDArray[Any]:
    """``part`` of each sentence, and behind them the sums over each text, which begin at the sentences ``firsts``."""
    return np.concatenate([part, np.add.reduceat(part, firsts, axis=0)])


def _between(values: NDArray[Any], edges: NDArray[np.int64]) -> NDArray[np.int64]:
    """The sum of ``values`` from each of ``edges`` to the next, along the first axis."""
    running = np.zeros((len(values) + 1, *values.shape[1:]), dtype=np.int64)
    np.cumsum(values, axis=0, out=running[1:])
    return np.diff(running[edges], axis=0)


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    return start + left, max(start + left + 1, start + len(piece.rstrip()))


def load_learned(folders: Sequence[Path]) -> Learned | None:
    """The model of the last folder that has one; null when none has."""
    paths = [path for folder in folders if (path := folder / FILE).is_file()]
    return _read(paths[-1]) if paths else None


def _read(path: Path) -> Learned:
    content = path.read_bytes()
    with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
        weights = np.zeros((NOTHING + 1, len(stored["names"])), dtype=np.int8)
        weights[stored["rows"]] = stored["weights"]
        return Learned(
            names=tuple(str(name) for name in stored["names"]),
            weights=weights,
            scale=stored["scale"],
            bias=stored["bias"],
            threshold=stored["threshold"],
            digest=hashlib.sha256(content).hexdigest()[:16],
        )
