"""A conversation goes from hand to hand: taken, given, put back, ended. Each move is a compare-and-set with its event.

Drafts, cases and promises belong to the conversation and go with it. Who may move what is decided by the caller.
"""

import uuid
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.errors import CopilotError
from copilot.store import events
from copilot.store.tables import AssignmentRow, ConversationRow, MessageRow, ViewRow

AUTO: Final = "auto"
MANUAL: Final = "manual"
TRANSFER: Final = "transfer"
QUEUE: Final = "queue"
END: Final = "end"


class HeldByOther(CopilotError):
    """The conversation is with ``holder`` (None: with nobody any more), and not with whom the caller thought."""

    code = "held_by_other"

    def __init__(self, conversation: uuid.UUID, holder: uuid.UUID | None) -> None:
        """``conversation`` is its id."""
        super().__init__(f"the conversation {conversation} is with somebody else", remedy="read it again")
        self.holder = holder


async def locked(session: AsyncSession, conversation: uuid.UUID) -> ConversationRow | None:
    """The conversation, locked: of two who move it at once the second sees what the first did."""
    found = select(ConversationRow).where(ConversationRow.id == conversation).with_for_update()
    return await session.scalar(found.execution_options(populate_existing=True))


async def assign(
    session: AsyncSession,
    row: ConversationRow,
    to: uuid.UUID,
    *,
    how: str,
    by: str,
    now: datetime,
    note: str | None = None,
) -> bool:
    """Put the locked ``row`` into the hands of ``to``; False when it is there already. An ended one is open again."""
    if row.assignee == to and row.ended_at is None:
        return False
    before, held = row.assignee, row.ended_at is None
    row.held_before = before or row.held_before
    row.assignee, row.assigned_how, row.assigned_at = to, how, now
    row.queued_at, row.ended_at = None, None
    await _moved(session, row, "conversation.assigned", how, by, now, before=before if held else None, note=note)
    return True


async def put_back(
    session: AsyncSession, row: ConversationRow, *, by: str, now: datetime, note: str | None = None
) -> bool:
    """Let the locked ``row`` wait for anybody; False when it does. It waits from now: others have waited longer."""
    if row.assignee is None and row.queued_at is not None and row.ended_at is None:
        return False
    before = row.assignee
    row.held_before = before or row.held_before
    row.assignee, row.assigned_how, row.assigned_at = None, None, None
    row.queued_at, row.ended_at = now, None
    await _moved(session, row, "conversation.assigned", QUEUE, by, now, before=before, note=note)
    return True


async def end(session: AsyncSession, row: ConversationRow, *, by: str, now: datetime) -> bool:
    """End the session of the locked ``row``, which frees its holder's place; False when it is over."""
    if row.ended_at is not None:
        return False
    before = row.assignee
    row.held_before = before or row.held_before
    row.assignee, row.assigned_how, row.assigned_at, row.queued_at = None, None, None, None
    row.ended_at = now
    await _moved(session, row, "conversation.ended", END, by, now, before=before)
    return True


async def mark(session: AsyncSession, row: ConversationRow, person: uuid.UUID | None, now: datetime) -> None:
    """Mark the conversation as ``person``'s note to everybody; None takes the mark away. The first marker stays."""
    if (row.marked_by is None) == (person is None):
        return
    row.marked_by, row.marked_at = person, now if person else None
    await _tell(session, row, "conversation.changed", now)


async def tag(session: AsyncSession, row: ConversationRow, tags: list[str], now: datetime) -> None:
    """Give the conversation these tags, each once, in this order."""
    unique = list(dict.fromkeys(tags))
    if row.tags != unique:
        row.tags = unique
        await _tell(session, row, "conversation.changed", now)


async def view(
    session: AsyncSession, row: ConversationRow, person: uuid.UUID, message: uuid.UUID, now: datetime
) -> bool:
    """Note that ``person`` has seen it up to ``message``; False when that is none of this conversation's."""
    position = await session.scalar(
        select(MessageRow.position).where(MessageRow.id == message, MessageRow.conversation == row.id)
    )
    if position is None:
        return False
    values: dict[str, Any] = {"merchant": row.merchant, "conversation": row.id, "person": person, "at": now}
    statement = insert(ViewRow).values(**values, seen_to=position)
    further = await session.scalar(
        statement.on_conflict_do_update(
            index_elements=["merchant", "conversation", "person"],
            set_={"seen_to": statement.excluded.seen_to, "at": statement.excluded.at},
            where=ViewRow.seen_to < statement.excluded.seen_to,
        ).returning(ViewRow.seen_to)
    )
    if further is not None:
        await _tell(session, row, "conversation.viewed", now)
    return True


async def leave_everything(session: AsyncSession, people: list[uuid.UUID], now: datetime) -> list[uuid.UUID]:
    """Let wait again what is in the hands of ``people``, who answer no more; the conversations."""
    moved = (
        update(ConversationRow)
        .where(ConversationRow.assignee.in_(people), ConversationRow.ended_at.is_(None))
        .values(held_before=None, assignee=None, assigned_how=None, assigned_at=None, queued_at=now)
        .returning(ConversationRow.id, ConversationRow.merchant, ConversationRow.shop)
        .execution_options(synchronize_session=False)
    )
    left = (await session.execute(moved)).all()
    for id, merchant, shop in left:
        await events.append(session, merchant=merchant, shop=shop, topic="conversation.assigned", ref=str(id), at=now)
    return [id for id, _, _ in left]


async def _moved(
    session: AsyncSession,
    row: ConversationRow,
    topic: str,
    how: str,
    by: str,
    now: datetime,
    *,
    before: uuid.UUID | None,
    note: str | None = None,
) -> None:
    session.add(
        AssignmentRow(
            merchant=row.merchant,
            id=uuid.uuid4(),
            conversation=row.id,
            person=row.assignee,
            before=before,
            how=how,
            by=by,
            note=note,
            at=now,
        )
    )
    await session.flush()
    await _tell(session, row, topic, now)


async def _tell(session: AsyncSession, row: ConversationRow, topic: str, now: datetime) -> None:
    await session.flush()
    await events.append(session, merchant=row.merchant, shop=row.shop, topic=topic, ref=str(row.id), at=now)
