"""Runs of digits, whatever they are written with: figures, words, with separators between them.

Says only what the digits are and how they were grouped; whether they are a phone number is decided in ``phones``.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

_MOST_CUTS = 16
_SHORTEST = 7
_SEPARATOR = r"[\s\-.()/_~·•,、|+*#'\"=:;\[\]<>{}^\u2600-\u27bf\U0001f300-\U0001faff]"
_MASKED = re.compile(r"[*x×]{2,}|\.{3,}")
# What the class would do with five arguments, in a third of the time.
_new: Any = tuple.__new__  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


class Figure(NamedTuple):
    """One digit: its figure, its span in the base view, whether it is a word, whether something stands before it."""

    digit: str
    start: int
    end: int
    word: bool
    apart: bool


class Run:
    """A run of digits of the base view; ``start`` includes a + in front; ``whole`` is false for a part of a run."""

    def __init__(self, figures: tuple[Figure, ...], start: int, end: int, plus: bool, whole: bool = True) -> None:
        """``figures`` are its digits, at least one."""
        self.figures = figures
        self.start, self.end, self.plus, self.whole = start, end, plus, whole

    @cached_property
    def digits(self) -> str:
        """The digits as figures."""
        return "".join([figure.digit for figure in self.figures])

    @cached_property
    def groups(self) -> tuple[int, ...]:
        """How many digits stand together, group by group."""
        lengths: list[int] = []
        for figure in self.figures:
            if figure.apart or not lengths:
                lengths.append(0)
            lengths[-1] += 1
        return tuple(lengths)

    @property
    def size(self) -> int:
        """How many digits there are."""
        return len(self.figures)

    @property
    def spelled(self) -> int:
        """How many digits are words."""
        return sum(figure.word for figure in self.figures)

    @cached_property
    def cuts(self) -> list[int]:
        """The digits, by number, before which there is a gap or where figures and words meet."""
        figures = self.figures
        return [at for at in range(1, len(figures)) if figures[at].apart or figures[at].word != figures[at - 1].word]

    def parts(self) -> "Iterator[Run]":
        """The run, then its pieces between gaps and between figures and words, the longest first."""
        yield self
        if not self.cuts:
            return
        figures = self.figures
        edges = [0, *self.cuts[:_MOST_CUTS], len(figures)]
        pieces = [
            (first, last) for n, first in enumerate(edges) for last in edges[n + 1 :] if last - first >= _SHORTEST
        ]
        for first, last in sorted(pieces, key=lambda piece: piece[0] - piece[1]):
            if last - first < len(figures):
                piece = figures[first:last]
                yield Run(piece, piece[0].start if first else self.start, piece[-1].end, self.plus and not first, False)


class _Solid(Run):
    """A run of figures with nothing between them, which most are: what they are made of is hardly ever asked for."""

    def __init__(self, digits: str, begin: int, start: int, end: int, plus: bool) -> None:
        """``digits`` stand from ``begin`` to ``end``."""
        self.start, self.end, self.plus, self.whole = start, end, plus, True
        self.digits, self.groups, self.cuts = digits, (len(digits),), []
        self._begin = begin

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Its digits."""
        digits = enumerate(self.digits, self._begin)
        return tuple([_new(Figure, (character, at, at + 1, False, False)) for at, character in digits])

    @property
    def size(self) -> int:
        """How many digits there are."""
        return len(self.digits)

    @property
    def spelled(self) -> int:
        """None of them is a word."""
        return 0


class DigitReader:
    """Finds runs of digits with a table of words for digits."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """``words`` maps folded words to figures."""
        self._words = dict(words)
        figure = figure_pattern(words)
        # At most three separators between two digits; three stars are a mask, not a number.
        self._run = re.compile(rf"{figure}(?:{_SEPARATOR}{{0,3}}{figure}){{4,}}")
        self._figure = re.compile(figure)
        letters = "".join(sorted(set("".join(words)).difference("0123456789")))
        # Whatever is no ASCII figure and may be a word for one.
        self._spelled = re.compile(rf"[^\W0-9_]|[{re.escape(letters)}]" if letters else r"[^\W0-9_]")
        self._plus = re.compile(r"(?:\+|plus |国际区号)[\s(]*$")

    def runs(self, text: str) -> list[Run]:
        """Every run of at least five digits in ``text``, a base view."""
        return [self._read(text, match) for match in self._run.finditer(text)]

    def _read(self, text: str, match: re.Match[str]) -> Run:
        begin, last = match.span()
        written = text[begin:last]
        first = max(0, begin - 8)
        plus = self._plus.search(text[first:begin])
        start = first + plus.start() if plus else begin
        if written.isascii() and written.isdecimal():
            return _Solid(written, begin, start, last, plus is not None)
        figures = self._figures(text, begin, last) if self._spelled.search(written) else _plain(written, begin)
        return Run(tuple(figures), start, last, plus is not None)

    def _figures(self, text: str, begin: int, last: int) -> list[Figure]:
        figures: list[Figure] = []
        words = self._words
        for found in self._figure.finditer(text, begin, last):
            word = found.group()
            start, end = found.span()
            apart = bool(figures) and start != figures[-1].end
            figures.append(Figure(words.get(word, word), start, end, not word.isdecimal(), apart))
        return figures


def _plain(written: str, begin: int) -> list[Figure]:
    """The digits of a run in which nothing but figures and signs stands: most of them."""
    figures: list[Figure] = []
    end = begin
    for at, character in enumerate(written, begin):
        if "0" <= character <= "9":
            figures.append(_new(Figure, (character, at, at + 1, False, at != end)))
            end = at + 1
    return figures


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
