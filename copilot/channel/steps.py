"""What to do with a reply now: call, read back, put off, or settle it without a call.

Every decision is made on the locked row and written down before anything happens, so that a process that dies in
between leaves a row that says "may have arrived" and not one that looks unsent.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel import sendables
from copilot.channel.auto import MACHINES, NOT_NEEDED
from copilot.channel.limiter import Seat, pause_left
from copilot.channel.registry import Registry
from copilot.channel.sent import MOVING, ReplyState, mark
from copilot.channel.turn import QUESTION_OVER, approved_at, asks_too_late, behind_another, overtaken
from copilot.channel.waking import BELT, send_later
from copilot.domain.clock import Clock
from copilot.sdk import Account, Adapter, FaqCards, FaqReply, OutcomeUnknown, Receipt, Reply
from copilot.store.tables import ConversationRow, OutboxRow, SendableRow, ShopRow

_BEHIND: Final = timedelta(seconds=2)
_CROWDED: Final = timedelta(seconds=0.5)
_MOST_CALLS_WITH_KEY: Final = 8
_TOO_OLD: Final = timedelta(hours=1)
"""A reply that could not leave for so long is shown to a person instead of surprising a buyer."""

_AUTO_TOO_OLD: Final = timedelta(minutes=5)
"""A greeting that comes later than this greets nobody."""


class Step(StrEnum):
    """What to do with a reply now."""

    CALL = "call"
    READ_BACK = "read_back"


@dataclass(frozen=True)
class Work:
    """One step of a reply: the row as it stood when the step was decided; ``tries`` is how many were in vain."""

    step: Step
    row: OutboxRow
    shop: ShopRow
    adapter: Adapter
    conversation: str
    tries: int
    sendable: SendableRow | None = None

    @property
    def reply(self) -> Reply:
        """What the adapter sends."""
        return Reply(shop=self.shop.platform_shop_id, conversation=self.conversation, text=self.row.text)

    async def call(self, account: Account) -> Receipt:
        """Send it, with questions to tap where it has some and the platform knows them."""
        key, cards = str(self.row.id), self.row.cards
        if self.sendable is not None:
            place = (self.shop.platform_shop_id, self.conversation)
            return await sendables.send(self.adapter, account, place, self.row, self.sendable)
        if cards is None or not isinstance(self.adapter, FaqCards):
            return await self.adapter.send(account, self.reply, key)
        place = {"shop": self.shop.platform_shop_id, "conversation": self.conversation}
        reply = FaqReply(**place, **cards, listed=self.row.text)
        return await self.adapter.send_faq_cards(account, reply, key)


@dataclass(frozen=True)
class Steps:
    """Decides the steps of replies of the shops whose ``adapters`` are here; ``seat`` is room for a call."""

    adapters: Registry
    clock: Clock
    seat: Seat

    async def next(self, session: AsyncSession, reply: uuid.UUID, tries: int) -> Work | None:
        """The step to make, written down; or None when the reply has ended, was settled or was put off."""
        row = await locked(session, reply)
        if row is None or row.state not in MOVING:
            return None
        shop = (await session.scalars(select(ShopRow).where(ShopRow.id == row.shop))).one()
        adapter = self.adapters.get(shop.adapter)
        if adapter is None:
            # A reply in "sending" may have arrived before the adapter went.
            ended = ReplyState.FAILED if row.state == ReplyState.QUEUED else ReplyState.UNCONFIRMED
            await mark(session, row, ended, self.clock, error="adapter_missing")
            return None
        if not self.seat.take(shop.id):
            await send_later(session, row, self.clock.now() + _CROWDED, tries)
            return None
        if row.state == ReplyState.QUEUED:
            step = await self._queued(session, row, shop, tries)
        else:
            step = await self._unfinished(session, row, shop, adapter, tries)
        if step is None:
            return None
        await send_later(session, row, self.clock.now() + BELT, tries)
        named = select(ConversationRow.platform_conversation_id).where(ConversationRow.id == row.conversation)
        talk, kept = (await session.scalars(named)).one(), await sendables.of_reply(session, row)
        return Work(step, row, shop, adapter, talk, tries, kept)

    async def _queued(self, session: AsyncSession, row: OutboxRow, shop: ShopRow, tries: int) -> Step | None:
        now = self.clock.now()
        if await behind_another(session, row):
            # In a conversation replies arrive in the order in which they were accepted.
            await send_later(session, row, now + _BEHIND, tries)
        elif row.source_kind in MACHINES and (await overtaken(session, row) or now - row.created_at > _AUTO_TOO_OLD):
            await mark(session, row, ReplyState.FAILED, self.clock, error=NOT_NEEDED)
        elif await overtaken(session, row):
            await mark(session, row, ReplyState.HELD, self.clock, error="conversation_moved_on")
        elif await asks_too_late(session, row, now):
            await mark(session, row, ReplyState.FAILED, self.clock, error=QUESTION_OVER)
        elif await _is_too_old(session, row, now):
            if row.error:
                await mark(session, row, ReplyState.FAILED, self.clock, error=row.error)
            else:
                # Accepted in the evening, seen by a worker in the morning: a person says whether it still fits.
                await mark(session, row, ReplyState.HELD, self.clock, error="too_late")
        elif left := await pause_left(session, shop.id, now):
            await put_off(session, row, now + timedelta(seconds=left), tries, "throttled", self.clock)
        else:
            await mark(session, row, ReplyState.SENDING, self.clock)
            self._begin_call(row)
            return Step.CALL
        return None

    async def _unfinished(
        self, session: AsyncSession, row: OutboxRow, shop: ShopRow, adapter: Adapter, tries: int
    ) -> Step | None:
        """A call was made, or was about to be made when the process died: the reply may have arrived."""
        if left := await pause_left(session, shop.id, self.clock.now()):
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


async def locked(session: AsyncSession, reply: uuid.UUID) -> OutboxRow | None:
    """The reply's row as it stands, held until the session's transaction ends."""
    return await session.scalar(select(OutboxRow).where(OutboxRow.id == reply).with_for_update())


async def _is_too_old(session: AsyncSession, row: OutboxRow, now: datetime) -> bool:
    return now - await approved_at(session, row) > _TOO_OLD


async def put_off(session: AsyncSession, row: OutboxRow, due: datetime, tries: int, code: str, clock: Clock) -> None:
    """A reply that is known not to have left waits until ``due``; it fails when it has waited for too long."""
    if await _is_too_old(session, row, clock.now()):
        await mark(session, row, ReplyState.FAILED, clock, error=code)
        return
    if row.state != ReplyState.QUEUED:
        await mark(session, row, ReplyState.QUEUED, clock, error=code)
    await send_later(session, row, due, tries)
