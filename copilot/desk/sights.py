"""Which texts of drafts were on the screen of whoever answers, and whether they had begun to write before.

What acceptance is counted of (``figures``). Nobody's list changes by it, so nothing is announced.
"""

import uuid
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.principal import Role
from copilot.channel.queueing import given_by_platform
from copilot.store.tables import ConversationRow, DraftRow, PersonRow, ReceptionRow, ShopRow, SightRow

LATE_BEYOND: Final = timedelta(seconds=1)
"""What is shown at its deadline is swept up a moment behind it, and is on time."""


async def note_sight(
    session: AsyncSession, row: DraftRow, *, person: uuid.UUID, senior: bool, typed: bool, now: datetime
) -> bool:
    """Note that the text of ``row`` is before ``person``, if it is theirs to answer; the first time counts.

    Whoever only looks on sees the draft without having any use for it: that is no draft which was passed over.
    ``senior``: they stand above the agents, and may look into everything. Whether it is theirs.
    """
    if not await _theirs(session, row, person, senior):
        return False
    await session.execute(
        insert(SightRow)
        .values(
            merchant=row.merchant,
            id=uuid.uuid4(),
            draft=row.id,
            revision=row.revision,
            text_hash=row.text_hash or "",
            by=str(person),
            typed=typed,
            at=now,
            late=is_late(row),
            issue=issue_of(row),
        )
        .on_conflict_do_nothing(index_elements=["merchant", "draft", "revision", "text_hash", "by"])
    )
    return True


def is_late(row: DraftRow) -> bool:
    """Whether the text that stands there came after its own deadline."""
    shown, due = row.shown_at, row.deadline_at
    return shown is not None and due is not None and shown > due + LATE_BEYOND


def issue_of(row: DraftRow) -> str | None:
    """What the text that stands there is about."""
    issues: list[dict[str, Any]] = (row.view or {}).get("issues") or []
    return issues[0].get("issue") if issues else None


async def _theirs(session: AsyncSession, row: DraftRow, person: uuid.UUID, senior: bool) -> bool:
    """Whether the conversation is with the person, or with nobody and would be by acting in it."""
    talk = (await session.scalars(select(ConversationRow).where(ConversationRow.id == row.conversation))).one()
    holder = talk.assignee if talk.ended_at is None else None
    shop = (await session.scalars(select(ShopRow).where(ShopRow.id == row.shop))).one()
    if holder is None and talk.platform_agent is not None and given_by_platform(shop):
        named = select(ReceptionRow.id).where(ReceptionRow.platform_name == talk.platform_agent)
        holder = await session.scalar(named.limit(1))
    if holder is not None:
        return holder == person
    return not senior or not await _any_agent(session)


async def _any_agent(session: AsyncSession) -> bool:
    """Whether there are agents; where there is none, those above them answer."""
    found = await session.scalar(select(exists().where(PersonRow.active, PersonRow.role == Role.AGENT)))
    return bool(found)
