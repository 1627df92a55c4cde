"""What the store learns when a reply moves: its own state, its draft's, the message it became and what it promised."""

import uuid
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.case import CommitmentState
from copilot.domain.clock import Clock
from copilot.domain.draft import OPEN_STATES, DraftState, DraftView, move
from copilot.domain.message import Kind, Role, SentBy
from copilot.sdk import Receipt
from copilot.store import events
from copilot.store.tables import CommitmentRow, DraftRow, MessageRow, OutboxRow


class ReplyState(StrEnum):
    """Where a reply on its way out stands; ``held`` waits for a person because the conversation moved on."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"
    HELD = "held"


_DRAFT_STATE = {
    ReplyState.QUEUED: DraftState.APPROVED,
    ReplyState.SENDING: DraftState.SENDING,
    ReplyState.SENT: DraftState.SENT,
    ReplyState.UNCONFIRMED: DraftState.UNCONFIRMED,
    ReplyState.FAILED: DraftState.FAILED,
    ReplyState.HELD: DraftState.PROPOSED,
}


async def mark(
    session: AsyncSession, row: OutboxRow, state: ReplyState, clock: Clock, *, error: str | None = None
) -> None:
    """Move the reply and its draft together, and tell watchers."""
    now = clock.now()
    row.state, row.error, row.updated_at = state, error, now
    topic, ref = f"reply.{state}", str(row.id)
    await events.append(session, merchant=row.merchant, shop=row.shop, topic=topic, ref=ref, at=now)
    draft = await _draft(session, row)
    if draft is None:
        return
    after = _DRAFT_STATE[state]
    if state is ReplyState.FAILED and draft.state == DraftState.APPROVED:
        # It never came to a call: the draft passes through "sending" all the same, so that the table stays one.
        draft.state = move(DraftState(draft.state), DraftState.SENDING)
    draft.state = move(DraftState(draft.state), after)
    if after is DraftState.PROPOSED and await _newer_open(session, draft):
        draft.state = move(DraftState(draft.state), DraftState.SUPERSEDED)
    draft.updated_at = now
    await events.append(
        session, merchant=row.merchant, shop=row.shop, topic=f"draft.{draft.state}", ref=str(draft.id), at=now
    )


async def record_sent(session: AsyncSession, row: OutboxRow, receipt: Receipt, clock: Clock) -> None:
    """The platform took the reply: keep its id, the message and what it commits the shop to, in one transaction."""
    now = clock.now()
    row.platform_message_id, row.sent_at = receipt.message_id, receipt.sent_at or now
    await mark(session, row, ReplyState.SENT, clock)
    draft = await _draft(session, row)
    values: dict[str, Any] = {
        "merchant": row.merchant,
        "id": uuid.uuid4(),
        "conversation": row.conversation,
        "platform_message_id": receipt.message_id,
        "role": Role.AGENT,
        "kind": Kind.TEXT,
        "text": row.text,
        "sent_by": SentBy.ASSISTED if draft else SentBy.PERSON,
        "draft": {"id": str(draft.id), "revision": draft.revision} if draft else None,
        "sent_at": row.sent_at,
        "received_at": now,
    }
    # The platform's echo may have come first.
    await session.execute(
        insert(MessageRow)
        .values(**values)
        .on_conflict_do_nothing(index_elements=["merchant", "conversation", "platform_message_id"])
    )
    if draft is not None:
        _owe(session, row, draft, receipt.message_id, clock)


def _owe(session: AsyncSession, row: OutboxRow, draft: DraftRow, message: str, clock: Clock) -> None:
    view = DraftView.model_validate(draft.view) if draft.view else None
    # An edited text may have dropped the promise; only what still stands in it is owed.
    for promise in view.owes if view is not None and view.text == row.text else ():
        session.add(
            CommitmentRow(
                merchant=row.merchant,
                id=uuid.uuid4(),
                conversation=row.conversation,
                draft=draft.id,
                platform_message_id=message,
                order_id=view.order.id if view and view.order else None,
                what=promise.what,
                due=promise.due,
                state=CommitmentState.OWED,
                created_at=clock.now(),
                updated_at=clock.now(),
            )
        )


async def _draft(session: AsyncSession, row: OutboxRow) -> DraftRow | None:
    if row.source_kind != "draft":
        return None
    return await session.scalar(select(DraftRow).where(DraftRow.id == row.source_id))


async def _newer_open(session: AsyncSession, draft: DraftRow) -> bool:
    newer = select(DraftRow.id).where(
        DraftRow.conversation == draft.conversation,
        DraftRow.created_at > draft.created_at,
        DraftRow.state.in_(OPEN_STATES),
    )
    return await session.scalar(newer.limit(1)) is not None
