"""What becomes of every row about a buyer who is forgotten, table by table.

Rows stay where figures are counted over them and lose everything that leads to a person; what is only remembered for a
while (orders, translations, traces, checkpoints) is removed. What had become of a draft can be told of its row no more:
whoever erases has it written down before (``buyers.Keep``).
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Delete, Update, case, delete, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.erasing import remains
from copilot.domain.case import CaseState, CommitmentState
from copilot.domain.draft import OPEN_STATES, DraftState
from copilot.store.tables import (
    ApprovalRow,
    AssignmentRow,
    AutoOutcomeRow,
    BuyerRow,
    CaseRow,
    CommitmentRow,
    ConversationRow,
    DecisionRow,
    DraftRow,
    FeedbackRow,
    GrantRow,
    MessageRow,
    NoteRow,
    OrderRow,
    OutboxRow,
    PressRow,
    SendableRow,
    SightRow,
    SpanRow,
    TimerRow,
    TranslationRow,
)

ERASED: Final = "erased"
"""Who ended what was open, and why a reply never left."""
_THREADS: Final = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")
_LEFT_UNSENT: Final = frozenset({"queued", "held", "unconfirmed", "handed_over"})
_OVER: Final = {
    **dict.fromkeys(OPEN_STATES, DraftState.EXPIRED),
    **dict.fromkeys((DraftState.APPROVED, DraftState.UNCONFIRMED), DraftState.FAILED),
    DraftState.HANDED_OVER: DraftState.ABANDONED,
}


def names_of(buyer: BuyerRow | None, talks: Iterable[ConversationRow]) -> frozenset[str]:
    """What the platform calls the buyer and the conversations."""
    known = {one.platform_conversation_id for one in talks}
    return frozenset(known | {name for name in (buyer and (buyer.platform_buyer_id, buyer.order_key)) or () if name})


async def erase_rows(
    session: AsyncSession,
    shop: uuid.UUID,
    buyer: BuyerRow | None,
    talks: Sequence[ConversationRow],
    drafts: Sequence[DraftRow],
    now: datetime,
) -> dict[str, int]:
    """Take the buyer out of all tables; returns how many rows of each were changed or removed."""
    ids = [one.id for one in talks]
    of_drafts = [one.id for one in drafts]
    counts = {"timers": await _timers(session, ids, of_drafts)}
    counts["orders"] = await _done(session, _orders(shop, buyer, await _order_ids(session, talks)))
    counts["spans"] = await _spans(session, ids, drafts)
    counts["messages"] = await _messages(session, ids, now)
    counts["cases"] = await _cases(session, ids, now)
    counts["decisions"] = await _decisions(session, of_drafts)
    for table, statement in _plain(ids, now).items():
        counts[table] = await _done(session, statement)
    for one in drafts:
        _draft(one, now)
    for one in talks:
        _talk(one, now)
    if buyer is not None:
        buyer.platform_buyer_id = f"{ERASED}-{buyer.id}"
        buyer.order_key, buyer.nickname, buyer.level = None, None, None
        buyer.tags, buyer.told_tags, buyer.dropped_tags = [], None, []
    await session.flush()
    counts |= {"drafts": len(drafts), "conversations": len(ids), "buyers": int(buyer is not None)}
    counts["checkpoints"] = await forget_threads(session, ids)
    return counts


async def forget_threads(session: AsyncSession, talks: Sequence[uuid.UUID]) -> int:
    """Remove where the drafts of ``talks`` paused; returns how many rows went."""
    threads = [str(one) for one in await session.scalars(select(DraftRow.id).where(DraftRow.conversation.in_(talks)))]
    gone = 0
    for table in _THREADS:
        removed = await session.execute(
            text(f"DELETE FROM flow.{table} WHERE thread_id = ANY(:threads) RETURNING 1"), {"threads": threads}
        )
        gone += len(removed.all())
    return gone


def _draft(row: DraftRow, now: datetime) -> None:
    row.state = _OVER.get(DraftState(row.state), DraftState(row.state))
    row.text = row.text_hash = row.composed = row.escalation = None
    row.view = remains.of_view(row.view) if row.view else None
    row.burst, row.candidates, row.updated_at = [], [], now


def _talk(row: ConversationRow, now: datetime) -> None:
    row.platform_conversation_id = f"{ERASED}-{row.id}"
    row.entered_from_order, row.tags, row.queued_at = None, [], None
    row.ended_at, row.updated_at = row.ended_at or now, now
    row.assignee = row.assigned_how = row.assigned_at = row.marked_by = row.marked_at = None


def _plain(ids: list[uuid.UUID], now: datetime) -> dict[str, Update | Delete]:
    """Tables of which one statement says all."""
    unsent = OutboxRow.state.in_(_LEFT_UNSENT)
    owed = CommitmentRow.state.in_((CommitmentState.OWED, CommitmentState.BROKEN))
    offered = GrantRow.state == "offered"
    theirs = select(OutboxRow.id).where(OutboxRow.conversation.in_(ids))
    drafted = select(DraftRow.id).where(DraftRow.conversation.in_(ids))
    pressed = select(NoteRow.note_id).where(NoteRow.conversation.in_(ids), NoteRow.note_id == PressRow.note_id)
    return {
        "presses": delete(PressRow).where(pressed.where(NoteRow.shop == PressRow.shop).exists()),
        "notes": delete(NoteRow).where(NoteRow.conversation.in_(ids)),
        "auto_outcomes": delete(AutoOutcomeRow).where(AutoOutcomeRow.conversation.in_(ids)),
        # Masked, and still somebody's words about theirs.
        "feedback": delete(FeedbackRow).where(FeedbackRow.draft.in_(drafted)),
        # A short text can be guessed and held against its hash.
        "sights": update(SightRow)
        .where(SightRow.draft.in_(drafted))
        .values(text_hash=func.concat(f"{ERASED}-", SightRow.id)),
        "sendables": delete(SendableRow).where(SendableRow.id.in_(theirs)),
        "outbox": update(OutboxRow)
        .where(OutboxRow.conversation.in_(ids))
        .values(
            text="",
            source=None,
            sendable=None,
            owes=None,
            platform_message_id=None,
            state=case((unsent, "failed"), else_=OutboxRow.state),
            error=case((unsent, ERASED), else_=OutboxRow.error),
            updated_at=now,
        ),
        "approvals": update(ApprovalRow)
        .where(ApprovalRow.conversation.in_(ids))
        .values(
            # A request is about an option or about words: which of them stays told.
            text=case((ApprovalRow.text.is_(None), None), else_=""),
            text_hash=None,
            vouched=[],
            order_id=None,
            notes={},
            state=case((ApprovalRow.state == "requested", "withdrawn"), else_=ApprovalRow.state),
            updated_at=now,
        ),
        "commitments": update(CommitmentRow)
        .where(CommitmentRow.conversation.in_(ids))
        .values(
            platform_message_id=None,
            order_id=None,
            evidence=None,
            state=case((owed, CommitmentState.WITHDRAWN), else_=CommitmentRow.state),
            settled_at=func.coalesce(CommitmentRow.settled_at, now),
            updated_at=now,
        ),
        "grants": update(GrantRow)
        .where(GrantRow.conversation.in_(ids))
        .values(
            order_id=None,
            message=case((GrantRow.message.is_(None), None), else_=func.concat(f"{ERASED}-", GrantRow.id)),
            state=case((offered, "released"), else_=GrantRow.state),
            updated_at=now,
        ),
        "assignments": update(AssignmentRow)
        .where(AssignmentRow.conversation.in_(ids), AssignmentRow.note.is_not(None))
        .values(note=None),
        "translations": delete(TranslationRow).where(TranslationRow.conversation.in_(ids)),
    }


async def _messages(session: AsyncSession, ids: list[uuid.UUID], now: datetime) -> int:
    marked = select(MessageRow.id, MessageRow.draft).where(
        MessageRow.conversation.in_(ids), MessageRow.draft.is_not(None)
    )
    marks = {id: mark for id, mark in (await session.execute(marked)).all()}
    blanked = (
        update(MessageRow)
        .where(MessageRow.conversation.in_(ids))
        .values(
            text="",
            media=None,
            order_id=None,
            # They are shown, read and answered as the recalled ones are: not at all.
            recalled_at=func.coalesce(MessageRow.recalled_at, now),
            platform_message_id=func.concat(f"{ERASED}-", MessageRow.id),
        )
    )
    count = await _done(session, blanked)
    for id, mark in marks.items():
        left = remains.of_mark(mark) if mark else None
        await session.execute(update(MessageRow).where(MessageRow.id == id).values(draft=left))
    return count


async def _cases(session: AsyncSession, ids: list[uuid.UUID], now: datetime) -> int:
    rows = (await session.scalars(select(CaseRow).where(CaseRow.conversation.in_(ids)).with_for_update())).all()
    for row in rows:
        if row.state != CaseState.RESOLVED:
            row.state, row.resolved_at, row.resolved_by = CaseState.RESOLVED, now, ERASED
        if row.follow_up is None or row.follow_up in ("armed", "proposed", "owed"):
            row.follow_up = "cancelled"
        row.body = remains.of_case(row.body)
        row.order_id = row.raised_by = row.picked_order = row.evidence = row.reopened_by = None
        row.version, row.updated_at = row.version + 1, now
    await session.flush()
    return len(rows)


async def _decisions(session: AsyncSession, drafts: list[uuid.UUID]) -> int:
    rows = (await session.scalars(select(DecisionRow).where(DecisionRow.draft.in_(drafts)))).all()
    for row in rows:
        # A short text can be guessed and held against its hash.
        row.text_hash = ""
        row.rejection = remains.of_rejection(row.rejection) if row.rejection else None
    await session.flush()
    return len(rows)


async def _timers(session: AsyncSession, ids: list[uuid.UUID], drafts: list[uuid.UUID]) -> int:
    refs = {*ids, *drafts}
    for table in (OutboxRow, CaseRow, CommitmentRow, ApprovalRow):
        refs |= set(await session.scalars(select(table.id).where(table.conversation.in_(ids))))
    return await _done(session, delete(TimerRow).where(TimerRow.ref.in_([str(one) for one in refs])))


async def _order_ids(session: AsyncSession, talks: Sequence[ConversationRow]) -> set[str]:
    """The orders that were spoken of."""
    ids = [one.id for one in talks]
    known = {one.entered_from_order for one in talks if one.entered_from_order}
    for table in (MessageRow, CaseRow, CommitmentRow, GrantRow):
        found = select(table.order_id).where(table.conversation.in_(ids), table.order_id.is_not(None))
        known |= {one for one in await session.scalars(found) if one}
    return known


def _orders(shop: uuid.UUID, buyer: BuyerRow | None, spoken_of: set[str]) -> Delete:
    """Remembered orders of the buyer, and those spoken of that are known as nobody else's."""
    key = buyer.order_key if buyer is not None else None
    nobodys = OrderRow.platform_order_id.in_(spoken_of) & OrderRow.buyer_key.is_(None)
    return delete(OrderRow).where(OrderRow.shop == shop, or_(OrderRow.buyer_key == key, nobodys) if key else nobodys)


async def _spans(session: AsyncSession, ids: list[uuid.UUID], drafts: Sequence[DraftRow]) -> int:
    traces = {one.trace for one in drafts if one.trace}
    for table in (MessageRow, OutboxRow):
        found = select(table.trace).where(table.conversation.in_(ids), table.trace.is_not(None))
        traces |= {one for one in await session.scalars(found) if one}
    of_drafts = [one.id for one in drafts]
    return await _done(session, delete(SpanRow).where(or_(SpanRow.draft.in_(of_drafts), SpanRow.trace.in_(traces))))


async def _done(session: AsyncSession, statement: Update | Delete) -> int:
    result: Any = await session.execute(statement.execution_options(synchronize_session=False))
    return int(result.rowcount)
