"""A place in the stream of events, as it goes over the wire: opaque to everybody else.

It carries the time at which it was given, because a place that is older than the events that are kept is of no use, and
nothing else tells how old it is.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from copilot.domain.errors import BadInput
from copilot.store.events import EventId

KEPT: Final = timedelta(hours=23)
"""For how long a place can be gone on from: an hour less than events are kept."""


@dataclass(frozen=True)
class Place:
    """A place with the time it was given at; written "xid-id-seconds"."""

    event: EventId
    at: datetime

    def __str__(self) -> str:
        """As it goes over the wire."""
        return f"{self.event}-{int(self.at.timestamp())}"

    @classmethod
    def parse(cls, written: str) -> Self:
        """Read one.

        Raises:
            BadInput: it is not one of ours; the text is not repeated.
        """
        event, _, seconds = written.rpartition("-")
        found = EventId.parse(event)
        # Ten digits are enough until the year 2286; more would not be a time.
        if not (seconds.isascii() and seconds.isdecimal() and len(seconds) <= 10) or _beyond(found):
            raise BadInput("the place is not one of ours", remedy="start without one")
        return cls(found, datetime.fromtimestamp(int(seconds), UTC))

    def is_old(self, now: datetime) -> bool:
        """Whether events after it may have been removed."""
        return self.at < now - KEPT


def _beyond(event: EventId) -> bool:
    return event.xid >= 2**63 or event.id >= 2**63


UNKNOWN: Final = Place(EventId(0, 0), datetime(1970, 1, 1, tzinfo=UTC))
"""Stands for a place that is none of ours: too old for everything."""
