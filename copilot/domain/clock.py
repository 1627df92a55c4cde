"""The one source of "now": passed to whatever needs it, never asked for from the side."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Wall-clock and monotonic time."""

    def now(self) -> datetime:
        """The current time in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds from an arbitrary start that never run backwards."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The current time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds from an arbitrary start that never run backwards."""
        return time.monotonic()


class FrozenClock:
    """A clock that moves only when told to."""

    def __init__(self, at: datetime) -> None:
        """Start at ``at``, which must carry an offset."""
        if at.tzinfo is None:
            raise ValueError("a frozen clock needs a time with an offset")
        self._at = at
        self._elapsed = 0.0

    def now(self) -> datetime:
        """The time it stands at."""
        return self._at

    def monotonic(self) -> float:
        """Seconds it was moved by."""
        return self._elapsed

    def advance(self, seconds: float) -> None:
        """Move forward by ``seconds``."""
        self._at += timedelta(seconds=seconds)
        self._elapsed += seconds

    def shift(self, by: timedelta) -> None:
        """Set the wall clock by ``by``, also backwards, as a person would; monotonic time stays."""
        self._at += by
