"""docs/features.md and the marks on the tests must agree."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

STATES = {"works", "mirrored from the platform", "not yet"}
SOURCES = {"public API", "gated", "companion", "none"}
ALL = [f"F{number:03}" for number in range(1, 134)]
_ROW = re.compile(r"^\| (F\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def rows(text: str) -> list[tuple[str, ...]]:
    """Number, feature, state, test, real data of every row."""
    return [tuple(cell.strip() for cell in row) for row in _ROW.findall(text)]


def marks(source: str) -> Iterator[str]:
    """The numbers in ``mark.feature(…)`` anywhere in a test file."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "feature":
            yield from (str(a.value) for a in node.args if isinstance(a, ast.Constant))


def proofs(folder: Path) -> dict[str, set[str]]:
    """From a feature's number to the test files that carry it, relative to the checkout."""
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*.py")):
        for number in marks(path.read_text(encoding="utf-8")):
            found.setdefault(number, set()).add(path.relative_to(ROOT).as_posix())
    return found


def problems(table: list[tuple[str, ...]], carried: dict[str, set[str]]) -> list[str]:
    """What is wrong between the table and the marks, one sentence each."""
    told = [f"{number} stands {times} times" for number, times in Counter(row[0] for row in table).items() if times > 1]
    told += [f"{number} has no row" for number in ALL if number not in {row[0] for row in table}]
    told += [f"{number} is marked by a test but does not exist" for number in sorted(carried) if number not in ALL]
    for number, _, state, test, source in table:
        if state not in STATES:
            told.append(f"{number} has the unknown state {state!r}")
        if not set(source.split(" / ")) <= SOURCES:
            told.append(f"{number} has the unknown source {source!r}")
        if state == "works" and test.strip("`") not in carried.get(number, set()):
            told.append(f"{number} works, says the table, but {test} does not carry its number")
        if state != "works" and test != "–":
            told.append(f"{number} names a test but does not work")
    return told


def test_the_table_is_true() -> None:
    table = rows((ROOT / "docs/features.md").read_text(encoding="utf-8"))
    assert problems(table, proofs(ROOT / "tests")) == []


GOOD = [(number, "x", "not yet", "–", "none") for number in ALL]


@pytest.mark.parametrize(
    ("table", "carried", "problem"),
    [
        (GOOD[1:], {}, "F001 has no row"),
        ([*GOOD, GOOD[0]], {}, "F001 stands 2 times"),
        (GOOD, {"F134": {"t.py"}}, "F134 is marked by a test but does not exist"),
        ([("F001", "x", "works", "`t.py`", "none"), *GOOD[1:]], {}, "F001 works, says the table, but `t.py` does"),
        ([("F001", "x", "works", "`t.py`", "none"), *GOOD[1:]], {"F001": {"u.py"}}, "F001 works, says the table"),
        ([("F001", "x", "done", "–", "none"), *GOOD[1:]], {}, "F001 has the unknown state"),
        ([("F001", "x", "not yet", "–", "guess"), *GOOD[1:]], {}, "F001 has the unknown source"),
    ],
)
def test_each_lie_is_found(table: list[tuple[str, ...]], carried: dict[str, set[str]], problem: str) -> None:
    assert [told for told in problems(table, carried) if told.startswith(problem)]


def test_marks_are_read_from_decorators_and_parameters() -> None:
    source = '@pytest.mark.feature("F001")\ndef test(): ...\npytest.param(1, marks=pytest.mark.feature("F002", "F003"))'
    assert list(marks(source)) == ["F001", "F002", "F003"]
