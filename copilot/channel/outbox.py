"""Replies out: each row of the outbox ends as sent, failed or unconfirmed, and none is sent twice on purpose.

Runs under the lock ``send:<conversation>``. An attempt is written down before the call, so that a process that dies in
between leaves a row that says "may have arrived" and not one that looks unsent.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.registry import Registry
from copilot.channel.sent import ReplyState, mark, record_sent
from copilot.channel.tasks import SEND_REPLY, send_lock
from copilot.domain.clock import Clock
from copilot.domain.message import Role
from copilot.logs import get_logger
from copilot.sdk import Adapter, AdapterError, OutcomeUnknown, Receipt, Reply, Throttled
from copilot.store import timers
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, MessageRow, OutboxRow, ShopRow

log = get_logger(__name__)

_PAUSE: Final = timedelta(seconds=2)
_MOST_ATTEMPTS: Final = 8


@dataclass(frozen=True)
class _Attempt:
    """One call to make."""

    row: OutboxRow
    adapter: Adapter
    reply: Reply


@dataclass(frozen=True)
class Outbox:
    """Sends the replies of a store through the adapters of this process."""

    store: Store
    adapters: Registry
    clock: Clock

    async def send(self, merchant: uuid.UUID, reply: uuid.UUID) -> None:
        """Bring one reply forward; does nothing when it has ended or waits for a person."""
        async with self.store.merchant(merchant) as session:
            attempt = await self._begin(session, reply)
        if attempt is None:
            return
        try:
            receipt = await attempt.adapter.send(attempt.reply, str(attempt.row.id))
        except (AdapterError, TimeoutError, OSError) as error:
            async with self.store.merchant(merchant) as session:
                await self._failed(session, attempt, error)
            log.info("reply_not_sent", reply=str(reply), error=_code(error))
            return
        await self._sent(merchant, attempt, receipt)

    async def _begin(self, session: AsyncSession, reply: uuid.UUID) -> _Attempt | None:
        """Write down that a call will be made, or settle the reply without one."""
        row = await session.scalar(select(OutboxRow).where(OutboxRow.id == reply).with_for_update())
        if row is None or row.state not in (ReplyState.QUEUED, ReplyState.SENDING):
            return None
        shop = (await session.scalars(select(ShopRow).where(ShopRow.id == row.shop))).one()
        adapter = self.adapters.get(shop.adapter)
        if adapter is None:
            await mark(session, row, ReplyState.FAILED, self.clock, error="adapter_missing")
            return None
        if row.state == ReplyState.SENDING and not adapter.idempotent_send:
            # The process died during a call and the platform has no key: a second call might send it twice.
            await mark(session, row, ReplyState.UNCONFIRMED, self.clock, error="outcome_unknown")
            return None
        if await _behind_another(session, row):
            # The one before it waits for a retry; in a conversation replies arrive in the order they were accepted.
            await self._later(session, row, self.clock.now() + _PAUSE)
            return None
        if row.state == ReplyState.QUEUED and await _overtaken(session, row):
            await mark(session, row, ReplyState.HELD, self.clock, error="conversation_moved_on")
            return None
        row.attempts += 1
        row.attempted_at = self.clock.now()
        if row.state == ReplyState.QUEUED:
            await mark(session, row, ReplyState.SENDING, self.clock)
        conversation = (
            await session.scalars(
                select(ConversationRow.platform_conversation_id).where(ConversationRow.id == row.conversation)
            )
        ).one()
        return _Attempt(row, adapter, Reply(shop=shop.platform_shop_id, conversation=conversation, text=row.text))

    async def _failed(self, session: AsyncSession, attempt: _Attempt, error: Exception) -> None:
        row = await session.merge(attempt.row)
        unknown = isinstance(error, OutcomeUnknown | TimeoutError | OSError)
        if unknown and not attempt.adapter.idempotent_send:
            await mark(session, row, ReplyState.UNCONFIRMED, self.clock, error=_code(error))
        elif (unknown or isinstance(error, Throttled)) and row.attempts < _MOST_ATTEMPTS:
            # An unknown outcome stays "sending": with the platform's key the same call is safe to make again.
            if not unknown:
                await mark(session, row, ReplyState.QUEUED, self.clock, error=_code(error))
            await self._later(session, row, self._again_at(row.attempts, error))
        else:
            ended = ReplyState.UNCONFIRMED if unknown else ReplyState.FAILED
            await mark(session, row, ended, self.clock, error=_code(error))

    async def _later(self, session: AsyncSession, row: OutboxRow, due: datetime) -> None:
        await timers.arm(
            session,
            SEND_REPLY,
            row.id,
            due,
            merchant=row.merchant,
            attempt=row.attempts,
            lock=send_lock(row.conversation),
        )

    def _again_at(self, attempts: int, error: Exception) -> datetime:
        pause = _PAUSE * 2 ** min(attempts - 1, 6)
        asked = timedelta(seconds=getattr(error, "retry_after", None) or 0)
        return self.clock.now() + max(pause, asked)

    async def _sent(self, merchant: uuid.UUID, attempt: _Attempt, receipt: Receipt) -> None:
        async with self.store.merchant(merchant) as session:
            row = await session.merge(attempt.row)
            await record_sent(session, row, receipt, self.clock)
        log.info("reply_sent", reply=str(attempt.row.id), attempts=attempt.row.attempts)


async def _behind_another(session: AsyncSession, row: OutboxRow) -> bool:
    earlier = select(OutboxRow.id).where(
        OutboxRow.conversation == row.conversation,
        OutboxRow.position < row.position,
        OutboxRow.state.in_((ReplyState.QUEUED, ReplyState.SENDING)),
    )
    return await session.scalar(earlier.limit(1)) is not None


async def _overtaken(session: AsyncSession, row: OutboxRow) -> bool:
    """Whether the buyer wrote or a person answered after this reply was approved."""
    later = select(MessageRow.id).where(
        MessageRow.conversation == row.conversation,
        MessageRow.role.in_((Role.BUYER, Role.AGENT)),
        MessageRow.received_at > row.updated_at,
    )
    return await session.scalar(later.limit(1)) is not None


def _code(error: Exception) -> str:
    return error.code if isinstance(error, AdapterError) else OutcomeUnknown.code
