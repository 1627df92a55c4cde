"""How long the model has been taking lately, so that a draft in a hurry does not wait for it."""

from collections import deque
from typing import Final, Literal

_WINDOW: Final = 50
_ENOUGH: Final = 5

Work = Literal["write", "read"]
"""What a model is asked for: a text, or what a turn is about; they take different times."""


class Pace:
    """Rolling windows of call durations in seconds, one for each kind of work."""

    def __init__(self) -> None:
        """Nothing seen yet."""
        self._seen: dict[Work, deque[float]] = {"write": deque(maxlen=_WINDOW), "read": deque(maxlen=_WINDOW)}

    def record(self, seconds: float, work: Work = "write") -> None:
        """Add one call, also one that ran into its limit."""
        self._seen[work].append(seconds)

    @property
    def p95(self) -> float:
        """The 95th percentile of texts written; 0 until enough calls were seen to say."""
        return self.p95_of("write")

    def p95_of(self, work: Work) -> float:
        """The 95th percentile of one kind of work; 0 until enough calls were seen to say."""
        seen = self._seen[work]
        if len(seen) < _ENOUGH:
            return 0.0
        ordered = sorted(seen)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
