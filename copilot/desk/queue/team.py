"""The people who may answer as the desk shows them, and what a shop's counters say."""

import uuid
from collections.abc import Mapping, Sequence

from copilot.desk.queue.reception import Colleague
from copilot.domain.base import Shape


class ColleagueShown(Shape):
    """Somebody who may answer. ``online``: new conversations reach them; ``receiving``: they are given any at all.

    ``capacity`` null: as many as come. ``busy``: they say that they are.
    """

    id: str
    name: str
    role: str
    receiving: bool
    receives: bool
    busy: bool = False
    page_open: bool
    online: bool
    held: int
    capacity: int | None = None
    groups: tuple[str, ...] = ()
    platform_name: str | None = None
    avatar: str | None = None


class TeamShown(Shape):
    """Everybody who may answer; ``applicable`` is False where one person receives everything."""

    applicable: bool
    people: tuple[ColleagueShown, ...]


class ShopCounters(Shape):
    """What the top of a shop's page counts: conversations that nobody has seen, and those that wait for somebody."""

    shop: str
    unread: int
    queued: int


def shown(one: Colleague, avatar: uuid.UUID | None = None) -> ColleagueShown:
    """A person as the desk shows them; ``avatar`` is the picture that may be shown."""
    agent = one.agent
    return ColleagueShown(
        id=str(agent.id),
        name=one.person.name,
        role=one.person.role,
        receiving=one.receiving,
        receives=agent.receives,
        busy=agent.busy,
        page_open=agent.page_open,
        online=one.receiving and agent.online,
        held=agent.held,
        capacity=agent.capacity,
        groups=tuple(sorted(agent.groups)),
        platform_name=one.reception.platform_name if one.reception else None,
        avatar=str(avatar) if avatar else None,
    )


def team(everybody: Sequence[Colleague], avatars: Mapping[uuid.UUID, uuid.UUID] | None = None) -> TeamShown:
    """All of them; ``avatars`` are the pictures that may be shown, by person."""
    receiving = sum(one.receiving for one in everybody)
    known = avatars or {}
    return TeamShown(applicable=receiving > 1, people=tuple(shown(one, known.get(one.person.id)) for one in everybody))
