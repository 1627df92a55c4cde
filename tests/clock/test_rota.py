"""Which peak minutes a rota leaves uncovered, by the shop's own clock."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from copilot.clock.rota import Slot, coverage_gaps, next_start, span_at

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
FRIDAY = date(2026, 11, 20)
PEAK = Slot(time(20), time(22))


def slot(starts: str, ends: str, *days: str) -> Slot:
    return Slot(time.fromisoformat(starts), time.fromisoformat(ends), frozenset(days))


def gaps(*slots: Slot, peaks: tuple[Slot, ...] = (PEAK,), days: int = 1, zone: ZoneInfo = SHANGHAI) -> list[str]:
    found = coverage_gaps(slots, peaks, FRIDAY, days, zone)
    return [f"{one.start:%d %H:%M}-{one.end:%H:%M} {one.minutes}" for one in found]


@pytest.mark.feature("F018")
@pytest.mark.parametrize(
    ("slots", "left"),
    [
        ((), ["20 20:00-22:00 120"]),
        ((slot("20:00", "22:00"),), []),
        ((slot("18:00", "20:30"), slot("21:00", "23:00")), ["20 20:30-21:00 30"]),
        ((slot("20:15", "20:45"), slot("20:30", "21:00")), ["20 20:00-20:15 15", "20 21:00-22:00 60"]),
        # Over midnight, begun the evening before, and on another day only.
        ((slot("21:00", "02:00"),), ["20 20:00-21:00 60"]),
        ((slot("20:00", "22:00", "saturday"),), ["20 20:00-22:00 120"]),
        ((slot("00:00", "00:00", "friday"),), []),
    ],
)
def test_the_uncovered_peak_minutes_of_a_day(slots: tuple[Slot, ...], left: list[str]) -> None:
    assert gaps(*slots) == left


def test_a_week_by_its_days_and_a_peak_over_midnight() -> None:
    weekdays = slot("19:00", "23:00", "monday", "tuesday", "wednesday", "thursday", "friday")
    assert gaps(weekdays, days=4) == ["21 20:00-22:00 120", "22 20:00-22:00 120"]
    late = slot("23:00", "01:00")
    assert gaps(slot("22:00", "00:30"), peaks=(late,)) == ["21 00:30-01:00 30"]


def test_the_wall_clock_counts_on_the_day_that_has_an_hour_twice() -> None:
    night = slot("00:00", "03:00")
    (gap,) = coverage_gaps((), (night,), date(2026, 11, 1), 1, NEW_YORK)
    assert gap.minutes == 240
    assert coverage_gaps((night,), (night,), date(2026, 11, 1), 1, NEW_YORK) == ()


def test_when_a_slot_is_under_way_and_when_the_next_begins() -> None:
    night = slot("22:00", "02:00", "friday")
    at = datetime(2026, 11, 21, 1, tzinfo=SHANGHAI)
    span = span_at(night, at, SHANGHAI)
    assert span is not None
    assert (span.start.day, span.end.hour) == (20, 2)
    assert span_at(night, at.replace(hour=2), SHANGHAI) is None
    assert next_start([night], at, SHANGHAI) == datetime(2026, 11, 27, 22, tzinfo=SHANGHAI)
    assert next_start([], at, SHANGHAI) is None
