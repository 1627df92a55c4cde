"""Which matchers one text wakes. The same triggers as for a batch, looked up without NumPy."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from ahocorasick_rs import AhoCorasick

from copilot.policy.batch.gates import LINK
from copilot.policy.batch.tokens import TOKEN
from copilot.policy.fold import Folded

_FEW = 64
_LATIN = re.compile("[a-z]+")
FEWEST_DIGITS = 7
"""Figures or words for figures in a row, in the compact view, from which a number may be a contact."""


class Triggers:
    """The triggers of a compiled pack."""

    def __init__(self, compiled: Mapping[str, Any], digit_words: Iterable[str]) -> None:
        """``compiled`` as ``compile_triggers`` gives it; ``digit_words`` are the folded words that spell a digit."""
        self.words: list[str] = compiled["words"]
        self.entries: list[list[tuple[int, list[int]]]] = compiled["entries"]
        """For each word: by the edges it asks for (1 left, 2 right, 3 both) the clauses it satisfies."""
        self.marks: dict[str, list[int]] = compiled["marks"]
        """The clauses that a mark in the base view satisfies."""
        self.clauses: int = compiled["clauses"]
        self.ways: list[list[int]] = compiled["ways"]
        """[unit, clause, …]: the unit wakes where all clauses are satisfied; the first clause is the rarest."""
        self.numbers: list[int] = compiled["numbers"]
        self.links: list[int] = compiled["links"]
        self.always: list[int] = compiled["always"]
        self.sound_pairs: list[str] = compiled["sound_pairs"]
        self._driven: dict[int, list[tuple[int, list[int]]]] = {}
        for unit, rarest, *others in self.ways:
            self._driven.setdefault(rarest, []).append((unit, others))
        self._driving = frozenset(self._driven)
        words = sorted(set(digit_words))
        self.digit_letters = "0123456789" + "".join(word for word in words if len(word) == 1 and not word.isascii())
        self.digit_names = tuple(word for word in words if len(word) > 1 or word.isascii())
        self._tokens: dict[str, list[int]] = {}
        """The clauses that a Latin word by itself satisfies."""
        self._rows: list[list[int]] = []
        """Of the words that are searched for, by the sides (1 left, 2 right) on which a Latin word or a number goes on,
        the clauses that they satisfy."""
        sought: list[str] = []
        for word, entries in zip(self.words, self.entries, strict=True):
            whole = [clause for edges, clauses in entries if edges & TOKEN for clause in clauses]
            if whole:
                self._tokens[word] = whole
            others = [(edges, clauses) for edges, clauses in entries if not edges & TOKEN]
            if others:
                sought.append(word)
                for sides in range(4):
                    fit = [clause for edges, clauses in others if not edges & sides for clause in clauses]
                    self._rows.append(fit)
        self._automaton = AhoCorasick(sought)
        self._digits = re.compile(_run(self.digit_letters, self.digit_names)) if self.numbers else None
        self._marks = re.compile(f"[{re.escape(''.join(self.marks))}]") if self.marks else None

    def of(self, folded: Folded) -> set[int]:
        """The units that ``folded`` wakes, but for terms that are there by sound only."""
        fired = set(self.always) | self._complete(self._found(folded))
        if self._digits is not None and self._digits.search(folded.compact):
            fired.update(self.numbers)
        if LINK.search(folded.base):
            fired.update(self.links)
        return fired

    def _found(self, folded: Folded) -> set[int]:
        """The clauses that have a word in ``folded``."""
        glued, rows = folded.glued, self._rows
        hits = self._automaton.find_matches_as_indexes(folded.compact, overlapping=True)
        found = {4 * word + glued[start] + 2 * glued[end] for word, start, end in hits}
        marks = set(self._marks.findall(folded.base)) if self._marks is not None else ()
        tokens = self._spelled(folded)
        return set[int]().union(
            *[rows[row] for row in found],
            *[self.marks[mark] for mark in marks],
            *[self._tokens[token] for token in tokens],
        )

    def _spelled(self, folded: Folded) -> set[str]:
        """The known words that stand in ``folded`` as Latin words of their own."""
        found = _LATIN.findall(folded.base)
        if not folded.original.isascii():
            # Letters that stand apart are put together there.
            found += _LATIN.findall(folded.tight)
        return self._tokens.keys() & found

    def _complete(self, clauses: set[int]) -> set[int]:
        """The units that ``clauses`` wake."""
        driven = self._driven
        return {
            unit for clause in clauses & self._driving for unit, others in driven[clause] if clauses.issuperset(others)
        }


class Alarm:
    """The triggers of a pack, made when they begin to pay: a few texts are judged sooner by looking for everything."""

    def __init__(self, make: Callable[[], Triggers]) -> None:
        """``make`` may take seconds."""
        self._make = make
        self._looks = 0

    @cached_property
    def triggers(self) -> Triggers:
        """The triggers."""
        return self._make()

    def units(self, folded: Folded, everything: Sequence[int]) -> set[int]:
        """The units that ``folded`` wakes, but for terms by sound and wordings; ``everything`` for the first texts."""
        if "triggers" not in self.__dict__:
            self._looks += 1
            if self._looks <= _FEW:
                return set(everything)
        return self.triggers.of(folded)


def _run(letters: str, names: Iterable[str]) -> str:
    figure = "|".join([f"[{letters}]", *sorted(names, key=len, reverse=True)])
    return f"(?:{figure}){{{FEWEST_DIGITS}}}"
