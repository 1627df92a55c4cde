from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from copilot.clock import ShopCalendar, load_profile, review_of
from tests.conftest import ROOT

POLICIES = (ROOT / "policies",)


@pytest.mark.feature("F129")
@pytest.mark.parametrize(
    ("received", "zone", "decided_by", "effective"),
    [
        ("2026-11-27T15:00:00+00:00", "America/New_York", "2026-11-29T10:00:00-05:00", "2026-11-30T00:00:00-05:00"),
        # 48 hours are 48 hours, although the clocks go back in between.
        ("2026-10-31T12:00:00-04:00", "America/New_York", "2026-11-02T11:00:00-05:00", "2026-11-03T00:00:00-05:00"),
        # Decided after midnight in the shop's zone: the next day is the shop's next day.
        ("2026-11-27T16:30:00+00:00", "Asia/Bangkok", "2026-11-29T23:30:00+07:00", "2026-11-30T00:00:00+07:00"),
        ("2026-11-27T17:30:00+00:00", "Asia/Bangkok", "2026-11-30T00:30:00+07:00", "2026-12-01T00:00:00+07:00"),
    ],
)
def test_a_report_is_decided_in_48_hours_and_holds_the_next_day(
    received: str, zone: str, decided_by: str, effective: str
) -> None:
    profile = load_profile("tiktok_shop.us", POLICIES, date(2026, 11, 27))
    review = review_of(datetime.fromisoformat(received), profile, ShopCalendar(ZoneInfo(zone)))
    assert review is not None
    assert (review.decided_by.isoformat(), review.effective_from.isoformat()) == (decided_by, effective)


@pytest.mark.feature("F129")
def test_a_decision_that_came_early_holds_early() -> None:
    profile = load_profile("tiktok_shop.sea", POLICIES, date(2026, 11, 27))
    received, decided = datetime(2026, 11, 27, 3, tzinfo=UTC), datetime(2026, 11, 27, 9, tzinfo=UTC)
    review = review_of(received, profile, ShopCalendar(ZoneInfo("Asia/Manila")), decided)
    assert review is not None
    assert review.decided_by == decided
    assert review.effective_from.isoformat() == "2026-11-28T00:00:00+08:00"


@pytest.mark.feature("F129")
def test_the_numbers_are_the_profiles() -> None:
    profile = load_profile("tiktok_shop.uk", POLICIES, date(2026, 11, 27))
    assert profile.force_majeure is not None
    slow = profile.force_majeure.review_hours.model_copy(update={"value": 72})
    rule = profile.force_majeure.model_copy(update={"review_hours": slow})
    calendar = ShopCalendar(ZoneInfo("Europe/London"))
    review = review_of(
        datetime(2026, 11, 2, 9, tzinfo=UTC), profile.model_copy(update={"force_majeure": rule}), calendar
    )
    assert review is not None
    assert review.decided_by.isoformat() == "2026-11-05T09:00:00+00:00"


@pytest.mark.feature("F129")
def test_a_platform_without_reports_has_no_dates() -> None:
    profile = load_profile("douyin.cn", POLICIES, date(2026, 11, 27))
    assert review_of(datetime(2026, 11, 27, tzinfo=UTC), profile, ShopCalendar(ZoneInfo("Asia/Shanghai"))) is None
