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


class TopicsFile(StrictShape):
    """``playbooks/topics.yaml``: topics by name."""

    topics: dict[str, TopicRule] = {}


@dataclass(frozen=True)
class Known:
    """A topic with the attribute that answers it; ``phrase`` is said instead of the value where that is yes or no."""

    topic: str
    key: str
    value: str | float
    title: str
    phrase: str | None = None


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
        self._words = {name: any_of((*rule.zh, *rule.en)) for name, rule in self._rules.items() if rule.zh or rule.en}
        self._alone = {name: any_of(rule.alone) for name, rule in self._rules.items() if rule.alone}

    def asked(self, text: str, product: Product | None, language: str) -> Asked:
        """The topics that ``text`` names, answered from ``product`` as far as it states them."""
        known: list[Known] = []
        unknown: list[str] = []
        for name in self.named(text):
            found = self._answer(name, product, language) or self._instead(name, product, language)
            if found is None:
                unknown.append(self._rules[name].title.of(language))
            elif all(one.key != found.key for one in known):
                known.append(found)
        return Asked(tuple(known), tuple(unknown))

    def named(self, text: str) -> tuple[str, ...]:
        """The names of the topics in ``text``, in the order of the text; a word inside a longer one counts for none."""
        spans = [(one.start(), one.end(), name) for name, words in self._words.items() for one in words.finditer(text)]
        kept = [span for span in spans if not any(_inside(span, other) for other in spans)]
        kept = kept or [
            (one.start(), one.end(), name) for name, words in self._alone.items() for one in words.finditer(text)
        ]
        return tuple(dict.fromkeys(name for _, _, name in sorted(kept)))

    def title(self, name: str, language: str) -> str:
        """What the topic is called in ``language``."""
        return self._rules[name].title.of(language)

    def _instead(self, name: str, product: Product | None, language: str) -> Known | None:
        other = self._rules[name].instead
        return self._answer(other, product, language) if other in self._rules else None

    def _answer(self, name: str, product: Product | None, language: str) -> Known | None:
        rule = self._rules[name]
        for key in rule.keys if product else ():
            for value in _plain(product, key, language):
                known = _known(name, rule, key, value, language)
                if known is not None:
                    return known
        return None


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
