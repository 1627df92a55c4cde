"""Sentences as the templates say them: which wording is taken, which sentences a short text keeps, how they join.

Owns the choice between wordings (by a hash, never by chance) and the joining; refuses to know about facts.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from copilot.model.composer.spans import bare

_OPEN, _CLOSE = "\ue002", "\ue003"
_SENTENCE = re.compile(f"{_OPEN}(.)(.*?){_CLOSE}", re.DOTALL)
_KINDS = ("must", "may", "empathy")
_END = re.compile(r"[。！？!?]+|\.(?=[\s”\"]|$)")
_SPACES = re.compile(r" {2,}")
_BREAK = re.compile(r"[ \t]*\n\s*")


class NotSayable(Exception):
    """A wording needs something that is not known; the next wording is tried."""


@dataclass(frozen=True)
class Sentence:
    """One sentence (or two that belong together), still with marks."""

    text: str
    kind: str

    @cached_property
    def bare(self) -> str:
        """The text without marks; kept, because a sentence is measured again until the whole text fits."""
        return bare(self.text)

    @property
    def length(self) -> int:
        """Code points without marks."""
        return len(self.bare)


@dataclass
class _Open:
    place: str
    kind: str
    wordings: list[Callable[[], str]] = field(default_factory=list)


@dataclass
class Teller:
    """Chooses wordings for one draft.

    ``seed`` names conversation and case, ``turn`` counts what was already said (each redraft or further reply takes
    the next wording), ``said`` are the sentences that the shop already used here: they are avoided.
    """

    seed: str
    turn: int
    empathy: bool
    said: frozenset[str] = frozenset()
    _stack: list[_Open] = field(default_factory=list)
    _depth: int = 0

    def open(self, place: str, kind: str) -> str:
        """A ``say`` begins."""
        self._stack.append(_Open(place, kind))
        return ""

    def add(self, caller: Callable[[], str]) -> str:
        """One wording of the ``say`` that is open."""
        self._stack[-1].wordings.append(caller)
        return ""

    def close(self) -> str:
        """The text of the wording taken; empty when the sentence is left out.

        Raises:
            NotSayable: the sentence must be said and none of its wordings can be.
        """
        said = self._stack.pop()
        if said.kind == "empathy" and not self.empathy:
            return ""
        outermost = self._depth == 0
        self._depth += 1
        try:
            text = self._take(said)
        finally:
            self._depth -= 1
        if not text or not outermost:
            return text
        return f"{_OPEN}{chr(0xE100 + _KINDS.index(said.kind))}{text}{_CLOSE}"

    def one(self, *wordings: str) -> str:
        """One of several words inside a sentence."""
        return wordings[(_hash(self.seed, "|".join(wordings)) + self.turn) % len(wordings)]

    def _take(self, said: _Open) -> str:
        count = len(said.wordings)
        start = (_hash(self.seed, said.place) + self.turn) % count
        used, missing = "", NotSayable(f"{said.place}: every wording is empty")
        for offset in range(count):
            try:
                text = said.wordings[(start + offset) % count]().strip()
            except NotSayable as reason:
                missing = reason
                continue
            if text and not (sentences_of(bare(text)) & self.said):
                return text
            used = used or text
        if used and said.kind != "may":
            return used
        if not used and said.kind == "must":
            raise missing
        return ""


def sentences_of(text: str) -> frozenset[str]:
    """The sentences of a text, folded for comparison; very short ones ("好的") may come again."""
    parts = _END.split(text)
    return frozenset(folded for part in parts if len(folded := "".join(part.split()).casefold()) > 6)


def said_in(texts: Iterable[str]) -> frozenset[str]:
    """Every sentence of the texts that the shop sent before."""
    return frozenset(sentence for text in texts for sentence in sentences_of(text))


def split(marked: str, language: str) -> list[Sentence]:
    """The sentences of a rendered template; bare text between them counts as one that must be said."""
    found: list[Sentence] = []
    end = 0
    for match in _SENTENCE.finditer(marked):
        _append(found, marked[end : match.start()], "must", language)
        _append(found, match[2], _KINDS[ord(match[1]) - 0xE100], language)
        end = match.end()
    _append(found, marked[end:], "must", language)
    return found


def fit(
    sentences: Sequence[Sentence], *, short: bool, most: int, max_chars: int | None, glue: int = 0
) -> list[Sentence]:
    """The sentences that stay: optional ones go from the end until the text fits, empathy last of all; none is cut.

    ``glue`` is how many characters stand between two sentences.
    """

    def short_of(left: Sequence[Sentence]) -> bool:
        return max_chars is not None and _chars(left, glue) > max_chars

    kept = [sentence for sentence in sentences if not (short and sentence.kind == "may")]
    while short_of(kept) or _sentences(kept) > most:
        optional = [index for index, sentence in enumerate(kept) if sentence.kind == "may"]
        # A platform's limit outweighs kindness, the number of sentences does not.
        kind = [index for index, sentence in enumerate(kept) if sentence.kind == "empathy"] if short_of(kept) else []
        if not optional and not kind:
            break
        del kept[(optional or kind)[-1]]
    return kept


def count(text: str) -> int:
    """How many sentences a text has."""
    return len([part for part in _END.split(text) if part.strip(' ”"\n')])


def _sentences(kept: Sequence[Sentence]) -> int:
    return sum(count(sentence.bare) for sentence in kept)


def _chars(kept: Sequence[Sentence], glue: int) -> int:
    return sum(sentence.length + glue for sentence in kept) - glue


def _append(found: list[Sentence], text: str, kind: str, language: str) -> None:
    joined = _SPACES.sub(" ", _BREAK.sub("" if language == "zh" else " ", text.strip()))
    if joined:
        found.append(Sentence(joined, kind))


def _hash(seed: str, key: str) -> int:
    return int.from_bytes(hashlib.blake2b(f"{seed}\n{key}".encode(), digest_size=8).digest(), "big")
