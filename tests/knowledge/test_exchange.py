"""Files out and in again: nothing is lost, and what cannot be used is told with its line."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.assets import policy_folders
from copilot.domain.auto import AutoReply
from copilot.domain.errors import BadInput
from copilot.domain.issue import Category
from copilot.domain.knowledge import (
    Audience,
    Entry,
    Greeting,
    Notice,
    NoticeKind,
    Origin,
    Original,
    Phrase,
    Pinned,
    ProductFact,
)
from copilot.domain.order import Product
from copilot.knowledge.exchange import Remark, read_text, to_csv, to_jsonl
from copilot.knowledge.kinds import AUTO_REPLIES, FACTS, FAQ, GREETINGS, KINDS, NOTICES, PHRASES, PINNED, Kind
from copilot.knowledge.sizes import Named, read_sizes
from copilot.playbook.size_tables import tables

# Everything that a database can store, above all what tables give a meaning to.
CHARACTER = st.one_of(
    st.sampled_from('",;\n\r\t []{}|=\ufeff\u2028退é'), st.characters(codec="utf-8", exclude_characters="\x00")
)
TEXT = st.text(CHARACTER, min_size=1, max_size=20).filter(str.strip)
ANY = st.text(CHARACTER, max_size=20)
NAMES = st.text("abcz.-_9", min_size=1, max_size=8)
EARLY = st.datetimes(
    datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))])
)
LATE = st.none() | st.datetimes(datetime(2031, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
PARTS = st.lists(ANY, max_size=3).map(tuple)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY, inner, max_size=3),
    max_leaves=6,
)
ENTRIES = st.builds(
    Entry, id=NAMES, language=st.sampled_from(["zh", "en", "pt-BR"]), question=TEXT, similar=PARTS, answer=TEXT,
    category=st.sampled_from(Category), audience=st.sampled_from(Audience), origin=st.sampled_from(Origin),
    original=st.none() | st.builds(Original, question=ANY, similar=PARTS, answer=ANY), products=PARTS,
    valid_from=st.none() | EARLY, valid_to=LATE, source=st.none() | TEXT,
)  # fmt: skip
FACT = st.builds(
    ProductFact, product=NAMES, key=NAMES, value=JSON, valid_from=st.none() | EARLY, valid_to=LATE,
    source=st.none() | TEXT,
)  # fmt: skip
PIN = st.builds(Pinned, product=NAMES, since=EARLY, until=LATE.filter(bool))
NOTICE = st.builds(
    Notice, id=NAMES, kind=st.sampled_from(NoticeKind), regions=PARTS, starts_at=EARLY, ends_at=LATE,
    recovery_at=LATE, ship_by=LATE, text=st.dictionaries(NAMES, ANY, max_size=2),
)  # fmt: skip
PHRASE = st.builds(
    Phrase, id=NAMES, language=NAMES, title=TEXT, text=TEXT.filter(lambda text: not set("{}") & set(text)),
    category=st.sampled_from(Category),
)  # fmt: skip

CLOCK = st.times().map(lambda time: f"{time:%H:%M}")
AUTO = st.builds(
    AutoReply, id=NAMES, language=NAMES, trigger=st.just("after_hours"), text=TEXT, keywords=PARTS, starts=CLOCK,
    ends=CLOCK, days=st.sets(st.sampled_from(["monday", "sunday"])).map(tuple),
    busy_from=st.none() | st.integers(1, 999), active=st.booleans(),
).filter(lambda one: one.fault is None)  # fmt: skip
GREETING = st.builds(Greeting, language=NAMES, text=TEXT, cards=st.lists(NAMES, max_size=3).map(tuple))


def test_a_product_that_a_file_does_not_name_is_told_with_its_line() -> None:
    money = '{"amount":"19.90","currency":"USD"}'
    lines = [
        '{"product":"cup","key":"name","value":"Cup"}',
        '{"product":"bowl","key":"material","value":"glass"}',
        '{"product":"bowl","key":"stock","value":3}',
        f'{{"product":"bowl","key":"price","value":{money}}}',
        '{"product":"bowl","key":"price","value":"19.90"}',
        '{"product":"cup","key":"stock","value":"many"}',
    ]
    read = read_text(FACTS, "\n".join(lines))
    assert [one.line for one in read.warnings] == [2]
    assert "states no name, status of the product" in read.warnings[0].why
    assert [(one.line, one.why.partition(":")[0]) for one in read.bad] == [(5, "value"), (6, "value")]


@pytest.mark.feature("F056")
@pytest.mark.parametrize("write", [to_jsonl, to_csv])
@pytest.mark.parametrize(
    ("kind", "things"),
    [
        (FAQ, ENTRIES),
        (FACTS, FACT),
        (PINNED, PIN),
        (NOTICES, NOTICE),
        (PHRASES, PHRASE),
        (GREETINGS, GREETING),
        (AUTO_REPLIES, AUTO),
    ],
)
def test_what_is_exported_comes_in_again_the_same(kind: Kind, things: st.SearchStrategy, write: object) -> None:  # type: ignore[type-arg]
    @given(st.lists(things, max_size=4, unique_by=kind.key))
    @settings(max_examples=60)
    def holds(some: list) -> None:  # type: ignore[type-arg]
        read = read_text(kind, write(kind, some))  # type: ignore[operator]
        assert (read.things, read.bad) == (some, [])
        assert kind is FACTS or read.warnings == []

    holds()


def test_the_seven_kinds_are_all_there() -> None:
    assert {kind.name for kind in KINDS} == {
        "faq", "product-facts", "pinned", "notices", "phrases", "greetings", "auto-replies",
    }  # fmt: skip


@pytest.mark.feature("F057")
def test_there_are_five_categories_and_an_unknown_one_becomes_other_with_a_warning() -> None:
    assert [category.value for category in Category] == [
        "daily_greeting", "pre_sale", "logistics", "after_sale", "other",
    ]  # fmt: skip
    read = read_text(FAQ, "question,answer,category\n能退吗,能,售后\n有货吗,有,Stock!\n在吗,在的您说,\n")
    assert [entry.category.value for entry in read.things] == ["after_sale", "other", "other"]
    assert [warning.line for warning in read.warnings] == [3]
    assert "other" in read.warnings[0].why
    assert "Stock" not in read.warnings[0].why


def test_a_table_as_shops_have_it_is_read() -> None:
    read = read_text(
        FAQ, '\ufeff问题,相似问法,答案,备注\n能退吗,"可以退货吗\n不想要了",能,x\n\nCan I return it?,,Yes.,\n'
    )
    zh, en = read.things
    assert (zh.language, zh.similar, zh.answer) == ("zh", ("可以退货吗", "不想要了"), "能")
    assert (en.language, read.lines) == ("en", [2, 5])
    again = read_text(FAQ, "question,answer\n能退吗,不能\n", language="zh")
    assert again.things[0].id == zh.id


def test_bad_lines_are_named_with_the_remedy_and_the_rest_goes_on() -> None:
    good = '{"id":"a","language":"en","question":"Q","answer":"A","category":"other"}'
    text = "\n".join(
        [good, "{", "[1]", '{"id":"b","language":"en","question":"secret words"}', good,
         good.replace('"a"', '"c"').replace("}", ',"valid_to":"2026-01-01T00:00:00"}'),
         good.replace('"a"', '"d"').replace("}", ',"valid_from":"2026-01-02T00:00Z","valid_to":"2026-01-01T00:00Z"}'),
         good.replace('"a"', '"e"').replace('"A"', '"\\u0000"')]
    )  # fmt: skip
    read = read_text(FAQ, text)
    assert [entry.id for entry in read.things] == ["a"]
    told = {remark.line: remark.why for remark in read.bad}
    assert set(told) == {2, 3, 4, 5, 6, 7, 8}
    assert told[4].startswith("answer: ")
    assert "line 1" in told[5]
    assert "offset" in told[6]
    assert "valid_to" in told[7]
    assert not any("secret" in why for why in told.values())


def test_a_table_without_answers_is_refused_with_the_columns_it_needs() -> None:
    with pytest.raises(BadInput, match=r"no column answer; name the columns id, language, question"):
        read_text(FAQ, "question,reply\na,b\n")


def test_an_open_quotation_mark_ends_the_table_and_is_told() -> None:
    read = read_text(FAQ, 'question,answer\na,b\nc,"d\n')
    assert (len(read.things), read.bad[0].line) == (1, 3)


def test_size_tables_become_what_sizes_are_chosen_by() -> None:
    read = read_sizes(
        "商品,尺码,部位,数值,单位\njean,M,腰围,70,cm\njean,S,腰围,66,厘米\njean,M,hip,92.5,cm\njean,M,腰围,71,cm\n"
        "jean,L,waist,-1,cm\njean,L,waist,74,ell\n,L,waist,74,cm\nboot,37,Foot length,9.2,inch\n",
        Named(policy_folders()),
    )
    assert [(fact.product, fact.key, fact.value) for fact in read.things] == [
        ("jean", "waist_cm_by_size", {"M": 70, "S": 66}),
        ("jean", "hip_cm_by_size", {"M": 92.5}),
        ("boot", "foot_length_in_by_size", {"37": 9.2}),
    ]
    assert [remark.line for remark in read.bad] == [5, 6, 7, 8]
    assert isinstance(read.bad[0], Remark)
    waist, *_ = tables(Product(id="jean", name="Jean", attributes={fact.key: fact.value for fact in read.things}))
    assert (waist.measure, waist.unit, waist.sizes) == ("waist", "cm", (("S", 66.0), ("M", 70.0)))
