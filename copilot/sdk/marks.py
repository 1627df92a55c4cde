"""How far a platform's list is known that is read by its last change, the oldest in front; for adapters that poll.

A full page moves the beginning to its last change instead of turning the page, because what changes while we read
leaves the pages behind it. Changes have seconds: a round begins a while before the last one did and leaves out what
that one gave. Owns no call and no clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

OVERLAP_SECONDS: Final = 60
"""By how much rounds overlap: what the platform stamped then may have been listed later."""
_FIRST: Final = int(timedelta(hours=1).total_seconds())
_NEVER: Final = 10**11
_LONGEST_ID: Final = 30
_MOST_KNOWN: Final = 40

Second = Annotated[int, Field(ge=0, lt=_NEVER)]
_Id = Annotated[str, Field(max_length=_LONGEST_ID)]


@dataclass(frozen=True)
class Change:
    """An entry of the list: the id under which it is known, and when it changed last, in unix seconds.

    ``at`` is 0 where the platform does not say; no calendar's time counts as not said, or the mark would move to where
    nothing is found any more.
    """

    id: str
    at: int

    @property
    def second(self) -> int:
        """When it changed, 0: nobody knows."""
        return self.at if 0 < self.at < _NEVER else 0


class Mark(BaseModel):
    """Changes from ``since`` on are asked for, at ``page`` of them ("": the first); ``known`` ones were given.

    It stands in a cursor; ``known`` maps an id to the second of its change and holds at most forty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    since: Second
    page: Annotated[str, Field(max_length=500)] = ""
    known: Annotated[dict[_Id, Second], Field(max_length=_MOST_KNOWN)] = {}

    @classmethod
    def first(cls, now: int) -> "Mark":
        """Where a shop's first round begins: an hour ago."""
        return cls(since=max(0, now - _FIRST))

    def is_news(self, change: Change) -> bool:
        """Whether it was not given yet; without a time nobody can tell."""
        return not change.second or self.known.get(change.id) != change.second

    def behind(self, changes: Sequence[Change], following: str | None, now: int, keep: int = _MOST_KNOWN) -> "Mark":
        """The mark behind a page of ``changes``; ``following`` is the next page's name, None ends the round.

        ``keep`` bounds what it knows: a change that does not fit is given again, and never lost.
        """
        last = max((one.second for one in changes), default=0)
        if following is None:
            return self._at(changes, max(self.since, now - OVERLAP_SECONDS), "", keep)
        if last > self.since:
            return self._at(changes, last, "", keep)
        return self._at(changes, self.since, following, keep)

    def _at(self, changes: Sequence[Change], since: int, page: str, keep: int) -> "Mark":
        given = {**self.known, **{one.id: one.second for one in changes if len(one.id) <= _LONGEST_ID}}
        met_again = [(number, at) for number, at in given.items() if at >= since]
        return Mark(since=since, page=page, known=dict(met_again[-keep:]))
