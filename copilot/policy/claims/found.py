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

    __slots__ = ("_hints", "_pattern")

    def __init__(self, hints: str | tuple[str, ...], pattern: str) -> None:
        """``hints`` are words parted by blanks, or a tuple of them; texts are in small letters."""
        self._hints = tuple(hints.split()) if isinstance(hints, str) else hints
        self._pattern = re.compile(pattern)

    def over(self, text: str) -> Iterator[re.Match[str]]:
        """Every match in ``text``."""
        return self._pattern.finditer(text) if self.hinted(text) else iter(())

    def hinted(self, text: str) -> bool:
        """Whether one of the words stands in ``text``."""
        return any(hint in text for hint in self._hints)
