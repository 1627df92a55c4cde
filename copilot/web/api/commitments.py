"""What the shop owes: the list, and ticking a promise off; and the note for whoever takes a conversation over."""

import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Request
from sqlalchemy import select

from copilot.access import audit
from copilot.channel.owing import NotOpen, settle
from copilot.desk.handover import read_handover
from copilot.desk.owed import After, count_owed, read_owed
from copilot.desk.owed_shapes import Handover, OwedList
from copilot.desk.reviewing import scope_of_promise
from copilot.domain.base import StrictShape
from copilot.domain.case import CommitmentState
from copilot.domain.errors import BadInput
from copilot.store import events
from copilot.store.tables import CommitmentRow
from copilot.web.api.reach import conversation_of, reader, shop_of
from copilot.web.auth import MayDecide, MayRead, parts_of
from copilot.web.errors import NotFound, Unfit, WrongState
from copilot.web.place import Place
from copilot.web.scopes import require_scope
from copilot.web.texts import Brief, Note

router = APIRouter(prefix="/api")


class Ended(StrictShape):
    """How a promise ended, and what shows it in the person's own words."""

    state: Literal["done", "withdrawn"]
    evidence: Note | None = None


@router.get("/commitments")
async def owed(
    request: Request,
    principal: MayRead,
    list: Literal["open", "all"] = "open",
    shop: uuid.UUID | None = None,
    after: Brief | None = None,
) -> OwedList:
    """A page of what is owed, the first due on top; ``after`` is where the page before ended."""
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
        rows, more = await read_owed(
            session, parts.accounts, principal.language, now, shop, only_open=list == "open", after=place
        )
        counts = await count_owed(session, now, shop)
    following = str(more) if more is not None else None
    return OwedList(commitments=rows, counts=counts, next=following, event=str(begin), now=now)


@router.post("/commitments/{commitment}/settle")
async def settled(
    request: Request, commitment: uuid.UUID, given: Annotated[Ended, Body()], principal: MayDecide
) -> dict[str, str]:
    """Tick a promise off, or take it back."""
    parts, by = parts_of(request), str(principal.id)
    async with parts.store.merchant(principal.merchant) as session:
        what = await session.scalar(select(CommitmentRow.what).where(CommitmentRow.id == commitment))
    await require_scope(parts, principal, scope_of_promise(what) if what else None, str(commitment))
    async with parts.store.merchant(principal.merchant) as session:
        try:
            row = await settle(
                session,
                commitment,
                CommitmentState(given.state),
                by=by,
                evidence=given.evidence,
                now=parts.clock.now(),
            )
        except NotOpen as error:
            if error.state is None:
                raise NotFound from None
            raise WrongState(state=error.state) from None
        await audit.record(
            session,
            merchant=principal.merchant,
            by=by,
            action=f"commitment.{given.state}",
            object=str(commitment),
            at=parts.clock.now(),
        )
        return {"state": row.state}


@router.get("/conversations/{conversation}/handover")
async def handover(request: Request, conversation: uuid.UUID, principal: MayRead) -> Handover:
    """What the next agent must know."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        row = await conversation_of(session, conversation)
        place = await shop_of(session, row.shop)
        return await read_handover(session, row.id, reader(parts, principal, place.shop))
