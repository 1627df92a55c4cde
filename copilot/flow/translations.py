"""Keeps what a conversation says in the languages of the people who read it: its messages and its open draft.

Runs in a job of its own, after a draft is on screen, so that nothing ever waits for it; each text is translated once. A
failing model is asked again a few times, later.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.model_use import forbids
from copilot.channel.tasks import TRANSLATE_TALK, translate_lock
from copilot.domain.clock import Clock
from copilot.domain.draft import DraftState, DraftView
from copilot.domain.fact import FactKind
from copilot.domain.message import Kind
from copilot.flow.judging import text_hash
from copilot.flow.masking import masked
from copilot.flow.shops import Rules, Shops
from copilot.flow.talks import Talk, load_talk
from copilot.flow.translating import READERS, Outcome, TranslationState, translated
from copilot.flow.understand.language import detect
from copilot.model.completion import ModelFailed
from copilot.model.translation import Translator
from copilot.policy.pairing import loosely_different
from copilot.store import events, queue, timers
from copilot.store.engine import Store
from copilot.store.tables import DraftRow, MessageRow, OutboxRow, PersonRow, TranslationRow

MESSAGE, DRAFT, TYPED = "message", "draft", "typed"
_MOST_LINES: Final = 20
_NEWEST: Final = 60
"""Older messages than these were read long ago; they are not translated afterwards."""
_TRIES: Final = 3
_AGAIN: Final = timedelta(seconds=20)


@dataclass(frozen=True)
class Translations:
    """The translations of a store; ``seconds`` bounds each question to the model."""

    store: Store
    shops: Shops
    clock: Clock
    translator: Translator
    seconds: float = 20.0

    async def later(self, merchant: uuid.UUID, conversation: uuid.UUID) -> None:
        """Translate what is new in the conversation, in a job of its own."""
        async with self.store.merchant(merchant) as session:
            await queue.defer(
                session, TRANSLATE_TALK, lock=translate_lock(conversation), merchant=merchant, ref=conversation
            )

    async def later_of_draft(self, merchant: uuid.UUID, draft: uuid.UUID) -> None:
        """The same for the conversation of a draft."""
        async with self.store.merchant(merchant) as session:
            conversation = await session.scalar(select(DraftRow.conversation).where(DraftRow.id == draft))
        if conversation is not None:
            await self.later(merchant, conversation)

    async def talk(self, merchant: uuid.UUID, conversation: uuid.UUID, attempt: int = 0) -> None:
        """Translate the open draft and the messages that nobody has translated yet."""
        async with self.store.merchant(merchant) as session:
            talk = await load_talk(session, conversation)
            languages = await readers(session)
            rows = await _messages(session, conversation)
            known = await _known(session, conversation)
            sources = await _sources(session, conversation)
            draft = await _open_draft(session, conversation)
        if forbids(talk.shop):
            return
        rules = self.shops.of_shop(talk.shop, talk.merchant_slug, self.clock.now())
        done = True
        for language in languages:
            if draft is not None:
                done &= await self._draft(draft, language, known, rules)
            done &= await self._talk(talk, rows, language, known, sources, rules)
        if not done and attempt < _TRIES:
            async with self.store.merchant(merchant) as session:
                await timers.arm(
                    session,
                    TRANSLATE_TALK,
                    conversation,
                    self.clock.now() + _AGAIN * 2**attempt,
                    merchant=merchant,
                    attempt=attempt + 1,
                    lock=translate_lock(conversation),
                )

    async def typed(self, merchant: uuid.UUID, translation: uuid.UUID) -> None:
        """Translate what a person typed, and tell them."""
        async with self.store.merchant(merchant) as session:
            row = await session.scalar(select(TranslationRow).where(TranslationRow.id == translation))
            if row is None or row.state != TranslationState.PENDING or row.source is None:
                return
            talk = await load_talk(session, row.conversation)
        if forbids(talk.shop):
            # Forbidden since it was asked for.
            await self._keep(_about(row), Outcome(TranslationState.FAILED), "translation.ready", row.id, row.source)
            return
        rules = self.shops.of_shop(talk.shop, talk.merchant_slug, self.clock.now())
        outcome = await translated(
            self.translator.for_draft(),
            row.source,
            source_language=row.source_language or "zh",
            language=row.language,
            rules=rules,
            now=self.clock.now(),
            seconds=self.seconds,
        )
        await self._keep(_about(row), outcome, "translation.ready", row.id, row.source)

    async def _draft(self, row: DraftRow, language: str, known: "Known", rules: Rules) -> bool:
        """Whether nothing is left to do for the draft in this language."""
        view = DraftView.model_validate(row.view)
        text, spoken = row.text or "", detect(row.text or "") or view.language
        if language in (spoken, view.language) or language in view.readings or spoken not in READERS:
            return True
        key = (DRAFT, row.id, text_hash(text), language)
        if known.get(key) in _SETTLED:
            return True
        outcome = await translated(
            self.translator.for_draft(),
            text,
            source_language=spoken,
            language=language,
            rules=rules,
            now=self.clock.now(),
            seconds=self.seconds,
            keep=[one.text for one in view.claims if one.kind is FactKind.NUMBER],
        )
        about = _new(row.merchant, row.shop, row.conversation, key, spoken, None)
        await self._keep(about, outcome, "draft.translated", row.id)
        return outcome.state in _SETTLED

    async def _talk(
        self,
        talk: Talk,
        rows: Sequence[MessageRow],
        language: str,
        known: "Known",
        sources: dict[str, tuple[str, str]],
        rules: Rules,
    ) -> bool:
        """Whether nothing is left to do for the messages in this language."""
        wanted = [row for row in rows if _foreign(row, language, known)]
        ours = [row for row in wanted if sources.get(row.platform_message_id, ("",))[0] == language]
        for row in ours:
            outcome = Outcome(TranslationState.READY, sources[row.platform_message_id][1])
            await self._keep(_of_message(talk, row, language), outcome)
        asked = [row for row in wanted if row not in ours]
        done = True
        for start in range(0, len(asked), _MOST_LINES):
            # The newest first: they are what somebody is reading.
            part = asked[::-1][start : start + _MOST_LINES][::-1]
            done &= await self._lines(talk, part, language, rules)
        if wanted:
            await self._tell(talk.shop.merchant, talk.shop.id, "conversation.changed", uuid.UUID(talk.conversation.id))
        return done

    async def _lines(self, talk: Talk, rows: Sequence[MessageRow], language: str, rules: Rules) -> bool:
        hidden = masked(talk.conversation, rules.profile)
        texts = dict(zip((one.id for one in talk.conversation.messages), hidden.texts, strict=True))
        lines = [texts[row.platform_message_id] for row in rows]
        try:
            found = await self.translator.for_draft().lines(lines, language, seconds=self.seconds)
        except ModelFailed as failed:
            for row in rows:
                await self._keep(
                    _of_message(talk, row, language), Outcome(TranslationState.FAILED, fault=failed.fault.value)
                )
            return False
        for row, line, translation in zip(rows, lines, found, strict=True):
            spoken = detect(row.text) or ""
            wrong = loosely_different(
                line,
                translation,
                source_language=spoken,
                language=language,
                now=self.clock.now(),
                zone=rules.zone,
            )
            outcome = (
                Outcome(TranslationState.DIFFERS, differing=tuple(one.kind for one in wrong))
                if wrong
                else Outcome(TranslationState.READY, hidden.restore(translation))
            )
            await self._keep(_of_message(talk, row, language), outcome)
        return True

    async def _keep(
        self,
        about: dict[str, Any],
        outcome: Outcome,
        topic: str | None = None,
        ref: uuid.UUID | None = None,
        source: str | None = None,
    ) -> None:
        now = self.clock.now()
        values = {**about, "state": outcome.state, "text": outcome.text, "differing": list(outcome.differing)}
        statement = insert(TranslationRow).values(
            **values, id=ref if source else uuid.uuid4(), source=source, created_at=now, updated_at=now
        )
        async with self.store.merchant(about["merchant"]) as session:
            await session.execute(
                statement.on_conflict_do_update(
                    index_elements=["merchant", "kind", "ref", "text_hash", "language"],
                    set_={
                        "state": statement.excluded.state,
                        "text": statement.excluded.text,
                        "differing": statement.excluded.differing,
                        "updated_at": now,
                    },
                )
            )
            if topic is not None:
                await events.append(
                    session, merchant=about["merchant"], shop=about["shop"], topic=topic, ref=str(ref), at=now
                )

    async def _tell(self, merchant: uuid.UUID, shop: uuid.UUID, topic: str, ref: uuid.UUID) -> None:
        async with self.store.merchant(merchant) as session:
            await events.append(session, merchant=merchant, shop=shop, topic=topic, ref=str(ref), at=self.clock.now())


Key = tuple[str, uuid.UUID, str, str]
Known = dict[Key, str]
_SETTLED = (TranslationState.READY, TranslationState.DIFFERS)


async def readers(session: AsyncSession) -> tuple[str, ...]:
    """The languages that the merchant's people read, the most common one first."""
    rows = await session.execute(
        select(PersonRow.language)
        .where(PersonRow.active)
        .group_by(PersonRow.language)
        .order_by(func.count().desc(), PersonRow.language)
    )
    return tuple(language for (language,) in rows.all() if language in READERS)


async def _messages(session: AsyncSession, conversation: uuid.UUID) -> list[MessageRow]:
    """The newest messages with words, the oldest of them first."""
    found = await session.scalars(
        select(MessageRow)
        .where(
            MessageRow.conversation == conversation,
            MessageRow.visible,
            MessageRow.kind == Kind.TEXT,
            MessageRow.recalled_at.is_(None),
        )
        .order_by(MessageRow.position.desc())
        .limit(_NEWEST)
    )
    return list(found)[::-1]


async def _known(session: AsyncSession, conversation: uuid.UUID) -> Known:
    rows = await session.scalars(select(TranslationRow).where(TranslationRow.conversation == conversation))
    return {(row.kind, row.ref, row.text_hash, row.language): row.state for row in rows}


async def _sources(session: AsyncSession, conversation: uuid.UUID) -> dict[str, tuple[str, str]]:
    """By the platform's id of a message that we sent: the language and the text that it was approved with."""
    rows = await session.execute(
        select(OutboxRow.platform_message_id, OutboxRow.source_language, OutboxRow.source).where(
            OutboxRow.conversation == conversation,
            OutboxRow.source.is_not(None),
            OutboxRow.platform_message_id.is_not(None),
        )
    )
    return {str(message): (str(language), str(source)) for message, language, source in rows.all()}


async def _open_draft(session: AsyncSession, conversation: uuid.UUID) -> DraftRow | None:
    return await session.scalar(
        select(DraftRow)
        .where(DraftRow.conversation == conversation, DraftRow.state == DraftState.PROPOSED, DraftRow.view.is_not(None))
        .order_by(DraftRow.created_at.desc())
        .limit(1)
    )


def _foreign(row: MessageRow, language: str, known: Known) -> bool:
    """Whether the message shows another language and nothing is known of it in this one."""
    spoken = detect(row.text)
    key = (MESSAGE, row.id, text_hash(row.text), language)
    return spoken is not None and spoken != language and known.get(key) not in _SETTLED


def _of_message(talk: Talk, row: MessageRow, language: str) -> dict[str, Any]:
    key = (MESSAGE, row.id, text_hash(row.text), language)
    return _new(talk.shop.merchant, talk.shop.id, row.conversation, key, detect(row.text), row.expires_at)


def _new(
    merchant: uuid.UUID,
    shop: uuid.UUID,
    conversation: uuid.UUID,
    key: Key,
    source_language: str | None,
    expires_at: datetime | None,
) -> dict[str, Any]:
    kind, ref, hashed, language = key
    return {
        "merchant": merchant,
        "shop": shop,
        "conversation": conversation,
        "kind": kind,
        "ref": ref,
        "text_hash": hashed,
        "source_language": source_language,
        "language": language,
        "expires_at": expires_at,
    }


def _about(row: TranslationRow) -> dict[str, Any]:
    key = (row.kind, row.ref, row.text_hash, row.language)
    return _new(row.merchant, row.shop, row.conversation, key, row.source_language, row.expires_at)
