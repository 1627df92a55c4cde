"""The shape of a platform profile: every number with the place it was read.

Owns names and units; holds no value of its own.
"""

from datetime import date, time
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from copilot.domain.base import StrictShape

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


def _says_where(value: str) -> str:
    if not value.strip():
        raise ValueError("must say where the number was read")
    return value


Source = Annotated[str, AfterValidator(_says_where)]


class Number(StrictShape):
    """A number and its source; the unit is part of the key that it stands under."""

    value: float = Field(ge=0)
    source: Source
    note: str | None = None

    @property
    def whole(self) -> int:
        """The number as an integer, cut."""
        return int(self.value)


class DraftClock(StrictShape):
    """When a draft must be there.

    ``clock_seconds`` is the platform's reply clock, ``review_margin_seconds`` what the agent keeps of it for reading,
    ``quiet_seconds`` the silence after which a burst is complete and ``burst_cap_seconds`` the longest wait for it.
    """

    clock_seconds: Number
    review_margin_seconds: Number
    quiet_seconds: Number
    burst_cap_seconds: Number


class SessionClock(StrictShape):
    """When a session ends and until when one may still write; null: the platform has no such rule."""

    seller_silent_hours: Number | None = None
    buyer_silent_hours: Number | None = None
    auto_reply_silent_minutes: Number | None = None
    unreplied_close_days: Number | None = None
    about_to_expire_hours: Number | None = None
    reply_window_days: Number | None = None
    order_window_days: Number | None = None


class DailyHours(StrictShape):
    """The hours of a day in which a clock runs, in the shop's zone."""

    start: time
    end: time
    source: Source


class ResponseRate(StrictShape):
    """How the platform counts replies and what it does about the rate."""

    within_seconds: Number
    over_days: Number
    target_percent: Number
    warning_below_percent: Number | None = None
    violation_below_percent: Number | None = None
    violation_points: Number | None = None
    least_buyer_messages: Number | None = None
    checked_on: Weekday | None = None
    hours: DailyHours | None = None
    greeting_counts: bool = False
    auto_reply_counts: Literal["no", "if_solved", "yes"] = "if_solved"
    holiday_mode_counts: bool = False


class Limits(StrictShape):
    """What one message, one shop and one greeting may hold; null: the platform publishes none."""

    max_chars: Number | None = None
    agents: Number | None = None
    greeting_cards: Number | None = None


class AgentRules(StrictShape):
    """What the platform wants of an agent's account before it may answer buyers."""

    phone_bound: bool = False
    name_verified: bool = False
    source: Source | None = None


class Sending(StrictShape):
    """What sending to the platform needs to know; null: nobody knows, and nothing is built on a guess.

    ``calls_per_second`` is what one shop may call, ``settle_seconds`` how long a message may take to appear in the
    platform's own record after a call that broke off, ``read_back_margin_seconds`` how far its clock may stand from
    ours when we look there.
    """

    calls_per_second: Number | None = None
    settle_seconds: Number | None = None
    read_back_margin_seconds: Number | None = None


class QueueClock(StrictShape):
    """How buyers who wait for an agent are given out.

    ``group_first_seconds`` is how long one is offered to the people of its matter alone; null: to anybody at once.
    """

    group_first_seconds: Number | None = None


class Rota(StrictShape):
    """When many buyers write, and how long an agent who is on duty may be missing before those above them are told.

    ``peaks`` are hours of the shop's day, none: the platform names none.
    """

    peaks: tuple[DailyHours, ...] = ()
    absent_minutes: Number | None = None


class ForceMajeure(StrictShape):
    """How long the platform takes over a report of an event beyond a shop's control.

    It decides within ``review_hours`` of receiving the report; the decision holds from the start of the shop's day that
    is ``effective_after_days`` later.
    """

    review_hours: Number
    effective_after_days: Number


class Profile(StrictShape):
    """One platform in one market from ``effective`` on.

    ``zone`` is the zone that a shop has unless it names its own; null where the shop must name one of ``zones``
    (any, when that is empty).
    ``holidays`` names a file in ``profiles/calendars``; without it business days are unknown. ``force_majeure`` is null
    where the platform takes no reports.
    """

    profile: str
    platform: str
    market: str
    effective: date
    source: Source
    zone: str | None
    zones: tuple[str, ...] = ()
    currency: str | None = None
    languages: tuple[str, ...] = ()
    holidays: str | None = None
    draft: DraftClock
    session: SessionClock = SessionClock()
    responses: dict[str, ResponseRate] = {}
    limits: Limits = Limits()
    agents: AgentRules = AgentRules()
    sending: Sending = Sending()
    queue: QueueClock = QueueClock()
    rota: Rota = Rota()
    force_majeure: ForceMajeure | None = None


class HolidayFile(StrictShape):
    """The days on which nobody works although the week says so, and the other way round.

    ``years`` are the years that ``holidays`` is complete for; outside them business days are unknown.
    """

    calendar: str
    source: Source
    weekend: tuple[Weekday, ...] = ("saturday", "sunday")
    years: tuple[int, ...]
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()
