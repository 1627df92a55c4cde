"""Whether the goods are meant for somebody of the age that the buyer names: 3+ against "my 2 yr old".

Owns the least age in a shop's words; says nothing where no age is named, or where it is old enough.
"""

import re
from typing import Final

_LEAST: Final = re.compile(
    r"(?P<number>\d{1,2}(?:\.5)?)\s*(?P<unit>岁|周岁|个?月|years?|yrs?|y\b|months?|mos?\b)?\s*"
    r"(?:\+|以上|及以上|起|[-–~]\s*\d|到|至|to\b|(?:of age |old )?(?:and|or) (?:up|over|older|above))",
    re.IGNORECASE,
)
_SAID: Final = re.compile(
    r"(?P<en>\b(?P<number>\d{1,2}|one|two|three|four|five|six)(?P<half> and a half)?[- ]?"
    r"(?P<unit>years?|yrs?|yo|months?|mos?)\b(?:[- ]olds?)?)"
    r"|(?P<zh>(?P<count>\d{1,2}|[一二两三四五六七八九十])(?:周?岁(?P<more>半)?|(?P<months>个(?:多)?月)(?!.{0,4}(?:前|后|内|到货))))",
    re.IGNORECASE,
)
_WORDS: Final = {word: at for at, word in enumerate("zero one two three four five six".split())}
_DIGITS: Final = {sign: at for at, sign in enumerate("零一二三四五六七八九十")} | {"两": 2}
_YEAR: Final = 12


def too_young(stated: str, text: str, language: str) -> str | None:
    """What is said where ``text`` names an age below the least that the goods are ``stated`` to be for."""
    least = _LEAST.search(stated)
    said = _SAID.search(text)
    if least is None or said is None:
        return None
    months = float(least["number"]) * (1 if (least["unit"] or "").lower().startswith(("月", "个", "mo")) else _YEAR)
    if _months(said) >= months:
        return None
    if language.startswith("zh"):
        return f"适用年龄是{stated}，{said.group()}的孩子还不适用"
    return f"it's for ages {stated}, so it isn't meant for {_plain(said)}"


def _months(said: re.Match[str]) -> float:
    if said["zh"] is not None:
        count = said["count"]
        number = float(count) if count.isdigit() else float(_DIGITS[count])
        return number if said["months"] is not None else number * _YEAR + (_YEAR / 2 if said["more"] else 0)
    number = float(said["number"]) if said["number"].isdigit() else float(_WORDS[said["number"].lower()])
    return number if said["unit"].lower().startswith("mo") else number * _YEAR + (_YEAR / 2 if said["half"] else 0)


def _plain(said: re.Match[str]) -> str:
    """The age as it is written: a 2-year-old, an 18-month-old."""
    unit = "month" if said["unit"].lower().startswith("mo") else "year"
    number = said["number"].lower()
    return f"{'an' if number in ('8', '11', '18') else 'a'} {number}-{unit}-old"
