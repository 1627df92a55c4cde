"""A reply that a person typed themself, queued together with what it gives: both or neither.

Owns the one transaction; what the text gives was read before, where it was judged.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.sendables import AtOrder, attach
from copilot.channel.sent import ReplyState
from copilot.channel.typed import queue_typed
from copilot.domain.clock import Clock
from copilot.domain.plan import Grant, Promise
from copilot.flow.granting import Giver, lock_grants, reserve_typed
from copilot.store.tables import OutboxRow


@dataclass(frozen=True)
class OwnReply:
    """A judged text on its way out under the ``id`` that its page made.

    ``owes`` is what it promises, ``grant`` what it gives about ``order`` at the shop's cost, by ``giver``. ``source``
    is the text and its language of which it is the translation, ``corrects`` the sent message that it puts right.
    ``at_order`` is the order at which it is left, because its buyer closed the chat.
    """

    shop: uuid.UUID
    conversation: uuid.UUID
    id: uuid.UUID
    text: str
    giver: Giver
    owes: Sequence[Promise] = ()
    grant: Grant | None = None
    order: str | None = None
    source: tuple[str, str] | None = None
    corrects: uuid.UUID | None = None
    at_order: AtOrder | None = None


async def queue_own_words(session: AsyncSession, merchant: uuid.UUID, reply: OwnReply, clock: Clock) -> ReplyState:
    """Queue the reply and count what it gives; the same id again changes nothing. Returns where the reply stands.

    Raises:
        OverCeiling: it gives more than is left; nothing may be kept of the transaction.
        BadInput: as ``queue_typed`` raises it.
    """
    if reply.grant is not None:
        # Before any row is written: whoever held rows while waiting for the lock could wait in a circle.
        await lock_grants(session, merchant)
    more = reply.grant is not None or reply.at_order is not None
    known = more and await session.scalar(select(OutboxRow.id).where(OutboxRow.id == reply.id)) is not None
    state = await queue_typed(
        session,
        merchant=merchant,
        shop=reply.shop,
        conversation=reply.conversation,
        id=reply.id,
        text=reply.text,
        by=reply.giver.by,
        clock=clock,
        owes=reply.owes,
        source=reply.source,
        corrects=reply.corrects,
        sendable=reply.at_order.kind if reply.at_order is not None else None,
    )
    if reply.at_order is not None and not known:
        await attach(session, reply.id, merchant, reply.at_order, clock)
    if reply.grant is not None and not known:
        row = (await session.scalars(select(OutboxRow).where(OutboxRow.id == reply.id))).one()
        await reserve_typed(session, row, reply.grant, order=reply.order, giver=reply.giver, clock=clock)
    return state
