"""What a buyer is called: the level and the tags that the platform tells, and the tags that people here set.

Both are kept apart, so that neither takes the other's away: what the platform tells replaces what it told before, a
person adds tags of their own and takes off any, and one that was taken off stays off whatever the platform tells.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from copilot.channel.storable import storable

MOST_TAGS: Final = 20
"""How many tags are kept of a platform, and how many of people."""
LONGEST: Final = 40
"""How long a tag or a level may be, in characters."""


class Tags(NamedTuple):
    """A buyer's tags as they are kept: ``told`` by the platform (None: never), set by people, ``dropped`` by them."""

    told: Sequence[str] | None = None
    own: Sequence[str] = ()
    dropped: Sequence[str] = ()

    @property
    def shown(self) -> tuple[str, ...]:
        """The tags that hold, the platform's first."""
        told = [one for one in self.told or () if one not in self.dropped]
        return tuple(dict.fromkeys([*told, *self.own]))

    def changed(self, add: Collection[str], remove: Collection[str]) -> "Tags":
        """The same after a person added some and took some off; both stays off."""
        told = self.told or ()
        own = [one for one in dict.fromkeys([*self.own, *add]) if one not in remove and one not in told]
        # One that the platform does not tell at the moment, and that was taken off, stays off when it tells it again.
        dropped = [one for one in self.dropped if one not in add or one in remove]
        gone = [one for one in told if one in remove]
        return Tags(self.told, own[:MOST_TAGS], list(dict.fromkeys([*dropped, *gone])))


def level_told(told: str | None) -> str | None:
    """A level as it is kept: empty where the platform says that there is none, None where it does not tell."""
    if told is None:
        return None
    level = storable(told).strip()
    return level if len(level) <= LONGEST else None


def tags_told(told: Iterable[str] | None) -> list[str] | None:
    """Tags as they are kept: each once, without those that are blank or too long; None where nothing is told."""
    if told is None:
        return None
    clean = (storable(one).strip() for one in told)
    return list(dict.fromkeys(one for one in clean if one and len(one) <= LONGEST))[:MOST_TAGS]
