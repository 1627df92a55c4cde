"""What a colleague said of the day on which an order leaves, before it was placed: "order by 4 and it goes out today".

Owns whether such words hold for an order, or for one that the buyer says they have just placed; refuses to let them
hold where their hour had passed, and to judge what the order shows by itself.
"""

import re
from datetime import date, datetime, time, timedelta, tzinfo

from copilot.domain.conversation import Conversation
from copilot.domain.order import Order
from copilot.flow.understand.burst import Burst, answers_buyer
from copilot.flow.understand.text import fold
from copilot.policy.short_forms import plainly

_REACH = timedelta(hours=24)
"""So long a colleague's word about today's orders can be meant."""
_NOON = 12
_HOURS_ZH = {sign: at for at, sign in enumerate("零一二三四五六七八九十", 0)} | {"两": 2, "十一": 11, "十二": 12}
_HOUR_ZH = (
    r"(?P<part>上午|中午|下午|晚上?|今晚)?\s*(?P<hour>\d{1,2}|十[一二]?|[一二两三四五六七八九])\s*"
    r"(?:点|[:：](?P<minute>\d{2}))(?P<half>半)?"
)
_ORDERS_ZH = r"(?:拍(?!照|视频)|下单|付款?|买|订)"
_LEAVES_ZH = (
    r"(?P<day>今天|当天|今日|当日|今晚|明天|明早|次日|第二天|隔天)[^,，。!?\n]{0,5}(?:发(?!票|现)|走|寄|出库|出货|安排)"
)
_ZH = re.compile(
    rf"(?:今天)?(?:{_HOUR_ZH}(?:之?前|以前))?[^,，。!?\n]{{0,3}}{_ORDERS_ZH}[^。!?\n]{{0,6}}{_LEAVES_ZH}"
    rf"|(?:(?:现在|马上|这会儿?|今天){_ORDERS_ZH})[^。!?\n]{{0,6}}(?P<now>今天|当天|今晚|明天|次日)[^,，。!?\n]{{0,5}}(?:发|走|寄)"
)
_HOUR_EN = r"(?:(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?\s*(?P<half>am|pm|a\.m\.|p\.m\.)?|(?P<noon>noon))"
_LEAVES_EN = (
    r"(?:ship\w*|go(?:es)? out|leaves?|(?:gets? )?(?:sent|mailed|shipped)|send (?:it|them)|on its way)"
    r"[^.?!\n]{0,16}\b(?P<day>today|tonight|same[- ]day|tomorrow|next day)\b"
)
_EN = re.compile(
    rf"\b(?:order\w*|buy|pay|purchase|check ?out|place it)\b[^.?!\n]{{0,20}}?"
    rf"(?:\b(?:by|before|til+|until)\s+{_HOUR_EN}|\bnow\b|\btoday\b)"
    rf"[^.?!\n]{{0,24}}?\b{_LEAVES_EN}"
)
_EN_BACK = re.compile(
    rf"\b{_LEAVES_EN}[^.?!\n]{{0,12}}\bif (?:you |u )?(?:order|buy|pay|place it)\b[^.?!\n]{{0,16}}?"
    rf"(?:\b(?:by|before)\s+{_HOUR_EN}|\bnow\b|\btoday\b)"
)
_LATER = ("明", "次", "第二", "隔", "tomorrow", "next")
_TAKEN_BACK = re.compile(
    r"没(?:有)?货|缺货|发不了|来不及|要(?:等|到)?明天|\b(?:out of stock|sold out|can'?t ship|won'?t ship|too late)\b"
)


def leaves_on(conversation: Conversation, burst: Burst, order: Order | None, zone: tzinfo) -> date | None:
    """The day on which a colleague said that an order such as this one leaves; None where nobody did, or it came late.

    ``order`` is the one that the turn is about; without one the buyer's own words are when it was placed.
    """
    placed = burst.said_at if order is None else order.paid_at or order.created_at
    if placed is None:
        return None
    for at in range(burst.start - 1, -1, -1):
        message = conversation.messages[at]
        if not answers_buyer(message) or message.sent_at is None or not message.text:
            continue
        if placed - message.sent_at > _REACH:
            return None
        said = fold(plainly(message.text))
        day = _day(said, message.sent_at.astimezone(zone), placed.astimezone(zone))
        if day is not None:
            return day
        if _TAKEN_BACK.search(said):
            return None
    return None


def _day(said: str, told: datetime, placed: datetime) -> date | None:
    """The day that ``said``, told then, names for what was placed then."""
    match = _ZH.search(said) or _EN.search(said) or _EN_BACK.search(said)
    if match is None or placed < told or placed.date() != told.date():
        return None
    until = _until(match)
    if until is not None and placed.time() > until:
        return None
    named = match.groupdict()
    day = named.get("day") or named.get("now") or ""
    return told.date() + timedelta(days=1 if day.startswith(_LATER) else 0)


def _until(match: re.Match[str]) -> time | None:
    """The hour by which it has to be placed; None where no hour is named. "By 4" is four in the afternoon."""
    named = match.groupdict()
    if named.get("noon"):
        return time(_NOON)
    if not named.get("hour"):
        return None
    hour = int(named["hour"]) if named["hour"].isdecimal() else _HOURS_ZH[named["hour"]]
    half, part = named.get("half") or "", named.get("part") or ""
    minute = int(named.get("minute") or (30 if half == "半" else 0))
    morning = half.startswith("a") or part == "上午"
    if hour < _NOON and not morning and (half.startswith("p") or part in ("下午", "晚", "晚上", "今晚") or hour < 8):
        hour += _NOON
    return time(hour % 24, minute)
