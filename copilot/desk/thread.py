"""One conversation as its page shows it: what was said, what is on its way, what is owed, and the card.

Owns the reading of rows into the shapes of the interface; it asks no platform.
"""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.at_order import proposed
from copilot.channel.auto import NOT_NEEDED
from copilot.desk.buyer_tags import tags_of
from copilot.desk.card import Reader, newest_card, owed_text
from copilot.desk.orders import last_told
from copilot.desk.shapes import PersonShown, ProfileShown, TranslationShown
from copilot.desk.thread_shapes import CommitmentShown, DraftRef, MediaShown, MessageShown, ReplyShown, Thread
from copilot.desk.translations import kept, of_message
from copilot.desk.words import REPLY_ERRORS, Language, said
from copilot.domain.message import Media, Role
from copilot.sdk import BuyerClosed
from copilot.store.tables import (
    BuyerRow,
    CommitmentRow,
    ConversationRow,
    DraftRow,
    MessageRow,
    OutboxRow,
    PersonRow,
)

_SHOWN: Final = 300
"""How many messages a thread shows, the newest ones."""

REPLIES_SHOWN: Final = timedelta(hours=24)


async def read_thread(session: AsyncSession, conversation: ConversationRow, reader: Reader, event: str) -> Thread:
    """The thread of ``conversation``; ``event`` is the place in the stream from which to go on."""
    draft = await newest_draft(session, conversation.id)
    rows = await _messages(session, conversation.id)
    senders = await _senders(session, conversation.id, rows)
    translations = await kept(session, conversation.id, reader.language)
    return Thread(
        id=str(conversation.id),
        shop=str(conversation.shop),
        buyer=await _buyer(session, conversation),
        messages=tuple(
            _message(row, senders, of_message(row, translations, reader.language, model=reader.model)) for row in rows
        ),
        replies=await _replies(session, conversation, reader),
        orders=(await last_told(session, conversation.id)).shown(),
        commitments=await _commitments(session, conversation.id, reader),
        card=await newest_card(session, draft, reader),
        event=event,
        now=reader.now,
    )


async def newest_draft(session: AsyncSession, conversation: uuid.UUID) -> DraftRow | None:
    """The conversation's newest draft, whatever became of it."""
    return await session.scalar(
        select(DraftRow)
        .where(DraftRow.conversation == conversation)
        .order_by(DraftRow.created_at.desc(), DraftRow.id)
        .limit(1)
    )


async def _buyer(session: AsyncSession, conversation: ConversationRow) -> ProfileShown:
    row = await session.scalar(select(BuyerRow).where(BuyerRow.id == conversation.buyer))
    if row is None:
        return ProfileShown()
    tags = tags_of(row).shown
    return ProfileShown(id=row.platform_buyer_id, nickname=row.nickname, level=row.level or None, tags=tags)


async def _messages(session: AsyncSession, conversation: uuid.UUID) -> list[MessageRow]:
    when = func.coalesce(MessageRow.sent_at, MessageRow.received_at)
    newest = await session.scalars(
        select(MessageRow)
        .where(MessageRow.conversation == conversation, MessageRow.visible)
        .order_by(when.desc(), MessageRow.sequence.desc().nulls_first(), MessageRow.position.desc())
        .limit(_SHOWN)
    )
    return list(newest)[::-1]


async def _senders(
    session: AsyncSession, conversation: uuid.UUID, messages: Sequence[MessageRow]
) -> dict[str, PersonShown]:
    """Who sent what left through us, by the platform's id of the message."""
    ours = [row.platform_message_id for row in messages if row.role == Role.AGENT]
    if not ours:
        return {}
    sent = await session.execute(
        select(OutboxRow.platform_message_id, OutboxRow.by).where(
            OutboxRow.conversation == conversation, OutboxRow.platform_message_id.in_(ours)
        )
    )
    by = {message: person for message, person in sent.all() if message and person}
    names = await _names(session, set(by.values()))
    return {message: PersonShown(id=one, name=names[one]) for message, one in by.items() if one in names}


def _message(row: MessageRow, senders: dict[str, PersonShown], translation: TranslationShown | None) -> MessageShown:
    media = Media.model_validate(row.media) if row.media and not row.recalled_at else None
    draft = row.draft.get("id") if row.draft else None
    return MessageShown(
        id=str(row.id),
        role=row.role,
        kind=row.kind,
        # Taken back by its writer: that it was there stays, its words go.
        text="" if row.recalled_at else row.text,
        sent_at=row.sent_at or row.received_at,
        order_id=row.order_id,
        product_id=row.product_id,
        media=MediaShown(url=f"/api/media/{row.id}", width=media.width, height=media.height) if media else None,
        sent_by=row.sent_by,
        agent=row.agent,
        by=senders.get(row.platform_message_id),
        draft=DraftRef(id=draft) if draft else None,
        recalled_at=row.recalled_at,
        translation=translation,
    )


async def _replies(session: AsyncSession, talk: ConversationRow, reader: Reader) -> tuple[ReplyShown, ...]:
    rows = (
        await session.scalars(
            select(OutboxRow)
            .where(
                OutboxRow.conversation == talk.id,
                OutboxRow.state != "sent",
                # A held one whose words were sent again under a new id.
                OutboxRow.error.is_distinct_from("replaced"),
                OutboxRow.error.is_distinct_from(NOT_NEEDED),
                (OutboxRow.updated_at > reader.now - REPLIES_SHOWN)
                | OutboxRow.state.in_(("unconfirmed", "handed_over")),
            )
            .order_by(OutboxRow.position)
        )
    ).all()
    names = await _names(session, {row.by for row in rows if row.by})
    elsewhere: dict[uuid.UUID, tuple[str, ...]] = {}
    if reader.order_messages and BuyerClosed.code in {row.error for row in rows}:
        elsewhere = await proposed(session, talk)
    return tuple(_reply(row, names, reader.language, elsewhere.get(row.id, ())) for row in rows)


def _reply(row: OutboxRow, names: dict[str, str], language: Language, at_orders: tuple[str, ...]) -> ReplyShown:
    return ReplyShown(
        id=str(row.id),
        source=row.source_kind,
        source_id=str(row.source_id),
        text=row.text,
        sendable=row.sendable,
        state=row.state,
        error=said(REPLY_ERRORS, row.error, language) if row.error else None,
        error_code=row.error,
        at=row.created_at,
        by=names.get(row.by) if row.by else None,
        at_orders=at_orders if row.sendable is None else (),
    )


async def _names(session: AsyncSession, by: set[str]) -> dict[str, str]:
    if not by:
        return {}
    rows = await session.execute(select(PersonRow.id, PersonRow.name))
    return {str(person): name for person, name in rows.all() if str(person) in by}


async def _commitments(session: AsyncSession, conversation: uuid.UUID, reader: Reader) -> tuple[CommitmentShown, ...]:
    rows = await session.scalars(
        select(CommitmentRow)
        .where(CommitmentRow.conversation == conversation)
        .order_by(CommitmentRow.due.nulls_last(), CommitmentRow.created_at)
    )
    return tuple(
        CommitmentShown(
            id=str(row.id),
            what=row.what,
            text=owed_text(row.what, row.due, reader),
            due=row.due,
            state=row.state,
            order_id=row.order_id,
        )
        for row in rows
    )
