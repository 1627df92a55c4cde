"""What the readers of single kinds hand over, and how they look. Holds no reading of its own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from copilot.domain.fact import FactKind

DIGITS = tuple("0123456789")
"""The hints of an expression that begins with a figure."""


@dataclass(frozen=True, slots=True)
class Found:
    """A claim's kind, span and normalised value."""

    kind: FactKind
    start: int
    end: int
    value: JsonValue


class Look:
    """An expression, and words without which it cannot match: most looks end at the words."""

    __slots__ = ("_hints", "_pattern", "_starts")

    def __init__(self, hints: str | tuple[str, ...], pattern: str, *, starts: str = "") -> None:
        """``hints`` are words parted by blanks, or a tuple of them; texts are in small letters.

        ``starts`` is an expression for what every match begins with, where that is rare: nothing else is tried then.
        """
        self._hints = tuple(hints.split()) if isinstance(hints, str) else hints
        # Compiled when a hint is first met: all of them at once are a tenth of the time of a command's first verdict.
        self._pattern: str | re.Pattern[str] = pattern
        self._starts: str | re.Pattern[str] | None = starts or None

    def over(self, text: str) -> Iterator[re.Match[str]]:
        """Every match in ``text``."""
        for hint in self._hints:
            if hint in text:
                pattern, starts = self._compiled()
                return pattern.finditer(text) if starts is None else self._from(text, starts, pattern)
        return iter(())

    def _compiled(self) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
        if isinstance(self._pattern, str):
            self._pattern = re.compile(self._pattern)
        if isinstance(self._starts, str):
            self._starts = re.compile(self._starts)
        return self._pattern, self._starts

    @staticmethod
    def _from(text: str, starts: re.Pattern[str], pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        end = 0
        for start in starts.finditer(text):
            match = pattern.match(text, start.start()) if start.start() >= end else None
            if match is not None:
                end = match.end()
                yield match
