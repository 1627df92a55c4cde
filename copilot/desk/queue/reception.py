"""Who receives: people with their toggle, their limit, their groups, and whether a page of theirs is open."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.principal import SENIOR, Role
from copilot.desk.queue.rules import Agent, is_busy
from copilot.store import events
from copilot.store.tables import ConversationRow, PageRow, PersonRow, ReceptionRow, ShopRow

OPEN_FOR: Final = timedelta(seconds=40)
"""How long a page counts as open after it was last heard of; its stream says so three times within."""
LEAVING: Final = timedelta(seconds=5)
"""How long it counts as open after its stream ended: a page that loads again is back by then."""


@dataclass(frozen=True)
class Colleague:
    """A person who may answer; ``agent`` is how they receive, None for whoever is given nothing by itself."""

    person: PersonRow
    reception: ReceptionRow | None
    page_open: bool
    held: int
    receiving: bool

    @property
    def agent(self) -> Agent:
        """As the rules see them."""
        kept = self.reception
        return Agent(
            id=self.person.id,
            page_open=self.page_open,
            receives=kept.receives if kept else True,
            capacity=kept.capacity if kept else None,
            held=self.held,
            groups=frozenset(kept.groups) if kept else frozenset(),
            busy=kept.busy if kept else False,
        )


async def colleagues(session: AsyncSession, now: datetime) -> Sequence[Colleague]:
    """Everybody active who may answer, by name. Agents receive; where there is none, those above them do."""
    people = (
        await session.scalars(
            select(PersonRow)
            .where(PersonRow.active, PersonRow.role.in_([Role.AGENT, *SENIOR]))
            .order_by(PersonRow.name, PersonRow.id)
        )
    ).all()
    kept = {row.id: row for row in await session.scalars(select(ReceptionRow))}
    opened = set(await session.scalars(select(PageRow.person).where(PageRow.until > now)))
    held = await _held(session)
    agents = any(one.role == Role.AGENT for one in people)
    return [
        Colleague(
            one,
            kept.get(one.id),
            one.id in opened,
            held.get(one.id, 0),
            receiving=one.role == Role.AGENT or not agents,
        )
        for one in people
    ]


def receivers(team: Sequence[Colleague]) -> list[Agent]:
    """Those who are given conversations by themselves."""
    return [one.agent for one in team if one.receiving]


def busy_for(team: Sequence[Colleague], holder: uuid.UUID | None = None) -> bool:
    """Whether a buyer must wait: the ``holder`` of the conversation is busy, else everybody who is given some."""
    return is_busy([one.agent for one in team] if holder else receivers(team), holder)


async def _held(session: AsyncSession) -> dict[uuid.UUID, int]:
    rows = await session.execute(
        select(ConversationRow.assignee, func.count())
        .join(ShopRow, ShopRow.id == ConversationRow.shop)
        .where(ConversationRow.assignee.is_not(None), ConversationRow.ended_at.is_(None))
        .group_by(ConversationRow.assignee)
    )
    return {person: number for person, number in rows.all() if person is not None}


async def set_reception(
    session: AsyncSession, merchant: uuid.UUID, person: uuid.UUID, now: datetime, **changes: object
) -> None:
    """Change how ``person`` receives, by the names of the columns, and tell the others."""
    row = {"merchant": merchant, "id": person, "updated_at": now, **changes}
    statement = insert(ReceptionRow).values(**row)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["merchant", "id"],
            set_={name: statement.excluded[name] for name in ("updated_at", *changes)},
        )
    )
    await events.append(session, merchant=merchant, topic="reception.changed", ref=str(person), at=now)


async def page_opened(
    session: AsyncSession, merchant: uuid.UUID, page: uuid.UUID, person: uuid.UUID, now: datetime
) -> bool:
    """Note that ``page`` of ``person`` is open; True when no page of theirs was before."""
    known = await session.scalar(select(func.count()).where(PageRow.person == person, PageRow.until > now))
    statement = insert(PageRow).values(merchant=merchant, id=page, person=person, until=now + OPEN_FOR)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["merchant", "id"], set_={"until": statement.excluded.until})
    )
    if known:
        return False
    await session.execute(delete(PageRow).where(PageRow.until < now - OPEN_FOR))
    await events.append(session, merchant=merchant, topic="reception.changed", ref=str(person), at=now)
    return True


async def page_closed(session: AsyncSession, page: uuid.UUID, now: datetime) -> None:
    """The page's stream ended; should it not come back at once, it counts as closed."""
    row = await session.scalar(select(PageRow).where(PageRow.id == page).with_for_update())
    if row is not None:
        row.until = now + LEAVING
