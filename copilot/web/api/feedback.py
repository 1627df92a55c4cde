"""What agents say of drafts: saying it, and reading it, for those who look after drafts."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Body, Request
from fastapi.responses import PlainTextResponse
from pydantic import Field

from copilot.desk.feedback import Before, FeedbackList, as_lines, read_feedback, say
from copilot.domain.base import StrictShape
from copilot.domain.errors import BadInput
from copilot.web.api.reach import draft_of, shop_of
from copilot.web.auth import MayHear, MayRead, parts_of
from copilot.web.errors import NotAllowed, Unfit
from copilot.web.texts import Brief, Note

router = APIRouter(prefix="/api")


class Said(StrictShape):
    """What the person has to say of the draft."""

    text: Annotated[Note, Field(min_length=1)]


@router.post("/drafts/{draft}/feedback", status_code=201)
async def said(
    request: Request, draft: uuid.UUID, given: Annotated[Said, Body()], principal: MayRead
) -> dict[str, str]:
    """Say something of the draft; people only."""
    if principal.kind != "person":
        raise NotAllowed("a program has nothing to say")
    if not given.text.strip():
        raise Unfit(field="text")
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        row = await draft_of(session, draft)
        kept = await say(session, row, by=str(principal.id), text=given.text.strip(), now=parts.clock.now())
        return {"id": str(kept.id)}


@router.get("/feedback")
async def listed(
    request: Request, principal: MayHear, shop: uuid.UUID | None = None, before: Brief | None = None
) -> FeedbackList:
    """A page of what was said, the newest first; ``before`` is where the page above ended."""
    try:
        place = Before.parse(before) if before is not None else None
    except BadInput:
        raise Unfit(field="before") from None
    async with parts_of(request).store.merchant(principal.merchant) as session:
        if shop is not None:
            await shop_of(session, shop)
        found, following = await read_feedback(session, shop, place)
    return FeedbackList(feedback=found, next=str(following) if following else None)


@router.get("/feedback/export")
async def export(request: Request, principal: MayHear, shop: uuid.UUID | None = None) -> PlainTextResponse:
    """All of it, one JSON object a line."""
    async with parts_of(request).store.merchant(principal.merchant) as session:
        if shop is not None:
            await shop_of(session, shop)
        found, _ = await read_feedback(session, shop, limit=None)
    headers = {"Content-Disposition": 'attachment; filename="feedback.jsonl"'}
    return PlainTextResponse(as_lines(found), media_type="application/x-ndjson", headers=headers)
