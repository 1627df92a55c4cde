"""Entering, leaving, and who one is."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Request, Response
from pydantic import Field
from sqlalchemy import select, update

from copilot.access import alerts, audit, sessions
from copilot.access.alerts import Alert
from copilot.access.principal import Principal
from copilot.channel.opening import can_open
from copilot.domain.base import StrictShape
from copilot.store.tables import MerchantRow, PersonRow, ShopRow
from copilot.web.auth import COOKIE, Anybody, MayReply, parts_of, require_own_page
from copilot.web.errors import NotAllowed
from copilot.web.parts import Parts
from copilot.web.texts import Brief

router = APIRouter(prefix="/api")


class Login(StrictShape):
    """A login with its password."""

    login: Brief
    password: Annotated[Brief, Field(repr=False)]


class Language(StrictShape):
    """The language to be spoken to in."""

    language: Literal["zh", "en"]


@router.post("/login")
async def login(request: Request, response: Response, given: Annotated[Login, Body()]) -> dict[str, Any]:
    """Sign a person in and set the cookie."""
    require_own_page(request)
    parts = parts_of(request)
    address = request.client.host if request.client else None
    entered = await sessions.sign_in(
        parts.store, given.login, given.password, address, parts.clock, lifetimes=parts.lifetimes
    )
    response.set_cookie(
        COOKIE,
        entered.secret,
        max_age=int(parts.lifetimes.longest.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return await _me(parts, entered.principal)


@router.post("/logout", status_code=204)
async def logout(request: Request, response: Response, principal: Anybody) -> None:
    """End the login."""
    parts = parts_of(request)
    if principal.session is None:
        raise NotAllowed("a token is revoked, not signed out")
    await sessions.sign_out(parts.store, principal)
    by = str(principal.id)
    async with parts.store.merchant(principal.merchant) as session:
        await audit.record(
            session, merchant=principal.merchant, by=by, action="person.signed_out", object=by, at=parts.clock.now()
        )
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")


@router.get("/me")
async def me(request: Request, principal: Anybody) -> dict[str, Any]:
    """Who is signed in, to which shops, and what they may do."""
    return await _me(parts_of(request), principal)


@router.post("/me/language", status_code=204)
async def language(request: Request, given: Annotated[Language, Body()], principal: Anybody) -> None:
    """Speak another language from now on."""
    if principal.kind != "person":
        raise NotAllowed("a token has no language")
    async with parts_of(request).store.merchant(principal.merchant) as session:
        await session.execute(update(PersonRow).where(PersonRow.id == principal.id).values(language=given.language))


@router.post("/me/alert", status_code=204)
async def alert(request: Request, given: Annotated[Alert, Body()], principal: MayReply) -> None:
    """Be called by the desk in another way from now on."""
    if principal.kind != "person":
        raise NotAllowed("a program hears nothing")
    async with parts_of(request).store.merchant(principal.merchant) as session:
        await alerts.choose(session, principal.id, given)


async def _me(parts: Parts, principal: Principal) -> dict[str, Any]:
    async with parts.store.merchant(principal.merchant) as session:
        merchant = (await session.scalars(select(MerchantRow))).one()
        called = await alerts.of_person(session, principal.id)
        shops = (await session.scalars(select(ShopRow).order_by(ShopRow.created_at, ShopRow.slug))).all()
    return {
        "person": {
            "id": str(principal.id),
            "name": principal.name,
            "login": principal.login,
            "role": principal.role,
            "language": principal.language,
            "alert": called.model_dump(mode="json"),
        },
        "merchant": {"slug": merchant.slug, "name": merchant.name},
        "csrf": principal.csrf,
        "shops": [_shop(parts, shop) for shop in shops],
        "can": list(principal.actions()),
    }


def _shop(parts: Parts, shop: ShopRow) -> dict[str, Any]:
    adapter = parts.accounts.adapters.get(shop.adapter)
    profile = parts.profiles.of(shop.profile, parts.clock.now())
    return {
        "id": str(shop.id),
        "slug": shop.slug,
        "name": shop.name,
        "platform": shop.platform,
        "market": shop.market,
        "adapter": shop.adapter,
        # Whether words can travel by themselves; without the adapter nobody knows.
        "transport": adapter.transport.value if adapter else "missing",
        "writes_first": can_open(parts.accounts, shop),
        "zone": shop.zone,
        "languages": list(profile.languages) if profile else [],
    }
