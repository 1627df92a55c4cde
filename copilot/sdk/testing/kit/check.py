"""What a check is, how it ends, and what all of them together say about an adapter."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NoReturn

from copilot.sdk.contract import Level

if TYPE_CHECKING:
    from copilot.sdk.testing.kit.bench import Bench

LEVELS: Final = (Level.LISTED, Level.BASE, Level.FULL)
"""In their order; each asks for all of the one before."""


class Wrong(AssertionError):
    """An adapter does not hold a check; the message says what was expected and what came, without anybody's words."""


class Absent(Exception):
    """A platform has no such thing, as its proof says: neither passed nor failed."""

    def __init__(self, situation: str, reason: str) -> None:
        """``situation`` is what is absent, ``reason`` the proof's own sentence."""
        super().__init__(f"{situation}: {reason}")
        self.reason = reason


def require(holds: object, otherwise: str) -> None:
    """Go on only when ``holds``.

    Raises:
        Wrong: it does not; ``otherwise`` is the message.
    """
    if not holds:
        raise Wrong(otherwise)


def wrong(message: str) -> NoReturn:
    """End a check.

    Raises:
        Wrong: always.
    """
    raise Wrong(message)


@dataclass(frozen=True)
class Check:
    """One check: its stable id, the level that asks for it, and what it is about.

    ``about`` is a way in or a capability (``sdk.table``) without which it does not apply, None: it always does;
    ``besides`` is a second one. ``words`` say what an adapter must hold, for people.
    """

    id: str
    level: Level
    words: str
    body: "Callable[[Bench], Awaitable[None]]"
    about: str | None = None
    besides: str | None = None


class State(StrEnum):
    """How a check ended; ``not_reached``: a level below is not held yet."""

    PASSED = "passed"
    FAILED = "failed"
    ABSENT = "absent"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True)
class Outcome:
    """A check and how it ended; ``why`` is what is wrong or absent."""

    check: Check
    state: State
    why: str = ""


@dataclass(frozen=True)
class Report:
    """What the kit found out about an adapter that claims ``claimed``."""

    adapter: str
    claimed: Level
    outcomes: tuple[Outcome, ...]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """The checks that it does not hold."""
        return tuple(one for one in self.outcomes if one.state is State.FAILED)

    @property
    def reached(self) -> Level | None:
        """The highest level whose checks, and those below, all hold; None when not even the lowest does."""
        found: Level | None = None
        for level in LEVELS:
            of_level = [one for one in self.outcomes if one.check.level is level]
            if not of_level or any(one.state not in (State.PASSED, State.ABSENT) for one in of_level):
                return found
            found = level
        return found

    @property
    def ok(self) -> bool:
        """Whether it reaches what it claims."""
        return self.reached is not None and LEVELS.index(self.reached) >= LEVELS.index(self.claimed)


def line_of(report: Report) -> str:
    """What was reached in one line, with the checks about what the platform does not have."""
    states = [one.state for one in report.outcomes]
    absent = ", ".join(one.check.id for one in report.outcomes if one.state is State.ABSENT)
    return (
        f"{report.adapter}: level {report.reached or '-'} of {report.claimed} claimed; {states.count(State.PASSED)} "
        f"checks hold, {states.count(State.FAILED)} do not, {states.count(State.ABSENT)} not on this platform"
        + (f": {absent}" if absent else "")
    )


def up_to(level: Level, checks: Iterable[Check]) -> list[Check]:
    """The checks that ``level`` asks for."""
    return [check for check in checks if LEVELS.index(check.level) <= LEVELS.index(level)]
