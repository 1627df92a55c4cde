"""Lists of words by name, of which only those are searched that a text can have a word of.

A turn is held against hundreds of lists with thousands of words, and has words of three: one walk through its text
tells which. Owns that walk and when a list is compiled; what a word of a list matches, ``words.any_of`` says.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from re import Match, Pattern
from typing import Final

from ahocorasick_rs import AhoCorasick

from copilot.playbook.patterns import GAP, any_of, is_latin

_LATELY: Final = 8
"""Texts of which it is remembered what they may have: a turn is read several times, for each of its matters."""


class WordLists:
    """``lists`` by name; a list without words is one that no text has a word of."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        """Nothing is compiled before a text may have a word of it."""
        self._lists = {name: tuple(words) for name, words in lists.items() if words}
        self._patterns: dict[str, Pattern[str]] = {}
        holders: dict[str, set[str]] = {}
        for name, words in self._lists.items():
            for word in words:
                holders.setdefault(_longest_part(word), set()).add(name)
        self._holders = tuple(frozenset(names) for names in holders.values())
        self._walk = AhoCorasick(list(holders))
        self._lately = lru_cache(maxsize=_LATELY)(self._possible)

    def search(self, name: str, text: str) -> Match[str] | None:
        """The first word of the list ``name`` in ``text``."""
        return self[name].search(text) if name in self._lately(text) else None

    def all_in(self, name: str, text: str) -> Iterator[Match[str]]:
        """Every word of the list ``name`` in ``text``."""
        return self[name].finditer(text) if name in self._lately(text) else iter(())

    def in_text(self, text: str) -> Iterator[tuple[str, Match[str]]]:
        """Every word of every list in ``text``, list by list in their order, with the list's name."""
        possible = self._lately(text)
        for name in self._lists if possible else ():
            if name in possible:
                for match in self[name].finditer(text):
                    yield name, match

    def __contains__(self, name: object) -> bool:
        """Whether there is a list ``name`` that has words."""
        return name in self._lists

    def __getitem__(self, name: str) -> Pattern[str]:
        """The list as a pattern."""
        found = self._patterns.get(name)
        if found is None:
            found = self._patterns[name] = any_of(self._lists[name])
        return found

    def _possible(self, text: str) -> frozenset[str]:
        """The lists of whose words some has its longest part in ``text``."""
        hits = self._walk.find_matches_as_indexes(text.casefold(), overlapping=True)
        return frozenset[str]().union(*(self._holders[hit[0]] for hit in hits))


def _longest_part(word: str) -> str:
    """What must stand in a text, in any case of letters, that has ``word``."""
    whole = word.removesuffix("*") if is_latin(word) else word
    return max(whole.split(GAP), key=len).casefold()
