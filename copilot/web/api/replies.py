"""What a person types themselves, and what became of a reply that nobody could confirm."""

import uuid
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Request
from sqlalchemy import select

from copilot.access import audit
from copilot.channel.sent import ReplyState
from copilot.channel.settling import NotUnconfirmed, settle
from copilot.channel.typed import queue_typed
from copilot.domain.base import StrictShape
from copilot.flow.judging import text_hash
from copilot.store.tables import OutboxRow
from copilot.web.api.reach import conversation_of
from copilot.web.auth import MayReply, parts_of
from copilot.web.errors import NotFound, Unfit, WrongState
from copilot.web.judging import bench_for, require_sendable
from copilot.web.texts import Vouched, Words

router = APIRouter(prefix="/api")


class Typed(StrictShape):
    """A reply of the person's own; ``id`` is made by the page, so that sending it twice sends it once."""

    id: uuid.UUID
    text: Words
    vouch: Vouched = ()


class Settlement(StrictShape):
    """What the person found on the platform."""

    state: Literal["sent", "failed"]


@router.post("/conversations/{conversation}/replies", status_code=202)
async def reply(
    request: Request,
    conversation: uuid.UUID,
    given: Annotated[Typed, Body()],
    principal: MayReply,
) -> dict[str, str]:
    """Judge the text and queue it."""
    parts = parts_of(request)
    if not given.text.strip():
        raise Unfit(field="text")
    async with parts.store.merchant(principal.merchant) as session:
        row = await conversation_of(session, conversation)
        known = await session.scalar(select(OutboxRow.conversation).where(OutboxRow.id == given.id))
        if known is not None and known != conversation:
            raise Unfit(field="id")
    bench = await bench_for(parts, principal, conversation=conversation)
    judged = bench.judge(given.text, given.vouch)
    if known is None:
        # What is queued already was judged then.
        require_sendable(judged)
    by = str(principal.id)
    async with parts.store.merchant(principal.merchant) as session:
        state = await queue_typed(
            session,
            merchant=principal.merchant,
            shop=row.shop,
            conversation=conversation,
            id=given.id,
            text=given.text,
            by=by,
            clock=parts.clock,
            owes=judged.owes,
        )
        if known is None:
            detail: dict[str, Any] = {"text_hash": text_hash(given.text), "vouched": len(given.vouch)}
            await audit.record(
                session,
                merchant=principal.merchant,
                by=by,
                action="reply.typed",
                object=str(given.id),
                at=parts.clock.now(),
                detail=detail,
            )
    return {"id": str(given.id), "state": state.value}


@router.post("/replies/{reply}/settle")
async def settled(
    request: Request,
    reply: uuid.UUID,
    given: Annotated[Settlement, Body()],
    principal: MayReply,
) -> dict[str, str]:
    """End an unconfirmed reply as the person found it."""
    parts, by = parts_of(request), str(principal.id)
    state = ReplyState.SENT if given.state == "sent" else ReplyState.FAILED
    try:
        ended = await settle(parts.store, principal.merchant, reply, state, by, parts.clock)
    except NotUnconfirmed as error:
        if error.state is None:
            raise NotFound from None
        raise WrongState(state=error.state) from None
    async with parts.store.merchant(principal.merchant) as session:
        await audit.record(
            session,
            merchant=principal.merchant,
            by=by,
            action=f"reply.settled_{ended.value}",
            object=str(reply),
            at=parts.clock.now(),
        )
    return {"state": ended.value}
