"""A shop's knowledge as files: JSONL and CSV out, and in again with nothing lost.

A line that cannot be used is data with its place and the remedy, and the others go on. Who stores what was read is
``records.py``.
"""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar, cast

from pydantic import ValidationError

from copilot.domain.base import Shape
from copilot.domain.errors import BadInput
from copilot.domain.issue import Category
from copilot.domain.knowledge import ProductFact
from copilot.knowledge import cells
from copilot.knowledge.kinds import Kind
from copilot.knowledge.sound import problem_of

S = TypeVar("S", bound=Shape)

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("编号", "entry"),
    "language": ("语言", "lang"),
    "question": ("问题", "标准问题"),
    "similar": ("相似问题", "相似问法", "similar questions"),
    "answer": ("答案", "回答"),
    "category": ("分类", "类别"),
    "audience": ("对象",),
    "products": ("商品", "商品编号"),
    "product": ("商品", "商品编号"),
    "valid_from": ("生效时间", "开始时间"),
    "valid_to": ("失效时间", "结束时间"),
    "key": ("属性", "attribute"),
    "value": ("值", "内容"),
    "source": ("来源",),
    "title": ("标题",),
    "text": ("文字", "话术"),
    "cards": ("卡片", "常见问题卡片"),
    "trigger": ("触发条件",),
    "keywords": ("关键词",),
    "starts": ("起始时刻",),
    "ends": ("结束时刻",),
    "days": ("星期",),
    "busy_from": ("排队人数",),
    "active": ("启用",),
    "since": ("开始时间",),
    "until": ("结束时间",),
}
"""Other names that tables give to the fields."""
TOLD: Final = ("name", "status", "price", "stock")
"""The facts that make a product one that a draft may name and offer; all other keys are its attributes."""
_CATEGORIES: Final = {
    "日常问候": "daily_greeting", "问候": "daily_greeting", "售前": "pre_sale", "物流": "logistics",
    "售后": "after_sale", "其他": "other",
}  # fmt: skip
_TIMES: Final = frozenset(
    {"valid_from", "valid_to", "since", "until", "starts_at", "ends_at", "recovery_at", "ship_by"}
)
_HAN: Final = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Remark:
    """Something about one line (counted from 1): why it cannot be used, or what was made of it."""

    line: int
    why: str


@dataclass
class Read(Generic[S]):
    """What a file gave: things with their lines, lines that cannot be used, and what the person should know."""

    things: list[S] = field(default_factory=list[S])
    lines: list[int] = field(default_factory=list[int])
    bad: list[Remark] = field(default_factory=list[Remark])
    warnings: list[Remark] = field(default_factory=list[Remark])


def to_jsonl(kind: Kind[S], things: Iterable[S]) -> str:
    """One object a line, every field."""
    return "".join(json.dumps(thing.model_dump(mode="json"), ensure_ascii=False) + "\n" for thing in things)


def to_csv(kind: Kind[S], things: Iterable[S]) -> str:
    """A table with a column a field; with the mark by which spreadsheets know UTF-8."""
    out = io.StringIO()
    names = list(kind.shape.model_fields)
    table = csv.writer(out)
    table.writerow(names)
    for thing in things:
        row = thing.model_dump(mode="json")
        table.writerow([cells.written(name, row[name]) for name in names])
    return "\ufeff" + out.getvalue()


def read_text(kind: Kind[S], text: str, *, language: str | None = None) -> Read[S]:
    """The things in ``text``, JSONL when it begins like JSON, else CSV; ``language`` is of those that name none.

    Raises:
        BadInput: a table that lacks a column without which nothing can be read.
    """
    text = text.removeprefix("\ufeff")
    rows = _objects(text) if text.lstrip()[:1] in ("", "{", "[") else _table(kind, text)
    found: Read[S] = Read()
    seen: dict[Any, int] = {}
    for line, row in rows:
        thing = row if isinstance(row, Remark) else _thing(kind, line, row, language, found)
        if isinstance(thing, Remark):
            found.bad.append(thing)
            continue
        key = kind.key(thing)
        if key in seen:
            found.bad.append(Remark(line, f"is the same one as line {seen[key]}; keep one, or give it another id"))
            continue
        seen[key] = line
        found.things.append(thing)
        found.lines.append(line)
    found.warnings += without_name(zip(found.lines, found.things, strict=True))
    return found


def without_name(read: Iterable[tuple[int, Shape]]) -> Iterator[Remark]:
    """Remarks on products that the file states something about and does not name, at their first line."""
    first: dict[str, int] = {}
    keys: dict[str, set[str]] = {}
    for line, thing in read:
        if isinstance(thing, ProductFact):
            first.setdefault(thing.product, line)
            keys.setdefault(thing.product, set()).add(thing.key)
    for product, line in first.items():
        missing = [key for key in TOLD if key not in keys[product]]
        if "name" in missing:
            yield Remark(
                line,
                f"this file states no {', '.join(missing)} of the product: unless the shop has stored them, a draft"
                " knows it only by an order or a card; add facts with these keys",
            )


def _objects(text: str) -> Iterator[tuple[int, dict[str, Any] | Remark]]:
    # Not splitlines(): a text may hold other characters that end lines somewhere.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            yield number, Remark(number, "is not JSON; write one object a line")
            continue
        plain = cast("dict[str, Any]", value) if isinstance(value, dict) else None
        yield number, plain if plain is not None else Remark(number, "must be a JSON object")


def _table(kind: Kind[Any], text: str) -> Iterator[tuple[int, dict[str, Any] | Remark]]:
    table = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns: dict[str, int] | None = None
    start = 1
    while True:
        try:
            row = next(table, None)
        except csv.Error:
            yield start, Remark(start, "is not CSV from here on; look for a quotation mark that is never closed")
            return
        if row is None:
            return
        if columns is None:
            columns = _columns(kind, row)
        elif any(cell.strip() for cell in row):
            yield start, _row(kind, columns, row, start)
        start = table.line_num + 1


def _columns(kind: Kind[Any], header: list[str]) -> dict[str, int]:
    names = {name.strip().lower(): at for at, name in reversed(list(enumerate(header)))}
    found = {
        field: at
        for field in kind.shape.model_fields
        if (at := next((names[one] for one in (field, *HEADINGS.get(field, ())) if one in names), None)) is not None
    }
    missing = [name for name, info in kind.shape.model_fields.items() if info.is_required() and name not in found]
    missing = [name for name in missing if name not in _MADE_UP]
    if missing:
        raise BadInput(
            f"line 1: the table has no column {missing[0]}",
            remedy=f"name the columns {', '.join(kind.shape.model_fields)}",
        )
    return found


_MADE_UP: Final = frozenset({"id", "language", "category"})
"""What an entry or a phrase may leave to us."""


def _row(kind: Kind[Any], columns: Mapping[str, int], row: list[str], line: int) -> dict[str, Any] | Remark:
    found: dict[str, Any] = {}
    for name, at in columns.items():
        cell = row[at] if at < len(row) else ""
        mapping = kind.name == "notices" and name == "text"
        try:
            value = cells.read(name, cell, object=name == "original" or mapping)
        except ValueError:
            return Remark(line, f"{name}: is not JSON; write it as an export does")
        if value is not None or name == "value":
            found[name] = cells.moment(str(value)) if name in _TIMES else value
    return found


def _thing(kind: Kind[S], line: int, row: dict[str, Any], language: str | None, found: Read[S]) -> S | Remark:
    row = _completed(kind, row, language)
    told: str | None = None
    if "category" in kind.shape.model_fields:
        row["category"], told = _category(row.get("category"))
    try:
        thing = kind.shape.model_validate(row)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        return Remark(line, f"{place}: {first['msg']}{_remedy(first['type'])}")
    problem = problem_of(thing)
    if problem is not None:
        return Remark(line, problem)
    if told is not None:
        found.warnings.append(Remark(line, told))
    return thing


def _completed(kind: Kind[Any], row: dict[str, Any], language: str | None) -> dict[str, Any]:
    """``row`` with a language and an id, when it is of a kind that has them and names none."""
    fields = kind.shape.model_fields
    words = str(row.get("question") or row.get("title") or "")
    if "language" in fields and not row.get("language"):
        row = row | {"language": language or ("zh" if _HAN.search(words) else "en")}
    if "id" in fields and not row.get("id") and words:
        # The same words give the same id, so that a second import brings the first up to date.
        row = row | {"id": f"{kind.name}.{hashlib.sha256(words.strip().encode()).hexdigest()[:10]}"}
    return row


def _category(given: object) -> tuple[str, str | None]:
    """The category, and the warning when the file's is none of ours."""
    if given is None or given == "":
        return Category.OTHER.value, None
    name = _CATEGORIES.get(str(given).strip(), str(given).strip().lower())
    if name in set(Category):
        return name, None
    return Category.OTHER.value, f"category: is none of {', '.join(Category)}; 'other' was put there"


def _remedy(kind: str) -> str:
    return {
        "missing": "; it must be there",
        "timezone_aware": "; write an offset, as in 2026-11-11T20:00:00+08:00",
        "datetime_from_date_parsing": "; write it as 2026-11-11T20:00:00+08:00",
        "datetime_parsing": "; write it as 2026-11-11T20:00:00+08:00",
    }.get(kind, "")
