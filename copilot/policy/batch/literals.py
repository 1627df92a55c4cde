"""Which words a match of an RE2 expression cannot do without: the literals by which a batch finds its candidates.

The answer is a list of clauses, each a set of words of which at least one stands in every match. It errs only towards
fewer or shorter words, never towards a word that a match may lack.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from copilot.policy.batch.syntax import Any, Chars, Concat, Edge, Either, Node, Nothing, Repeat, read

EDGE = "\b"
"""Stands in a word where the expression asks for a word's beginning or end."""

_MOST_WORDS, _MOST_LISTED = 48, 160
"""Words that one part is taken to be when parts multiply, and when they do not."""
_MOST_WAYS = 8
_KEPT = 4096
"""Expressions of which the answer is kept: packs of one process share nearly all of theirs."""
Words = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a node: all the texts it can be, or null when they are too many; and the clauses it requires."""

    exact: Words | None
    clauses: tuple[Words, ...] = ()

    def all_clauses(self) -> tuple[Words, ...]:
        return self.clauses if self.exact is None else (*self.clauses, self.exact)


@lru_cache(_KEPT)
def clauses(pattern: str) -> tuple[Words, ...]:
    """The clauses of ``pattern``; empty when nothing is known of it. Words may hold ``EDGE``."""
    return _usable(_Reader().of(read(pattern)))


def _usable(known: "_Known") -> tuple[Words, ...]:
    return tuple(clause for clause in known.all_clauses() if clause and all(map(_bare, clause)))


@lru_cache(_KEPT)
def alternatives(pattern: str) -> tuple[tuple[Words, ...], ...]:
    """The clauses of each way in which ``pattern`` can match: a match satisfies those of at least one of them.

    "A|B" is two ways, each with clauses of its own, where ``clauses`` would know only what both have in common.
    """
    reader = _Reader()
    return tuple(_usable(reader.of(node)) for node in reader.apart(read(pattern), _MOST_WAYS))


def _bare(word: str) -> str:
    return word.replace(EDGE, "")


def required(pattern: str) -> frozenset[str] | None:
    """The clause of ``pattern`` whose shortest word is longest, the smaller one of equals; null without any."""
    found = [frozenset(map(_bare, clause)) for clause in clauses(pattern)]
    ranked = sorted(found, key=lambda words: (-min(map(len, words)), len(words), sorted(words)))
    return ranked[0] if ranked else None


class _Reader:
    """Reads nodes, each once: the ways of an expression share most of theirs."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Node, _Known]] = {}

    def of(self, node: Node) -> _Known:
        """What is known of ``node``."""
        known = self._known.get(id(node))
        if known is None:
            # The node is kept with it, so that no other can come to have the same number.
            known = self._known[id(node)] = (node, self._read(node))
        return known[1]

    def _read(self, node: Node) -> _Known:
        if isinstance(node, Any):
            return _Known(None)
        if isinstance(node, Nothing):
            return _Known(frozenset({""}))
        if isinstance(node, Edge):
            return _Known(frozenset({EDGE}))
        if isinstance(node, Chars):
            return _Known(frozenset(node.options))
        if isinstance(node, Either):
            return _either([self.of(part) for part in node.parts])
        if isinstance(node, Repeat):
            return _repeat(self.of(node.part), node.low, node.high)
        return self._concat(node)

    def _concat(self, node: Concat) -> _Known:
        kept: list[Words] = []
        running: Words = frozenset({""})
        whole = True
        for known in map(self.of, node.parts):
            kept += known.clauses
            joined = None if known.exact is None else _joined(running, known.exact)
            if joined is None:
                whole = False
                kept.append(running)
                joined = frozenset({""}) if known.exact is None else known.exact
            running = joined
        return _Known(running, tuple(kept)) if whole else _Known(None, (*kept, running))

    def apart(self, node: Node, most: int) -> list[Node]:
        """``node`` as several nodes, of which at least one matches whenever it does; at most ``most`` of them."""
        if isinstance(node, Either):
            ways = [way for part in node.parts for way in self.apart(part, most // len(node.parts))]
            return ways if len(ways) <= most else [node]
        if isinstance(node, Concat):
            for at, part in enumerate(node.parts):
                # A choice among plain words is one clause already.
                if isinstance(part, Either) and self.of(part).exact is None and 1 < len(part.parts) <= most:
                    before, after = node.parts[:at], node.parts[at + 1 :]
                    rest = most // len(part.parts)
                    inner = [way for choice in part.parts for way in self.apart(choice, rest)]
                    return [way for one in inner for way in self.apart(Concat((*before, one, *after)), max(rest, 1))]
        return [node]


def _joined(left: Words, right: Words) -> Words | None:
    """Every word of ``left`` with every word of ``right`` behind it; null when they are too many."""
    most = _MOST_LISTED if 1 in (len(left), len(right)) else _MOST_WORDS
    if len(left) * len(right) > most:
        return None
    return frozenset(a + b for a, b in product(left, right))


def _either(parts: list[_Known]) -> _Known:
    if all(part.exact is not None for part in parts):
        union = _union(part.exact for part in parts if part.exact is not None)
        if len(union) <= _MOST_LISTED:
            return _Known(union)
    best = [_best(part.all_clauses()) for part in parts]
    if any(words is None for words in best):
        return _Known(None)
    return _Known(None, (_union(words for words in best if words is not None),))


def _union(sets: Iterable[Words]) -> Words:
    return frozenset(word for words in sets for word in words)


def _best(options: tuple[Words, ...]) -> Words | None:
    useful = [words for words in options if words and all(map(_bare, words))]
    return max(useful, key=lambda words: (min(len(_bare(word)) for word in words), -len(words))) if useful else None


def _repeat(known: _Known, low: int, high: int | None) -> _Known:
    if low == 0:
        if high == 1 and known.exact is not None:
            return _Known(known.exact | {""})
        return _Known(None)
    if low == high == 1:
        return known
    if high is not None and known.exact is not None and high <= 3:
        joined: Words | None = frozenset({""})
        for choice in [known.exact] * low + [known.exact | {""}] * (high - low):
            joined = None if joined is None else _joined(joined, choice)
        if joined is not None:
            return _Known(joined)
    # At least once: what one round requires, the whole requires.
    return _Known(None, known.all_clauses())
