"""What a buyer says of the goods that came: what is missing, what came instead, how many of how many.

Owns the reading of ``data/goods.yaml``, so that nobody is asked for what they have said; refuses to name what says
nothing ("something", "东西") and words too long to be a thing.
"""

import re
from functools import cache
from typing import Final

from copilot.domain.issue import CAME, MISSING, SHORT, Issue
from copilot.files import own_data
from copilot.flow.understand.text import adds_fault, clauses, count_han, fold, fold_same_length, has_han

SHOWN: Final = frozenset({Issue.MISSING_ITEM, Issue.WRONG_ITEM, Issue.DAMAGED, Issue.QUALITY_DEFECT})
"""Issues of goods that came, which pictures show."""

_OF: Final = {Issue.MISSING_ITEM: (MISSING, SHORT), Issue.WRONG_ITEM: (CAME,)}
_DIGITS = "一二三四五六七八九十"
_ENGLISH = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBERS = {
    **{word: at for words in (_DIGITS, _ENGLISH) for at, word in enumerate(words, 1)},
    "两": 2,
    "twelve": 12,
}
_TAIL = re.compile(r"(?:了|的|啊|呀|哦|哈|嘛|呢|吧|诶|唉|\s|(?<=\s)and)+\Z")
_LEAD = re.compile(
    r"\A\s*(?:(?:但是?|可是?|不过|然后|另外|而且|还有)[,，\s]*)+"
    r"|\A.*\b(?:came|arrived|here|fine|ok|okay|good),? but (?=\w)"
)
_HEAD = re.compile(
    r"\A(?:一[包袋个件只份]\s+|是说(?!明)|说的是|发了?[个件条双]|来了?[个件条双]|寄了?[个件条双]|了|我|的|个|把|是|就|那个|这个|这|那|the|a|an|my|its|just|only|all|also|and|but|like|\s)+(?=\S)(?<![a-z](?=[a-z]))"
)
_STOP = re.compile(
    r"\b(?:in|inside|from|at|when|but|so|for|that|which|because|please|pls|can|could|what|now|again|too|lol|wtf|i|you"
    r"|with|on|to|instead|not|even|is|are|was|were|has|have|had)\b.*|(?<=[\u3400-\u9fff])没(?:有|看到|见|发|给|寄).*|(?:但|可是|怎么|能|请|麻烦|你们|什么|说好|而|和订单|跟订单|我要|我拍|我买).*"
)
_MOST_THINGS = 3
_MOST_HAN, _MOST_WORDS, _MOST_SIGNS = 12, 6, 32
_EDGES = " \t,.-'\""
_SIZE = re.compile(r"[smlx\d]")
_PRIVATE = re.compile(r"\d{5,}|[@<>⟨⟩\[\]{}:/\\]")


def told_of_goods(text: str, issue: Issue | None) -> dict[str, str]:
    """What ``text`` tells of the goods of a case about ``issue``, by slot, in the buyer's words."""
    slots = _OF.get(issue, ()) if issue is not None else ()
    found: dict[str, str] = {}
    if SHORT in slots and (short := _short(fold(text))) is not None:
        found[SHORT] = short
    for slot in (MISSING, CAME):
        what = _named(slot, text) if slot in slots else None
        if what is not None and slot == MISSING:
            what = _and_others(what, text)
        if what is not None and not (SHORT in found and _short(fold(what)) is not None):
            found[slot] = what
    if MISSING in slots and MISSING not in found and SHORT not in found and (sought := looked_for(text)):
        found[MISSING] = sought
    return found


def looked_for(text: str) -> str:
    """The thing that ``text`` asks the whereabouts of ("where's the lamp"); empty where it asks of several or none."""
    folded = fold(text)
    found = {what for one in _patterns()["sought"] for match in one.finditer(folded) if (what := _thing(match["what"]))}
    found = {what for what in found if not _parcel().search(what)}
    return found.pop() if len(found) == 1 else ""


def _and_others(first: str, text: str) -> str:
    """``first`` with what other clauses say is missing too: 灰色长条 and then 还少个轮子."""
    spans = [span.text for span in clauses(text)]
    others = (_named(MISSING, one) for one in spans if first not in one and adds_fault(one))
    found = [first, *dict.fromkeys(one for one in others if one is not None and one not in first)][:_MOST_THINGS]
    return ("、" if has_han(first) else " and ").join(found)


def _named(slot: str, text: str) -> str | None:
    folded = fold_same_length(text)
    # A clause first: what was said in one breath is one thing; "ordered black, got white" takes two.
    for start, stretch in (*((span.start, span.text) for span in clauses(text)), (0, text)):
        said = folded[start : start + len(stretch)]
        for pattern in _patterns()[slot]:
            for match in pattern.finditer(said):
                what = _thing(match["what"])
                if what is not None:
                    at = start + match.start("what") + match["what"].index(what)
                    return text[at : at + len(what)]
    return None


def _thing(words: str) -> str | None:
    what = _STOP.sub("", _LEAD.sub("", words))
    what = _HEAD.sub("", _TAIL.sub("", what.strip(_EDGES))).strip(_EDGES)
    small = count_han(what) <= _MOST_HAN and len(what.split()) <= _MOST_WORDS and len(what) <= _MOST_SIGNS
    if not small or _PRIVATE.search(what) or _hollow().search(what):
        return None
    return what if len(what) > 1 or _SIZE.fullmatch(what) else None


def _short(folded: str) -> str | None:
    for pattern in _patterns()["counts"]:
        match = pattern.search(folded)
        if match is not None:
            got, of = _number(match["got"]), _number(match["of"])
            if got is not None and of is not None and 0 < got < of:
                return f"{of - got}/{of}"
    return None


def _number(word: str) -> int | None:
    return int(word) if word.isdecimal() else _NUMBERS.get(word)


@cache
def _raw() -> dict[str, list[str]]:
    return own_data("copilot.flow.understand", "goods.yaml")


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    return {slot: tuple(re.compile(one) for one in _raw()[slot]) for slot in (MISSING, CAME, "sought", "counts")}


@cache
def _parcel() -> re.Pattern[str]:
    return re.compile("".join(_raw()["parcel"]))


@cache
def _hollow() -> re.Pattern[str]:
    return re.compile("".join(_raw()["hollow"]))
