"""Runs of digits, whatever they are written with: figures, words, with separators between them.

Says only what the digits are and how they were grouped; whether they are a phone number is decided in ``phones``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_MASKED = re.compile(r"[*x×]{2,}|\.{3,}")


@dataclass(frozen=True, slots=True)
class Run:
    """A run of digits: ``digits`` as figures, ``groups`` their lengths, the span in the base view.

    ``plus`` says that a + (or the word) stands in front; ``spelled`` how many digits were words.
    """

    digits: str
    groups: tuple[int, ...]
    start: int
    end: int
    plus: bool
    spelled: int


class DigitReader:
    """Finds runs of digits with a table of words for digits."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """``words`` maps folded words to figures."""
        self._words = dict(words)
        figure = figure_pattern(words)
        # At most three separators between two digits; three stars are a mask, not a number.
        self._run = re.compile(rf"{figure}(?:[\s\-.()/_~·,、|+*#'\"=]{{0,3}}{figure}){{4,}}")
        self._figure = re.compile(figure)
        self._plus = re.compile(r"(?:\+|plus |国际区号)[\s(]*$")

    def runs(self, text: str) -> list[Run]:
        """Every run of at least five digits in ``text``, a base view."""
        return [self._read(text, match) for match in self._run.finditer(text)]

    def _read(self, text: str, match: re.Match[str]) -> Run:
        digits: list[str] = []
        groups: list[int] = []
        spelled, at = 0, -1
        for figure in self._figure.finditer(text, match.start(), match.end()):
            word = figure.group()
            if figure.start() == at and groups:
                groups[-1] += 1
            else:
                groups.append(1)
            at = figure.end()
            spelled += not word.isdecimal()
            digits.append(self._words.get(word, word))
        first = max(0, match.start() - 8)
        plus = self._plus.search(text[first : match.start()])
        start = first + plus.start() if plus else match.start()
        return Run("".join(digits), tuple(groups), start, match.end(), plus is not None, spelled)


def figure_pattern(words: Mapping[str, str]) -> str:
    """An expression for one digit, as a figure or as one of ``words``."""
    chinese = "".join(sorted(word for word in words if len(word) == 1 and not word.isascii()))
    english = "|".join(sorted((word for word in words if word.isascii()), key=len, reverse=True))
    parts = [r"\d"]
    if chinese:
        parts.append(f"[{chinese}]")
    if english:
        parts.append(rf"(?<![a-z])(?:{english})(?![a-z])")
    return f"(?:{'|'.join(parts)})"


def masked_nearby(text: str, run: Run) -> bool:
    """Whether the run is the visible part of a masked number (138****5678)."""
    around = text[max(0, run.start - 4) : run.start] + "|" + text[run.end : run.end + 4]
    return bool(_MASKED.search(around))
