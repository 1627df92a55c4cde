"""Size tables: rows of product, size, measure, value and unit become the facts that choose a size.

Owns the key of such a fact (``<measure>_<unit>_by_size``); the words people use for measures and units are the
playbook's, and ``playbook/fit.py`` chooses sizes.
"""

import csv
import io
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from copilot.domain.errors import BadInput
from copilot.domain.knowledge import ProductFact
from copilot.files import read_model
from copilot.knowledge.exchange import Read, Remark
from copilot.playbook.words import FILE, WordsFile

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "product": ("商品", "商品编号"),
    "size": ("尺码", "码数"),
    "measure": ("部位", "项目"),
    "value": ("数值", "值"),
    "unit": ("单位",),
}
_NAME: Final = re.compile(r"[a-z]+(_[a-z]+)*")
_UNITS: Final = ("cm", "in", "kg", "lb")


class Named:
    """What people call measures and units."""

    def __init__(self, folders: Sequence[Path]) -> None:
        """Read the playbooks' word lists in ``folders``; a later folder adds to them."""
        self.measures: dict[str, str] = {}
        self.units: dict[str, str] = {}
        for path in (folder / "playbooks" / FILE for folder in folders):
            if path.is_file():
                words = read_model(path, WordsFile)
                for measure, spoken in words.measures.items():
                    known = (measure, measure.replace("_", " "), *spoken.zh, *spoken.en)
                    self.measures |= {word.lower(): measure for word in known}
                self.units |= {word.lower(): unit for unit, its in words.units.items() for word in (unit, *its)}

    def measure(self, word: str) -> str | None:
        """Our name of a measure; one that only this shop has may be any plain English word."""
        word = word.strip().lower()
        found = self.measures.get(word)
        return found or (word.replace(" ", "_") if _NAME.fullmatch(word.replace(" ", "_")) else None)

    def unit(self, word: str) -> str | None:
        """Our name of a unit."""
        return self.units.get(word.strip().lower())


def read_sizes(text: str, named: Named) -> Read[ProductFact]:
    """The facts in a table of sizes; each measure of a product is one, in the order of its first row.

    Raises:
        BadInput: a column is missing.
    """
    found: Read[ProductFact] = Read()
    tables: dict[tuple[str, str], dict[str, float]] = {}
    first: dict[tuple[str, str], int] = {}
    for line, row in _rows(text.removeprefix("\ufeff")):
        one = row if isinstance(row, Remark) else _number(line, row, named)
        if isinstance(one, Remark):
            found.bad.append(one)
            continue
        key, size, value = one
        table = tables.setdefault(key, {})
        first.setdefault(key, line)
        if table.get(size, value) != value:
            found.bad.append(Remark(line, "value: this size has another value further up; keep one of them"))
            continue
        table[size] = value
    for (product, key), table in tables.items():
        sizes = {size: int(value) if value.is_integer() else value for size, value in table.items()}
        found.things.append(ProductFact(product=product, key=key, value=dict(sizes)))
        found.lines.append(first[product, key])
    return found


def _rows(text: str) -> Iterator[tuple[int, dict[str, str] | Remark]]:
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    places: dict[str, int] | None = None
    start = 1
    while True:
        try:
            row = next(table, None)
        except csv.Error:
            yield start, Remark(start, "is not CSV from here on; look for a quotation mark that is never closed")
            return
        if row is None:
            return
        if places is None:
            places = _places(row)
        elif any(cell.strip() for cell in row):
            yield start, {name: row[at].strip() if at < len(row) else "" for name, at in places.items()}
        start = table.line_num + 1


def _places(header: list[str]) -> dict[str, int]:
    names = {name.strip().lower(): at for at, name in reversed(list(enumerate(header)))}
    places: dict[str, int] = {}
    for column, others in COLUMNS.items():
        at = next((names[name] for name in (column, *others) if name in names), None)
        if at is None:
            raise BadInput(f"line 1: the table has no column {column}", remedy=f"name the columns {', '.join(COLUMNS)}")
        places[column] = at
    return places


def _number(line: int, row: Mapping[str, str], named: Named) -> tuple[tuple[str, str], str, float] | Remark:
    empty = next((name for name in COLUMNS if not row[name]), None)
    if empty is not None:
        return Remark(line, f"{empty}: must not be empty")
    measure, unit = named.measure(row["measure"]), named.unit(row["unit"])
    if measure is None:
        known = ", ".join(sorted(set(named.measures.values())))
        return Remark(line, f"measure: is not known; use {known} or a word of your own in a-z")
    if unit is None:
        return Remark(line, f"unit: is not known; use {', '.join(_UNITS)}")
    try:
        value = float(row["value"])
    except ValueError:
        value = math.nan
    if not (math.isfinite(value) and value > 0):
        return Remark(line, "value: is not a number above 0; a range has two rows, or its larger end")
    return (row["product"], f"{measure}_{unit}_by_size"), row["size"], value
