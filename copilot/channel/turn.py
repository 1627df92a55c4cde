"""Whether it is still a reply's turn to leave: what stands before it, and what was said since it was approved."""

from datetime import datetime
from typing import Final

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from copilot.channel.auto import MACHINES
from copilot.channel.sent import MOVING
from copilot.domain.message import Role, SentBy
from copilot.store.tables import DecisionRow, DraftRow, MessageRow, OutboxRow

FOLLOW_UP: Final = "follow_up"
"""``flow_version`` of a draft that no flow wrote: the question after a case has ended. Its deadline ends its window."""
QUESTION_OVER: Final = "follow_up_over"
_MACHINES: Final = (SentBy.AUTO, SentBy.PLATFORM_BOT)


async def approved_at(session: AsyncSession, row: OutboxRow) -> datetime:
    """When a person last said that this reply may leave."""
    decided = None
    if row.source_kind == "draft":
        decided = await session.scalar(
            select(func.max(DecisionRow.at)).where(
                DecisionRow.draft == row.source_id, DecisionRow.kind.in_(("accept", "edit"))
            )
        )
    return decided or row.created_at


async def behind_another(session: AsyncSession, row: OutboxRow) -> bool:
    """Whether a reply that was accepted before this one is still on its way."""
    earlier = select(OutboxRow.id).where(
        OutboxRow.conversation == row.conversation,
        OutboxRow.position < row.position,
        OutboxRow.state.in_(MOVING),
    )
    return await session.scalar(earlier.limit(1)) is not None


async def overtaken(session: AsyncSession, row: OutboxRow) -> bool:
    """Whether the buyer wrote what this reply does not answer, or somebody spoke after it was approved.

    What leaves without a person answers one message, whatever the buyer adds; only a person makes it needless.
    Our own earlier replies come back as messages too, machines answer nobody, and what people cannot see moves nothing.
    """
    ours = exists().where(
        OutboxRow.conversation == MessageRow.conversation,
        OutboxRow.platform_message_id == MessageRow.platform_message_id,
    )
    later = select(MessageRow.id).where(
        MessageRow.conversation == row.conversation,
        MessageRow.visible,
        MessageRow.role.in_((Role.AGENT,) if row.source_kind in MACHINES else (Role.BUYER, Role.AGENT)),
        or_(MessageRow.sent_by.is_(None), MessageRow.sent_by.not_in(_MACHINES)),
        MessageRow.received_at > await approved_at(session, row),
        ~ours,
    )
    if await session.scalar(later.limit(1)) is not None:
        return True
    if row.source_kind != "draft":
        return False
    draft = await session.scalar(select(DraftRow).where(DraftRow.id == row.source_id))
    return draft is not None and await buyer_went_on(session, draft)


def question_over(draft: DraftRow, now: datetime) -> bool:
    """Whether the draft is a follow-up whose window has passed: nobody is to be asked any more."""
    return draft.flow_version == FOLLOW_UP and draft.deadline_at is not None and now >= draft.deadline_at


async def asks_too_late(session: AsyncSession, row: OutboxRow, now: datetime) -> bool:
    """Whether the reply is such a question."""
    if row.source_kind != "draft":
        return False
    draft = await session.get(DraftRow, (row.merchant, row.source_id))
    return draft is not None and question_over(draft, now)


async def buyer_went_on(session: AsyncSession, draft: DraftRow) -> bool:
    """Whether the buyer wrote, or a person answered, behind the messages that the draft answers.

    By the order of arrival and not by our times: a message may be on its way into the store while a reply is approved.
    What the platform repeats late was said before the draft's turn and is none of it.
    """
    asked = aliased(MessageRow)
    burst = (asked.conversation == draft.conversation, asked.platform_message_id.in_(draft.burst))
    last = select(func.max(asked.position)).where(*burst).scalar_subquery()
    first = select(func.min(func.coalesce(asked.sent_at, asked.received_at))).where(*burst).scalar_subquery()
    ours = exists().where(
        OutboxRow.conversation == MessageRow.conversation,
        OutboxRow.platform_message_id == MessageRow.platform_message_id,
    )
    later = select(MessageRow.id).where(
        MessageRow.conversation == draft.conversation,
        MessageRow.role.in_((Role.BUYER, Role.AGENT)),
        or_(MessageRow.sent_by.is_(None), MessageRow.sent_by.not_in(_MACHINES)),
        MessageRow.platform_message_id.not_in(draft.burst),
        MessageRow.visible,
        MessageRow.recalled_at.is_(None),
        MessageRow.position > last,
        func.coalesce(MessageRow.sent_at, MessageRow.received_at) >= first,
        ~ours,
    )
    return await session.scalar(later.limit(1)) is not None
