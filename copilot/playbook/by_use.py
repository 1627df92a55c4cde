"""Which of the sizes is for what the buyer has: the quilt for a 1.5 m bed, the pot for four, the rug for a queen.

Owns the meeting of a use ("1.5的床", "for 4 people", "a queen bed") with what a table states each size to be for;
refuses tables of bodies, which are reckoned with (``size_tables``), and a table that nothing in the words meets.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from pydantic import JsonValue

from copilot.domain.order import Product
from copilot.playbook.size_tables import tables

ASKS: Final = re.compile(
    r"哪[个款种号一]|什么(?:尺寸|规格|号|码)|多大的?|几号|[买拍选]啥|\bwhich\b|\bwhat (?:size|\w+ size)\b",
    re.IGNORECASE,
)
"""Words that ask which of them it is."""
_NO_USE: Final = ("stock", "price", "promotion", "warranty", "sku")
_DIGITS: Final = {sign: at for at, sign in enumerate("零一二三四五六七八九十")} | {"两": 2}
_NUMBER: Final = r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九十](?=个?[人口]))"
_UNITS: Final = {
    "people": r"个?(?:人|口人?)|(?:people|persons?|adults|of us|guests)\b",
    "years": r"岁|(?:years?|yrs?|y)\b",
    "area": r"平(?:米|方)?|㎡|(?:sq\.? ?(?:ft|feet|m)|square)\b",
    "cm": r"cm\b|厘米|公分",
    "m": r"米|m\b|m(?=[^a-z])|的?(?:大|小)?床",
    "in": r"英?寸|inch(?:es)?\b|in\b|[\"”″]",
    "l": r"升|l\b|lit(?:er|re)s?\b",
}
_SPAN: Final = re.compile(
    rf"(?<![\d.])(?P<low>{_NUMBER})(?:\s*(?:{'|'.join(_UNITS.values())}))?"
    rf"(?:\s*(?:-|–|~|to|至|到)\s*(?P<high>{_NUMBER}))?\s*-?\s*(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _UNITS.items())
    + ")",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[A-Za-z]{4,}|[\u3400-\u9fff]{2,}")
_PLAIN: Final = frozenset("size sized bed beds room rooms with from that fits suitable people person".split())
_MOST: Final = 3
Span = tuple[float, float, str]


def for_use(text: str, product: Product | None) -> tuple[tuple[str, str, str], ...]:
    """The attribute, the size and what it is stated to be for, of each size that is for what ``text`` names."""
    if product is None or ASKS.search(text) is None:
        return ()
    reckoned = {table.measure for table in tables(product)}
    for key, table in product.attributes.items():
        if not isinstance(table, Mapping) or key.startswith(_NO_USE) or any(one in key for one in reckoned):
            continue
        stated = {str(size): cell for size, cell in table.items() if _is_use(cell)}
        found = [(key, size, str(cell).strip()) for size, cell in stated.items() if _meets(text, str(cell), stated)]
        if found and len(found) <= min(_MOST, max(1, len(stated) - 1)):
            return tuple(found)
    return ()


def _is_use(cell: JsonValue) -> bool:
    """Whether a cell tells of something in words; a bare number or a pair of them is a measure of the goods."""
    return isinstance(cell, str) and (_WORD.search(cell) is not None or _SPAN.search(cell) is not None)


def _meets(text: str, cell: str, others: Mapping[str, JsonValue]) -> bool:
    """Whether ``cell`` speaks of what ``text`` names, by its number in one unit or by a word that other cells lack."""
    held = list(_spans(cell))
    for low, _, unit in _spans(text):
        own = [one for one in held if one[2] == unit]
        if own:
            return any(least <= low <= most for least, most, _ in own)
    shared = [str(one).lower() for one in others.values() if str(one) != cell]
    words = {word.lower() for word in _WORD.findall(cell)} - _PLAIN
    return any(word in text.lower() and not any(word in other for other in shared) and not held for word in words)


def _spans(text: str) -> Iterator[Span]:
    """The numbers and ranges of ``text`` in their units; lengths in centimetres."""
    for match in _SPAN.finditer(text):
        unit = next(name for name in _UNITS if match[name] is not None)
        low = _number(match["low"])
        high = _number(match["high"]) if match["high"] is not None else low
        times = 100.0 if unit == "m" and low < 10 else 1.0
        yield low * times, high * times, "cm" if unit == "m" else unit


def _number(said: str) -> float:
    return float(said) if said[0].isdigit() else float(_DIGITS[said])
