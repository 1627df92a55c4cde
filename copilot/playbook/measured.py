"""A number with a unit in a question ("18 or 20 inch", 70kg) against what attributes of the goods state in that unit.

Owns the reading of such numbers and of the values, lists and ranges that hold them; refuses tables of bodies by size,
which are reckoned with (``fit``), and a number that several attributes could mean alike.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from copilot.domain.order import Product
from copilot.playbook.literal import questions_of
from copilot.playbook.topic_rules import unit_of

_NUMBER: Final = r"\d+(?:\.\d+)?"
_UNIT_WORDS: Final = {
    "in": r"inch(?:es)?\b|in\b(?=\s*(?:[?.,;!]|\Z|or\b|long|wide|tall|one|version))|[\"”″]|英?寸",
    "cm": r"cm\b|厘米|公分|cm(?=[\u3400-\u9fff])",
    "mm": r"mm(?![a-z])|毫米",
    "ft": r"(?:ft|feet|foot)\b|英尺",
    "m": r"m(?![a-z])|met(?:er|re)s?\b|米",
    "kg": r"kgs?(?![a-z])|kilos?\b|公斤|千克",
    "lb": r"(?:lbs?|pounds?)\b|磅",
    "oz": r"(?:oz|ounces?)\b|盎司",
    "g": r"g(?![a-z])|grams?\b|克",
    "ml": r"ml(?![a-z])|毫升",
    "l": r"l(?![a-z])|lit(?:er|re)s?\b|升",
    "w": r"w(?![a-z])|watts?\b|瓦",
    "v": r"v(?![a-z])|volts?\b|伏",
    "mah": r"mah(?![a-z])|毫安时?",
    "gb": r"gb(?![a-z])",
    "h": r"(?:hours?|hrs?)\b|h(?![a-z])|(?:个)?小时",
    "min": r"(?:min(?:ute)?s?)\b|分钟",
    "months": r"months?\b|个月",
    "days": r"days?\b|天",
}
_SAME: Final = {
    "inch": "in", "inches": "in", "lbs": "lb", "hr": "h", "hrs": "h", "hours": "h", "mins": "min", "minutes": "min",
}  # fmt: skip
_SAID: Final = re.compile(
    rf"(?<![\d.])(?P<first>{_NUMBER})(?:\s*(?:or|/|还是|或|和|and)\s*(?P<second>{_NUMBER}))?\s*-?\s*(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _UNIT_WORDS.items())
    + ")",
    re.IGNORECASE,
)
_RANGE: Final = re.compile(rf"(?P<low>{_NUMBER})\s*(?:-|–|~|to|至|到)\s*(?P<high>{_NUMBER})", re.IGNORECASE)
_ONE: Final = re.compile(_NUMBER)
_OF_BODIES: Final = "_by_size"
_OTHERS: Final = ("price", "stock", "promotion", "warranty")
_ROW, _EQUAL, _CHOICE, _ONLY = 4, 3, 2, 1


@dataclass(frozen=True)
class Reading:
    """A number of the question in a unit, and where it stands."""

    number: float
    unit: str
    start: int
    end: int


@dataclass(frozen=True)
class Measured:
    """The attribute ``key`` answers the number at ``start``–``end``; ``row`` is the line of a table that was named.

    ``value`` is what that line states; None where the attribute's own value is the answer.
    """

    key: str
    start: int
    end: int
    row: str | None = None
    value: str | None = None


def measured(text: str, product: Product | None) -> tuple[Measured, ...]:
    """The attributes of ``product`` that answer the numbers in the questions of ``text``, one for each question."""
    found: list[Measured] = []
    for start, clause in questions_of(text):
        said = tuple(_readings(clause, start))
        if not said or product is None:
            continue
        ranked = [
            (rank, one)
            for key, value in product.attributes.items()
            if not key.endswith(_OF_BODIES) and not key.startswith(_OTHERS)
            for rank, one in _against(key, value, said)
        ]
        best = max((rank for rank, _ in ranked), default=0)
        leading = [one for rank, one in ranked if rank == best]
        # A number that fits none of two measures says nothing of which is meant.
        if leading and (best > _CHOICE or len(leading) == 1):
            found.append(leading[0])
    return tuple(found)


def _readings(clause: str, offset: int) -> Iterator[Reading]:
    for match in _SAID.finditer(clause):
        unit = next(name for name in _UNIT_WORDS if match[name] is not None)
        for number in (match["first"], match["second"]):
            if number is not None:
                yield Reading(float(number), unit, offset + match.start(), offset + match.end())


def _against(key: str, value: JsonValue, said: tuple[Reading, ...]) -> Iterator[tuple[int, Measured]]:
    """How well the attribute answers, best first: its row, its very number, a choice of numbers, the only such unit."""
    unit = _SAME.get(unit_of(key), unit_of(key))
    own = [one for one in said if one.unit == unit]
    if isinstance(value, Mapping):
        yield from _rows(key, value, said, own)
    elif own and not isinstance(value, bool):
        numbers = _numbers(value)
        span = (own[0].start, own[-1].end)
        if any(_holds(numbers, one.number) for one in own):
            yield _EQUAL, Measured(key, *span)
        elif numbers:
            yield (_CHOICE if len(own) > 1 else _ONLY), Measured(key, *span)
    elif isinstance(value, str | list) and not unit:
        # "Size: 18 in, 20 in" has the unit beside the number.
        stated = {(one.number, one.unit) for part in _texts(value) for one in _readings(part, 0)}
        met = [one for one in said if (one.number, one.unit) in stated]
        if met:
            yield _EQUAL, Measured(key, met[0].start, met[-1].end)


def _rows(
    key: str, table: Mapping[str, JsonValue], said: tuple[Reading, ...], own: list[Reading]
) -> Iterator[tuple[int, Measured]]:
    """The line of ``table`` that is named ("the 7kg one"), else the one whose range holds the number that is asked."""
    for name, cell in table.items():
        if isinstance(cell, bool) or not isinstance(cell, str | int | float):
            continue
        headed = [(one.number, one.unit) for one in _readings(str(name), 0)]
        naming = [one for one in said if (one.number, one.unit) in headed]
        asked = [one for one in own if one not in naming]
        held = [one for one in asked if _holds(_numbers(cell), one.number)]
        if asked and (naming or held):
            rank = _ROW + len(naming)
            start, end = min(one.start for one in said), max(one.end for one in said)
            yield rank, Measured(key, start, end, str(name), str(cell).strip())


def _texts(value: JsonValue) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _numbers(value: JsonValue) -> list[tuple[float, float]]:
    """The numbers and ranges that ``value`` states."""
    found: list[tuple[float, float]] = []
    for text in _texts(value):
        ranges = [(float(one["low"]), float(one["high"])) for one in _RANGE.finditer(text)]
        found += ranges or [(float(one[0]), float(one[0])) for one in _ONE.finditer(text)]
    return found


def _holds(numbers: list[tuple[float, float]], number: float) -> bool:
    return any(low <= number <= high for low, high in numbers)
