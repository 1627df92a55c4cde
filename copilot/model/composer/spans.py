"""Marks inside rendered text: where a claim, an option's sentence or a sentence begins and ends.

Marks are private-use characters that ``strip`` takes out again, so spans are exact on the final text by construction.
Values are cleaned of such characters before they enter a template, so a buyer cannot forge a mark.
"""

import re
from dataclasses import dataclass
from typing import Final

_OPEN, _CLOSE = "\ue000", "\ue001"
_FIRST, _LAST = 0xE100, 0xF8FF
_MARK: Final = re.compile(f"{_OPEN}(.)|{_CLOSE}", re.DOTALL)
_PRIVATE = {code: None for code in range(0xE000, 0xF900)}


@dataclass(frozen=True)
class Span:
    """``start``/``end`` in code points of the stripped text; ``tag`` is the index given to ``mark``."""

    tag: int
    start: int
    end: int


def clean(text: str) -> str:
    """``text`` without private-use characters and line breaks."""
    return " ".join(text.translate(_PRIVATE).split())


def mark(text: str, tag: int) -> str:
    """``text`` between a pair of marks that carry ``tag``; pairs may nest."""
    if not 0 <= tag <= _LAST - _FIRST:
        raise ValueError("too many marks in one text")
    return f"{_OPEN}{chr(_FIRST + tag)}{text}{_CLOSE}"


def strip(marked: str) -> tuple[str, tuple[Span, ...]]:
    """The text without marks, and every span, in the order in which they begin."""
    if _OPEN not in marked and _CLOSE not in marked:
        return marked, ()
    out: list[str] = []
    spans: list[Span] = []
    stack: list[tuple[int, int]] = []
    at = length = 0
    for found in _MARK.finditer(marked):
        if found.start() > at:
            out.append(marked[at : found.start()])
            length += found.start() - at
        at = found.end()
        if found[1] is not None:
            stack.append((ord(found[1]) - _FIRST, length))
        else:
            tag, start = stack.pop()
            spans.append(Span(tag, start, length))
    out.append(marked[at:])
    return "".join(out), tuple(sorted(spans, key=lambda span: (span.start, -span.end)))


def bare(marked: str) -> str:
    """The text without marks."""
    return strip(marked)[0]
