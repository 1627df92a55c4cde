"""Days in a shop's zone: "by tomorrow 18:00", business days, days on which the clocks change.

Owns all day arithmetic; refuses to guess: outside the years that a holiday calendar covers a business day is unknown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from copilot.domain.errors import BadConfiguration

_LONGEST_REST = 31
"""Days within which every shop answers again; none rests for longer, whatever a calendar says."""
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def shop_zone(name: str) -> ZoneInfo:
    """The zone called ``name``; ``BadConfiguration`` when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadConfiguration(
            f"{name!r} is not a time zone", remedy='use an IANA name such as "Asia/Shanghai"'
        ) from None


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of ``day`` in ``zone``, also where midnight does not exist."""
    return _real(datetime.combine(day, time(0), zone))


def at_time(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """``clock`` on ``day`` in ``zone``; a time that the spring change skips becomes the first one after it."""
    return _real(datetime.combine(day, clock, zone))


def _real(local: datetime) -> datetime:
    zone = local.tzinfo
    # Through UTC and back: a wall time inside the spring gap comes out moved by the gap's width.
    return local.astimezone(UTC).astimezone(zone)


def hours_of(day: date, zone: ZoneInfo) -> float:
    """How many hours ``day`` has in ``zone``: 24, or 23 and 25 when the clocks change."""
    length = day_start(day + timedelta(days=1), zone).astimezone(UTC) - day_start(day, zone).astimezone(UTC)
    return length.total_seconds() / 3600


def days_between(start: datetime, end: datetime, zone: ZoneInfo) -> int:
    """How many midnights of ``zone`` lie between ``start`` and ``end``; negative when ``end`` is earlier."""
    return (end.astimezone(zone).date() - start.astimezone(zone).date()).days


@dataclass(frozen=True)
class Calendar:
    """Which days are business days.

    ``years`` are the years it knows; ``holidays`` are days off, ``workdays`` weekend days that are worked.
    """

    name: str
    years: frozenset[int]
    weekend: frozenset[int] = frozenset({5, 6})
    holidays: frozenset[date] = field(default_factory=frozenset[date])
    workdays: frozenset[date] = field(default_factory=frozenset[date])

    def is_business_day(self, day: date) -> bool | None:
        """Whether people work on ``day``; None when the calendar does not cover its year."""
        if day.year not in self.years:
            return None
        if day in self.workdays:
            return True
        return day not in self.holidays and day.weekday() not in self.weekend

    def is_holiday(self, day: date) -> bool:
        """Whether ``day`` is known to be a day off for everybody; a weekend is none."""
        return day in self.holidays

    def add(self, day: date, count: int) -> date | None:
        """The ``count``-th business day after ``day`` (``day`` itself is not counted); None when unknown."""
        if count < 0:
            raise ValueError("business days are counted forward")
        while count:
            day += timedelta(days=1)
            works = self.is_business_day(day)
            if works is None:
                return None
            count -= works
        return day


def weekend_of(names: Iterable[str]) -> frozenset[int]:
    """The numbers (Monday 0) of the weekdays in ``names``."""
    return frozenset(WEEKDAYS.index(name) for name in names)


class OpenHours(Protocol):
    """When people answer: hours by the shop's clock, weekdays off, and whether holidays are worked."""

    @property
    def opens(self) -> time: ...  # noqa: D102
    @property
    def closes(self) -> time: ...  # noqa: D102
    @property
    def closed(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def holidays(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True)
class ShopCalendar:
    """A shop's days: its zone, and its business days when they are known."""

    zone: ZoneInfo
    business: Calendar | None = None

    def day(self, moment: datetime) -> date:
        """The shop's day at ``moment``."""
        return moment.astimezone(self.zone).date()

    def local(self, moment: datetime) -> datetime:
        """``moment`` as the shop's clock shows it."""
        return moment.astimezone(self.zone)

    def at(self, day: date, clock: time) -> datetime:
        """``clock`` on ``day`` as the shop's clock shows it."""
        return at_time(day, clock, self.zone)

    def by(self, now: datetime, days: int, cutoff: time, *, business: bool = False) -> datetime | None:
        """``cutoff`` on the day that is ``days`` (business) days after today; None when it is unknown or past."""
        day: date | None = self.day(now) + timedelta(days=days)
        if business:
            day = self.business.add(self.day(now), days) if self.business else None
        if day is None:
            return None
        moment = at_time(day, cutoff, self.zone)
        return moment if moment > now else None

    def business_days_after(self, moment: datetime, count: int) -> date | None:
        """The ``count``-th business day after the day of ``moment``; None when the calendar does not reach it."""
        return self.business.add(self.day(moment), count) if self.business else None

    def days_since(self, moment: datetime, now: datetime) -> int:
        """Whole shop days from the day of ``moment`` to today."""
        return days_between(moment, now, self.zone)

    def end_of(self, day: date) -> datetime:
        """The first moment after ``day``."""
        return day_start(day + timedelta(days=1), self.zone)

    def works_on(self, day: date, hours: OpenHours) -> bool:
        """Whether anybody answers on ``day``; outside the years that the calendar knows no day is a holiday."""
        if WEEKDAYS[day.weekday()] in hours.closed:
            return False
        return hours.holidays or self.business is None or not self.business.is_holiday(day)

    def is_open(self, moment: datetime, hours: OpenHours) -> bool:
        """Whether somebody answers at ``moment``."""
        local = self.local(moment)
        return hours.opens <= local.time() < hours.closes and self.works_on(local.date(), hours)

    def soon(self, now: datetime, minutes: int, hours: OpenHours | None = None) -> datetime:
        """``minutes`` from now, rounded up to a quarter hour, moved into the hours in which people answer."""
        raw = now.astimezone(UTC) + timedelta(minutes=minutes)
        over = timedelta(minutes=raw.minute % 15, seconds=raw.second, microseconds=raw.microsecond)
        moment = (raw - over + timedelta(minutes=15) if over else raw).astimezone(self.zone)
        if hours is None:
            return moment
        day, clock = moment.date(), moment.timetz().replace(tzinfo=None)
        if self.works_on(day, hours) and hours.opens <= clock <= hours.closes:
            return moment
        first = day if clock < hours.opens else day + timedelta(days=1)
        ahead = (first + timedelta(days=number) for number in range(_LONGEST_REST))
        return at_time(next((one for one in ahead if self.works_on(one, hours)), first), hours.opens, self.zone)
