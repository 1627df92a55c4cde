"""Who receives: the person's own toggle, the team with its limits and groups, who gives out, and a shop's counters."""

import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Request
from pydantic import Field
from sqlalchemy import select

from copilot.access import audit
from copilot.channel.avatars import shown_of
from copilot.desk.queue.drain import drain, queued
from copilot.desk.queue.owner import ShopQueue, queue_of
from copilot.desk.queue.reception import colleagues, set_reception
from copilot.desk.queue.team import ColleagueShown, ShopCounters, TeamShown, shown, team
from copilot.desk.today import Today, read_today
from copilot.domain.base import StrictShape
from copilot.domain.issue import Category
from copilot.store import events
from copilot.store.tables import PersonRow, ShopRow
from copilot.web.api.conversations import one_receives, read
from copilot.web.api.reach import shop_of
from copilot.web.auth import MayAssign, MayRead, MayReply, parts_of
from copilot.web.errors import NotAllowed, NotApplicable, NotFound
from copilot.web.place import Place
from copilot.web.texts import Brief

router = APIRouter(prefix="/api")


class Toggle(StrictShape):
    """Whether new conversations come by themselves, and whether the person says that they are busy.

    What is left out stays. Who is busy is given conversations all the same; a shop's auto reply may say that it takes
    a while.
    """

    receives: bool | None = None
    busy: bool | None = None


class Receiving(StrictShape):
    """How a person receives; ``capacity`` null: as many as come. What is left out stays."""

    receives: bool | None = None
    capacity: int | None = Field(None, ge=0, le=1000)
    groups: tuple[Category, ...] | None = None
    platform_name: Brief | None = None


class GivesOut(StrictShape):
    """Who gives out the shop's conversations; the seconds null: as the platform's profile says."""

    by: Literal["desk", "platform"]
    group_first_seconds: int | None = Field(None, ge=0, le=86_400)


@router.get("/team")
async def everybody(request: Request, principal: MayRead) -> TeamShown:
    """Everybody who may answer, by name."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        everybody = await colleagues(session, parts.clock.now())
        return team(everybody, await shown_of(session, [one.person.id for one in everybody]))


@router.post("/me/reception")
async def toggle(request: Request, given: Annotated[Toggle, Body()], principal: MayReply) -> ColleagueShown:
    """Receive or do not, be busy or not; where one person receives everything there is no toggle to switch."""
    parts, now = parts_of(request), parts_of(request).clock.now()
    if principal.kind != "person":
        raise NotAllowed("a program receives nothing")
    async with parts.store.merchant(principal.merchant) as session:
        if given.receives is not None and await one_receives(session, now):
            raise NotApplicable
        await set_reception(session, principal.merchant, principal.id, now, **given.model_dump(exclude_none=True))
        await drain(session, principal.merchant, parts.profiles.of, now)
        return next(shown(one) for one in await colleagues(session, now) if one.person.id == principal.id)


@router.get("/me/today")
async def day(request: Request, principal: MayReply) -> Today:
    """The person's own day in each shop; nobody else's is told, to whomever."""
    parts = parts_of(request)
    if principal.kind != "person":
        raise NotAllowed("a program receives nothing")
    async with parts.store.merchant(principal.merchant) as session:
        return await read_today(session, principal.id, parts.profiles.of, parts.clock.now())


@router.post("/people/{person}/reception")
async def receiving(
    request: Request, person: uuid.UUID, given: Annotated[Receiving, Body()], principal: MayAssign
) -> ColleagueShown:
    """Set a colleague's limit, groups and toggle."""
    parts, now = parts_of(request), parts_of(request).clock.now()
    changes = given.model_dump(mode="json", include=given.model_fields_set)
    async with parts.store.merchant(principal.merchant) as session:
        if await session.scalar(select(PersonRow.id).where(PersonRow.id == person)) is None:
            raise NotFound
        await set_reception(session, principal.merchant, person, now, **changes)
        await audit.record(
            session,
            merchant=principal.merchant,
            by=str(principal.id),
            action="person.reception_changed",
            object=str(person),
            detail={"changed": sorted(changes)},
            at=now,
        )
        await drain(session, principal.merchant, parts.profiles.of, now)
        found = next((shown(one) for one in await colleagues(session, now) if one.person.id == person), None)
    if found is None:
        raise NotApplicable
    return found


@router.get("/shops/{shop}/counters")
async def counters(request: Request, shop: uuid.UUID, principal: MayRead) -> ShopCounters:
    """How many of the shop's conversations are unread, and how many wait for somebody."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        begin = Place(await events.position(session), parts.clock.now())
        await shop_of(session, shop)
        found = await read(session, parts, principal.merchant, begin, shop)
        waiting = await queued(session, shop)
    return ShopCounters(shop=str(shop), unread=found.counts(str(shop)).unread, queued=waiting)


@router.get("/shops/{shop}/queue")
async def chosen(request: Request, shop: uuid.UUID, principal: MayRead) -> ShopQueue:
    """Who gives out the shop's conversations."""
    async with parts_of(request).store.merchant(principal.merchant) as session:
        return queue_of((await shop_of(session, shop)).shop)


@router.post("/shops/{shop}/queue")
async def choose(
    request: Request, shop: uuid.UUID, given: Annotated[GivesOut, Body()], principal: MayAssign
) -> ShopQueue:
    """Choose who gives out the shop's conversations."""
    parts, now = parts_of(request), parts_of(request).clock.now()
    kept = ShopQueue(by=given.by, group_first_seconds=given.group_first_seconds)
    async with parts.store.merchant(principal.merchant) as session:
        row = await session.scalar(select(ShopRow).where(ShopRow.id == shop).with_for_update())
        if row is None:
            raise NotFound
        row.settings = {**row.settings, "queue": kept.model_dump(mode="json")}
        await session.flush()
        await audit.record(
            session,
            merchant=principal.merchant,
            by=str(principal.id),
            action="shop.queue_changed",
            object=str(shop),
            detail={"by": given.by},
            at=now,
        )
        await events.append(
            session, merchant=principal.merchant, shop=shop, topic="shop.changed", ref=str(shop), at=now
        )
        await drain(session, principal.merchant, parts.profiles.of, now)
    return kept
