"""What the store learns when a reply moves: its own state, its draft's, the message it became and what it promised."""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel import sendables
from copilot.channel.auto import MACHINES, card_answered
from copilot.channel.given_there import not_theirs
from copilot.channel.owing import owe
from copilot.channel.presenting.moved import tell_draft
from copilot.channel.tasks import CASE_READ, draft_lock
from copilot.channel.waking import draft_now, ended
from copilot.domain.clock import Clock
from copilot.domain.draft import OPEN_STATES, DraftState, DraftView, move
from copilot.domain.errors import WrongTransition
from copilot.domain.fact import FactKind
from copilot.domain.message import Role, SentBy
from copilot.domain.money import Money
from copilot.domain.plan import Act, Promise
from copilot.logs import get_logger
from copilot.store import events, queue
from copilot.store.tables import DraftRow, GrantRow, MessageRow, OutboxRow

log = get_logger(__name__)


class ReplyState(StrEnum):
    """Where a reply on its way out stands; ``held`` waits for a person because the conversation moved on.

    ``handed_over`` waits for a person to send it in the platform's own window.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"
    HELD = "held"
    HANDED_OVER = "handed_over"


MOVING: Final = (ReplyState.QUEUED, ReplyState.SENDING)
"""States in which we still work on a reply."""

_RELEASED: Final = "released"
_NEVER_LEFT: Final = (ReplyState.HELD, ReplyState.FAILED)

# Whether an open draft still answers anything is decided over again: the conversation has moved on, or what came in
# while this reply was being sent, and was taken for its echo, is somebody's own words after all.
_LOOK_AGAIN: Final = (ReplyState.HELD, ReplyState.UNCONFIRMED, ReplyState.FAILED)
_DRAFT_STATE = {
    ReplyState.QUEUED: DraftState.APPROVED,
    ReplyState.SENDING: DraftState.SENDING,
    ReplyState.SENT: DraftState.SENT,
    ReplyState.UNCONFIRMED: DraftState.UNCONFIRMED,
    ReplyState.FAILED: DraftState.FAILED,
    ReplyState.HELD: DraftState.PROPOSED,
    ReplyState.HANDED_OVER: DraftState.HANDED_OVER,
}
# A reply that never came to a call, or whose call is known late: its draft takes the way of the table all the same.
_THROUGH_SENDING: Final = (ReplyState.SENT, ReplyState.UNCONFIRMED, ReplyState.FAILED)


async def mark(
    session: AsyncSession, row: OutboxRow, state: ReplyState, clock: Clock, *, error: str | None = None
) -> None:
    """Move the reply and its draft together, tell watchers, and let the next reply go when this one has ended."""
    now = clock.now()
    row.state, row.error, row.updated_at = state, error, now
    topic, ref = f"reply.{state}", str(row.id)
    await events.append(session, merchant=row.merchant, shop=row.shop, topic=topic, ref=ref, at=now)
    if state not in MOVING:
        await ended(session, row)
    if state is ReplyState.FAILED:
        await sendables.let_go(session, row)
    await _count(session, row, state, now)
    draft = await _draft(session, row)
    if draft is not None:
        await _move_draft(session, draft, state, now)
    if state in _LOOK_AGAIN:
        await _draft_again(session, row, now)


async def _count(session: AsyncSession, row: OutboxRow, state: ReplyState, now: datetime) -> None:
    """What never left gives nothing away; what arrived after all, though it was given up for lost, does."""
    own = or_(GrantRow.reply == row.id, GrantRow.draft == row.source_id)
    given = update(GrantRow).where(own)
    before = update(GrantRow).where(GrantRow.replaced_by.in_(select(GrantRow.id).where(own)))
    if state in _NEVER_LEFT:
        await session.execute(given.values(state=_RELEASED, updated_at=now))
        # What it would have taken the place of stands as it stood.
        await session.execute(before.values(state=GrantRow.replaced_state, updated_at=now))
    elif state is ReplyState.SENT:
        await session.execute(given.where(GrantRow.state == _RELEASED).values(state="settled", updated_at=now))
        await session.execute(before.values(state=_RELEASED, updated_at=now))


async def _move_draft(session: AsyncSession, draft: DraftRow, state: ReplyState, now: datetime) -> None:
    after = _DRAFT_STATE[state]
    if state is ReplyState.FAILED and draft.state == DraftState.HANDED_OVER:
        after = DraftState.ABANDONED
    try:
        if state is ReplyState.HANDED_OVER and draft.state == DraftState.SENDING:
            # Nothing was sent: it is as accepted as it was.
            draft.state = move(DraftState(draft.state), DraftState.APPROVED)
        if state in _THROUGH_SENDING and draft.state == DraftState.APPROVED:
            draft.state = move(DraftState(draft.state), DraftState.SENDING)
        draft.state = move(DraftState(draft.state), after)
    except WrongTransition as error:
        # The reply ends all the same: one that stands still would hold up all that follow it.
        log.error("draft_left_behind", draft=str(draft.id), error=error)
        return
    if after is DraftState.PROPOSED and await _newer_open(session, draft):
        draft.state = move(DraftState(draft.state), DraftState.SUPERSEDED)
    draft.updated_at = now
    await tell_draft(
        session,
        merchant=draft.merchant,
        shop=draft.shop,
        conversation=draft.conversation,
        draft=draft.id,
        state=draft.state,
        at=now,
    )


async def record_sent(
    session: AsyncSession, row: OutboxRow, message: str, clock: Clock, *, sent_at: datetime | None = None
) -> None:
    """The platform has the reply: keep its id ``message``, the message itself and what it commits the shop to.

    ``sent_at`` is the platform's time where it is known. Everything in the session's transaction.
    """
    row.platform_message_id, row.sent_at = message, sent_at or clock.now()
    await mark(session, row, ReplyState.SENT, clock)
    # Its echo may have been heard first, and taken for a colleague's words.
    await not_theirs(session, row.conversation, message)
    draft = await _draft(session, row)
    await _keep_message(session, row, draft, sent_at, clock)
    await sendables.let_go(session, row)
    await _owe(session, row, draft, message, clock)
    await card_answered(session, row)
    # What the reply makes of the conversation's cases; a turn that is drafted again is read in any case.
    await queue.defer(
        session, CASE_READ, lock=draft_lock(row.conversation), merchant=row.merchant, ref=row.conversation
    )
    if draft is None or await _unanswered_since(session, draft) or await _open_beside(session, draft):
        await _draft_again(session, row, clock.now())


async def _keep_message(
    session: AsyncSession, row: OutboxRow, draft: DraftRow | None, sent_at: datetime | None, clock: Clock
) -> None:
    values: dict[str, Any] = {
        "merchant": row.merchant,
        "id": uuid.uuid4(),
        "conversation": row.conversation,
        "platform_message_id": row.platform_message_id,
        "role": Role.AGENT,
        **sendables.as_message(row, await sendables.of_reply(session, row)),
        "sent_by": _how(row, draft),
        "draft": {"id": str(draft.id), "revision": draft.revision} if draft else None,
        "trace": row.trace,
        "sent_at": row.sent_at,
        "received_at": clock.now(),
    }
    statement = insert(MessageRow).values(**values)
    ours = {
        name: statement.excluded[name]
        for name in ("role", "kind", "text", "order_id", "product_id", "sent_by", "draft", "trace")
    }
    # The platform's echo may have come first: it is ours all the same, and its time is the platform's.
    when = statement.excluded.sent_at if sent_at else func.coalesce(MessageRow.sent_at, statement.excluded.sent_at)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["merchant", "conversation", "platform_message_id"], set_={**ours, "sent_at": when}
        )
    )


def _how(row: OutboxRow, draft: DraftRow | None) -> SentBy:
    if row.source_kind in MACHINES:
        return SentBy.AUTO
    return SentBy.ASSISTED if draft else SentBy.PERSON


async def _owe(session: AsyncSession, row: OutboxRow, draft: DraftRow | None, message: str, clock: Clock) -> None:
    view = DraftView.model_validate(draft.view) if draft is not None and draft.view else None
    await owe(
        session,
        [_with_amount(promise, view) for promise in _promises(row, view)],
        merchant=row.merchant,
        shop=row.shop,
        conversation=row.conversation,
        message=message,
        source="draft" if draft is not None else row.source_kind,
        at=row.sent_at or clock.now(),
        now=clock.now(),
        order_id=view.order.id if view and view.order else None,
        draft=draft.id if draft is not None else None,
        by=row.by,
        # Words of a person's own may have left the change out.
        replaces=view.replaces if view and view.text == row.text and view.act is Act.CONFIRM else None,
        # Whoever promised to come back with word has not done so by a fixed text.
        comes_back=row.source_kind not in MACHINES,
    )


def _with_amount(promise: Promise, view: DraftView | None) -> Promise:
    """The promise with the amount that the draft's text states for the same option."""
    if promise.amount is not None or view is None:
        return promise
    stated = f"{promise.what}.amount"
    value = next((one.value for one in view.claims if one.source == stated and one.kind is FactKind.AMOUNT), None)
    return promise if value is None else promise.model_copy(update={"amount": Money.model_validate(value)})


def _promises(row: OutboxRow, view: DraftView | None) -> tuple[Promise, ...]:
    if row.owes is not None:
        return tuple(Promise.model_validate(promise) for promise in row.owes)
    # An edited text may have dropped the promise; only what still stands in it is owed.
    return view.owes if view is not None and view.text == row.text else ()


async def _draft_again(session: AsyncSession, row: OutboxRow, now: datetime) -> None:
    await draft_now(session, row.merchant, row.conversation, now)


async def _draft(session: AsyncSession, row: OutboxRow) -> DraftRow | None:
    if row.source_kind != "draft":
        return None
    # Held until the transaction ends: a decision or a newer turn must not move it in between.
    found = select(DraftRow).where(DraftRow.id == row.source_id).with_for_update()
    return await session.scalar(found.execution_options(populate_existing=True))


async def _newer_open(session: AsyncSession, draft: DraftRow) -> bool:
    newer = select(DraftRow.id).where(
        DraftRow.conversation == draft.conversation,
        DraftRow.created_at > draft.created_at,
        DraftRow.state.in_(OPEN_STATES),
    )
    return await session.scalar(newer.limit(1)) is not None


async def _open_beside(session: AsyncSession, draft: DraftRow) -> bool:
    """Whether another draft is open: it may answer what this reply has answered."""
    other = select(DraftRow.id).where(
        DraftRow.conversation == draft.conversation, DraftRow.id != draft.id, DraftRow.state.in_(OPEN_STATES)
    )
    return await session.scalar(other.limit(1)) is not None


async def _unanswered_since(session: AsyncSession, draft: DraftRow) -> bool:
    """Whether the buyer wrote something behind what ``draft`` answers."""
    burst = (
        select(func.max(MessageRow.position))
        .where(MessageRow.conversation == draft.conversation, MessageRow.platform_message_id.in_(draft.burst))
        .scalar_subquery()
    )
    later = select(MessageRow.id).where(
        MessageRow.conversation == draft.conversation,
        MessageRow.role == Role.BUYER,
        MessageRow.visible,
        MessageRow.platform_message_id.not_in(draft.burst),
        MessageRow.position > func.coalesce(burst, 0),
    )
    return await session.scalar(later.limit(1)) is not None
