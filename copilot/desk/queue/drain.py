"""Gives out what waits: whenever something came, somebody has room again, or a group has been asked long enough.

One at a time for a merchant, so that no place is given twice. What the platform gives out itself is left alone.
"""

import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.tasks import QUEUE_DRAIN
from copilot.clock import Profile
from copilot.desk.queue import moves
from copilot.desk.queue.owner import first_for, queue_of
from copilot.desk.queue.reception import colleagues, receivers
from copilot.desk.queue.rules import Waiting, hand_out, sole, why_nobody
from copilot.domain.issue import CATEGORY_OF, Issue
from copilot.store import timers
from copilot.store.tables import CaseRow, ConversationRow, PersonRow, ShopRow

ProfileOf = Callable[[str, datetime], Profile | None]
"""A platform's numbers by the profile's name, at a moment."""
MOST = 200
"""How many that wait are looked at in one go, the oldest first; the next move goes on from there."""

_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended('queue:' || CAST(:merchant AS text), 0))")


async def drain(session: AsyncSession, merchant: uuid.UUID, profile_of: ProfileOf, now: datetime) -> int:
    """Give out what waits at the desk of ``merchant``, in the session's transaction; how many were given."""
    await session.execute(_ALONE, {"merchant": merchant})
    await _from_who_left(session, now)
    shops = {shop.id: shop for shop in await session.scalars(select(ShopRow)) if queue_of(shop).by == "desk"}
    team = receivers(await colleagues(session, now))
    if sole(team) is None and why_nobody(team) is not None:
        # At a peak this is asked with every message: what waits is not looked at while nobody can take any of it.
        return 0
    rows = await _waiting(session, list(shops))
    if not rows:
        return 0
    matters = await _categories(session, [row.id for row in rows])
    first = {id: first_for(queue_of(shop), profile_of(shop.profile, now)) for id, shop in shops.items()}
    gifts = hand_out((_as_waiting(row, matters, first[row.shop]) for row in rows), team, now)
    known = {row.id: row for row in rows}
    for conversation, person in gifts.given.items():
        await moves.assign(session, known[conversation], person, how=moves.AUTO, by=moves.AUTO, now=now)
    if gifts.again is not None:
        await timers.arm(session, QUEUE_DRAIN, merchant, gifts.again, merchant=merchant, sooner=True)
    return len(gifts.given)


async def _waiting(session: AsyncSession, shops: Sequence[uuid.UUID]) -> Sequence[ConversationRow]:
    found = (
        select(ConversationRow)
        .where(
            ConversationRow.shop.in_(shops),
            ConversationRow.assignee.is_(None),
            ConversationRow.ended_at.is_(None),
            ConversationRow.queued_at.is_not(None),
        )
        .order_by(ConversationRow.queued_at, ConversationRow.id)
        .limit(MOST)
        # Whoever is being taken by a person at this moment is taken.
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return (await session.scalars(found)).all()


async def _categories(session: AsyncSession, conversations: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """What each conversation's newest open matter is about."""
    newest = (
        select(CaseRow.conversation, CaseRow.issue)
        .where(CaseRow.conversation.in_(conversations), CaseRow.state != "resolved")
        .ext(distinct_on(CaseRow.conversation))
        .order_by(CaseRow.conversation, CaseRow.position.desc())
    )
    rows = (await session.execute(newest)).all()
    return {conversation: CATEGORY_OF[Issue(issue)].value for conversation, issue in rows}


def _as_waiting(row: ConversationRow, matters: dict[uuid.UUID, str], first: timedelta) -> Waiting:
    since = row.queued_at or row.updated_at
    return Waiting(row.id, since, matters.get(row.id), row.held_before, first)


async def _from_who_left(session: AsyncSession, now: datetime) -> None:
    """Nobody waits for a person who may not enter any more."""
    gone = (
        select(PersonRow.id)
        .join(ConversationRow, ConversationRow.assignee == PersonRow.id)
        .where(PersonRow.active.is_(False), ConversationRow.ended_at.is_(None))
        .distinct()
    )
    people = list(await session.scalars(gone))
    if people:
        await moves.leave_everything(session, people, now)


async def queued(session: AsyncSession, shop: uuid.UUID) -> int:
    """How many of the shop's conversations wait for somebody."""
    count = select(func.count()).where(
        ConversationRow.shop == shop,
        ConversationRow.assignee.is_(None),
        ConversationRow.ended_at.is_(None),
        ConversationRow.queued_at.is_not(None),
    )
    return await session.scalar(count) or 0
