"""The cases of a conversation, and saying that one is solved."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Body, Request

from copilot.access import audit
from copilot.channel.resolving import NoSuchCase, resolve_by_person
from copilot.desk.cases import CaseList, read_cases
from copilot.domain.base import StrictShape
from copilot.web.api.reach import conversation_of, reader, shop_of
from copilot.web.auth import MayDecide, MayRead, parts_of
from copilot.web.errors import NotFound
from copilot.web.texts import Note

router = APIRouter(prefix="/api/conversations/{conversation}/cases")


class Solved(StrictShape):
    """What shows that the case is solved, in the person's own words."""

    evidence: Note | None = None


@router.get("")
async def listed(request: Request, conversation: uuid.UUID, principal: MayRead) -> CaseList:
    """The cases, the oldest first."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        row = await conversation_of(session, conversation)
        place = await shop_of(session, row.shop)
        return await read_cases(session, row.id, reader(parts, principal, place.shop))


@router.post("/{case}/resolve")
async def resolved(
    request: Request,
    conversation: uuid.UUID,
    case: uuid.UUID,
    principal: MayDecide,
    given: Annotated[Solved | None, Body()] = None,
) -> dict[str, str]:
    """Say that a case is solved; a second time changes nothing."""
    parts, by = parts_of(request), str(principal.id)
    now = parts.clock.now()
    async with parts.store.merchant(principal.merchant) as session:
        await conversation_of(session, conversation)
        try:
            row, changed = await resolve_by_person(
                session, conversation, case, by=by, evidence=given.evidence if given else None, now=now
            )
        except NoSuchCase:
            raise NotFound from None
        if changed:
            await audit.record(
                session, merchant=principal.merchant, by=by, action="case.resolved", object=str(case), at=now
            )
        return {"state": row.state}
