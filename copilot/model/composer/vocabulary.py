"""The functions that templates call: each prints one value of one fact, or asks what the plan holds.

Owns the bridge between templates and facts; every printed value becomes a claim. Refuses to print a value that is
not a fact, that is in another script than the text, or that carries somebody's phone number.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from copilot.domain.case import Option
from copilot.domain.errors import SceneUnknown
from copilot.domain.fact import FactKind
from copilot.domain.plan import Plan
from copilot.model.composer.known import Known
from copilot.model.composer.names import CUTS, ISSUES, MEASURES, UNITS, short_event, short_name
from copilot.model.composer.sentences import NotSayable, Teller
from copilot.model.composer.voice import Voice
from copilot.model.composer.wording import Wording

_HURTS = (("碎", "碎了"), ("裂", "裂了"), ("破", "破了"), ("漏", "漏了"), ("变形", "变形了"), ("压", "压坏了"))
_HURTS_EN = (
    ("shatter", "shattered"), ("crack", "cracked"), ("broke", "broken"), ("smash", "smashed"), ("dent", "dented"),
    ("leak", "leaking"), ("torn", "torn"), ("bent", "bent"), ("pieces", "broken"),
)  # fmt: skip


@dataclass
class Vocabulary:
    """What a template may call while one draft is rendered."""

    plan: Plan
    known: Known
    wording: Wording
    teller: Teller
    voice: Voice
    burst_text: str
    _option: Option | None = None
    _self: Any = field(default=None)
    _also: bool = False
    _named: bool = False

    def variables(self) -> dict[str, object]:
        """The names that templates see."""
        functions: tuple[Callable[..., object], ...] = (
            self.scene, self.has, self.fact, self.num, self.money, self.day, self.on, self.at, self.when, self.by, self.days,
            self.hours, self.business_days, self.item, self.event, self.state, self.promise, self.action, self.cause,
            self.opt, self.choices, self.letters, self.only, self.confirmed, self.open_issues, self.candidates,
            self.hurt, self.emoji, self.mentions, self.asks, self.is_state, self.few, self.part, self.also, self.offer,
            self.measure, self.with_unit, self.size, self.cut, self.promised, self.offers,
        )  # fmt: skip
        names: dict[str, object] = {function.__name__: function for function in functions}
        names |= {"say_open": self.teller.open, "say_close": self.teller.close, "one": self.teller.one}
        # Jinja hands the wording as the keyword ``caller``.
        names["say_add"] = self.teller.add
        names["options"] = self.plan.options
        names["brand"] = self.voice.brand.get(self.wording.language, "")
        names["act"] = self.plan.act.value
        names["chosen"] = self.plan.chosen
        names["empathy"] = self.plan.empathy
        return names

    # What the plan is about -----------------------------------------------------------------------------------

    def scene(self, template: Any) -> str:
        """The block of this plan's act and scene; ``SceneUnknown`` when no template has it."""
        self._self = template
        for name in (f"{self.plan.act.value}_{self.plan.scene}", self.plan.act.value):
            block = self._block(name)
            if block is not None:
                return block() + self.also()
        issue = self.plan.issue.value if self.plan.issue else "no issue"
        raise SceneUnknown(
            f"no template words {self.plan.act.value}/{self.plan.scene or '-'} of {issue} in {self.wording.language}",
            remedy=f"add the block {self.plan.act.value}_{self.plan.scene} to the issue's template",
        )

    def part(self, name: str) -> str:
        """The text of another block: the issue's ``empathy``, its ``matter``."""
        block = self._block(name)
        if block is None:
            raise SceneUnknown(f"no template has the block {name} in {self.wording.language}")
        return block().strip()

    def also(self) -> str:
        """The sentence that names the further issues as open, once; an offer calls it before its question."""
        if self._also or not any(issue in ISSUES for issue in self.plan.secondary):
            return ""
        self._also = True
        return self.part("secondary")

    def offer(self) -> str:
        """The options: a choice with letters, or the one there is."""
        return self.part("offer_choices" if len(self.plan.options) > 1 else "offer_only")

    def asks(self, slot: str) -> bool:
        """Whether the plan asks for ``slot``."""
        return slot in self.plan.asks

    def mentions(self, *words: str) -> bool:
        """Whether the buyer's turn uses one of the words; for tone only, never for facts."""
        text = self.burst_text.casefold()
        return any(word.casefold() in text for word in words)

    def hurt(self) -> str:
        """What the buyer says happened to the goods, in the buyer's own word."""
        zh = self.wording.language == "zh"
        for word, said in _HURTS if zh else _HURTS_EN:
            if self.mentions(word):
                return said
        return "坏了" if zh else "damaged"

    def open_issues(self) -> str:
        """The further issues of the turn as one phrase; nothing to say without any."""
        named = [ISSUES[issue][self.wording.language] for issue in self.plan.secondary if issue in ISSUES]
        if not named:
            raise NotSayable("no further issue")
        return self.wording.join(list(dict.fromkeys(named)))

    # Facts ----------------------------------------------------------------------------------------------------

    def has(self, *patterns: str) -> bool:
        """Whether every pattern finds a fact."""
        return all((fact := self.known.find(pattern)) is not None and fact.value is not None for pattern in patterns)

    def is_state(self, pattern: str, *values: str) -> bool:
        """Whether a state or attribute fact has one of the values."""
        fact = self.known.find(pattern)
        return fact is not None and str(fact.value) in values

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
        if self._named:
            raise NotSayable("the thing was named already")
        for pattern in ("case.item.name", "product.*.name"):
            if self.has(pattern):
                said = self._product(pattern)
                self._named = True
                return said
        raise NotSayable("it is not known which thing it is about")

    def event(self) -> str:
        """The last scan in the carrier's words, without its full stop."""
        said = short_event(self.known.text("shipment.*.last_event.text"), self.wording.language)
        return self.known.said("shipment.*.last_event.text", said)

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
        return self.known.said(pattern, f"{self.known.number(pattern):g}{gap}{unit[self.wording.language]}")

    def size(self, pattern: str) -> str:
        """A size's name: L码 · L."""
        name = self._same_script(self.known.text(pattern))
        zh = self.wording.language == "zh" and not name.endswith(("码", "号"))
        return self.known.said(pattern, f"{name}码" if zh else name)

    def cut(self) -> str:
        """How the goods are cut: 偏修身 · runs slim."""
        named = CUTS.get(self.known.text("product.*.attributes.fit").casefold())
        if named is None:
            raise NotSayable("the cut has no name in this language")
        return self.known.said("product.*.attributes.fit", named[self.wording.language])

    def promised(self, what: str) -> bool:
        """Whether the plan makes this promise."""
        return any(promise.what == what for promise in self.plan.promises)

    # Marked phrases -------------------------------------------------------------------------------------------

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

    # Options --------------------------------------------------------------------------------------------------

    def opt(self, path: str) -> str:
        """The id of a fact of the option that is being worded: ``by(opt("by"))``."""
        if self._option is None:
            raise NotSayable("no option is being worded")
        return f"option.{self._option.key}.{path}"

    def choices(self) -> str:
        """All options with their letters: A …；B … · A) …, or B) …."""
        parts = [(option.id, self._word(option, "option")) for option in self.plan.options]
        if len(parts) < 2:
            raise NotSayable("there is nothing to choose")
        if self.wording.language == "zh":
            return "；".join(f"{letter} {text}" for letter, text in parts)
        worded = [f"{letter}) {text}" for letter, text in parts]
        return ", ".join(worded[:-1]) + f", or {worded[-1]}"

    def offers(self, key: str) -> bool:
        """Whether an option of that key is offered."""
        return any(option.key == key for option in self.plan.options)

    def letters(self) -> str:
        """A还是B · A or B."""
        ids = [option.id for option in self.plan.options]
        return self.wording.join(ids, "还是" if self.wording.language == "zh" else "or")

    def only(self) -> str:
        """The one option there is, worded without a letter."""
        if len(self.plan.options) != 1:
            raise NotSayable("there is not exactly one option")
        return self._word(self.plan.options[0], "option")

    def confirmed(self) -> str:
        """The next step of the option that the buyer chose."""
        if self.plan.chosen is None:
            raise NotSayable("nothing was chosen")
        return self._word(self.plan.chosen, "confirm")

    def candidates(self) -> str:
        """The orders that the buyer may mean: 昨天拍的杯子和11月3日拍的碗."""
        said: list[str] = []
        for key in self.known.ids("order.*.item.1.name"):
            order = key.removesuffix(".item.1.name")
            name, day = self._product(key), self.on(f"{order}.created_at")
            said.append(f"{day}拍的{name}" if self.wording.language == "zh" else f"the {name} you ordered {day}")
        if len(said) < 2:
            raise NotSayable("there are no candidates")
        return self.wording.join(said, "还是" if self.wording.language == "zh" else "or")

    def emoji(self, sign: str) -> str:
        """A sign where the shop's voice allows one."""
        if self.voice.emoji == "none":
            return ""
        return sign if self.wording.language == "zh" else f" {sign}"

    # Helpers --------------------------------------------------------------------------------------------------

    def _word(self, option: Option, form: str) -> str:
        block = self._block(f"{form}_{option.key}")
        if block is None:
            raise SceneUnknown(f"no template words the option {option.key!r} ({form}) in {self.wording.language}")
        before, self._option = self._option, option
        try:
            text = block().strip()
        finally:
            self._option = before
        return self.known.option(option.id, text)

    def _block(self, name: str) -> Callable[[], str] | None:
        try:
            return self._self[name]
        except KeyError:
            return None

    def _date(self, pattern: str) -> date:
        value = self.known.time(pattern)
        return value.astimezone(self.wording.zone).date() if isinstance(value, datetime) else value

    def _product(self, pattern: str) -> str:
        return self.known.said(pattern, short_name(self.known.text(pattern), self.wording.language), FactKind.PRODUCT)

    def _same_script(self, text: str) -> str:
        if self.wording.language == "en" and re.search(r"[\u3400-\u9fff]", text):
            raise NotSayable("the value is in another script")
        return text

