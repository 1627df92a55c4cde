"""Places of a text that do not overlap, kept so that a long text with many of them stays quick."""

from bisect import bisect_left

Span = tuple[int, int]


class Apart:
    """Spans in order, none of which overlaps another."""

    def __init__(self) -> None:
        """Empty."""
        self._starts: list[int] = []
        self._ends: list[int] = []

    def rivals(self, start: int, end: int) -> list[Span]:
        """The spans that ``start``–``end`` overlaps, in order."""
        first = bisect_left(self._ends, start + 1)
        last = bisect_left(self._starts, end)
        return list(zip(self._starts[first:last], self._ends[first:last], strict=True))

    def add(self, start: int, end: int) -> None:
        """Keep a span that has no rivals."""
        at = bisect_left(self._starts, start)
        self._starts.insert(at, start)
        self._ends.insert(at, end)
