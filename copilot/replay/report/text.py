"""Texts of strangers, made fit to be shown: bounded, printable, with the place in question marked.

The template escapes; this module only replaces what has no place in any document.
"""

import re
from dataclasses import dataclass
from typing import Any

# Control characters, halves of surrogate pairs, and the signs that turn the direction of a line around.
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_LEAD = 70
_LONGEST = 260
_NAME = 60
ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Quote:
    """An excerpt in three parts: what stands before the marked words, those, and what follows."""

    before: str
    hit: str
    after: str


def clean(value: object) -> str:
    """``value`` as text that can stand in HTML and XML; every character keeps its place."""
    return _UNFIT.sub("\ufffd", str(value))


def name(value: object) -> str:
    """A name of bounded length."""
    text = clean(value).strip()
    return text if len(text) <= _NAME else text[: _NAME - 1] + ELLIPSIS


def cut(value: object, longest: int = _LONGEST) -> str:
    """A text of bounded length."""
    text = clean(value).strip()
    return text if len(text) <= longest else text[: longest - 1] + ELLIPSIS


def quote(sample: dict[str, Any]) -> Quote:
    """The excerpt of a sample around its span, bounded on both sides."""
    text = clean(sample.get("excerpt", ""))
    start = min(max(int(sample.get("start", 0)), 0), len(text))
    end = min(max(int(sample.get("end", start)), start), len(text))
    hit = text[start:end]
    if len(hit) > _LONGEST:
        half = _LONGEST // 2
        hit = f"{hit[:half]} {ELLIPSIS} {hit[-half:]}"
    before, after = text[:start], text[end:]
    if len(before) > _LEAD:
        before = ELLIPSIS + before[-_LEAD:]
    room = max(_LONGEST - len(before) - len(hit), _LEAD)
    if len(after) > room:
        after = after[:room] + ELLIPSIS
    return Quote(before, hit, after)


def is_chinese(text: str) -> bool:
    """Whether ``text`` is written in Chinese, by its characters."""
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def count(number: int) -> str:
    """12,345."""
    return f"{number:,}"


def share(part: int, whole: int) -> str:
    """3.2%; a share that is not nothing never reads 0%."""
    if not whole:
        return "–"
    percent = 100 * part / whole
    if 0 < percent < 0.1:
        return "<0.1%"
    return f"{percent:.1f}%" if percent < 99.95 or part == whole else ">99.9%"


def by_name(value: str) -> tuple[bytes, str]:
    """The order of names: Latin letters first, then Chinese characters by sound (as GB 18030 lists the common ones)."""
    return value.casefold().encode("gb18030", "replace"), value
