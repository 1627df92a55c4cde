"""Reads RE2 expressions into a small tree: just enough to know which words a match cannot do without.

Understands what rules use; whatever it does not know becomes ``Any``, which requires nothing. It matches no text.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Any:
    """Something about which nothing is known: any text, or none."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """A place without characters (an anchor, a boundary)."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A place at which a word begins or ends."""


@dataclass(frozen=True, slots=True)
class Chars:
    """One character of ``options``."""

    options: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Concat:
    """One after the other."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """``part`` at least ``low`` times; ``high`` is null without an end."""

    part: "Node"
    low: int
    high: int | None


Node = Any | Nothing | Edge | Chars | Concat | Either | Repeat

MOST_CHARS = 24
"""A class with more characters than this is taken for ``Any`` of one character."""


class _Unreadable(Exception):
    pass


def read(pattern: str) -> Node:
    """The tree of ``pattern``; ``Any`` for an expression that cannot be read."""
    try:
        reader = _Reader(pattern)
        node = reader.either()
        return node if reader.at == len(pattern) else Any()
    except (_Unreadable, IndexError, ValueError):
        return Any()


class _Reader:
    _TEXT: ClassVar[dict[str, str]] = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.folded = False

    def either(self) -> Node:
        parts = [self._concat()]
        while self._is("|"):
            self.at += 1
            parts.append(self._concat())
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _is(self, text: str) -> bool:
        return self.pattern.startswith(text, self.at)

    def _concat(self) -> Node:
        parts: list[Node] = []
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            parts.append(self._repeat(self._atom()))
        return parts[0] if len(parts) == 1 else Concat(tuple(parts))

    def _repeat(self, node: Node) -> Node:
        while self.at < len(self.pattern) and self.pattern[self.at] in "*+?{":
            bounds = self._bounds()
            if bounds is None:
                break
            if self._is("?"):
                self.at += 1
            node = Repeat(node, *bounds)
        return node

    def _bounds(self) -> tuple[int, int | None] | None:
        sign = self.pattern[self.at]
        if sign != "{":
            self.at += 1
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        end = self.pattern.find("}", self.at)
        low, comma, high = self.pattern[self.at + 1 : end].partition(",")
        if end < 0 or not low.isdecimal() or (high and not high.isdecimal()):
            return None
        self.at = end + 1
        if not comma:
            return int(low), int(low)
        return int(low), int(high) if high else None

    def _atom(self) -> Node:
        character = self.pattern[self.at]
        if character == "(":
            return self._group()
        if character == "[":
            return self._class()
        self.at += 1
        if character == "\\":
            return self._escape()
        if character in "^$":
            return Nothing()
        return Any() if character == "." else self._one(character)

    def _one(self, character: str) -> Node:
        # Rules are run over folded text, which has no upper case.
        return Chars((character.lower() if self.folded else character,))

    def _group(self) -> Node:
        self.at += 1
        if self._is("?"):
            self._group_head()
            if self._is(")"):
                self.at += 1
                return Nothing()
        node = self.either()
        if not self._is(")"):
            raise _Unreadable
        self.at += 1
        return node

    def _group_head(self) -> None:
        if self._is("?P<") or self._is("?<"):
            self.at = self.pattern.index(">", self.at) + 1
            return
        ends = [at for mark in ":)" if (at := self.pattern.find(mark, self.at)) >= 0]
        end = min(ends)
        flags = self.pattern[self.at + 1 : end]
        if not flags.replace("-", "").isalpha() and flags:
            raise _Unreadable
        self.folded = self.folded or "i" in flags
        self.at = end + (self.pattern[end] == ":")

    def _escape(self) -> Node:
        character = self.pattern[self.at]
        self.at += 1
        if character in "bBAzZ":
            return Edge() if character == "b" else Nothing()
        if character in "dDsSwW":
            return Any()
        if character in "pPxQCE":
            return self._named(character)
        if character.isalnum() and character not in self._TEXT:
            raise _Unreadable
        return self._one(self._TEXT.get(character, character))

    def _named(self, kind: str) -> Node:
        if kind in "pP":
            self.at = self.pattern.index("}", self.at) + 1 if self._is("{") else self.at + 1
            return Any()
        if kind == "x" and self._is("{"):
            end = self.pattern.index("}", self.at)
            code, self.at = int(self.pattern[self.at + 1 : end], 16), end + 1
            return self._one(chr(code))
        raise _Unreadable

    def _class(self) -> Node:
        self.at += 1
        negated = self._is("^")
        self.at += negated
        options: list[str] = []
        known = not negated
        first = True
        while first or not self._is("]"):
            first = False
            known = self._member(options) and known
        self.at += 1
        return Chars(tuple(dict.fromkeys(options))) if known and len(options) <= MOST_CHARS else Any()

    def _member(self, options: list[str]) -> bool:
        """Read one member of a class into ``options``; whether it is made of single characters."""
        if self._is("[:"):
            self.at = self.pattern.index(":]", self.at) + 2
            return False
        first = self._class_character()
        if self._is("-") and not self._is("-]"):
            self.at += 1
            last = self._class_character()
            if first is None or last is None or ord(last) - ord(first) >= MOST_CHARS:
                return False
            options += [chr(code) for code in range(ord(first), ord(last) + 1)]
            return True
        if first is not None:
            options.append(first.lower() if self.folded else first)
        return first is not None

    def _class_character(self) -> str | None:
        character = self.pattern[self.at]
        self.at += 1
        if character != "\\":
            return character
        node = self._escape()
        return node.options[0] if isinstance(node, Chars) else None
