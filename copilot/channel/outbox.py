"""Replies out: each row of the outbox ends as sent, failed or unconfirmed, and none is sent twice on purpose.

It makes the calls, under the lock ``send:<conversation>``; what to do is decided by ``steps`` and what follows by
``outcomes``, each in a transaction of its own that holds nothing while the platform is asked.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.accounts import Accounts
from copilot.channel.limiter import Seats
from copilot.channel.outcomes import Outcomes, code_of
from copilot.channel.profiles import Profiles
from copilot.channel.readback import Found, Trace, look
from copilot.channel.sent import ReplyState
from copilot.channel.steps import Step, Steps, Work, locked
from copilot.channel.surprises import SURPRISES
from copilot.domain.clock import Clock
from copilot.domain.errors import CopilotError
from copilot.logs import get_logger
from copilot.metrics import observe_send
from copilot.sdk import Account, AdapterError, PlatformMessage, ReadMarks
from copilot.store import spans
from copilot.store.engine import Store

log = get_logger(__name__)

T = TypeVar("T")

_CALL_SECONDS: Final = 20.0
_MARK_SECONDS: Final = 5.0


@dataclass(frozen=True)
class Outbox:
    """Sends the replies of a store; ``folders`` are the policies' layers, for the numbers of profiles."""

    store: Store
    accounts: Accounts
    clock: Clock
    folders: Sequence[Path] = ()
    _profiles: Profiles = field(default_factory=Profiles, repr=False)
    _seats: Seats = field(default_factory=Seats, repr=False)

    @property
    def _outcomes(self) -> Outcomes:
        return Outcomes(self.clock, self.folders, self._profiles)

    async def send(self, merchant: uuid.UUID, reply: uuid.UUID, tries: int = 0) -> None:
        """Bring one reply forward; does nothing when it has ended or waits for a person.

        ``tries`` is how many calls in a row were in vain, as its timer knows.
        """
        again = True
        while again:
            with self._seats.seat() as seat:
                async with self.store.merchant(merchant) as session:
                    work = await Steps(self.accounts.adapters, self.clock, seat).next(session, reply, tries)
                if work is None:
                    return
                if work.step is Step.CALL:
                    await self._call(merchant, work)
                    return
                again = await self._read_back(merchant, work)

    async def _call(self, merchant: uuid.UUID, work: Work) -> None:
        at, started = self.clock.now(), self.clock.monotonic()
        key = str(work.row.id)
        ended = await self._asked(work, lambda _, account: work.call(account))
        seconds = self.clock.monotonic() - started
        outcome = code_of(ended) if isinstance(ended, Exception) else "accepted"
        async with self.store.merchant(merchant) as session:
            if isinstance(ended, Exception):
                await self._outcomes.failed(session, work, ended)
            else:
                await self._outcomes.accepted(session, work, ended)
            await _trace(session, work, at, seconds, outcome)
        observe_send(work.shop.adapter, outcome, seconds)
        if not isinstance(ended, Exception):
            await self._mark_read(work)
        error = ended if isinstance(ended, Exception) else None
        log.info("reply_called", reply=key, outcome=outcome, attempt=work.row.attempts, error=error)

    async def _asked(self, work: Work, call: Callable[[Any, Account], Awaitable[T]]) -> T | Exception:
        """What the adapter answers, or what its call ended in."""
        try:
            async with asyncio.timeout(_CALL_SECONDS):
                return await self.accounts.call(work.shop, call)
        # Around one job. A reply may have left, so its row must say so whatever was raised: a job that failed here
        # would leave it "sending", and its timer would bring it back to the same defect for ever.
        except Exception as error:
            if not isinstance(error, (CopilotError, *SURPRISES)):
                log.error("adapter_surprised", adapter=work.shop.adapter, exc_info=error)
            return error

    async def _mark_read(self, work: Work) -> None:
        """What was answered was read: the platform's own window need not count it any more. Nothing depends on it."""
        if not isinstance(work.adapter, ReadMarks):
            return
        conversation = work.conversation
        try:
            async with asyncio.timeout(_MARK_SECONDS):
                await self.accounts.call(work.shop, lambda adapter, account: adapter.mark_read(account, conversation))
        except (AdapterError, *SURPRISES) as error:
            log.info("not_marked_read", shop=str(work.shop.id), code=code_of(error), error=type(error).__name__)

    async def _read_back(self, merchant: uuid.UUID, work: Work) -> bool:
        """Find out what became of a call; True when it did not arrive and may be made once more."""
        numbers = self._outcomes.numbers(work)
        since = (work.row.attempted_at or work.row.created_at) - (numbers.margin or timedelta(0))
        at, started = self.clock.now(), self.clock.monotonic()
        told, error = await self._record(work, since)
        async with self.store.merchant(merchant) as session:
            row = await locked(session, work.row.id)
            if row is None or row.state != ReplyState.SENDING:
                return False
            if row.sendable is None:
                found = await look(session, row, told, since, numbers.settle or timedelta(0))
            else:
                # One picture looks like another: a person looks at the platform.
                found = Found(Trace.AMBIGUOUS)
            again = False
            if error is not None and found.message is None:
                await self._outcomes.unreadable(session, row, work, error)
            else:
                again = await self._outcomes.read(session, row, work, found)
            outcome = code_of(error) if error is not None else found.trace.value
            await _trace(session, work, at, self.clock.monotonic() - started, outcome)
        log.info("reply_read_back", reply=str(work.row.id), outcome=outcome, error=error)
        return again

    async def _record(self, work: Work, since: datetime) -> tuple[Sequence[PlatformMessage], Exception | None]:
        """What the platform's own record has from ``since`` on; nothing where it has none that we can read."""
        if not self._outcomes.can_read_back(work):
            return (), None
        conversation = work.conversation
        told: Sequence[PlatformMessage] | Exception = await self._asked(
            work, lambda adapter, account: adapter.sent_since(account, conversation, since)
        )
        # What cannot be read is not known.
        return ((), told) if isinstance(told, Exception) else (told, None)


async def _trace(session: AsyncSession, work: Work, at: datetime, seconds: float, outcome: str) -> None:
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
