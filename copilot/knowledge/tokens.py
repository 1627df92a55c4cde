"""Texts as weighted tokens: pairs of Chinese characters, stems of Latin words, and names of meanings.

Owns how a text is cut; stored entries and questions are cut by the same code, so that they meet. It does not know how
rare a token is (``ranking.py``).
"""

import hashlib
import importlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from copilot.knowledge.words import WordsFile, load_words

MEANING: Final = "="
"""Begins the token of a meaning ("=ship"), which no word can."""
_CODE: Final = 1
"""Grows with every change of how texts are cut."""

# Two characters say far more than one, and a word that stands for a meaning is mostly told by the meaning.
_SINGLE: Final = 0.5
_SAID: Final = 0.35
_POINTERS: Final = frozenset("a an the it its them this that these those my your our".split())
"""Words that may stand inside a phrase: "send it out", "send out"."""
_LONGEST: Final = 2_000
"""Characters of a text that are cut; a question is shorter, and no answer needs more to be found."""

_CJK: Final = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_PARTS: Final = re.compile(rf"[{_CJK}]+|[^\W_{_CJK}]+(?:['’][^\W_{_CJK}]+)*")
_HAS_CJK: Final = re.compile(rf"[{_CJK}]")

Bag = Mapping[str, float]
"""Tokens with how much each counts beside others of its kind, before rarity: above 0, at most 1."""


class Tokenizer:
    """Cuts texts by the word lists it was made with."""

    def __init__(self, words: WordsFile) -> None:
        """Compile the lists."""
        known = f"{_CODE}{words.model_dump_json()}".encode()
        self.version = hashlib.sha256(known).hexdigest()[:12]
        """Of code and lists together: entries that were stored under another one must be cut anew."""
        self._filler_en = {stem(word) for word in words.filler.en} | set(words.filler.en)
        self._chinese = _Lexicon(words.filler.zh, {name: one.zh for name, one in words.same.items()})
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name, spoken in words.same.items():
            for phrase in spoken.en:
                parts = tuple(part for part in map(stem, _latin(phrase)) if part not in _POINTERS)
                self._phrases.setdefault(parts[0], []).append((parts, name))

    def bag(self, text: str) -> Bag:
        """The tokens of ``text``; none when it says nothing."""
        found: dict[str, float] = {}
        latin: list[str] = []
        for part in _PARTS.findall(plain(text[:_LONGEST])):
            if _HAS_CJK.match(part):
                self._english(latin, found)
                latin = []
                self._chinese.add(part, found)
            else:
                latin.append(stem(_bare(part)))
        self._english(latin, found)
        return found

    def _english(self, stems: list[str], found: dict[str, float]) -> None:
        stems = [one for one in stems if one not in _POINTERS]
        covered: set[int] = set()
        for at, one in enumerate(stems):
            for parts, name in self._phrases.get(one, ()):
                if tuple(stems[at : at + len(parts)]) == parts:
                    _put(found, MEANING + name, 1.0)
                    covered.update(range(at, at + len(parts)))
        for at, one in enumerate(stems):
            if one not in self._filler_en:
                _put(found, one, _SAID if at in covered else 1.0)


@lru_cache(maxsize=8)
def tokenizer_of(folders: tuple[Path, ...]) -> Tokenizer:
    """The tokenizer over the word lists in ``folders``."""
    return Tokenizer(load_words(folders))


class _Lexicon:
    """The Chinese word lists, found in a run of characters: the longest word at each place."""

    def __init__(self, filler: Iterable[str], same: Mapping[str, Iterable[str]]) -> None:
        self._filler = set(filler)
        self._meanings: dict[str, list[str]] = {}
        for name, words in same.items():
            for word in words:
                self._meanings.setdefault(word, []).append(name)
        words = sorted({*self._filler, *self._meanings}, key=len, reverse=True)
        self._find = re.compile("|".join(map(re.escape, words)) or r"(?!)")

    def add(self, run: str, found: dict[str, float]) -> None:
        """Put the tokens of ``run`` into ``found``."""
        at = 0
        for match in self._find.finditer(run):
            _put_characters(run[at : match.start()], found, 1.0)
            word = match.group()
            for name in self._meanings.get(word, ()):
                _put(found, MEANING + name, 1.0)
            if word in self._meanings:
                _put_characters(word, found, _SAID)
            at = match.end()
        _put_characters(run[at:], found, 1.0)


def _put_characters(run: str, found: dict[str, float], counts: float) -> None:
    for character in run:
        _put(found, character, counts * (_SINGLE if len(run) > 1 else 0.6))
    for first, second in pairwise(run):
        _put(found, first + second, counts)


def _put(found: dict[str, float], token: str, counts: float) -> None:
    found[token] = max(found.get(token, 0.0), counts)


def plain(text: str) -> str:
    """``text`` in one spelling: full-width signs and traditional characters become the common ones, all lower case."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return str(_simplifier().convert(text)) if _HAS_CJK.search(text) else text


@lru_cache(maxsize=1)
def _simplifier() -> Any:
    opencc: Any = importlib.import_module("opencc")
    return opencc.OpenCC("t2s")


def _latin(phrase: str) -> Iterator[str]:
    for part in _PARTS.findall(plain(phrase)):
        yield _bare(part)


def _bare(word: str) -> str:
    return word.replace("'", "").replace("’", "")


_DOUBLED: Final = re.compile(r"([bdfgklmnprtvz])\1$")
_VOWEL: Final = re.compile(r"[aeiouy]")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """An English word without the endings of its forms: "shipped", "ships" and "shipping" are one.

    Light on purpose: two different words that become one do more harm than two forms that stay two.
    """
    if len(word) < 4 or not word.isascii() or any(character.isdigit() for character in word):
        return word
    word = _singular(word)
    for ending in ("ing", "ed"):
        base = word[: -len(ending)]
        if word.endswith(ending) and len(base) >= 3 and _VOWEL.search(base):
            return _closed(base)
    if word.endswith("ly") and len(word) > 5:
        return _closed(word[:-2])
    return _closed(word)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _closed(base: str) -> str:
    """One form for what stands before an ending: without a doubled consonant, a silent e, with i for a final y."""
    base = _DOUBLED.sub(r"\1", base)
    if base.endswith("e") and len(base) > 3:
        base = base[:-1]
    return base[:-1] + "i" if base.endswith("y") and len(base) > 3 else base
