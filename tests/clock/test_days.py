from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.clock import Calendar, ShopCalendar, shop_zone
from copilot.clock.days import WEEKDAYS, at_time, day_start, days_between, hours_of
from copilot.domain.errors import BadConfiguration

SHANGHAI, NEW_YORK, LONDON = (ZoneInfo(name) for name in ("Asia/Shanghai", "America/New_York", "Europe/London"))
SANTIAGO = ZoneInfo("America/Santiago")
WEEK = Calendar(
    "week", frozenset({2026, 2027}), holidays=frozenset({date(2026, 11, 11)}), workdays=frozenset({date(2026, 11, 14)})
)


def local(text: str, zone: ZoneInfo) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("now", "days", "by"),
    [
        ("2026-11-22T15:02:00+08:00", 1, "2026-11-23T18:00:00+08:00"),
        ("2026-11-22T23:59:59+08:00", 1, "2026-11-23T18:00:00+08:00"),
        # Half past midnight in Shanghai is still yesterday in UTC: the shop's day counts.
        ("2026-11-22T16:30:00+00:00", 1, "2026-11-24T18:00:00+08:00"),
        ("2026-11-22T17:59:00+08:00", 0, "2026-11-22T18:00:00+08:00"),
        ("2026-11-22T18:00:00+08:00", 0, None),
    ],
)
def test_by_a_time_of_a_day(now: str, days: int, by: str | None) -> None:
    found = ShopCalendar(SHANGHAI).by(datetime.fromisoformat(now), days, time(18))
    assert (found.isoformat() if found else None) == by


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        (date(2026, 3, 8), NEW_YORK, 23),
        (date(2026, 11, 1), NEW_YORK, 25),
        (date(2026, 3, 29), LONDON, 23),
        (date(2026, 10, 25), LONDON, 25),
        (date(2026, 11, 2), NEW_YORK, 24),
        (date(2026, 3, 8), SHANGHAI, 24),
    ],
)
def test_days_on_which_the_clocks_change(day: date, zone: ZoneInfo, hours: int) -> None:
    assert hours_of(day, zone) == hours


def test_tomorrow_at_six_is_a_wall_time_also_across_a_change() -> None:
    before = local("2026-10-31T12:00:00", NEW_YORK)
    by = ShopCalendar(NEW_YORK).by(before, 1, time(18))
    assert by is not None
    assert by.isoformat() == "2026-11-01T18:00:00-05:00"
    assert by.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=31)


def test_a_time_that_spring_skips_comes_after_the_gap() -> None:
    assert at_time(date(2026, 3, 8), time(2, 30), NEW_YORK).isoformat() == "2026-03-08T03:30:00-04:00"


def test_a_day_without_midnight_begins_at_one() -> None:
    # Santiago moves its clocks at midnight.
    assert day_start(date(2026, 9, 6), SANTIAGO).isoformat() == "2026-09-06T01:00:00-03:00"
    assert hours_of(date(2026, 9, 6), SANTIAGO) == 23


def test_days_between_count_midnights_of_the_shop() -> None:
    start, end = datetime(2026, 11, 22, 15, 50, tzinfo=UTC), datetime(2026, 11, 22, 16, 10, tzinfo=UTC)
    assert (days_between(start, end, SHANGHAI), days_between(start, end, NEW_YORK)) == (1, 0)
    assert days_between(end, start, SHANGHAI) == -1


@pytest.mark.parametrize(
    ("day", "count", "result"),
    [
        ("2026-11-06", 1, "2026-11-09"),
        ("2026-11-10", 1, "2026-11-12"),
        ("2026-11-13", 1, "2026-11-14"),
        ("2026-11-13", 2, "2026-11-16"),
        ("2026-11-10", 0, "2026-11-10"),
        ("2027-12-31", 1, None),
    ],
)
def test_business_days(day: str, count: int, result: str | None) -> None:
    found = WEEK.add(date.fromisoformat(day), count)
    assert (found.isoformat() if found else None) == result


def test_business_days_are_never_counted_back() -> None:
    with pytest.raises(ValueError, match="forward"):
        WEEK.add(date(2026, 1, 1), -1)


def test_without_a_calendar_business_days_are_unknown() -> None:
    days, now = ShopCalendar(SHANGHAI), datetime(2026, 11, 22, tzinfo=UTC)
    assert days.business_days_after(now, 1) is None
    assert days.by(now, 1, time(18), business=True) is None


def test_a_business_day_promise_skips_the_weekend() -> None:
    friday = local("2026-11-20T15:00:00", SHANGHAI)
    by = ShopCalendar(SHANGHAI, WEEK).by(friday, 1, time(18), business=True)
    assert by is not None
    assert by.isoformat() == "2026-11-23T18:00:00+08:00"


@given(
    start=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    first=st.integers(0, 60),
    second=st.integers(0, 60),
)
def test_business_days_add_up(start: date, first: int, second: int) -> None:
    halfway = WEEK.add(start, first)
    assert halfway is not None
    assert WEEK.add(halfway, second) == WEEK.add(start, first + second)
    assert not first or WEEK.is_business_day(halfway)


@dataclass(frozen=True)
class Hours:
    opens: time = time(9)
    closes: time = time(18)
    closed: tuple[str, ...] = ()
    holidays: bool = False


@given(
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    minutes=st.integers(1, 3000),
    zone=st.sampled_from([SHANGHAI, NEW_YORK, LONDON, SANTIAGO]),
    closed=st.sampled_from([(), ("sunday",), ("saturday", "sunday")]),
    holidays=st.booleans(),
)
def test_we_return_on_a_quarter_at_a_time_when_people_answer_and_never_early(
    now: datetime, minutes: int, zone: ZoneInfo, closed: tuple[str, ...], holidays: bool
) -> None:
    back = ShopCalendar(zone, WEEK).soon(now, minutes, Hours(closed=closed, holidays=holidays))
    assert back >= now + timedelta(minutes=minutes)
    assert back.minute % 15 == 0
    assert time(9) <= back.time() <= time(18)
    assert WEEKDAYS[back.weekday()] not in closed
    assert holidays or back.date() not in WEEK.holidays


@pytest.mark.parametrize(
    ("now", "hours", "back"),
    [
        # The eve of a day off, and the day itself: the next day on which somebody answers.
        ("2026-11-10T20:00:00", Hours(), "2026-11-12T09:00:00"),
        ("2026-11-11T08:20:00", Hours(), "2026-11-12T09:00:00"),
        ("2026-11-11T08:20:00", Hours(holidays=True), "2026-11-11T12:30:00"),
        # Saturday is no day off by itself; a shop says on which weekdays nobody answers.
        ("2026-11-21T10:00:00", Hours(), "2026-11-21T14:00:00"),
        ("2026-11-21T16:00:00", Hours(closed=("sunday",)), "2026-11-23T09:00:00"),
        ("2026-11-20T16:00:00", Hours(closed=("saturday", "sunday")), "2026-11-23T09:00:00"),
    ],
)
def test_a_day_off_is_no_day_to_come_back_on(now: str, hours: Hours, back: str) -> None:
    found = ShopCalendar(NEW_YORK, WEEK).soon(local(now, NEW_YORK), 240, hours)
    assert found == local(back, NEW_YORK)


def test_the_desk_is_open_within_its_hours_on_days_that_it_works() -> None:
    days = ShopCalendar(NEW_YORK, WEEK)
    at = [local(f"2026-11-{day}T{clock}:00", NEW_YORK) for day, clock in ((10, "09:00"), (10, "18:00"), (11, "10:00"))]
    assert [days.is_open(moment, Hours()) for moment in at] == [True, False, False]
    assert not days.is_open(at[0], Hours(closed=("tuesday",)))
    # Where no calendar is known no day is a holiday.
    assert ShopCalendar(NEW_YORK).is_open(at[2], Hours())


def test_a_zone_that_does_not_exist_is_named() -> None:
    with pytest.raises(BadConfiguration, match="Asia/Beijing2"):
        shop_zone("Asia/Beijing2")
