"""What is published for the merchant's shops, and moving versions on or back; publishing itself is a command."""

import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Request
from sqlalchemy import select

from copilot.access.principal import Action, Principal, Role
from copilot.desk.published import PublishedVersion, read_published
from copilot.domain.base import Shape, StrictShape
from copilot.flow.publishing import rows
from copilot.flow.publishing.files import Kind
from copilot.flow.publishing.rows import Actor, NothingToMove, OwnerNeeded, State
from copilot.store.tables import PublicationRow, ShopRow
from copilot.web.auth import MayManage, MayRead, parts_of
from copilot.web.errors import NeedsOwner, NotAllowed, NotFound, WrongState

router = APIRouter(prefix="/api/published")


class Onward(StrictShape):
    """Where a version is to go."""

    to: Literal["shadow", "enforce"] = "enforce"


class Back(StrictShape):
    """From where to go back: a kind, of one shop or of all."""

    kind: Kind = Kind.RULES
    shop: uuid.UUID | None = None


class PublishedList(Shape):
    """The versions, the newest first."""

    versions: tuple[PublishedVersion, ...]


class WentBack(Shape):
    """What was left and what holds now; null: the deployment's own folders."""

    left: PublishedVersion
    now: PublishedVersion | None


@router.get("")
async def listed(request: Request, principal: MayRead, shop: uuid.UUID | None = None) -> PublishedList:
    """What is published; for owners, general admins, supervisors and QA."""
    if principal.role not in _READERS:
        raise NotAllowed("published")
    async with parts_of(request).store.merchant(principal.merchant) as session:
        if shop is not None and await session.scalar(select(ShopRow.id).where(ShopRow.id == shop)) is None:
            raise NotFound
        return PublishedList(versions=tuple(await read_published(session, shop)))


@router.post("/{version}/promote")
async def promote(
    request: Request, version: uuid.UUID, given: Annotated[Onward, Body()], principal: MayManage
) -> PublishedVersion:
    """Bring a version to shadow or into force."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        row = await session.scalar(select(PublicationRow).where(PublicationRow.id == version))
        if row is None:
            raise NotFound
        try:
            moved = await rows.promote(session, row.id, State(given.to), _actor(principal), parts.clock.now())
        except NothingToMove:
            raise WrongState(state=row.state) from None
        except OwnerNeeded:
            raise NeedsOwner(weakened=[one["rule"] for one in row.weakened]) from None
        return _one(await read_published(session), moved.id)


@router.post("/rollback")
async def rollback(request: Request, given: Annotated[Back, Body()], principal: MayManage) -> WentBack:
    """Go back to the version before the one in force."""
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        if given.shop is not None and await session.scalar(select(ShopRow.id).where(ShopRow.id == given.shop)) is None:
            raise NotFound
        try:
            left, back = await rows.roll_back(session, given.shop, given.kind, _actor(principal), parts.clock.now())
        except NothingToMove:
            raise WrongState(state="none") from None
        except OwnerNeeded as error:
            raise NeedsOwner(weakened=list(error.rules)) from None
        shown = await read_published(session)
        return WentBack(left=_one(shown, left.id), now=_one(shown, back.id) if back is not None else None)


_READERS = frozenset({Role.OWNER, Role.GENERAL_ADMIN, Role.SUPERVISOR, Role.QA})


def _actor(principal: Principal) -> Actor:
    assert principal.can(Action.MANAGE)  # the route has asked
    return Actor(str(principal.id), principal.role)


def _one(shown: list[PublishedVersion], id: uuid.UUID) -> PublishedVersion:
    return next(one for one in shown if one.id == id)
