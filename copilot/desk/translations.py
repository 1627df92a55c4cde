"""What people see of translations: of a conversation's messages and of the draft before them, each with its state.

Owns the reading of rows and the words of the states; it translates nothing and waits for nothing.
"""

import uuid
from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.desk.shapes import TranslationShown
from copilot.desk.words import Language, Words, said
from copilot.domain.draft import DraftState, DraftView
from copilot.flow.judging import text_hash
from copilot.flow.translating import READERS, TranslationState
from copilot.flow.translations import DRAFT, MESSAGE
from copilot.flow.understand.language import detect
from copilot.store.tables import DraftRow, MessageRow, TranslationRow

STATES: Final[Words] = {
    "no_model": ("没有配置模型，不翻译", "no model is set, so nothing is translated"),
    "pending": ("正在翻译", "being translated"),
    "ready": ("译文", "translation"),
    "differs": ("译文与原文不一致，未采用：{what}", "the translation did not match and is not used: {what}"),
    "failed": ("翻译没有成功，稍后再试", "the translation did not come; it is tried again later"),
}
DIFFERING: Final[Words] = {
    "amount": ("金额", "amounts"),
    "percent": ("百分比", "percentages"),
    "date": ("日期", "dates"),
    "time": ("时间", "times"),
    "duration": ("时长", "lengths of time"),
    "number": ("单号", "order or tracking numbers"),
    "option": ("方案", "options"),
    "placeholder": ("个人信息", "personal data"),
    "address": ("网址", "web addresses"),
    "figure": ("数字", "numbers"),
    "offer": ("承诺或方案", "what is offered"),
    "today": ("日期", "dates"),
    "negation": ("否定", "a refusal"),
    "language": ("语言", "the language"),
    "policy": ("规则拦截", "the rules block it"),
    "form": ("格式", "its form"),
}
Kept = Mapping[tuple[str, uuid.UUID, str], TranslationRow]
NOTHING: Final[Kept] = {}


async def kept(session: AsyncSession, conversation: uuid.UUID, language: Language) -> Kept:
    """The conversation's translations into ``language``, by kind, id and hash of the text."""
    rows = await session.scalars(
        select(TranslationRow).where(
            TranslationRow.conversation == conversation,
            TranslationRow.language == language,
            TranslationRow.kind.in_((MESSAGE, DRAFT)),
        )
    )
    return {(row.kind, row.ref, row.text_hash): row for row in rows}


def of_message(row: MessageRow, found: Kept, language: Language, *, model: bool) -> TranslationShown | None:
    """What a message says in the reader's language; null when it is in that language or shows none."""
    spoken = None if row.recalled_at or row.kind != "text" else detect(row.text)
    if spoken is None or spoken == language:
        return None
    known = found.get((MESSAGE, row.id, text_hash(row.text)))
    return _shown(known, language, model=model)


def of_draft(
    row: DraftRow, view: DraftView | None, found: Kept, language: Language, *, model: bool
) -> TranslationShown | None:
    """What the draft says in the reader's language; null when it is in that language, or none stands there."""
    if view is None or row.state == DraftState.WRITING:
        return None
    text = row.text or view.text
    spoken = detect(text) or view.language
    if language in (spoken, view.language):
        return None
    if text == view.text and language in view.readings:
        return shown(TranslationState.READY, language, view.readings[language])
    known = found.get((DRAFT, row.id, text_hash(text)))
    if known is None and (row.state != DraftState.PROPOSED or spoken not in READERS):
        return None
    return _shown(known, language, model=model)


def shown(
    state: TranslationState | str, language: Language, text: str | None = None, differing: tuple[str, ...] = ()
) -> TranslationShown:
    """A translation in this state, with the words for it."""
    what = "、" if language == "zh" else ", "
    named = what.join(dict.fromkeys(said(DIFFERING, one, language) for one in differing))
    return TranslationShown(
        state=str(state),
        language=language,
        text=text,
        state_text=said(STATES, str(state), language).format(what=named),
        differing=differing,
    )


def _shown(row: TranslationRow | None, language: Language, *, model: bool) -> TranslationShown:
    if row is None:
        return shown(TranslationState.PENDING if model else TranslationState.NO_MODEL, language)
    return shown(row.state, language, row.text, tuple(row.differing))
