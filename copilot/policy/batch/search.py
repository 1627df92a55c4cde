"""One pass over a batch: which texts woke what. Everything here is a superset of what a single text would wake."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from copilot.policy.batch.alert import FEWEST_DIGITS, Listed
from copilot.policy.batch.automata import automaton
from copilot.policy.batch.codes import Alphabet
from copilot.policy.batch.points import BREAK
from copilot.policy.batch.sounds import SoundPairs
from copilot.policy.batch.tokens import TOKEN, Tokens
from copilot.policy.batch.units import Unit
from copilot.policy.batch.views import DOT, FIGURE, LATIN, PATH, SIGN, BatchFolder, Places, Views
from copilot.policy.batch.ways import Leads, Ways
from copilot.policy.learned import Learned

Wordings = Mapping[str, list[tuple[int, int]]]
"""By the name of a model the sentences of a base view that it finds."""
_SCORED = 2048
"""Texts that the learned matcher scores at once: what it makes of more leaves the processor's caches."""
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
        triggers: Listed,
        units: Sequence[Unit],
        worded: Mapping[str, Sequence[int]],
        folder: BatchFolder,
        learned: Learned | None = None,
        automaton_name: str | None = None,
        cache_dir: Path | None = None,
        sounds: SoundPairs | None = None,
    ) -> None:
        """``units`` are those of the pack, ``worded`` the numbers of those that wait for a model, by its name.

        ``triggers`` are those of the units that are looked for.

        ``learned`` is that model; ``automaton_name`` picks a matcher (null: the fastest). ``sounds`` finds the texts in
        which terms may be there by sound (null: no such term is looked for).

        ``cache_dir`` keeps what is slow to make.
        """
        self._numbers, self._links = triggers.numbers, triggers.links
        self._learned = learned
        self._worded = worded
        self._unit_rules = [unit.rule for unit in units]
        characters = set("".join((*triggers.words, *triggers.digit_names, triggers.digit_letters)))
        self._folder = folder
        self._alphabet = Alphabet(characters)
        words = self._index(triggers)
        sought: list[int] = self._sought.tolist()
        self._automaton = automaton([words[at] for at in sought], automaton_name, cache_dir)
        self._sounds = sounds

    def _index(self, triggers: Listed) -> list[bytes]:
        """Words that share their bytes (characters beyond the alphabet) are one; each leads to its clauses."""
        # A pair of figures of which one is a word is enough to look at the numbers of a text.
        names, letters = triggers.digit_names, triggers.digit_letters
        pairs = [a + b for a in names for b in (*names, *letters)] + [b + a for a in names for b in letters]
        pairs = pairs if triggers.numbers else []
        texts = [*triggers.words, *pairs]
        by_bytes: dict[bytes, int] = {}
        known = [by_bytes.setdefault(word, len(by_bytes)) for word in self._alphabet.words(texts)]
        places = np.array(known, dtype=np.int64)
        self._lengths = np.zeros(len(by_bytes), dtype=np.int64)
        self._lengths[places] = [len(text) for text in texts]
        paired = places[len(triggers.words) :]
        self._numeric = np.zeros(len(by_bytes), dtype=np.bool_)
        self._numeric[paired] = True
        words, edges, clauses = triggers.entries.T
        whole = (edges & TOKEN) != 0
        used, tokens = np.unique(words[whole], return_inverse=True)
        alone: list[int] = used.tolist()
        self._ways = Ways(triggers.ways)
        self._tokens = Tokens([triggers.words[word] for word in alone], range(len(alone)))
        self._whole = self._ways.leads(len(alone), tokens, clauses[whole])
        words, edges, clauses = places[words[~whole]], edges[~whole], clauses[~whole]
        fits = [(edges & sides) == 0 for sides in range(4)]
        rows = np.concatenate([4 * words[fit] + sides for sides, fit in enumerate(fits)])
        self._words = self._ways.leads(4 * len(by_bytes), rows, np.concatenate([clauses[fit] for fit in fits]))
        """By word and by the sides (1 left, 2 right) on which a Latin word or a number goes on."""
        self._sought = np.unique(np.concatenate([words, paired]))
        satisfied = list(triggers.marks.values())
        counts = np.array([len(found) for found in satisfied], dtype=np.int64)
        marks = np.repeat(np.arange(len(satisfied)), counts)
        flat = np.array([clause for found in satisfied for clause in found], dtype=np.int64)
        self._marks = self._ways.leads(len(satisfied), marks, flat)
        self._mark_of = {ord(mark): at for at, mark in enumerate(triggers.marks)}
        return list(by_bytes)

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
        rules = self._unit_rules
        speaking = [name for name, units in self._worded.items() if any(rules[unit] not in muted for unit in units)]
        if self._learned is None or not speaking:
            return {}
        model, ends = self._learned.among(speaking), views.ends
        found: dict[int, Wordings] = {}
        for first in range(0, len(ends), _SCORED):
            start = int(ends[first - 1]) + 1 if first else 0
            some = ends[first : first + _SCORED]
            scored = model.texts(views.base[start : int(some[-1]) + 1], some - start)
            found.update((first + at, wordings) for at, wordings in scored.items())
        return found

    def _units(self, views: Views) -> Iterable[tuple[int, int]]:
        found, ends = self._automaton.hits(self._alphabet.bytes_of(views.compact))
        words, ends = self._sought[found], ends >> 1
        starts = ends - self._lengths[words]
        texts = np.searchsorted(views.breaks, starts)
        sides = views.glued[starts] + 2 * views.glued[ends]
        satisfied = [(self._words, texts, 4 * words + sides), *self._marked(views)]
        yield from self._ways.complete(satisfied, len(views.texts))
        if self._numbers:
            numeric = np.concatenate([_runs(views), texts[self._numeric[words]]])
            for text in np.unique(numeric).tolist():
                yield from ((text, unit) for unit in self._numbers)
        if self._links:
            for text in np.unique(_links(views)).tolist():
                yield from ((text, unit) for unit in self._links)

    def _marked(self, views: Views) -> Iterable[tuple[Leads, Places, Places]]:
        """The texts with a mark or a whole Latin word, and those."""
        signs = np.flatnonzero(views.flags & SIGN)
        found = [self._mark_of.get(point, -1) for point in views.base[signs].tolist()]
        marks = np.array(found, dtype=np.int64)
        if -1 in found:
            # A mark that only other units look for.
            signs, marks = signs[marks >= 0], marks[marks >= 0]
        yield self._marks, np.searchsorted(views.ends, signs), marks
        places, tokens = self._tokens.find(views.base, (views.flags & LATIN) != 0)
        yield self._whole, np.searchsorted(views.ends, places), tokens
        yield self._whole, *self._spelled_out(views)

    def _spelled_out(self, views: Views) -> tuple[Places, Places]:
        """The texts in which the tight view puts single Latin letters together to a known word, and those words."""
        texts, tight, latin = views.spelled_out()
        places, tokens = self._tokens.find(tight, latin)
        return texts[np.searchsorted(np.flatnonzero(tight == BREAK), places)], tokens


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
