"""What the readers of giving words in single languages hand over, and the figures that they are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from pydantic import JsonValue


@dataclass(frozen=True, slots=True)
class Stated:
    """A figure of the text and where it stands."""

    start: int
    end: int
    value: JsonValue


@dataclass(frozen=True, slots=True)
class Handed:
    """Words that give ``what``, a value of ``gives.Kind``.

    ``value`` is the amount of money, ``part`` what share of the price; ``whole``: all of it is said to go back;
    ``offered``: the words leave it to the buyer.
    """

    what: str
    start: int
    end: int
    value: JsonValue = None
    part: Fraction | None = None
    whole: bool = False
    offered: bool = False


def share(percent: JsonValue) -> Fraction | None:
    """A percentage as a share; null when it is none."""
    return Fraction(str(percent)) / 100 if isinstance(percent, int | float) else None


def unnamed(found: Sequence[Handed]) -> bool:
    """Whether what was just read leaves open how much it is, so that an amount right behind it tells."""
    return any(one.what in ("gap", "compensation", "refund", "shipping") and not one.whole for one in found)
