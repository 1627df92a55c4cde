"""How a value is said in each language: money, days, clock times, durations, numbers and lists.

Owns the form of values; refuses to decide which value is said. Everything is relative to ``now`` in the shop's zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal
from zoneinfo import ZoneInfo

from copilot.domain.money import Money, exponent

Language = Literal["zh", "en"]

_SYMBOLS = {
    "USD": "$", "GBP": "£", "EUR": "€", "CNY": "¥", "JPY": "¥", "KRW": "₩", "THB": "฿", "PHP": "₱", "SGD": "S$",
    "MYR": "RM", "IDR": "Rp", "VND": "₫", "CAD": "C$", "AUD": "A$", "MXN": "MX$", "BRL": "R$",
}  # fmt: skip
_ZH_UNITS = {
    "CNY": "元", "USD": "美元", "GBP": "英镑", "EUR": "欧元", "JPY": "日元", "KRW": "韩元", "THB": "泰铢",
    "SGD": "新加坡元", "MYR": "马来西亚林吉特", "PHP": "菲律宾比索", "IDR": "印尼盾", "VND": "越南盾",
    "HKD": "港元", "TWD": "新台币",
}  # fmt: skip
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ZH_DAYS = {-2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"}
_EN_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow"}
# A bare month and day is clear within the year, and for about a season across its end.
_CLEAR_DAYS = 300
_CLEAR_DAYS_OF_ANOTHER_YEAR = 120


@dataclass(frozen=True)
class Wording:
    """The wording of one draft: its language, its now, the shop's zone."""

    language: Language
    now: datetime
    zone: ZoneInfo

    def money(self, value: Money) -> str:
        """29.95元, 30元 · $29.95, $42.00."""
        number = Decimal(value.amount)
        if self.language == "zh":
            plain = format(number, "f")
            digits = plain.rstrip("0").rstrip(".") if "." in plain else plain
            return digits + _ZH_UNITS.get(value.currency, f" {value.currency}")
        text = format(number, f",.{exponent(value.currency)}f")
        symbol = _SYMBOLS.get(value.currency)
        return f"{symbol}{text}" if symbol else f"{value.currency} {text}"

    def day(self, value: date) -> str:
        """今天, 11月5日 · today, Nov 5; relative only where it cannot be misread."""
        away = (value - self.today).days
        if self.language == "zh":
            if away in _ZH_DAYS:
                return _ZH_DAYS[away]
            year = "" if self._clear(value) else f"{value.year}年"
            return f"{year}{value.month}月{value.day}日"
        if away in _EN_DAYS:
            return _EN_DAYS[away]
        year = "" if self._clear(value) else f", {value.year}"
        return f"{_MONTHS[value.month - 1]} {value.day}{year}"

    def on(self, value: date) -> str:
        """The day as an adverb: 昨天, 11月1日 · yesterday, on Nov 1."""
        said = self.day(value)
        return said if self.language == "zh" or abs((value - self.today).days) <= 1 else f"on {said}"

    def at(self, value: datetime) -> str:
        """A moment: 昨天16:12, 11月1日 · 4:12 PM yesterday, Nov 1; the hour only within two days."""
        local = value.astimezone(self.zone)
        away = abs((local.date() - self.today).days)
        if self.language == "zh":
            return self.day(local.date()) + (f"{local.hour}:{local.minute:02d}" if away <= 2 else "")
        return f"{_clock(local)} {self.day(local.date())}" if away <= 1 else self.day(local.date())

    def when(self, value: datetime) -> str:
        """A moment as an adverb: 昨天16:12, 11月1日 · at 4:12 PM yesterday, on Nov 1."""
        local = value.astimezone(self.zone).date()
        if self.language == "zh" or abs((local - self.today).days) > 1:
            return self.on(local) if self.language == "en" else self.at(value)
        return f"at {self.at(value)}"

    def by_time(self, value: datetime) -> str:
        """A deadline, never rounded: 今天18点前, 明天20:33前, 最晚11月25日 · by 6 PM today, by Nov 25."""
        local = value.astimezone(self.zone)
        away = (local.date() - self.today).days
        if away not in (0, 1) or (local.hour == 23 and local.minute >= 55):
            return self.by_day(local.date())
        if self.language == "zh":
            return f"{self.day(local.date())}{_zh_hour(local)}前"
        return f"by {_clock(local)} {self.day(local.date())}"

    def by_day(self, value: date) -> str:
        """A last day, itself included: 今天内, 最晚11月18日 · by the end of today, by Nov 18."""
        if value == self.today:
            return "今天内" if self.language == "zh" else "by the end of today"
        return f"最晚{self.day(value)}" if self.language == "zh" else f"by {self.day(value)}"

    def hours(self, seconds: float) -> str:
        """A duration in its largest whole unit: 48小时, 7天, 30分钟 · 48 hours, 7 days."""
        for size, zh, en in ((86400, "天", "day"), (3600, "小时", "hour"), (60, "分钟", "minute"), (1, "秒", "second")):
            # 48 hours is how shops say it; days begin at three.
            if seconds % size == 0 and (size != 86400 or seconds >= 3 * 86400):
                return self.count(int(seconds // size), zh, en)
        return self.count(round(seconds), "秒", "second")

    def count(self, number: int, zh: str, en: str) -> str:
        """A number with its unit: 5天 · 5 days, 1 day."""
        if self.language == "zh":
            return f"{number}{zh}"
        return f"{number} {en}{'' if number == 1 else 's'}"

    def percent(self, number: float) -> str:
        """10%."""
        return f"{number:g}%"

    def join(self, parts: Sequence[str], last: str | None = None) -> str:
        """甲、乙和丙 · a, b and c; ``last`` replaces the last joint (或 · or)."""
        if len(parts) < 2:
            return "".join(parts)
        if self.language == "zh":
            return "、".join(parts[:-1]) + (last or "和") + parts[-1]
        return ", ".join(parts[:-1]) + f" {last or 'and'} " + parts[-1]

    def _clear(self, value: date) -> bool:
        limit = _CLEAR_DAYS if value.year == self.today.year else _CLEAR_DAYS_OF_ANOTHER_YEAR
        return abs((value - self.today).days) <= limit

    @property
    def today(self) -> date:
        """The day it is in the shop's zone."""
        return self.now.astimezone(self.zone).date()


def _clock(local: datetime) -> str:
    hour = local.hour % 12 or 12
    minute = f":{local.minute:02d}" if local.minute else ""
    return f"{hour}{minute} {'AM' if local.hour < 12 else 'PM'}"


def _zh_hour(local: datetime) -> str:
    return f"{local.hour}:{local.minute:02d}" if local.minute else f"{local.hour}点"
