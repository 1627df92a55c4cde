"""What a note in the platform's window says: the draft with what a card shows at a look, in the shop's language."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.desk.card import Reader, whole_card
from copilot.desk.card_shapes import Card
from copilot.desk.presenting.words import NOTE
from copilot.desk.words import Language, said
from copilot.domain.clock import Clock
from copilot.domain.draft import DraftState
from copilot.domain.message import Kind
from copilot.domain.reason import Reason
from copilot.sdk import Note, NoteOption
from copilot.store.tables import BuyerRow, ConversationRow, DraftRow, MessageRow, ShopRow

SHOWN = frozenset({DraftState.PROPOSED, DraftState.BLOCKED})
"""Drafts that somebody can do something about."""
_NOBODY_WAITS = frozenset({Reason.POSTURE_OFF, Reason.ALREADY_ANSWERED, Reason.NOTHING_TO_ANSWER})
EDIT_FIRST = "T2"
"""The stakes of what must not leave unread."""


def language_of(shop: ShopRow) -> Language:
    """The language that the shop's people read together."""
    return "zh" if shop.market.lower() == "cn" else "en"


def reader_of(shop: ShopRow, clock: Clock, language: Language | None = None) -> Reader:
    """Whoever looks at the platform's window: nobody in particular, on the shop's clock."""
    return Reader(language or language_of(shop), ZoneInfo(shop.zone), clock.now())


def is_shown(row: DraftRow) -> bool:
    """Whether the draft as it stands has a note: it can be decided, or a person must know why there is none."""
    return row.state in SHOWN and row.reason not in _NOBODY_WAITS


async def note_of(session: AsyncSession, row: DraftRow, shop: ShopRow, clock: Clock) -> Note:
    """The note of ``row``, which ``is_shown``."""
    reader = reader_of(shop, clock)
    card = await whole_card(session, row, reader)
    sendable = row.state == DraftState.PROPOSED and card.draft is not None
    place = await session.get_one(ConversationRow, (row.merchant, row.conversation))
    buyer = await session.get(BuyerRow, (row.merchant, place.buyer)) if place.buyer is not None else None
    return Note(
        shop=shop.platform_shop_id,
        conversation=place.platform_conversation_id,
        draft=str(row.id),
        revision=row.revision,
        text=card.draft.text if sendable and card.draft is not None else "",
        remarks=tuple(dict.fromkeys(_remarks(card, reader.language, sendable=sendable))),
        options=_options(card) if sendable else (),
        language=reader.language,
        buyer=buyer.nickname or buyer.platform_buyer_id if buyer is not None else None,
        asked=await _asked(session, row, reader.language),
        act=card.button if sendable and card.stakes != EDIT_FIRST else None,
    )


def _options(card: Card) -> tuple[NoteOption, ...]:
    options = card.draft.options if card.draft is not None else ()
    return tuple(NoteOption(key=one.id, title=card.titles.get(one.id, one.title), text=one.text) for one in options)


def _remarks(card: Card, language: Language, *, sendable: bool) -> Iterator[str]:
    """A sentence each, the most pressing first."""

    def words(key: str, **values: str) -> str:
        return said(NOTE, key, language).format(**values)

    if not sendable:
        yield words("held", why=card.reason_text or card.reason or card.state)
    elif card.stakes == EDIT_FIRST:
        yield words("edit_first")
    if card.escalation is not None:
        yield card.escalation.text
    if card.order is not None:
        yield words("order", id=card.order.id, why=card.order.why_text)
    findings = card.draft.verdict.findings if card.draft is not None else ()
    yield from (words("look_at", what=line) for line in card.look_at)
    yield from (words("finding", text=one.text, reason=one.reason) for one in findings)
    yield from card.unknown
    yield from (words("owes", what=one.text) for one in card.owes)
    yield from (one.text for one in card.beyond)
    if card.translation is not None and card.translation.text:
        yield words("translated", text=card.translation.text)


async def _asked(session: AsyncSession, row: DraftRow, language: Language) -> tuple[str, ...]:
    """What the draft answers, message by message; what is no text is named."""
    rows = await session.scalars(
        select(MessageRow)
        .where(
            MessageRow.conversation == row.conversation,
            MessageRow.platform_message_id.in_(row.burst),
            MessageRow.visible,
            MessageRow.recalled_at.is_(None),
        )
        .order_by(MessageRow.position)
    )
    return tuple(_said(one, language) for one in rows)


def _said(row: MessageRow, language: Language) -> str:
    if row.kind == Kind.TEXT:
        return row.text
    named = said(NOTE, row.kind, language).format(id=row.order_id or row.product_id or "?")
    return f"{named} {row.text}".strip()
