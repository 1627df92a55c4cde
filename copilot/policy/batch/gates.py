"""Words and marks without which a text holds no contact detail and nothing personal but numbers.

The gates of ``contact`` and ``privacy`` are made for the base view; here they are put for the compact view, which has
no marks: a dot before a letter is looked for as a mark, an ending only where nothing else would tell.
"""

import re
from collections.abc import Collection

from copilot.policy.contact.finder import LABELS
from copilot.policy.contact.links import ENDINGS, PLAIN_ENDINGS
from copilot.policy.model import Detect, PersonalType
from copilot.policy.privacy import gate_literals as personal_literals

DOTS = ".。·"
CLOSERS = ")]}】>"
PATHS = "/@"
_DOT, _CLOSER, _PATH = (f"[{re.escape(marks)}]" for marks in (DOTS, CLOSERS, PATHS))
LINK = re.compile(rf"(?:{_DOT}|{_CLOSER})[a-z]|{_DOT}{_CLOSER}|{_PATH}")
"""Marks of an address in a base view: a dot or a bracket before a letter, a dot in brackets, a path, an at-sign."""
QQ_LABELS = (*"qq q号 扣扣 扣号 口口 企鹅 叩叩 蔻蔻 抠抠 寇寇 球球 秋秋 扣q 抠q 🐧 扌口扌口".split(), " q ")
_SPELLED_DOTS = ("点", "dot", "d0t")


def contact_words(kinds: Collection[Detect]) -> tuple[str, ...]:
    """Words of which one stands in every text with an address or an account name of ``kinds``, unless ``LINK`` does.

    A blank at a word's end asks that no letter goes on there.
    """
    words: list[str] = []
    if Detect.HANDLE in kinds:
        words += [f" {label} " if label.isascii() else label for label in LABELS]
    if Detect.QQ in kinds:
        # A short number is one only behind such a label.
        words += QQ_LABELS
    if Detect.URL in kinds or Detect.EMAIL in kinds:
        words += [f"{dot}{end} " for dot in _SPELLED_DOTS for end in ENDINGS]
        words += [f" {end} " for end in PLAIN_ENDINGS]
        words += [" www", " http", " hxxp"]
    return tuple(words)


def personal_words(types: Collection[PersonalType]) -> tuple[tuple[str, ...], bool]:
    """Words of which one stands in every text with personal data of ``types`` that is not a number.

    And whether ``LINK`` stands in some of those texts instead of a word.
    """
    literals = personal_literals(types)
    words = tuple(word for word in literals if not LINK.search(word))
    return words, len(words) < len(literals)
