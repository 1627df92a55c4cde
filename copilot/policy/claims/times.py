"""Dates, clock times and durations in a text, as points in the shop's time or as seconds."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from copilot.domain.fact import FactKind
from copilot.policy.claims.found import Found
from copilot.policy.claims.numbers import CHINESE, ENGLISH, number, plain

_MONTHS = {name: at for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAYS = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨晚": -1,
    "今晚": 0,
    "明天": 1,
    "明晚": 1,
    "明早": 1,
    "明日": 1,
    "后天": 2,
    "大后天": 3,
    "yesterday": -1,
    "tonight": 0,
    "tomorrow": 1,
}
_TODAY = {"今天": 0, "今日": 0, "今早": 0, "当天": 0, "today": 0}
_WEEKDAYS = {name: at for at, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}
_WEEK_ZH = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}

_DATE = re.compile(
    r"(?P<y1>\d{4})年(?P<m1>\d{1,2})月(?P<d1>\d{1,2})[日号]?"
    r"|(?<!\d)(?P<m2>\d{1,2})月(?P<d2>\d{1,2})[日号]?"
    r"|(?<!\d)(?P<y3>20\d{2})[-/.](?P<m3>\d{1,2})[-/.](?P<d3>\d{1,2})(?!\d)"
    rf"|(?<![a-z])(?P<n4>{_MONTH})\s?(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]|\s?%)(?:,?\s(?P<y4>20\d{{2}})(?!\d))?"
    rf"|(?<!\d)(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<n5>{_MONTH})(?![a-z])(?:,?\s(?P<y5>20\d{{2}})(?!\d))?"
    r"|(?<![\d/])(?P<m6>\d{1,2})/(?P<d6>\d{1,2})(?:/(?P<y6>\d{2,4}))?(?![\d/])",
    re.IGNORECASE,
)
_RELATIVE = re.compile("|".join(sorted((*_DAYS, *_TODAY), key=len, reverse=True)), re.IGNORECASE)
_WEEKDAY = re.compile(
    r"(?<![a-z])(?<!black )(?<!cyber )(?P<next>next |last )?(?P<en>monday|tuesday|wednesday|thursday"
    r"|friday|saturday|sunday)(?![a-z])"
    r"|(?P<week>下个?|上个?|这个?|本)?(?:周|星期|礼拜)(?P<zh>[一二三四五六日天])(?![月年岁])",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?P<half>上午|下午|晚上|早上|中午|凌晨|傍晚|晚)?\s?(?<![\d.])(?P<h1>\d{1,2})(?:点钟?(?P<mw>半|一刻|\d{1,2}分?)?|时(?!间|候|装"
    r"|尚|常)(?:(?P<m1>\d{1,2})分)?)(?![\d一二三四]*[个件])"
    r"|(?P<half2>上午|下午|晚上|早上|中午"
    r"|凌晨)?\s?(?<![\d:.])(?P<h2>\d{1,2}):(?P<m2>\d{2})(?::\d{2})?(?!\d)\s?(?P<ap2>[ap]\.?m\.?(?![a-z]))?"
    r"|(?<![\d:.])(?P<h3>\d{1,2})\s?(?P<ap3>[ap]\.?m\.?(?![a-z]))"
    r"|(?<![a-z])(?P<noon>noon|midnight)(?![a-z])",
    re.IGNORECASE,
)
_NUMBER = rf"\d+(?:\.\d+)?|{CHINESE}{{1,8}}|{ENGLISH}"
_UNIT = (
    r"个?小时|个?钟头|分钟|个?工作日|个?自然日|天|日(?=内|之内|以内|无理由)|周(?![一二三四五六日末边年])|个?星期|个?礼拜|个月|年(?=质保|保修|内)|"
    r"-?\s?(?:business|working|calendar)[- ]days?|-?\s?(?:hours?|hrs?|minutes?|mins?|days?|weeks?|months?"
    r"|years?)(?![a-z])"
)
_DURATION = re.compile(
    rf"(?<![\d.:/第每几])(?P<low>{_NUMBER})\s?(?:(?:-|–|—|~|～|到|至|\sto\s"
    rf"|\sor\s)\s?(?P<high>{_NUMBER})\s?)?(?P<unit>{_UNIT})",
    re.IGNORECASE,
)
_VAGUE = re.compile(r"[这前过那后近头同某有全整第每几]$|last $|past $|every $|each $|another $", re.IGNORECASE)
_SECONDS = (
    ("分", 60),
    ("min", 60),
    ("小时", 3600),
    ("钟头", 3600),
    ("hour", 3600),
    ("hr", 3600),
    ("week", 604800),
    ("周", 604800),
    ("星期", 604800),
    ("礼拜", 604800),
    ("month", 2592000),
    ("月", 2592000),
    ("year", 31536000),
    ("年", 31536000),
)


@dataclass(frozen=True, slots=True)
class _Day:
    start: int
    end: int
    day: date
    alone: bool
    """Whether the words claim a day by themselves; "today" does so only with a clock time."""


@dataclass(frozen=True, slots=True)
class _Clock:
    start: int
    end: int
    at: time


def points(text: str, now: datetime, zone: tzinfo) -> Iterator[Found]:
    """Dates ("YYYY-MM-DD") and times (RFC 3339; "T18:00" where no day is named) in ``text``."""
    today = now.astimezone(zone).date()
    days, clocks = list(_days(text, today)), list(_clocks(text))
    used: set[_Clock] = set()
    for day in days:
        clock = _joined(text, day, clocks)
        if clock is not None and clock not in used:
            used.add(clock)
            at = datetime.combine(day.day, clock.at, zone)
            start, end = min(day.start, clock.start), max(day.end, clock.end)
            yield Found(FactKind.TIME, start, end, at.isoformat())
        elif day.alone:
            yield Found(FactKind.DATE, day.start, day.end, day.day.isoformat())
    for clock in clocks:
        if clock not in used:
            yield Found(FactKind.TIME, clock.start, clock.end, f"T{clock.at:%H:%M}")


_BETWEEN = re.compile(r"\s?(?:的|,|at|on|by|before|around|之前|前|,\s?at)?\s?", re.IGNORECASE)


def _joined(text: str, day: _Day, clocks: list[_Clock]) -> _Clock | None:
    for clock in clocks:
        first, second = sorted(((day.start, day.end), (clock.start, clock.end)))
        if first[1] <= second[0] and _BETWEEN.fullmatch(text[first[1] : second[0]]):
            return clock
    return None


def _days(text: str, today: date) -> Iterator[_Day]:
    taken: list[tuple[int, int]] = []
    for match in _DATE.finditer(text):
        day = _calendar_day(match, today)
        if day is not None:
            taken.append(match.span())
            yield _Day(match.start(), match.end(), day, True)
    for match in _RELATIVE.finditer(text):
        word = match.group().lower()
        offset = _DAYS.get(word, _TODAY.get(word, 0))
        yield _Day(match.start(), match.end(), today + timedelta(days=offset), word in _DAYS)
    for match in _WEEKDAY.finditer(text):
        yield _Day(match.start(), match.end(), _weekday(match, today), True)


def _calendar_day(match: re.Match[str], today: date) -> date | None:
    group = match.groupdict()
    which = next(number for number in "123456" if group.get(f"d{number}") is not None)
    name, year = group.get(f"n{which}"), group.get(f"y{which}")
    month = _MONTHS[name[:3].lower()] if name else int(group[f"m{which}"])
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, int(group[f"d{which}"]))
        return _nearest(month, int(group[f"d{which}"]), today)
    except ValueError:
        return None


def _nearest(month: int, day: int, today: date) -> date:
    """The day without a year that is closest to ``today``."""
    candidates = [
        date(year, month, day) for year in (today.year - 1, today.year, today.year + 1) if _exists(year, month, day)
    ]
    if not candidates:
        raise ValueError
    return min(candidates, key=lambda candidate: abs(candidate - today))


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _weekday(match: re.Match[str], today: date) -> date:
    if match["zh"]:
        monday = today - timedelta(days=today.weekday())
        week = (match["week"] or "")[:1]
        day = monday + timedelta(days=_WEEK_ZH[match["zh"]] + {"下": 7, "上": -7}.get(week, 0))
        return day + timedelta(days=7) if not week and day < today else day
    ahead = (_WEEKDAYS[match["en"].lower()] - today.weekday()) % 7
    word = (match["next"] or "").strip().lower()
    if word == "last":
        return today + timedelta(days=ahead - 7)
    return today + timedelta(days=ahead or (7 if word == "next" else 0))


def _clocks(text: str) -> Iterator[_Clock]:
    for match in _CLOCK.finditer(text):
        at = _clock(match, text[max(0, match.start() - 2) : match.start()])
        if at is not None:
            start = match.start() + len(match.group()) - len(match.group().lstrip())
            yield _Clock(start, match.end(), at)


def _clock(match: re.Match[str], before: str) -> time | None:
    if match["noon"]:
        return time(12) if match["noon"].lower() == "noon" else time(0)
    hour = int(match["h1"] or match["h2"] or match["h3"])
    half = match["half"] or match["half2"] or ("晚上" if before[-1:] == "晚" else "")
    part = (match["ap2"] or match["ap3"] or "").lower()
    if (half in {"下午", "晚上", "傍晚", "晚"} or part.startswith("p")) and hour < 12:
        hour += 12
    if half == "中午" and hour < 11:
        hour += 12
    if part.startswith("a") and hour == 12:
        hour = 0
    minute = _minute(match)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _minute(match: re.Match[str]) -> int:
    word = match["mw"] or match["m1"] or match["m2"]
    if not word:
        return 0
    return {"半": 30, "一刻": 15}.get(word) or int(word.rstrip("分"))


def durations(text: str) -> Iterator[Found]:
    """Lengths of time in seconds; a range is a list of two. A business day counts as a day."""
    for match in _DURATION.finditer(text):
        low, high = number(match["low"]), number(match["high"]) if match["high"] else None
        if low is None or _VAGUE.search(text[max(0, match.start() - 8) : match.start()]):
            continue
        unit = match["unit"].lower()
        scale = next((seconds for name, seconds in _SECONDS if name in unit), 86400)
        values = [plain(value * scale) for value in (low, high) if value is not None]
        yield Found(FactKind.DURATION, match.start(), match.end(), values[0] if len(values) == 1 else list(values))
