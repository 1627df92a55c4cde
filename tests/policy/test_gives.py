"""What a person's words give, with or without a time, and what only sounds like it."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.assets import policy_folders
from copilot.domain.money import Money
from copilot.policy.claims import extract
from copilot.policy.claims.gives import Gives, Kind, gives, unread
from copilot.policy.language import language_of

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SENTENCES: list[dict[str, Any]] = [
    json.loads(line)
    for line in (Path(__file__).parent / "gives.jsonl").read_text(encoding="utf-8").splitlines()
    if line
]
_SORTS = {
    "money": {Kind.MONEY},
    "refund": {Kind.REFUND},
    "part": {Kind.PART},
    "goods": {Kind.RESHIP, Kind.EXCHANGE, Kind.GIFT},
    "unnamed": {Kind.GAP, Kind.COMPENSATION},
    "shipping": {Kind.SHIPPING},
}


def read(text: str, language: str = "zh") -> tuple[Gives, ...]:
    return gives(text, extract(text, language=language, now=NOON, zone=ZoneInfo("Asia/Shanghai")), language)


def counted(sentences: Sequence[dict[str, Any]]) -> Counter[str]:
    """How many give something, and of those found and found as what; and the false alarms among the others."""
    seen = Counter[str]()
    for one in sentences:
        found = read(one["text"], one["language"])
        if one["gives"] == "nothing":
            seen["near misses"] += 1
            seen["false alarms"] += bool(found)
            continue
        seen["giving"] += 1
        seen["found"] += bool(found) or unread(one["text"], one["language"])
        seen["right"] += any(
            said.what in _SORTS[one["gives"]]
            and (said.amount is None or float(said.amount.amount) == float(one["amount"]))
            for said in found
        )
    return seen


@pytest.mark.feature("F076")
def test_own_sentences_are_read_and_near_misses_are_not() -> None:
    for language, least in (("zh", 0.95), ("en", 0.95)):
        seen = counted([one for one in SENTENCES if one["language"] == language])
        assert seen["giving"] >= 60
        assert seen["near misses"] >= 60
        assert seen["found"] >= least * seen["giving"]
        assert seen["right"] >= 0.93 * seen["giving"]
        assert seen["false alarms"] == 0


def test_other_languages_are_read_as_far_as_money_beside_a_verb_goes_and_else_said_to_be_unread() -> None:
    seen = counted([one for one in SENTENCES if one["language"] not in ("zh", "en")])
    assert seen["found"] == seen["giving"]
    assert seen["false alarms"] == 0
    (money,) = read("Kami akan mengembalikan Rp50.000 kepada Anda ya kak", "id")
    assert money.amount is not None
    assert (money.amount.minor, money.amount.currency) == (Money(amount="50000", currency="IDR").minor, "IDR")
    assert unread("Kami kasih gratis satu lagi ya kak", "id")
    assert not unread("Lampunya jadi kuning hangat, bukan putih", "id")
    # Nobody here can tell what is said in Japanese.
    assert unread("明日返金します", "ja")
    assert not unread("给您退50元", "zh")


@pytest.mark.parametrize(("name", "most"), [("agents.zh", 0.03), ("agents.en", 0.025), ("agents.other", 0.002)])
def test_what_agents_ordinarily_say_gives_rarely(name: str, most: float) -> None:
    """Most of what is found there does give something; prices, the platform and the past are not among it."""
    texts = [
        line
        for folder in policy_folders()
        if (file := folder / "everyday" / f"{name}.txt").is_file()
        for line in file.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    found = [text for text in texts if read(text, language_of(text) or "en")]
    assert len(texts) > 1000
    assert len(found) <= most * len(texts)


@pytest.mark.parametrize(
    ("text", "what", "firm", "one_of"),
    [
        ("给您补发一套,明天发出", Kind.RESHIP, True, False),
        ("要不给您补发一套,您看行吗?", Kind.RESHIP, False, False),
        ("等仓库确认后给您补发一套", Kind.RESHIP, False, False),
        ("A 重新寄您一整套,明天18点前发出;B 退您29.95元", Kind.RESHIP, False, True),
        ("您要是留着,退您20元可以吗", Kind.MONEY, False, False),
        ("给您全额退款", Kind.REFUND, True, False),
        ("we'll exchange it for an L", Kind.EXCHANGE, True, False),
        ("How about we refund $20 and you keep it?", Kind.MONEY, False, False),
        ("If you keep it I'll refund you $9", Kind.MONEY, False, False),
    ],
)
def test_words_promise_offer_or_leave_the_choice(text: str, what: Kind, firm: bool, one_of: bool) -> None:
    language = language_of(text) or "en"
    assert [(one.firm, one.one_of) for one in read(text, language) if one.what is what] == [(firm, one_of)]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("退您一半", Fraction(1, 2)),
        ("退您三成吧", Fraction(3, 10)),
        ("我退50%给您", Fraction(1, 2)),
        ("赔您双倍", Fraction(2)),
        ("I'm able to do 30% back", Fraction(3, 10)),
        ("half the price back to you", Fraction(1, 2)),
    ],
)
def test_a_part_of_the_price_is_a_share_of_it(text: str, part: Fraction) -> None:
    (one,) = read(text, language_of(text) or "en")
    assert (one.what, one.part) == (Kind.PART, part)


@settings(max_examples=120)
@given(
    st.text(alphabet="给您补发一套换新送免单全额退款50元，。;我们不能ABsend a new one we'll refund $5🙂\n", max_size=60)
)
def test_spans_lie_within_the_text_apart_from_each_other(text: str) -> None:
    found = read(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
