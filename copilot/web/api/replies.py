"""What a person types themselves, and what became of a reply that nobody could confirm."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Request
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access import audit
from copilot.access.principal import SENIOR, Principal
from copilot.access.scopes import Scope
from copilot.channel.at_order import closing_reply, is_order_of
from copilot.channel.sendables import ORDER_MESSAGE, AtOrder, kinds_of
from copilot.channel.sent import ReplyState
from copilot.channel.settling import NotUnconfirmed, settle
from copilot.channel.storable import is_storable_id
from copilot.desk.pairs import Pair
from copilot.domain.base import StrictShape
from copilot.domain.errors import OverCeiling
from copilot.domain.message import Role
from copilot.domain.plan import Grant
from copilot.flow.granting import Giver
from copilot.flow.judging import text_hash
from copilot.flow.own_words import OwnReply, queue_own_words
from copilot.store.tables import ConversationRow, MessageRow, OutboxRow, ShopRow
from copilot.web.api.reach import conversation_of
from copilot.web.auth import MayReply, parts_of
from copilot.web.errors import AboveCeiling, NotFound, NotSendable, Unfit, WrongState
from copilot.web.holding import require_mine
from copilot.web.judging import bench_for, require_sendable, sendable_pair
from copilot.web.parts import Parts
from copilot.web.scopes import require_scope
from copilot.web.texts import Vouched, Words

router = APIRouter(prefix="/api")


class Typed(StrictShape):
    """A reply of the person's own; ``id`` is made by the page, so that sending it twice sends it once.

    ``source`` is the text in the person's language of which ``text`` is the translation, ``corrects`` the sent message
    of this conversation that it puts right. ``at_order`` is the buyer's order at which it is left, because they have
    closed the chat.
    """

    id: uuid.UUID
    text: Words
    source: Words | None = None
    vouch: Vouched = ()
    corrects: uuid.UUID | None = None
    at_order: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class Settlement(StrictShape):
    """What the person found on the platform; ``message`` is its id of the message, where they know that."""

    state: Literal["sent", "failed"]
    message: Annotated[str, Field(min_length=1, max_length=200)] | None = None


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
        if given.corrects is not None and not await _said_here(session, conversation, given.corrects):
            raise Unfit(field="corrects")
        if known is None and given.at_order is not None:
            await _require_way(session, parts, row, given.at_order)
    bench = await bench_for(
        parts, principal, conversation=conversation, text=" ".join(filter(None, (given.text, given.source)))
    )
    pair: Pair | None = None
    if known is None and given.source is not None:
        pair = sendable_pair(bench, given.source, given.text, given.vouch)
    # The promises are those of the text that its person wrote.
    judged = pair.source if pair is not None else bench.judge(given.text, given.vouch)
    if known is None:
        # What is queued already was judged then.
        require_sendable(judged)
    grant = bench.gives(judged)
    if grant is not None and known is None:
        await require_scope(parts, principal, Scope.AFTER_SALE_REVIEW, str(conversation))
    own = OwnReply(
        row.shop,
        conversation,
        given.id,
        given.text,
        Giver(str(principal.id), "supervisor" if principal.role in SENIOR else "agent"),
        judged.owes,
        grant,
        bench.matter.order,
        (given.source, pair.languages[0]) if pair is not None and given.source else None,
        given.corrects,
        AtOrder(given.at_order) if given.at_order is not None else None,
    )
    try:
        async with parts.store.merchant(principal.merchant) as session:
            await require_mine(session, parts, principal, conversation)
            state = await queue_own_words(session, principal.merchant, own, parts.clock)
            if known is None:
                await _note(session, principal, given, grant, parts.clock.now())
    except OverCeiling as error:
        raise AboveCeiling(ceiling=error.ceiling, left=error.left) from None
    return {"id": str(given.id), "state": state.value}


async def _require_way(session: AsyncSession, parts: Parts, talk: ConversationRow, order: str) -> None:
    """Refuse a text at an order where the platform takes none, at another buyer's, or while the chat is open."""
    name = (await session.scalars(select(ShopRow.adapter).where(ShopRow.id == talk.shop))).one()
    if ORDER_MESSAGE not in kinds_of(parts.accounts.adapters.get(name)):
        raise NotSendable
    if not is_storable_id(order) or not await is_order_of(session, talk, order):
        raise Unfit(field="at_order")
    if await closing_reply(session, talk.id) is None:
        raise WrongState(state="open")


async def _said_here(session: AsyncSession, conversation: uuid.UUID, message: uuid.UUID) -> bool:
    """Whether the message is one that the shop sent in this conversation."""
    found = select(MessageRow.id).where(MessageRow.id == message, MessageRow.conversation == conversation)
    return await session.scalar(found.where(MessageRow.role == Role.AGENT)) is not None


async def _note(session: AsyncSession, principal: Principal, given: Typed, grant: Grant | None, now: datetime) -> None:
    detail: dict[str, Any] = {"text_hash": text_hash(given.text), "vouched": len(given.vouch)}
    if given.at_order is not None:
        detail["at_order"] = given.at_order
    if grant is not None:
        detail["gives"] = f"{grant.cost.minor} {grant.cost.currency}"
    await audit.record(
        session,
        merchant=principal.merchant,
        by=str(principal.id),
        action="reply.typed",
        object=str(given.id),
        at=now,
        detail=detail,
    )


@router.post("/replies/{reply}/settle")
async def settled(
    request: Request,
    reply: uuid.UUID,
    given: Annotated[Settlement, Body()],
    principal: MayReply,
) -> dict[str, str]:
    """End an unconfirmed reply, or one that was handed to a person, as they found it."""
    if given.message is not None and not is_storable_id(given.message):
        raise Unfit(field="message")
    parts, by = parts_of(request), str(principal.id)
    state = ReplyState.SENT if given.state == "sent" else ReplyState.FAILED
    try:
        ended = await settle(parts.store, principal.merchant, reply, state, by, parts.clock, given.message)
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
