"""The list and the thread."""

import uuid
from typing import Literal

from fastapi import APIRouter, Request
from sqlalchemy import select

from copilot.desk.inbox import read_inbox
from copilot.desk.orders import LastTold
from copilot.desk.shapes import Inbox, Thread
from copilot.desk.thread import read_thread
from copilot.store import events
from copilot.store.tables import ShopRow
from copilot.web.api.reach import conversation_of, reader, shop_of
from copilot.web.auth import MayRead, parts_of
from copilot.web.place import Place

router = APIRouter(prefix="/api/conversations")

# A person waits before the panel: longer than a draft may wait, shorter than patience.
_LOOKUP_SECONDS = 6.0


@router.get("")
async def listed(
    request: Request,
    principal: MayRead,
    list: Literal["open", "all"] = "open",
    shop: uuid.UUID | None = None,
) -> Inbox:
    """The conversations, what is lost first on top."""
    parts = parts_of(request)
    now = parts.clock.now()
    async with parts.store.merchant(principal.merchant) as session:
        # Before anything is read: what happens from here on is told by the stream.
        begin = Place(await events.position(session), now)
        if shop is not None:
            await shop_of(session, shop)
        profiles = {str(row.id): parts.profiles.of(row.profile, now) for row in await session.scalars(select(ShopRow))}
        found = await read_inbox(session, profiles, now, shop)
    return Inbox(
        conversations=found.listed(only_open=list == "open"),
        counts=found.counts(),
        by_shop=found.by_shop(),
        event=str(begin),
        now=now,
    )


@router.get("/{conversation}")
async def one(request: Request, conversation: uuid.UUID, principal: MayRead) -> Thread:
    """One conversation; its orders as last told, because a page must not wait for a platform."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        begin = Place(await events.position(session), parts.clock.now())
        row = await conversation_of(session, conversation)
        place = await shop_of(session, row.shop)
        return await read_thread(session, row, reader(parts, principal, place.shop), str(begin))


@router.post("/{conversation}/lookup", status_code=202)
async def lookup(request: Request, conversation: uuid.UUID, principal: MayRead) -> dict[str, str]:
    """Ask the platform for the buyer's orders again; watchers hear of it, whatever it answers."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        row = await conversation_of(session, conversation)
    looked = await parts.lookup.orders(principal.merchant, row.id, timeout=_LOOKUP_SECONDS, fresh=True)
    async with parts.store.merchant(principal.merchant) as session:
        await events.append(
            session,
            merchant=principal.merchant,
            shop=row.shop,
            topic="conversation.changed",
            ref=str(row.id),
            at=parts.clock.now(),
        )
    return {"state": LastTold(looked.orders, looked.as_of).shown().state}
