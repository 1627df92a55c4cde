"""Misspelt Latin words, led back to the ones that the shop's entries have; nothing else is ever changed."""

from collections.abc import Iterator, Mapping
from typing import Final

from copilot.knowledge.tokens import MEANING, Bag

# A shorter word is one letter away from too many others.
_LEAST: Final = 5
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_COUNTS: Final = 0.8
"""What a word counts that we only think was meant."""


class Vocabulary:
    """The words of a shop's entries."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        """``counts``: in how many entries each stands."""
        self._counts = counts

    def corrected(self, bag: Bag) -> Bag:
        """``bag`` with each word that no entry has replaced by the most usual one that is one slip away."""
        found: dict[str, float] = {}
        for token, counts in bag.items():
            meant = self._meant(token)
            found[meant or token] = max(found.get(meant or token, 0.0), counts * _COUNTS if meant else counts)
        return found

    def _meant(self, token: str) -> str | None:
        if token in self._counts or len(token) < _LEAST or token.startswith(MEANING):
            return None
        if not (token.isascii() and token.isalpha()):
            return None
        near = {word for word in _slips(token) if word in self._counts}
        return max(near, key=lambda word: (self._counts[word], word), default=None)


def _slips(word: str) -> Iterator[str]:
    """Every word that one letter too many, too few, another one, or two swapped make of ``word``."""
    splits = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    for left, right in splits:
        if right:
            yield left + right[1:]
            yield from (left + letter + right[1:] for letter in _LETTERS)
        if len(right) > 1:
            yield left + right[1] + right[0] + right[2:]
        yield from (left + letter + right for letter in _LETTERS)
