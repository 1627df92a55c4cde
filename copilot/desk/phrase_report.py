"""What a shop's phrases lack: those that nobody sends any more, and what buyers ask that none of them answers.

Read from what was said; nothing is counted by person, and buyers' words are masked.
"""

import asyncio
import re
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.desk.shapes import Moment
from copilot.domain.base import Shape
from copilot.domain.knowledge import Entry, Phrase
from copilot.domain.message import Role
from copilot.flow.questions import asks, questions_of
from copilot.flow.understand import language_of
from copilot.knowledge import records
from copilot.knowledge.kinds import PHRASES
from copilot.knowledge.memory import Index
from copilot.knowledge.tokens import Tokenizer
from copilot.knowledge.words import shipped_words
from copilot.policy.privacy import mask
from copilot.store.tables import ConversationRow, MessageRow, PhraseRow, ShopRow

MOST_DAYS: Final = 90
_MESSAGES: Final = 5_000
_QUESTIONS: Final = 1_000
_SHOWN: Final = 50
_FITS: Final = 0.35
"""From which score on a phrase is taken to answer a question."""
_ALIKE: Final = 0.5
"""Which share of their words two questions have in common to be one."""
_BLANK: Final = re.compile(r"\{[^{}\n]{1,40}\}")
_WORDED: Final = re.compile(r"\w")


class Unused(Shape):
    """A phrase that stands in no message of the shop; ``since`` is when it was last changed."""

    id: str
    language: str
    title: str
    text: str
    since: Moment


class Unanswered(Shape):
    """A question, masked, that no phrase answers; of so many conversations, in their own words alike."""

    question: str
    language: str
    conversations: int
    last_at: Moment


class PhraseReport(Shape):
    """What became of the phrases in so many days; ``whole`` is False where more was said than was read."""

    shop: str
    days: int
    unused: tuple[Unused, ...]
    unanswered: tuple[Unanswered, ...]
    whole: bool


@dataclass(frozen=True)
class _Said:
    conversation: uuid.UUID
    text: str
    at: datetime


@dataclass
class _Group:
    question: str
    language: str
    words: frozenset[str]
    last_at: datetime
    talks: set[uuid.UUID] = field(default_factory=set[uuid.UUID])


async def read_report(session: AsyncSession, shop: ShopRow, days: int, now: datetime) -> PhraseReport:
    """The report of the last ``days``."""
    since = now - timedelta(days=days)
    phrases = await records.listed(session, PHRASES, shop.id)
    changed = await session.execute(
        select(PhraseRow.slug, PhraseRow.language, PhraseRow.updated_at).where(PhraseRow.shop == shop.id)
    )
    stamps = {(slug, language): at for slug, language, at in changed.all()}
    ours = await _said(session, shop.id, Role.AGENT, since)
    theirs = await _said(session, shop.id, Role.BUYER, since)
    # Words are cut and compared by the thousand: other requests go on meanwhile.
    sent, (open_ones, all_read) = await asyncio.to_thread(
        lambda: (_sent(phrases, ours), _unanswered(phrases, theirs, shop.market, now))
    )
    return PhraseReport(
        shop=str(shop.id),
        days=days,
        unused=tuple(
            Unused(id=one.id, language=one.language, title=one.title, text=one.text, since=stamps[one.id, one.language])
            for one in phrases
            # One that is new has had no time to be used.
            if (one.id, one.language) not in sent and stamps[one.id, one.language] <= since
        ),
        unanswered=open_ones,
        whole=all_read and max(len(ours), len(theirs)) < _MESSAGES,
    )


async def _said(session: AsyncSession, shop: uuid.UUID, role: Role, since: datetime) -> list[_Said]:
    rows = await session.execute(
        select(MessageRow.conversation, MessageRow.text, MessageRow.received_at)
        .join(ConversationRow, ConversationRow.id == MessageRow.conversation)
        .where(
            ConversationRow.shop == shop,
            MessageRow.role == role,
            MessageRow.received_at >= since,
            MessageRow.recalled_at.is_(None),
            MessageRow.visible,
            MessageRow.text != "",
        )
        .order_by(MessageRow.received_at.desc())
        .limit(_MESSAGES)
    )
    return [_Said(*row) for row in rows.all()]


def _sent(phrases: Sequence[Phrase], said: Sequence[_Said]) -> set[tuple[str, str]]:
    """The phrases of which the longest fixed piece stands in a message, whatever was filled in or put around it."""
    texts = [_folded(one.text) for one in said]
    pieces = {(one.id, one.language): max(map(_folded, _BLANK.split(one.text)), key=len) for one in phrases}
    return {key for key, piece in pieces.items() if piece and any(piece in text for text in texts)}


def _unanswered(
    phrases: Sequence[Phrase], said: Sequence[_Said], market: str, now: datetime
) -> tuple[tuple[Unanswered, ...], bool]:
    """The questions without a phrase, the most frequent on top, and whether all were read."""
    index, tokenizer = Index(map(_as_entry, phrases)), Tokenizer(shipped_words())
    groups: list[_Group] = []
    read = 0
    for one in said:
        language = language_of(one.text, fallback="") or "zh"
        for question in questions_of(mask(one.text, market=market).text, language):
            if read == _QUESTIONS:
                break
            if not asks(question, language):
                continue
            read += 1
            best = index.find(question, language=language, at=now, limit=1)
            if best and best[0].score >= _FITS:
                continue
            words = frozenset(tokenizer.bag(question))
            group = next((known for known in groups if known.language == language and _alike(known.words, words)), None)
            if group is None:
                group = _Group(question, language, words, one.at)
                groups.append(group)
            group.talks.add(one.conversation)
    found = sorted(groups, key=lambda group: (-len(group.talks), group.question))[:_SHOWN]
    shown = (
        Unanswered(question=one.question, language=one.language, conversations=len(one.talks), last_at=one.last_at)
        for one in found
    )
    return tuple(shown), read < _QUESTIONS


def _as_entry(phrase: Phrase) -> Entry:
    """A phrase as something that answers: its name is what it is asked by."""
    return Entry(
        id=phrase.id, language=phrase.language, question=phrase.title, answer=phrase.text, category=phrase.category
    )


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one | other) and len(one & other) / len(one | other) >= _ALIKE


def _folded(text: str) -> str:
    """Letters, digits and signs of writing alone: what stands between them changes with every hand."""
    return "".join(_WORDED.findall(unicodedata.normalize("NFKC", text).casefold()))
