"""Who writes in a conversation, and which orders it speaks of: those the platform tied to it, and those only named.

It reads rows and believes nobody: a named number is a question to the platform, not a claim to an order.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.orders import typed_numbers
from copilot.domain.message import Kind, Role, SentBy
from copilot.store.tables import BuyerRow, ConversationRow, MessageRow, ShopRow

_LAST: Final = 200
"""How many messages are looked at."""
_MACHINE: Final = frozenset({SentBy.AUTO, SentBy.PLATFORM_BOT})


@dataclass(frozen=True)
class Asker:
    """A conversation's buyer as far as they are known.

    ``tied`` are order numbers of the buyer's cards and of the page the chat was opened from, ``named`` those that were
    typed in the open turn or sent by the shop; ``named_lately`` those of both that came since the last look-up, and
    ``earlier`` those that were typed in turns that are answered.
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

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every number that the conversation speaks of, the platform's ties first."""
        return tuple(dict.fromkeys([*self.tied, *self.named]))


_ABOUT: Final = (
    select(ConversationRow, ShopRow, BuyerRow)
    .join(ShopRow, ShopRow.id == ConversationRow.shop)
    .outerjoin(BuyerRow, BuyerRow.id == ConversationRow.buyer)
    .where(ConversationRow.id == bindparam("conversation"))
)


async def who_asks(session: AsyncSession, conversation: uuid.UUID) -> Asker | None:
    """The conversation's buyer and numbers; None when the session's merchant has no such conversation."""
    about = (await session.execute(_ABOUT, {"conversation": conversation})).one_or_none()
    if about is None:
        return None
    row, shop, buyer = about
    messages = await _messages(session, conversation)
    cards = [message for message in messages if message.order_id]
    # What the buyer or the platform put there the platform had chosen from the buyer's orders; a colleague's card it
    # may not have.
    tied = [(one.order_id or "", one.received_at) for one in cards if one.role in (Role.BUYER, Role.SYSTEM)]
    if row.entered_from_order:
        tied.append((row.entered_from_order, row.updated_at))
    named = [(one.order_id or "", one.received_at) for one in cards if one.role in (Role.AGENT, Role.BOT)]
    start = _open_from(messages)
    named += [(number, one.received_at) for one in _typed(messages[start:]) for number in typed_numbers(one.text)]
    since = row.looked_up_at
    return Asker(
        shop=shop,
        conversation=row.id,
        platform_conversation=row.platform_conversation_id,
        buyer=buyer.id if buyer else None,
        platform_buyer=buyer.platform_buyer_id if buyer else None,
        order_key=buyer.order_key if buyer else None,
        nickname=buyer.nickname if buyer else None,
        looked_up_at=since,
        tied=_distinct(number for number, _ in tied),
        named=_distinct(number for number, _ in named),
        named_lately=_distinct(number for number, at in [*tied, *named] if since is None or at >= since),
        earlier=_distinct(number for one in _typed(messages[:start]) for number in typed_numbers(one.text)),
    )


async def _messages(session: AsyncSession, conversation: uuid.UUID) -> Sequence[MessageRow]:
    """The last messages, oldest first, as people see them."""
    place = (func.coalesce(MessageRow.sent_at, MessageRow.received_at), MessageRow.sequence, MessageRow.position)
    query = select(MessageRow).where(
        MessageRow.conversation == conversation, MessageRow.visible, MessageRow.recalled_at.is_(None)
    )
    newest = await session.scalars(query.order_by(*(one.desc() for one in place)).limit(_LAST))
    return newest.all()[::-1]


def _open_from(messages: Sequence[MessageRow]) -> int:
    """Where the open turn begins: behind what a person of the shop last wrote."""
    start = 0
    for position, message in enumerate(messages, 1):
        if message.role == Role.AGENT and message.sent_by not in _MACHINE:
            start = position
    return start


def _typed(messages: Sequence[MessageRow]) -> list[MessageRow]:
    return [one for one in messages if one.role == Role.BUYER and one.kind in (Kind.TEXT, Kind.OTHER)]


def _distinct(numbers: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(numbers))
