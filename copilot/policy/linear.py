"""The one door to RE2: expressions that run in linear time, one by one and all together.

Owns what is refused and how that is said. It knows no rule.
"""

import importlib
from typing import Any

from copilot.domain.errors import BadConfiguration, PolicyFileError

_re2: Any = importlib.import_module("re2")
_MEMORY = 64 << 20
_PROBE = "\ue000\ue001"
Span = tuple[int, int]


class Expression:
    """A compiled expression; a group named ``hit`` narrows what it reports."""

    def __init__(self, pattern: str, place: str) -> None:
        """``PolicyFileError`` at ``place`` (file:line) with a remedy for what RE2 refuses."""
        try:
            self._compiled = _re2.compile(pattern, _options())
        except _re2.error as error:
            why = _words(error)
            raise PolicyFileError(f"{place}: the pattern cannot be used: {why}", remedy=_remedy(pattern, why)) from None
        self._group: int = self._compiled.groupindex.get("hit", 0)

    def spans(self, text: str) -> list[Span]:
        """Where it matches in ``text``; empty matches are left out."""
        found: list[Span] = [match.span(self._group) for match in self._compiled.finditer(text)]
        return [span for span in found if span[0] < span[1]]

    def found(self, text: str) -> bool:
        """Whether it matches anywhere in ``text``."""
        return self._compiled.search(text) is not None


class ExpressionSet:
    """Many expressions in one automaton: a text that holds none of them costs one pass."""

    def __init__(self) -> None:
        """Empty; ``add`` expressions, then ``seal``."""
        self._set = _re2.Set.SearchSet(_options())
        self._count = 0

    def add(self, pattern: str) -> int:
        """The number under which ``pattern`` is reported."""
        self._count += 1
        return int(self._set.Add(pattern))

    def seal(self) -> None:
        """Make it ready; ``BadConfiguration`` when it would find nothing for want of memory."""
        probe = self._set.Add(_PROBE)
        self._set.Compile()
        if probe not in (self._set.Match(_PROBE) or ()):
            raise BadConfiguration("the pack's patterns together are too large", remedy="use fewer or simpler patterns")

    def present(self, *texts: str) -> frozenset[int]:
        """The numbers of the expressions that match in one of ``texts``."""
        if not self._count:
            return frozenset()
        return frozenset(number for text in texts for number in self._set.Match(text) or ())


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
