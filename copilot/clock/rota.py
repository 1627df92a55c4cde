"""A rota over days: when each slot of it begins and ends, and which peak minutes nobody covers.

Owns the arithmetic by the shop's clock; who the slots belong to and what a peak is, is given.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from copilot.clock.days import WEEKDAYS, at_time


@dataclass(frozen=True)
class Slot:
    """Hours of a day in which somebody is on duty, the end excluded; one that is not later ends on the next day.

    ``days`` are the weekdays on which it begins, none: every day.
    """

    starts: time
    ends: time
    days: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Span:
    """From one moment to another, the end excluded."""

    start: datetime
    end: datetime

    @property
    def minutes(self) -> int:
        """How many whole minutes it has; by the world's clock, on days on which the shop's is changed too."""
        return int((self.end.astimezone(UTC) - self.start.astimezone(UTC)).total_seconds() // 60)


def span_on(slot: Slot, day: date, zone: ZoneInfo) -> Span | None:
    """The slot as it begins on ``day`` by the shop's clock; None when it does not."""
    if slot.days and WEEKDAYS[day.weekday()] not in slot.days:
        return None
    last = day if slot.starts < slot.ends else day + timedelta(days=1)
    return Span(at_time(day, slot.starts, zone), at_time(last, slot.ends, zone))


def span_at(slot: Slot, now: datetime, zone: ZoneInfo) -> Span | None:
    """The slot as it is under way at ``now``; None when it is not."""
    today = now.astimezone(zone).date()
    found = (span_on(slot, day, zone) for day in (today, today - timedelta(days=1)))
    return next((span for span in found if span is not None and span.start <= now < span.end), None)


def next_start(slots: Iterable[Slot], now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the next of the slots begins after ``now``; None where there is none."""
    today, known = now.astimezone(zone).date(), tuple(slots)
    days = [today + timedelta(days=ahead) for ahead in range(len(WEEKDAYS) + 1)]
    spans = (span_on(slot, day, zone) for day in days for slot in known)
    return min((span.start for span in spans if span is not None and span.start > now), default=None)


def coverage_gaps(
    slots: Sequence[Slot], peaks: Sequence[Slot], first: date, days: int, zone: ZoneInfo
) -> tuple[Span, ...]:
    """The minutes of ``peaks`` that no slot covers, over ``days`` days from ``first``, in order and apart."""
    # What began the evening before may still hold; a peak over midnight needs the day after.
    around = [first + timedelta(days=number) for number in range(-1, days + 1)]
    manned = _merged(span for day in around for slot in slots if (span := span_on(slot, day, zone)))
    wanted = _merged(span for day in around[1:-1] for peak in peaks if (span := span_on(peak, day, zone)))
    return tuple(gap for span in wanted for gap in _without(span, manned))


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The spans without overlaps, those that touch put together."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda one: one.start):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _without(span: Span, taken: Sequence[Span]) -> Iterable[Span]:
    """What is left of ``span``; ``taken`` are in order and apart."""
    start = span.start
    for one in taken:
        if one.end <= start or one.start >= span.end:
            continue
        if start < one.start:
            yield Span(start, one.start)
        start = max(start, one.end)
    if start < span.end:
        yield Span(start, span.end)
