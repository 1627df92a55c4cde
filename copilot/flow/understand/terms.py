"""Finds the words of lists in a text, all lists in one look.

Owns the form of a term in ``data/concepts.yaml`` and ``data/masks.yaml``: English terms stand as whole words, a
trailing "*" lets the word go on ("refund*"), Chinese ones stand anywhere. Each word of the text is looked up, where one
expression for a list would try its hundreds of alternatives at every character. Refuses to know what a list means.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from copilot.domain.errors import BadConfiguration

_RUN = re.compile(r"\w+")

Span = tuple[int, int]


class _Term(NamedTuple):
    """``rank`` is its place among the terms of its list, the longest first; ``open``: the word may go on."""

    rank: int
    group: str
    text: str
    open: bool


class _Hit(NamedTuple):
    """A term in a text; hits sort as one expression would try them: from left to right, the longest term first."""

    start: int
    rank: int
    end: int
    group: str


@dataclass(frozen=True)
class Terms:
    """Terms by how they begin: with a whole word, with the beginning of one, with a Chinese character."""

    words: dict[str, list[_Term]] = field(default_factory=dict[str, list[_Term]])
    stems: dict[str, list[_Term]] = field(default_factory=dict[str, list[_Term]])
    signs: dict[str, list[_Term]] = field(default_factory=dict[str, list[_Term]])

    @cached_property
    def longest_stem(self) -> int:
        """Beginnings longer than this are looked up in vain: a run of Chinese without a stop may be thousands long."""
        return max(map(len, self.stems), default=0)

    @classmethod
    def of(cls, lists: Mapping[str, list[str]]) -> "Terms":
        """The terms of ``lists``, name → terms."""
        made = cls()
        for group, terms in lists.items():
            for rank, term in enumerate(sorted(terms, key=len, reverse=True)):
                made._take(rank, group, term)
        return made

    def _take(self, rank: int, group: str, term: str) -> None:
        if not term.isascii():
            self.signs.setdefault(term[0], []).append(_Term(rank, group, term, open=False))
            return
        stem = term.rstrip("*")
        first = _RUN.match(stem)
        if first is None or not _is_word(stem[-1]):
            raise BadConfiguration(
                f"a term begins and ends with a letter or a figure: {term!r} in {group!r}",
                remedy="write it without signs at its ends",
            )
        entry = _Term(rank, group, stem, open=term.endswith("*"))
        lone = entry.open and first.end() == len(stem)
        (self.stems if lone else self.words).setdefault(first.group(), []).append(entry)

    def found(self, text: str) -> frozenset[str]:
        """The lists of which a term stands in ``text``."""
        return frozenset(hit.group for hit in self._hits(text))

    def spans(self, text: str, group: str) -> list[Span]:
        """Where terms of ``group`` stand, from left to right; of several at one place the longest counts."""
        kept: list[Span] = []
        for hit in sorted(hit for hit in self._hits(text) if hit.group == group):
            if not kept or hit.start >= kept[-1][1]:
                kept.append((hit.start, hit.end))
        return kept

    def _hits(self, text: str) -> Iterator[_Hit]:
        for run in _RUN.finditer(text):
            word, start, end = run.group(), run.start(), run.end()
            for term in self.words.get(word, ()):
                last = start + len(term.text)
                if text.startswith(term.text, start) and (term.open or not _is_word(text[last : last + 1])):
                    yield _Hit(start, term.rank, _end_of_word(text, last) if term.open else last, term.group)
            for length in range(1, min(len(word), self.longest_stem) + 1):
                for term in self.stems.get(word[:length], ()):
                    yield _Hit(start, term.rank, end, term.group)
        if text.isascii():
            return
        for at, sign in enumerate(text):
            for term in self.signs.get(sign, ()):
                if text.startswith(term.text, at):
                    yield _Hit(at, term.rank, at + len(term.text), term.group)


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _end_of_word(text: str, at: int) -> int:
    rest = _RUN.match(text, at)
    return rest.end() if rest else at
