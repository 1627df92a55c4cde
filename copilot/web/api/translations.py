"""What a person types in their own language, in the buyer's: asked for here, made by a worker, told by the stream."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access.model_use import forbids
from copilot.channel.tasks import TRANSLATE_TYPED
from copilot.desk.card import shown_view
from copilot.desk.translations import shown
from copilot.domain.base import StrictShape
from copilot.domain.message import Role
from copilot.flow.judging import text_hash
from copilot.flow.translating import TranslationState, translatable
from copilot.flow.translations import TYPED
from copilot.flow.understand.language import detect
from copilot.store import queue
from copilot.store.tables import MessageRow, TranslationRow
from copilot.web.api.reach import conversation_of, draft_of, shop_of
from copilot.web.auth import MayReply, parts_of
from copilot.web.errors import NotFound, Unfit
from copilot.web.judging import bench_for
from copilot.web.texts import Words

router = APIRouter(prefix="/api/translations")
_LAST_WORDS = 8


class Wanted(StrictShape):
    """A text to translate for the buyer of a conversation, or of a draft's."""

    text: Words
    conversation: uuid.UUID | None = None
    draft: uuid.UUID | None = None


@router.post("", status_code=202)
async def ask(request: Request, given: Annotated[Wanted, Body()], principal: MayReply) -> dict[str, Any]:
    """Have the text translated; nothing is sent."""
    parts = parts_of(request)
    if not given.text.strip():
        raise Unfit(field="text")
    async with parts.store.merchant(principal.merchant) as session:
        conversation, language = await _buyer(session, given)
        row = await conversation_of(session, conversation)
        forbidden = forbids((await shop_of(session, row.shop)).shop)
    bench = await bench_for(parts, principal, conversation=conversation, draft=given.draft)
    source_language = detect(given.text) or principal.language
    if language is None or language == source_language or not translatable(source_language, language):
        raise Unfit(field="text")
    told: dict[str, Any] = {
        "source_language": source_language,
        "language": language,
        # What machines translate badly is said before they do.
        "verdict": bench.judge(given.text, translated=True).verdict.model_dump(mode="json"),
    }
    if forbidden or not parts.settings.models:
        return {"id": None, **shown(TranslationState.NO_MODEL, principal.language).model_dump(mode="json"), **told}
    now, id = parts.clock.now(), uuid.uuid4()
    async with parts.store.merchant(principal.merchant) as session:
        session.add(
            TranslationRow(
                merchant=principal.merchant,
                id=id,
                shop=row.shop,
                conversation=conversation,
                kind=TYPED,
                ref=id,
                text_hash=text_hash(given.text),
                source=given.text,
                source_language=source_language,
                language=language,
                state=TranslationState.PENDING,
                by=str(principal.id),
                created_at=now,
                updated_at=now,
            )
        )
        await session.flush()
        await queue.defer(session, TRANSLATE_TYPED, merchant=principal.merchant, ref=id)
    return {"id": str(id), **shown(TranslationState.PENDING, principal.language).model_dump(mode="json"), **told}


@router.get("/{translation}")
async def one(request: Request, translation: uuid.UUID, principal: MayReply) -> dict[str, Any]:
    """Where a translation that this person asked for stands, and what policy says of it."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        row = await session.scalar(
            select(TranslationRow).where(
                TranslationRow.id == translation, TranslationRow.kind == TYPED, TranslationRow.by == str(principal.id)
            )
        )
    if row is None:
        raise NotFound
    verdict: dict[str, Any] | None = None
    if row.text is not None:
        bench = await bench_for(parts, principal, conversation=row.conversation)
        verdict = bench.judge(row.text).verdict.model_dump(mode="json")
    known = shown(row.state, principal.language, row.text, tuple(row.differing)).model_dump(mode="json")
    return {
        "id": str(row.id),
        **known,
        "source": row.source,
        "source_language": row.source_language,
        "language": row.language,
        "verdict": verdict,
    }


async def _buyer(session: AsyncSession, given: Wanted) -> tuple[uuid.UUID, str | None]:
    """The conversation, and the language in which its buyer writes; null when no message shows one."""
    if given.draft is not None:
        draft = await draft_of(session, given.draft)
        view = shown_view(draft)
        if view is not None:
            return draft.conversation, view.language
        given = given.model_copy(update={"conversation": draft.conversation})
    if given.conversation is None:
        raise Unfit(field="conversation")
    texts = await session.scalars(
        select(MessageRow.text)
        .where(
            MessageRow.conversation == given.conversation,
            MessageRow.role == Role.BUYER,
            MessageRow.visible,
            MessageRow.recalled_at.is_(None),
        )
        .order_by(MessageRow.position.desc())
        .limit(_LAST_WORDS)
    )
    spoken = (detect(text) for text in texts)
    return given.conversation, next((one for one in spoken if one is not None), None)
