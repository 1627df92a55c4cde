"""One pass over a batch: which texts woke what. Everything here is a superset of what a single text would wake."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from copilot.policy.batch.alert import FEWEST_DIGITS, Triggers
from copilot.policy.batch.automata import automaton
from copilot.policy.batch.codes import Alphabet
from copilot.policy.batch.points import BREAK, PointTable
from copilot.policy.batch.tokens import TOKEN, Tokens
from copilot.policy.batch.units import Unit
from copilot.policy.batch.views import DOT, FIGURE, LATIN, PATH, SIGN, BatchFolder, Places, Views
from copilot.policy.fold import Folder
from copilot.policy.learned import Learned

Pairs = NDArray[np.int64]
Edges = NDArray[np.bool_]
Wordings = Mapping[str, list[tuple[int, int]]]
"""By the name of a model the sentences of a base view that it finds."""
SOUND = -1
"""The unit of terms that may be there by sound."""


@dataclass(frozen=True, slots=True)
class Woken:
    """What a search over a batch gives: ``units`` and ``wordings`` by the place of a text that has any."""

    views: Views
    units: dict[int, list[int]]
    """``SOUND`` among them."""
    wordings: Mapping[int, Wordings]


class BatchSearch:
    """The triggers of a pack, ready for batches."""

    def __init__(
        self,
        triggers: Triggers,
        units: Sequence[Unit],
        worded: Mapping[str, Sequence[int]],
        folder: Folder,
        learned: Learned | None = None,
        automaton_name: str | None = None,
        cache_dir: Path | None = None,
    ) -> None:
        """``units`` are those of the pack, ``worded`` the numbers of those that wait for a model, by its name.

        ``learned`` is that model; ``automaton_name`` picks a matcher (null: the fastest).

        ``cache_dir`` keeps what is slow to make.
        """
        self._triggers = triggers
        self._learned = learned
        self._worded = worded
        self._unit_rules = [unit.rule for unit in units]
        characters = set("".join((*triggers.words, *triggers.digit_names, triggers.digit_letters)))
        self._folder = BatchFolder(folder, triggers.digit_letters[10:], "".join(triggers.marks))
        self._alphabet = Alphabet(characters)
        self._index(triggers)
        words = list(self._by_bytes)
        sought: list[int] = self._sought.tolist()
        self._automaton = automaton([words[at] for at in sought], automaton_name, cache_dir)
        self._sounds = _SoundPairs(folder, triggers.sound_pairs) if triggers.sound_pairs else None

    def _index(self, triggers: Triggers) -> None:
        """Words that share their bytes (characters beyond the alphabet) are one; each leads to its clauses."""
        # A pair of figures of which one is a word is enough to look at the numbers of a text.
        names, letters = triggers.digit_names, triggers.digit_letters
        pairs = [a + b for a in names for b in (*names, *letters)] + [b + a for a in names for b in letters]
        texts = [*triggers.words, *pairs]
        self._by_bytes: dict[bytes, int] = {}
        places = [self._by_bytes.setdefault(word, len(self._by_bytes)) for word in self._alphabet.words(texts)]
        self._lengths = np.zeros(len(self._by_bytes), dtype=np.int64)
        self._lengths[places] = [len(text) for text in texts]
        self._numeric = np.zeros(len(self._by_bytes), dtype=np.bool_)
        self._numeric[places[len(triggers.words) :]] = True
        rows: list[list[list[int]]] = [[[] for _ in self._by_bytes] for _ in range(4)]
        whole: list[list[int]] = []
        tokens: list[str] = []
        needed = set(places[len(triggers.words) :])
        for at, word, entries in zip(places, triggers.words, triggers.entries, strict=False):
            for edges, clauses in entries:
                if edges & TOKEN:
                    tokens.append(word)
                    whole.append(clauses)
                else:
                    rows[edges][at] += clauses
                    needed.add(at)
        self._tokens, self._token_rows = Tokens(tokens, range(len(tokens))), _Rows(whole)
        self._rows = [_Rows(row) for row in rows]
        self._sought = np.array(sorted(needed), dtype=np.int64)
        self._mark_rows = _Rows(list(triggers.marks.values()))
        self._mark_of = {ord(mark): at for at, mark in enumerate(triggers.marks)}
        self._clauses = max(triggers.clauses, 1)
        self._set_ways(triggers.ways)

    def _set_ways(self, ways: Sequence[Sequence[int]]) -> None:
        """Which ways each clause drives, and what else each way asks for."""
        driven: list[list[int]] = [[] for _ in range(self._clauses)]
        for number, (_, rarest, *_) in enumerate(ways):
            driven[rarest].append(number)
        self._driven = _Rows(driven)
        self._drives = np.array([bool(numbers) for numbers in driven], dtype=np.bool_)
        self._way_units = np.array([unit for unit, *_ in ways] or [0], dtype=np.int64)
        most = max((len(way) - 2 for way in ways), default=0)
        others = [[*way[2:], *[-1] * (most - len(way) + 2)] for way in ways]
        self._others = np.array(others, dtype=np.int64).reshape(len(others), most)

    def woken(self, texts: list[str], muted: frozenset[int] = frozenset()) -> Woken:
        """The folded texts and what they wake; units of the rules in ``muted`` are left out."""
        views = self._folder.fold(texts)
        found: dict[int, list[int]] = {}
        rules = self._unit_rules
        for text, unit in self._units(views):
            if rules[unit] not in muted:
                found.setdefault(text, []).append(unit)
        if self._sounds is not None:
            for text in self._sounds.texts(views):
                found.setdefault(text, []).append(SOUND)
        wordings = self._wordings(views, muted)
        for text, by_model in wordings.items():
            units = [unit for name in by_model for unit in self._worded.get(name, ()) if rules[unit] not in muted]
            if units:
                found.setdefault(text, []).extend(units)
        return Woken(views, found, wordings)

    def _wordings(self, views: Views, muted: frozenset[int]) -> Mapping[int, Wordings]:
        speaking = (unit for units in self._worded.values() for unit in units if self._unit_rules[unit] not in muted)
        if self._learned is None or next(speaking, None) is None:
            return {}
        return self._learned.texts(views.base, views.ends)

    def _units(self, views: Views) -> Iterable[tuple[int, int]]:
        found, ends = self._automaton.hits(self._alphabet.bytes_of(views.compact))
        words, ends = self._sought[found], ends >> 1
        starts = ends - self._lengths[words]
        texts = np.searchsorted(views.breaks, starts)
        keys = self._satisfied(views, texts, words, views.glued[starts], views.glued[ends])
        yield from self._complete(keys, len(views.texts))
        if self._triggers.numbers:
            numeric = np.concatenate([_runs(views), texts[self._numeric[words]]])
            for text in np.unique(numeric).tolist():
                yield from ((text, unit) for unit in self._triggers.numbers)
        if self._triggers.links:
            for text in np.unique(_links(views)).tolist():
                yield from ((text, unit) for unit in self._triggers.links)

    def _satisfied(self, views: Views, texts: Places, words: Places, left: Edges, right: Edges) -> Pairs:
        """``text * clauses + clause`` of every clause that has a word or mark in a text.

        ``left`` and ``right`` say where a Latin word or a number goes on beyond the word found.
        """
        signs = np.flatnonzero(views.flags & SIGN)
        marks = np.array([self._mark_of[point] for point in views.base[signs].tolist()], dtype=np.int64)
        found = [self._mark_rows.spread(np.searchsorted(views.ends, signs), marks, self._clauses)]
        places, tokens = self._tokens.find(views.base, (views.flags & LATIN) != 0)
        found.append(self._token_rows.spread(np.searchsorted(views.ends, places), tokens, self._clauses))
        found.append(self._token_rows.spread(*self._spelled_out(views), self._clauses))
        found.append(self._rows[0].spread(texts, words, self._clauses))
        for rows, fit in zip(self._rows[1:], (~left, ~right, ~(left | right)), strict=True):
            found.append(rows.spread(texts[fit], words[fit], self._clauses))
        return np.concatenate(found)

    def _spelled_out(self, views: Views) -> tuple[Places, Places]:
        """The texts in which the tight view puts single Latin letters together to a known word, and those words."""
        texts, tight, latin = views.spelled_out()
        places, tokens = self._tokens.find(tight, latin)
        return texts[np.searchsorted(np.flatnonzero(tight == BREAK), places)], tokens

    def _complete(self, keys: Pairs, texts: int) -> Iterable[tuple[int, int]]:
        """(text, unit) where every clause of a way is satisfied."""
        satisfied = np.zeros(texts * self._clauses, dtype=np.bool_)
        satisfied[keys] = True
        driving = np.unique(keys[self._drives[keys % self._clauses]])
        count = max(len(self._way_units), 1)
        ways = self._driven.spread(driving // self._clauses, driving % self._clauses, count)
        places, ways = ways // count, ways % count
        for column in range(self._others.shape[1]):
            others = self._others[ways, column]
            fit = (others < 0) | satisfied[places * self._clauses + np.maximum(others, 0)]
            places, ways = places[fit], ways[fit]
        units = int(self._way_units.max(initial=0)) + 1
        pairs = np.unique(places * units + self._way_units[ways])
        return zip((pairs // units).tolist(), (pairs % units).tolist(), strict=True)


class _Rows:
    """Sets of clauses by word, laid out flat."""

    def __init__(self, rows: Sequence[Sequence[int]]) -> None:
        self._counts = np.array([len(row) for row in rows] or [0], dtype=np.int64)
        self._starts = np.concatenate([[0], np.cumsum(self._counts)])[:-1]
        self._flat = np.array([clause for row in rows for clause in row] or [0], dtype=np.int64)

    def spread(self, texts: Places, words: Places, clauses: int) -> Pairs:
        """``text * clauses + clause`` for every clause of every word found."""
        counts = self._counts[words]
        total = int(counts.sum())
        if not total:
            return np.zeros(0, dtype=np.int64)
        firsts = np.repeat(self._starts[words] - np.concatenate([[0], np.cumsum(counts)[:-1]]), counts)
        return np.repeat(texts, counts) * clauses + self._flat[firsts + np.arange(total)]


def _runs(views: Views) -> Places:
    """Texts with enough figures in a row."""
    marks, wanted = ((views.flags[views.kept] & FIGURE) != 0).tobytes(), b"\x01" * FEWEST_DIGITS
    places: list[int] = []
    at = marks.find(wanted)
    while at >= 0:
        places.append(at)
        end = marks.find(b"\x00", at)
        at = marks.find(wanted, end) if end >= 0 else -1
    return np.searchsorted(views.breaks, np.array(places, dtype=np.int64))


def _links(views: Views) -> Places:
    """Texts with a mark of an address."""
    flags = views.flags
    marked = np.flatnonzero(flags & (DOT | PATH))
    kinds = flags[marked] & (DOT | PATH)
    # The last code is a break, which has no flags and may stand for what follows it.
    after = flags[np.minimum(marked + 1, len(flags) - 1)]
    before_letter = (after & LATIN) != 0
    in_brackets = (kinds == DOT) & ((after & (DOT | PATH)) == (DOT | PATH))
    return np.searchsorted(views.ends, marked[(kinds == PATH) | (((kinds & DOT) != 0) & before_letter) | in_brackets])


class _SoundPairs:
    """Texts in which two sounds of a literal by sound are neighbours: cheap, and enough to look closer."""

    def __init__(self, folder: Folder, pairs: Sequence[str]) -> None:
        """``pairs`` hold at least one of every literal; a literal of one sound makes every text one to look at."""
        self._single = any(len(pair) < 2 for pair in pairs)
        self._sounds = PointTable(lambda character: character.translate(folder.sound))
        sounds = sorted({ord(character) for pair in pairs for character in pair})
        self._size = len(sounds) + 1
        self._code = np.zeros(0x110000, dtype=np.uint16)
        self._code[sounds] = np.arange(1, self._size)
        self._pairs = np.zeros(self._size * self._size, dtype=np.bool_)
        for pair in pairs:
            first, second = (int(self._code[ord(character)]) for character in (pair[0], pair[-1]))
            self._pairs[first * self._size + second] = True

    def texts(self, views: Views) -> list[int]:
        """The places of the texts to look at."""
        if self._single:
            return list(range(len(views.texts)))
        points = self._sounds.apply(views.base)
        codes = self._code.take(points).astype(np.int64)
        hits = np.flatnonzero(self._pairs.take(codes[:-1] * self._size + codes[1:]))
        return np.unique(np.searchsorted(np.flatnonzero(points == BREAK), hits)).tolist()
