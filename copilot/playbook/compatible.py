"""Whether the device that a buyer names is among those that the goods are stated to fit.

Owns the reading of a list of models ("iPhone 14/15/15 Pro", ["Galaxy S23", "Galaxy S24"]) and of the one that is named
("iphone 15 plus", "15plus"); refuses to take one model for another: an iPhone 15 is no iPhone 15 Plus.
"""

import re
from collections.abc import Iterator
from typing import Final

from pydantic import JsonValue

KEYS: Final = ("compatible_with", "compatible", "compatibility", "fits", "适用", "适用机型", "适配机型", "适用型号")
"""Attributes that list what the goods fit."""
ASKS_MODEL: Final = re.compile(
    r"\b(?:which|what)(?:'?s| is| kind of| type of)? ?(?:(?:your|ur|the) )?(?:exact )?(?:phone|model|device|tablet"
    r"|laptop|car|camera|watch|printer|console|version)\b|\b(?:phone|device) model\b"
    r"|(?:什么|啥|哪(?:个|款|一款)?|具体)(?:的)?(?:手机|型号|机型|车型|平板|款手机|设备)|(?:型号|机型)(?:是|呢|多少|发)",
    re.IGNORECASE,
)
"""A colleague asks for the device."""
ASKS_FIT: Final = re.compile(
    r"\b(?:fits?|works? (?:with|on|for)|compatible|go with|use (?:it|this) (?:with|on|for)|for (?:an?|the|my))\b"
    r"|能用|能配|能装|适[用配合]|支持|可以用|兼容|装得[上下]|套得[上下]|用得[上了]",
    re.IGNORECASE,
)
"""The buyer asks whether it fits one."""
_SPLIT: Final = re.compile(r"\s*[,、，;；/|]\s*|\s+(?:and|or|&)\s+|[和及与](?!以)")
_TOKEN: Final = re.compile(r"[a-z]+|\d+|[\u3400-\u9fff]+|\+")
_SAME: Final = {"+": "plus", "promax": "pro max", "苹果": "iphone"}
_FURTHER: Final = frozenset(
    "pro max plus mini ultra air se fe lite edge note fold flip neo gt s e x i a r c gen".split()
)
"""What makes another model of the one before it."""
_ONWARD: Final = re.compile(
    r"(?P<make>[a-z]+|[\u3400-\u9fff]+?)\s*(?P<first>\d+)(?:\s*(?:series|系列))?\s*"
    r"(?:(?:and|or|&)\s+(?:later|newer|up|above|onwards?|higher)\b|\+(?!\w)|(?:及|和|或)?(?:以上|之后|以后|更新|更高|往后))",
    re.IGNORECASE,
)
"""Every model from one on: "iPhone 12 and later", 苹果12及以上."""
_AND_UP: Final = re.compile(
    r"\d\s*(?:(?P<zh>(?:及|和|或)?(?:以上|之后|以后|往上|往后))|(?P<en>\+|(?:and|or) (?:later|newer|up|above|higher)))",
    re.IGNORECASE,
)
_SAID_ONWARD: Final = {"zh": "及以上", "en": " and later", None: ""}
"""Asked of all from one on: "12以上的都能用吗", "works with 13 and up?"."""
_MAKE: Final = re.compile(r"[A-Za-z\u3400-\u9fff]+")
_SERIES: Final = frozenset(("series", "系列", "全系", "全系列"))
_FILL: Final = frozenset(
    "it is its i have got a an the my phone for of use on this that s m just one think mine ok yes um uh hi"
    " 是 我的 我 用的 的 手机 型号 这个 那个".split()
)
_MOST_WORDS: Final = 6
_BEFORE: Final = 6
_AFTER: Final = 10
"""A figure further from the first model than that is none of them: 2 people, 5G, 65 W."""


class Devices:
    """The models that one attribute lists, as written and by their words."""

    def __init__(self, value: JsonValue) -> None:
        """``value`` is a list, or words with commas or slashes between them."""
        self.names = tuple(_names(value))
        self._known = {tuple(_tokens(name)): name for name in self.names}
        words = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        onward = [(_tokens(match["make"])[-1], int(match["first"])) for match in _ONWARD.finditer(words)]
        self._onward: dict[str, int] = {make: min(no for other, no in onward if other == make) for make, _ in onward}

    def __bool__(self) -> bool:
        """Whether any model is listed: "most phones" is none."""
        return any(any(word.isdecimal() for word in words) for words in self._known)

    def named(self, text: str, *, whole: bool = False) -> str | None:
        """The model that ``text`` names, as a shop would write it; None where it names none.

        ``whole``: the text answers which one it is, so that it may be of a make that is not listed.
        """
        words = _tokens(text)
        for at, word in enumerate(words):
            if word in self._makes:
                model = _model(words[at:])
                if any(one.isdecimal() for one in model):
                    return self._written(model)
        bare = _stripped(words)
        if len(self._makes) == 1 and bare and bare[0].isdecimal() and _model(bare) == bare and (whole or len(bare) > 1):
            # "15 plus" of a list of iPhones.
            return self._written([*self._makes, *bare])
        if len(self._makes) == 1 and self._onward and not whole:
            # "14pro能用不", "does it work with the s24 ultra", of all from one on.
            told = self._onward_in(words)
            if told:
                onward = _AND_UP.search(text)
                return self._written([*self._makes, *told]) + (_SAID_ONWARD[onward.lastgroup] if onward else "")
        short = whole and 1 < len(bare) <= _MOST_WORDS and any(one.isdecimal() for one in bare)
        return self._written(bare) if short else None

    def _onward_in(self, words: list[str]) -> list[str]:
        """A figure like those from one on, with the words that set it apart; empty without exactly one."""
        figures = [at for at, word in enumerate(words) if word.isdecimal()]
        if len(figures) != 1:
            return []
        at = figures[0]
        letter = at > 0 and words[at - 1] in self._onward and words[at - 1] not in self._makes
        first = self._onward.get(words[at - 1] if letter else self._makes[0])
        if first is None or not first - _BEFORE <= int(words[at]) <= first + _AFTER:
            return []
        model = _model(["", *words[at:]])[1:]
        return [words[at - 1], *model] if letter else model

    def fits(self, model: str) -> bool:
        """Whether ``model`` is listed, by itself, with its series or among those from one on."""
        words = tuple(_tokens(model))
        if words in self._known:
            return True
        # "Galaxy S21 or newer" counts from S 21 on, "iPhone 12 and later" from 12.
        at = next((at for at, one in enumerate(words) if one.isdecimal()), 0)
        if at > 0 and int(words[at]) >= self._onward.get(words[at - 1], int(words[at]) + 1):
            return True
        series = (tuple(one for one in known if one not in _SERIES) for known in self._known if set(known) & _SERIES)
        return any(words[: len(one)] == one for one in series)

    @property
    def _makes(self) -> tuple[str, ...]:
        """The first words of the listed models; "and later" names none."""
        models = (words for words in self._known if any(word.isdecimal() for word in words))
        return tuple(dict.fromkeys(words[0] for words in models if not words[0].isdecimal()))

    def _written(self, words: list[str]) -> str:
        listed = self._known.get(tuple(words))
        if listed is not None:
            return listed
        makes = {
            token: (make.group() if (make := _MAKE.match(name)) else name.partition(" ")[0])
            for name in self.names
            for token in _tokens(name)[:1]
        }
        said = " ".join(makes.get(word) or _cased(word) for word in words)
        # "S 23" is written S23, 小米 14 is 小米14.
        return re.sub(r"(?<=\b[A-Z]) (?=\d)|(?<=[\u3400-\u9fff]) (?=[\dA-Za-z])", "", said)


def _names(value: JsonValue) -> Iterator[str]:
    """Each listed model with its make, which is said once for several: "iPhone 13/14" is two iPhones."""
    listed = [str(one) for one in value] if isinstance(value, list) else [value] if isinstance(value, str) else []
    make = ""
    for one in (part.strip() for entry in listed for part in _SPLIT.split(entry)):
        if not one:
            continue
        if one[0].isdigit() and make:
            yield f"{make} {one}"
            continue
        found = _MAKE.match(one)
        make = found.group() if found else make
        yield one


def _tokens(text: str) -> list[str]:
    said = (match.group() for match in _TOKEN.finditer(text.lower()))
    return [part for one in said for part in _SAME.get(one, one).split()]


def _model(words: list[str]) -> list[str]:
    """The make and what names one of its models: figures and the words that set them apart."""
    kept = words[:1]
    for word in words[1:]:
        letter = len(word) == 1 and word.isascii()
        if not (word.isdecimal() or word in _FURTHER or word in _SERIES or letter):
            if any(one.isdecimal() for one in kept) or len(kept) > 1:
                break
            # "Galaxy Tab S9", "iPhone XR".
        kept.append(word)
    return kept


def _stripped(words: list[str]) -> list[str]:
    """``words`` without what stands around a model: "it's the … one", 是…的."""
    kept = list(words)
    while kept and kept[0] in _FILL:
        kept.pop(0)
    while kept and kept[-1] in _FILL:
        kept.pop()
    return kept


def _cased(word: str) -> str:
    return word.upper() if len(word) <= 2 else word.capitalize()
