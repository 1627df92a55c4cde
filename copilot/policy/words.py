"""Lists of words as one search: what surroundings and required phrases are looked up by.

Holds no list of its own and knows no rule.
"""

from collections.abc import Iterable
from functools import cached_property, lru_cache

from ahocorasick_rs import AhoCorasick, Implementation

_KEPT = 1024
Span = tuple[int, int]


class WordList:
    """Some words as one search; Latin words count only as whole words."""

    def __init__(self, words: Iterable[str]) -> None:
        """``words`` are folded already."""
        ordered = sorted({word for word in words if word}, key=lambda word: (-len(word), word))
        self.words = tuple(ordered)

    def __bool__(self) -> bool:
        """Whether there are any words."""
        return bool(self.words)

    @cached_property
    def _automaton(self) -> AhoCorasick:
        # Most rules have nothing to say about a text: their lists are made ready when one has.
        return _search(self.words)

    def spans(self, text: str) -> list[Span]:
        """Where the words stand in ``text``, from left to right, the longest of those that begin at one place."""
        if not self.words or not text:
            return []
        hits = self._automaton.find_matches_as_indexes(text, overlapping=True)
        found: list[Span] = []
        for start, end in sorted(((hit[1], hit[2]) for hit in hits), key=_leftmost_longest):
            if (not found or found[-1][1] <= start) and _whole(text, start, end):
                found.append((start, end))
        return found

    def found(self, text: str) -> bool:
        """Whether a word stands in ``text``."""
        if not self.words or not text:
            return False
        hits = self._automaton.find_matches_as_indexes(text, overlapping=True)
        return any(_whole(text, start, end) for _, start, end in hits)

    def touched(self, text: str) -> bool:
        """Whether a word stands in ``text``, be it inside a Latin one: never false where ``found`` is true."""
        return bool(self.words) and bool(self._automaton.find_matches_as_indexes(text))


@lru_cache(_KEPT)
def _search(words: tuple[str, ...]) -> AhoCorasick:
    """The search for ``words``: most rules look for the same refusals, topics and quotations."""
    # A third of the memory that the default takes, which is made for long texts, and as fast over a sentence.
    return AhoCorasick(words, implementation=Implementation.ContiguousNFA)


def _leftmost_longest(span: Span) -> Span:
    return span[0], -span[1]


def _whole(text: str, start: int, end: int) -> bool:
    """Whether no Latin word is cut at either end."""
    if start and _latin(text[start]) and _latin(text[start - 1]):
        return False
    return not (end < len(text) and _latin(text[end - 1]) and _latin(text[end]))


def _latin(character: str) -> bool:
    return "a" <= character <= "z"
