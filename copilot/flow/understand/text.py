"""Normal forms and cuts of a buyer's words, shared by everything that reads them.

Owns folding for comparison and the split into clauses with offsets into the original; refuses to interpret anything.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from copilot.playbook.points import points_in
from copilot.policy.tables import simplified

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_CLAUSE_END = re.compile(
    r"[。!?！？;；\n\r…]+|[,，](?=\s?(?:\S{2}|[aiAI]\s))|\.(?=\s|$)|(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])"
)
_CONNECTOR = re.compile(
    r"(?:另外|还有就是|还有个事|还有一个问题|还有|顺便问|顺便|再问一下|对了|同时)"
    r"|\b(?:and also|also|plus|another thing|besides|additionally|on top of that|by the way|btw)\b",
    re.IGNORECASE,
)
_AND_THEN = re.compile(r"\band (?=(?:there|my|the|i|i'm|where|when|how|can|why|what|is|did)\b)", re.IGNORECASE)
_ANNOUNCED = re.compile(
    r"^(?:另外|还有就是|还有个事|还有一个问题|还有|顺便(?:问(?:一下|下)?)?|再问一下|对了|同时"
    r"|(?:and|also|plus|another thing|besides"
    r"|additionally|by the way|btw)\b)[\s,，:：]*",
    re.IGNORECASE,
)
_OTHER_ORDER = re.compile(
    r"(?:我)?(?:的)?(?:另外?一?[单笔个票](?:订单|快递|包裹)?|另外那[单个笔](?:订单|快递|包裹)?|还有一[单个笔](?:订单|快递|包裹)?|别的订单|其他订单|新(?:买|拍|下单?)的(?:那[单个件])?)(?:的)?"
)
_ADDED = re.compile(
    r"^(?:(?:而且|并且|然后)?(?:还|又|也)(?=[少缺漏掉差破裂碎坏断]))(?!.{0,3}(?:没|不是|不到))"
    r"|(?<![a-z])(?:too|as well)\s*[.!?,]*$",
    re.IGNORECASE,
)
_AND_ASKED = re.compile(r"^and (?:where|when|how|can|why|what|is|did)\b", re.IGNORECASE)
_GREETING_BEFORE = re.compile(
    r"^\s*(?:你好|您好|在吗|在么|亲亲?|哈喽|老板|请问(?:一下)?|(?:hi|hello|hey)(?: there)?\b)[\s,，。.!！~?？]*",
    re.IGNORECASE,
)
_THANKS_BEHIND = re.compile(
    r"[\s,，。.!！~]*(?:谢谢(?:啦|了|你|您|亲)?|多谢|感谢|辛苦(?:了|啦)?|麻烦(?:了|您了|你了)"
    r"|\b(?:thanks|thank you|thank u|thx|ty|tysm|please|pls|plz))"
    r"[\s。.!！~～:：)）]*$",
    re.IGNORECASE,
)
_HOURS = re.compile(r"(?<=[个半几多两俩一二三四五六七八九十\d])(?<!分)钟头(?![疼痛])")
_BLANKS = "".join((" ", ",", "，", ":", "：", "\n"))
_APOSTROPHES: dict[int, str] = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'"})

_ALSO_SIMPLIFIED = {"著": "着", "乾": "干", "妳": "你", "祢": "你", "喺": "在", "嘅": "的", "咗": "了"}
"""What the library leaves alone because other words are written so too; in a chat it means these."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the original text; code points, end exclusive."""

    start: int
    end: int
    text: str


def fold(text: str) -> str:
    """``text`` in compatibility form, lower case, simplified, with plain apostrophes (length may change)."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return plain.translate(_simplifying() if has_han(plain) else _APOSTROPHES)


@cache
def _simplifying() -> dict[int, str]:
    # Buyers in Taiwan, Hong Kong and Malaysia write what our words and utterances say in other characters.
    return {**str.maketrans(simplified() | _ALSO_SIMPLIFIED), **_APOSTROPHES}


def fold_same_length(text: str) -> str:
    """``text`` folded character by character, so that offsets stay those of the original."""
    return "".join(_fold_character(character) for character in text)


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    folded = fold(character)
    return folded if len(folded) == 1 else character


def has_han(text: str) -> bool:
    """Whether ``text`` holds a Chinese character."""
    return _HAN.search(text) is not None


def count_han(text: str) -> int:
    """How many Chinese characters ``text`` holds."""
    return len(_HAN.findall(text))


def _announces_only(text: str, edge: int) -> bool:
    """Whether what stands before ``edge`` is nothing but "also," of the clause that follows."""
    last = None
    for match in _CONNECTOR.finditer(text, 0, edge):
        last = match
    return last is not None and last.start() < edge < len(text) and not text[last.end() : edge].strip(_BLANKS)


def bare(text: str) -> str:
    """``text`` without a greeting before and thanks behind what it says; all of it when nothing else is said.

    An hour goes by one word: 一个多钟头 is 一个多小时.
    """
    text = _HOURS.sub("小时", text)
    rest = _THANKS_BEHIND.sub("", _GREETING_BEFORE.sub("", text))
    return rest if count_han(rest) >= 2 or len(rest.split()) >= 2 else text


def introduces(clause: str) -> bool:
    """Whether ``clause`` begins with a word that announces a further matter (另外, "also")."""
    return _CONNECTOR.match(clause) is not None


def adds_fault(clause: str) -> bool:
    """Whether ``clause`` tells of a further fault beside the one before (还少颗螺丝, "the screw is missing too")."""
    return _ADDED.search(clause) is not None


def asks_beside(clause: str) -> bool:
    """Whether ``clause`` is a question that an "and" sets beside what was said before."""
    return _AND_ASKED.match(clause) is not None


def names_another_order(clause: str) -> bool:
    """Whether ``clause`` names another order than the one in hand (我另一单)."""
    return _OTHER_ORDER.search(clause) is not None


def readings(clause: str) -> tuple[str, ...]:
    """``clause`` as it stands, without the word that announces it, and with another order told as a parcel."""
    plain = _ANNOUNCED.sub("", clause)
    parcel = _OTHER_ORDER.sub("快递", plain)
    return tuple(dict.fromkeys(one for one in (clause, plain, parcel) if count_han(one) >= 2 or len(one.split()) >= 2))


def trimmed(text: str, start: int, end: int) -> Span:
    """The stretch without white space and punctuation at its ends."""
    while start < end and not _is_word(text[start]):
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end, text[start:end])


def _is_word(character: str) -> bool:
    return not character.isspace() and character not in ",，。.;；!！?？、…~～-—"


def clauses(text: str) -> tuple[Span, ...]:
    """The clauses of ``text`` in order: cut at sentence ends, commas and words such as 另外 or "also"."""
    cuts = {0, len(text)}
    cuts.update(match.end() for match in _CLAUSE_END.finditer(text))
    cuts.update(match.start() for match in _CONNECTOR.finditer(text))
    cuts.update(match.start() for match in _AND_THEN.finditer(text))
    points = points_in(text)
    cuts.update(edge for point in points for edge in point)
    edges = [edge for edge in sorted(cuts) if not _announces_only(text, edge)]
    spans = (trimmed(text, start, end) for start, end in pairwise(edges) if (start, end) not in points)
    return tuple(span for span in spans if span.text)
