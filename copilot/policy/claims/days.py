"""Days in a text: calendar dates, days of the month, weekdays, tomorrow. Clock times are read elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from copilot.policy.claims.found import Look

_MONTHS = {name: at for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAYS = {
    "大前天": -3,
    "前天": -2,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "今晚": 0,
    "明天": 1,
    "明晚": 1,
    "明早": 1,
    "明日": 1,
    "后天": 2,
    "大后天": 3,
    "day before yesterday": -2,
    "yesterday": -1,
    "tonight": 0,
    "tomorrow": 1,
    "tmrw": 1,
    "tmr": 1,
    "day after tomorrow": 2,
}
_TODAY = {"今天": 0, "今日": 0, "今早": 0, "当天": 0, "today": 0}
_WEEKDAYS = {name: at for at, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}
_WEEK_ZH = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_BEHIND = (
    r"(?=\s?(?:之?前|以前|之?后|以后|当天|发货?|寄出?|送达?|出库?|截止|晚上|早上|上午|下午|中午|开始|开播|恢复|上班"
    r"|到|左右|给您|就能|能到|会))"
)

_MONTH_HINTS = tuple(_MONTHS)
_DATES = (
    Look("年", r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?", starts=r"\d"),
    Look("月", r"(?<![\d年])(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?", starts=r"\d"),
    Look(("20",), r"(?<!\d)(?P<y>20\d{2})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?!\d)", starts=r"\d"),
    Look(
        _MONTH_HINTS,
        rf"(?<![a-z])(?P<n>{_MONTH})\s?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:]|\s?%)(?:,?\s(?P<y>20\d{{2}})(?!\d))?",
    ),
    Look(
        _MONTH_HINTS,
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<n>{_MONTH})(?![a-z])(?:,?\s(?P<y>20\d{{2}})(?!\d))?",
        starts=r"\d",
    ),
    Look("/", r"(?<![\d/])(?!24/7)(?P<m>\d{1,2})(?P<slash>/)(?P<d>\d{1,2})(?:/(?P<y>\d{2,4}))?(?![\d/])", starts=r"\d"),
    Look(
        "号 日 前",
        r"(?<![\d.])(?P<m>1[0-2]|0?[1-9])\.(?P<d>3[01]|[12]\d|0?[1-9])(?:[号日]|(?=之前|以前))",
        starts=r"\d",
    ),
    Look(
        "号 日 前 发货 到货 截止",
        r"(?<![\d-])(?P<m>1[0-2]|0?[1-9])-(?P<d>3[01]|[12]\d|0?[1-9])(?![\d-])(?:[号日]|(?=之?前|以前|发货|到货|截止))",
        starts=r"\d",
    ),
)
# A day of the month without its month: behind a word for a deadline, or in front of what happens on it.
_DAYS_OF_MONTH = (
    Look(
        "号 日",
        r"(?<![\d第.\-/月])(?:(?:最晚|最迟|预计|大概|到|截至|截止到?|于|本月|这个月)\s?(?P<d>\d{1,2})[号日]"
        r"(?![楼线色链款机门店码床仓柜口馆电])"
        rf"|(?P<d2>\d{{1,2}})[号日]{_BEHIND})",
    ),
    Look(
        (" the ",),
        r"(?<![a-z])(?:on|by|before|until|till|from|after|since|around) the (?P<d>\d{1,2})(?:st|nd|rd|th)(?![a-z])"
        rf"(?!\s(?:of\s)?{_MONTH}(?![a-z])|\s(?:floor|street|avenue|ave|st|order|item|time|one)(?![a-z]))",
    ),
)
_RELATIVE = Look("天 日 晚 早 day tonight tomorrow tmr", "|".join(sorted((*_DAYS, *_TODAY), key=len, reverse=True)))
_WEEKDAY = Look(
    tuple(_WEEKDAYS), rf"(?<![a-z])(?<!black )(?<!cyber )(?P<next>next |last )?(?P<en>{'|'.join(_WEEKDAYS)})(?![a-z])"
)
_WEEKDAY_ZH = Look(
    "周 星期 礼拜", r"(?P<week>下个?|上个?|这个?|本)?(?:周|星期|礼拜)(?P<zh>[一二三四五六日天])(?![月年岁])"
)
_DAY_FIRST = re.compile(
    r"Europe/|Australia/|Pacific/Auckland|Africa/|Asia/(?:Jakarta|Singapore|Kuala_Lumpur|Bangkok|Ho_Chi_Minh|Saigon)"
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day and where it is named."""

    start: int
    end: int
    day: date
    alone: bool
    """Whether the words claim a day by themselves; "today" does so only with a clock time."""


def days(text: str, today: date, zone: str) -> Iterator[Day]:
    """The days of ``text``, small letters; ``zone`` is the shop's zone by name, which tells 9/11 from 11/9."""
    day_first = _DAY_FIRST.match(zone) is not None
    for look in _DATES:
        for match in look.over(text):
            day = _calendar_day(match, today, day_first=day_first)
            if day is not None:
                yield Day(match.start(), match.end(), day, True)
    for look in _DAYS_OF_MONTH:
        for match in look.over(text):
            group = "d" if match["d"] else "d2"
            day = _day_of_month(int(match[group]), today)
            if day is not None:
                yield Day(match.start() if text[match.start()] < "\x7f" else match.start(group), match.end(), day, True)
    for match in _RELATIVE.over(text):
        word = match.group()
        offset = _DAYS.get(word, _TODAY.get(word, 0))
        yield Day(match.start(), match.end(), today + timedelta(days=offset), word in _DAYS)
    for match in _WEEKDAY.over(text):
        yield Day(match.start(), match.end(), _weekday(match["en"], match["next"] or "", today), True)
    for match in _WEEKDAY_ZH.over(text):
        yield Day(match.start(), match.end(), _weekday_zh(match["zh"], match["week"] or "", today), True)


def _calendar_day(match: re.Match[str], today: date, *, day_first: bool) -> date | None:
    group = match.groupdict()
    name, year, day = group.get("n"), group.get("y"), int(group["d"])
    month = _MONTHS[name[:3]] if name else int(group["m"])
    if group.get("slash") and ((day_first and day <= 12) or month > 12):
        month, day = day, month
    if year:
        return _made(int(year) + (2000 if len(year) == 2 else 0), month, day)
    return _nearest([(today.year + years, month) for years in (-1, 0, 1)], day, today)


def _day_of_month(day: int, today: date) -> date | None:
    """The day of that number in this month or the two next to it, whichever is closest."""
    months = [divmod(today.year * 12 + today.month - 1 + step, 12) for step in (-1, 0, 1)]
    return _nearest([(year, month + 1) for year, month in months], day, today)


def _nearest(months: list[tuple[int, int]], day: int, today: date) -> date | None:
    found = [made for year, month in months if (made := _made(year, month, day)) is not None]
    return min(found, key=lambda candidate: abs(candidate - today), default=None)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _weekday_zh(name: str, week: str, today: date) -> date:
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(days=_WEEK_ZH[name] + {"下": 7, "上": -7}.get(week[:1], 0))
    return day + timedelta(days=7) if not week and day < today else day


def _weekday(name: str, which: str, today: date) -> date:
    ahead = (_WEEKDAYS[name] - today.weekday()) % 7
    if which == "last ":
        return today + timedelta(days=ahead - 7)
    return today + timedelta(days=ahead or (7 if which else 0))
