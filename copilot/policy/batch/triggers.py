"""What wakes a rule: the words of which a text must hold one before the rule has anything to look at.

Made when a pack is compiled, used for one text and for a batch alike. Every look is over the compact view, which is
coarser than the base and the tight view: a word that stands in one of those stands in the compact view as well. What a
trigger wakes is then judged exactly; a trigger may be wrong towards "look", never towards "nothing here".
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from math import prod
from typing import Any, NamedTuple

from ahocorasick_rs import AhoCorasick

from copilot.policy.batch.gates import contact_words, personal_words
from copilot.policy.batch.literals import EDGE, alternatives
from copilot.policy.batch.tokens import TOKEN, is_token
from copilot.policy.batch.units import Unit, Wakes, units_of
from copilot.policy.collector import paused
from copilot.policy.fold import Folder
from copilot.policy.model import Contact, Detect, Pattern, Personal, Rule
from copilot.policy.privacy import in_digits

_FINDING, _LOOKING = 0.6, 15.0
"""What it costs to find a word in a batch and to look at a text with one expression, in the same unit (about 1 µs)."""
_LOOKED_UP = 0.1
"""As often as a whole Latin word stands in a text: it is looked up, not searched for."""
_HOLDING = 0.0002
"""What a word more costs: automata with many words are slower to make and to run."""
LEFT, RIGHT = 1, 2
_SHORT_WORD = 3
_SHORT = 2
"""Beside a sign, a shorter word than this is no help."""
_PUNCTUATION = frozenset("!~.,:;?'\"-/()%&")
_GUESSED = 1 << 16
"""Words that a process remembers a guess for: packs are compiled one after the other, and share most of theirs."""
_CONSIDERED = 5
"""Clauses of a pattern that are weighed against each other: the rarest."""


class Word(NamedTuple):
    """A word of the compact view; ``left`` and ``right`` ask that no Latin word or number goes on there.

    A ``mark`` is a sign that the compact view drops; it is looked for in the base view. A ``token`` is one Latin word
    of the base view, not several that the compact view has put together.
    """

    text: str
    left: bool = False
    right: bool = False
    mark: bool = False
    token: bool = False

    @property
    def edges(self) -> int:
        """``left``, ``right`` and ``token`` as bits."""
        return LEFT * self.left + RIGHT * self.right + TOKEN * self.token


class Frequency(NamedTuple):
    """How often a word stands in ordinary messages."""

    share: float
    """The share of messages that hold it as it is asked for, never zero."""
    hits: float
    """How many times a search finds its letters in a message, whatever stands around them."""


class Frequencies:
    """How often words stand in ordinary messages; a guess by length where there are none to count in."""

    def __init__(self, lines: Sequence[str], folder: Folder) -> None:
        """``lines`` are ordinary messages (policies/everyday)."""
        # Some of them tell what is common as well, in a fraction of the time.
        self._lines = [folder.fold(line) for line in lines[::16]]

    def of(self, words: Iterable[Word]) -> dict[Word, Frequency]:
        """How often each word stands in a message."""
        asked = set(words)
        counted = self._of({word._replace(token=False) for word in asked})
        return {word: _as_asked(word, counted[word._replace(token=False)]) for word in asked}

    def _of(self, words: Iterable[Word]) -> dict[Word, Frequency]:
        wanted = sorted(words)
        if not self._lines:
            return {word: Frequency(_guess(word), _guess(word)) for word in wanted}
        texts = sorted({word.text for word in wanted if not word.mark})
        marks = [word for word in wanted if word.mark]
        automaton = AhoCorasick(texts)
        counts: dict[Word, int] = {}
        written: Counter[str] = Counter()
        for line in self._lines:
            hits = automaton.find_matches_as_indexes(line.compact, overlapping=True)
            written.update(texts[at] for at, _, _ in hits)
            seen = {(texts[at], line.goes_on(start), line.goes_on(end)) for at, start, end in hits}
            found = {
                Word(text, left, right) for text, a, b in seen for left in {not a, False} for right in {not b, False}
            }
            for word in (*found, *(mark for mark in marks if mark.text in line.base)):
                counts[word] = counts.get(word, 0) + 1
        lines = len(self._lines)
        shares = {word: _share(word, counts.get(word, 0), lines) for word in wanted}
        return {word: Frequency(share, max(share, written[word.text] / lines)) for word, share in shares.items()}


def _as_asked(word: Word, found: Frequency) -> Frequency:
    # Whole Latin words are looked up, which costs next to nothing.
    return found._replace(hits=_LOOKED_UP * found.share) if word.token else found


def _share(word: Word, count: int, lines: int) -> float:
    if word.mark and word.text in _PUNCTUATION:
        # Writers differ in nothing as much as in punctuation.
        return max(count / lines, _guess(word))
    # Of two words that no message holds the longer one is the rarer one.
    return count / lines if count else min(0.5 / lines, _guess(word))


@lru_cache(_GUESSED)
def _guess(word: Word) -> float:
    weight = sum(0.4 if character.isascii() else 1.0 for character in word.text)
    return 10.0 ** -(weight + 1 + 0.5 * (word.left + word.right))


@paused()
def compile_triggers(
    rules: Sequence[Rule],
    literals: Mapping[str, Iterable[tuple[str, int, int]]],
    folder: Folder,
    everyday: Sequence[str],
) -> dict[str, Any]:
    """The triggers of ``rules`` as plain JSON; ``literals`` are those of their terms by view.

    Units are numbered as ``units_of`` gives them; ``everyday`` are ordinary messages by which the rarer of a pattern's
    words are chosen.
    """
    made = _Compiler(folder, units_of(rules))
    for view in ("base", "compact"):
        for literal, rule, matcher in literals[view]:
            if matcher >= 0:
                made.term(rule, matcher, literal, whole=view == "base")
    for literal, rule, matcher in literals["sound"]:
        if literal.isascii():
            # Letters sound like themselves: the compact view finds them without another look.
            made.term(rule, matcher, literal)
    for at, rule in enumerate(rules):
        for index, matcher in enumerate(rule.matchers):
            made.matcher(at, index, matcher)
    pairs = _sound_pairs((text for text, _, _ in literals["sound"] if not text.isascii()), folder, everyday)
    return {**made.chosen(Frequencies(everyday, folder)), "sound_pairs": pairs}


def _sound_pairs(literals: Iterable[str], folder: Folder, everyday: Sequence[str]) -> list[str]:
    """Of each literal by sound the two neighbours that are rarest in ordinary messages."""
    counts: dict[str, int] = {}
    for line in everyday:
        sounds = folder.term(line, sound=True)
        for pair in {sounds[at : at + 2] for at in range(len(sounds) - 1)}:
            counts[pair] = counts.get(pair, 0) + 1
    wanted = ([text[at : at + 2] for at in range(max(len(text) - 1, 1))] for text in literals)
    return sorted({min(pairs, key=lambda pair: (counts.get(pair, 0), pair)) for pairs in wanted})


class _Compiler:
    def __init__(self, folder: Folder, units: Sequence[Unit]) -> None:
        self._folder = folder
        self._terms: dict[tuple[int, int], set[tuple[Word, ...]]] = {}
        self._words: dict[str, Word] = {}
        self._patterns: list[tuple[Unit, list[frozenset[Word]]]] = []
        self._numbers: list[Unit] = []
        self._links: list[Unit] = []
        self._always: list[Unit] = []
        self._units = {unit: number for number, unit in enumerate(units)}
        self._clauses: dict[frozenset[Word], int] = {}
        self._ways: dict[tuple[int, ...], None] = {}

    def term(self, rule: int, matcher: int, literal: str, *, whole: bool = False) -> None:
        """``whole``: as a word of the base view, not put together by the compact view."""
        words = (Word(literal, True, True, token=True),) if whole and is_token(literal) else self._term(literal)
        self._terms.setdefault((rule, matcher), set()).add(words)

    def _term(self, literal: str) -> tuple[Word, ...]:
        """The words of which one is enough to find ``literal``: the rarest is taken.

        A sign leaves nothing in the compact view; it is rarer than the letter beside it, but not than a long word.
        """
        if literal.isalnum():
            return (Word(literal, True, True),)
        compact = self._folder.term(literal, compact=True)
        marks = [mark for mark in literal if not mark.isalnum() and not mark.isspace()] or list(literal[:1])
        found = tuple(Word(mark, mark=True) for mark in dict.fromkeys(marks))
        return (Word(compact, True, True), *found) if compact else found

    def matcher(self, at: int, index: int, matcher: object) -> None:
        if isinstance(matcher, Pattern):
            for number, pattern in enumerate(matcher.patterns):
                self._pattern(Unit(Wakes.PATTERN, at, index, number), pattern)
        elif isinstance(matcher, Contact):
            unit = Unit(Wakes.CONTACT, at, index)
            numeric = {Detect.PHONE, Detect.QQ}
            if numeric & set(matcher.detect):
                self._numbers.append(unit)
            if set(matcher.detect) != {Detect.PHONE}:
                if set(matcher.detect) & {Detect.URL, Detect.EMAIL}:
                    self._links.append(unit)
                self._gate(unit, contact_words(matcher.detect))
        elif isinstance(matcher, Personal):
            unit = Unit(Wakes.PERSONAL, at, index)
            words, links = personal_words(matcher.detect)
            if in_digits(matcher.detect):
                self._numbers.append(unit)
            if links:
                self._links.append(unit)
            self._gate(unit, words)

    def _gate(self, unit: Unit, words: Iterable[str]) -> None:
        framed = [word for word in words if word[0] in "(["]
        self._way(unit, [frozenset(self._gate_word(word) for word in words if word not in framed)])
        if framed:
            # "(at)" is rare, "at" is not: the bracket must be there as well.
            brackets = frozenset(Word(word[0], mark=True) for word in framed)
            self._way(unit, [frozenset(map(self._word, framed)), brackets])

    def _gate_word(self, word: str) -> Word:
        """As ``_word``; a sign is rarer than what stands beside it, and a short Latin word stands by itself."""
        found = self._word(word)
        sign = next((mark for mark in word if unicodedata.category(mark)[0] == "S"), None)
        if sign is None and len(found.text) == 1 and found.text.isdecimal():
            sign = next((mark for mark in word if not mark.isalnum() and not mark.isspace()), None)
        if sign is not None:
            return Word(sign, mark=True)
        if found.text.isascii() and len(found.text) <= _SHORT_WORD:
            return found._replace(left=True, right=found.right or len(found.text) == 1)
        return found

    def _pattern(self, unit: Unit, pattern: str) -> None:
        ways: list[list[frozenset[Word]]] = []
        for clauses in alternatives(pattern):
            read = [frozenset(map(self._word, clause)) for clause in clauses]
            ways.append([words for words in read if all(word.text for word in words)])
        if all(ways):
            # Each way wakes the pattern by itself.
            self._patterns += [(unit, usable) for usable in ways]
        else:
            self._always.append(unit)

    def _word(self, word: str) -> Word:
        """A word as it is looked for; a mark or an edge at its end says that no letter goes on there."""
        known = self._words.get(word)
        if known is None:
            known = self._words[word] = self._read(word)
        return known

    def _read(self, word: str) -> Word:
        if word.isalnum():
            return Word(word)
        compact = word.replace(EDGE, "").translate(self._folder.compact)
        sign = next((mark for mark in word if unicodedata.category(mark) in {"So", "Sc"} or mark == "+"), None)
        if not compact or (sign and len(compact) < _SHORT):
            return Word(sign or word.replace(EDGE, "").strip()[:1], mark=True)
        left, right = not word[:1].isalnum(), not word[-1:].isalnum()
        return Word(compact, left, right, token=left and right and compact in word and is_token(compact))

    def _way(self, unit: Unit, clauses: Sequence[frozenset[Word]]) -> None:
        """``unit`` wakes where each of ``clauses`` has a word; the first is the rarest."""
        numbers = (self._clauses.setdefault(words, len(self._clauses)) for words in clauses)
        self._ways[self._units[unit], *numbers] = None

    def chosen(self, frequencies: Frequencies) -> dict[str, Any]:
        """The cheapest clauses: words and marks with the clauses in which they stand, and the ways they make."""
        # A literal with one word has nothing to choose from.
        written = {word for terms in self._terms.values() for words in terms if len(words) > 1 for word in words}
        often = frequencies.of({word for _, options in self._patterns for words in options for word in words} | written)
        for unit, options in self._patterns:
            self._way(unit, _cheapest(options, often))
        for (rule, matcher), terms in self._terms.items():
            rarest = frozenset(
                min(words, key=lambda word: often[word].share if word in often else 0.0) for words in terms
            )
            self._way(Unit(Wakes.TERMS, rule, matcher), [rarest])
        places: dict[Word, list[int]] = {}
        for clause, number in self._clauses.items():
            for word in clause:
                places.setdefault(word, []).append(number)
        words: dict[str, int] = {}
        entries: list[int] = []
        for word, found in sorted(places.items()):
            if word.text and not word.mark:
                at = words.setdefault(word.text, len(words))
                for clause in found:
                    entries += (at, word.edges, clause)
        return {
            "words": list(words),
            "entries": entries,
            "marks": {word.text: found for word, found in sorted(places.items()) if word.mark},
            "clauses": len(self._clauses),
            "ways": [list(way) for way in self._ways],
            "numbers": sorted({self._units[unit] for unit in self._numbers}),
            "links": sorted({self._units[unit] for unit in self._links}),
            "always": sorted({self._units[unit] for unit in self._always}),
        }


def _cheapest(options: Sequence[frozenset[Word]], often: Mapping[Word, Frequency]) -> list[frozenset[Word]]:
    """The clause, or the two or three together, that cost least to look for and wake the rule least for nothing."""
    priced = sorted(
        {words: min(sum(often[word].share for word in words), 1.0) for words in options}.items(),
        key=lambda item: (item[1], sorted(item[0])),
    )[:_CONSIDERED]
    choices = (chosen for count in (1, 2, 3) for chosen in combinations(priced, count))

    def cost(chosen: tuple[tuple[frozenset[Word], float], ...]) -> float:
        # A word that stands in all of them satisfies all of them by itself.
        common = frozenset[Word].intersection(*(words for words, _ in chosen))
        together = max(prod(share for _, share in chosen), min(sum(often[word].share for word in common), 1.0))
        searched = [word for words, _ in chosen for word in words]
        return _FINDING * sum(often[word].hits for word in searched) + _LOOKING * together + _HOLDING * len(searched)

    return [words for words, _ in min(choices, key=cost)]
