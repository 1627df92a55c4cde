"""Literals with all that follows from them, or the proof that they cannot hold together.

Owns the closing of a set under the table of derived facts; refuses to try cases, which ``logic.py`` does.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from copilot.playbook import bounds
from copilot.playbook.derived import WORDS, is_always_known, lines
from copilot.playbook.literals import Among, Apart, Known, Literal, Way, opposite, ways_of

NOTHING: Way = frozenset()
"""Where nothing is known yet."""


@dataclass
class _Table:
    """The derived facts, by what they follow from."""

    of_literal: dict[Literal, list[Literal]] = field(default_factory=lambda: defaultdict(list))
    of_words: dict[str, list[tuple[Among, list[Literal]]]] = field(default_factory=lambda: defaultdict(list))
    of_path: dict[str, list[Literal]] = field(default_factory=lambda: defaultdict(list))


@cache
def _table() -> _Table:
    found = _Table()
    for left, right in lines():
        # Every line is one fact and what it means, so that nothing has to be tried.
        [premise], [then] = ways_of(left), ways_of(right)
        if not premise:
            for one in then:
                for path in one.paths:
                    found.of_path[path].append(one)
            continue
        [because] = premise
        if isinstance(because, Among):
            found.of_words[because.path].append((because, sorted(then, key=repr)))
        else:
            found.of_literal[because] += sorted(then, key=repr)
    return found


def closed(way: Way, known: Way = NOTHING) -> Way | None:
    """``known``, itself closed, with ``way`` and what follows; None where they contradict each other."""
    table, found, waiting = _table(), set(known), list(way)
    compares = False
    while waiting:
        literal = waiting.pop()
        if literal in found:
            continue
        if _refuses(literal, found):
            return None
        found.add(literal)
        compares |= isinstance(literal, Apart)
        waiting += [Known(path) for path in literal.paths]
        waiting += table.of_literal.get(literal, ())
        if isinstance(literal, Known) and literal.yes:
            waiting += [one for one in table.of_path.get(literal.path, ()) if _concerns(one, found)]
        if isinstance(literal, Among):
            possible = _possible(literal.path, found)
            if possible is not None and not possible:
                return None
            for because, then in table.of_words.get(literal.path, ()):
                if possible is not None and _holds(because, possible):
                    waiting += then
    if compares and bounds.clash(one for one in found if isinstance(one, Apart)):
        return None
    return frozenset(found)


def _refuses(literal: Literal, found: set[Literal]) -> bool:
    if isinstance(literal, Known) and not literal.yes and is_always_known(literal.path):
        return True
    return opposite(literal) in found


def _concerns(line: Literal, found: set[Literal]) -> bool:
    """Whether all that ``line`` compares is known: elsewhere it is of no use."""
    return all(Known(path) in found for path in line.paths)


def _possible(path: str, found: set[Literal]) -> frozenset[str] | None:
    """The words that ``path`` can still be; None for any."""
    said = [one for one in found if isinstance(one, Among) and one.path == path]
    left = frozenset(WORDS[path]) if path in WORDS else None
    for one in said:
        if one.yes:
            left = one.words if left is None else left & one.words
    return None if left is None else left.difference(*(one.words for one in said if not one.yes))


def _holds(literal: Among, possible: frozenset[str]) -> bool:
    return possible <= literal.words if literal.yes else not possible & literal.words
