"""What the shop owes: promises of sent messages as rows, with alerts before and at their time, and how each ends.

A promise becomes owed in the transaction that keeps the message. Timers and this file alone move it; who ticked it off
or what proved it stands in the row.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.given_there import take_back
from copilot.channel.tasks import COMMITMENT_DUE, COMMITMENT_SOON
from copilot.domain.case import CommitmentState
from copilot.domain.errors import CopilotError
from copilot.domain.plan import Promise
from copilot.store import events, timers
from copilot.store.tables import CommitmentRow, ConversationRow

OPEN: Final = (CommitmentState.OWED, CommitmentState.BROKEN)
"""What somebody still has to do; a broken promise is owed all the more."""
SOON: Final = timedelta(minutes=30)
"""How long before its time a promise is called to mind: a rule of ours, no platform's."""
COMING_BACK: Final = frozenset({"hold", "answer", "contact", "check", "notify", "follow_up", "ask_solved"})
"""Promises to come back with word; the next thing that is said keeps them."""


class NotOpen(CopilotError):
    """The promise was settled before, or there is none; ``state`` is where it stands."""

    code = "commitment_not_open"

    def __init__(self, commitment: uuid.UUID, state: str | None) -> None:
        """``commitment`` is its id."""
        super().__init__(f"the promise {commitment} is {state or 'not there'}", remedy="read it again")
        self.state = state


async def owe(
    session: AsyncSession,
    promises: Iterable[Promise],
    *,
    merchant: uuid.UUID,
    shop: uuid.UUID,
    conversation: uuid.UUID,
    message: str,
    source: str,
    at: datetime,
    now: datetime,
    order_id: str | None = None,
    draft: uuid.UUID | None = None,
    by: str | None = None,
    replaces: str | None = None,
    comes_back: bool = True,
) -> None:
    """Keep the ``promises`` of the sent ``message`` (the platform's id), and what it makes of earlier ones.

    ``replaces`` is the promise about the same order that the buyer's new choice takes the place of.
    ``source`` is ``draft``, ``typed``, ``auto``, ``greeting`` or ``platform``; ``at`` is when the message was said,
    ``by`` a person's id. ``comes_back``: the message keeps an earlier promise to come back with word.
    """
    new = list(promises)
    holds_again = any(promise.what in COMING_BACK for promise in new)
    if comes_back:
        await _came_back(session, conversation, message, at, now, replaced=holds_again)
    # The platform's echo of a reply whose outcome was unknown may have been heard before the reply is settled as sent.
    known = await _owed_by(session, conversation, message) if new else frozenset[str]()
    if replaces is not None:
        known |= await _changed(session, conversation, order_id, replaces, {one.what for one in new}, message, now)
    for promise in new:
        if promise.what in known:
            continue
        row = CommitmentRow(
            merchant=merchant,
            id=uuid.uuid4(),
            conversation=conversation,
            draft=draft,
            platform_message_id=message,
            order_id=order_id,
            what=promise.what,
            amount=promise.amount.model_dump(mode="json") if promise.amount else None,
            due=promise.due,
            by=by,
            source=source,
            state=CommitmentState.OWED,
            created_at=at,
            updated_at=now,
        )
        await _keep(session, row, promise.due, shop, now)


async def owe_to_do(
    session: AsyncSession,
    what: str,
    *,
    source: str,
    due: datetime,
    merchant: uuid.UUID,
    shop: uuid.UUID,
    conversation: uuid.UUID,
    case: uuid.UUID,
    order_id: str | None,
    now: datetime,
) -> None:
    """Keep what nobody promised but somebody has to do, in the same list and with the same timers.

    ``source`` is what it comes from instead of a message.
    """
    row = CommitmentRow(
        merchant=merchant,
        id=uuid.uuid4(),
        conversation=conversation,
        case_id=case,
        order_id=order_id,
        what=what,
        due=due,
        source=source,
        state=CommitmentState.OWED,
        created_at=now,
        updated_at=now,
    )
    await _keep(session, row, due, shop, now)


async def settle(
    session: AsyncSession,
    commitment: uuid.UUID,
    state: CommitmentState,
    *,
    by: str | None,
    evidence: str | None,
    now: datetime,
) -> CommitmentRow:
    """End an open promise as done or withdrawn; ``by`` is the person who says so, None when a fact shows it.

    Raises:
        NotOpen: there is no such promise, or it ended otherwise before.
    """
    row = await session.scalar(select(CommitmentRow).where(CommitmentRow.id == commitment).with_for_update())
    if row is not None and row.state == state:
        return row
    if row is None or row.state not in OPEN:
        raise NotOpen(commitment, row and row.state)
    await _end(session, row, state, by=by, evidence=evidence, now=now)
    if state is CommitmentState.WITHDRAWN and row.platform_message_id is not None:
        await take_back(session, row.conversation, row.platform_message_id, now)
    return row


async def break_due(session: AsyncSession, commitment: uuid.UUID, now: datetime) -> bool:
    """Say that the promise was not kept in time; False when it has ended."""
    row = await session.scalar(select(CommitmentRow).where(CommitmentRow.id == commitment).with_for_update())
    if row is None or row.state != CommitmentState.OWED or row.due is None or row.due > now:
        return False
    row.state, row.updated_at = CommitmentState.BROKEN, now
    await _tell(session, row, await _shop(session, row), now)
    return True


async def call_to_mind(session: AsyncSession, commitment: uuid.UUID, now: datetime) -> bool:
    """Tell watchers that the promise is due soon; False when it has ended."""
    row = await session.scalar(select(CommitmentRow).where(CommitmentRow.id == commitment))
    if row is None or row.state != CommitmentState.OWED:
        return False
    await _tell(session, row, await _shop(session, row), now, "soon")
    return True


async def open_of(session: AsyncSession, conversation: uuid.UUID) -> list[CommitmentRow]:
    """The conversation's open promises, the oldest first, locked."""
    found = (
        select(CommitmentRow)
        .where(CommitmentRow.conversation == conversation, CommitmentRow.state.in_(OPEN))
        .order_by(CommitmentRow.created_at, CommitmentRow.id)
        .with_for_update()
    )
    return list(await session.scalars(found))


async def prove(session: AsyncSession, row: CommitmentRow, evidence: str, now: datetime) -> None:
    """End an open promise as done, because of what ``evidence`` names."""
    await _end(session, row, CommitmentState.DONE, by=None, evidence=evidence, now=now)


async def _keep(session: AsyncSession, row: CommitmentRow, due: datetime, shop: uuid.UUID, now: datetime) -> None:
    """The new ``row`` with its timers and the word to watchers."""
    session.add(row)
    await session.flush()
    await timers.arm(session, COMMITMENT_DUE, row.id, due, merchant=row.merchant)
    if due - SOON > now:
        await timers.arm(session, COMMITMENT_SOON, row.id, due - SOON, merchant=row.merchant)
    await _tell(session, row, shop, now)


async def _came_back(
    session: AsyncSession, conversation: uuid.UUID, message: str, at: datetime, now: datetime, *, replaced: bool
) -> None:
    """Who promised word and writes again has kept it, unless what is said is only the next such promise."""
    for row in await open_of(session, conversation):
        if row.what in COMING_BACK and row.created_at < at and row.platform_message_id != message:
            state = CommitmentState.WITHDRAWN if replaced else CommitmentState.DONE
            await _end(session, row, state, by=None, evidence=f"message:{message}", now=now)


async def _changed(
    session: AsyncSession,
    conversation: uuid.UUID,
    order_id: str | None,
    what: str,
    said: set[str],
    message: str,
    now: datetime,
) -> frozenset[str]:
    """Withdraw the open promise ``what`` about the order; said once more it stands as it was, and is known."""
    key = what.removeprefix("option.")
    open_ = [row for row in await open_of(session, conversation) if row.order_id == order_id]
    # A person's own words promise the same under a shorter code.
    rows = [row for row in open_ if row.what.removeprefix("option.") == key and row.platform_message_id != message]
    again = {one for one in said if one.removeprefix("option.") == key}
    if again:
        return frozenset(again if rows else ())
    for row in rows:
        await _end(session, row, CommitmentState.WITHDRAWN, by=None, evidence=f"message:{message}", now=now)
    return frozenset()


async def _owed_by(session: AsyncSession, conversation: uuid.UUID, message: str) -> frozenset[str]:
    """What the message is known to promise."""
    rows = select(CommitmentRow.what).where(
        CommitmentRow.conversation == conversation, CommitmentRow.platform_message_id == message
    )
    return frozenset(await session.scalars(rows))


async def _end(
    session: AsyncSession,
    row: CommitmentRow,
    state: CommitmentState,
    *,
    by: str | None,
    evidence: str | None,
    now: datetime,
) -> None:
    row.state, row.evidence, row.settled_by, row.settled_at, row.updated_at = state, evidence, by, now, now
    for kind in (COMMITMENT_SOON, COMMITMENT_DUE):
        await timers.cancel(session, kind, row.id)
    await _tell(session, row, await _shop(session, row), now)


async def _shop(session: AsyncSession, row: CommitmentRow) -> uuid.UUID:
    return (await session.scalars(select(ConversationRow.shop).where(ConversationRow.id == row.conversation))).one()


async def _tell(
    session: AsyncSession, row: CommitmentRow, shop: uuid.UUID, now: datetime, what: str | None = None
) -> None:
    topic = f"commitment.{what or row.state}"
    await events.append(session, merchant=row.merchant, shop=shop, topic=topic, ref=str(row.id), at=now)
