"""Messages in: stored once, in the caller's transaction, together with the job that drafts the answer.

The caller acknowledges to the platform after the commit, so nothing that was acknowledged can be lost. Who wrote a
message is told by the platform; an echo is a message whose id is known, because the sender keeps what it sent, and
never a role.
"""

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.arriving import Arrival, Received, arrive, drafting_priority
from copilot.channel.by_hand import came_back
from copilot.channel.given_there import count_said
from copilot.channel.overheard import owe_said
from copilot.channel.sent import ReplyState
from copilot.channel.storable import check_ids
from copilot.channel.waking import draft_now
from copilot.clock import Profile
from copilot.domain.clock import Clock
from copilot.domain.message import Message, Role
from copilot.sdk import MessageEvent
from copilot.store.consequences import Consequences
from copilot.store.tables import ConversationRow, OutboxRow, ShopRow

SHOPS_OWN: Final = Role.AGENT
"""Whose messages may be our own replies that come back."""


async def receive(
    session: AsyncSession,
    shop: ShopRow,
    event: MessageEvent,
    profile: Profile | None,
    clock: Clock,
    *,
    trace: str | None = None,
    card: str | None = None,
) -> Received:
    """Store the message once and ask for a draft; everything in the session's transaction.

    ``profile`` says how soon the draft is due, None: now. ``trace`` is the delivery's, ``card`` the entry whose
    question the buyer tapped.

    Raises:
        ValueError: an id is missing, or is none that can be kept; it is not repeated.
    """
    check_ids(event)
    now, message, ours = clock.now(), event.message, False
    of_colleague = event.visible and message.role is SHOPS_OWN
    if of_colleague and (conversation := await _locked(session, shop, event.conversation)) is not None:
        if await came_back(session, conversation, message, clock):
            return Received(conversation, new=False)
        ours = await _is_being_sent(session, conversation, message)
    left = Consequences(shop.merchant)
    (received,) = await arrive(session, [Arrival(shop, event, profile, trace, card, ours=ours)], left, now)
    await left.write(session)
    if received.new and of_colleague and not ours:
        await count_said(session, shop, received.conversation, message, now)
        await owe_said(session, shop, received.conversation, message, now)
    return received


async def ask_for_draft(
    session: AsyncSession, shop: ShopRow, conversation: uuid.UUID, profile: Profile | None, now: datetime
) -> None:
    """Put in the job that drafts the conversation's open turn, as urgent as its deadline."""
    await draft_now(session, shop.merchant, conversation, now, drafting_priority(profile, now))


async def _locked(session: AsyncSession, shop: ShopRow, place: str) -> uuid.UUID | None:
    """The conversation, held until the session's transaction ends; None: nobody has heard of it yet."""
    found = select(ConversationRow.id).where(
        ConversationRow.shop == shop.id, ConversationRow.platform_conversation_id == place
    )
    # Not against who writes a message into it: a sender keeps its reply while the reply's echo waits for just that row,
    # and each would wait for the other.
    return await session.scalar(found.with_for_update(key_share=True))


async def _is_being_sent(session: AsyncSession, conversation: uuid.UUID, message: Message) -> bool:
    """Whether this looks like the echo of a reply whose receipt we do not have yet.

    It is kept like anybody's message; the sender completes it with the receipt and asks for the next draft itself.
    """
    on_the_way = await session.scalars(
        select(OutboxRow.text).where(
            OutboxRow.conversation == conversation,
            OutboxRow.state == ReplyState.SENDING,
            OutboxRow.platform_message_id.is_(None),
        )
    )
    return any(text.strip() == message.text.strip() for text in on_the_way)
