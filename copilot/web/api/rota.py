"""A shop's rota with what it leaves uncovered, and who was missing; for those above the agents."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Body, Request
from pydantic import Field
from sqlalchemy import select

from copilot.access import audit
from copilot.desk.rota.absences import Absence, read_absences
from copilot.desk.rota.planned import Limits, OnDuty, RotaShown, read_rota, save_rota
from copilot.domain.base import Shape, StrictShape
from copilot.store.tables import PersonRow, ShopRow
from copilot.web.api.reach import shop_of
from copilot.web.auth import MayAssign, parts_of
from copilot.web.errors import NotFound, Unfit

router = APIRouter(prefix="/api")


class NewRota(StrictShape):
    """The whole rota of a shop, and what of its limits is its own."""

    slots: tuple[OnDuty, ...] = Field((), max_length=500)
    own: Limits = Limits()


class Absences(Shape):
    """Who was missing for too long, the newest first."""

    absences: tuple[Absence, ...]


@router.get("/shops/{shop}/rota")
async def rota(request: Request, shop: uuid.UUID, principal: MayAssign) -> RotaShown:
    """The rota, and the peak minutes of the next seven days that nobody covers."""
    parts, now = parts_of(request), parts_of(request).clock.now()
    async with parts.store.merchant(principal.merchant) as session:
        row = (await shop_of(session, shop)).shop
        return await read_rota(session, row, parts.profiles.of(row.profile, now), now)


@router.post("/shops/{shop}/rota")
async def save(request: Request, shop: uuid.UUID, given: Annotated[NewRota, Body()], principal: MayAssign) -> RotaShown:
    """Take this rota in the place of the one before."""
    parts, now = parts_of(request), parts_of(request).clock.now()
    async with parts.store.merchant(principal.merchant) as session:
        row = await session.scalar(select(ShopRow).where(ShopRow.id == shop).with_for_update())
        if row is None:
            raise NotFound
        there = set(await session.scalars(select(PersonRow.id)))
        if not {one.person for one in given.slots} <= there:
            raise Unfit(field="slots")
        await save_rota(session, row, given.slots, given.own, now)
        await audit.record(
            session,
            merchant=principal.merchant,
            by=str(principal.id),
            action="shop.rota_changed",
            object=str(shop),
            detail={"slots": len(given.slots)},
            at=now,
        )
        return await read_rota(session, row, parts.profiles.of(row.profile, now), now)


@router.get("/absences")
async def absences(request: Request, principal: MayAssign) -> Absences:
    """Who was missing while on duty, for longer than the limit, in the last seven days."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        return Absences(absences=await read_absences(session, parts.clock.now()))
