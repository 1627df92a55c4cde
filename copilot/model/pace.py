"""How long the model has been taking lately, so that a draft in a hurry does not wait for it."""

from collections import deque
from typing import Final

_WINDOW: Final = 50
_ENOUGH: Final = 5


class Pace:
    """A rolling window of call durations in seconds."""

    def __init__(self) -> None:
        """Nothing seen yet."""
        self._seen: deque[float] = deque(maxlen=_WINDOW)

    def record(self, seconds: float) -> None:
        """Add one call, also one that ran into its limit."""
        self._seen.append(seconds)

    @property
    def p95(self) -> float:
        """The 95th percentile; 0 until enough calls were seen to say."""
        if len(self._seen) < _ENOUGH:
            return 0.0
        ordered = sorted(self._seen)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
