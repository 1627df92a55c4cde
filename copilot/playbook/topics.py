"""What a buyer wants to know of goods: the topics of a question, and what the product states about each.

Owns the reading of ``playbooks/topics.yaml``; refuses to answer from anything but an attribute that the shop wrote.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from copilot.domain.order import Product
from copilot.files import read_model
from copilot.playbook.ages import too_young
from copilot.playbook.by_size import ASKS, of_size, with_unit
from copilot.playbook.by_use import ASKS as ASKS_WHICH
from copilot.playbook.compatible import ASKS_FIT, KEYS, Devices
from copilot.playbook.literal import Literal, literal, open_questions, questions_of, reasons
from copilot.playbook.measured import Measured, measured
from copilot.playbook.patterns import any_of
from copilot.playbook.topic_rules import PLAIN, Both, TopicRule, TopicsFile, keys_of, own_rule, unit_of
from copilot.playbook.word_lists import WordLists

FILE = "topics.yaml"
_HAN = re.compile(r"[\u3400-\u9fff]")
_LETTERS = re.compile(r"[A-Za-z]{3,}")
_MOST = {"zh": 120, "en": 240}
"""Longer values are pages, not answers; a person reads them."""
_YES = frozenset({"true", "yes", "是", "可以", "支持", "能"})
_BOUNDS = frozenset({"max", "min", "limit"})
_DENIES = re.compile(
    r"不|没有|无法|仅|只能|只适|勿|避免|禁|\b(?:no|not|never|only|avoid|up to|except)\b|n't\b", re.IGNORECASE
)
_NO = frozenset({"false", "no", "否", "不可以", "不支持", "不能"})


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

    @property
    def limits(self) -> bool:
        """Whether it says what the goods are not for, or how far they go."""
        bounded = self.key.partition("_")[0] in _BOUNDS or str(self.value) in _NO
        return bounded or _DENIES.search(self.phrase or str(self.value)) is not None


_FITTING = "compatible"
_AGE = "age"
_MEASURES = ("dimensions", "length", "height", "width")
_WEIGHT = "weight"
"""Topics that the row of a table by size answers."""
_SIDE = re.compile(r"(?:length|width|depth|height)(?:_(?:cm|mm|m|in|ft))?|[长宽深高](?:度)?(?:_(?:cm|mm|m))?")
"""An attribute that states one side of the goods."""
_NAME = 4
"""A shorter name of goods ("灯", "mug") is a word like others."""
_OTHER = Both(zh="另外那个问题", en="rest of what you asked")
_NOT_READ = frozenset({"promotion", "price", "restock_at"})
"""Attributes that other parts answer from."""
_Place = tuple[int, int, str]


@dataclass(frozen=True)
class Asked:
    """The topics of a turn: ``known`` have an attribute that can be said, ``unknown`` are the titles of the others.

    ``advice`` is what is said behind the answers.
    """

    known: tuple[Known, ...] = ()
    unknown: tuple[str, ...] = ()
    advice: str | None = None


class Topics:
    """The compiled topics."""

    def __init__(self, file: TopicsFile | None = None) -> None:
        """Keep the lists; each is compiled when a text may have a word of it."""
        self._rules = file.topics if file else {}
        self._ways = file.ways if file else {}
        self._ways_said = WordLists({name: (*rule.zh, *rule.en) for name, rule in self._ways.items()})
        self._keys = frozenset(key for rule in self._rules.values() for key in rule.keys)
        self._words = WordLists({name: (*rule.zh, *rule.en) for name, rule in self._rules.items()})
        self._alone = WordLists({name: rule.alone for name, rule in self._rules.items()})
        self._silent = frozenset(name for name, rule in self._rules.items() if rule.only_stated)
        self._names = file.words if file else {}

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
        found: list[tuple[int, Known]] = []
        text = _without_name(text, product)
        rows = of_size(text, product, language) or (of_size(f"{before}\n{text}", product, language) if before else ())
        for row in rows:
            found.append((-1, Known(_MEASURES[0], row.key, row.value, row.title, row=row.at is not None)))
        spans = [row.at for row in rows if row.at is not None]
        device = self._device(text, product, language, which=which)
        found += [(-1, device)] if device is not None else []
        told = ((ASKS, bool(rows)), (ASKS_WHICH, bool(rows)), (ASKS_FIT, device is not None))
        spans += [match.span() for asks, is_told in told if is_told for match in asks.finditer(text)]
        literally = literal(text, product, self._keys, self._names)
        places = self._places(text, alone=not literally)
        ready = {*(_MEASURES if rows else ()), *((device.topic,) if device is not None else ())}
        ready |= {_WEIGHT for row in rows if _WEIGHT in row.key}
        ready |= {name for row in rows for name in (self._named(row.key, product)[0], *self.named(row.title))}
        answers = self._answers([one for one in places if one[2] not in ready], text, product, language)
        for one in literally:
            answer = self._literally(one, product, language)
            answers += [(one.start, one.end, answer)] if answer is not None else []
        answers += self._numbers(text, product, language, answers)
        stated = {one.topic for _, _, one in answers} | ready
        unknown = [one for one in places if self._is_open(one, stated, answers)]
        # "Can it stay on all night, does it turn itself off" asks after one thing at two places.
        named = {name for _, _, name in places} - {name for name in self._silent if name not in stated}
        spans += [(start, end) for start, end, name in (*self._kept(text), *places) if name in named]
        spans += [(start, end) for start, end, _ in answers]
        spans += reasons(text, spans)
        titles = [self._rules[name].title.of(language) for _, _, name in unknown]
        known: dict[str, Known] = {}
        for _, one in sorted([*found, *((start, one) for start, _, one in answers)], key=lambda pair: pair[0]):
            known.setdefault(one.key, one)
        if (known or titles) and open_questions(text, (*spans, *elsewhere)):
            titles.append(_OTHER.of(language))
        return Asked(tuple(known.values()), tuple(dict.fromkeys(titles)), self._advice([*known.values()], language))

    def _answers(
        self, places: Sequence[_Place], text: str, product: Product | None, language: str
    ) -> list[tuple[int, int, Known]]:
        """What the goods state about the topics at ``places``, under their names."""
        sides = self._sides(product, language) if any(name == _MEASURES[0] for _, _, name in places) else ()
        whole = [(start, end) for start, end, name in places if sides and name == _MEASURES[0]]
        places = [one for one in places if one[:2] not in whole]
        found = [(start, end, name, self._of_topic(name, text, product, language)) for start, end, name in places]
        answers = [(start, end, replace(one, topic=name)) for start, end, name, one in found if one is not None]
        answers += [(start, end, replace(one, topic=_MEASURES[0])) for start, end in whole for one in sides]
        for start, end, name, one in found:
            told = self._told_instead(name, product, language) if one is None and self._rules[name].tells else ()
            answers += [(start, end, replace(other, topic=name)) for other in told]
        return answers

    def _sides(self, product: Product | None, language: str) -> tuple[Known, ...]:
        """How long, wide, deep and high the goods are, where that is how they state their size."""
        keys = product.attributes if product is not None else {}
        if any(key in keys for key in self._rules[_MEASURES[0]].keys):
            return ()
        sides = [key for key in keys if _SIDE.fullmatch(key)]
        known = [self._literally(Literal(key, 0, 0), product, language) for key in sides] if len(sides) > 1 else []
        return tuple(one for one in known if one is not None)

    def _told_instead(self, name: str, product: Product | None, language: str) -> Iterator[Known]:
        """All that the goods state of the topics that are told where nothing states this one."""
        for other in self._rules[name].tells:
            rule = self._rules[other]
            for key in dict.fromkeys(keys_of(rule, product)):
                known = (_known(other, rule, key, value, language) for value in _plain(product, key, language))
                yield from (one for one in known if one is not None)

    def _advice(self, known: Sequence[Known], language: str) -> str | None:
        """What is said behind the answers that are told in the place of one that nothing states."""
        rules = (self._rules.get(one.topic) for one in known)
        return next((rule.advice.of(language) for rule in rules if rule is not None and rule.advice is not None), None)

    def _numbers(
        self, text: str, product: Product | None, language: str, answers: Sequence[tuple[int, int, Known]]
    ) -> list[tuple[int, int, Known]]:
        """What is stated in the units that the questions name, where no word of them has its answer already."""
        asked = [one for one in measured(text, product) if not any(at <= one.start < end for at, end, _ in answers)]
        found = [(one.start, one.end, self._measured(one, product, language)) for one in asked]
        return [(start, end, one) for start, end, one in found if one is not None]

    def _is_open(self, place: _Place, stated: set[str], answers: Sequence[tuple[int, int, Known]]) -> bool:
        """Whether nothing tells of the topic at ``place``, not even of the very words there."""
        start, end, name = place
        told = name in stated or any(start < other and one < end for one, other, _ in answers)
        return not told and not self._rules[name].only_stated

    def ways(self, text: str, language: str) -> tuple[tuple[str, str], ...]:
        """The ways of the shop that ``text`` asks about, each with its name and title, in the order of the text."""
        found = [(match.start(), name) for name in self._ways if (match := self._ways_said.search(name, text))]
        return tuple((name, self._ways[name].title.of(language)) for _, name in sorted(found))

    def way(self, name: str, language: str) -> tuple[tuple[str, str], ...]:
        """The way of this name with its title; empty when a shop's own list has none of it."""
        return ((name, self._ways[name].title.of(language)),) if name in self._ways else ()

    def named(self, text: str) -> tuple[str, ...]:
        """The names of the topics in ``text``, in the order of the text; a word inside a longer one counts for none."""
        return tuple(name for _, _, name in self._places(text))

    def _places(self, text: str, *, alone: bool = True) -> tuple[tuple[int, int, str], ...]:
        """Where each named topic stands first."""
        kept = self._kept(text)
        if alone:
            # "Will it do for four? and how big is it": a word that says little counts in a question of its own.
            asked = [(at, at + len(part)) for at, part in questions_of(text)] if kept else [(0, len(text))]
            free = [one for one in asked if not any(start < one[1] and one[0] < end for start, end, _ in kept)]
            kept += [
                (one.start(), one.end(), name)
                for name, one in (self._alone.in_text(text) if free else ())
                if any(start <= one.start() < end for start, end in free)
            ]
        first: dict[str, tuple[int, int, str]] = {}
        for span in sorted(kept):
            first.setdefault(span[2], span)
        return tuple(first.values())

    def _kept(self, text: str) -> list[_Place]:
        """Everywhere that topics are named; a word inside a longer one counts for none."""
        spans = [(one.start(), one.end(), name) for name, one in self._words.in_text(text)]
        return [span for span in spans if not any(_inside(span, other) for other in spans)]

    def other(self, language: str) -> str:
        """What a question is called that no topic has a name for."""
        return _OTHER.of(language)

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

    def _of_topic(self, name: str, text: str, product: Product | None, language: str) -> Known | None:
        """What the goods state about the topic: under its own names, under another topic's, or in some other value."""
        found = self._answer(name, product, language) or self._instead(name, product, language)
        found = found or self._mentioned(name, text, product, language)
        young = too_young(str(found.value), text, language) if found is not None and name == _AGE else None
        return found if found is None or young is None else replace(found, phrase=young)

    def _mentioned(self, name: str, text: str, product: Product | None, language: str) -> Known | None:
        """The attribute whose value speaks of the topic by the question's own words (fit: 脚宽建议拍大一码)."""
        rule = self._rules[name]
        said = [one for word in (*rule.zh, *rule.en) if (one := any_of((word,))).search(text)]
        words = [self._words[name]] if rule.alike and name in self._words else said
        for key, value in (product.attributes if product else {}).items():
            plain = value if isinstance(value, str) else ""
            if plain and key not in _NOT_READ and any(word.search(plain) for word in words):
                return self._literally(Literal(key, 0, 0), product, language)
        return None

    def _measured(self, one: Measured, product: Product | None, language: str) -> Known | None:
        """What the attribute states in the unit of the question, with the line of its table."""
        name, rule = self._named(one.key, product)
        if one.row is None or one.value is None:
            stated = next(_plain(product, one.key, language), None)
            return None if stated is None else _known(name, rule, one.key, stated, language)
        zh, title = language.startswith("zh"), rule.title.of(language)
        told = with_unit(one.value, unit_of(one.key), zh=zh)
        titled = f"{one.row}的{title}" if zh else f"{title} for the {one.row}"
        return Known(name, one.key, told, titled) if _can_be_said(told, language) else None

    def _named(self, key: str, product: Product | None) -> tuple[str, TopicRule]:
        """The topic whose attribute it is; without one, what its own name says."""
        name = next((name for name, rule in self._rules.items() if key in keys_of(rule, product)), "")
        return name, self._rules.get(name) or own_rule(key, self._names)

    def _literally(self, one: Literal, product: Product | None, language: str) -> Known | None:
        """What the attribute states, under the name that a topic has for it, else its own."""
        name, rule = self._named(one.key, product)
        stated = next(_plain(product, one.key, language), None)
        return None if stated is None else _known(name, rule, one.key, stated, language)

    def _instead(self, name: str, product: Product | None, language: str) -> Known | None:
        other = self._rules[name].instead
        return self._answer(other, product, language) if other in self._rules else None

    def _answer(self, name: str, product: Product | None, language: str) -> Known | None:
        rule = self._rules[name]
        for key in keys_of(rule, product):
            for value in _plain(product, key, language):
                known = _known(name, rule, key, value, language)
                if known is not None:
                    return known
        return None


def _without_name(text: str, product: Product | None) -> str:
    """``text`` without the name of the goods: "the wooden train set" asks for no material."""
    name = re.split(r"[,，(（|]", product.name)[0].strip() if product is not None else ""
    if len(name) < _NAME:
        return text
    return re.sub(re.escape(name), lambda match: " " * len(match.group()), text, flags=re.IGNORECASE)


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
        if meant is not None and meant.of(language).startswith(PLAIN):
            return None
        return None if meant is None else Known(name, key, word, title, meant.of(language))
    if isinstance(value, str) and not _can_be_said(value.strip(), language):
        return None
    if title == PLAIN and not isinstance(value, str):
        # A number whose name the language cannot read says nothing.
        return None
    if isinstance(value, int | float) and rule.number is not None:
        title = rule.number.of(language)
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
