"""How templates say what a product states: each asked attribute with its name, or the phrase that its yes or no means.

Owns the form of attributes; refuses to say one that nobody asked about.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date

from copilot.domain.fact import FactKind
from copilot.model.composer.fact_words import FactWords
from copilot.model.composer.names import ISSUES, QUANTITIES
from copilot.model.composer.sentences import NotSayable
from copilot.playbook.facts import NO_ARTICLE

_MEASURE = re.compile(r"[\d.]+(?: ?[x×*~-] ?[\d.]+)*")
"""A number, a range or a size ("50 x 60") as a shop writes it without its unit."""
_SHORT = {"zh": 10, "en": 20}
"""Longer values are set off by a colon."""


_PER = re.compile(r"_(?P<unit>[a-z]+)_per_(?P<number>\d*)_?(?P<of>[a-z]+)$")
"""How much of it is in what: sugar_g_per_100g."""
_EACH = {"serving": "份", "piece": "个", "bag": "袋", "can": "罐", "bottle": "瓶"}
_TELLS = tuple("适不可未支需能含带防免无")
"""What begins so is a sentence of its own, and no name behind 是."""
_BOUNDS = {"max": ("最大", "up to "), "min": ("至少", "at least ")}
_BOUNDED = ("max", "min", "limit", "range", "最大", "最小", "承重", "年龄", "阶段")


class GoodsWords(FactWords):
    """The printing functions over attributes, warranties and what an advertisement promised."""

    def goods_functions(self) -> tuple[Callable[..., object], ...]:
        """The functions of this class that templates may call."""
        return self.answers, self.promised_thing, self.warranty, self.open_matter, self.invoice_kind

    def answers(self) -> str:
        """What the product states of what was asked: 材质是高温陶瓷，容量是280毫升 · the capacity is 12 oz."""
        keys = self.known.in_order("product.*.attributes.*")
        told = [said for key in self._asked(keys) if (said := self._answer(key))]
        if not told:
            raise NotSayable("no attribute was asked for")
        zh = self.wording.language == "zh"
        if self.has("question.advice"):
            told.append(self.known.said("question.advice", self.known.text("question.advice")))
        if any("：" in said or ": " in said for said in told):
            return ("；" if zh else "; ").join(told)
        return ("，" if zh else " and ").join(told) if len(told) < 3 or zh else ", ".join(told)

    def promised_thing(self) -> str:
        """What was advertised, in the buyer's own words and quoted: “买一送一”."""
        return self.known.said("turn.promised", f"“{self._same_script(self.known.text('turn.promised'))}”")

    def warranty(self) -> str:
        """The warranty as the product states it: 12个月 · 12 months, or the shop's own words in quotes."""
        for key, zh, en in (("warranty_months", "个月", "month"), ("warranty_days", "天", "day")):
            pattern = f"product.*.attributes.{key}"
            if self.has(pattern):
                return self.known.said(pattern, self.wording.count(int(self.known.number(pattern)), zh, en))
        pattern = "product.*.attributes.warranty"
        return f"“{self.known.said(pattern, self._same_script(self.known.text(pattern)))}”"

    def open_matter(self) -> str:
        """The matter that is still unsolved: 破损的事 · the damage."""
        value = str(self.known.get("case.matter").value)
        named = next((words for issue, words in ISSUES.items() if issue.value == value), None)
        if named is None:
            raise NotSayable("the matter has no name")
        return self.state("case.matter", named[self.wording.language])

    def invoice_kind(self) -> str:
        """电子发票 · an electronic invoice."""
        electronic = self.is_state("terms.invoice.kind", "electronic")
        if self.wording.language == "zh":
            return self.state("terms.invoice.kind", "电子发票" if electronic else "纸质发票")
        return self.state("terms.invoice.kind", "an electronic invoice" if electronic else "a paper invoice")

    def _asked(self, keys: Iterable[str]) -> list[str]:
        return [key for key in keys if self.has(f"question.title.{_last(key)}")]

    def _answer(self, key: str) -> str:
        name, zh = _last(key), self.wording.language == "zh"
        if self.has(f"question.phrase.{name}"):
            return self.state(key, self.known.text(f"question.phrase.{name}"))
        title, value = self.known.text(f"question.title.{name}"), self.known.get(key).value
        if self.known.get(key).kind is FactKind.DATE:
            said = self.known.said(key, self.wording.day(date.fromisoformat(str(value))))
        elif isinstance(value, int | float):
            said = self.known.said(key, f"{value:g}{self._unit(name, one=value == 1)}")
            if "{}" not in title:
                said = f"{_bound(name, title, zh=zh)}{said}"
        else:
            unit = self._unit(name, one=False) if _MEASURE.fullmatch(self.known.text(key)) else ""
            said = self.known.said(key, f"{self._same_script(self.known.text(key))}{unit}")
        if "{}" in title:
            return title.replace("{}", said)
        if len(str(value)) > _SHORT[self.wording.language] or ("，" if zh else ", ") in str(value):
            return f"{title}：{said}" if zh else f"{title}: {said}"
        if zh and str(value).strip().startswith(_TELLS):
            return f"{title}：{said}"
        if not zh and title.startswith(NO_ARTICLE):
            return f"{title}: {said}"
        return f"{title}是{said}" if zh else f"the {title.removeprefix('the ')} is {said}"

    def _unit(self, name: str, *, one: bool) -> str:
        """The unit that a key ends with (capacity_ml); empty for a bare number."""
        each = _PER.search(name)
        unit = QUANTITIES.get((each["unit"] if each else name).rpartition("_")[2]) if "_" in name else None
        if unit is None:
            return ""
        if each is not None:
            return self._of_each(unit[self.wording.language], each)
        if self.wording.language == "zh":
            return unit["zh"]
        if unit["en"] == "%":
            return "%"
        return f" {unit['en'].removesuffix('s') if one and len(unit['en']) > 1 else unit['en']}"

    def _of_each(self, unit: str, each: re.Match[str]) -> str:
        """A unit of so much: 克/100克 · g per 100 g."""
        zh = self.wording.language == "zh"
        measured = QUANTITIES.get(each["of"])
        of = measured["zh" if zh else "en"] if measured else _EACH.get(each["of"], each["of"]) if zh else each["of"]
        return (
            f"{unit}/{each['number']}{of}" if zh else f" {unit} per {each['number']}{' ' if each['number'] else ''}{of}"
        )


def _bound(name: str, title: str, *, zh: bool) -> str:
    """最大 · up to, where the key says so (max_drilling_concrete_mm) and its title does not."""
    first = name.partition("_")[0]
    if first not in _BOUNDS or any(word in title for word in _BOUNDED):
        return ""
    return _BOUNDS[first][0 if zh else 1]


def _last(key: str) -> str:
    return key.rpartition(".")[2]
