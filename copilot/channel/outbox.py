"""Replies out: each row of the outbox ends as sent, failed or unconfirmed, and none is sent twice on purpose.

Runs under the lock ``send:<conversation>``. A call is written down before it is made, so that a process that dies in
between leaves a row that says "may have arrived" and not one that looks unsent.
"""

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel import readback
from copilot.channel.accounts import Accounts, ShopNotConnected
from copilot.channel.backoff import wait_after
from copilot.channel.limiter import pause_left
from copilot.channel.profiles import Profiles, Sending
from copilot.channel.readback import Trace, look
from copilot.channel.sent import MOVING, ReplyState, mark, record_sent
from copilot.channel.turn import approved_at, behind_another, overtaken
from copilot.channel.waking import BELT, send_later
from copilot.domain.clock import Clock
from copilot.logs import get_logger
from copilot.metrics import observe_send
from copilot.sdk import (
    Adapter,
    AdapterError,
    History,
    Malformed,
    OutcomeUnknown,
    PlatformDown,
    Receipt,
    Reply,
    Throttled,
)
from copilot.store import spans
from copilot.store.engine import Store
from copilot.store.tables import ConversationRow, OutboxRow, ShopRow

log = get_logger(__name__)

_CALL_SECONDS: Final = 20.0
_BEHIND: Final = timedelta(seconds=2)
_MOST_TRIES: Final = 8
_MOST_CALLS_WITH_KEY: Final = 8
# One more when the first one is known not to have arrived.
_MOST_CALLS_READ_BACK: Final = 2
_TOO_OLD: Final = timedelta(hours=1)
"""A reply that could not leave for so long is shown to a person instead of surprising a buyer."""


class Step(StrEnum):
    """What to do with a reply now."""

    CALL = "call"
    READ_BACK = "read_back"


@dataclass(frozen=True)
class Work:
    """One step of a reply: the row as it stood when the step was decided."""

    step: Step
    row: OutboxRow
    shop: ShopRow
    adapter: Adapter
    conversation: str
    tries: int

    @property
    def reply(self) -> Reply:
        """What the adapter sends."""
        return Reply(shop=self.shop.platform_shop_id, conversation=self.conversation, text=self.row.text)


@dataclass(frozen=True)
class Outbox:
    """Sends the replies of a store; ``folders`` are the policies' layers, for the numbers of profiles."""

    store: Store
    accounts: Accounts
    clock: Clock
    folders: Sequence[Path] = ()
    _profiles: Profiles = field(default_factory=Profiles, repr=False)

    async def send(self, merchant: uuid.UUID, reply: uuid.UUID, tries: int = 0) -> None:
        """Bring one reply forward; does nothing when it has ended or waits for a person.

        ``tries`` is how many calls in a row were in vain, as its timer knows.
        """
        while True:
            async with self.store.merchant(merchant) as session:
                work = await self._next(session, reply, tries)
            if work is None:
                return
            if work.step is Step.CALL:
                await self._call(merchant, work)
                return
            if not await self._read_back(merchant, work):
                return

    # What to do now.

    async def _next(self, session: AsyncSession, reply: uuid.UUID, tries: int) -> Work | None:
        """The step to make, written down; or None when the reply was settled or put off without one."""
        row = await _locked(session, reply)
        if row is None or row.state not in MOVING:
            return None
        shop = (await session.scalars(select(ShopRow).where(ShopRow.id == row.shop))).one()
        adapter = self.accounts.adapters.get(shop.adapter)
        step = await self._queued(session, row, shop, adapter, tries) if row.state == ReplyState.QUEUED else None
        if row.state == ReplyState.SENDING and step is None:
            step = await self._unfinished(session, row, shop, adapter, tries)
        if step is None or adapter is None:
            return None
        await send_later(session, row, self.clock.now() + BELT, tries)
        named = select(ConversationRow.platform_conversation_id).where(ConversationRow.id == row.conversation)
        return Work(step, row, shop, adapter, (await session.scalars(named)).one(), tries)

    async def _queued(
        self, session: AsyncSession, row: OutboxRow, shop: ShopRow, adapter: Adapter | None, tries: int
    ) -> Step | None:
        now = self.clock.now()
        if adapter is None:
            await mark(session, row, ReplyState.FAILED, self.clock, error="adapter_missing")
        elif await behind_another(session, row):
            # In a conversation replies arrive in the order in which they were accepted.
            await send_later(session, row, now + _BEHIND, tries)
        elif await overtaken(session, row):
            await mark(session, row, ReplyState.HELD, self.clock, error="conversation_moved_on")
        elif left := await pause_left(session, shop.id, now):
            await self._put_off(session, row, now + timedelta(seconds=left), tries, "throttled")
        else:
            await mark(session, row, ReplyState.SENDING, self.clock)
            self._begin_call(row)
            return Step.CALL
        return None

    async def _unfinished(
        self, session: AsyncSession, row: OutboxRow, shop: ShopRow, adapter: Adapter | None, tries: int
    ) -> Step | None:
        """A call was made, or was about to be made when the process died: the reply may have arrived."""
        if adapter is None:
            await mark(session, row, ReplyState.UNCONFIRMED, self.clock, error="adapter_missing")
        elif left := await pause_left(session, shop.id, self.clock.now()):
            await send_later(session, row, self.clock.now() + timedelta(seconds=left), tries)
        elif not adapter.idempotent_send:
            return Step.READ_BACK
        elif row.attempts < _MOST_CALLS_WITH_KEY:
            # The platform itself refuses a second message with the same key.
            self._begin_call(row)
            return Step.CALL
        else:
            await mark(session, row, ReplyState.UNCONFIRMED, self.clock, error=OutcomeUnknown.code)
        return None

    def _begin_call(self, row: OutboxRow) -> None:
        """``attempts`` counts calls that may have arrived; ``attempted_at`` is when the first of them began."""
        row.attempts += 1
        row.attempted_at = row.attempted_at if row.attempts > 1 else self.clock.now()

    async def _put_off(self, session: AsyncSession, row: OutboxRow, due: datetime, tries: int, code: str) -> None:
        """Leave it queued until ``due``; fail when it has waited for too long."""
        if self.clock.now() - await approved_at(session, row) > _TOO_OLD:
            await mark(session, row, ReplyState.FAILED, self.clock, error=code)
            return
        if row.state != ReplyState.QUEUED:
            await mark(session, row, ReplyState.QUEUED, self.clock, error=code)
        await send_later(session, row, due, tries)

    # Calls.

    async def _call(self, merchant: uuid.UUID, work: Work) -> None:
        at, started = self.clock.now(), self.clock.monotonic()
        key, reply = str(work.row.id), work.reply
        try:
            async with asyncio.timeout(_CALL_SECONDS):
                receipt = await self.accounts.call(
                    work.shop, lambda adapter, account: adapter.send(account, reply, key)
                )
        # Foreign code, and a reply that may have arrived: whatever was raised, the row must say so.
        except Exception as error:
            seconds = self.clock.monotonic() - started
            code = code_of(error)
            async with self.store.merchant(merchant) as session:
                await self._failed(session, work, error)
                await self._trace(session, work, at, seconds, code)
            observe_send(work.shop.adapter, code, seconds)
            log.info("reply_not_sent", reply=key, code=code, error=error)
            return
        seconds = self.clock.monotonic() - started
        async with self.store.merchant(merchant) as session:
            await self._accepted(session, work, receipt)
            await self._trace(session, work, at, seconds, "accepted")
        observe_send(work.shop.adapter, "accepted", seconds)
        log.info("reply_sent", reply=key, attempts=work.row.attempts)

    async def _accepted(self, session: AsyncSession, work: Work, receipt: Receipt) -> None:
        row = await _locked(session, work.row.id)
        if row is None or row.state not in (*MOVING, ReplyState.UNCONFIRMED):
            # Another worker took this one for dead and has settled the reply meanwhile.
            log.error("reply_accepted_late", reply=str(work.row.id), state=row and row.state)
            return
        if await _bound(session, row, receipt.message_id):
            log.error("message_id_not_unique", reply=str(row.id), adapter=work.shop.adapter)
            await self._end_unknown(session, row, "message_id_not_unique")
            return
        await record_sent(session, row, receipt.message_id, self.clock, sent_at=receipt.sent_at)

    async def _failed(self, session: AsyncSession, work: Work, error: Exception) -> None:
        row = await _locked(session, work.row.id)
        if row is None or row.state != ReplyState.SENDING:
            return
        if is_unknown(error):
            await self._unknown(session, row, work, code_of(error))
            return
        # It is known not to have arrived.
        row.attempts -= 1
        row.attempted_at = row.attempted_at if row.attempts else None
        if work.adapter.idempotent_send and row.attempts:
            # An earlier call with the same key is still open.
            row.attempts += 1
            await self._unknown(session, row, work, code_of(error), error)
        elif isinstance(error, Throttled):
            await self._put_off(session, row, self._again(work.tries, error), work.tries, error.code)
        elif isinstance(error, PlatformDown) and work.tries + 1 < _MOST_TRIES:
            await self._put_off(session, row, self._again(work.tries, error), work.tries + 1, error.code)
        else:
            await mark(session, row, ReplyState.FAILED, self.clock, error=code_of(error))

    async def _unknown(
        self, session: AsyncSession, row: OutboxRow, work: Work, code: str, error: Exception | None = None
    ) -> None:
        """It may have arrived: stay ``sending`` while that can still be found out."""
        if not work.adapter.idempotent_send and not self._can_read_back(work):
            await self._end_unknown(session, row, code)
            return
        # From now on the platform has its time to settle.
        row.error, row.updated_at = code, self.clock.now()
        await send_later(session, row, self._again(work.tries, error), work.tries + 1)

    def _again(self, tries: int, error: Exception | None = None) -> datetime:
        return self.clock.now() + wait_after(tries, error)

    async def _end_unknown(self, session: AsyncSession, row: OutboxRow, code: str) -> None:
        if row.state != ReplyState.UNCONFIRMED:
            await mark(session, row, ReplyState.UNCONFIRMED, self.clock, error=code)

    # Reading back.

    def _numbers(self, shop: ShopRow) -> Sending:
        return self._profiles.sending(shop.profile, self.folders, self.clock.now())

    def _can_read_back(self, work: Work) -> bool:
        numbers = self._numbers(work.shop)
        return isinstance(work.adapter, History) and numbers.settle is not None and numbers.margin is not None

    async def _read_back(self, merchant: uuid.UUID, work: Work) -> bool:
        """Find out what became of a call; True when it did not arrive and may be made once more."""
        numbers = self._numbers(work.shop)
        since = (work.row.attempted_at or work.row.created_at) - (numbers.margin or timedelta(0))
        at, started = self.clock.now(), self.clock.monotonic()
        told: Sequence[readback.PlatformMessage] = ()
        error: Exception | None = None
        if self._can_read_back(work):
            conversation = work.conversation
            try:
                async with asyncio.timeout(_CALL_SECONDS):
                    told = await self.accounts.call(
                        work.shop, lambda adapter, account: adapter.sent_since(account, conversation, since)
                    )
            # Foreign code: what cannot be read is not known.
            except Exception as raised:
                error = raised
        async with self.store.merchant(merchant) as session:
            row = await _locked(session, work.row.id)
            if row is None or row.state != ReplyState.SENDING:
                return False
            found = await look(session, row, told, since, numbers.settle or timedelta(0))
            seconds = self.clock.monotonic() - started
            await self._trace(session, work, at, seconds, code_of(error) if error else found.trace)
            return await self._found(session, row, work, found, error)

    async def _found(
        self, session: AsyncSession, row: OutboxRow, work: Work, found: readback.Found, error: Exception | None
    ) -> bool:
        numbers, now = self._numbers(work.shop), self.clock.now()
        if found.message is not None:
            await record_sent(session, row, found.message.message_id, self.clock, sent_at=found.message.sent_at)
        elif found.trace is Trace.AMBIGUOUS or not self._can_read_back(work) or numbers.settle is None:
            await self._end_unknown(session, row, row.error or OutcomeUnknown.code)
        elif error is not None:
            if work.tries + 1 < _MOST_TRIES:
                await send_later(session, row, self._again(work.tries, error), work.tries + 1)
            else:
                await self._end_unknown(session, row, OutcomeUnknown.code)
        elif now < row.updated_at + numbers.settle:
            due = min(self._again(work.tries), row.updated_at + numbers.settle)
            await send_later(session, row, due, work.tries + 1)
        elif row.attempts < _MOST_CALLS_READ_BACK:
            # It never arrived. The next look decides whether it is still its turn.
            await mark(session, row, ReplyState.QUEUED, self.clock, error=row.error)
            return True
        else:
            await self._end_unknown(session, row, OutcomeUnknown.code)
        return False

    async def _trace(self, session: AsyncSession, work: Work, at: datetime, seconds: float, outcome: str) -> None:
        row = work.row
        await spans.record(
            session,
            merchant=row.merchant,
            trace=row.trace or str(row.id),
            name=f"outbox.{work.step}",
            at=at,
            seconds=seconds,
            draft=row.source_id if row.source_kind == "draft" else None,
            detail={"reply": str(row.id), "attempt": row.attempts, "outcome": outcome},
        )


async def _locked(session: AsyncSession, reply: uuid.UUID) -> OutboxRow | None:
    return await session.scalar(select(OutboxRow).where(OutboxRow.id == reply).with_for_update())


async def _bound(session: AsyncSession, row: OutboxRow, message: str) -> bool:
    """Whether the platform gave this id to another reply: then it is no id."""
    other = select(OutboxRow.id).where(
        OutboxRow.conversation == row.conversation,
        OutboxRow.platform_message_id == message,
        OutboxRow.id != row.id,
    )
    return await session.scalar(other.limit(1)) is not None


def is_unknown(error: Exception) -> bool:
    """Whether the reply may have arrived although the call ended in ``error``; in doubt it may have."""
    if isinstance(error, ShopNotConnected):
        return False
    return not isinstance(error, AdapterError) or isinstance(error, OutcomeUnknown | Malformed)


def code_of(error: Exception) -> str:
    """The stable code of what went wrong."""
    return error.code if isinstance(error, AdapterError) else OutcomeUnknown.code
