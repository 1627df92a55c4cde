"""A buyer's height and weight, as they are given for a size: "158 102斤", "5'4 150 lbs".

Owns finding them and naming them; which size they make is the shop's to say, in its table or in its answers.
"""

import re
from typing import Final

from copilot.playbook.spoken_measures import plain_measures

_WEIGHT: Final = re.compile(
    r"(?<![\d.])\d{2,3}(?:\.\d)?\s*(?:斤|公斤|千克|(?:kgs?|lbs?|pounds?)(?![a-z]))|体重\D{0,4}\d{2,3}(?:\.\d)?",
    re.IGNORECASE,
)
_HEIGHT: Final = re.compile(
    r"(?<![\d.])1[3-9]\d(?:\.\d)?\s*(?:cm|厘米|公分)|身高\D{0,4}\d{3}|(?<!\d)[4-6]\s?(?:'|’|ft\.?|feet|foot)\s?\d{0,2}(?:\"|”|''|\s?in(?:ches)?\b)?",
    re.IGNORECASE,
)
# Beside a weight a bare number of that size is a height ("158 102斤").
_BARE: Final = re.compile(r"(?<![\d.])1[3-9]\d(?![\d.]|\s*(?:斤|kg|lb|元|块|码))", re.IGNORECASE)
_NAMED: Final = re.compile(r"身高|体重|多高多重|\b(?:height|weight|how tall|how heavy)\b", re.IGNORECASE)
_WORDS: Final = {"zh": ("身高", "体重"), "en": ("height", "weight")}


def by_name(text: str, language: str) -> str:
    """``text`` with a height and a weight called by their names, so that it can be looked for; else unchanged."""
    plain = plain_measures(text)
    height, weight = _WORDS["zh" if language.startswith("zh") else "en"]
    named = _HEIGHT.sub(f" {height} ", _WEIGHT.sub(f" {weight} ", plain))
    if named == plain:
        return text
    return " ".join((_BARE.sub(f" {height} ", named) if weight in named else named).split())


def gives_body(text: str) -> bool:
    """Whether ``text`` tells a weight or a height of somebody."""
    plain = plain_measures(text)
    return bool(_WEIGHT.search(plain) or _HEIGHT.search(plain))


def names_body(text: str) -> bool:
    """Whether ``text`` speaks of height or weight."""
    return bool(_NAMED.search(text))
