"""Whom an erasure is about: the buyer with all their conversations in a shop, held until the transaction ends.

Owns the order of things and the line in the audit log; what becomes of each table is in ``rows``.
"""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access import audit
from copilot.access.vault import Vault
from copilot.channel.erasing import rows
from copilot.channel.erasing.letters import erase_letters
from copilot.channel.tasks import FORGET_THREADS, draft_lock
from copilot.domain.errors import CopilotError
from copilot.store import events, queue
from copilot.store.tables import BuyerRow, ConversationRow, DraftRow, OutboxRow

Keep = Callable[[AsyncSession, Sequence[uuid.UUID]], Awaitable[None]]
"""Writes down what figures need of these drafts, before their words go."""


class NoSuchBuyer(CopilotError):
    """The shop knows no such buyer, or has erased them before."""

    code = "no_such_buyer"

    def __init__(self) -> None:
        """The buyer's id is not repeated."""
        super().__init__("the shop knows no such buyer", remedy="give the buyer's id as the platform writes it")


class ReplyLeaving(CopilotError):
    """A reply to the buyer is being handed to the platform at this very moment; nothing was erased."""

    code = "reply_leaving"

    def __init__(self) -> None:
        """It is over within a minute."""
        super().__init__("a reply to this buyer is being sent", remedy="try again in a minute")


@dataclass(frozen=True)
class Erased:
    """What was done: the buyer's row, which stays without a name, and how many rows of each table were changed."""

    buyer: uuid.UUID | None
    conversations: tuple[uuid.UUID, ...]
    rows: dict[str, int]


async def erase_buyer(
    session: AsyncSession,
    vault: Vault,
    *,
    merchant: uuid.UUID,
    shop: uuid.UUID,
    buyer: str,
    by: str,
    now: datetime,
    keep: Keep,
) -> Erased:
    """Erase the buyer whom the platform calls ``buyer``, in the session's transaction; ``by`` stands in the audit log.

    Raises:
        NoSuchBuyer: the shop has none of that id.
        ReplyLeaving: a reply is on its way out.
    """
    named = select(BuyerRow).where(BuyerRow.shop == shop, BuyerRow.platform_buyer_id == buyer).with_for_update()
    found = await session.scalar(named)
    if found is None:
        raise NoSuchBuyer
    talks = select(ConversationRow).where(ConversationRow.buyer == found.id).with_for_update()
    of_buyer = (await session.scalars(talks)).all()
    return await _erase(session, vault, merchant, shop, found, of_buyer, by, now, keep)


async def erase_of_conversation(
    session: AsyncSession, vault: Vault, conversation: ConversationRow, *, by: str, now: datetime, keep: Keep
) -> Erased:
    """Erase the buyer of ``conversation`` with all their conversations; this one alone where no buyer is known.

    Raises:
        ReplyLeaving: a reply is on its way out.
    """
    found = None
    one = select(ConversationRow).where(ConversationRow.id == conversation.id)
    if conversation.buyer is not None:
        found = await session.scalar(select(BuyerRow).where(BuyerRow.id == conversation.buyer).with_for_update())
        one = select(ConversationRow).where(ConversationRow.buyer == conversation.buyer)
    talks = (await session.scalars(one.with_for_update())).all()
    return await _erase(session, vault, conversation.merchant, conversation.shop, found, talks, by, now, keep)


async def _erase(
    session: AsyncSession,
    vault: Vault,
    merchant: uuid.UUID,
    shop: uuid.UUID,
    buyer: BuyerRow | None,
    talks: Sequence[ConversationRow],
    by: str,
    now: datetime,
    keep: Keep,
) -> Erased:
    ids = [one.id for one in talks]
    # Whoever sends, decides or drafts waits here and finds the row moved on, or has come first and is seen.
    leaving = await session.scalars(select(OutboxRow.state).where(OutboxRow.conversation.in_(ids)).with_for_update())
    drafts = select(DraftRow).where(DraftRow.conversation.in_(ids)).with_for_update()
    if "sending" in set(leaving):
        raise ReplyLeaving
    known = (await session.scalars(drafts)).all()
    await keep(session, [one.id for one in known])
    names = rows.names_of(buyer, talks)
    counts = {"dead_letters": await erase_letters(session, vault, shop, names)}
    counts |= await rows.erase_rows(session, shop, buyer, talks, known, now)
    for talk in ids:
        # Whoever is drafting right now writes down where it paused when it is done: that goes behind it.
        await queue.defer(session, FORGET_THREADS, merchant=merchant, ref=talk, lock=draft_lock(talk))
        await events.append(session, merchant=merchant, shop=shop, topic="conversation.changed", ref=str(talk), at=now)
    counts = {table: count for table, count in counts.items() if count}
    told = str(buyer.id) if buyer is not None else ",".join(str(one) for one in ids)
    await audit.record(
        session, merchant=merchant, by=by, action="buyer.erased", object=told, at=now, detail={"rows": counts}
    )
    return Erased(buyer.id if buyer is not None else None, tuple(ids), counts)
