"""What follows from how a call or a look into the platform's record ended: the rows, never another call.

Whatever was raised, the reply ends up in a state that is true: known not to have left, known to have arrived, or open.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.auto import MACHINES
from copilot.channel.backoff import wait_after
from copilot.channel.profiles import Profiles, Sending
from copilot.channel.readback import Found, Trace
from copilot.channel.sendables import in_words
from copilot.channel.sent import MOVING, ReplyState, mark, record_sent
from copilot.channel.steps import Work, locked, put_off
from copilot.channel.waking import send_later
from copilot.domain.clock import Clock
from copilot.logs import get_logger
from copilot.sdk import (
    AdapterError,
    ByHand,
    CardRefused,
    History,
    Malformed,
    OutcomeUnknown,
    PlatformDown,
    Receipt,
    Throttled,
)
from copilot.store.tables import OutboxRow

log = get_logger(__name__)

_MOST_TRIES: Final = 8
# One more when the first one is known not to have arrived.
_MOST_CALLS_READ_BACK: Final = 2


@dataclass(frozen=True)
class Outcomes:
    """Writes down how steps ended; ``folders`` are the policies' layers, for the numbers of profiles."""

    clock: Clock
    folders: Sequence[Path] = ()
    profiles: Profiles = field(default_factory=Profiles, repr=False)

    def numbers(self, work: Work) -> Sending:
        """What the shop's platform is like to send to."""
        return self.profiles.sending(work.shop.profile, self.folders, self.clock.now())

    def can_read_back(self, work: Work) -> bool:
        """Whether the platform has a record of its own, and we know how to read it; it holds texts only."""
        if work.row.sendable is not None:
            return False
        numbers = self.numbers(work)
        return isinstance(work.adapter, History) and numbers.settle is not None and numbers.margin is not None

    async def accepted(self, session: AsyncSession, work: Work, receipt: Receipt) -> None:
        """The platform took the reply."""
        row = await locked(session, work.row.id)
        if row is None or row.state not in (*MOVING, ReplyState.UNCONFIRMED):
            # Another worker took this one for dead and has settled the reply meanwhile.
            log.error("reply_accepted_late", reply=str(work.row.id), state=row and row.state)
        elif await _bound(session, row, receipt.message_id):
            log.error("message_id_not_unique", reply=str(row.id), adapter=work.shop.adapter)
            await self._end_unknown(session, row, "message_id_not_unique")
        else:
            await record_sent(session, row, receipt.message_id, self.clock, sent_at=receipt.sent_at)

    async def failed(self, session: AsyncSession, work: Work, error: Exception) -> None:
        """The call ended in ``error``."""
        row = await locked(session, work.row.id)
        if row is None or row.state != ReplyState.SENDING:
            return
        code = code_of(error)
        if isinstance(error, ByHand) and row.error is None:
            await self._hand_over(session, row)
            return
        # With a key an earlier call may still be open although this one was refused.
        if is_unknown(error) or (work.adapter.idempotent_send and row.attempts > 1):
            await self._unknown(session, row, work, error)
            return
        row.attempts -= 1
        row.attempted_at = row.attempted_at if row.attempts else None
        if isinstance(error, Throttled):
            await put_off(session, row, self._again(work.tries, error), work.tries, code, self.clock)
        elif isinstance(error, PlatformDown) and work.tries + 1 < _MOST_TRIES:
            await put_off(session, row, self._again(work.tries, error), work.tries + 1, code, self.clock)
        elif isinstance(error, CardRefused) and await in_words(session, row):
            # What its person approved for this case, as a text of its own from here on.
            await put_off(session, row, self.clock.now(), 0, code, self.clock)
        else:
            await mark(session, row, ReplyState.FAILED, self.clock, error=code)

    async def _hand_over(self, session: AsyncSession, row: OutboxRow) -> None:
        """A person sends it; words that no person approved are for nobody to send."""
        if row.source_kind in MACHINES or row.sendable is not None:
            row.attempts, row.attempted_at = 0, None
            await mark(session, row, ReplyState.FAILED, self.clock, error=ByHand.code)
        else:
            # No call may have arrived; from ``attempted_at`` on it lies with a person.
            row.attempts = 0
            await mark(session, row, ReplyState.HANDED_OVER, self.clock)

    async def _unknown(self, session: AsyncSession, row: OutboxRow, work: Work, error: Exception) -> None:
        """It may have arrived: stay ``sending`` while that can still be found out."""
        if not work.adapter.idempotent_send and not self.can_read_back(work):
            await self._end_unknown(session, row, code_of(error))
            return
        # From now on the platform has its time to settle.
        row.error, row.updated_at = code_of(error), self.clock.now()
        await send_later(session, row, self._again(work.tries, error), work.tries + 1)

    async def read(self, session: AsyncSession, row: OutboxRow, work: Work, found: Found) -> bool:
        """The platform's record was read; True when the reply never arrived and may be sent once more."""
        settle, now = self.numbers(work).settle, self.clock.now()
        if found.message is not None:
            await record_sent(session, row, found.message.message_id, self.clock, sent_at=found.message.sent_at)
        elif found.trace is Trace.AMBIGUOUS or settle is None or not self.can_read_back(work):
            await self._end_unknown(session, row, row.error or OutcomeUnknown.code)
        elif now < row.updated_at + settle:
            await send_later(session, row, min(self._again(work.tries), row.updated_at + settle), work.tries + 1)
        elif row.attempts < _MOST_CALLS_READ_BACK:
            # Whether it is still its turn is decided anew.
            await mark(session, row, ReplyState.QUEUED, self.clock, error=row.error)
            return True
        else:
            await self._end_unknown(session, row, OutcomeUnknown.code)
        return False

    async def unreadable(self, session: AsyncSession, row: OutboxRow, work: Work, error: Exception) -> None:
        """The platform's record could not be read: again later, and at last a person must look."""
        if work.tries + 1 < _MOST_TRIES:
            await send_later(session, row, self._again(work.tries, error), work.tries + 1)
        else:
            await self._end_unknown(session, row, OutcomeUnknown.code)

    def _again(self, tries: int, error: Exception | None = None) -> datetime:
        return self.clock.now() + wait_after(tries, error)

    async def _end_unknown(self, session: AsyncSession, row: OutboxRow, code: str) -> None:
        if row.state != ReplyState.UNCONFIRMED:
            await mark(session, row, ReplyState.UNCONFIRMED, self.clock, error=code)


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
    return not isinstance(error, AdapterError) or isinstance(error, OutcomeUnknown | Malformed)


def code_of(error: Exception) -> str:
    """The stable code of what went wrong."""
    return error.code if isinstance(error, AdapterError) else OutcomeUnknown.code
