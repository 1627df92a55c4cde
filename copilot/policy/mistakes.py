"""Words for what is wrong in a file that people write: where it stands, what was expected, the nearest thing known.

It words pydantic's findings for someone who writes YAML, not Python; it reads no files.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast, get_args

from pydantic import BaseModel

Loc = tuple[str | int, ...]
_EXPECTED = {
    "string_type": "text",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "date_type": "a date such as 2026-11-01",
    "date_parsing": "a date such as 2026-11-01",
    "date_from_datetime_parsing": "a date such as 2026-11-01",
    "date_from_datetime_inexact": "a date such as 2026-11-01",
}
_NOWHERE = object()
_CLOSED = {"enum", "literal_error", "union_tag_invalid"}


def place(loc: Loc, data: object) -> tuple[Loc, bool]:
    """``loc`` as it stands in ``data``, and whether its last part stands there.

    pydantic names the members of unions in a location; the file does not. A matcher's kind comes first, and may have
    the same name as one of its keys.
    """
    at: Loc = ()
    here: object = data
    entered = last = True
    for part in loc:
        last = True
        inside = _inside(here, part)
        tag = entered and _inside(here, "kind") == part
        if inside is not _NOWHERE and not tag:
            at, here, entered = (*at, part), inside, True
        else:
            last = entered = False
    return at, last


def _inside(data: object, part: str | int) -> object:
    if isinstance(data, dict):
        return cast("dict[object, object]", data).get(part, _NOWHERE)
    if isinstance(data, list) and isinstance(part, int):
        items = cast("list[object]", data)
        return items[part] if part < len(items) else _NOWHERE
    return _NOWHERE


def first(errors: Sequence[Mapping[str, Any]], data: object) -> Mapping[str, Any]:
    """The error that helps most: a misspelled key is also a missing one, and the spelling is what helps."""

    def weight(item: Mapping[str, Any]) -> int:
        if item["type"] == "extra_forbidden":
            return 0
        # A union complains once per member; the member that was not meant complains about the type of the whole.
        other_member = item["type"] in ("string_type", "model_type") and not place(item["loc"], data)[1]
        return 2 if other_member else 1

    return min(errors, key=weight)


def words(error: Mapping[str, Any], at: Loc, model: type[BaseModel]) -> tuple[str, str]:
    """What is wrong and what to do about it."""
    kind, value = error["type"], error.get("input")
    ctx: Mapping[str, Any] = error.get("ctx") or {}
    name = _name(at)
    if kind == "extra_forbidden":
        key = str(error["loc"][-1])
        return f"unknown key '{key}'", _did_you_mean(key, sorted(_keys(model))) or "remove it"
    if kind == "missing":
        return f"key '{error['loc'][-1]}' is missing", "add it"
    if kind == "union_tag_not_found":
        return f"{name}: key 'kind' is missing", _kind_missing(value)
    if kind in _CLOSED:
        return _closed(name, kind, ctx, value)
    if kind in _EXPECTED:
        return f"{name}: must be {_EXPECTED[kind]}, not {_kind_of(value)}", _remedy(kind, value)
    if kind == "too_short":
        return f"{name}: must not be empty", "add at least one"
    if kind == "string_pattern_mismatch":
        return f"{name}: '{value}' does not look like {ctx.get('pattern')}", "correct it"
    return f"{name}: {str(error['msg']).removeprefix('Value error, ')}", "correct it"


def nearest(value: str, known: Sequence[str]) -> str | None:
    """The member of ``known`` that is spelled most like ``value``."""
    found = difflib.get_close_matches(value, known, n=1, cutoff=0.5)
    return found[0] if found else None


def _kind_missing(value: object) -> str:
    keys = [str(key) for key in cast("dict[object, object]", value)] if isinstance(value, dict) else []
    near = nearest("kind", keys)
    return f"did you mean 'kind' by '{near}'?" if near else "say which matcher it is, for instance kind: terms"


def _closed(name: str, kind: str, ctx: Mapping[str, Any], value: object) -> tuple[str, str]:
    tag = kind == "union_tag_invalid"
    known = re.findall(r"'([^']*)'", str(ctx.get("expected_tags" if tag else "expected", "")))
    given = str(ctx.get("tag") if tag else value)
    given = given.lower() if isinstance(value, bool) else given
    where = f"{name}.kind" if tag and name != "file" else name
    return f"{where}: '{given}' is not known", _did_you_mean(given, known, listed=True) or "correct it"


def _did_you_mean(given: str, known: Sequence[str], *, listed: bool = False) -> str | None:
    near = nearest(given, known)
    mean = f"did you mean '{near}'?" if near else None
    if not listed or not known:
        return mean
    every = f"one of: {', '.join(known)}"
    return f"{mean} ({every})" if mean else every


def _remedy(kind: str, value: object) -> str:
    if kind == "string_type" and isinstance(value, bool | int | float):
        return "put it in quotes"
    if kind == "string_type" and value is None:
        return "write some text"
    if kind in ("tuple_type", "list_type"):
        return "put it in brackets: [ … ]" if isinstance(value, str) else "write one item per line, each after a dash"
    return "correct it"


def _kind_of(value: object) -> str:
    match value:
        case None:
            return "empty"
        case bool():
            return f"{str(value).lower()} (yes, no, on and off mean true and false in YAML)"
        case int() | float():
            return f"the number {value}"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case _:
            return f"a {type(value).__name__}"


def _name(at: Loc) -> str:
    return ".".join(str(part) for part in at) or "file"


def _keys(model: type[BaseModel]) -> Iterator[str]:
    """Every key that may stand somewhere in a file of ``model``."""
    seen: set[type[BaseModel]] = set()
    todo: list[object] = [model]
    while todo:
        item = todo.pop()
        if isinstance(item, type) and issubclass(item, BaseModel):
            if item not in seen:
                seen.add(item)
                yield from item.model_fields
                todo += [info.annotation for info in item.model_fields.values()]
        else:
            inner: Sequence[Any] = get_args(item)
            todo += inner
