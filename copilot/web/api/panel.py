"""The embedded panel: its page, its own sign-in, which conversation the host means, and who may be the host."""

import html
import re
import uuid
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import AfterValidator, Field
from sqlalchemy import select

from copilot.access import audit, keys, names, panels
from copilot.desk.embedding import MOST, SETTING, all_origins, origin, origins_of
from copilot.domain.base import StrictShape
from copilot.domain.errors import BadInput
from copilot.store.tables import ConversationRow, ShopRow
from copilot.web.api.reach import shop_of
from copilot.web.auth import Anybody, MayManage, MayRead, parts_of, require_own_page, way_of
from copilot.web.errors import NotAllowed, NotFound, NotListed, NotSignedIn, OriginUnfit
from copilot.web.page_files import ASK_AGAIN, page_files
from copilot.web.parts import Parts
from copilot.web.security import csp
from copilot.web.texts import Brief

router = APIRouter()

_ASK_AGAIN = {"Cache-Control": ASK_AGAIN}
Nonce = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22,64}$")]


class Asked(StrictShape):
    """A panel that wants to be signed in: what it made up, and the origin that shows it."""

    nonce: Nonce
    host: Brief


class Code(Asked):
    """The same with the code that the pop-up handed over."""

    code: Annotated[Brief, Field(repr=False)]


class Origins(StrictShape):
    """The origins that may show the panel; none: nobody."""

    origins: Annotated[tuple[Annotated[Brief, AfterValidator(str.strip)], ...], Field(max_length=MOST)]


@router.get("/panel", include_in_schema=False)
async def panel(request: Request, merchant: Annotated[str, Query(max_length=100)] = "") -> HTMLResponse:
    """The panel for the tools of one merchant (its slug); a merchant that lists nobody is shown nowhere."""
    allowed = await _allowed(parts_of(request), merchant)
    text = page_files().page("panel.html")
    told = re.sub(r"(?<=name=\"panel-origins\" content=\")(?=\")", html.escape(" ".join(allowed), quote=True), text)
    headers = {**_ASK_AGAIN, "Content-Security-Policy": csp(allowed)}
    return HTMLResponse(told, headers=headers)


@router.get("/panel/sign-in", include_in_schema=False)
async def sign_in() -> HTMLResponse:
    """The pop-up in which somebody signs a panel in."""
    # It must reach the frame that opened it, whose top page is another site's: "same-origin" would part the two.
    headers = {**_ASK_AGAIN, "Cross-Origin-Opener-Policy": "unsafe-none"}
    return HTMLResponse(page_files().page("panel-sign-in.html"), headers=headers)


@router.post("/api/panel/code")
async def code(request: Request, given: Annotated[Asked, Body()], principal: Anybody) -> dict[str, str]:
    """A one-time code for the panel; only somebody signed in on our own page gets one."""
    way = way_of(request)
    if principal.kind != "person" or way is None or way.bearer:
        raise NotAllowed("a panel is signed in by a person on our own page")
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        if given.host not in all_origins(await session.scalars(select(ShopRow))):
            raise NotListed
    return {"code": await panels.invite(parts.store, principal, given.nonce, given.host, parts.clock)}


@router.post("/api/panel/token")
async def token(request: Request, given: Annotated[Code, Body()]) -> dict[str, str]:
    """The token of a panel for its code."""
    require_own_page(request)
    parts = parts_of(request)
    secret = await panels.enter(parts.store, given.code, given.nonce, given.host, parts.clock, parts.lifetimes)
    if secret is None:
        raise NotSignedIn
    return {"token": secret}


@router.get("/api/panel/conversation")
async def conversation(request: Request, host: Brief, ref: Brief, principal: MayRead) -> dict[str, str]:
    """Which conversation the host means by ``ref``, its platform's id or ours, among the shops that list the host.

    404 also when several shops know the id: showing the wrong buyer is worse than showing none.
    """
    async with parts_of(request).store.merchant(principal.merchant) as session:
        shops = [shop.id for shop in await session.scalars(select(ShopRow)) if host in origins_of(shop)]
        named = ConversationRow.platform_conversation_id == ref
        ours = _id(ref)
        query = select(ConversationRow.id).where(
            ConversationRow.shop.in_(shops), (named | (ConversationRow.id == ours)) if ours else named
        )
        found = list(await session.scalars(query.limit(2)))
    if len(found) != 1:
        raise NotFound
    return {"conversation": str(found[0])}


@router.get("/api/shops/{shop}/panel")
async def embedded(request: Request, shop: uuid.UUID, principal: MayRead) -> dict[str, Any]:
    """Where the panel may show the shop's conversations."""
    async with parts_of(request).store.merchant(principal.merchant) as session:
        return {"origins": origins_of((await shop_of(session, shop)).shop)}


@router.post("/api/shops/{shop}/panel")
async def embed(
    request: Request, shop: uuid.UUID, given: Annotated[Origins, Body()], principal: MayManage
) -> dict[str, Any]:
    """Say where the panel may show the shop's conversations."""
    chosen = list(dict.fromkeys(_origin(line, one) for line, one in enumerate(given.origins, start=1)))
    parts = parts_of(request)
    async with parts.store.merchant(principal.merchant) as session:
        row = await session.scalar(select(ShopRow).where(ShopRow.id == shop).with_for_update())
        if row is None:
            raise NotFound
        row.settings = {**row.settings, SETTING: {"origins": chosen}}
        await audit.record(
            session,
            merchant=principal.merchant,
            by=str(principal.id),
            action="shop.changed",
            object=str(shop),
            detail={"changed": [SETTING], "origins": chosen},
            at=parts.clock.now(),
        )
    return {"origins": chosen}


def _origin(line: int, text: str) -> str:
    try:
        return origin(text)
    except BadInput:
        # Which one, not what: what somebody sent is never repeated, and the page has it.
        raise OriginUnfit(field="origins", line=line) from None


async def _allowed(parts: Parts, merchant: str) -> tuple[str, ...]:
    if not names.is_slug(merchant):
        return ()
    async with parts.store.system() as session:
        found = await keys.holder(session, names.MERCHANT_KIND, merchant)
    if found is None:
        return ()
    async with parts.store.merchant(found) as session:
        return all_origins(await session.scalars(select(ShopRow)))


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
