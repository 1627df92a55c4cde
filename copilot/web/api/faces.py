"""How a person is shown to the others: their name, and a picture that a platform may have to approve first."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from copilot.access import audit, staff
from copilot.access.principal import Principal
from copilot.channel.avatars import keep, of_person
from copilot.channel.sendables import file_of
from copilot.domain.base import Shape, StrictShape
from copilot.domain.errors import BadInput
from copilot.sdk import AvatarState
from copilot.store import events
from copilot.store.tables import AvatarRow, PersonRow, ShopRow
from copilot.web.api.media import PICTURE_HEADERS
from copilot.web.auth import Anybody, MayRead, parts_of
from copilot.web.errors import NotAllowed, NotFound, Unfit
from copilot.web.parts import Parts
from copilot.web.texts import Brief

router = APIRouter(prefix="/api")


class Review(Shape):
    """What the platform of ``shop`` says of a picture, in its own words."""

    shop: str
    state: AvatarState
    reason: str | None = None


class Waiting(Shape):
    """A picture that is not shown: it waits for a review, or was refused."""

    id: str
    state: AvatarState
    reviews: tuple[Review, ...]


class Face(Shape):
    """A person's name, the picture that is shown (null: none), and a newer one that is not."""

    name: str
    avatar: str | None = None
    waiting: Waiting | None = None


class Named(StrictShape):
    """Another name to be shown by."""

    name: Brief


@router.get("/me/face")
async def face(request: Request, principal: Anybody) -> Face:
    """How one is shown."""
    _person(principal)
    async with parts_of(request).store.merchant(principal.merchant) as session:
        return await _face(session, principal)


@router.post("/me/face")
async def rename(request: Request, given: Annotated[Named, Body()], principal: Anybody) -> Face:
    """Be shown by another name from now on."""
    _person(principal)
    parts = parts_of(request)
    try:
        await staff.change(parts.store, principal, principal.id, {"name": given.name}, parts.clock)
    except BadInput:
        raise Unfit(field="name") from None
    async with parts.store.merchant(principal.merchant) as session:
        return await _face(session, principal)


@router.put("/me/avatar")
async def avatar(request: Request, principal: Anybody) -> Face:
    """Give a picture: its bytes are the request's body, its type the header ``Content-Type``."""
    _person(principal)
    parts = parts_of(request)
    given = file_of(await request.body(), request.headers.get("content-type", ""), "avatar")
    if given is None or given.kind != "image":
        raise Unfit(field="body")
    async with parts.store.merchant(principal.merchant) as session:
        row = await keep(session, parts.accounts, principal.merchant, principal.id, given, parts.clock)
        await _record(session, parts, principal, "person.avatar_given", str(row.id))
        return await _face(session, principal)


@router.delete("/me/avatar")
async def no_avatar(request: Request, principal: Anybody) -> Face:
    """Be shown without a picture, and take back one that waits."""
    _person(principal)
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        await session.execute(delete(AvatarRow).where(AvatarRow.person == principal.id))
        await _record(session, parts, principal, "person.avatar_removed", str(principal.id))
        now = parts.clock.now()
        about = str(principal.id)
        await events.append(session, merchant=principal.merchant, topic="reception.changed", ref=about, at=now)
        return await _face(session, principal)


@router.get("/avatars/{avatar}")
async def picture(request: Request, avatar: uuid.UUID, principal: MayRead) -> Response:
    """A picture that is shown; one that waits is for the person alone whose it is."""
    async with parts_of(request).store.merchant(principal.merchant) as session:
        row = await session.scalar(select(AvatarRow).where(AvatarRow.id == avatar))
    if row is None or (row.state != AvatarState.APPROVED and row.person != principal.id):
        raise NotFound
    return Response(row.body, media_type=row.content_type, headers=PICTURE_HEADERS)


def _person(principal: Principal) -> None:
    if principal.kind != "person":
        raise NotAllowed("a program has no face")


async def _face(session: AsyncSession, principal: Principal) -> Face:
    person = await session.get_one(PersonRow, (principal.merchant, principal.id))
    shown, waits = await of_person(session, principal.id)
    shops = {str(id): name for id, name in await session.execute(select(ShopRow.id, ShopRow.name))}
    waiting = waits and Waiting(
        id=str(waits.id),
        state=AvatarState(waits.state),
        reviews=tuple(
            Review(shop=shops.get(shop, ""), state=one["state"], reason=one["reason"])
            for shop, one in waits.reviews.items()
        ),
    )
    return Face(name=person.name, avatar=str(shown.id) if shown else None, waiting=waiting)


async def _record(session: AsyncSession, parts: Parts, principal: Principal, action: str, about: str) -> None:
    by, at = str(principal.id), parts.clock.now()
    await audit.record(session, merchant=principal.merchant, by=by, action=action, object=about, at=at)
