"""Lengths of time in a text, in seconds. A business day counts as a day, a month as thirty days.

What names no number (几天, a few days, soon) states nothing that could be checked and gives no claim; "a couple of
days" and 两三天 are two to three.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from copilot.domain.fact import FactKind
from copilot.policy.claims.found import Found, Look
from copilot.policy.claims.numbers import CHINESE, ENGLISH, STARTS, either, number, plain

_NUMBER = rf"\d+(?:\.\d+)?|{CHINESE}{{1,8}}|{ENGLISH}"
_UNIT = (
    r"个?小时|个?钟头|分钟|个?工作日|个?自然日|天|日(?=内|之内|以内|无理由)|周(?![一二三四五六日末边年])|个?星期"
    r"|个?礼拜|个月|年(?=质保|保修|内|免费)|"
    r"-?\s?(?:business|working|calendar)[- ]days?|-?\s?(?:hours?|hrs?|minutes?|mins?|days?|weeks?|months?"
    r"|years?)(?![a-z])|h(?![a-z\d])"
)
_DURATION = Look(
    "小时 钟头 分钟 工作日 自然日 天 日内 日之内 日以内 日无理由 周 星期 礼拜 个月 年 hour hr min day week month "
    "year h",
    rf"(?<![\d.:/第每几*x×])(?P<low>{_NUMBER})\s?(?:(?:-|–|—|~|～|到|至|\sto\s|\sor\s|\s-\s)\s?"
    rf"(?P<high>{_NUMBER})\s?)?(?:-\s?)?"
    rf"(?P<unit>{_UNIT})(?P<half>半(?![价路天小夜]))?",
    starts=STARTS,
)
_AND_A_HALF = Look(
    ("个半", "and a half"),
    rf"(?P<low>\d{{1,3}}|{CHINESE}{{1,4}})个半(?P<unit>小时|钟头|月)"
    rf"|(?P<low2>\d{{1,2}}|{ENGLISH}|(?<![a-z])an?) (?P<unit2>hour|day|week|month|year)s? and a half",
)
_YEARS = Look(
    "年",
    rf"(?:质保|保修|联保|换新|包换|保质期?|有效期?|延保)(?:期|时间|是|为|:|\s){{0,2}}(?P<low>\d{{1,2}}"
    rf"|{CHINESE}{{1,3}})(?P<unit>年)",
)
# "a day" is a length only behind a word that measures; "a great day" and "once a day" are not.
_ONE = Look(
    (
        "a minute",
        "a day",
        "a week",
        "a month",
        "a year",
        "an hour",
        "half",
        "couple",
        "a full",
        "a whole",
        "a business",
        "a working",
    ),
    r"(?:(?<![a-z])(?:in|within|takes?|take|about|around|up to|under|over|for|least|than|allow|another|roughly|only)\s"
    r"(?P<span>(?P<low>an?)\s(?:full |whole |business |working )?(?P<unit>minute|hour|day|week|month|year)))(?![a-z])"
    r"|(?<![a-z])(?P<half>half (?:an? )?(?P<unit2>hour|day|month|year))(?![a-z])"
    r"|(?<![a-z])(?P<couple>a? ?couple (?:of )?(?:(?:business|working) )?(?P<unit3>minute|hour|day|week|month)s?)"
    r"(?![a-z])",
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


def durations(text: str) -> Iterator[Found]:
    """Lengths of time in seconds; a range is a list of two."""
    for match in _DURATION.over(text):
        if not _VAGUE.search(text[max(0, match.start() - 8) : match.start()]):
            yield from _plain(match)
    for match in _AND_A_HALF.over(text):
        value = number(match["low"] or match["low2"])
        if value is not None:
            seconds = (value + Decimal("0.5")) * _scale(match["unit"] or match["unit2"])
            yield Found(FactKind.DURATION, match.start(), match.end(), plain(seconds))
    for match in _YEARS.over(text):
        value = number(match["low"])
        if value is not None:
            yield Found(FactKind.DURATION, match.start("low"), match.end(), plain(value * _scale("年")))
    for match in _ONE.over(text):
        yield from _one(match)


def _plain(match: re.Match[str]) -> Iterator[Found]:
    scale, start = _scale(match["unit"]), match.start()
    values = either(match["low"]) if not match["high"] else None
    if values is None:
        found = [number(written) for written in (match["low"], match["high"]) if written]
        if any(value is None for value in found):
            return
        values = tuple(value for value in found if value is not None)
    if match["half"] and len(values) == 1 and scale >= 86400:
        yield Found(FactKind.DURATION, start, match.end(), plain((values[0] + Decimal("0.5")) * scale))
        return
    seconds = [plain(value * scale) for value in values]
    yield Found(FactKind.DURATION, start, match.end("unit"), seconds[0] if len(seconds) == 1 else list(seconds))


def _one(match: re.Match[str]) -> Iterator[Found]:
    if match["couple"]:
        scale = _scale(match["unit3"])
        yield Found(FactKind.DURATION, match.start("couple"), match.end(), [2 * scale, 3 * scale])
    elif match["half"]:
        yield Found(FactKind.DURATION, match.start("half"), match.end(), _scale(match["unit2"]) // 2)
    else:
        yield Found(FactKind.DURATION, match.start("span"), match.end(), _scale(match["unit"]))


def _scale(unit: str) -> int:
    """Seconds of one ``unit``; days are the rest."""
    unit = unit.lower()
    if unit == "h":
        return 3600
    return next((seconds for name, seconds in _SECONDS if name in unit), 86400)
