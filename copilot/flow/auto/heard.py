"""A buyer's message as the rows have it: what was said around it, and which question of a greeting it chooses.

It reads and decides nothing about what leaves.
"""

import re
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.channel.auto import GREETING
from copilot.domain.auto import Why
from copilot.domain.message import Role, SentBy
from copilot.flow.understand import language_of
from copilot.store.tables import (
    AutoOutcomeRow,
    ConversationRow,
    MerchantRow,
    MessageRow,
    OutboxRow,
    ShopRow,
)

LATE: Final = timedelta(minutes=10)
"""A message that was said longer ago than this is history that somebody brings in."""
_BEFORE: Final = 6
_MACHINES: Final = (SentBy.AUTO, SentBy.PLATFORM_BOT)
_NUMBER: Final = re.compile(r"\s*(\d{1,2})\s*[.。、)）]?\s*")


@dataclass(frozen=True)
class Heard:
    """The message, whose it is, and what surrounds it: ``before`` are earlier visible messages, the newest first."""

    message: MessageRow
    talk: ConversationRow
    shop: ShopRow
    merchant: str
    before: Sequence[MessageRow]
    answered: bool
    sent: frozenset[str]
    greeting: Mapping[str, Any] | None

    @property
    def posture(self) -> str:
        """The conversation's posture, else the shop's."""
        return self.talk.posture or self.shop.posture

    @property
    def opens(self) -> bool:
        """Whether the message opened the session that is open now."""
        return self.talk.opened_by == self.message.id

    def is_late(self, now: datetime) -> bool:
        """Whether it was said too long ago to be answered by itself."""
        return now - min(self.message.sent_at or self.message.received_at, self.message.received_at) > LATE

    def language(self, fallback: str) -> str:
        """The language of the message, of the buyer's earlier ones where its words show none, else ``fallback``."""
        said = [one.text for one in (self.message, *self.before) if one.role == Role.BUYER]
        for text in said:
            if found := language_of(text, fallback="") or None:
                return found
        return fallback

    @property
    def card(self) -> str | None:
        """The entry whose question the buyer asks for: by a tap, or by its number or words below a greeting."""
        if self.message.card is not None:
            return self.message.card
        cards: Sequence[Mapping[str, str]] = (self.greeting or {}).get("cards", ())
        if not cards or self.message.role != Role.BUYER:
            return None
        said = _folded(self.message.text)
        for card in cards:
            if said == _folded(card["question"]):
                return card["id"]
        chosen = _NUMBER.fullmatch(said)
        if chosen is None or not self._follows_machine:
            return None
        at = int(chosen[1]) - 1
        return cards[at]["id"] if 0 <= at < len(cards) else None

    @property
    def _follows_machine(self) -> bool:
        """Whether the shop's last word was a fixed text: then a bare number chooses below it, and says nothing else."""
        last = next((one for one in self.before if one.role in (Role.AGENT, Role.BOT)), None)
        return last is not None and last.sent_by == SentBy.AUTO


async def hear(session: AsyncSession, message: uuid.UUID) -> Heard | None:
    """The message with its surroundings, its conversation locked; None when there is none or it is done with."""
    row = await session.scalar(select(MessageRow).where(MessageRow.id == message))
    if row is None or row.recalled_at is not None:
        return None
    # Two messages of one conversation are decided one after the other: what fires once a session fires once.
    talk = (
        await session.scalars(select(ConversationRow).where(ConversationRow.id == row.conversation).with_for_update())
    ).one()
    done = select(AutoOutcomeRow.id).where(AutoOutcomeRow.message == message)
    if await session.scalar(done) is not None:
        return None
    shop, merchant = (
        await session.execute(
            select(ShopRow, MerchantRow.slug).join(MerchantRow, MerchantRow.id == ShopRow.merchant)
            .where(ShopRow.id == talk.shop)
        )
    ).one()  # fmt: skip
    since = await session.scalar(select(MessageRow.position).where(MessageRow.id == talk.opened_by)) or 0
    return Heard(
        message=row,
        talk=talk,
        shop=shop,
        merchant=merchant,
        before=await _before(session, row),
        answered=await _answered(session, row),
        sent=await _sent(session, row.conversation, since),
        greeting=await _greeting(session, talk),
    )


async def _before(session: AsyncSession, row: MessageRow) -> Sequence[MessageRow]:
    said = select(MessageRow).where(
        MessageRow.conversation == row.conversation,
        MessageRow.position < row.position,
        MessageRow.visible,
        MessageRow.recalled_at.is_(None),
    )
    return (await session.scalars(said.order_by(MessageRow.position.desc()).limit(_BEFORE))).all()


async def _answered(session: AsyncSession, row: MessageRow) -> bool:
    """Whether a person of the shop has spoken behind the message."""
    person = select(MessageRow.id).where(
        MessageRow.conversation == row.conversation,
        MessageRow.position > row.position,
        MessageRow.visible,
        MessageRow.role == Role.AGENT,
        func.coalesce(MessageRow.sent_by, "").not_in(_MACHINES),
    )
    return await session.scalar(person.limit(1)) is not None


async def _sent(session: AsyncSession, conversation: uuid.UUID, since: int) -> frozenset[str]:
    """The auto replies that fired in this session."""
    rows = await session.scalars(
        select(AutoOutcomeRow.tried)
        .join(MessageRow, MessageRow.id == AutoOutcomeRow.message)
        .where(AutoOutcomeRow.conversation == conversation, MessageRow.position >= since)
    )
    return frozenset(
        one["id"] for tried in rows for one in tried if one["kind"] == "auto" and one["why"] == Why.FIRED
    )  # fmt: skip


async def _greeting(session: AsyncSession, talk: ConversationRow) -> Mapping[str, Any] | None:
    """The questions of this session's greeting, where it had some."""
    if talk.opened_by is None:
        return None
    return await session.scalar(
        select(OutboxRow.cards).where(OutboxRow.source_kind == GREETING, OutboxRow.source_id == talk.opened_by)
    )


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
