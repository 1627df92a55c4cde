"""The shapes of ``playbooks/topics.yaml``, and which attributes of a product hold what one of its topics is about.

Owns the names of attributes: their words, the unit that they end with, what each is called; answers nothing itself.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Final

from pydantic import Field

from copilot.domain.base import StrictShape
from copilot.domain.order import Product

UNITS: Final = frozenset(
    "f c in inch inches cm mm m ft oz ml l g kg lb lbs w kw wh v mah h hr hrs hours min mins minutes s sec seconds"
    " days weeks months years percent pct db hz rpm gb tb lm gsm mg".split()
)
"""Units that the name of an attribute may end with."""
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_QUALITIES: Final = ("able", "ible", "proof", "tight", "free", "safe", "resistant", "friendly", "lined", "ed", "less")
_BREAKS: Final = frozenset(("by", "options", "per", "for"))
"""Behind these the name of an attribute tells how its values are listed, not what it is."""

_STATES: Final = {
    "sold separately": ("{}可以单独买", "{}不单独卖"),
    "available separately": ("{}可以单独买", "{}不单独卖"),
    "included": ("带{}", "不带{}"),
    "required": ("需要{}", "不需要{}"),
    "needed": ("需要{}", "不需要{}"),
}
"""What the name of an attribute says of a part of the goods, and how its yes and its no are told in Chinese."""


class Both(StrictShape):
    """A phrase in both languages."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def of(self, language: str) -> str:
        """The phrase in ``language``; English for languages that have none."""
        return self.zh if language.startswith("zh") else self.en


class TopicRule(StrictShape):
    """One thing that people ask about.

    ``keys`` are the attributes that hold it, the best first, ``stems`` words that the name of any other attribute that
    holds it has ("auto off" in auto_power_off_h), ``instead`` the topic whose attribute answers it where none of them
    is stated; ``title`` what it is called before a value ("容量"), ``if_true`` and ``if_false`` what a yes or a no of
    the shop means, ``number`` how a number of it is told, in place of {} ("满{}自动断电"). ``zh`` and ``en`` are its
    words; those of ``alone`` count only when no other topic is named ("how big" of a battery is no length). ``alike``:
    all of its words mean the same, so that a value that has one of them answers the others. ``only_stated``: without
    such an attribute its words name nothing ("does it contain"). ``tells`` are topics whose attributes are told where
    none of its own is stated, ``advice`` is what is said behind them ("that's their doctor's call").
    """

    title: Both
    keys: tuple[str, ...]
    stems: tuple[str, ...] = ()
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    instead: str | None = None
    if_true: Both | None = None
    if_false: Both | None = None
    number: Both | None = None
    alike: bool = False
    only_stated: bool = False
    tells: tuple[str, ...] = ()
    advice: Both | None = None


class WayRule(StrictShape):
    """One way of the shop that people ask about and that no attribute tells: who carries it, a card in the box.

    ``title`` is what it is called where it is found out ("放贺卡"), ``zh`` and ``en`` its words; "…" stands for a few
    others in between ("到…几天").
    """

    title: Both
    zh: tuple[str, ...] = ()
    en: tuple[str, ...] = ()


class TopicsFile(StrictShape):
    """``playbooks/topics.yaml``: topics of the goods and ways of the shop, by name.

    ``words`` are what names of attributes are made of, each with what it is called in Chinese, the best first.
    """

    topics: dict[str, TopicRule] = {}
    ways: dict[str, WayRule] = {}
    words: dict[str, tuple[str, ...]] = {}


def parts_of(key: str) -> tuple[str, ...]:
    """The words of an attribute's name without its unit and how its values are listed: body_weight_kg_by_size."""
    words = [part for part in key.lower().split("_") if part]
    end = next((at for at, word in enumerate(words) if at and word in _BREAKS), len(words))
    kept = words[:end]
    return tuple(kept[:-1] if len(kept) > 1 and kept[-1] in UNITS else kept)


def unit_of(key: str) -> str:
    """The unit in the name of an attribute; empty where it has none."""
    words = [part for part in key.lower().split("_") if part]
    end = next((at for at, word in enumerate(words) if at and word in _BREAKS), len(words))
    return words[end - 1] if end > 1 and words[end - 1] in UNITS else ""


def keys_of(rule: TopicRule, product: Product | None) -> Iterator[str]:
    """The attributes of ``product`` that answer the topic, also under a name that ends with a unit (oven_safe_f)."""
    names = list(product.attributes) if product else []
    for key in rule.keys:
        yield key
        yield from (one for one in names if one.rpartition("_")[0] == key and one.rpartition("_")[2] in UNITS)
    for stem in rule.stems:
        wanted = set(stem.split())
        yield from (one for one in names if _has(one, wanted))


def _has(key: str, wanted: set[str]) -> bool:
    if _HAN.search(key):
        return all(one in key for one in wanted)
    return wanted <= set(parts_of(key))


PLAIN: Final = "说明"
"""What an English name is called that has no Chinese one: only words can stand behind it, no number and no yes."""


def own_rule(key: str, words: Mapping[str, tuple[str, ...]]) -> TopicRule:
    """What an attribute without a topic is called: by its own name, as far as the language can read it."""
    if _HAN.search(key):
        return TopicRule(title=Both(zh=key, en="listing"), keys=(key,))
    parts = parts_of(key)
    name = " ".join(parts)
    state = next((one for one in _STATES if name.endswith(f" {one}")), None)
    if state is not None:
        subject = name.removesuffix(f" {state}")
        return _of_part(key, subject, state, _in_chinese(tuple(subject.split()), words) or "配件")
    is_a_quality = name.endswith(_QUALITIES)
    without = parts[-1:] == ("free",) and _in_chinese(parts[:-1], words)
    chinese = _in_chinese(parts, words) or PLAIN
    # A yes or no of the shop's that is no quality is told as it stands there: "gift box: yes".
    return TopicRule(
        title=Both(zh=chinese, en=name),
        keys=(key,),
        if_true=Both(
            zh=f"不含{without}" if without else f"{chinese}：是", en=f"it's {name}" if is_a_quality else f"{name}: yes"
        ),
        if_false=Both(
            zh=f"含{without}" if without else f"{chinese}：否",
            en=f"it isn't {name}" if is_a_quality else f"{name}: no",
        ),
    )


def _of_part(key: str, subject: str, state: str, chinese: str) -> TopicRule:
    """What is said of a part of the goods: "the lid isn't sold separately", 盖子不单独卖."""
    be = "are" if subject.endswith("s") else "is"
    yes, no = _STATES[state]
    return TopicRule(
        title=Both(zh=chinese, en=subject),
        keys=(key,),
        if_true=Both(zh=yes.format(chinese), en=f"the {subject} {be} {state}"),
        if_false=Both(zh=no.format(chinese), en=f"the {subject} {be}n't {state}"),
    )


def _in_chinese(parts: tuple[str, ...], words: Mapping[str, tuple[str, ...]]) -> str:
    """``parts`` in Chinese, the longest known pair of words first; empty where one of them is not known."""
    said, at = "", 0
    while at < len(parts):
        pair = " ".join(parts[at : at + 2])
        taken = 2 if len(parts) - at > 1 and pair in words else 1
        found = words.get(pair if taken == 2 else parts[at])
        if not found:
            return ""
        said, at = said + found[0], at + taken
    return said
