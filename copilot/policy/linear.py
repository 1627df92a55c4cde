"""The one door to RE2: expressions that run in linear time.

Owns what is refused and how that is said. It knows no rule.
"""

import importlib
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any
from weakref import WeakValueDictionary

from copilot.domain.errors import PolicyFileError

_re2: Any = importlib.import_module("re2")
_MEMORY = 64 << 20
Span = tuple[int, int]
_FOR_A_WHOLE_TEXT = re.compile(r"\\[AzCQ]|\(\?[a-zA-Z]*-")
"""What does not mean the same for a line: the beginning or end of everything, bytes, flags that are taken back."""
_ENDS = re.compile(r"(?<!\[)\^|\\\[\^|\$")
"""What may be the beginning or end of the text."""


class Expression:
    """A compiled expression; a group named ``hit`` narrows what it reports."""

    def __init__(self, pattern: str, place: str | None = None) -> None:
        """``PolicyFileError`` at ``place`` (file:line) with a remedy for what RE2 refuses.

        Without a place ``pattern`` has been accepted before, and is compiled when it is first needed.
        """
        self._pattern = pattern
        if place is None:
            return
        try:
            _ = self._compiled
        except _re2.error as error:
            why = _words(error)
            raise PolicyFileError(f"{place}: the pattern cannot be used: {why}", remedy=_remedy(pattern, why)) from None

    @cached_property
    def _compiled(self) -> Any:
        # Over bytes: a search costs half of one over text, and nearly every look finds nothing.
        return _compile(self._pattern.encode())

    @cached_property
    def _group(self) -> int:
        return dict(self._over(b"").NamedCapturingGroups()).get(b"hit", 0)

    @cached_property
    def _among_lines(self) -> Any:
        """Matches at least where the expression does, also in a text that stands as a line among others.

        None where nothing can be said of that.
        """
        if _FOR_A_WHOLE_TEXT.search(self._pattern):
            return None
        if not _ENDS.search(self._pattern):
            return self._compiled
        return _compile(b"(?m)" + self._pattern.encode())

    def _over(self, encoded: bytes) -> Any:
        """What to look over ``encoded`` with: in a text of one line both mean the same, and one of them is enough."""
        return self._compiled if b"\n" in encoded or self._among_lines is None else self._among_lines

    def compile(self) -> None:
        """Compile now, instead of when it is first needed, what nearly every text is looked over with."""
        _ = self._over(b"")

    def spans(self, text: str, encoded: bytes | None = None) -> list[Span]:
        """Where it matches in ``text``; empty matches are left out. ``encoded`` is ``text`` in UTF-8, if at hand."""
        if encoded is None:
            encoded = text.encode()
        look = self._over(encoded).Match
        end = len(encoded)
        match: list[Span] = look(_ANYWHERE, encoded, 0, end)
        if match[0] == _NOWHERE:
            return []
        found: list[Span] = []
        while match[0] != _NOWHERE:
            found.append(match[self._group])
            last = match[0][1]
            if last == end:
                break
            # Behind an empty match the next look begins a byte further, so that it comes to an end.
            match = look(_ANYWHERE, encoded, last + (match[0][0] == last), end)
        if text.isascii():
            return [span for span in found if span[0] < span[1]]
        return [(len(encoded[:start].decode()), len(encoded[:end].decode())) for start, end in found if start < end]

    def among(self, texts: Sequence[bytes]) -> list[int]:
        """Those of ``texts`` (UTF-8), by number, in which it may match: all where it does, hardly any other."""
        lines = self._among_lines
        if lines is None:
            return list(range(len(texts)))
        joined = b"\n".join(texts)
        end = len(joined)
        found: list[int] = []
        match: Span = lines.Match(_ANYWHERE, joined, 0, end)[0]
        if match == _NOWHERE:
            return found
        ends = list(accumulate(len(text) + 1 for text in texts))
        while match != _NOWHERE:
            # A match that goes over the end of a text may hide one behind it: whatever it touches is taken.
            first = bisect_right(ends, match[0])
            last = max(first, bisect_left(ends, match[1]))
            found += range(first, min(last + 1, len(texts)))
            if last >= len(texts) - 1:
                break
            match = lines.Match(_ANYWHERE, joined, ends[last], end)[0]
        return found

    def found(self, text: str, encoded: bytes | None = None) -> bool:
        """Whether it matches anywhere in ``text``; ``encoded`` is ``text`` in UTF-8, if at hand."""
        if encoded is None:
            encoded = text.encode()
        return self._over(encoded).Match(_ANYWHERE, encoded, 0, len(encoded))[0] != _NOWHERE


_known: "WeakValueDictionary[bytes, Any]" = WeakValueDictionary()
"""What somebody still looks with: the next edition of a pack, or another shop's, differs in a few expressions."""


def _compile(pattern: bytes) -> Any:
    """RE2's own object: what the package puts around it costs more than a look over a message."""
    found = _known.get(pattern)
    if found is None:
        found = _Compiled(pattern, _OPTIONS)
        if not found.ok():
            raise _re2.error(found.error())
        _known[pattern] = found
    return found


def _options() -> Any:
    options = _re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    return options


_OPTIONS: Any = _options()
_FIRST: Any = _re2.compile(b"", _OPTIONS)
_Compiled: Any = _FIRST._regexp.__class__
"""What the package compiles to; its own way there copies every option each time."""
_EMPTY: Any = _compile(b"")
_ANYWHERE: Any = _EMPTY.Anchor.UNANCHORED
_NOWHERE = (-1, -1)


def _words(error: Exception) -> str:
    first: object = error.args[0] if error.args else error
    return first.decode(errors="replace") if isinstance(first, bytes) else str(first)


def _remedy(pattern: str, why: str) -> str:
    if "(?" in why or "invalid escape" in why or "\\1" in pattern:
        return (
            "look-arounds and back-references are not linear: use \\b, or say what may stand around it with "
            "unless_before, unless_after or needs"
        )
    return "correct the expression"
