"""What a conversation is in the lists: its state, the two lists, filters, orders, and their counts.

Everything is derived from what was said, seen and decided, nothing of it is stored. Counts are lengths of the lists.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from copilot.clock import Profile


class TalkState(StrEnum):
    """Where a conversation stands, on every platform."""

    PENDING = "pending"
    REPLIED = "replied"
    CLOSED = "closed"


class Place(StrEnum):
    """The list that a conversation stands in: with somebody, waiting for somebody, or over."""

    IN_PROGRESS = "in_progress"
    UNASSIGNED = "unassigned"
    HISTORY = "history"


class Filter(StrEnum):
    """What a list can be narrowed to."""

    UNREAD = "unread"
    UNREPLIED = "unreplied"
    EXPIRING = "expiring"
    MARKED = "marked"
    ENDED = "ended"


class Sort(StrEnum):
    """The order of a list: what the platform's clock takes first, who waits longest, the buyer's newest message."""

    LOST = "lost"
    WAITING = "waiting"
    NEWEST = "newest"


class Unreplied(StrEnum):
    """Why a conversation counts as unreplied."""

    WAITING = "waiting"
    AUTO_ANSWERED = "auto_answer_unverified"


class Listed(Protocol):
    """What the lists need to know of a conversation."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def state(self) -> TalkState:
        """Where it stands."""
        ...

    @property
    def unread(self) -> bool:
        """Whether somebody has yet to see it."""
        ...

    @property
    def unreplied(self) -> Unreplied | None:
        """Why the buyer waits."""
        ...

    @property
    def expiring(self) -> bool:
        """Whether the platform soon closes it."""
        ...

    @property
    def is_marked(self) -> bool:
        """Whether a person marked it."""
        ...

    @property
    def waiting_since(self) -> datetime | None:
        """Since when the buyer waits."""
        ...

    @property
    def deadline_at(self) -> datetime | None:
        """When the platform wants an answer."""
        ...

    @property
    def buyer_at(self) -> datetime | None:
        """When the buyer wrote last."""
        ...

    @property
    def last_at(self) -> datetime | None:
        """When anybody wrote last."""
        ...


def state_of(*, ended: bool, waits: bool) -> TalkState:
    """The state of a conversation that is over or not, whose buyer waits for words or not."""
    if ended:
        return TalkState.CLOSED
    return TalkState.PENDING if waits else TalkState.REPLIED


def place_of(*, ended: bool, held: bool) -> Place:
    """The list that a conversation stands in: exactly one."""
    if ended:
        return Place.HISTORY
    return Place.IN_PROGRESS if held else Place.UNASSIGNED


def is_unread(newest_from_buyer: int | None, seen_to: int | None) -> bool:
    """Whether the buyer wrote behind what was seen; both are places in the order of arrival."""
    return newest_from_buyer is not None and newest_from_buyer > (seen_to or 0)


def unreplied_of(*, waits: bool, ended: bool, auto_answered: bool) -> Unreplied | None:
    """Why the buyer counts as unanswered; an automatic answer is none until a person looked."""
    if ended or not waits:
        return None
    return Unreplied.AUTO_ANSWERED if auto_answered else Unreplied.WAITING


def is_expiring(waiting_since: datetime | None, now: datetime, profile: Profile | None) -> bool:
    """Whether the buyer waits for longer than the profile's number; never where it has none."""
    hours = profile.session.about_to_expire_hours if profile else None
    if waiting_since is None or hours is None:
        return False
    return now - waiting_since > timedelta(hours=hours.value)


_FITS: Final[dict[Filter, Callable[[Listed], bool]]] = {
    Filter.UNREAD: lambda row: row.unread and row.state is not TalkState.CLOSED,
    Filter.UNREPLIED: lambda row: row.unreplied is not None,
    Filter.EXPIRING: lambda row: row.expiring and row.state is not TalkState.CLOSED,
    Filter.MARKED: lambda row: row.is_marked,
    Filter.ENDED: lambda row: row.state is TalkState.CLOSED,
}


def fits(row: Listed, chosen: Filter) -> bool:
    """Whether ``row`` stands in the filter."""
    return _FITS[chosen](row)


def counts_of(rows: Iterable[Listed]) -> dict[Filter, int]:
    """How many rows each filter shows."""
    every = list(rows)
    return {chosen: sum(fits(row, chosen) for row in every) for chosen in Filter}


def order(sort: Sort) -> Callable[[Listed], tuple[float | str, ...]]:
    """The key by which rows stand in this order; ties by the conversation's id."""
    return {Sort.LOST: _lost_first, Sort.WAITING: _longest_first, Sort.NEWEST: _newest_first}[sort]


def ended_newest_first(row: Listed) -> tuple[float | str, ...]:
    """The order of what is over: the last message first."""
    return (-_stamp(row.last_at), row.id)


def _lost_first(row: Listed) -> tuple[float | str, ...]:
    if row.waiting_since is None:
        return (2, -_stamp(row.last_at), 0.0, row.id)
    since = _stamp(row.waiting_since)
    return (0, _stamp(row.deadline_at), since, row.id) if row.deadline_at else (1, since, since, row.id)


def _longest_first(row: Listed) -> tuple[float | str, ...]:
    if row.waiting_since is None:
        return (1, -_stamp(row.last_at), row.id)
    return (0, _stamp(row.waiting_since), row.id)


def _newest_first(row: Listed) -> tuple[float | str, ...]:
    return (-_stamp(row.buyer_at), row.id)


def _stamp(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0.0
