"""What a day's sessions come to: how many, how soon answered, at what rate, how content.

Owns the formulas; which sessions are counted is the caller's affair.
"""

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from copilot.clock.schema import Profile, ResponseRate
from copilot.clock.sessions import Answered, Session, answered

SATISFIED_FROM: Final = 4
"""Of five stars: "satisfied" and "very satisfied" on every platform's own scale."""
_RATES: Final = ("agent", "human_reply", "shop")
"""Which of a platform's rates an agent is shown, the first that it publishes."""


@dataclass(frozen=True)
class Waits:
    """How long buyers waited for a person's first word, in seconds; ``in_time`` of ``count`` within the target."""

    count: int
    median_seconds: float
    p90_seconds: float
    in_time: int


@dataclass(frozen=True)
class Rate:
    """How many sessions count as answered; ``pending`` ones may still be, and count for nothing yet."""

    in_time: int
    missed: int
    pending: int

    @property
    def percent(self) -> float | None:
        """In percent of those that are decided; None where none is."""
        decided = self.in_time + self.missed
        return 100 * self.in_time / decided if decided else None


@dataclass(frozen=True)
class Content:
    """How many buyers rated, and how many of them were satisfied."""

    rated: int
    satisfied: int

    @property
    def percent(self) -> float:
        """In percent of those who rated."""
        return 100 * self.satisfied / self.rated


def waits(first_responses: Iterable[timedelta], target: timedelta) -> Waits | None:
    """Median and ninetieth percentile (the nearest rank); None where nobody was answered."""
    found = sorted(one.total_seconds() for one in first_responses)
    if not found:
        return None
    return Waits(
        count=len(found),
        median_seconds=statistics.median(found),
        p90_seconds=found[math.ceil(0.9 * len(found)) - 1],
        in_time=sum(one <= target.total_seconds() for one in found),
    )


def shown_rate(profile: Profile) -> ResponseRate | None:
    """The response rate that an agent is measured by; None where the platform publishes none."""
    return next((profile.responses[name] for name in _RATES if name in profile.responses), None)


def shop_rate(profile: Profile) -> ResponseRate | None:
    """The response rate that the shop is measured by, else its agents' one; None where the platform publishes none."""
    return profile.responses.get("shop") or shown_rate(profile)


def rate_of(sessions: Iterable[Session], rate: ResponseRate, zone: ZoneInfo, now: datetime) -> Rate:
    """How ``sessions`` were answered by the rules of ``rate``."""
    found = [answered(one, rate, zone, now) for one in sessions]
    return Rate(*(found.count(kind) for kind in (Answered.IN_TIME, Answered.MISSED, Answered.PENDING)))


def content(stars: Iterable[int | None]) -> Content | None:
    """How content those are who rated; None where nobody did: no rating is no opinion."""
    rated = [one for one in stars if one is not None]
    return Content(len(rated), sum(one >= SATISFIED_FROM for one in rated)) if rated else None
