"""Clock times in a text, and days with clock times as points in the shop's time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, tzinfo

from copilot.domain.fact import FactKind
from copilot.policy.claims.days import Day, days
from copilot.policy.claims.found import Found, Look
from copilot.policy.claims.numbers import number

_HALF = "上午|下午|晚上|早上|早晨|中午|凌晨|傍晚|今晚|明晚|昨晚|今早|明早"
_HOUR_ZH = "十[一二]?|[一二三四五六七八九两]"
_PAST = r"(?:半|一刻|三刻|\d{1,2}分?|[一二三四五]?十[一-九]?分?)"
_CLOCKS = (
    Look(
        "点 时",
        r"(?P<half>上午|下午|晚上|早上|中午|凌晨|傍晚|晚)?\s?(?<![\d.])(?P<hour>\d{1,2})"
        r"(?:点钟?(?P<past>半|一刻|\d{1,2}分?)?|时(?!间|候|装|尚|常)(?:(?P<past2>\d{1,2})分)?)(?![\d一二三四]*[个件])",
        starts=r"[\d上下早中凌傍晚]",
    ),
    Look(
        ":",
        r"(?P<half>上午|下午|晚上|早上|中午|凌晨)?\s?(?<![\d:.])(?P<hour>\d{1,2}):(?P<past>\d{2})(?::\d{2})?(?!\d)"
        r"\s?(?P<part>[ap]\.?m\.?(?![a-z]))?",
        starts=r"[\d上下早中凌傍晚]",
    ),
    Look("am pm a.m p.m", r"(?<![\d:.])(?P<hour>\d{1,2})\s?(?P<part>[ap]\.?m\.?(?![a-z]))", starts=r"\d"),
    # 一点 is mostly "a little" and 几点 a question: hours in words count with a part of the day or a fraction.
    Look("点", rf"(?P<half>{_HALF})\s?(?P<hour>{_HOUR_ZH})点钟?(?P<past>{_PAST})?(?!个|儿)"),
    Look("点", rf"(?<![几有早晚快慢多少差])(?P<hour>{_HOUR_ZH})点(?:钟|整|(?P<past>{_PAST}))"),
    Look("点", r"(?<![几有早晚快慢多少差])(?P<hour>[两三四五六七八九]|十[一二]?)点(?=之?前|以前|之后|以后|左右)"),
    Look("点", rf"(?<=[今明后]天)(?P<hour>{_HOUR_ZH})点(?![儿个半一三\d])"),
)
_NOON = Look("noon midnight", r"(?<![a-z])(?P<noon>noon|midnight)(?![a-z])")


@dataclass(frozen=True, slots=True)
class _Clock:
    start: int
    end: int
    at: time


def points(text: str, now: datetime, zone: tzinfo) -> Iterator[Found]:
    """Dates ("YYYY-MM-DD") and times (RFC 3339; "T18:00" where no day is named) in ``text``."""
    named, clocks = list(days(text, now.astimezone(zone).date(), str(zone))), list(_clocks(text))
    used: set[_Clock] = set()
    for day in named:
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


_BETWEEN = re.compile(r"\s?(?:的|,|at|on|by|before|around|之前|前|,\s?at)?\s?")


def _joined(text: str, day: Day, clocks: list[_Clock]) -> _Clock | None:
    for clock in clocks:
        first, second = sorted(((day.start, day.end), (clock.start, clock.end)))
        inside = clock.start <= day.start < day.end <= clock.end
        if inside or (first[1] <= second[0] and _BETWEEN.fullmatch(text[first[1] : second[0]])):
            return clock
    return None


def _clocks(text: str) -> Iterator[_Clock]:
    for look in _CLOCKS:
        for match in look.over(text):
            at = _clock(match.groupdict(), text[max(0, match.start() - 2) : match.start()])
            if at is not None:
                start = match.start() + len(match.group()) - len(match.group().lstrip())
                yield _Clock(start, match.end(), at)
    for match in _NOON.over(text):
        yield _Clock(match.start(), match.end(), time(12) if match["noon"] == "noon" else time(0))


def _clock(group: dict[str, str | None], before: str) -> time | None:
    half = group.get("half") or ("晚上" if before.rstrip()[-1:] == "晚" else "")
    part = group.get("part") or ""
    hour = int(number(group["hour"] or "") or 0)
    if part.startswith("a") and hour == 12:
        hour = 0
    return _at(hour, "下午" if part.startswith("p") else half, _minute(group.get("past") or group.get("past2")))


def _at(hour: int, half: str, minute: int) -> time | None:
    """The time of ``hour`` in a part of the day ("下午", "今晚"); null when there is no such time."""
    if (half in {"下午", "傍晚"} or "晚" in half) and hour < 12:
        hour += 12
    if half == "中午" and hour < 11:
        hour += 12
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _minute(word: str | None) -> int:
    if not word:
        return 0
    known = {"半": 30, "一刻": 15, "三刻": 45}.get(word)
    return known if known is not None else int(number(word.rstrip("分")) or 0)
