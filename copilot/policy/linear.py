"""The one door to RE2: expressions that run in linear time.

Owns what is refused and how that is said. It knows no rule.
"""

import importlib
from functools import cached_property
from typing import Any

from copilot.domain.errors import PolicyFileError

_re2: Any = importlib.import_module("re2")
_MEMORY = 64 << 20
Span = tuple[int, int]


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
        return _re2.compile(self._pattern, _options())

    @cached_property
    def _group(self) -> int:
        return int(self._compiled.groupindex.get("hit", 0))

    @cached_property
    def _bytes(self) -> Any:
        # A search over bytes costs half of one over text, and nearly every look finds nothing.
        return _re2.compile(self._pattern.encode(), _options())

    def spans(self, text: str, encoded: bytes | None = None) -> list[Span]:
        """Where it matches in ``text``; empty matches are left out. ``encoded`` is ``text`` in UTF-8, if at hand."""
        if self._bytes.search(text.encode() if encoded is None else encoded) is None:
            return []
        found: list[Span] = [match.span(self._group) for match in self._compiled.finditer(text)]
        return [span for span in found if span[0] < span[1]]

    def found(self, text: str) -> bool:
        """Whether it matches anywhere in ``text``."""
        return self._bytes.search(text.encode()) is not None


def _options() -> Any:
    options = _re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    return options


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
