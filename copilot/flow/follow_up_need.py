"""Whether there is still anything to ask a buyer after their serious case ended.

Owns what makes the question needless (they wrote, the time is over, they were asked about another matter) and what
makes it too early (something is owed, a request is being dealt with, another matter waits for us). It changes nothing.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.resolving import is_owed
from copilot.domain.case import CaseState
from copilot.domain.draft import DraftState
from copilot.domain.issue import CATEGORY_OF, Category, Issue
from copilot.domain.message import Role
from copilot.domain.order import Order
from copilot.flow.follow_up_facts import under_way
from copilot.store.tables import CaseRow, ConversationRow, DraftRow, MessageRow

_NEVER_ASKED: Final = frozenset(
    {
        DraftState.REJECTED,
        DraftState.BLOCKED,
        DraftState.EXPIRED,
        DraftState.SUPERSEDED,
        DraftState.FAILED,
        DraftState.ABANDONED,
    }
)
"""Where the draft of a question ends that no buyer has read."""
_AFTER_SALE: Final = frozenset(issue.value for issue in Issue if CATEGORY_OF[issue] is Category.AFTER_SALE)


async def ends_the_question(session: AsyncSession, row: CaseRow, now: datetime) -> str | None:
    """Where the question ends unasked: ``cancelled`` or ``over``; None while it is to be asked."""
    if row.state != CaseState.RESOLVED or row.resolved_at is None:
        return "cancelled"
    theirs = _talks(row)
    if await _wrote_since(session, theirs, row.resolved_at) or await _was_asked(session, row, theirs):
        return "cancelled"
    return "over" if row.follow_up_until is None or now >= row.follow_up_until else None


async def goes_on(session: AsyncSession, row: CaseRow, order: Order | None) -> bool:
    """Whether something about the case has not ended: who asks now asks for what the shop itself still owes."""
    if order is not None and under_way(order):
        return True
    if await is_owed(session, row):
        return True
    about = CaseRow.order_id == row.order_id if row.order_id is not None else CaseRow.conversation == row.conversation
    others = select(CaseRow.id).where(
        CaseRow.conversation.in_(_talks(row)),
        CaseRow.id != row.id,
        CaseRow.state != CaseState.RESOLVED,
        # A question that was answered stays open for ever; one that waits for us, or an offer that stands, does not.
        or_(CaseRow.state == CaseState.WAITING_US, about & CaseRow.issue.in_(_AFTER_SALE)),
    )
    return await session.scalar(others.limit(1)) is not None


async def _wrote_since(session: AsyncSession, theirs: Any, at: datetime) -> bool:
    """Whether the buyer has said anything after ``at``, in whichever conversation."""
    said = func.coalesce(MessageRow.sent_at, MessageRow.received_at)
    later = select(MessageRow.id).where(
        MessageRow.conversation.in_(theirs), MessageRow.role == Role.BUYER, MessageRow.recalled_at.is_(None), said > at
    )
    return await session.scalar(later.limit(1)) is not None


async def _was_asked(session: AsyncSession, row: CaseRow, theirs: Any) -> bool:
    """Whether the buyer is or was asked about another matter since this one ended: once in two days is enough."""
    found = (
        select(CaseRow.id)
        .join(DraftRow, DraftRow.id == CaseRow.follow_up_draft)
        .where(
            CaseRow.conversation.in_(theirs),
            CaseRow.id != row.id,
            DraftRow.created_at >= row.resolved_at,
            DraftRow.state.not_in(_NEVER_ASKED),
        )
    )
    return await session.scalar(found.limit(1)) is not None


def _talks(row: CaseRow) -> Select[Any]:
    """The conversations of the case's buyer; where nobody is known, the case's own."""
    buyer = select(ConversationRow.buyer).where(ConversationRow.id == row.conversation).scalar_subquery()
    mine = or_(ConversationRow.buyer == buyer, ConversationRow.id == row.conversation)
    return select(ConversationRow.id).where(mine)
