"""Reads a text word by word, each word with the part that it plays: one small expression for each first character.

Owns the looking only. One expression for all words would try every one of them at every character.
"""

import re
from collections.abc import Callable, Iterator

_CLASS = re.compile(r"\[([^\]\[^]+)\]")
_Match = re.Match[str]


class Scanner:
    """Expressions for words by part, tried in their order; a word begins with a character or a class."""

    __slots__ = ("_by_first",)

    def __init__(self, parts: dict[str, str]) -> None:
        """``parts`` are expressions by the name of the part, alternatives parted by ``|``."""
        kept: dict[str, dict[str, list[str]]] = {}
        for part, words in parts.items():
            for word in alternatives(words):
                for first in _firsts(word):
                    kept.setdefault(first, {}).setdefault(part, []).append(word)
        self._by_first: dict[str, str | Callable[[str, int], _Match | None]] = {
            first: "|".join(f"(?P<{part}>{'|'.join(words)})" for part, words in of.items())
            for first, of in kept.items()
        }

    def over(self, text: str) -> Iterator[_Match]:
        """The words of ``text`` from left to right; ``lastgroup`` of a match is its part."""
        at, last, look_up = 0, len(text), self._by_first.get
        while at < last:
            look = look_up(text[at])
            if isinstance(look, str):
                # Compiled when the character is first met; most of them never are in the life of a command.
                look = self._by_first[text[at]] = re.compile(look).match
            match = look(text, at) if look is not None else None
            if match is None:
                at += 1
            else:
                yield match
                at = match.end()


def alternatives(words: str) -> list[str]:
    """The alternatives of an expression that are parted at its top."""
    found, depth, start, at = list[str](), 0, 0, 0
    while at < len(words):
        character = words[at]
        if character == "\\":
            at += 1
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == "|" and depth == 0:
            found.append(words[start:at])
            start = at + 1
        at += 1
    return [*found, words[start:]]


def _firsts(word: str) -> str:
    """The characters that ``word`` may begin with."""
    if word.startswith("\\d"):
        return "0123456789"
    if (of := _CLASS.match(word)) is not None:
        return of[1].replace("\\n", "\n")
    if word[0] in "([\\.*+?^$" or word[1:2] in {"?", "*"}:
        raise ValueError(f"a word must begin with a character or a class: {word!r}")
    return word[0]
