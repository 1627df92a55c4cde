"""Who is given which conversation, and when one waits for nobody in particular. Pure: rows come in, gifts come out.

Oldest first. Whoever held a buyer's last session gets the next one when they can; else the person with the fewest. A
group is asked first for a while, as long as one of it is there.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum


class Why(StrEnum):
    """Why a conversation is given to nobody."""

    NOBODY_ONLINE = "nobody_online"
    ALL_FULL = "all_full"


@dataclass(frozen=True)
class Agent:
    """Somebody who receives. ``capacity`` None: as many as come; ``held`` is how many they have now.

    ``groups`` are the categories of matters that are offered to them first; ``busy``: they say that they are, which
    keeps nothing from them.
    """

    id: uuid.UUID
    page_open: bool = True
    receives: bool = True
    capacity: int | None = None
    held: int = 0
    groups: frozenset[str] = frozenset()
    busy: bool = False

    @property
    def online(self) -> bool:
        """Whether new conversations reach them at all: the page is open and they receive."""
        return self.page_open and self.receives

    @property
    def has_room(self) -> bool:
        """Whether one more fits."""
        return self.capacity is None or self.held < self.capacity

    @property
    def is_busy(self) -> bool:
        """Whether a buyer of theirs must wait: they say so, or hold as many as they can."""
        return self.busy or not self.has_room


@dataclass(frozen=True)
class Waiting:
    """A conversation that waits for somebody since ``since``; ``first_for`` is how long its group is asked alone."""

    conversation: uuid.UUID
    since: datetime
    category: str | None = None
    before: uuid.UUID | None = None
    first_for: timedelta = timedelta(0)


@dataclass(frozen=True)
class Gifts:
    """Who gets what, in the order in which it is given; ``again`` is when somebody else may get what is left."""

    given: Mapping[uuid.UUID, uuid.UUID] = field(default_factory=dict[uuid.UUID, uuid.UUID])
    again: datetime | None = None


def why_nobody(agents: Iterable[Agent]) -> Why | None:
    """Why a new conversation would be given to nobody; None when somebody can take it.

    Either nobody is online (no page open, or nobody receives), or everybody who is has no room.
    """
    online = [agent for agent in agents if agent.online]
    if not online:
        return Why.NOBODY_ONLINE
    return None if any(agent.has_room for agent in online) else Why.ALL_FULL


def is_busy(agents: Iterable[Agent], holder: uuid.UUID | None = None) -> bool:
    """Whether whoever would answer is busy: the ``holder``, else everybody who is online.

    Where nobody is, nobody is busy: that is what replies after hours are for.
    """
    if holder is not None:
        return any(agent.is_busy for agent in agents if agent.id == holder)
    online = [agent for agent in agents if agent.online]
    return bool(online) and all(agent.is_busy for agent in online)


def sole(agents: Sequence[Agent]) -> Agent | None:
    """The only one who receives, who then gets everything: there is no list to wait in and nothing to switch off."""
    return agents[0] if len(agents) == 1 else None


def hand_out(waiting: Iterable[Waiting], agents: Sequence[Agent], now: datetime) -> Gifts:
    """Give the ``waiting`` to the ``agents``, the oldest first; one whose turn has not come holds up no other."""
    only = sole(agents)
    queue = sorted(waiting, key=lambda one: (one.since, one.conversation))
    if only is not None:
        return Gifts({one.conversation: only.id for one in queue})
    team = {agent.id: agent for agent in agents}
    given: dict[uuid.UUID, uuid.UUID] = {}
    again: list[datetime] = []
    for one in queue:
        asked = [agent for agent in team.values() if agent.online]
        group = [agent for agent in asked if one.category in agent.groups]
        ends = one.since + one.first_for
        if group and now < ends:
            asked = group
            if not any(agent.has_room for agent in group):
                again.append(ends)
        chosen = _chosen(one, asked)
        if chosen is not None:
            given[one.conversation] = chosen.id
            team[chosen.id] = replace(chosen, held=chosen.held + 1)
    return Gifts(given, min(again, default=None))


def _chosen(one: Waiting, asked: Iterable[Agent]) -> Agent | None:
    free = [agent for agent in asked if agent.has_room]
    known = next((agent for agent in free if agent.id == one.before), None)
    return known or min(free, key=lambda agent: (agent.held, agent.id), default=None)
