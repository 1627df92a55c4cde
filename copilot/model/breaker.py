"""When a model that keeps failing is left alone, so that drafts do not wait for what will fail again.

Owns one model's circuit breaker in one process: closed (asked), open (left alone), half open (one probe is on its way).
It counts and decides; it asks nobody.
"""

from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from copilot.domain.clock import Clock

LONGEST_PAUSE: Final = 3600.0
"""Seconds; a provider that names a longer wait is probed once an hour, which harms nobody."""
_FAILING_SHARE: Final = 0.5
"""Faults open the breaker only when they are at least this share of the window: a few do not stop a busy model."""


class State(StrEnum):
    """Whether the model is asked."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


@dataclass(frozen=True)
class Limits:
    """After ``faults`` within ``window`` seconds a model is left alone for ``pause`` seconds."""

    faults: int = 5
    window: float = 60.0
    pause: float = 30.0


class Breaker:
    """One model's breaker; lives as long as the process."""

    def __init__(self, clock: Clock, limits: Limits | None = None) -> None:
        """Closed; ``clock`` is read for its monotonic time only."""
        self._clock = clock
        self._limits = limits or Limits()
        self._calls: deque[tuple[float, bool]] = deque()
        self._open_until: float | None = None
        self._probe: Permit | None = None

    @property
    def state(self) -> State:
        """Where it stands now; an open one whose pause is over is half open."""
        if self._open_until is None:
            return State.CLOSED
        return State.OPEN if self._clock.monotonic() < self._open_until else State.HALF_OPEN

    @property
    def admits(self) -> bool:
        """Whether ``ask`` would give a permit now."""
        return self.state is State.CLOSED or (self.state is State.HALF_OPEN and self._probe is None)

    def ask(self) -> "Permit | None":
        """Leave to make one call, to be settled whatever becomes of it; None while the model is left alone."""
        if not self.admits:
            return None
        permit = Permit(self)
        if self.state is State.HALF_OPEN:
            self._probe = permit
        return permit

    def _succeeded(self, permit: "Permit") -> None:
        if self._probe is permit:
            self._probe, self._open_until = None, None
            self._calls.clear()
        elif self._open_until is None:
            self._note(failed=False)

    def _failed(self, permit: "Permit", retry_after: float | None) -> None:
        probed = self._probe is permit
        if probed:
            self._probe = None
            self._open(self._limits.pause)
        elif self._open_until is None:
            self._note(failed=True)
            faults = sum(failed for _, failed in self._calls)
            if faults >= self._limits.faults and faults >= _FAILING_SHARE * len(self._calls):
                self._open(self._limits.pause)
        # Also a call that began before the pause: the provider's own word is newer than our guess.
        if retry_after is not None and retry_after > 0:
            self._open(min(retry_after, LONGEST_PAUSE))

    def _dropped(self, permit: "Permit") -> None:
        if self._probe is permit:
            self._probe = None

    def _open(self, seconds: float) -> None:
        until = self._clock.monotonic() + seconds
        self._open_until = until if self._open_until is None else max(self._open_until, until)
        self._calls.clear()

    def _note(self, *, failed: bool) -> None:
        now = self._clock.monotonic()
        self._calls.append((now, failed))
        while self._calls[0][0] <= now - self._limits.window:
            self._calls.popleft()


class Permit:
    """Leave to make one call; only the first settlement counts."""

    def __init__(self, breaker: Breaker) -> None:
        """Given by ``Breaker.ask`` only."""
        self._breaker: Breaker | None = breaker

    def succeeded(self) -> None:
        """The model answered."""
        if breaker := self._settle():
            breaker._succeeded(self)  # pyright: ignore[reportPrivateUsage]

    def failed(self, retry_after: float | None = None) -> None:
        """The model failed; ``retry_after`` are the seconds for which its provider wants to be left alone."""
        if breaker := self._settle():
            breaker._failed(self, retry_after)  # pyright: ignore[reportPrivateUsage]

    def dropped(self) -> None:
        """The call said nothing about the model: it was not made, or given up for other reasons."""
        if breaker := self._settle():
            breaker._dropped(self)  # pyright: ignore[reportPrivateUsage]

    def _settle(self) -> Breaker | None:
        breaker, self._breaker = self._breaker, None
        return breaker
