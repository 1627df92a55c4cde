"""Small facts in a buyer's words: broken pieces, a neighbour already asked, a hip of 94 cm.

Owns the reading of ``playbooks/words.yaml``; refuses to judge issues, risks or feelings (that is understanding's work).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.domain.base import StrictShape
from copilot.files import read_model
from copilot.playbook.patterns import any_of, pattern
from copilot.playbook.spoken_measures import plain_measures
from copilot.playbook.word_lists import WordLists

FILE = "words.yaml"
_REACH = 2
_NEVER = re.compile(r"(?!)")
_WORD = re.compile(r"[\u3400-\u9fff]|[A-Za-z]{2}")
_NAME = re.compile(r"[\u3400-\u9fff]|[A-Za-z]{3,}")
WISH = "wants_"
"""Signals whose names begin so are wishes: a negated one is none."""


class MeasureWords(StrictShape):
    """What a measure is called, in both languages."""

    zh: tuple[str, ...]
    en: tuple[str, ...]


class WordsFile(StrictShape):
    """The word lists: ``signals`` make a small fact true, ``measures`` name body measures, ``units`` their units.

    ``negations`` stand right before a wish that is none ("不想 退货", "don't want a refund"). ``pointing`` are words
    for what is being shown ("主播身上", "she's wearing"), ``plain`` what a question holds besides a name ("这件",
    "this one", "in stock").
    """

    signals: dict[str, tuple[str, ...]]
    measures: dict[str, MeasureWords]
    units: dict[str, tuple[str, ...]]
    negations: tuple[str, ...] = ()
    pointing: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measured:
    """A number the buyer gave, with the unit as far as they said it."""

    value: float
    unit: str | None


class Words:
    """The compiled word lists."""

    def __init__(self, file: WordsFile) -> None:
        """Keep the lists; each is compiled when a text may have a word of it."""
        self.signals = tuple(file.signals)
        self._signals = WordLists(file.signals)
        self._negated = pattern(rf"(?:{any_of(file.negations).pattern})\s{{0,2}}")
        self._has_negations = bool(file.negations)
        units = {word.lower(): unit for unit, words in file.units.items() for word in words}
        self._units = units
        unit = "|".join(re.escape(word) for word in sorted(units, key=len, reverse=True))
        number = rf"(\d{{1,3}}(?:\.\d+)?)\s*({unit})?(?!\d|\.\d)"
        self._measures = tuple(file.measures)
        self._named = WordLists({name: (*words.zh, *words.en) for name, words in file.measures.items()})
        self._number_of = number
        self._bare = pattern(number)
        self._pointing = any_of(file.pointing) if file.pointing else _NEVER
        self._plain = any_of((*file.pointing, *file.plain)) if file.pointing or file.plain else _NEVER

    def says(self, signal: str, text: str) -> bool:
        """Whether ``text`` has one of the words of ``signal``."""
        found = self._signals.all_in(signal, text)
        if signal.startswith(WISH) and self._has_negations:
            return any(not self._takes_back(match.start(), text) for match in found)
        return next(found, None) is not None

    def _takes_back(self, start: int, text: str) -> bool:
        """Whether a negation stands right before ``start``; in 不想退 it reaches into the wish 想退."""
        return any(one.start() < start <= one.end() <= start + _REACH for one in self._negated.finditer(text))

    def points(self, text: str) -> bool:
        """Whether ``text`` speaks of a product without naming it: it points at one, or holds no name at all."""
        if not _WORD.search(text):
            return False
        return self._pointing.search(text) is not None or not _NAME.search(self._plain.sub(" ", text))

    def measures_named(self, text: str) -> tuple[str, ...]:
        """The measures that ``text`` names, with or without a number."""
        return tuple(name for name in self._measures if self._named.search(name, text))

    def measured(self, text: str) -> dict[str, Measured]:
        """The measures that ``text`` gives numbers for."""
        text = plain_measures(text)
        said = self.measures_named(text)
        behind = {name: match for name in said if (match := self._behind(name).search(text))}
        ahead = {name: match for name in said if (match := self._ahead(name).search(text))}
        # "29 waist 39 hips": where only the numbers ahead serve every name, the one behind a name is the next one's.
        first, second = (ahead, behind) if set(behind) < set(ahead) else (behind, ahead)
        return {name: self._number(first.get(name) or second[name]) for name in {**behind, **ahead}}

    def numbers(self, text: str) -> tuple[Measured, ...]:
        """Every bare number in ``text``."""
        return tuple(self._number(match) for match in self._bare.finditer(plain_measures(text)))

    def _behind(self, measure: str) -> re.Pattern[str]:
        """The measure with a number behind it: 臀围大概94. The gap never crosses another number."""
        return pattern(rf"(?:{self._named[measure].pattern})[^\d\n]{{0,12}}?{self._number_of}")

    def _ahead(self, measure: str) -> re.Pattern[str]:
        """The measure with a number ahead of it: 38 inch hips."""
        return pattern(rf"{self._number_of}[\s的-]{{0,2}}(?:{self._named[measure].pattern})")

    def _number(self, match: re.Match[str]) -> Measured:
        unit = match.group(2)
        return Measured(float(match.group(1)), self._units[unit.lower()] if unit else None)


def load_words(folders: Sequence[Path]) -> Words:
    """The word lists of the last of ``folders`` that has them."""
    file = next(folder / "playbooks" / FILE for folder in reversed(folders) if (folder / "playbooks" / FILE).is_file())
    return Words(read_model(file, WordsFile))
