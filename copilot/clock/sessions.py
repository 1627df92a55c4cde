"""Where the sessions of a conversation begin and end, and whether each was answered in time.

Owns the platform's session rules, read from a profile; takes messages as plain moments, ends where a person or the
platform closed the conversation, and every moment as an argument.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from copilot.clock.schema import DailyHours, Profile, ResponseRate, SessionClock


class By(StrEnum):
    """Who said something: ``machine`` is an auto reply, ``greeting`` a person's bare greeting."""

    BUYER = "buyer"
    PERSON = "person"
    GREETING = "greeting"
    MACHINE = "machine"


@dataclass(frozen=True)
class Said:
    """Something was said; ``person`` is whose reply it is, where that is known."""

    at: datetime
    by: By
    person: str | None = None


@dataclass(frozen=True)
class Session:
    """A buyer's messages from the first one on until it is over.

    ``replied_at`` is a person's first reply that says something, ``replied_by`` whose it is, ``greeted_at`` their first
    bare greeting, ``machine_at`` the first auto reply, ``asked_after`` whether the buyer wrote behind the last auto
    reply. ``ended_at`` null: it is open.
    """

    began_at: datetime
    replied_at: datetime | None = None
    replied_by: str | None = None
    greeted_at: datetime | None = None
    machine_at: datetime | None = None
    asked_after: bool = False
    ended_at: datetime | None = None

    @property
    def first_response(self) -> timedelta | None:
        """How long the buyer waited for a person's word."""
        return self.replied_at - self.began_at if self.replied_at else None


class Answered(StrEnum):
    """How a session counts in a response rate; ``pending``: its time is not over, ``apart``: it does not count."""

    IN_TIME = "in_time"
    MISSED = "missed"
    PENDING = "pending"
    APART = "apart"


def sessions_of(
    said: Iterable[Said], profile: Profile, zone: ZoneInfo, now: datetime, ends: Sequence[datetime] = ()
) -> list[Session]:
    """The sessions of one conversation as of ``now``, in order.

    ``ends`` are the moments at which it was closed by hand. Where the platform publishes no silence that ends a
    session, one that was answered is over with the shop's day, as soon as the buyer writes on another one.
    """
    done: list[Session] = []
    current: Session | None = None
    last: Said | None = None
    closed = sorted(ends)
    for one in sorted(said, key=lambda one: one.at):
        if current is not None and last is not None:
            over = _over(last, one.at, profile.session, closed)
            if over is None and one.by is By.BUYER and _another_day(last, one.at, profile.session, zone):
                over = one.at
            if over is not None:
                done.append(replace(current, ended_at=over))
                current = None
        if current is None:
            # What a shop says by itself opens nothing.
            current = Session(one.at) if one.by is By.BUYER else None
        else:
            current = _and(current, one)
        last = one
    if current is not None and last is not None:
        done.append(replace(current, ended_at=_over(last, now, profile.session, closed)))
    return done


def answered(session: Session, rate: ResponseRate, zone: ZoneInfo, now: datetime) -> Answered:
    """How ``session`` counts in ``rate``."""
    if rate.hours is not None and not _within(session.began_at, rate.hours, zone):
        return Answered.APART
    until = session.began_at + timedelta(seconds=rate.within_seconds.value)
    counted = [session.replied_at]
    if rate.greeting_counts:
        counted.append(session.greeted_at)
    solved = session.ended_at is not None and not session.asked_after
    if rate.auto_reply_counts == "yes" or (rate.auto_reply_counts == "if_solved" and solved):
        counted.append(session.machine_at)
    first = min((moment for moment in counted if moment is not None), default=None)
    if first is not None and first <= until:
        return Answered.IN_TIME
    return Answered.PENDING if first is None and now <= until else Answered.MISSED


def _and(session: Session, one: Said) -> Session:
    match one.by:
        case By.BUYER:
            return replace(session, asked_after=session.asked_after or session.machine_at is not None)
        case By.MACHINE:
            return replace(session, machine_at=session.machine_at or one.at, asked_after=False)
        case By.GREETING:
            return replace(session, greeted_at=session.greeted_at or one.at)
        case By.PERSON:
            if session.replied_at is not None:
                return session
            return replace(session, replied_at=one.at, replied_by=one.person)


def _over(last: Said, at: datetime, clock: SessionClock, ends: Sequence[datetime]) -> datetime | None:
    """When the session whose ``last`` word that was had ended by ``at``; None: it had not."""
    silent = _silence(last.by, clock)
    by_silence = last.at + silent if silent is not None and at > last.at + silent else None
    by_hand = next((end for end in ends if last.at <= end <= at), None)
    return min((one for one in (by_silence, by_hand) if one is not None), default=None)


def _silence(by: By, clock: SessionClock) -> timedelta | None:
    """How long it may be silent after somebody's word."""
    if by is By.BUYER:
        if clock.seller_silent_hours is not None:
            return timedelta(hours=clock.seller_silent_hours.value)
        return timedelta(days=clock.unreplied_close_days.value) if clock.unreplied_close_days is not None else None
    if by is By.MACHINE and clock.auto_reply_silent_minutes is not None:
        return timedelta(minutes=clock.auto_reply_silent_minutes.value)
    return timedelta(hours=clock.buyer_silent_hours.value) if clock.buyer_silent_hours is not None else None


def _another_day(last: Said, at: datetime, clock: SessionClock, zone: ZoneInfo) -> bool:
    """Whether an answered session is over because another day of the shop's has begun and no rule says otherwise."""
    if last.by is By.BUYER or clock.buyer_silent_hours is not None:
        return False
    return last.at.astimezone(zone).date() < at.astimezone(zone).date()


def _within(at: datetime, hours: DailyHours, zone: ZoneInfo) -> bool:
    clock = at.astimezone(zone).timetz().replace(tzinfo=None)
    if hours.start <= hours.end:
        return hours.start <= clock < hours.end
    return clock >= hours.start or clock < hours.end
