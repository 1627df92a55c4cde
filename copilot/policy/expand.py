"""Spelling variants of a term, made when a pack is compiled: they multiply terms, which costs nothing at scan time."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import islice, product

from copilot.policy.fold import Folder
from copilot.policy.model import View
from copilot.policy.tables import is_cjk

_MOST_SPELLINGS = 1024
_MOST_SPLITS = 24
_MOST_SPLITS_OF_ALIAS = 2
_MOST_LEET = 400
_SPREAD = (" ", ".", "-", "_", "*", "/", "|", "~", "·", ",", "+", "'", ". ", "  ", " . ", " - ", "..", "--", "=", "#")
_LONGEST_PINYIN = 6
_SET = re.compile(r"\[([^\[\]]+)\]")
_LEET = {
    "a": ("4", "@"),
    "b": ("8",),
    "e": ("3",),
    "g": ("9", "6"),
    "i": ("1", "!"),
    "l": ("1", "!"),
    "o": ("0",),
    "s": ("5", "$"),
    "t": ("7", "+"),
    "z": ("2",),
}


class Names:
    """Aliases and written-apart forms, folded."""

    def __init__(self, aliases: Mapping[str, tuple[str, ...]], splits: Mapping[str, tuple[str, ...]]) -> None:
        """As the fold files give them."""
        self.aliases = aliases
        self.splits = splits


def variants(term: str, views: tuple[View, ...], folder: Folder, names: Names) -> Iterator[tuple[str, str]]:
    """Pairs (scan view, folded literal) for ``term``; scan views are "base", "compact" and "sound".

    A set in brackets stands for each of its characters: [薇威]信 is two terms. Without the view "base" the plain
    spelling is left out, so that "leet", "reversed", "split" and "pinyin" alone find a disguise and nothing else.
    """
    for spelled in spellings(term):
        base = folder.term(spelled)
        yield from _plain(spelled, views, folder)
        yield from _respelled(base, views, folder, names)
        if View.ALIAS in views:
            for other in _aliases(base, names.aliases):
                yield from _plain(other, views, folder)
                if View.SPLIT in views:
                    yield from islice(_splits(folder.term(other, compact=True), folder, names), _MOST_SPLITS_OF_ALIAS)


def spellings(term: str) -> Iterator[str]:
    """``term`` with every set in brackets replaced by each of its characters, at most 1,024 of them."""
    pieces = _SET.split(term)
    choices = [tuple(piece) if at % 2 else (piece,) for at, piece in enumerate(pieces)]
    for chosen in islice(product(*choices), _MOST_SPELLINGS):
        yield "".join(chosen)


def _plain(word: str, views: tuple[View, ...], folder: Folder) -> Iterator[tuple[str, str]]:
    base = folder.term(word)
    compact = folder.term(word, compact=True)
    spread = View.COMPACT in views and bool(compact) and not _loses_a_sign(base, compact)
    if spread:
        yield "compact", compact
    # The compact view finds what has no gaps as well.
    if View.BASE in views and not (spread and compact == base):
        yield "base", base
    if View.HOMOPHONE in views:
        sound = folder.term(word, sound=True)
        unheard = any(_is_sign(sign) and not sign.translate(folder.sound) for sign in base)
        # One syllable says nothing.
        if len(sound) > 1 and not unheard:
            yield "sound", sound


def _loses_a_sign(base: str, compact: str) -> bool:
    """Whether the compact form is short of a sign that is read as a word (v❤)."""
    return len(base) != len(compact) and any(_is_sign(character) for character in base)


def _is_sign(character: str) -> bool:
    return unicodedata.category(character) in {"So", "Sm"}


def _respelled(base: str, views: tuple[View, ...], folder: Folder, names: Names) -> Iterator[tuple[str, str]]:
    if View.SPLIT in views:
        yield from islice(_splits(folder.term(base, compact=True), folder, names), _MOST_SPLITS)
        yield from _spread(base)
    if View.PINYIN in views:
        yield from _pinyin(base)
    if View.LEET in views:
        yield from _leet(base)
    if View.REVERSED in views and base[::-1] != base:
        yield "base", base[::-1]
        yield "compact", folder.term(base[::-1], compact=True)


def _aliases(base: str, aliases: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for word, others in aliases.items():
        if word in base:
            for other in others:
                yield base.replace(word, other)


def _splits(compact: str, folder: Folder, names: Names) -> Iterator[tuple[str, str]]:
    forms = [(character, *names.splits.get(character, ())) for character in compact]
    for parts in islice(product(*forms), 1, None):
        yield "compact", folder.term("".join(parts), compact=True)


def _pinyin(base: str) -> Iterator[tuple[str, str]]:
    """Every mixture of characters and their sounds, the sounds of neighbours written together or apart."""
    from pypinyin import Style, pinyin

    ideographs = [character for character in base if is_cjk(character)]
    if not 1 < len(ideographs) <= _LONGEST_PINYIN:
        return
    sounds = {character: pinyin(character, style=Style.NORMAL)[0][0] for character in ideographs}
    choices = [(character, sounds[character]) if character in sounds else (character,) for character in base]
    for parts in product(*choices):
        joined = "".join(parts)
        if joined == base:
            continue
        yield "compact", joined
        apart = _apart(parts)
        if apart != joined:
            yield "base", apart


def _apart(parts: tuple[str, ...]) -> str:
    """The parts with a blank between two that are written in Latin letters."""
    text = parts[0]
    for part in parts[1:]:
        text += " " + part if text[-1].isascii() and part[0].isascii() else part
    return text


def _leet(base: str) -> Iterator[tuple[str, str]]:
    """Figures and signs for letters: each letter always by the same one, or a single letter."""
    letters = sorted({character for character in base if character in _LEET})
    choices = [(letter, *_LEET[letter]) for letter in letters]
    spelled = {base.translate(str.maketrans(dict(zip(letters, chosen, strict=True)))) for chosen in product(*choices)}
    for at, character in enumerate(base):
        spelled |= {base[:at] + other + base[at + 1 :] for other in _LEET.get(character, ())}
    for word in islice(sorted(spelled - {base}), _MOST_LEET):
        yield "base", word


def _spread(base: str) -> Iterator[tuple[str, str]]:
    """A Latin word with the same sign between all its letters."""
    if base.isascii() and base.isalpha() and len(base) > 1:
        for sign in _SPREAD:
            yield "base", sign.join(base)
