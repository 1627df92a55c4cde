"""When the platform has decided on a report of an event beyond a shop's control, and from when that holds.

Owns the two dates of F129; the numbers stand in the profile, the days are cut in the shop's zone.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from copilot.clock.days import ShopCalendar, day_start
from copilot.clock.schema import Profile


@dataclass(frozen=True)
class Review:
    """By when a report is decided, at the latest, and from which moment the decision holds; in the shop's zone."""

    decided_by: datetime
    effective_from: datetime


def review_of(
    received_at: datetime, profile: Profile, calendar: ShopCalendar, decided_at: datetime | None = None
) -> Review | None:
    """The dates of a report that the platform received at ``received_at``; None where it takes no reports.

    The hours run through nights, weekends and changes of the clocks. ``decided_at``, once it is known, takes the place
    of the latest moment.
    """
    rule = profile.force_majeure
    if rule is None:
        return None
    # Through UTC: hours are counted, not moves of the clock's hand.
    latest = received_at.astimezone(UTC) + timedelta(hours=rule.review_hours.value)
    decided_by = calendar.local(decided_at or latest)
    day = calendar.day(decided_by) + timedelta(days=rule.effective_after_days.whole)
    return Review(decided_by, day_start(day, calendar.zone))
