"""What a buyer wants to know of goods: the topics of a question, and what the product states about each.

Owns the reading of ``playbooks/topics.yaml``; refuses to answer from anything but an attribute that the shop wrote.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from copilot.domain.base import StrictShape
from copilot.domain.order import Product
from copilot.files import read_model
from copilot.playbook.by_size import ASKS, of_size
from copilot.playbook.compatible import ASKS_FIT, KEYS, Devices
from copilot.playbook.literal import Literal, literal, open_questions
from copilot.playbook.words import any_of

FILE = "topics.yaml"
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTERS = re.compile(r"[A-Za-z]{3,}")
_MOST = {"zh": 60, "en": 120}
"""Longer values are pages, not answers; a person reads them."""
_YES = frozenset({"true", "yes", "是", "可以", "支持", "能"})
_NO = frozenset({"false", "no", "否", "不可以", "不支持", "不能"})


class Both(StrictShape):
    """A phrase in both languages."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def of(self, language: str) -> str:
        """The phrase in ``language``; English for languages that have none."""
        return self.zh if language.startswith("zh") else self.en


class TopicRule(StrictShape):
    """One thing that people ask about.

    ``keys`` are the attributes that hold it, the best first, ``instead`` the topic whose attribute answers it where
    none of them is stated; ``title`` what it is called before a value ("容量"), ``if_true`` and ``if_false`` what a
    yes or a no of the shop means. ``zh`` and ``en`` are its words; those of ``alone`` count only when no other topic is
    named ("how big" of a battery is no length).
    """

    title: Both
    keys: tuple[str, ...]
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    instead: str | None = None
    if_true: Both | None = None
    if_false: Both | None = None


class WayRule(StrictShape):
    """One way of the shop that people ask about and that no attribute tells: who carries it, a card in the box.

    ``title`` is what it is called where it is found out ("放贺卡"), ``zh`` and ``en`` its words; "…" stands for a few
    others in between ("到…几天").
    """

    title: Both
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class TopicsFile(StrictShape):
    """``playbooks/topics.yaml``: topics of the goods and ways of the shop, by name."""

    topics: dict[str, TopicRule] = {}
    ways: dict[str, WayRule] = {}


@dataclass(frozen=True)
class Known:
    """A topic with the attribute that answers it; ``phrase`` is said instead of the value where that is yes or no.

    ``row``: it is the row of a table by size that the buyer named, and of that table.
    """

    topic: str
    key: str
    value: str | float
    title: str
    phrase: str | None = None
    row: bool = False


_FITTING = "compatible"
_MEASURES = ("dimensions", "length", "height", "width")
"""Topics that the row of a table by size answers."""
UNITS = frozenset("f c in cm mm m ft oz ml l g kg lb w wh v mah h min days months".split())


_OTHER = Both(zh="另外那个问题", en="rest of what you asked")
_QUALITIES = ("able", "ible", "proof", "tight", "free", "safe", "resistant", "friendly", "lined", "ed", "less")
_PLAIN = Both(zh="说明", en="listing")


@dataclass(frozen=True)
class Asked:
    """The topics of a turn: ``known`` have an attribute that can be said, ``unknown`` are the titles of the others."""

    known: tuple[Known, ...] = ()
    unknown: tuple[str, ...] = ()


class Topics:
    """The compiled topics."""

    def __init__(self, file: TopicsFile | None = None) -> None:
        """Compile every list once."""
        self._rules = file.topics if file else {}
        ways = file.ways if file else {}
        self._ways = {name: (rule.title, any_of((*rule.zh, *rule.en))) for name, rule in ways.items()}
        self._keys = frozenset(key for rule in self._rules.values() for key in rule.keys)
        self._words = {name: any_of((*rule.zh, *rule.en)) for name, rule in self._rules.items() if rule.zh or rule.en}
        self._alone = {name: any_of(rule.alone) for name, rule in self._rules.items() if rule.alone}

    def asked(
        self,
        text: str,
        product: Product | None,
        language: str,
        elsewhere: Sequence[tuple[int, int]] = (),
        before: str = "",
        *,
        which: bool = False,
    ) -> Asked:
        """The topics that ``text`` names, answered from ``product`` as far as it states them.

        An attribute that the question names by its own words answers it as well, and goes before a topic at the same
        words that nothing states. ``before`` are the words that ``text`` only answers a question about ("1.5 m" to "how
        wide is your bed?"); ``which``: it answers which device it is for.
        """
        known: list[Known] = []
        unknown: list[str] = []
        spans: list[tuple[int, int]] = []
        rows = of_size(text, product, language) or (of_size(f"{before}\n{text}", product, language) if before else ())
        known += [Known(_MEASURES[0], row.key, row.value, row.title, row=row.at is not None) for row in rows]
        spans += [row.at for row in rows if row.at is not None]
        device = self._device(text, product, language, which=which)
        known += [device] if device is not None else []
        told = ((ASKS, bool(rows)), (ASKS_FIT, device is not None))
        spans += [match.span() for asks, found in told if found for match in asks.finditer(text)]
        literally = literal(text, product, self._keys)
        for start, end, name in self._places(text, alone=not literally):
            spans.append((start, end))
            if (rows and name in _MEASURES) or (device is not None and name == device.topic):
                continue
            found = self._answer(name, product, language) or self._instead(name, product, language)
            if found is None and not any(_meets((start, end), one) for one in literally):
                unknown.append(self._rules[name].title.of(language))
            elif found is not None and all(one.key != found.key for one in known):
                known.append(found)
        for one in literally:
            spans.append((one.start, one.end))
            found = self._literally(one, product, language)
            if found is not None and all(other.key != found.key for other in known):
                known.append(found)
        if known and not unknown and open_questions(text, (*spans, *elsewhere)):
            unknown.append(_OTHER.of(language))
        return Asked(tuple(known), tuple(dict.fromkeys(unknown)))

    def ways(self, text: str, language: str) -> tuple[tuple[str, str], ...]:
        """The ways of the shop that ``text`` asks about, each with its name and title, in the order of the text."""
        found = [(match.start(), name) for name, (_, words) in self._ways.items() if (match := words.search(text))]
        return tuple((name, self._ways[name][0].of(language)) for _, name in sorted(found))

    def way(self, name: str, language: str) -> tuple[tuple[str, str], ...]:
        """The way of this name with its title; empty when a shop's own list has none of it."""
        return ((name, self._ways[name][0].of(language)),) if name in self._ways else ()

    def named(self, text: str) -> tuple[str, ...]:
        """The names of the topics in ``text``, in the order of the text; a word inside a longer one counts for none."""
        return tuple(name for _, _, name in self._places(text))

    def _places(self, text: str, *, alone: bool = True) -> tuple[tuple[int, int, str], ...]:
        """Where each named topic stands first."""
        spans = [(one.start(), one.end(), name) for name, words in self._words.items() for one in words.finditer(text)]
        kept = [span for span in spans if not any(_inside(span, other) for other in spans)]
        if not kept and alone:
            kept = [
                (one.start(), one.end(), name) for name, words in self._alone.items() for one in words.finditer(text)
            ]
        first: dict[str, tuple[int, int, str]] = {}
        for span in sorted(kept):
            first.setdefault(span[2], span)
        return tuple(first.values())

    def title(self, name: str, language: str) -> str:
        """What the topic is called in ``language``."""
        return self._rules[name].title.of(language)

    def _device(self, text: str, product: Product | None, language: str, *, which: bool) -> Known | None:
        """Whether the goods fit the device that ``text`` names, where they list what they fit."""
        if not which and ASKS_FIT.search(text) is None:
            return None
        for key in KEYS:
            devices = Devices(product.attributes.get(key) if product else None)
            model = devices.named(text, whole=which) if devices else None
            if model is None:
                continue
            listed = ("、" if language.startswith("zh") else ", ").join(devices.names)
            fits = devices.fits(model)
            if language.startswith("zh"):
                phrase = f"{model}可以用" if fits else f"适配的型号里没有{model}"
            else:
                phrase = f"it fits the {model}" if fits else f"the {model} isn't among the models it's listed for"
            sayable = language.startswith("zh") or _HAN.search(model) is None
            return Known(_FITTING, key, listed, phrase, phrase) if sayable else None
        return None

    def _literally(self, one: Literal, product: Product | None, language: str) -> Known | None:
        """What the attribute states, under the name that a topic has for it, else its own."""
        name = next((name for name, rule in self._rules.items() if one.key in _keys(rule, product)), "")
        rule = self._rules.get(name) or _own_rule(one.key)
        for value in _plain(product, one.key, language):
            return _known(name, rule, one.key, value, language)
        return None

    def _instead(self, name: str, product: Product | None, language: str) -> Known | None:
        other = self._rules[name].instead
        return self._answer(other, product, language) if other in self._rules else None

    def _answer(self, name: str, product: Product | None, language: str) -> Known | None:
        rule = self._rules[name]
        for key in _keys(rule, product):
            for value in _plain(product, key, language):
                known = _known(name, rule, key, value, language)
                if known is not None:
                    return known
        return None


def _own_rule(key: str) -> TopicRule:
    """What an attribute without a topic is called: by its own name, where the language can read it."""
    words = [part for part in key.split("_") if part]
    if _HAN.search(key):
        return TopicRule(title=Both(zh=key, en=_PLAIN.en), keys=(key,))
    name = " ".join(words[:-1] if len(words) > 1 and words[-1] in UNITS else words).lower()
    is_a_quality = name.endswith(_QUALITIES)
    # A yes or no of the shop's that is no quality is told as it stands there: "gift box: yes".
    return TopicRule(
        title=Both(zh=_PLAIN.zh, en=name),
        keys=(key,),
        if_true=Both(zh="可以", en=f"it's {name}" if is_a_quality else f"{name}: yes"),
        if_false=Both(zh="不可以", en=f"it isn't {name}" if is_a_quality else f"{name}: no"),
    )


def _meets(span: tuple[int, int], one: Literal) -> bool:
    return span[0] < one.end and one.start < span[1]


def _keys(rule: TopicRule, product: Product | None) -> Iterator[str]:
    """The attributes of ``product`` that answer the topic, also under a name that ends with a unit (oven_safe_f)."""
    names = list(product.attributes) if product else []
    for key in rule.keys:
        yield key
        yield from (one for one in names if one.rpartition("_")[0] == key and one.rpartition("_")[2] in UNITS)


def _inside(span: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    shorter = span[1] - span[0] < other[1] - other[0]
    return shorter and other[0] <= span[0] and span[1] <= other[1]


def _plain(product: Product | None, key: str, language: str) -> Iterator[str | float | bool]:
    value = product.attributes.get(key) if product else None
    if isinstance(value, list) and value and all(isinstance(one, str | int | float) for one in value):
        value = ("、" if language.startswith("zh") else ", ").join(map(str, value))
    if isinstance(value, bool | int | float | str) and value != "":
        yield value


def _known(name: str, rule: TopicRule, key: str, value: str | float | bool, language: str) -> Known | None:
    """The answer that ``value`` gives; None when it cannot be said in ``language``."""
    title, word = rule.title.of(language), str(value).strip().lower()
    if word in _YES or word in _NO:
        meant = rule.if_true if word in _YES else rule.if_false
        return None if meant is None else Known(name, key, word, title, meant.of(language))
    if isinstance(value, str) and not _can_be_said(value.strip(), language):
        return None
    return Known(name, key, value.strip() if isinstance(value, str) else value, title)


def _can_be_said(value: str, language: str) -> bool:
    if "\n" in value or len(value) > _MOST["zh" if language.startswith("zh") else "en"]:
        return False
    if language.startswith("zh"):
        # "E27" and "USB-C" are read in any language, a sentence of English words is not.
        return bool(_HAN.search(value)) or not _LETTERS.search(value) or len(value.split()) == 1
    return not _HAN.search(value)


def load_topics(folders: Sequence[Path]) -> Topics:
    """The topics of the last of ``folders`` that has them; none without a file."""
    files = [folder / "playbooks" / FILE for folder in folders]
    file = next((one for one in reversed(files) if one.is_file()), None)
    return Topics(read_model(file, TopicsFile) if file else None)
