"""What the goods' own attributes say to a question by their very words, where no list of topics knows the property.

Owns the meeting of a question's words with the names and values of attributes ("how long does it burn" and
``burn_time_h``, "能充华为吗" and 支持华为22.5W); refuses to answer by a word that says nothing (size, time, type) or
by the goods' own name.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from copilot.domain.order import Product
from copilot.playbook.points import announces, in_lines
from copilot.playbook.topic_rules import parts_of

_SEGMENT: Final = re.compile(r"(?:[^.。!！?？;；\n]|(?<=\d)\.(?=\d))+[?？]?")
_EN_CLAUSE: Final = re.compile(r"(?:,|\b(?:and|also|but|plus)\b)+", re.IGNORECASE)
_ZH_CLAUSE: Final = re.compile(r"[,，、\s]+")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_HAN_RUN: Final = re.compile(r"[\u3400-\u9fff]+")
_LATIN: Final = re.compile(r"[A-Za-z]{3,}")
_ASKS_EN: Final = re.compile(
    r"\?|\b(?:is|are|does|do|did|can|could|will|would|has|have|how'?s?|what'?s?|which|any)\b", re.IGNORECASE
)
_OPENS_EN: Final = re.compile(
    r"^\W*(?:(?:hi|hey|hello|ok|okay|cool|so|and|also|wait|quick|q|question|just|wondering|sorry|about)\W+)*"
    r"(?:(?:is|are|does|do|did|can|could|will|would|has|have)"
    r"(?: (?:it|this|that|they|these|you|u|ya|there|the|i|we|my|any|both|kids?|children|adults|someone|people|dogs"
    r"|cats))\b"
    r"|how (?:much|many|long|big|tall|do|does|is|are|wide|heavy|soon)\b"
    r"|(?:what|which)(?:'?s| is| are| size| color| time)?\b"
    r"|when (?:will|does|is|do|can)\b|where (?:is|are|do|does|can)\b|who (?:pays|is)\b)",
    re.IGNORECASE,
)
_YES_NO_EN: Final = re.compile(
    r"^\W*(?:(?:hi|hey|hello|ok|okay|cool|so|and|also|wait|quick|q|question|one|last|thing|just|wondering|sorry|random)\W+)*(?:is|are|does|do|did|can|could|will|would|has|have)\b",
    re.IGNORECASE,
)
_ASKS_ZH: Final = re.compile(
    r"[?？吗么]|呢$|(.)[不没]\1|能不|可不|是不|有没|有无|支持|怎么|什么|啥|多[少久大长高宽厚重深远]|几|哪|还是|不$|没$"
)
_OPENS_ZH: Final = re.compile(
    r"[?？吗么嘛]\s*$|(.)[不没]\1|[行可能好会]不|[不没]\s*$|怎么(?!这么|回事|样都)|多[少久大长高重厚深]"
    r"|(?<![了过好十])几(?!乎|次)|(?<!没)什么(?!的)|啥|哪|还是不"
)
"""A clause that asks by itself, without its mark."""
_IDLE_ZH: Final = re.compile(r"[问咨]一?下|咨询|帮[我忙]|看一?下|请教|谢|想知道|有(?:几个)?问题|不知道|没人|有人")
_GREETS: Final = re.compile(
    r"^\W*(?:(?:亲+|老板|店家|客服|您好|你好)*\W*(?:在吗|在不在|在么|在不|有人吗|有人在吗)"
    r"|(?:hello|hi|hey|how are you|you there|anyone|is anyone|are you)\b)",
    re.IGNORECASE,
)
# "Is the wool itchy" speaks of the wool, "can it go in the dryer" asks after it.
_MENTIONED: Final = re.compile(r"(?<!\bin)(?<!\binto)(?<!\bwith)(?<!\bfor)(?<!\bon) (?:the|my|your) *\Z", re.IGNORECASE)
_VAGUE: Final = frozenset(
    "size sizes type max min level levels time times life safe free proof included include the in of by is for and with"
    " first use used set item product color colors colour colours name brand model style class kind best per can you it"
    " this that what how does have has are was not all only any one two out get got need from your our will would they"
    " made real good great nice also about ones thing stuff when where which who why too very much many there here more"
    " less than then them him her his she its just like want work works fit fits okay please thanks yes"
    " hours hour days day months month".split()
)
_VAGUE_ZH: Final = frozenset(
    "可以 支持 不支 适合 使用 这个 这款 那个 什么 怎么 多少 有没 没有 是不 不是 能不 一个 包装 商品 产品 大小 尺寸 颜色"
    " 需要 附带"
    " 左右 以上 以下 我们 你们 说明".split()
)
_QUALITY_ENDS: Final = frozenset(("proof", "free", "tight", "resistant", "less"))
_OTHERWISE: Final = frozenset(
    {"fit", "size", "sizes", "stock", "price", "promotion", "color", "colors", "colour", "colours", "processing_days"}
)
"""Attributes that other parts answer from, with what belongs to them: tables, stock, prices."""
_BESIDE: Final = frozenset("max maximum minimum recommended total type included inner outer number net".split())
"""Words of a name that a question may leave out."""
_ASKED_AS: Final = {
    "length": "long", "width": "wide", "height": "tall", "depth": "deep", "weight": "heavy", "thickness": "thick",
}  # fmt: skip
"""The measures by which a question asks for a length."""
_SOLD: Final = frozenset(("sold", "available", "separately"))
_GETS: Final = re.compile(
    r"\b(?:get|buy|order|send|ship|sell|new|spare|another|replacement|extra|just|only)\b|单[买卖独配]|另[买配]|补|换个?新|有卖|买[个到]?|配[个到]|只[要寄发]",
    re.IGNORECASE,
)
"""A part is asked for by itself."""
_NO_WORDS: Final[Mapping[str, tuple[str, ...]]] = {}
_REASON: Final = re.compile(
    r"[\W_]*(?:(?:because|cause|cuz|bc|since|as|coz)\b|(?:my|our) \w+|i'?m\b|im\b|i (?:am|have|get)\b"
    r"|(?:s?he|they)(?:'s|'re)?\b"
    r"|因为|我(?:对|有|家|是|们)?|孩子|宝宝|小孩|家里|老人|老公|老婆)[^?？]*\Z",
    re.IGNORECASE,
)
"""What stands between a question and the word that tells why it is asked."""
_GOES_ON: Final = re.compile(
    r"\W*(?:(?:including|incl|not even|even|also in|same (?:for|with))\b|包括|连)", re.IGNORECASE
)
"""A question that goes on with the one before it: "any chicken in it? Including chicken fat?"."""
_MOST: Final = 120
_FEWEST: Final = 3
"""Words, or characters, of a question; fewer ("is it?") ask after what was said before."""


@dataclass(frozen=True)
class Literal:
    """The attribute ``key`` answers the words of the question at ``start``–``end``."""

    key: str
    start: int
    end: int


def literal(
    text: str, product: Product | None, known_keys: frozenset[str], words: Mapping[str, tuple[str, ...]] = _NO_WORDS
) -> tuple[Literal, ...]:
    """The attributes of ``product`` that the questions in ``text`` name, one for each, in the order of the text.

    ``known_keys`` are attributes that have words of their own: their names alone count for nothing here, what they
    state does. ``words`` tell what a word of an English name is called in Chinese.
    """
    if product is None:
        return ()
    found: list[Literal] = []
    for start, clause in questions_of(text):
        for key, value in product.attributes.items():
            if key in _OTHERWISE or "_by_" in key or key.startswith(("warranty", "stock")):
                continue
            span = (None if key in known_keys else _by_name(clause, key, words)) or _by_value(
                clause, value, product.name
            )
            if span is not None:
                found.append(Literal(key, start + span[0], start + span[1]))
    return tuple(sorted(found, key=lambda one: one.start))


def asks(text: str) -> bool:
    """Whether some clause of ``text`` asks something."""
    return next(questions_of(text), None) is not None


def opens_question(clause: str) -> bool:
    """Whether one ``clause`` asks something by itself, with its mark or by how it opens."""
    said = clause.strip()
    if _GREETS.match(said) is not None or _IDLE_ZH.search(said) is not None:
        return False
    if _HAN.search(said):
        return _OPENS_ZH.search(said) is not None
    return said.endswith("?") or _OPENS_EN.search(said) is not None


def goes_on(text: str) -> bool:
    """Whether ``text`` only goes on with the question before it ("including chicken fat?")."""
    return _GOES_ON.match(text) is not None


def open_questions(text: str, answered: Sequence[tuple[int, int]]) -> bool:
    """Whether some sentence of ``text`` asks something and none of the ``answered`` stretches stands in it."""
    for match in _SEGMENT.finditer(in_lines(text)):
        asks = match.group().rstrip().endswith(("?", "？", "吗", "么"))
        long_enough = len(match.group().split()) > 2 or len(_HAN.findall(match.group())) > 3
        inside = any(start < match.end() and match.start() < end for start, end in answered)
        continues = bool(answered) and goes_on(match.group())
        if asks and long_enough and not inside and not continues and _GREETS.match(match.group()) is None:
            return True
        clauses = (*_english_questions(match), *_chinese_questions(match))
        if any(_is_open(start, part, answered) for start, part in clauses):
            return True
    return False


def reasons(text: str, answered: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The questions whose reason holds one of the ``answered`` words: "does it have nuts in? my son is allergic"."""
    asking = [(start, start + len(clause)) for start, clause in questions_of(text) if opens_question(clause)]
    found: list[tuple[int, int]] = []
    for start, end in answered:
        before = [one for one in asking if one[1] <= start]
        if before and not any(one <= start and end <= other for one, other in asking):
            last = before[-1]
            found += [last] if _REASON.match(text[last[1] : start]) is not None else []
    return found


def _chinese_questions(segment: re.Match[str]) -> Iterator[tuple[int, str]]:
    """The clauses of a Chinese sentence that ask by themselves, each with where it begins."""
    if _HAN.search(segment.group()) is None:
        return
    for start, part in _clauses(segment, _ZH_CLAUSE):
        if _OPENS_ZH.search(part.strip()) is not None and _IDLE_ZH.search(part) is None:
            yield start, part


def _english_questions(segment: re.Match[str]) -> Iterator[tuple[int, str]]:
    """The clauses of an English sentence that open as questions do, each with where it begins."""
    if _HAN.search(segment.group()) is not None:
        return
    for start, part in _clauses(segment, _EN_CLAUSE):
        if _OPENS_EN.search(part.strip()) is not None:
            yield start, part


def _is_open(start: int, part: str, answered: Sequence[tuple[int, int]]) -> bool:
    if answered and goes_on(part):
        return False
    is_short = len(_HAN.findall(part)) < _FEWEST if _HAN.search(part) else len(part.split()) < _FEWEST
    if is_short or _GREETS.match(part) is not None or announces(part):
        return False
    return not any(one < start + len(part) and start < other for one, other in answered)


def questions_of(text: str) -> Iterator[tuple[int, str]]:
    """The clauses of ``text`` that ask, each with where it begins."""
    for match in _SEGMENT.finditer(in_lines(text)):
        segment, han = match.group(), _HAN.search(match.group()) is not None
        for start, part in _clauses(match, _ZH_CLAUSE if han else _EN_CLAUSE):
            # In English one mark stands for all that is asked before it ("is it soy, and how long does it burn?").
            asks = _ASKS_ZH.search(part) if han else _ASKS_EN.search(part) or segment.rstrip().endswith("?")
            if asks and not announces(part):
                yield start, part


def _clauses(segment: re.Match[str], ends: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    """The stretches of a sentence between ``ends``, each with where it begins in the text."""
    at = segment.start()
    for match in (*ends.finditer(segment.string, segment.start(), segment.end()), None):
        stop = segment.end() if match is None else match.start()
        if stop > at:
            yield at, segment.string[at:stop]
        at = stop if match is None else match.end()


def _by_name(clause: str, key: str, words: Mapping[str, tuple[str, ...]]) -> tuple[int, int] | None:
    """Where ``clause`` names the attribute; every word of the name that says something has to stand there."""
    if _HAN.search(key):
        return _han(clause, key, frozenset())
    if _HAN.search(clause):
        found = _in_chinese(clause, parts_of(key), words)
        if found is not None:
            return found
    names = [part for part in key.lower().split("_") if len(part) > 2 and part not in _VAGUE]
    if key.endswith("_separately") and _GETS.search(clause) is not None:
        # "Can I just get a new lid" asks whether lids are sold.
        names = [part for part in names if part not in _SOLD]
    # "How long is the strap" asks for strap_length.
    spans = [_word(clause, name) or (_word(clause, _ASKED_AS[name]) if name in _ASKED_AS else None) for name in names]
    told = [span for span in spans if span is not None]
    return (told[0][0], told[-1][1]) if names and len(told) == len(spans) else None


def _in_chinese(clause: str, parts: tuple[str, ...], words: Mapping[str, tuple[str, ...]]) -> tuple[int, int] | None:
    """Where a Chinese ``clause`` names an English attribute (电池 and batteries_included)."""
    spans: list[tuple[int, int]] = []
    at = 0
    while at < len(parts):
        pair = " ".join(parts[at : at + 2])
        name = pair if len(parts) - at > 1 and pair in words else parts[at]
        at += 1 + name.count(" ")
        if name in _VAGUE or name in _BESIDE or (name in _SOLD and _GETS.search(clause) is not None):
            continue
        found = next(((clause.find(one), len(one)) for one in words.get(name, ()) if one in clause), None)
        if found is None:
            return None
        spans.append((found[0], sum(found)))
    return (min(spans)[0], max(end for _, end in spans)) if spans else None


def _by_value(clause: str, value: JsonValue, name: str) -> tuple[int, int] | None:
    """Where a question for yes or no holds a word of the ``value`` that says something."""
    words = ", ".join(map(str, value)) if isinstance(value, list) else value
    if not isinstance(words, str) or len(words) > _MOST:
        return None
    if _HAN.search(clause):
        span = _han(clause, words, frozenset(_pairs(name)))
        if span is not None:
            return span
    elif _YES_NO_EN.search(clause) is None:
        return None
    own = {_stem(one) for one in _LATIN.findall(name.lower())}
    for word in _LATIN.findall(words):
        span = None if word.lower() in _VAGUE or _stem(word) in own else _word(clause, word)
        if span is not None and not _MENTIONED.search(clause[: span[0]]):
            return span
    return None


def _word(clause: str, name: str) -> tuple[int, int] | None:
    wanted = _stem(name)
    for match in _LATIN.finditer(clause):
        said = _stem(match.group())
        # "Does it hold water" asks whether it is watertight.
        if (
            said == wanted
            or (len(said) > 4 and wanted.startswith(said))
            # "Will it leak" asks whether it is leakproof.
            or (len(said) > 3 and wanted.startswith(said) and wanted[len(said) :] in _QUALITY_ENDS)
            or (len(wanted) > 4 and said.startswith(wanted))
        ):
            return match.span()
    return None


def _stem(word: str) -> str:
    lower = word.lower()
    if lower.endswith("yer"):
        # What dries is a dryer.
        return lower[:-2]
    for ending in ("ing", "ies", "es", "ed", "s", "y", "e"):
        if lower.endswith(ending) and len(lower) - len(ending) > 2:
            return lower[: -len(ending)]
    return lower


def _han(clause: str, words: str, without: frozenset[str]) -> tuple[int, int] | None:
    for pair in _pairs(words):
        at = clause.find(pair)
        if at >= 0 and pair not in _VAGUE_ZH and pair not in without:
            return at, at + 2
    return None


def _pairs(words: str) -> Iterator[str]:
    for run in _HAN_RUN.findall(words):
        yield from (run[at : at + 2] for at in range(len(run) - 1))


def questions_in(text: str) -> int:
    """How many things ``text`` asks, clause by clause; what is only told asks nothing."""
    found = 0
    for match in _SEGMENT.finditer(in_lines(text)):
        segment, han = match.group(), _HAN.search(match.group()) is not None
        parts = [part for part in (_ZH_CLAUSE if han else _EN_CLAUSE).split(segment) if part and part.strip()]
        asking = [part for part in parts if (_ASKS_ZH if han else _OPENS_EN).search(part) and not _GREETS.match(part)]
        marked = segment.rstrip().endswith(("?", "？")) and _GREETS.match(segment) is None
        found += max(len(asking), int(marked))
    return found
