"""Clauses that only feel with the buyer, thank, look or ask to choose: a model may say them though no fact does.

Their words are harmless among their like and nowhere else, so a clause counts only when nothing else stands in it: no
goods, no money, no number, no time, nothing that anybody does. Entries (``data/kind.*.txt``) are words and turns of
phrase of our own; Chinese is cut into them, English words are compared without their endings.

No list holds every word of sympathy. A clause that plainly feels or thanks (``data/anchors.*.txt``) may have one word
in it that is not listed, as long as that word cannot be what somebody gives, does, knows or asks for
(``data/operative.*.txt``) and does not begin a new statement. One word among such cannot promise anything.
"""

import re
from collections.abc import Collection, Sequence
from functools import cache
from importlib import resources
from typing import Final

_WORD: Final = re.compile(r"[a-z][a-z']*")
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_DIGIT: Final = re.compile(r"\d")
_ENDINGS: Final = ("'s", "ing", "ed", "es", "s", "ly")
_SHORTEST: Final = 3
# Without what gives, adds or promises: 给 and 都 stand in turns of phrase only, as "all", "both" and "will" do.
_JOINING: Final[dict[str, frozenset[str]]] = {
    "zh": frozenset(
        "的了在是我您你们这那就也还会能和着吗呢吧啊呀哦嗯啦哈嘛很太真可以不没个些到来为对先又才更最但而让么什怎哪谁"
        "点有一里上跟想它太咱"
    ),
    "en": frozenset(
        "a an the i you it they me them my your its this that these those here there and or but so if as at by for from"
        " in into of on out to with about also am any are be because been being can can't could couldn't did didn't do"
        " does doesn't don't down few had has haven't how i'd i'm i've is isn't it's just like much no nor not now"
        " one other same some such than that's then they're through too very was wasn't we we're we've us our were what"
        " what's when where which while who why would wouldn't you'd you're you've yes quite still even please ok okay"
        " well way thing things bit know see look having let me".split()
    ),
}


def is_kind(clause: str, language: str) -> bool:
    """Whether ``clause`` (small letters, plain signs) is made of such words alone."""
    if _DIGIT.search(clause):
        return False
    if language != "zh":
        return not _HAN.search(clause) and _covered(_parts(clause, "en"), "en")
    return not _WORD.search(clause) and _covered(_parts(clause, "zh"), "zh")


def is_nearly_kind(clause: str, language: str) -> bool:
    """Whether ``clause`` plainly feels or thanks, and all but one word of it are such words; the one is harmless."""
    tongue = "zh" if language == "zh" else "en"
    if _DIGIT.search(clause) or (_WORD if tongue == "zh" else _HAN).search(clause):
        return False
    parts = _parts(clause, tongue)
    if not any(_stands(anchor, parts) for anchor in _listed("anchors", tongue)):
        return False
    return _covered_but_one(parts, tongue)


def covered(clause: str, language: str, also: frozenset[str]) -> bool:
    """Whether all of ``clause`` is made of such words and of those ``also`` known, one behind the other.

    ``also`` are words of facts and wordings in their own form: pairs of characters, English words without endings.
    """
    tongue = "zh" if language == "zh" else "en"
    parts = _parts(clause, tongue)
    entries, longest = _entries(tongue)
    known = {tuple(_parts(one, tongue)) for one in also}
    return _reaches(parts, entries | known, max(longest, 2))[-1]


def _covered_but_one(parts: Sequence[str], language: str) -> bool:
    """Whether entries cover ``parts`` on both sides of one harmless word."""
    entries, longest = _entries(language)
    left = _reaches(parts, entries, longest)
    right = _reaches(parts[::-1], {one[::-1] for one in entries}, longest)[::-1]
    most = _GAP[language]
    return any(
        left[at] and right[end] and _harmless(parts, at, end, language)
        for at in range(len(parts))
        for end in range(at + 1, min(len(parts), at + most) + 1)
    )


_GAP: Final = {"zh": 3, "en": 1}
"""How many parts the one word may have: characters of Chinese, a word of English."""
_OPENERS: Final = frozenset(
    "i i'm i've i'd i'll we we're we've we'd we'll he she they they've they're it's and so then but or who will".split()
)
"""Behind these a verb begins what somebody does."""


def _harmless(parts: Sequence[str], at: int, end: int, language: str) -> bool:
    word = parts[at:end]
    operative = _listed("operative", language)
    if language == "zh":
        # By character: 退 is in 退款, 退回 and 白退.
        return not any((character,) in operative for character in word)
    before = parts[at - 1] if at else ""
    return tuple(word) not in operative and before not in {_stem(one) for one in _OPENERS}


def _stands(entry: tuple[str, ...], parts: Sequence[str]) -> bool:
    return any(tuple(parts[at : at + len(entry)]) == entry for at in range(len(parts) - len(entry) + 1))


def _parts(text: str, language: str) -> list[str]:
    """The characters of Chinese, the words of English without their endings."""
    if language == "zh":
        return _HAN.findall(text)
    words: list[str] = _WORD.findall(text)
    return [_stem(word) for word in words]


def _covered(parts: Sequence[str], language: str) -> bool:
    """Whether entries and joining words, one behind the other, are all of ``parts``."""
    return _reaches(parts, *_entries(language))[-1]


def _reaches(parts: Sequence[str], entries: Collection[tuple[str, ...]], longest: int) -> list[bool]:
    """How far entries, one behind the other, lead from the beginning: a mark for each place between the parts."""
    reached = [True] + [False] * len(parts)
    for at in range(len(parts)):
        if not reached[at]:
            continue
        for end in range(at + 1, min(len(parts), at + longest) + 1):
            reached[end] = reached[end] or tuple(parts[at:end]) in entries
    return reached


@cache
def _entries(language: str) -> tuple[frozenset[tuple[str, ...]], int]:
    entries = _listed("kind", language) | {tuple(_parts(one, language)) for one in _JOINING[language]}
    return frozenset(entries), max(len(one) for one in entries)


@cache
def _listed(name: str, language: str) -> frozenset[tuple[str, ...]]:
    lines = (resources.files("copilot.model") / "data" / f"{name}.{language}.txt").read_text("utf-8").splitlines()
    said = (part.strip() for line in lines if not line.startswith("#") for part in line.split(","))
    return frozenset(tuple(_parts(one, language)) for one in said if one)


def _stem(word: str) -> str:
    ending = next((one for one in _ENDINGS if word.endswith(one) and len(word) > len(one) + _SHORTEST), "")
    return word.removesuffix(ending).rstrip("e")
