# ruff: noqa: E501 (facts and templates read best on one line)
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.money import Money
from copilot.model.composer.names import short_event, short_name
from copilot.model.composer.sentences import NotSayable
from copilot.model.composer.spans import bare, clean, mark, strip
from copilot.model.composer.wording import Wording

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
ZH = Wording("zh", datetime(2026, 11, 22, 15, 0, tzinfo=SHANGHAI), SHANGHAI)
EN = Wording("en", datetime(2026, 11, 22, 15, 0, tzinfo=NEW_YORK), NEW_YORK)


@pytest.mark.parametrize(
    ("amount", "currency", "zh", "en"),
    [
        ("29.95", "CNY", "29.95元", "¥29.95"), ("30.00", "CNY", "30元", "¥30.00"), ("59.90", "CNY", "59.9元", "¥59.90"),
        ("42", "USD", "42美元", "$42.00"), ("1299.00", "USD", "1299美元", "$1,299.00"), ("500", "JPY", "500日元", "¥500"),
        ("100", "CNY", "100元", "¥100.00"), ("7.50", "CHF", "7.5 CHF", "CHF 7.50"),
    ],
)  # fmt: skip
def test_money(amount, currency, zh, en):
    value = Money(amount=amount, currency=currency)
    assert (ZH.money(value), EN.money(value)) == (zh, en)


@pytest.mark.parametrize(
    ("days", "zh", "en"),
    [(0, "今天", "today"), (1, "明天", "tomorrow"), (-1, "昨天", "yesterday"), (2, "后天", "Nov 24"),
     (-9, "11月13日", "Nov 13"), (-400, "2025年10月18日", "Oct 18, 2025")],
)  # fmt: skip
def test_days(days, zh, en):
    value = date(2026, 11, 22) + timedelta(days=days)
    assert (ZH.day(value), EN.day(value)) == (zh, en)


@pytest.mark.parametrize(
    ("day", "hour", "minute", "zh", "en"),
    [
        (22, 18, 0, "今天18点前", "by 6 PM today"), (23, 18, 0, "明天18点前", "by 6 PM tomorrow"),
        (23, 20, 33, "明天20:33前", "by 8:33 PM tomorrow"), (25, 18, 0, "最晚11月25日", "by Nov 25"),
        (22, 23, 59, "今天内", "by the end of today"), (23, 23, 59, "最晚明天", "by tomorrow"),
    ],
)  # fmt: skip
def test_deadlines(day, hour, minute, zh, en):
    assert ZH.by_time(datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)) == zh
    assert EN.by_time(datetime(2026, 11, day, hour, minute, tzinfo=NEW_YORK)) == en


@given(st.integers(0, 1439))
def test_a_deadline_is_said_to_the_minute(minutes):
    due = datetime(2026, 11, 23, minutes // 60, minutes % 60, tzinfo=SHANGHAI)
    said = ZH.by_time(due)
    if said != "最晚明天":
        hour, _, minute = said.removeprefix("明天").removesuffix("前").replace("点", ":").partition(":")
        assert int(hour) * 60 + int(minute or 0) == minutes


def test_days_are_the_shops_not_utc():
    late = datetime(2026, 11, 22, 16, 30, tzinfo=ZoneInfo("UTC"))
    assert ZH.at(late) == "明天0:30"
    assert EN.at(late) == "11:30 AM today"


def test_lists_and_counts():
    assert ZH.join(["A", "B", "C"], "还是") == "A、B还是C"
    assert EN.join(["A", "B"], "or") == "A or B"
    assert (EN.count(1, "天", "day"), EN.count(3, "天", "day"), ZH.count(3, "天", "day")) == ("1 day", "3 days", "3天")


@pytest.mark.parametrize(
    ("name", "language", "short"),
    [
        ("【新品】手绘陶瓷杯 4只装 礼盒", "zh", "手绘陶瓷杯"), ("Apple 手机壳", "zh", "手机壳"),
        ("Speckled mug, set of 2", "en", "Speckled mug"), ("Straight-Leg Jeans (Indigo) - M", "en", "Straight-Leg Jeans"),
    ],
)  # fmt: skip
def test_a_listed_title_is_said_by_a_part_of_it(name, language, short):
    assert short_name(name, language) == short


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("2026新款加厚羊羔绒保暖宽松休闲外套女秋冬", "zh"),
        ("陶瓷杯", "en"),
        ("The very long listed title of a thing nobody says", "en"),
    ],
)
def test_what_cannot_be_said_shortly_is_not_said(name, language):
    with pytest.raises(NotSayable):
        short_name(name, language)


@pytest.mark.parametrize("text", ["派送中 13812345678", "call 555-010-0142 now", "", "x" * 200])
def test_scans_that_are_not_quoted(text):
    with pytest.raises(NotSayable):
        short_event(text, "en" if text.isascii() else "zh")


@given(st.text(), st.text(), st.text())
def test_marks_come_off_and_spans_are_exact(before, inside, after):
    before, inside, after = clean(before), clean(inside), clean(after)
    text, spans = strip(before + mark(inside, 3) + after)
    assert text == before + inside + after
    assert [(span.tag, text[span.start : span.end]) for span in spans] == [(3, inside)]


def test_marks_nest():
    text, spans = strip(mark("a" + mark("b", 1) + "c", 0))
    assert (text, [(span.tag, span.start, span.end) for span in spans]) == ("abc", [(0, 0, 3), (1, 1, 2)])
    assert bare(mark("x", 5)) == "x"


def test_a_value_cannot_forge_a_mark():
    assert clean("a\ue000\ue101b\ue001") == "ab"
