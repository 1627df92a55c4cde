"""Recall and precision of personal data on sentences with and without it, by entity."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from copilot.policy.privacy import mask

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "privacy.jsonl").read_text(encoding="utf-8").splitlines()
]


def _expected(row) -> list[tuple[str, int, int]]:
    places, at = [], 0
    for entity in row["entities"]:
        at = row["text"].index(entity["text"], at)
        places.append((entity["type"], at, at + len(entity["text"])))
        at += len(entity["text"])
    return places


def _found(row) -> list[tuple[str, int, int]]:
    return [(one.type, one.start, one.end) for one in mask(row["text"], market=row["market"]).entities]


def _paired(expected, found) -> Iterator[tuple[tuple[str, int, int], tuple[str, int, int]]]:
    """Each expected entity with the first unused one of its type that overlaps it."""
    free = list(found)
    for one in expected:
        match = next((other for other in free if other[0] == one[0] and other[1] < one[2] and one[1] < other[2]), None)
        if match is not None:
            free.remove(match)
            yield one, match


@pytest.fixture(scope="module")
def measured():
    return [(row, _expected(row), _found(row)) for row in ROWS]


def test_the_fixture_is_as_large_and_as_mixed_as_asked() -> None:
    assert len({row["text"] for row in ROWS}) >= 600
    assert sum(not row["entities"] for row in ROWS) >= 300
    assert {row["market"] for row in ROWS} == {"cn", "us", "uk", "sea"}
    types = Counter(entity["type"] for row in ROWS for entity in row["entities"])
    assert min(types.values()) >= 7, types


def test_recall_and_precision_hold(measured) -> None:
    hit = sum(len(list(_paired(expected, found))) for _, expected, found in measured)
    wanted = sum(len(expected) for _, expected, _ in measured)
    given = sum(len(found) for _, _, found in measured)
    assert hit / wanted >= 0.98
    assert hit / given >= 0.98


@pytest.mark.parametrize("kind", sorted({entity["type"] for row in ROWS for entity in row["entities"]}))
def test_no_type_hides_behind_the_others(measured, kind) -> None:
    wanted = [one for _, expected, _ in measured for one in expected if one[0] == kind]
    hit = sum(one[0] == kind for _, expected, found in measured for one, _ in _paired(expected, found))
    assert hit / len(wanted) >= 0.9


def test_little_of_an_entity_stays_readable(measured) -> None:
    pairs = [pair for _, expected, found in measured for pair in _paired(expected, found)]
    covered = sum(max(0, min(one[2], other[2]) - max(one[1], other[1])) for one, other in pairs)
    assert covered / sum(one[2] - one[1] for one, _ in pairs) >= 0.99


def test_look_alikes_stay(measured) -> None:
    touched = [row["text"] for row, expected, found in measured if not expected and found]
    assert len(touched) <= len([row for row in ROWS if not row["entities"]]) * 0.01, touched
