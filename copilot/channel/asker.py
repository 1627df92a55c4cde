"""Who writes in a conversation, and which orders it speaks of: those the platform tied to it, and those only named.

It reads rows and believes nobody: a named number is a question to the platform, not a claim to an order.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select

from copilot.channel.called import Tags
from copilot.channel.orders import typed_numbers
from copilot.domain.message import Kind, Role, SentBy
from copilot.store.direct import Direct, Transaction
from copilot.store.tables import BuyerRow, ConversationRow, MessageRow, ShopRow, table_of

_LAST: Final = 200
"""How many messages are looked at."""
_MACHINE: Final = frozenset({SentBy.AUTO, SentBy.PLATFORM_BOT})


@dataclass(frozen=True)
class Asker:
    """A conversation's buyer as far as they are known.

    ``tied`` are order numbers of the buyer's cards and of the page the chat was opened from, ``named`` those that were
    typed in the open turn or sent by the shop; ``named_lately`` those of both that came since the last look-up, and
    ``earlier`` those that were typed in turns that are answered. ``level`` and ``tags`` are the buyer's as kept.
    """

    shop: ShopRow
    conversation: uuid.UUID
    platform_conversation: str
    buyer: uuid.UUID | None
    platform_buyer: str | None
    order_key: str | None
    nickname: str | None
    looked_up_at: datetime | None
    tied: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    named_lately: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    level: str | None = None
    tags: Tags = field(default_factory=Tags)

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every number that the conversation speaks of, the platform's ties first."""
        return tuple(dict.fromkeys([*self.tied, *self.named]))


_SHOP: Final = table_of(ShopRow)
_OF_TALK: Final = (
    ConversationRow.platform_conversation_id,
    ConversationRow.looked_up_at,
    ConversationRow.entered_from_order,
    ConversationRow.updated_at,
)
_OF_BUYER: Final = (
    BuyerRow.id,
    BuyerRow.platform_buyer_id,
    BuyerRow.order_key,
    BuyerRow.nickname,
    BuyerRow.level,
    BuyerRow.told_tags,
    BuyerRow.tags,
    BuyerRow.dropped_tags,
)
_ABOUT: Final = Direct(
    select(*_OF_TALK, *_OF_BUYER, *_SHOP.columns)
    .select_from(ConversationRow)
    .join(ShopRow, ShopRow.id == ConversationRow.shop)
    .outerjoin(BuyerRow, BuyerRow.id == ConversationRow.buyer)
    .where(ConversationRow.id == bindparam("conversation"))
)


@dataclass(frozen=True)
class _Said:
    """What of a message tells of orders."""

    order_id: str | None
    received_at: datetime
    role: str
    kind: str
    text: str
    sent_by: str | None


_PLACE: Final = (func.coalesce(MessageRow.sent_at, MessageRow.received_at), MessageRow.sequence, MessageRow.position)
_MESSAGES: Final = Direct(
    select(*(getattr(MessageRow, one.name) for one in fields(_Said)))
    .where(
        MessageRow.conversation == bindparam("talk", type_=MessageRow.conversation.type),
        MessageRow.visible,
        MessageRow.recalled_at.is_(None),
    )
    .order_by(*(one.desc() for one in _PLACE))
    .limit(_LAST)
)


async def who_asks(session: Transaction, conversation: uuid.UUID) -> Asker | None:
    """The conversation's buyer and numbers; None when the session's merchant has no such conversation."""
    about = await _ABOUT.first(session, {"conversation": conversation})
    if about is None:
        return None
    platform_conversation, since, entered_from, updated_at, *of_buyer = about[:12]
    buyer, platform_buyer, order_key, nickname, level, told, own, dropped = of_buyer
    shop = ShopRow(**dict(zip(_SHOP.columns.keys(), about[12:], strict=True)))
    messages = await _messages(session, conversation)
    cards = [message for message in messages if message.order_id]
    # What the buyer or the platform put there the platform had chosen from the buyer's orders; a colleague's card it
    # may not have.
    tied = [(one.order_id or "", one.received_at) for one in cards if one.role in (Role.BUYER, Role.SYSTEM)]
    if entered_from:
        tied.append((entered_from, updated_at))
    named = [(one.order_id or "", one.received_at) for one in cards if one.role in (Role.AGENT, Role.BOT)]
    start = _open_from(messages)
    named += [(number, one.received_at) for one in _typed(messages[start:]) for number in typed_numbers(one.text)]
    return Asker(
        shop=shop,
        conversation=conversation,
        platform_conversation=platform_conversation,
        buyer=buyer,
        platform_buyer=platform_buyer,
        order_key=order_key,
        nickname=nickname,
        looked_up_at=since,
        tied=_distinct(number for number, _ in tied),
        named=_distinct(number for number, _ in named),
        named_lately=_distinct(number for number, at in [*tied, *named] if since is None or at >= since),
        earlier=_distinct(number for one in _typed(messages[:start]) for number in typed_numbers(one.text)),
        level=level,
        tags=Tags(told, own or (), dropped or ()),
    )


async def _messages(session: Transaction, conversation: uuid.UUID) -> Sequence[_Said]:
    """The last messages, oldest first, as people see them."""
    newest = await _MESSAGES.all(session, {"talk": conversation})
    return [_Said(*row) for row in reversed(newest)]


def _open_from(messages: Sequence[_Said]) -> int:
    """Where the open turn begins: behind what a person of the shop last wrote."""
    start = 0
    for position, message in enumerate(messages, 1):
        if message.role == Role.AGENT and message.sent_by not in _MACHINE:
            start = position
    return start


def _typed(messages: Sequence[_Said]) -> list[_Said]:
    return [one for one in messages if one.role == Role.BUYER and one.kind in (Kind.TEXT, Kind.OTHER)]


def _distinct(numbers: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(numbers))
