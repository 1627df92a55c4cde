"""The gate: which recognisers a text is worth, by a single pass for words and one look for a run of digits.

Owns the words without which nothing can be found. A text that passes may still hold nothing; a text that does not
pass holds nothing that ``find`` would name, because ``find`` runs only what the gate opened.
"""

import re
from collections.abc import Iterable
from enum import Enum
from functools import cache
from itertools import product

from ahocorasick_rs import AhoCorasick

from copilot.policy.privacy import gate_words

SHORTEST_RUN = 7
"""Digits (figures or words) close together without which no number is personal, unless a label introduces it."""

_ZH_DIGITS = "零\u3007一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_EN_DIGITS = "zero oh one two three four five six seven eight nine".split()
_FIGURE = f"[0-9{_ZH_DIGITS}]"
_RUN = re.compile(rf"{_FIGURE}(?:[\s\-.()/_~·,、|+*#'\"=]{{0,3}}{_FIGURE}){{{SHORTEST_RUN - 1}}}")


class Kind(Enum):
    """A recogniser that a word can open."""

    DIGITS = "digits"
    SPELLED = "spelled"
    LABELLED = "labelled"
    MAIL = "mail"
    ACCOUNT = "account"
    PAPER = "paper"
    PLACE = "place"
    STREET = "street"
    NAME = "name"

    # Members are what they are and no other: what ``Enum`` does for it takes longer than a look for a word.
    __hash__ = object.__hash__


_NUMBERS = frozenset({Kind.DIGITS, Kind.SPELLED, Kind.LABELLED})
_KINDS: dict[str, frozenset[Kind]] = {
    **dict.fromkeys(("phone", "landline", "bank_card", "qq"), _NUMBERS),
    "id_card": _NUMBERS | {Kind.PAPER},
    "email": frozenset({Kind.MAIL}),
    "wechat": frozenset({Kind.ACCOUNT}),
    "handle": frozenset({Kind.ACCOUNT}),
    "passport": frozenset({Kind.PAPER}),
    "address": frozenset({Kind.PLACE, Kind.STREET}),
    # A name may also stand beside whatever else was found.
    "name": frozenset(Kind),
}
"""By type of personal data the recognisers that may find it."""
ALL = tuple(_KINDS)
"""Every type."""


def _after_place() -> list[str]:
    """A road or a housing estate with its number: 路6, 花园 9."""
    figures = "123456789一二三四五六七八九十"
    return [
        f"{word}{gap}{figure}"
        for word, gap, figure in product((*gate_words.ROADS, *gate_words.HOMES), ("", " "), figures)
    ]


def _short_streets() -> list[str]:
    """A short word for a street as a word of its own; the text counts as ended by a line feed."""
    return [f" {word}{edge}" for word, edge in product(gate_words.STREET_SHORT, " ,.\n")]


def _short_apps() -> list[str]:
    """A short name of a messenger with what can stand between it and an account."""
    return [f"{app}{link}" for app, link in product(gate_words.APPS, (":", " ", "=", "@", "号", "是", "id"))]


def _spelled() -> list[str]:
    """Two digits in English words side by side."""
    return [f"{first}{gap}{second}" for first, gap, second in product(_EN_DIGITS, (" ", "-", ", "), _EN_DIGITS)]


@cache
def _words() -> dict[str, frozenset[Kind]]:
    groups = {
        Kind.SPELLED: _spelled(),
        Kind.LABELLED: gate_words.LABELLED,
        Kind.MAIL: gate_words.MAIL,
        Kind.ACCOUNT: [*gate_words.ACCOUNT, *_short_apps()],
        Kind.PAPER: gate_words.PAPER,
        Kind.PLACE: [*gate_words.PLACE, *_after_place()],
        Kind.STREET: [*gate_words.STREET, *_short_streets()],
        Kind.NAME: gate_words.NAME,
    }
    words: dict[str, frozenset[Kind]] = {}
    for kind, literals in groups.items():
        for literal in literals:
            words[literal] = words.get(literal, frozenset()) | {kind}
    return words


@cache
def _automaton() -> tuple[AhoCorasick, tuple[frozenset[Kind], ...]]:
    words = _words()
    return AhoCorasick(list(words)), tuple(words.values())


def gate_literals(types: Iterable[str] = ALL) -> tuple[str, ...]:
    """The words of the gate for ``types``, for one pass over many base views, each followed by a line feed.

    A base view with none of them has no personal data of ``types``, unless it has a run of ``SHORTEST_RUN`` digits and
    one of them is ``in_digits``.
    """
    kinds = frozenset[Kind]().union(*(_KINDS[one] for one in types))
    return tuple(word for word, opens in _words().items() if opens & kinds)


def in_digits(types: Iterable[str]) -> bool:
    """Whether one of ``types`` may be found where a text has nothing but digits."""
    return any(Kind.DIGITS in _KINDS[one] for one in types)


def opened(base: str) -> frozenset[Kind]:
    """The recognisers that ``base``, a base view, is worth; empty for most texts."""
    automaton, kinds = _automaton()
    found = automaton.find_matches_as_indexes(base + "\n", overlapping=True)
    digits = _RUN.search(base)
    if not found:
        return _DIGITS_ONLY if digits else _NOTHING
    every = frozenset[Kind]().union(*{kinds[hit[0]] for hit in found})
    return every | _DIGITS_ONLY if digits else every


_NOTHING: frozenset[Kind] = frozenset()
_DIGITS_ONLY = frozenset({Kind.DIGITS})
