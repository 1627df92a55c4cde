"""Pictures, videos and cards that a person sends: what the platform takes, and one of them into the outbox.

Nobody judges a picture: who sends it answers for it, and the audit names them. A card of an order shows what was
bought, so it is one of this buyer's. The words for a card that the platform does not show are judged as any others, and
give nothing: what gives something is a reply.
"""

import uuid
from typing import Annotated

from fastapi import APIRouter, Body, Query, Request
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access import audit
from copilot.access.principal import Principal
from copilot.channel.at_order import is_order_of
from copilot.channel.sendables import Card, Sendable, attach, file_of, kinds_of
from copilot.channel.storable import is_storable_id
from copilot.channel.typed import queue_typed
from copilot.domain.base import StrictShape
from copilot.flow.judging import text_hash
from copilot.sdk import CardKind
from copilot.store.tables import OutboxRow, ShopRow
from copilot.web.api.reach import conversation_of
from copilot.web.auth import MayRead, MayReply, parts_of
from copilot.web.errors import NotSendable, Unfit
from copilot.web.holding import require_mine
from copilot.web.judging import bench_for, require_sendable
from copilot.web.parts import Parts
from copilot.web.texts import Words

router = APIRouter(prefix="/api")

_FILES = ("image", "video")


class CardGiven(StrictShape):
    """A card; ``id`` is made by the caller, so that sending it twice sends it once. ``ref`` is the platform's id.

    ``item`` says of what in an order (``CardReply``); ``words`` are sent in place of a card that cannot be shown.
    """

    id: uuid.UUID
    card: CardKind
    ref: str = Field(min_length=1, max_length=200)
    item: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    words: Words | None = None


@router.get("/conversations/{conversation}/sendables")
async def takes(request: Request, conversation: uuid.UUID, principal: MayRead) -> dict[str, list[str]]:
    """What can be sent here besides texts."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        row = await conversation_of(session, conversation)
        kinds = await _kinds(session, parts, row.shop)
    return {"files": [one for one in _FILES if one in kinds], "cards": [one for one in CardKind if one in kinds]}


@router.put("/conversations/{conversation}/files/{reply}", status_code=202)
async def file(
    request: Request,
    conversation: uuid.UUID,
    reply: uuid.UUID,
    principal: MayReply,
    name: Annotated[str, Query(max_length=200)] = "file",
) -> dict[str, str]:
    """Queue a picture or a video: its bytes are the request's body, its type the header ``Content-Type``."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        await conversation_of(session, conversation)
    given = file_of(await request.body(), request.headers.get("content-type", ""), name)
    if given is None:
        raise Unfit(field="body")
    return await _queued(parts, principal, conversation, reply, given)


@router.post("/conversations/{conversation}/cards", status_code=202)
async def card(
    request: Request, conversation: uuid.UUID, principal: MayReply, given: Annotated[CardGiven, Body()]
) -> dict[str, str]:
    """Queue a card of a product, of one of the buyer's orders, a parcel or a return of it, or of a coupon."""
    parts = parts_of(request)
    if not is_storable_id(given.ref):
        raise Unfit(field="ref")
    if given.item is not None and not is_storable_id(given.item):
        raise Unfit(field="item")
    if given.words is not None and not await _is_known(parts, principal, given.id):
        await _require_plain(parts, principal, conversation, given.words)
    one = Card(given.card, given.ref, given.item, given.words)
    return await _queued(parts, principal, conversation, given.id, one)


async def _is_known(parts: Parts, principal: Principal, id: uuid.UUID) -> bool:
    """Whether it is queued already; its words were judged then."""
    async with parts.store.merchant(principal.merchant) as session:
        return await session.scalar(select(OutboxRow.id).where(OutboxRow.id == id)) is not None


async def _require_plain(parts: Parts, principal: Principal, conversation: uuid.UUID, words: str) -> None:
    """Refuse words that may not leave, or that promise or give what only a reply may."""
    if not words.strip():
        raise Unfit(field="words")
    bench = await bench_for(parts, principal, conversation=conversation, text=words)
    judged = require_sendable(bench.judge(words))
    if judged.owes or judged.gives:
        raise Unfit(field="words")


async def _queued(
    parts: Parts, principal: Principal, conversation: uuid.UUID, id: uuid.UUID, sendable: Sendable
) -> dict[str, str]:
    async with parts.store.merchant(principal.merchant) as session:
        row = await conversation_of(session, conversation)
        known = await session.scalar(select(OutboxRow).where(OutboxRow.id == id))
        if known is not None and (known.conversation, known.sendable) != (conversation, sendable.kind):
            raise Unfit(field="id")
        if sendable.kind not in await _kinds(session, parts, row.shop):
            raise NotSendable
        # Another buyer's order shows what a stranger bought.
        order = sendable.order if isinstance(sendable, Card) else None
        if order is not None and not await is_order_of(session, row, order):
            raise Unfit(field="ref")
        await require_mine(session, parts, principal, conversation)
        state = await queue_typed(
            session,
            merchant=principal.merchant,
            shop=row.shop,
            conversation=conversation,
            id=id,
            text="",
            by=str(principal.id),
            clock=parts.clock,
            sendable=sendable.kind,
        )
        if known is None:
            await attach(session, id, principal.merchant, sendable, parts.clock)
            await audit.record(
                session,
                merchant=principal.merchant,
                by=str(principal.id),
                action=f"reply.{sendable.kind}",
                object=str(id),
                at=parts.clock.now(),
                detail=_detail(sendable),
            )
    return {"id": str(id), "state": state.value}


def _detail(sendable: Sendable) -> dict[str, str] | None:
    words = sendable.words if isinstance(sendable, Card) else None
    return {"words_hash": text_hash(words)} if words is not None else None


async def _kinds(session: AsyncSession, parts: Parts, shop: uuid.UUID) -> frozenset[str]:
    name = (await session.scalars(select(ShopRow.adapter).where(ShopRow.id == shop))).one()
    return kinds_of(parts.accounts.adapters.get(name))
