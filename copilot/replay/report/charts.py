"""The geometry of the report's charts: numbers in, rectangles and labels out; the template draws them.

Units are those of the drawing's own view box; colours are classes, so that light, dark and paper each have theirs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ORDER = ("block", "warn", "info", "pass")


@dataclass(frozen=True, slots=True)
class Part:
    """One rectangle of class ``tone``; ``told`` is what a pointer reads there."""

    tone: str
    x: float
    y: float
    width: float
    height: float
    told: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A word at a place."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart of ``width`` × ``height``; ``lines`` are the heights of its grid with their labels."""

    width: float
    height: float
    parts: tuple[Part, ...]
    labels: tuple[Label, ...] = ()
    lines: tuple[Label, ...] = ()


def bar(values: Mapping[str, int], whole: int, *, width: float = 240, height: float = 12) -> Drawing:
    """A horizontal bar, its parts side by side in the order of ``values``; ``whole`` is what a full bar stands for."""
    parts: list[Part] = []
    at = 0.0
    for tone, number in values.items():
        if number and whole:
            # What is there is seen, however little it is.
            size = min(max(width * number / whole, 1.5), width - at)
            parts.append(Part(tone, round(at, 1), 0, round(size, 1), height))
            at += size
    return Drawing(width, height, tuple(parts))


_LEFT, _RIGHT, _TOP, _BASE, _FOOT = 44.0, 8.0, 12.0, 180.0, 26.0
_WIDEST = 46.0
_LABELS = 14


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its label, its heights by tone, what a pointer reads."""

    label: str
    values: Mapping[str, float]
    told: str


def columns(given: Sequence[Column], *, width: float = 960) -> Drawing:
    """Stacked columns over a scale of round numbers."""
    top = _round_up(max((sum(column.values.values()) for column in given), default=0.0))
    step = (width - _LEFT - _RIGHT) / max(len(given), 1)
    thick = min(step * 0.7, _WIDEST)
    height = _BASE - _TOP
    parts: list[Part] = []
    labels: list[Label] = []
    every = -(-len(given) // _LABELS) if given else 1
    for at, column in enumerate(given):
        middle = _LEFT + step * (at + 0.5)
        base = _BASE
        for tone in ORDER:
            size = height * column.values.get(tone, 0) / top
            if size:
                parts.append(_block(tone, middle - thick / 2, base - size, thick, size, column.told))
            base -= size
        if at % every == 0:
            labels.append(Label(round(middle, 1), _BASE + 17, column.label))
    lines = tuple(Label(_LEFT, round(_BASE - height * share, 1), _short(top * share)) for share in (0, 0.5, 1))
    return Drawing(width, _BASE + _FOOT, tuple(parts), tuple(labels), lines)


def _block(tone: str, x: float, y: float, width: float, height: float, told: str) -> Part:
    return Part(tone, round(x, 1), round(y, 1), round(width, 1), round(height, 1), told)


def _round_up(number: float) -> float:
    """The next round number: 1, 2 or 5 times a power of ten."""
    if number <= 0:
        return 1.0
    scale = 0.01
    while True:
        for digit in (1, 2, 5):
            if number <= digit * scale:
                return digit * scale
        scale *= 10


def _short(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
