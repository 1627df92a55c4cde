"""The folding tables of a compiled pack: derived from installed libraries once, and from our own fold files.

Nothing derived is committed; the compiled pack keeps it in the cache. Nothing here folds a text.
"""

import importlib
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from copilot.policy.model import FoldFile

_CJK = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))


@dataclass(frozen=True, slots=True)
class Tables:
    """Mappings from one character (or word) to its folded form; all plain text, so that they can be cached as JSON."""

    simplified: dict[str, str] = field(default_factory=dict)
    looks_like: dict[str, str] = field(default_factory=dict)
    emoji: dict[str, str] = field(default_factory=dict)
    homophones: dict[str, str] = field(default_factory=dict)
    digits: dict[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """As JSON types."""
        return asdict(self)


def cjk() -> Iterable[str]:
    """Every ideograph of the basic plane."""
    return (chr(code) for first, last in _CJK for code in range(first, last))


@cache
def simplified() -> dict[str, str]:
    """Traditional characters with their simplified form, one to one."""
    opencc: Any = importlib.import_module("opencc")

    characters = list(cjk())
    converted = str(opencc.OpenCC("t2s").convert("\n".join(characters))).split("\n")
    pairs = zip(characters, converted, strict=True)
    return {before: after for before, after in pairs if before != after and len(after) == 1}


def homophones(needed: Iterable[str], fold: dict[str, str], chosen: dict[str, str] | None = None) -> dict[str, str]:
    """Characters that sound like one in ``needed`` (tones and simplified form aside), with one that stands for all.

    ``chosen`` names characters that are read as another one (薇 for 微). A character that has such readings of its own
    takes over, besides those, only homophones that are rare: 为新 must not sound like the messenger, 薇鑫 must.
    """
    wanted = sorted({fold.get(character, character) for character in needed if is_cjk(character)})
    if not wanted:
        return {}
    sounds = _sounds()
    picked = Counter(word for sign, word in (chosen or {}).items() if is_cjk(sign))
    stands_for: dict[str, str] = {}
    for character in sorted(wanted, key=lambda character: (-picked[character], character)):
        stands_for.setdefault(sounds[character], character)
    result: dict[str, str] = {}
    for character, sound in sounds.items():
        leader = stands_for.get(sound)
        if leader is not None and (leader not in picked or character == leader or not _is_common(character)):
            result[character] = leader
    return result


@cache
def _sounds() -> dict[str, str]:
    """Every ideograph with its most usual sound, without tone."""
    from pypinyin import Style, pinyin
    from pypinyin.constants import PINYIN_DICT

    plain: dict[str, str] = {}
    sounds: dict[str, str] = {}
    for character in cjk():
        # Thousands of characters share some hundred readings; taking the tone off one takes time.
        reading = PINYIN_DICT.get(ord(character), character).partition(",")[0]
        if reading not in plain:
            plain[reading] = pinyin(character, style=Style.NORMAL)[0][0]
        sounds[character] = plain[reading]
    return sounds


def _is_common(character: str) -> bool:
    """Whether ``character`` is of the first level of GB 2312, which holds the characters of everyday writing."""
    try:
        return character.encode("gb2312")[0] < 0xD8
    except UnicodeEncodeError:
        return False


def is_cjk(character: str) -> bool:
    """Whether ``character`` is an ideograph."""
    return any(first <= ord(character) < last for first, last in _CJK)


def digits(files: FoldFile) -> dict[str, str]:
    """Words for digits, with the digit."""
    return {word.casefold(): digit for digit, words in files.digits.items() for word in words}


def merge(files: Iterable[FoldFile]) -> FoldFile:
    """One table from several files; later files win key by key."""
    total: dict[str, dict[str, Any]] = {name: {} for name in FoldFile.model_fields}
    for file in files:
        for name, table in total.items():
            table.update(getattr(file, name))
    return FoldFile.model_validate(total)


def clean(table: dict[str, str]) -> dict[str, str]:
    """``table`` with variation selectors taken off its keys, so that ❤️ and ❤ are one."""
    bare = {
        "".join(c for c in key if unicodedata.category(c) not in {"Mn", "Cf"}): value for key, value in table.items()
    }
    return {key: value for key, value in bare.items() if len(key) == 1}
