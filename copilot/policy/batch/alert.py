"""Which matchers one text wakes. The same triggers as for a batch, looked up without NumPy."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from ahocorasick_rs import AhoCorasick
from numpy.typing import NDArray

from copilot.policy.batch.gates import LINK
from copilot.policy.batch.tokens import TOKEN
from copilot.policy.fold import Folded
from copilot.policy.linear import Expression

_FEW = 64
_LATIN = re.compile("[a-z]+")
FEWEST_DIGITS = 7
"""Figures or words for figures in a row, in the compact view, from which a number may be a contact."""
_BETWEEN = "\x01"
"""Stands in no word: no folding keeps control characters."""
Entries = NDArray[np.int64]
"""Rows of word, the edges it asks for (1 left, 2 right, ``TOKEN``), and a clause that it then satisfies."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Triggers as a batch looks for them: those of some units, under the names that ``Triggers`` has for all."""

    words: list[str]
    entries: Entries
    marks: dict[str, list[int]]
    ways: list[list[int]]
    numbers: list[int]
    links: list[int]
    sound_pairs: list[str]
    digit_letters: str
    digit_names: tuple[str, ...]


class Triggers:
    """The triggers of a compiled pack."""

    def __init__(self, compiled: Mapping[str, Any], digit_words: Iterable[str]) -> None:
        """``compiled`` as ``compile_triggers`` gives it; ``digit_words`` are the folded words that spell a digit."""
        # As one text, which takes a fifth of the room that a list of them takes.
        self._words = _BETWEEN.join(compiled["words"])
        self.entries: Entries = np.array(compiled["entries"], dtype=np.int64).reshape(-1, 3)
        self.marks: dict[str, list[int]] = compiled["marks"]
        """The clauses that a mark in the base view satisfies."""
        self.clauses: int = compiled["clauses"]
        self.ways: list[list[int]] = compiled["ways"]
        """[unit, clause, …]: the unit wakes where all clauses are satisfied; the first clause is the rarest."""
        self.numbers: list[int] = compiled["numbers"]
        self.links: list[int] = compiled["links"]
        self.always: list[int] = compiled["always"]
        self.sound_pairs: list[str] = compiled["sound_pairs"]
        words = sorted(set(digit_words))
        self.digit_letters = "0123456789" + "".join(word for word in words if len(word) == 1 and not word.isascii())
        self.digit_names = tuple(word for word in words if len(word) > 1 or word.isascii())

    @property
    def words(self) -> list[str]:
        """The words that triggers look for."""
        return self._words.split(_BETWEEN) if self._words else []

    def listed(self, units: Collection[int], *, sounds: bool) -> Listed:
        """The triggers that ``units`` have; ``sounds`` says whether one of them may be there by sound."""
        ways = [way for way in self.ways if way[0] in units]
        asked = np.zeros(self.clauses, dtype=np.bool_)
        asked[[clause for _, *clauses in ways for clause in clauses]] = True
        entries = self.entries[asked[self.entries[:, 2]]]
        used, places = np.unique(entries[:, 0], return_inverse=True)
        words = self.words
        return Listed(
            words=[words[word] for word in used.tolist()],
            entries=np.column_stack([places, entries[:, 1:]]),
            marks={
                mark: kept
                for mark, clauses in self.marks.items()
                if (kept := [clause for clause in clauses if asked[clause]])
            },
            ways=ways,
            numbers=[unit for unit in self.numbers if unit in units],
            links=[unit for unit in self.links if unit in units],
            sound_pairs=self.sound_pairs if sounds else [],
            digit_letters=self.digit_letters,
            digit_names=self.digit_names,
        )

    def of(self, folded: Folded) -> set[int]:
        """The units that ``folded`` wakes, but for terms that are there by sound only."""
        return self._lookup.units(folded)

    @cached_property
    def _lookup(self) -> "_Lookup":
        # Whoever only judges batches never needs it.
        return _Lookup(self)


class _Lookup:
    """The triggers laid out for looking at one text at a time."""

    def __init__(self, triggers: Triggers) -> None:
        self._numbers, self._links = triggers.numbers, triggers.links
        self._always = frozenset(triggers.always)
        self._driven: dict[int, list[tuple[int, list[int]]]] = {}
        for unit, rarest, *others in triggers.ways:
            self._driven.setdefault(rarest, []).append((unit, others))
        self._driving = frozenset(self._driven)
        tokens, searched = _by_word(triggers.entries)
        words = triggers.words
        self._tokens = {words[word]: clauses for word, clauses in tokens.items()}
        """The clauses that a Latin word by itself satisfies."""
        self._rows: list[tuple[int, ...]] = []
        """Of the words that are searched for, by the sides (1 left, 2 right) on which a Latin word or a number goes on,
        the clauses that they satisfy."""
        known: dict[tuple[tuple[int, int], ...], tuple[tuple[int, ...], ...]] = {}
        for asked in searched.values():
            # Most words of a rule satisfy the same: they share the rows.
            key = tuple(asked)
            rows = known.get(key)
            if rows is None:
                rows = known[key] = tuple(
                    tuple(clause for edges, clause in asked if not edges & sides) for sides in range(4)
                )
            self._rows += rows
        self._automaton = AhoCorasick([words[word] for word in searched])
        # RE2 looks over a message in a third of the time that ``re`` takes for these.
        self._digits = Expression(_run(triggers.digit_letters, triggers.digit_names)) if triggers.numbers else None
        self._link = Expression(LINK.pattern) if triggers.links else None
        self._clauses_of = triggers.marks
        self._marks = frozenset(triggers.marks)

    def units(self, folded: Folded) -> set[int]:
        fired = self._complete(self._found(folded)) | self._always
        if self._digits is not None and self._digits.found(folded.compact):
            fired.update(self._numbers)
        if self._link is not None and self._link.found(folded.base, folded.base_bytes):
            fired.update(self._links)
        return fired

    def _found(self, folded: Folded) -> set[int]:
        """The clauses that have a word in ``folded``."""
        glued, rows = folded.glued, self._rows
        hits = self._automaton.find_matches_as_indexes(folded.compact, overlapping=True)
        found = {4 * word + glued[start] + 2 * glued[end] for word, start, end in hits}
        marks = self._marks.intersection(folded.base)
        tokens = self._spelled(folded)
        satisfied: set[int] = set()
        return satisfied.union(
            *[rows[row] for row in found],
            *[self._clauses_of[mark] for mark in marks],
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


def _by_word(entries: Entries) -> tuple[dict[int, list[int]], dict[int, list[tuple[int, int]]]]:
    """Of the words that are looked up whole the clauses; of those that are searched for edges and clauses."""
    tokens: dict[int, list[int]] = {}
    searched: dict[int, list[tuple[int, int]]] = {}
    for word, edges, clause in entries.tolist():
        if edges & TOKEN:
            tokens.setdefault(word, []).append(clause)
        else:
            searched.setdefault(word, []).append((edges, clause))
    return tokens, searched


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

    def prepare(self) -> Triggers:
        """The triggers, made now; what they are made of, which is large, is let go."""
        made = self.triggers
        self._make = lambda: made
        return made

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
