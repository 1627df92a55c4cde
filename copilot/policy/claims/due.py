"""By when a promise is due: the time that stands next to it, read so late that nobody can call it late.

Owns what a deadline in words means. A day is over at its last minute, a morning at noon, "five" without a part of the
day is the next five o'clock, a length of time counts from now.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta, tzinfo

from copilot.domain.fact import Claim, FactKind
from copilot.policy.claims.clauses import sentence

_WHEN = frozenset({FactKind.TIME, FactKind.DATE, FactKind.DURATION})
_MARKS = re.compile(r"[,，、。！？!?\n;；]")
_DATE = len("2026-11-22")
_NOW = re.compile(
    r"今[天日晚]|当天|现在|马上|立刻|立即|这就|(?<![a-z])(?:today|tonight|now|right away|immediately)(?![a-z])"
)
_PARTS = (
    (re.compile(r"早|上午|中午[之以]?前|morning|first thing|before noon"), time(12)),
    (re.compile(r"中午|lunch"), time(14)),
    (re.compile(r"下午|傍晚|afternoon"), time(18)),
)
_HALF = re.compile(r"[早晚午晨]|[ap]\.?\s?m|noon|midnight|:\d\d.*[ap]", re.IGNORECASE)
_WITHIN_ZH = re.compile(r"\s?(?:之?[内后]|以[内后]|左右|[给回发退到打转])")
_WITHIN_EN = re.compile(
    r"(?<![a-z])(?:within|in|inside|under|after|next|about|around)(?: the| next| about| around| a)*\s?$"
)
_SHORT = re.compile(r"时|钟|分|hour|hr|min|\dh", re.IGNORECASE)
_WORKING = re.compile(r"工作日|business|working", re.IGNORECASE)
_WEEKEND = 5
_BY_HOUR = re.compile(
    r"(?<![a-z])(?:by|at|before|around) (?P<hour>1[0-2]|[1-9])(?P<half>[.:]30)?(?= ?(?:o'?clock|sharp|latest|"
    r"at the latest|today|[.,!;)]|$))"
)
_WEEK = re.compile(
    r"(?P<next>下(?:个?星期|周)(?![一二三四五六日天])|next week)|[本这]个?(?:周|星期)(?![一二三四五六日天])|周内"
    r"|(?<!next )this week|end of (?:the |this )?week"
)
_MONTH = re.compile(r"月底|月末|本月内|end of (?:the |this )?month")


def due_of(text: str, promise: Claim, beside: Sequence[Claim], now: datetime, zone: tzinfo) -> datetime:
    """When ``promise`` of ``text`` is due; ``beside`` are the claims of its sentence.

    What its own clause names comes before what the sentence names; without any the end of the shop's day.
    """
    plain, local = text.lower(), now.astimezone(zone)
    clause = _clause(plain, promise)
    inside = [one for one in beside if clause[0] <= one.start and one.end <= clause[1]]
    for claims, bounds in ((inside, clause), (beside, sentence(plain, promise.start, promise.end))):
        found = list(_named(plain, claims, local, zone)) or list(_loose(plain[slice(*bounds)], local))
        ahead = [(at, due) for at, due in found if due > now]
        if ahead:
            return min(ahead, key=lambda one: _apart(one[0], promise))[1]
        if _NOW.search(plain, *bounds):
            break
    return end_of_day(local, zone)


def end_of_day(at: datetime, zone: tzinfo) -> datetime:
    """The last minute of the day in ``zone``."""
    return datetime.combine(at.astimezone(zone), time(23, 59), tzinfo=zone)


def _clause(text: str, promise: Claim) -> tuple[int, int]:
    start = max((match.end() for match in _MARKS.finditer(text, 0, promise.start)), default=0)
    end = _MARKS.search(text, promise.end)
    return start, end.start() if end else len(text)


def _apart(at: int | None, promise: Claim) -> int:
    if at is None:
        return 0
    return max(promise.start - at, at - promise.end, 0)


def _named(text: str, claims: Sequence[Claim], local: datetime, zone: tzinfo) -> Iterator[tuple[int, datetime]]:
    """The times that claims name, each with where."""
    for claim in claims:
        due = _duration(text, claim, local, zone) if claim.kind is FactKind.DURATION else None
        if claim.kind in {FactKind.TIME, FactKind.DATE}:
            due = _moment(text, claim, local, zone)
        if due is not None:
            yield claim.start, due


def _duration(text: str, claim: Claim, local: datetime, zone: tzinfo) -> datetime | None:
    if not (_WITHIN_ZH.match(text, claim.end) or _WITHIN_EN.search(text[max(0, claim.start - 24) : claim.start])):
        return None
    longest = claim.value[-1] if isinstance(claim.value, list) and claim.value else claim.value
    if not isinstance(longest, int | float):
        return None
    at = local + timedelta(seconds=longest)
    if _WORKING.search(claim.text):
        at = _working_days(local, round(longest / timedelta(days=1).total_seconds()))
    return at if _SHORT.search(claim.text) else end_of_day(at, zone)


def _working_days(local: datetime, days: int) -> datetime:
    """So many working days later; what holidays there are is not known here, weekends are."""
    at = local
    while days > 0:
        at += timedelta(days=1)
        days -= at.weekday() < _WEEKEND
    return at


def _moment(text: str, claim: Claim, local: datetime, zone: tzinfo) -> datetime | None:
    value = str(claim.value)
    open_half = _HALF.search(claim.text) is None
    if value.startswith("T"):
        return _next(time.fromisoformat(value[1:]), local, open_half=open_half)
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    if len(value) > _DATE:
        return at + timedelta(hours=12) if open_half and 0 < at.hour < 7 else at
    near = text[max(0, claim.start - 12) : claim.end + 10]
    part = next((until for look, until in _PARTS if look.search(near)), time(23, 59))
    return datetime.combine(at, part, tzinfo=zone)


def _next(at: time, local: datetime, *, open_half: bool) -> datetime:
    """The next such time; with no part of the day named, of either half of it."""
    hours = {at.hour, (at.hour + 12) % 24} if open_half and at.hour <= 12 else {at.hour}
    days = (local, local + timedelta(days=1))
    times = [
        day.replace(hour=hour, minute=at.minute, second=0, microsecond=0) for day in days for hour in sorted(hours)
    ]
    return next((one for one in times if one > local), times[-1])


def _loose(text: str, local: datetime) -> Iterator[tuple[None, datetime]]:
    """Times that are no claims: by 5, this afternoon, by the end of the week."""
    last = local.replace(hour=23, minute=59, second=0, microsecond=0)
    hour = _BY_HOUR.search(text)
    if hour is not None:
        yield None, _next(time(int(hour["hour"]), 30 if hour["half"] else 0), local, open_half=True)
    week = _WEEK.search(text)
    if week is not None:
        yield None, last + timedelta(days=6 - local.weekday() + (7 if week["next"] else 0))
    if _MONTH.search(text):
        following = (last.replace(day=28) + timedelta(days=4)).replace(day=1)
        yield None, following - timedelta(days=1)
    for look, until in _PARTS:
        if hour is None and look.search(text):
            yield None, local.replace(hour=until.hour, minute=0, second=0, microsecond=0)
