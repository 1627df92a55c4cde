"""A product's size tables: what each size measures, or which bodies it is made for.

Owns the reading of ``<measure>_<unit>_by_size`` attributes and of the buyer's number in their units; refuses a number
that cannot be of the measure.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import JsonValue

from copilot.domain.order import Product
from copilot.playbook.words import Measured

_TABLE = re.compile(r"^([a-z]+(?:_[a-z]+)*?)(?:_(cm|mm|in|kg|lb|jin))?_by_size$")
# "155-160", "100-115斤": a size is made for all between.
_RANGE = re.compile(
    r"\s*(\d{1,3}(?:\.\d+)?)\s*[-–~至到]\s*(\d{1,3}(?:\.\d+)?)\s*([a-z]{2,4}|[厘公]?[米分斤]|市斤)?\s*", re.IGNORECASE
)
_UNITS = {"cm": "cm", "厘米": "cm", "公分": "cm", "in": "in", "kg": "kg", "公斤": "kg", "lb": "lb", "lbs": "lb"} | {
    "斤": "jin",
    "市斤": "jin",
}
_FACTOR = {
    ("cm", "in"): 1 / 2.54,
    ("in", "cm"): 2.54,
    ("kg", "lb"): 2.20462,
    ("lb", "kg"): 1 / 2.20462,
    ("cm", "mm"): 10,
    ("mm", "cm"): 0.1,
    ("in", "mm"): 25.4,
    ("mm", "in"): 1 / 25.4,
    ("chi", "cm"): 100 / 3,
    ("chi", "in"): 100 / 7.62,
    ("jin", "kg"): 0.5,
    ("jin", "lb"): 1.10231,
    ("kg", "jin"): 2,
    ("lb", "jin"): 0.90718,
}
MEASURES = frozenset(
    "hip hips waist chest bust height weight foot foot_length shoulder shoulders length inseam thigh sleeve neck wrist"
    " head".split()
)
"""What a table can measure; who asks for a number must be able to say of what."""
WEIGHTS = frozenset({"jin", "kg", "lb"})
_FEWEST_SIZES = 2
_BY_MEASURES = re.compile(r"\d+(?:\.\d+)?\s*(?:cm|in|m)?\s*[x×*]\s*\d+", re.IGNORECASE)
_OF_BODIES = frozenset({"height", "weight"})
_ENDS = 2
# How far outside a table a number may lie and still be of the same kind.
_NEAR = 0.25


@dataclass(frozen=True)
class Table:
    """One measure of a product: sizes from small to large with their numbers in ``unit``.

    Of a size that is made for a range the number is its upper end; ``ranges`` are those as they are said.
    """

    measure: str
    unit: str
    sizes: tuple[tuple[str, float], ...]
    ranges: Mapping[str, str] = field(default_factory=dict[str, str])

    def reading(self, given: Measured, foreign: frozenset[str] = frozenset()) -> float | None:
        """The buyer's number in this table's unit; None when it cannot be of this measure.

        A bare number is of none of the ``foreign`` units.
        """
        # Nobody gives a body in millimetres without saying so.
        other = (a for a, b in _FACTOR if b == self.unit and a not in foreign and a != "mm")
        units = [self.unit, *other]
        units = [given.unit] if given.unit else units
        for unit in units:
            factor = 1.0 if unit == self.unit else _FACTOR.get((unit, self.unit))
            if factor is not None and self._plausible(given.value * factor):
                return round(given.value * factor, 2)
        return None

    def _plausible(self, value: float) -> bool:
        return self.sizes[0][1] * (1 - _NEAR) <= value <= self.sizes[-1][1] * (1 + _NEAR)

    def place(self, value: float) -> int:
        """The first size that is large enough; the number of sizes when none is."""
        return next((at for at, (_, number) in enumerate(self.sizes) if number >= value), len(self.sizes))

    def number(self, size: str) -> float | None:
        """The number of ``size``."""
        return next((number for name, number in self.sizes if name.lower() == size.lower()), None)


def tables(product: Product | None) -> tuple[Table, ...]:
    """The size tables in a product's attributes, in the order given."""
    found: list[Table] = []
    for key, value in (product.attributes if product else {}).items():
        match = _TABLE.match(key) or _by_weight(key, value)
        measure = _measure(match.group(1)) if match is not None else None
        if match is None or measure is None or not isinstance(value, Mapping):
            continue
        if measure in _OF_BODIES and sized_by_measures(value):
            # What a quilt of 150x200 weighs is for nobody's body.
            continue
        ranges = {str(size): one for size, given in value.items() if (one := _range(given)) is not None}
        ends = {size: one[1] for size, one in ranges.items()}
        numbers = [(str(size), n) for size, given in value.items() if (n := ends.get(str(size), number_of(given)))]
        unit = match.group(2) or next((one[2] for one in ranges.values() if one[2]), None)
        if numbers and unit:
            said = {size: one[0] for size, one in ranges.items()}
            found.append(Table(measure, unit, tuple(sorted(numbers, key=lambda one: one[1])), said))
    return tuple(found)


def sized_by_measures(table: Mapping[str, JsonValue]) -> bool:
    """Whether the sizes of ``table`` are called by their own measures: 150x200, 50 x 60 in."""
    return bool(table) and all(_BY_MEASURES.search(str(size)) for size in table)


def _measure(name: str) -> str | None:
    """What a table measures, whatever the shop says of it before: "max_weight", "suggested_height", "weight_range"."""
    words = name.removesuffix("_range").split("_")
    ends = ("_".join(words[at:]) for at in range(len(words)))
    return next((end for end in ends if end in MEASURES), None)


def _by_weight(key: str, value: JsonValue) -> re.Match[str] | None:
    """A name for a table that states for whom each size is by what they weigh, whatever the shop calls it."""
    if "_by_" in key or not isinstance(value, Mapping) or len(value) < _FEWEST_SIZES:
        return None
    read = [_range(given) for given in value.values()]
    weighs = all(one is not None and one[2] in WEIGHTS for one in read)
    return _TABLE.match("weight_by_size") if weighs else None


def _range(given: JsonValue) -> tuple[str, float, str | None] | None:
    """A range as it is said, its upper end and its unit as far as it is written: "56-62 kg", or both ends listed."""
    if isinstance(given, list) and len(given) == _ENDS:
        low, high = (number_of(one) for one in given)
        return None if low is None or high is None else (f"{low:g}-{high:g}", high, None)
    match = _RANGE.fullmatch(given) if isinstance(given, str) else None
    if match is None:
        return None
    low, high, unit = match.groups()
    return f"{low}-{high}", float(high), _UNITS.get((unit or "").lower())


def number_of(value: JsonValue) -> float | None:
    """A number, also where a platform writes it as words ("30.5")."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
