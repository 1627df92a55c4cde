"""The cases of a conversation and of all of them, and saying that one is solved."""

import asyncio
import uuid
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Body, Request
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access import audit
from copilot.channel.resolving import NoSuchCase, resolve_by_person
from copilot.desk.case_list import After, Wanted, count_cases, read_all_cases
from copilot.desk.case_shapes import CasesShown, Which
from copilot.desk.cases import CaseList, read_cases
from copilot.desk.reviewing import scope_of_case
from copilot.domain.base import StrictShape
from copilot.domain.errors import BadInput
from copilot.domain.issue import Issue
from copilot.store import events
from copilot.store.tables import CaseRow, MerchantRow, ShopRow
from copilot.web.api.reach import conversation_of, reader, shop_of
from copilot.web.auth import MayDecide, MayRead, parts_of
from copilot.web.errors import NotFound, Unfit
from copilot.web.parts import Parts
from copilot.web.place import Place
from copilot.web.scopes import require_scope
from copilot.web.texts import Brief, Note

router = APIRouter(prefix="/api")
_OF_ONE = "/conversations/{conversation}/cases"


class Solved(StrictShape):
    """What shows that the case is solved, in the person's own words."""

    evidence: Note | None = None


@router.get("/cases")
async def every(
    request: Request,
    principal: MayRead,
    list: Which = Which.OPEN,
    issue: Issue | None = None,
    shop: uuid.UUID | None = None,
    after: Brief | None = None,
) -> CasesShown:
    """A page of the merchant's cases; ``after`` is where the page before ended."""
    try:
        place = After.parse(after) if after is not None else None
    except BadInput:
        raise Unfit(field="after") from None
    parts = parts_of(request)
    now = parts.clock.now()
    async with parts.store.merchant(principal.merchant) as session:
        begin = Place(await events.position(session), now)
        if shop is not None:
            await shop_of(session, shop)
        wanted = Wanted(list, issue, shop, await _serious(session, parts, now))
        rows, more = await read_all_cases(session, wanted, principal.language, now, place)
        counts, by_issue = await count_cases(session, wanted, now)
    following = str(more) if more is not None else None
    return CasesShown(cases=rows, counts=counts, by_issue=by_issue, next=following, event=str(begin), now=now)


async def _serious(session: AsyncSession, parts: Parts, now: datetime) -> dict[uuid.UUID, frozenset[Issue]]:
    """What each shop's playbooks ask about after it was solved."""
    slug = (await session.scalars(select(MerchantRow.slug))).one()
    shops = (await session.scalars(select(ShopRow))).all()
    playbooks = await asyncio.to_thread(lambda: [parts.shops.playbooks_of(one, slug, now) for one in shops])
    return {
        shop.id: frozenset(issue for issue, one in known.by_issue.items() if one.rule.follow_up_hours is not None)
        for shop, known in zip(shops, playbooks, strict=True)
    }


@router.get(_OF_ONE)
async def listed(request: Request, conversation: uuid.UUID, principal: MayRead) -> CaseList:
    """The cases, the oldest first."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        row = await conversation_of(session, conversation)
        place = await shop_of(session, row.shop)
        return await read_cases(session, row.id, reader(parts, principal, place.shop))


@router.post(f"{_OF_ONE}/{{case}}/resolve")
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
        issue = await session.scalar(select(CaseRow.issue).where(CaseRow.id == case))
    await require_scope(parts, principal, scope_of_case(issue) if issue else None, str(case))
    async with parts.store.merchant(principal.merchant) as session:
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
