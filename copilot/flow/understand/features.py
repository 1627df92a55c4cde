"""Text into the hashed features that the classifier weighs.

Owns the form of a feature: Chinese n-grams, English words and letters, concepts (one feature for all words that mean
the same, ``data/concepts.yaml``) and marks for things, places and days (``data/masks.yaml``). Training and inference
share it; it refuses to know the classes.
"""

import re
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from copilot.files import own_data
from copilot.flow.understand.terms import Terms
from copilot.flow.understand.text import fold

DIMENSIONS = 1 << 16
_LONGEST = 600
_MASKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"https?://\S+|www\.\S+"), " ‹url› "),
    (re.compile(r"\S+@\S+\.\w+"), " ‹mail› "),
    (re.compile(r"<[A-Z_]+_?\d*>", re.IGNORECASE), " ‹id› "),
    (re.compile(r"[a-z]{0,4}\d[\d-]{6,}"), " ‹id› "),
    (re.compile(r"\d+(?:[.,]\d+)*"), "0"),
)
_REPEATED = re.compile(r"(.)\1{2,}")
_HAN_RUN = re.compile(r"[\u3400-\u9fff0]+")
_WORD = re.compile(r"‹\w+›|[a-z0-9]+(?:'[a-z]+)?|[?!]")
_WEIGHTS = {"h": 1.0, "w": 1.0, "b": 0.9, "l": 0.5, "c": 1.0, "p": 0.6}


@dataclass(frozen=True, slots=True)
class Features:
    """A unit vector: positions in 0..DIMENSIONS-1 (distinct) and their values."""

    indices: NDArray[np.int64]
    values: NDArray[np.float32]


def features(text: str) -> Features:
    """The features of ``text``; empty arrays when it holds no word. Only the first 600 characters count."""
    weights: dict[int, float] = {}
    for name in _names(normal(text)):
        index = crc32(name.encode()) % DIMENSIONS
        weights[index] = max(weights.get(index, 0.0), _WEIGHTS[name[0]])
    indices = np.fromiter(weights.keys(), dtype=np.int64, count=len(weights))
    values = np.fromiter(weights.values(), dtype=np.float32, count=len(weights))
    length = float(np.linalg.norm(values))
    return Features(indices, values / np.float32(length) if length else values)


def normal(text: str) -> str:
    """``text`` folded, numbers and addresses replaced by marks, stretched letters shortened."""
    folded = fold(text[:_LONGEST])
    for pattern, mark in _MASKS:
        folded = pattern.sub(mark, folded)
    folded = _REPEATED.sub(r"\1\1", folded)
    masks, names = _terms("masks"), _lists("masks")
    marked = masks.found(folded)
    for group in names:
        if group in marked:
            folded = _replaced(folded, masks.spans(folded, group), f" ‹{group}› ")
            # A mark is no letter: words beside it may begin or end now.
            marked = masks.found(folded)
    return folded


def _replaced(text: str, spans: list[tuple[int, int]], mark: str) -> str:
    for start, end in reversed(spans):
        text = text[:start] + mark + text[end:]
    return text


def _names(folded: str) -> list[str]:
    return [*_han_names(folded), *_latin_names(folded), *_concept_names(folded)]


def _han_names(folded: str) -> list[str]:
    names: list[str] = []
    for match in _HAN_RUN.finditer(folded):
        run = match.group()
        names.extend(f"h{run[at : at + size]}" for size in (1, 2, 3, 4) for at in range(len(run) - size + 1))
    return names


def _latin_names(folded: str) -> list[str]:
    words = _WORD.findall(_HAN_RUN.sub(" ", folded))
    names = [f"w{word}" for word in words]
    names.extend(f"b{left} {right}" for left, right in pairwise(words))
    for word in words:
        padded = f"<{word}>"
        names.extend(f"l{padded[at : at + size]}" for size in (3, 4, 5) for at in range(len(padded) - size + 1))
    return names


def _concept_names(folded: str) -> list[str]:
    found = concepts(folded)
    return [*(f"c{name}" for name in found), *(f"p{left}+{right}" for left, right in combinations(found, 2))]


def concepts(folded: str) -> tuple[str, ...]:
    """The concepts named in ``folded`` text, in the order of the file."""
    found = _terms("concepts").found(folded)
    return tuple(name for name in _lists("concepts") if name in found)


@cache
def _lists(name: str) -> dict[str, list[str]]:
    return own_data("copilot.flow.understand", f"{name}.yaml")


@cache
def _terms(name: str) -> Terms:
    return Terms.of(_lists(name))
