"""Which sentences of agents owe something, what and by when, on sentences that were written before the readers."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.fact import Fact, FactKind
from copilot.domain.plan import Promise
from copilot.policy.claims import bind, extract, promises
from copilot.policy.claims.scanner import Scanner

ROWS = [json.loads(line) for line in (Path(__file__).parent / "promises.jsonl").read_text("utf-8").splitlines()]
SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
# Ten in the morning of Tuesday, 3 November 2026, in either shop.
WHERE = {
    "zh": (datetime(2026, 11, 3, 2, tzinfo=UTC), SHANGHAI),
    "en": (datetime(2026, 11, 3, 15, tzinfo=UTC), NEW_YORK),
}
PARTS = [(language, held) for language in WHERE for held in (False, True)]
LEAST_RECALL, LEAST_DUE, MOST_FALSE = 0.9, 0.9, 0.05
# A third was not looked at while the readers were made; 51 promises leave one or two more to chance.
LEAST_RECALL_HELD, LEAST_DUE_HELD = 0.85, 0.85


@dataclass(frozen=True)
class Read:
    """A sentence beside what was read of it."""

    row: dict
    found: tuple[Promise, ...]

    @property
    def hits(self) -> int:
        wanted = Counter(one["what"] for one in self.row["promises"])
        return (wanted & Counter(one.what for one in self.found)).total()

    @property
    def late(self) -> list[str]:
        """The promises that are due at another time than named."""
        timed = [one for one in self.row["promises"] if "due" in one]
        return [one["due"] for one in timed if datetime.fromisoformat(one["due"]) not in {f.due for f in self.found}]


def _promises(text: str, language: str) -> tuple[Promise, ...]:
    now, zone = WHERE[language]
    return promises(text, extract(text, language=language, now=now, zone=zone), now=now, zone=zone, fact="agent")


@pytest.fixture(scope="module")
def read() -> dict[tuple[str, bool], list[Read]]:
    found: dict[tuple[str, bool], list[Read]] = {part: [] for part in PARTS}
    for row in ROWS:
        part = row["language"], row.get("held_out", False)
        found[part].append(Read(row, _promises(row["text"], row["language"])))
    return found


def test_the_sentences_are_many_and_none_stands_twice() -> None:
    assert len({row["text"] for row in ROWS}) == len(ROWS)
    promising = Counter(row["language"] for row in ROWS if row["promises"])
    assert promising["zh"] >= 65
    assert promising["en"] >= 55
    assert sum(not row["promises"] for row in ROWS) >= 120
    assert len(ROWS) * 0.3 <= sum(row.get("held_out", False) for row in ROWS)


@pytest.mark.parametrize(("language", "held"), PARTS)
def test_what_is_promised_is_found(read, language: str, held: bool) -> None:
    rows = read[language, held]
    missed = [(one.row["text"], [f.what for f in one.found]) for one in rows if one.hits < len(one.row["promises"])]
    wanted = sum(len(one.row["promises"]) for one in rows)
    least = LEAST_RECALL_HELD if held else LEAST_RECALL
    assert sum(one.hits for one in rows) >= least * wanted, missed


@pytest.mark.parametrize(("language", "held"), PARTS)
def test_what_promises_nothing_owes_nothing(read, language: str, held: bool) -> None:
    plain = [one for one in read[language, held] if not one.row["promises"]]
    false = [(one.row["text"], [f.what for f in one.found]) for one in plain if one.found]
    assert len(false) <= MOST_FALSE * len(plain), false


@pytest.mark.parametrize(("language", "held"), PARTS)
def test_nothing_beside_what_is_promised_is_owed(read, language: str, held: bool) -> None:
    rows = [one for one in read[language, held] if one.row["promises"]]
    extra = [(one.row["text"], [f.what for f in one.found]) for one in rows if len(one.found) > one.hits]
    assert len(extra) <= 2 * MOST_FALSE * len(rows), extra


@pytest.mark.parametrize(("language", "held"), PARTS)
def test_a_named_time_is_the_time_it_is_due(read, language: str, held: bool) -> None:
    timed = [one for one in read[language, held] if any("due" in promise for promise in one.row["promises"])]
    late = [(one.row["text"], one.late, [str(f.due) for f in one.found]) for one in timed if one.late]
    least = LEAST_DUE_HELD if held else LEAST_DUE
    assert len(timed) - len(late) >= least * len(timed), late


@pytest.mark.parametrize(
    ("text", "language", "day", "clock"),
    [
        ("明天给您补发", "zh", 4, "23:59"),
        ("五点前给您回复", "zh", 3, "17:00"),
        ("九点半前给您回复", "zh", 3, "21:30"),
        ("明天五点前给您回复", "zh", 4, "17:00"),
        ("早上九点前给您回复", "zh", 4, "09:00"),
        ("明天上午给您发出", "zh", 4, "12:00"),
        ("明天中午前给您回复", "zh", 4, "12:00"),
        ("明天中午给您回复", "zh", 4, "14:00"),
        ("48小时内给您退款", "zh", 5, "10:00"),
        ("三到五天内给您退款", "zh", 8, "23:59"),
        ("下周给您发出", "zh", 15, "23:59"),
        ("月底前给您退款", "zh", 30, "23:59"),
        ("我给您退款", "zh", 3, "23:59"),
        ("照片周五给我,我今天给您退款", "zh", 3, "23:59"),
        ("I'll reply by 5", "en", 3, "17:00"),
        ("I'll reply by 9", "en", 3, "21:00"),
        ("I'll reply tomorrow morning", "en", 4, "12:00"),
        ("I'll reply in two hours", "en", 3, "12:00"),
        ("I'll reply by the end of the week", "en", 8, "23:59"),
        ("your item is 30 cm long, I'll check the 10-day return", "en", 3, "23:59"),
    ],
)
def test_a_time_in_words(text: str, language: str, day: int, clock: str) -> None:
    (promise,) = _promises(text, language)
    local = promise.due.astimezone(WHERE[language][1])
    assert (local.month, local.day, f"{local:%H:%M}") == (11, day, clock)


@pytest.mark.parametrize(
    ("text", "language"),
    [("如果明天没到,我们给您退款", "zh"), ("收到退货后我给您退款", "zh"), ("if it's broken I'll replace it", "en")],
)
def test_a_condition_owes_nothing_yet_but_is_still_a_claim(text: str, language: str) -> None:
    """A draft must not state it without a fact, though nobody owes it before the condition comes true."""
    now, zone = WHERE[language]
    assert [one.kind for one in extract(text, language=language, now=now, zone=zone) if one.kind is FactKind.PROMISE]
    assert _promises(text, language) == ()


@pytest.mark.parametrize(("text", "owed"), [("最快明天发", 0), ("最早周五给您寄出", 0), ("我用最快的速度给您发出", 1)])
def test_the_earliest_time_is_no_time_it_is_due(text: str, owed: int) -> None:
    assert len(_promises(text, "zh")) == owed


@pytest.mark.parametrize("text", ["有消息马上告诉您", "如果有结果我马上通知您"])
def test_to_tell_the_news_is_owed(text: str) -> None:
    assert len(_promises(text, "zh")) == 1


@pytest.mark.parametrize(
    ("text", "fact", "supported"),
    [
        ("明天给您发出", "option.reship.by", True),
        ("明天给您发出", "order.o1.ship_by", True),
        ("我去核实,晚点回复您", "hold.return_at", True),
        ("我今天给您退款", "option.reship.by", False),
        ("我今天给您退款", "hold.return_at", False),
        ("我今天给您退款", "option.refund_keep.amount", True),
    ],
)
def test_a_promise_rests_on_the_fact_it_speaks_of(text: str, fact: str, supported: bool) -> None:
    now, zone = WHERE["zh"]
    known = Fact(id=fact, kind=FactKind.TIME, value=(now + timedelta(days=1)).isoformat(), source="computed")
    found = bind(extract(text, language="zh", now=now, zone=zone), {fact: known}, now=now, zone=zone)
    sources = {one.source for one in found if one.kind is FactKind.PROMISE}
    assert sources == {fact if supported else None}


@pytest.mark.parametrize(
    "piece", ["明天", "给您", "我会", "我来", "一", "i'll ", "will be ", "the new ", "a b) ", "你的"]
)
def test_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    def seconds(count: int) -> float:
        now, zone = WHERE["zh"]
        started = perf_counter()
        extract(piece * count, language="zh", now=now, zone=zone)
        return perf_counter() - started

    seconds(50)
    few = min(seconds(500) for _ in range(3))
    assert min(seconds(2000) for _ in range(3)) <= 12 * few + 0.05


@given(st.lists(st.sampled_from([row["text"] for row in ROWS]), min_size=1, max_size=4), st.sampled_from(["zh", "en"]))
def test_every_due_time_is_ahead(texts: list[str], language: str) -> None:
    assert all(one.due > WHERE[language][0] for one in _promises("。".join(texts), language))


def test_a_scanner_reads_the_first_part_that_fits() -> None:
    scanner = Scanner({"long": r"明天(?!气)|\d+号", "short": "明|[天气]"})
    assert [(one.lastgroup, one.group()) for one in scanner.over("x明天12号明天气")] == [
        ("long", "明天"), ("long", "12号"), ("short", "明"), ("short", "天"), ("short", "气"),
    ]  # fmt: skip


@pytest.mark.parametrize("word", ["(?:明|后)天", "(?<!x)明", "明?天", ".天"])
def test_a_scanner_refuses_a_word_without_a_first_character(word: str) -> None:
    with pytest.raises(ValueError, match="must begin"):
        Scanner({"time": word})
