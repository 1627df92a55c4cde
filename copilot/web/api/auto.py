"""Why something left without a person, or did not: of what happened in a conversation, and of a message made up."""

import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request
from pydantic import AwareDatetime, Field
from sqlalchemy import select

from copilot.clock.days import shop_zone
from copilot.desk.queue.reception import busy_for, colleagues
from copilot.domain.auto import WHY_WORDS, Tried
from copilot.domain.base import StrictShape
from copilot.flow.auto import AutoReplies
from copilot.flow.auto.answering import waiting_in
from copilot.flow.translating import home_language
from copilot.flow.understand import language_of
from copilot.knowledge.auto import Moment
from copilot.store.tables import AutoOutcomeRow, MessageRow
from copilot.web.api.reach import conversation_of, rules_of, shop_of
from copilot.web.auth import MayCheck, MayRead, parts_of
from copilot.web.texts import Brief, Words

router = APIRouter(prefix="/api")
_MOST = 50


class Supposed(StrictShape):
    """A buyer's message that nobody wrote; what is left out is as it is now."""

    shop: uuid.UUID
    text: Words
    language: Brief | None = None
    at: AwareDatetime | None = None
    busy: bool | None = None
    waiting: int | None = Field(None, ge=0, le=1_000_000)
    sent: tuple[Brief, ...] = Field((), max_length=200)


@router.post("/auto/explain")
async def explain(request: Request, given: Annotated[Supposed, Body()], principal: MayCheck) -> dict[str, Any]:
    """What the shop's auto replies would do with the message, each with why; nothing is sent."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        place = await shop_of(session, given.shop)
        waiting = await waiting_in(session, given.shop) if given.waiting is None else given.waiting
        busy = busy_for(await colleagues(session, parts.clock.now())) if given.busy is None else given.busy
    rules = await rules_of(parts, place)
    moment = Moment(
        text=given.text,
        language=given.language or language_of(given.text, fallback=home_language(rules)),
        at=given.at or parts.clock.now(),
        zone=shop_zone(place.shop.zone),
        busy=busy,
        waiting=waiting,
        sent=frozenset(given.sent),
    )
    auto = AutoReplies(parts.store, parts.shops, parts.clock)
    tried, fires = await auto.explain(principal.merchant, given.shop, moment, posture=place.shop.posture)
    return {
        "tried": [_shown(one, principal.language) for one in tried],
        "sends": fires.model_dump(mode="json") if fires is not None else None,
        "language": moment.language,
        "busy": busy,
        "waiting": waiting,
    }


@router.get("/conversations/{conversation}/auto")
async def happened(request: Request, conversation: uuid.UUID, principal: MayRead) -> dict[str, Any]:
    """What was tried for each of the buyer's messages, the newest first."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        await conversation_of(session, conversation)
        rows = await session.scalars(
            select(AutoOutcomeRow)
            .join(MessageRow, MessageRow.id == AutoOutcomeRow.message)
            .where(AutoOutcomeRow.conversation == conversation)
            .order_by(MessageRow.position.desc())
            .limit(_MOST)
        )
        found = rows.all()
    return {
        "outcomes": [
            {
                "message": str(row.message),
                "at": row.at.isoformat(),
                "tried": [_shown(Tried.model_validate(one), principal.language) for one in row.tried],
            }
            for row in found
        ]
    }


def _shown(one: Tried, language: str) -> dict[str, str]:
    words = WHY_WORDS[one.why]
    return {**one.model_dump(mode="json"), "why_text": words.get(language, words["en"])}
