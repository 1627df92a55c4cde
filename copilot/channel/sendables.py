"""Pictures, videos, cards and texts at orders: kept beside their reply, handed to the adapter that can send them.

Owns what they are and what the platform of a shop takes; when they leave is the outbox's. The bytes of a file go when
its reply has ended.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, cast

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.domain.clock import Clock
from copilot.domain.message import Kind
from copilot.sdk import (
    Account,
    Adapter,
    CardKind,
    CardReply,
    Cards,
    FileReply,
    Images,
    OrderMessage,
    OrderMessages,
    Receipt,
    Unsupported,
    Videos,
)
from copilot.store.tables import OutboxRow, SendableRow

LARGEST: Final = 10 * 1024 * 1024
"""Bytes of a file; what platforms take of pictures."""
_LONGEST_NAME: Final = 100
_OF_ORDERS: Final = frozenset({CardKind.ORDER, CardKind.RETURN, CardKind.LOGISTICS})
ORDER_MESSAGE: Final = "order_message"
"""What a reply is whose text goes to an order instead of into the chat."""


@dataclass(frozen=True)
class File:
    """A picture or a video: its bytes, the media type that they have, a name for its place."""

    body: bytes = field(repr=False)
    content_type: str
    name: str = "file"

    @property
    def kind(self) -> str:
        """``image`` or ``video``."""
        return self.content_type.partition("/")[0]


@dataclass(frozen=True)
class Card:
    """A card: what it shows, the platform's id of that, and of which ``item`` in an order (``CardReply``).

    ``words`` are what its person approved in place of a card that the platform does not show.
    """

    shows: CardKind
    ref: str
    item: str | None = None
    words: str | None = field(default=None, repr=False)

    @property
    def kind(self) -> str:
        """As ``CardKind`` has it."""
        return self.shows.value

    @property
    def order(self) -> str | None:
        """The order that it shows something of; another buyer's shows what a stranger bought."""
        return self.ref if self.shows in _OF_ORDERS else None


@dataclass(frozen=True)
class AtOrder:
    """The place of a text that is left at an order: the platform's number of that."""

    order: str

    @property
    def kind(self) -> str:
        """``order_message``."""
        return ORDER_MESSAGE


Sendable = File | Card | AtOrder


def is_webp(body: bytes) -> bool:
    """A picture in a RIFF envelope."""
    return body[:4] == b"RIFF" and body[8:12] == b"WEBP"


_LOOKS: Final[dict[str, Callable[[bytes], bool]]] = {
    "image/png": lambda body: body.startswith(b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": lambda body: body.startswith(b"\xff\xd8\xff"),
    "image/gif": lambda body: body.startswith((b"GIF87a", b"GIF89a")),
    "image/webp": is_webp,
    "video/mp4": lambda body: body[4:8] == b"ftyp",
}


def file_of(body: bytes, content_type: str, name: str) -> File | None:
    """``body`` as a file; None when it is too large, empty, or not what its type says."""
    kind = content_type.partition(";")[0].strip().lower()
    looks = _LOOKS.get(kind)
    if looks is None or not 0 < len(body) <= LARGEST or not looks(body):
        return None
    plain = "".join(one for one in name if one.isprintable() and one not in '/\\"')
    return File(body, kind, plain[:_LONGEST_NAME] or "file")


def kinds_of(adapter: Adapter | None) -> frozenset[str]:
    """What the platform of ``adapter`` takes besides texts."""
    able = (("image", Images), ("video", Videos), (ORDER_MESSAGE, OrderMessages))
    found = {name for name, one in able if isinstance(adapter, one)}
    return frozenset(
        found | ({kind.value for kind in adapter.card_kinds} if isinstance(adapter, Cards) else set[str]())
    )


async def attach(session: AsyncSession, reply: uuid.UUID, merchant: uuid.UUID, given: Sendable, clock: Clock) -> None:
    """Keep what the queued ``reply`` is."""
    row = SendableRow(merchant=merchant, id=reply, created_at=clock.now())
    if isinstance(given, File):
        row.name, row.content_type, row.body = given.name, given.content_type, given.body
    else:
        row.ref = given.order if isinstance(given, AtOrder) else given.ref
        if isinstance(given, Card):
            row.item, row.words = given.item, given.words
    session.add(row)
    await session.flush()


async def of_reply(session: AsyncSession, row: OutboxRow) -> SendableRow | None:
    """What the reply is besides its text; None for a plain one."""
    if row.sendable is None:
        return None
    return (await session.scalars(select(SendableRow).where(SendableRow.id == row.id))).one()


async def let_go(session: AsyncSession, row: OutboxRow) -> None:
    """It has arrived, or never will: nobody needs a file's bytes or a card's words any more."""
    if row.sendable is not None:
        await session.execute(update(SendableRow).where(SendableRow.id == row.id).values(body=None, words=None))


async def send(
    adapter: Adapter, account: Account, place: tuple[str, str], row: OutboxRow, kept: SendableRow
) -> Receipt:
    """Send it to ``place``, the platform's ids of shop and conversation; ends as the adapter's call does.

    Raises:
        Unsupported: the adapter takes none of that kind any more.
    """
    if row.sendable not in kinds_of(adapter):
        raise Unsupported("the platform takes nothing of this kind")
    # Which protocols it has was just looked at.
    able, key, (shop, conversation) = cast(Any, adapter), str(row.id), place
    if row.sendable in ("image", "video"):
        file = FileReply(
            shop=shop,
            conversation=conversation,
            body=kept.body or b"",
            content_type=kept.content_type or "",
            name=kept.name or "file",
        )
        return await (able.send_image if row.sendable == "image" else able.send_video)(account, file, key)
    if row.sendable == ORDER_MESSAGE:
        message = OrderMessage(shop=shop, order=kept.ref or "", text=row.text)
        return await able.send_order_message(account, message, key)
    card = CardReply(
        shop=shop, conversation=conversation, kind=CardKind(row.sendable), ref=kept.ref or "", item=kept.item
    )
    return await able.send_card(account, card, key)


async def in_words(session: AsyncSession, row: OutboxRow) -> bool:
    """Make a reply of a card that the platform does not show a text, where its person approved one for that.

    Whether it is one now; from here on it is sent, read back and shown as what it is.
    """
    kept = await of_reply(session, row)
    if kept is None or not kept.words:
        return False
    row.text, row.sendable, kept.words = kept.words, None, None
    return True


def as_message(row: OutboxRow, kept: SendableRow | None) -> dict[str, Any]:
    """What the message of a reply is that has arrived: its kind, its words, what its card shows."""
    plain: dict[str, Any] = {"kind": Kind.TEXT, "text": row.text, "order_id": None, "product_id": None}
    if kept is None:
        return plain
    match row.sendable:
        case "image" | "video":
            return {**plain, "kind": Kind(row.sendable)}
        case "product":
            return {**plain, "kind": Kind.PRODUCT_CARD, "product_id": kept.ref}
        case "order_message":
            return {**plain, "order_id": kept.ref}
        case "return":
            return {**plain, "kind": Kind.RETURN_CARD, "order_id": kept.ref}
        case "coupon":
            return {**plain, "kind": Kind.COUPON_CARD, "text": kept.ref}
        case _:
            return {**plain, "kind": Kind.ORDER_CARD, "order_id": kept.ref}
