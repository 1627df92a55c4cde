"""Which of several things a text speaks of, by a part of the name that no other of them has.

Owns what of a product's name names it ("鞋", "mug"); refuses to choose where the words fit several.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")
# The last character of a parcel, a colour or a counted set names no thing.
_NO_HEADS = frozenset("盒套装款色个只件组包箱袋版型号码新大小子")
# "四只装" says how many, not what.
_COUNTED = re.compile(r"[一两二三四五六七八九十\d]+(?:个|只|件|片|支|双|条|瓶|包|盒|袋|套)(?:装|套装)?\s*$")
# T恤 and U盘 are words of one letter and one character.
_MIXED = re.compile(r"(?<![A-Za-z])[A-Za-z][恤盘]")
_NAMED_LAST = re.compile(rf"{_HAN.pattern}(?:[A-Za-z][恤盘])?|{_MIXED.pattern}")
_WORD = re.compile(r"[A-Za-z]{3,}")
_ENDS_NAME = re.compile(r"\b(?:sets?|packs?|kits?|of|for|with|in)\b|[,(\-–|/]", re.IGNORECASE)


def only_one(things: tuple[T, ...], places: tuple[int, ...]) -> T | None:
    """The one of ``things`` that ``places`` points at; None where it points at several or none."""
    return things[places[0]] if len(places) == 1 else None


def asked_of(text: str, names: Sequence[str]) -> tuple[int, ...]:
    """The same for a question about goods: of several that it names the one that is called by its kind.

    "Any chicken in the duck kibble" is asked of the duck one.
    """
    found = named_in(text, names)
    return _meant(text, names, found) if len(found) > 1 else found


def named_in(text: str, names: Sequence[str]) -> tuple[int, ...]:
    """The places of the ``names`` that ``text`` speaks of by a part that no other of them has ("鞋", "mug")."""
    parts = [_parts(name) | _heads(name) for name in names]
    said = _parts(text)
    # A single character counts only outside of what another name explains: in 杯架 it names no 杯.
    rest = text
    for part in sorted((part for own in parts for part in own & said if len(part) > 1), key=len, reverse=True):
        rest = rest.replace(part, " ")
    shared = {part for at, own in enumerate(parts) for other in parts[at + 1 :] for part in own & other}
    # A "mug rack" is a rack; the mug is what the other name ends with.
    nouns = [_noun(name) for name in names]
    lone = _parts(_without_modifiers(text, names))
    return tuple(
        at
        for at, own in enumerate(parts)
        if any(_is_said(part, rest, said) for part in own - shared)
        or (nouns[at] in lone and nouns.count(nouns[at]) == 1 and nouns[at] in shared)
    )


def _meant(text: str, names: Sequence[str], found: tuple[int, ...]) -> tuple[int, ...]:
    """The one of ``found`` that is called by its own word and its kind; all of them where none or several are."""
    parts = [_parts(name) | _heads(name) for name in names]
    others = [frozenset[str]().union(*(one for at, one in enumerate(parts) if at != place)) for place in found]
    own = [parts[place] - other for place, other in zip(found, others, strict=True)]
    meant = [at for at, words in zip(found, own, strict=True) if _is_called(text, names[at], words)]
    return (meant[0],) if len(meant) == 1 else found


def _is_called(text: str, name: str, words: frozenset[str]) -> bool:
    """Whether ``text`` calls the thing by one of ``words`` with its kind behind: 鸭肉粮, 鸭肉那款, "the duck one"."""
    kinds = [_noun(name), *_heads(name)]
    kind = "|".join(re.escape(one) for one in kinds if one)
    for word in words:
        if _HAN.search(word):
            kinds_zh = rf"[\u3400-\u9fff]{{0,2}}?(?:{kind})|" if kind else ""
            called = rf"{re.escape(word)}(?:{kinds_zh}的?(?:[那这](?:款|个|种|包|袋)|款|味)|的?里)"
        else:
            called = rf"\b{re.escape(word)}s?(?: \w+)? (?:{kind + '|' if kind else ''}one|version|flavou?r)s?\b"
        if re.search(called, text, re.IGNORECASE):
            return True
    return False


def _noun(name: str) -> str:
    """What an English name is one of: the last word before "set of", "with" and the like; empty for other names."""
    words = [match.group().lower().removesuffix("s") for match in _WORD.finditer(_ENDS_NAME.split(name, maxsplit=1)[0])]
    return words[-1] if words and not _HAN.search(name) else ""


def _without_modifiers(text: str, names: Sequence[str]) -> str:
    """``text`` without words that in one of the names stand before another one, where they do so here ("mug rack")."""
    for name in names:
        words = [match.group().removesuffix("s") for match in _WORD.finditer(name)]
        for before, after in pairwise(words):
            text = re.sub(rf"\b{before}s?\s+(?={after}s?\b)", " ", text, flags=re.IGNORECASE)
    return text


def _is_said(part: str, text: str, said: frozenset[str]) -> bool:
    return part in text if len(part) == 1 else part in said


def _heads(name: str) -> frozenset[str]:
    """What a Chinese name is one of, by its last character: 麦饭石不粘炒锅 is a 锅."""
    match = _NAMED_LAST.search(_COUNTED.sub("", name))
    head = match.group()[-1] if match else ""
    return frozenset({head} - _NO_HEADS - {""})


def _parts(text: str) -> frozenset[str]:
    """Pairs of Chinese characters and English words of three letters or more, without a plural s."""
    han = [match.group() for match in _HAN.finditer(text)]
    words = [match.group().lower().removesuffix("s") for match in _WORD.finditer(text)]
    words += [match.group().lower() for match in _MIXED.finditer(text)]
    return frozenset(run[at : at + 2] for run in han for at in range(len(run) - 1)) | frozenset(words)
