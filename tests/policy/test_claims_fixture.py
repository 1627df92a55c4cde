"""Recall and precision of claims by kind, place and value; claims are pieces of their text and nothing is made up."""

import json
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.policy.claims import extract

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "claims.jsonl").read_text(encoding="utf-8").splitlines()
]
# Ten in the morning of Tuesday, 3 November 2026, in either shop.
WHERE = {
    "zh": (datetime(2026, 11, 3, 2, 0, tzinfo=UTC), ZoneInfo("Asia/Shanghai")),
    "en": (datetime(2026, 11, 3, 15, 0, tzinfo=UTC), ZoneInfo("America/New_York")),
}
PLAIN = [row for row in ROWS if not row["claims"]]
Place = tuple[str, int, int, Any]


def _value(value: Any) -> Any:
    if isinstance(value, dict):
        return Decimal(value["amount"]).normalize(), value["currency"]
    return tuple(value) if isinstance(value, list) else value


def _found(row) -> list[Place]:
    now, zone = WHERE[row["language"]]
    claims = extract(row["text"], language=row["language"], now=now, zone=zone)
    return [(one.kind.value, one.start, one.end, _value(one.value)) for one in claims]


def _expected(row) -> list[Place]:
    places = []
    for claim in row["claims"]:
        start = row["text"].index(claim["text"])
        places.append((claim["kind"], start, start + len(claim["text"]), _value(claim["value"])))
    return places


def _hits(expected: list[Place], found: list[Place]) -> list[Place]:
    free, hits = list(found), []
    for kind, start, end, value in expected:
        same = (one for one in free if one[0] == kind and one[1] < end and start < one[2] and one[3] == value)
        match = next(same, None)
        if match is not None:
            free.remove(match)
            hits.append((kind, start, end, value))
    return hits


@pytest.fixture(scope="module")
def measured() -> list[tuple[list[Place], list[Place]]]:
    return [(_expected(row), _found(row)) for row in ROWS]


def test_the_fixture_is_as_large_and_as_mixed_as_asked() -> None:
    assert len({row["text"] for row in ROWS}) >= 450
    assert len(PLAIN) >= 120
    kinds = Counter(claim["kind"] for row in ROWS for claim in row["claims"])
    assert min(kinds.values()) >= 10, kinds
    assert len(kinds) == 12


def test_recall_and_precision_hold(measured) -> None:
    hits = sum(len(_hits(*one)) for one in measured)
    assert hits / sum(len(expected) for expected, _ in measured) >= 0.97
    assert hits / sum(len(found) for _, found in measured) >= 0.97


@pytest.mark.parametrize("kind", sorted({claim["kind"] for row in ROWS for claim in row["claims"]}))
def test_no_kind_hides_behind_the_others(measured, kind: str) -> None:
    wanted = sum(place[0] == kind for expected, _ in measured for place in expected)
    given_ = sum(place[0] == kind for _, found in measured for place in found)
    hits = sum(place[0] == kind for one in measured for place in _hits(*one))
    assert hits / wanted >= 0.95
    assert hits / given_ >= 0.95


@pytest.mark.parametrize("row", PLAIN, ids=lambda row: row["text"][:24])
def test_what_states_nothing_gives_no_claim(row) -> None:
    assert _found(row) == []


@given(st.lists(st.sampled_from([row["text"] for row in PLAIN if row["language"] == "zh"]), max_size=4))
def test_sentences_that_state_nothing_do_so_together(texts: list[str]) -> None:
    assert _found({"text": "\n".join(texts), "language": "zh"}) == []


@given(
    st.lists(st.one_of(st.text(max_size=12), st.sampled_from([row["text"] for row in ROWS])), max_size=4).map("".join),
    st.sampled_from(["zh", "en"]),
)
def test_a_claim_is_a_piece_of_its_text(text: str, language: str) -> None:
    now, zone = WHERE[language]
    last = (-1, -1)
    for claim in extract(text, language=language, now=now, zone=zone):
        assert 0 <= claim.start < claim.end <= len(text)
        assert claim.text == text[claim.start : claim.end]
        assert claim.source is None
        assert last <= (claim.start, claim.end)
        last = claim.start, claim.end


@given(st.sampled_from(ROWS))
def test_full_width_and_capitals_state_the_same(row) -> None:
    wide = "".join(
        chr(ord(one) + 0xFEE0) if one.isascii() and (one.isdigit() or one in "%:,./-") else one for one in row["text"]
    )
    numbers = [one for one in _found({**row, "text": wide}) if one[0] != "number"]
    assert numbers == [one for one in _found(row) if one[0] != "number"]


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        (text, ("10", "CNY"))
        for text in (
            "¥10",
            "10元",
            "十块",
            "十块钱",
            "10 yuan",
            "RMB 10",
            "RMB10",
            "￥１０",
            "10块",
            "10.00元",
            "CNY 10",
        )
    ]
    + [("两百五十块", ("250", "CNY")), ("一千二百元", ("1200", "CNY")), ("2万元", ("20000", "CNY"))]
    + [("£12.50", ("12.5", "GBP")), ("Rp 50.000", ("50000", "IDR")), ("150.000đ", ("150000", "VND"))]
    + [("฿390", ("390", "THB")), ("RM12", ("12", "MYR")), ("$1.5k", ("1500", "USD"))],
)
def test_an_amount_is_the_same_however_it_is_written(written: str, amount: tuple[str, str]) -> None:
    [(kind, _, _, value)] = _found({"text": f"退 {written} 吧", "language": "zh"})
    assert (kind, value) == ("amount", (Decimal(amount[0]).normalize(), amount[1]))


@pytest.mark.parametrize(
    ("zone", "day"),
    [("America/New_York", "2026-11-09"), ("Europe/London", "2026-09-11"), ("Asia/Jakarta", "2026-09-11")],
)
def test_the_shops_zone_tells_the_day_from_the_month(zone: str, day: str) -> None:
    [claim] = extract("by 11/9", language="en", now=WHERE["en"][0], zone=ZoneInfo(zone))
    assert claim.value == day
