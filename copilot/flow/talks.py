"""Reads conversations out of the store as the flow's vocabulary: who spoke, in which order, from which draft.

Owns the order in which a talk is read; writes nothing.
"""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.called import Tags
from copilot.domain.conversation import Buyer, Conversation
from copilot.domain.draft import DraftView
from copilot.domain.errors import FlowError
from copilot.domain.message import DraftMark, Kind, Media, Message, Role, SentBy
from copilot.flow.remembered import kept_about
from copilot.flow.understand.cases import derive_cases, recall
from copilot.flow.understand.story import Book, Remembered
from copilot.store.direct import Direct, Transaction
from copilot.store.tables import BuyerRow, ConversationRow, DraftRow, MerchantRow, MessageRow, ShopRow, table_of

EDITED = "edited"
"""The flag of a draft whose text an agent changed."""

# A talk that never ends is read from here on; what lies before it has been answered long ago.
LONGEST = 500


@dataclass(frozen=True)
class Talk:
    """A conversation with its shop; ``received`` and ``traces`` say when and in which delivery each message came.

    ``memory`` are the buyer's cases as they are kept, the oldest first.
    """

    conversation: Conversation
    shop: ShopRow
    merchant_slug: str
    received: dict[str, datetime]
    traces: dict[str, str] = field(default_factory=dict[str, str])
    memory: tuple[Remembered, ...] = ()

    @cached_property
    def book(self) -> Book:
        """The cases of the messages together with those that are remembered."""
        return recall(self.conversation, self.memory)

    @property
    def with_cases(self) -> Conversation:
        """The conversation with its cases as they stand before the unanswered turn, promises among them."""
        found = self.conversation.model_copy(update={"cases": self.book.cases})
        return found.model_copy(update={"cases": derive_cases(found)})


# Each way to the database costs a draft about as much as a step of its flow.
_SHOP = table_of(ShopRow)
_OF_TALK = (ConversationRow.entered_from_order, MerchantRow.slug)
_OF_BUYER = (
    BuyerRow.id,
    BuyerRow.platform_buyer_id,
    BuyerRow.nickname,
    BuyerRow.level,
    BuyerRow.told_tags,
    BuyerRow.tags,
    BuyerRow.dropped_tags,
)
_ABOUT = Direct(
    select(*_OF_TALK, *_OF_BUYER, *_SHOP.columns)
    .select_from(ConversationRow)
    .join(ShopRow, ShopRow.id == ConversationRow.shop)
    .join(MerchantRow, MerchantRow.id == ConversationRow.merchant)
    .outerjoin(BuyerRow, BuyerRow.id == ConversationRow.buyer)
    .where(ConversationRow.id == bindparam("conversation"))
)


class _Said(NamedTuple):
    """What of a message's row is read."""

    platform_message_id: str
    role: str
    kind: str
    text: str
    sent_at: datetime | None
    received_at: datetime
    order_id: str | None
    product_id: str | None
    media: dict[str, Any] | None
    agent: str | None
    sent_by: str | None
    recalled_at: datetime | None
    draft: dict[str, Any] | None
    trace: str | None


_WHEN = func.coalesce(MessageRow.sent_at, MessageRow.received_at)
_NEWEST = Direct(
    select(*(getattr(MessageRow, name) for name in _Said._fields))
    .where(MessageRow.conversation == bindparam("talk", type_=MessageRow.conversation.type), MessageRow.visible)
    .order_by(_WHEN.desc(), MessageRow.sequence.desc().nulls_first(), MessageRow.position.desc())
    .limit(LONGEST)
)


async def load_talk(session: AsyncSession, conversation: uuid.UUID) -> Talk:
    """The conversation with its messages and cases, and its shop; ``FlowError`` when it is not the merchant's."""
    about = await _ABOUT.first(session, {"conversation": conversation})
    if about is None:
        raise FlowError(f"there is no conversation {conversation}")
    entered_from_order, slug, buyer, platform_buyer, nickname, level, *tags = about[:9]
    shop = ShopRow(**dict(zip(_SHOP.columns.keys(), about[9:], strict=True)))
    rows = await _newest(session, conversation)
    drafts = await _drafts_of(session, rows)
    messages = _behind_their_questions(rows, {message: set(one.burst) for message, one in drafts.items()})
    memory, promises = await kept_about(session, conversation, buyer)
    found = Conversation(
        id=str(conversation),
        messages=tuple(_message(message, drafts.get(message.platform_message_id)) for message in messages),
        platform=shop.platform,
        market=shop.market,
        shop=shop.slug,
        buyer=Buyer(id=platform_buyer, nickname=nickname, level=level or None, tags=Tags(*tags).shown)
        if buyer
        else Buyer(),
        commitments=promises,
        entered_from_order=entered_from_order,
    )
    received = {message.platform_message_id: message.received_at for message in messages}
    traces = {message.platform_message_id: message.trace for message in messages if message.trace}
    return Talk(found, shop, slug, received, traces, memory)


async def _newest(session: Transaction, conversation: uuid.UUID) -> list["_Said"]:
    """What people may see, in the order of the talk: by the platform's time and number, then by arrival."""
    rows = await _NEWEST.all(session, {"talk": conversation})
    return [_Said(*row) for row in reversed(rows)]


async def _drafts_of(session: AsyncSession, rows: list[_Said]) -> dict[str, DraftRow]:
    """The drafts that messages came from, by the platform's id of the message."""
    named = {row.platform_message_id: uuid.UUID(row.draft["id"]) for row in rows if row.draft and row.draft.get("id")}
    if not named:
        return {}
    found = await session.scalars(select(DraftRow).where(DraftRow.id.in_(set(named.values()))))
    drafts = {draft.id: draft for draft in found}
    return {message: drafts[draft] for message, draft in named.items() if draft in drafts}


def _behind_their_questions(rows: list[_Said], answers: dict[str, set[str]]) -> list[_Said]:
    """A reply from a draft stands right after the messages that the draft answers.

    What the buyer wrote while it was on its way is not answered by it, whatever the clocks say.
    """
    placed: list[_Said] = []
    for row in rows:
        answered = answers.get(row.platform_message_id)
        at = len(placed)
        if answered:
            # Only the buyer's later words are passed; whoever else spoke in between did so before this reply.
            while at and placed[at - 1].role == Role.BUYER and placed[at - 1].platform_message_id not in answered:
                at -= 1
            # Nothing of what it answers is there any more (removed): it stays where it was.
            at = at if at else len(placed)
        placed.insert(at, row)
    return placed


def _mark(draft: DraftRow) -> DraftMark:
    """What the draft put before the buyer; of one that an agent reworded only the text can tell."""
    view = DraftView.model_validate(draft.view) if draft.view else None
    mark = DraftMark(id=str(draft.id), revision=draft.revision)
    if view is None:
        return mark
    if view.named is not None:
        mark = mark.model_copy(update={"named": view.named, "order": view.order})
    if view.text != draft.text or EDITED in view.flags:
        return mark
    return mark.model_copy(update={"offered": view.options, "asks": view.asks})


def _message(row: _Said, draft: DraftRow | None) -> Message:
    return Message(
        id=row.platform_message_id,
        role=Role(row.role),
        kind=Kind(row.kind),
        text=row.text,
        sent_at=row.sent_at or row.received_at,
        order_id=row.order_id,
        product_id=row.product_id,
        media=Media.model_validate(row.media) if row.media else None,
        agent=row.agent,
        sent_by=SentBy(row.sent_by) if row.sent_by else None,
        recalled_at=row.recalled_at,
        draft=_mark(draft) if draft is not None else None,
    )


class StoredConversations:
    """The port ``Conversations`` over the store; one read per draft, so that all steps see the same words."""

    def __init__(self, conversation: Conversation) -> None:
        """Serve ``conversation``, which the driver has read."""
        self._conversation = conversation

    async def get(self, merchant: str, conversation: str) -> Conversation:
        """The conversation of this draft."""
        if conversation != self._conversation.id:
            raise FlowError(f"the draft is about another conversation than {conversation}")
        return self._conversation
