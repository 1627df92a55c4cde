"""How templates print facts: each function prints one value of one fact and leaves a claim behind.

Refuses to print a value that is not a fact, that is in another script than the text, or that carries somebody's phone
number.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from copilot.domain.fact import FactKind
from copilot.model.composer.known import Known
from copilot.model.composer.names import CUTS, MEASURES, UNITS, full_width, short_event, short_name
from copilot.model.composer.sentences import NotSayable
from copilot.model.composer.wording import Wording

_RANGE = re.compile(r"[\d.]+-[\d.]+")


@dataclass
class FactWords:
    """The printing functions over the facts of one plan."""

    known: Known
    wording: Wording
    item_named: bool = field(default=False, kw_only=True)

    def fact_functions(self) -> tuple[Callable[..., object], ...]:
        """The functions of this class that templates may call."""
        return (
            self.has, self.is_state, self.ahead, self.few, self.more, self.fact, self.num, self.money, self.day,
            self.on, self.at, self.when, self.by, self.days, self.hours, self.business_days, self.item, self.event,
            self.has_event, self.has_item, self.has_cut, self.has_measure, self.measure, self.with_unit,
            self.covers, self.of_body,
            self.size, self.sized, self.cut, self.state, self.promise, self.action, self.cause,
        )  # fmt: skip

    def has(self, *patterns: str) -> bool:
        """Whether every pattern finds a fact."""
        return all((fact := self.known.find(pattern)) is not None and fact.value is not None for pattern in patterns)

    def is_state(self, pattern: str, *values: str) -> bool:
        """Whether a state or attribute fact has one of the values."""
        fact = self.known.find(pattern)
        return fact is not None and str(fact.value) in values

    def more(self, pattern: str, than: str) -> bool:
        """Whether one number is larger than another."""
        return self.known.number(pattern) > self.known.number(than)

    def ahead(self, pattern: str) -> bool:
        """Whether a day is known and has not passed: what was expected last week is expected no more."""
        fact = self.known.find(pattern)
        if fact is None or fact.value is None:
            return False
        return date.fromisoformat(str(fact.value)[:10]) >= self.wording.today

    def few(self, pattern: str, most: int) -> bool:
        """Whether a quantity is known and at most ``most``."""
        return self.has(pattern) and self.known.number(pattern) <= most

    def fact(self, pattern: str) -> str:
        """The value in its usual wording."""
        kind = self.known.get(pattern).kind
        if kind is FactKind.AMOUNT:
            return self.money(pattern)
        if kind is FactKind.PERCENT:
            return self.known.said(pattern, self.wording.percent(self.known.number(pattern)))
        if kind is FactKind.PRODUCT:
            return self._product(pattern)
        if kind is FactKind.QUANTITY:
            return self.num(pattern)
        if kind in (FactKind.TIME, FactKind.DATE):
            return self.on(pattern)
        return self.known.said(pattern, self._same_script(self.known.text(pattern)))

    def num(self, pattern: str) -> str:
        """A bare number."""
        return self.known.said(pattern, f"{self.known.number(pattern):g}")

    def money(self, pattern: str) -> str:
        """An amount: 29.95元 · $29.95."""
        return self.known.said(pattern, self.wording.money(self.known.money(pattern)))

    def day(self, pattern: str) -> str:
        """A day: 昨天, 11月1日 · yesterday, Nov 1."""
        return self.known.said(pattern, self.wording.day(self._date(pattern)))

    def on(self, pattern: str) -> str:
        """A day as an adverb: 11月1日 · on Nov 1."""
        return self.known.said(pattern, self.wording.on(self._date(pattern)))

    def at(self, pattern: str) -> str:
        """A moment: 昨天16:12 · 4:12 PM yesterday."""
        value = self.known.time(pattern)
        said = self.wording.at(value) if isinstance(value, datetime) else self.wording.day(value)
        return self.known.said(pattern, said)

    def when(self, pattern: str) -> str:
        """A moment as an adverb: 昨天16:12 · at 4:12 PM yesterday, on Nov 1."""
        value = self.known.time(pattern)
        said = self.wording.when(value) if isinstance(value, datetime) else self.wording.on(value)
        return self.known.said(pattern, said)

    def by(self, pattern: str) -> str:
        """A deadline: 明天18点前, 最晚11月18日 · by Nov 18."""
        value = self.known.time(pattern)
        said = self.wording.by_time(value) if isinstance(value, datetime) else self.wording.by_day(value)
        return self.known.said(pattern, said)

    def days(self, pattern: str) -> str:
        """A number of days: 7天 · 7 days."""
        number = int(self.known.number(pattern))
        return self.known.said(pattern, self.wording.count(number, "天", "day"), FactKind.DURATION, number * 86400)

    def hours(self, pattern: str) -> str:
        """A number of hours: 48小时 · 48 hours."""
        number = int(self.known.number(pattern))
        return self.known.said(pattern, self.wording.count(number, "小时", "hour"), FactKind.DURATION, number * 3600)

    def business_days(self, least: str, most: str) -> str:
        """A range: 5到10个工作日 · 5–10 business days."""
        low, high = int(self.known.number(least)), int(self.known.number(most))
        zh = self.wording.language == "zh"
        if low == high:
            said = f"{high}个工作日" if zh else self.wording.count(high, "", "business day")
        else:
            said = f"{low}到{high}个工作日" if zh else f"{low}–{high} business days"
        return self.known.said(most, said, FactKind.DURATION)

    def item(self) -> str:
        """The thing the turn is about, by a short form of its name; named once in a text, then "it" must do."""
        if self.item_named:
            raise NotSayable("the thing was named already")
        for pattern in ("case.item.name", "product.*.name"):
            if self.has(pattern):
                said = self._product(pattern)
                self.item_named = True
                return said
        raise NotSayable("it is not known which thing it is about")

    def event(self) -> str:
        """The last scan in the carrier's words, without its full stop."""
        said = short_event(self.known.text("shipment.*.last_event.text"), self.wording.language)
        return self.known.said("shipment.*.last_event.text", said)

    def has_event(self) -> bool:
        """Whether the last scan can be quoted: known, short, in the text's script, without a phone number."""
        return self.has("shipment.*.last_event.at", "shipment.*.last_event.text") and self.can_say(
            lambda: short_event(self.known.text("shipment.*.last_event.text"), self.wording.language)
        )

    def has_item(self) -> bool:
        """Whether the thing has a name that can be said and was not named yet."""
        name = next((key for key in ("case.item.name", "product.*.name") if self.has(key)), None)
        return (
            name is not None
            and not self.item_named
            and self.can_say(lambda: short_name(self.known.text(name), self.wording.language))
        )

    def has_cut(self) -> bool:
        """Whether the cut is stated in words that have a wording here."""
        known = self.known.find("product.*.attributes.fit")
        return known is not None and str(known.value).casefold() in CUTS

    def has_measure(self) -> bool:
        """Whether the measure has a name in this language."""
        known = self.known.find("fit.measure")
        return known is not None and str(known.value).casefold() in MEASURES

    def measure(self) -> str:
        """What was measured: 臀围 · hip."""
        named = MEASURES.get(str(self.known.get("fit.measure").value).casefold())
        if named is None:
            raise NotSayable("the measure has no name in this language")
        return named[self.wording.language]

    def with_unit(self, pattern: str) -> str:
        """A measured value with its unit: 102厘米 · 40.5 in."""
        unit = UNITS.get(str(self.known.get("fit.unit").value).casefold())
        if unit is None:
            raise NotSayable("the unit has no name in this language")
        gap = "" if self.wording.language == "zh" else " "
        text = self.known.text(pattern)
        said = text if _RANGE.fullmatch(text) else f"{self.known.number(pattern):g}"
        return self.known.said(pattern, f"{said}{gap}{unit[self.wording.language]}")

    def covers(self, pattern: str) -> str:
        """Which bodies a size is made for: 100-115斤 · up to 130 lb."""
        upto = "" if _RANGE.fullmatch(self.known.text(pattern)) else {"zh": "到", "en": "up to "}[self.wording.language]
        return f"{upto}{self.with_unit(pattern)}"

    def of_body(self) -> bool:
        """Whether the table gives the bodies that sizes are made for (height, weight), not what the goods measure."""
        known = self.known.find("fit.measure")
        return known is not None and str(known.value).casefold() in ("height", "weight")

    def size(self, pattern: str) -> str:
        """A size's name: L码 · L."""
        name = self._same_script(self.known.text(pattern))
        # 37码 and 大码, but neither 黑色码 nor 1.8m床码.
        zh = self.wording.language == "zh" and (len(name) == 1 or name[-1:].isascii())
        return self.known.said(pattern, f"{name}码" if zh else name)

    def sized(self, pattern: str) -> str:
        """A size, or a colour with its size, within a sentence: 37码 · size 8 · the Black 8."""
        if self.wording.language == "zh":
            return self.size(pattern)
        return f"{'the' if ' ' in self.known.text(pattern) else 'size'} {self.size(pattern)}"

    def cut(self) -> str:
        """How the goods are cut: 偏修身 · runs slim."""
        named = CUTS.get(self.known.text("product.*.attributes.fit").casefold())
        if named is None:
            raise NotSayable("the cut has no name in this language")
        return self.known.said("product.*.attributes.fit", named[self.wording.language])

    def state(self, pattern: str, text: str) -> str:
        """``text`` states what the fact says."""
        return self.known.said(pattern, text, FactKind.STATE)

    def promise(self, pattern: str, text: str) -> str:
        """``text`` promises what the fact's time is for."""
        return self.known.said(pattern, text, FactKind.PROMISE)

    def action(self, pattern: str, text: str) -> str:
        """``text`` says that something was done, which the fact proves."""
        return self.known.said(pattern, text, FactKind.ACTION)

    def cause(self, pattern: str, text: str) -> str:
        """``text`` gives a cause that the fact states."""
        return self.known.said(pattern, text, FactKind.CAUSE)

    @staticmethod
    def can_say(say: Callable[[], str]) -> bool:
        """Whether a wording can be said."""
        try:
            return bool(say())
        except NotSayable:
            return False

    def _date(self, pattern: str) -> date:
        value = self.known.time(pattern)
        return value.astimezone(self.wording.zone).date() if isinstance(value, datetime) else value

    def _product(self, pattern: str) -> str:
        return self.known.said(pattern, short_name(self.known.text(pattern), self.wording.language), FactKind.PRODUCT)

    def _same_script(self, text: str) -> str:
        if self.wording.language == "en" and re.search(r"[\u3400-\u9fff]", text):
            raise NotSayable("the value is in another script")
        return full_width(text) if self.wording.language == "zh" else text
