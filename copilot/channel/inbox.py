"""Messages in: stored once, in the caller's transaction, together with the job that drafts the answer.

The caller acknowledges to the platform after the commit, so nothing that was acknowledged can be lost. Who wrote a
message is told by the platform; an echo is a message whose id is known, because the sender keeps what it sent, and
never a role.
"""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.auto import POSTURE, ask_for_auto
from copilot.channel.by_hand import came_back
from copilot.channel.overheard import owe_said
from copilot.channel.queueing import as_waiting, give_out
from copilot.channel.sent import ReplyState
from copilot.channel.waking import draft_now
from copilot.clock import Profile, draft_deadline
from copilot.domain.clock import Clock
from copilot.domain.message import Message, Role
from copilot.sdk import MessageEvent
from copilot.store import events, queue
from copilot.store.direct import Direct
from copilot.store.tables import ConversationRow, MessageRow, OutboxRow, ShopRow, table_of

# How far a platform's clock may run ahead of ours before its time is not believed.
_AHEAD: Final = timedelta(seconds=5)
_LONGEST_ID: Final = 500
_LARGEST: Final = 2**63 - 1
# Neither has a place in a database's text: the buyer's other words must not be lost for it.
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Received:
    """What became of it: ``new`` is False for a delivery that came before and for an echo of our own."""

    conversation: uuid.UUID
    new: bool


# Made once: putting a statement together takes as long as running it.
_CONVERSATIONS, _MESSAGES = table_of(ConversationRow), table_of(MessageRow)
_CONVERSATION = insert(_CONVERSATIONS)
# An update in any case: DO NOTHING returns no row of an existing conversation, and the row's lock lets the deliveries
# of one conversation in one after the other. Whose it is stays as it was first told.
_ADD_CONVERSATION: Final = Direct(
    _CONVERSATION.values({"tags": []})
    .on_conflict_do_update(
        index_elements=["merchant", "shop", "platform_conversation_id"],
        set_={"buyer": func.coalesce(_CONVERSATIONS.c.buyer, _CONVERSATION.excluded.buyer)},
    )
    .returning(
        _CONVERSATIONS.c.id,
        _CONVERSATIONS.c.assignee,
        _CONVERSATIONS.c.ended_at,
        _CONVERSATIONS.c.queued_at,
        _CONVERSATIONS.c.opened_by,
        _CONVERSATIONS.c.posture,
    ),
    ("merchant", "id", "shop", "buyer", "platform_conversation_id", "created_at", "updated_at", "tags"),
)
# The buyer and the conversation with one way to the database. What a delivery does not say stays known.
_ADD_BOTH: Final = Direct(
    text(
        "WITH known AS ("
        " INSERT INTO buyers (merchant, id, shop, platform_buyer_id, order_key, nickname, tags, created_at)"
        " VALUES (:merchant, :buyer, :shop, :platform_buyer_id, :order_key, :nickname, :tags, :created_at)"
        " ON CONFLICT (merchant, shop, platform_buyer_id) DO UPDATE"
        " SET nickname = coalesce(excluded.nickname, buyers.nickname),"
        " order_key = coalesce(excluded.order_key, buyers.order_key) RETURNING id)"
        " INSERT INTO conversations"
        " (merchant, id, shop, buyer, platform_conversation_id, created_at, updated_at, tags)"
        " SELECT :merchant, :id, :shop, known.id, :platform_conversation_id, :created_at, :updated_at, :tags FROM known"
        " ON CONFLICT (merchant, shop, platform_conversation_id) DO UPDATE"
        " SET buyer = coalesce(conversations.buyer, excluded.buyer)"
        " RETURNING id, assignee, ended_at, queued_at, opened_by, posture"
    ).bindparams(bindparam("tags", [], type_=_CONVERSATIONS.c.tags.type))
)
_ADD_MESSAGE: Final = Direct(
    insert(_MESSAGES)
    .on_conflict_do_nothing(index_elements=["merchant", "conversation", "platform_message_id"])
    .returning(_MESSAGES.c.id),
    (
        "merchant",
        "id",
        "conversation",
        "platform_message_id",
        "role",
        "kind",
        "text",
        "sequence",
        "visible",
        "media",
        "trace",
        "order_id",
        "product_id",
        "agent",
        "sent_by",
        "sent_at",
        "received_at",
        "recalled_at",
        "card",
    ),
)


class Place(NamedTuple):
    """A conversation's row, and with whom it is."""

    id: uuid.UUID
    assignee: uuid.UUID | None
    ended_at: datetime | None
    queued_at: datetime | None
    opened_by: uuid.UUID | None
    posture: str | None


@cache
def _moving(names: tuple[str, ...]) -> Direct:
    """Writes these columns of one conversation."""
    return Direct(
        update(_CONVERSATIONS)
        .where(_CONVERSATIONS.c.id == bindparam("talk"))
        .values({name: bindparam(name, type_=_CONVERSATIONS.c[name].type) for name in names})
    )


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
    _check_ids(event)
    now = clock.now()
    place = await _conversation(session, shop, event, now)
    conversation = place.id
    if event.visible and await came_back(session, conversation, event.message, clock):
        return Received(conversation, new=False)
    message = await _insert(session, shop, conversation, event, now, trace, card)
    if message is None:
        await _complete(session, conversation, event, now)
        return Received(conversation, new=False)
    moved: dict[str, Any] = {"updated_at": now} if event.visible else {}
    waits: dict[str, Any] = {}
    if event.visible and event.message.role is Role.BUYER:
        # Only the buyer opens again what is over: the echo of a last word must not.
        waits = as_waiting(
            shop, now, assignee=place.assignee, ended=place.ended_at is not None, queued=place.queued_at is not None
        )
        moved |= waits
        if place.ended_at is not None or place.opened_by is None:
            moved["opened_by"] = message
    if event.entered_from_order:
        moved["entered_from_order"] = event.entered_from_order
    if moved:
        await _moving(tuple(moved)).run(session, {**moved, "talk": conversation})
    if event.visible:
        await _tell(session, shop, conversation, event.message, profile, now)
    if "queued_at" in waits:
        await give_out(session, shop.merchant, now)
    if event.visible and event.message.role is Role.BUYER and (place.posture or shop.posture) == POSTURE:
        await ask_for_auto(session, shop.merchant, message, now)
    return Received(conversation, new=True)


async def ask_for_draft(
    session: AsyncSession, shop: ShopRow, conversation: uuid.UUID, profile: Profile | None, now: datetime
) -> None:
    """Put in the job that drafts the conversation's open turn, as urgent as its deadline."""
    priority = queue.deadline_priority(draft_deadline(now, profile)) if profile else queue.URGENT
    await draft_now(session, shop.merchant, conversation, now, priority)


async def _tell(
    session: AsyncSession,
    shop: ShopRow,
    conversation: uuid.UUID,
    message: Message,
    profile: Profile | None,
    now: datetime,
) -> None:
    await events.append(
        session, merchant=shop.merchant, shop=shop.id, topic="message.received", ref=str(conversation), at=now
    )
    if await _is_being_sent(session, conversation, message):
        return
    # Also for a colleague's or the platform's own message: it may overtake an open draft.
    await ask_for_draft(session, shop, conversation, profile, now)
    if message.role is Role.AGENT:
        await owe_said(session, shop, conversation, message, now)


async def _conversation(session: AsyncSession, shop: ShopRow, event: MessageEvent, now: datetime) -> Place:
    row: dict[str, Any] = {
        "merchant": shop.merchant,
        "id": uuid.uuid4(),
        "shop": shop.id,
        "platform_conversation_id": event.conversation,
        "created_at": now,
        "updated_at": now,
    }
    if event.buyer:
        told = {
            "buyer": uuid.uuid4(),
            "platform_buyer_id": event.buyer,
            "order_key": event.order_key,
            "nickname": storable(event.nickname) if event.nickname else None,
        }
        (place,) = await _ADD_BOTH.all(session, {**row, **told})
    else:
        (place,) = await _ADD_CONVERSATION.all(session, {**row, "buyer": None})
    return Place(*place)


async def _is_being_sent(session: AsyncSession, conversation: uuid.UUID, message: Message) -> bool:
    """Whether this looks like the echo of a reply whose receipt we do not have yet.

    It is kept like anybody's message; the sender completes it with the receipt and asks for the next draft itself.
    """
    if message.role is not Role.AGENT:
        return False
    on_the_way = await session.scalars(
        select(OutboxRow.text).where(
            OutboxRow.conversation == conversation,
            OutboxRow.state == ReplyState.SENDING,
            OutboxRow.platform_message_id.is_(None),
        )
    )
    return any(text.strip() == message.text.strip() for text in on_the_way)


async def _insert(
    session: AsyncSession,
    shop: ShopRow,
    conversation: uuid.UUID,
    event: MessageEvent,
    now: datetime,
    trace: str | None,
    card: str | None,
) -> uuid.UUID | None:
    """Our id of the message; None when it is known."""
    message = event.message
    row = {
        "merchant": shop.merchant,
        "id": uuid.uuid4(),
        "conversation": conversation,
        "platform_message_id": message.id,
        "role": message.role,
        "kind": message.kind,
        "text": storable(message.text),
        "visible": event.visible,
        "trace": trace,
        "order_id": message.order_id,
        "product_id": message.product_id,
        "agent": storable(message.agent) if message.agent else None,
        "sent_by": message.sent_by,
        "received_at": now,
        "recalled_at": message.recalled_at,
        "card": card,
        **_told_late(event, now),
    }
    added = await _ADD_MESSAGE.first(session, row)
    return None if added is None else added[0]


async def _complete(session: AsyncSession, conversation: uuid.UUID, event: MessageEvent, now: datetime) -> None:
    """A message that is known: its place in the conversation may not be, when our own sender wrote the row."""
    told = {name: value for name, value in _told_late(event, now).items() if value is not None}
    if not told:
        return
    row = (MessageRow.conversation == conversation) & (MessageRow.platform_message_id == event.message.id)
    # Without a sequence the row's time is our own guess; with one everything has been told before.
    await session.execute(update(MessageRow).where(row, MessageRow.sequence.is_(None)).values(**told))


def _told_late(event: MessageEvent, now: datetime) -> dict[str, Any]:
    """What a receipt does not tell of a message that we sent."""
    sent, media = event.message.sent_at, event.message.media
    whole = event.sequence is not None and -_LARGEST <= event.sequence <= _LARGEST
    return {
        "sequence": event.sequence if whole else None,
        "sent_at": min(sent, now + _AHEAD) if sent else None,
        "media": media.model_copy(update={"url": storable(media.url)}).model_dump(mode="json") if media else None,
    }


def is_storable_id(value: str) -> bool:
    """Whether ``value`` can be a platform's id at all, as far as a database can keep it."""
    return len(value) <= _LONGEST_ID and not _UNSTORABLE.search(value)


def storable(text: str) -> str:
    """``text`` without what a database has no place for."""
    return _UNSTORABLE.sub("\ufffd", text)


def _check_ids(event: MessageEvent) -> None:
    if not event.message.id:
        raise ValueError("a message without a platform id cannot be told from its second delivery")
    ids = (event.message.id, event.message.order_id, event.message.product_id, event.conversation, event.buyer)
    for one in (*ids, event.order_key, event.entered_from_order):
        if one is not None and not is_storable_id(one):
            raise ValueError("a platform id is longer than any, or holds what is no text")
