"""One value as a cell of a table and back, so that no value changes on the way. Owns the two spellings; opens nothing.

A list stands line by line, as people write it into a cell; whatever that would change stands as JSON.
"""

import json
from datetime import datetime
from typing import Any, Final, cast

LISTS: Final = frozenset({"similar", "products", "regions", "cards", "keywords", "days"})
OBJECTS: Final = frozenset({"original", "text_by_language"})


def written(name: str, value: Any) -> str:
    """The cell for the field ``name``; ``value`` is of JSON types."""
    if name == "value":
        return _free(value)
    if value is None:
        return ""
    if isinstance(value, list):
        return _lines(cast("list[str]", value))
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return str(value)


def read(name: str, cell: str, *, object: bool = False) -> Any:
    """What the cell of the field ``name`` holds; None for an empty one.

    ``object`` says that the field maps names to values.

    Raises:
        ValueError: JSON was begun and is none.
    """
    if name == "value":
        return _free_read(cell)
    if cell == "":
        return None
    if name in LISTS:
        return (
            json.loads(cell) if cell.startswith("[") else [line.strip() for line in cell.splitlines() if line.strip()]
        )
    return json.loads(cell) if object else cell


def _lines(value: list[str]) -> str:
    text = "\n".join(value)
    same = bool(value) and not text.startswith("[") and [line.strip() for line in text.splitlines()] == value
    return "" if not value else text if same and all(value) else json.dumps(value, ensure_ascii=False)


def _free(value: Any) -> str:
    """Any JSON: a string as it stands unless it could be read as something else."""
    if isinstance(value, str) and value.strip() and _free_read(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)


def _free_read(cell: str) -> Any:
    try:
        return json.loads(cell, parse_constant=_refuse)
    except ValueError:
        return cell


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def moment(value: str) -> str:
    """A time as people write it into a table: a blank instead of the T is let pass; an offset must be there."""
    try:
        found = datetime.fromisoformat(value.strip())
    except ValueError:
        return value
    return found.isoformat()
