"""The list and the thread."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query, Request, Response
from pydantic import Field
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.desk.inbox import MOST, Chosen, Conversations, read_found
from copilot.desk.inbox_rows import ShopClock
from copilot.desk.list_shapes import Inbox, Row
from copilot.desk.orders import LastTold
from copilot.desk.queue.lists import Filter, Sort
from copilot.desk.queue.lists import Place as Stands
from copilot.desk.queue.owner import queue_of
from copilot.desk.queue.reception import colleagues, receivers
from copilot.desk.queue.rules import sole
from copilot.desk.queue.search import search as find
from copilot.desk.thread import read_thread
from copilot.desk.thread_shapes import Thread
from copilot.domain.base import StrictShape
from copilot.store import events
from copilot.store.tables import ReceptionRow, ShopRow
from copilot.web.api.reach import conversation_of, reader, shop_of
from copilot.web.auth import MayRead, parts_of
from copilot.web.errors import NotApplicable
from copilot.web.parts import Parts
from copilot.web.place import Place
from copilot.web.texts import Brief

router = APIRouter(prefix="/api/conversations")

# A person waits before the panel: longer than a draft may wait, shorter than patience.
_LOOKUP_SECONDS = 6.0


class Sought(StrictShape):
    """Words, a nickname or an order's number; several are parted by spaces, and one is enough."""

    words: Annotated[Brief, Field(min_length=1)]
    shop: uuid.UUID | None = None


@router.get("")
async def listed(
    request: Request,
    principal: MayRead,
    list: Literal["open", "all", "in_progress", "unassigned"] = "open",
    filter: Filter | None = None,
    sort: Sort = Sort.LOST,
    mine: bool = False,
    tag: Brief | None = None,
    shop: uuid.UUID | None = None,
    failed: bool = False,
    after: Annotated[int, Query(ge=0, le=100_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
    around: uuid.UUID | None = None,
) -> Response:
    """A page of a list, what is lost first on top; ``after`` is how many rows were shown before.

    ``around`` asks for the page in whose middle a conversation stands, when it stands in the list.
    """
    parts = parts_of(request)
    now = parts.clock.now()
    who = str(principal.id)
    async with parts.store.merchant(principal.merchant) as session:
        # Before anything is read: what happens from here on is told by the stream.
        begin = Place(await events.position(session), now)
        if shop is not None:
            await shop_of(session, shop)
        if list == "unassigned" and await one_receives(session, now):
            raise NotApplicable
        found = await read(session, parts, principal.merchant, begin, shop)
    place = Stands(list) if list in ("in_progress", "unassigned") else None
    chosen = Chosen(list == "open", place, filter, who if mine else None, tag, sort, failed)
    rows = found.listed(chosen)
    if around is not None:
        stands = next((at for at, row in enumerate(rows) if row.id == str(around)), None)
        after = after if stands is None else max(0, stands - limit // 2)
    shown = _page(found, rows, range(after, after + limit), begin, now, who)
    # Written out at once: a list is asked for after every event, and its rows were checked when they were made.
    return Response(shown.model_dump_json(), media_type="application/json")


@router.post("/search")
async def search(request: Request, given: Annotated[Sought, Body()], principal: MayRead) -> Inbox:
    """The conversations that any of the words hits, the newest first. What is sought stands in no address."""
    parts = parts_of(request)
    now = parts.clock.now()
    async with parts.store.merchant(principal.merchant) as session:
        begin = Place(await events.position(session), now)
        if given.shop is not None:
            await shop_of(session, given.shop)
        hits = await find(session, given.words, given.shop)
        found = await read_found(session, await clocks_of(session, parts, now), now, hits, given.shop)
    known = {row.id: row for row in found.listed(Chosen())}
    rows = tuple(known[str(id)] for id in hits if str(id) in known)
    return _page(found, rows, range(MOST), begin, now, str(principal.id))


def _page(found: Conversations, rows: tuple[Row, ...], which: range, begin: Place, now: datetime, who: str) -> Inbox:
    return Inbox(
        conversations=rows[which.start : which.stop],
        total=len(rows),
        after=which.start,
        next=which.stop if which.stop < len(rows) else None,
        counts=found.counts(person=who),
        by_shop=found.by_shop(who),
        event=str(begin),
        now=now,
    )


async def read(
    session: AsyncSession, parts: Parts, merchant: uuid.UUID, begin: Place, shop: uuid.UUID | None = None
) -> Conversations:
    """The merchant's conversations, or those of one shop; ``begin`` was read before in the same transaction."""
    clocks = await clocks_of(session, parts, begin.at)
    return await parts.known.read(session, merchant, clocks, begin.at, begin.event, shop)


async def clocks_of(session: AsyncSession, parts: Parts, now: datetime) -> dict[str, ShopClock]:
    """The platforms' numbers and who gives out, by shop id."""
    shops = (await session.scalars(select(ShopRow))).all()
    named = await session.execute(
        select(ReceptionRow.platform_name, ReceptionRow.id).where(ReceptionRow.platform_name.is_not(None))
    )
    people = {name: str(id) for name, id in named.all() if name}
    return {
        str(row.id): ShopClock(parts.profiles.of(row.profile, now), queue_of(row).by == "desk", people) for row in shops
    }


async def one_receives(session: AsyncSession, now: datetime) -> bool:
    """Whether one person receives everything, so that nothing waits for somebody."""
    return sole(receivers(await colleagues(session, now))) is not None


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
