"""Who makes a request and whether they may: one dependency for every route, closed before anything is answered.

A person comes with a cookie, and then everything that changes something must carry their CSRF token and come from our
own pages; a machine, or a person's embedded panel, comes with a bearer token. Nothing of the database is held when
the route begins.
"""

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Annotated, Final, cast
from urllib.parse import urlsplit

from fastapi import Depends, Request

from copilot.access import panels, sessions, tokens
from copilot.access.principal import Action, Principal
from copilot.web.errors import CsrfRefused, NotAllowed, NotSignedIn
from copilot.web.parts import Parts

COOKIE: Final = "copilot_session"
UNATTENDED: Final = "x-unattended"
"""A request that the page makes by itself, after an event: it does not keep the login alive."""
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_LONGEST: Final = 200


@dataclass(frozen=True)
class Way:
    """How a request shows who makes it; the ``secret`` is a cookie's or a bearer token's."""

    secret: str = field(repr=False)
    bearer: bool


def parts_of(request: Request) -> Parts:
    """The process's parts."""
    return cast(Parts, request.app.state.parts)


def way_of(request: Request) -> Way | None:
    """The credentials that came with the request; a bearer token goes before a cookie."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and token.strip():
        return Way(token.strip()[:_LONGEST], bearer=True)
    cookie = request.cookies.get(COOKIE)
    return Way(cookie[:_LONGEST], bearer=False) if cookie else None


async def find(parts: Parts, way: Way, *, use: bool = True) -> Principal | None:
    """Whom ``way`` belongs to now; ``use`` keeps a person's login alive."""
    panel = way.secret.startswith(panels.PREFIX)
    if panel and way.bearer:
        lives = panels.lifetimes(parts.lifetimes)
        found = await sessions.find(parts.store, way.secret, parts.clock, lifetimes=lives, use=use)
        return found and replace(found, framed=True)
    if panel:
        return None
    if way.bearer:
        return await tokens.find(parts.store, way.secret, parts.clock)
    return await sessions.find(parts.store, way.secret, parts.clock, lifetimes=parts.lifetimes, use=use)


def may(action: Action | None) -> Callable[[Request], Awaitable[Principal]]:
    """A dependency: the principal, when they may do ``action`` (None: being signed in is enough).

    Raises:
        NotSignedIn: nobody, or a login that is over.
        CsrfRefused: a change with a cookie, without the CSRF token or from another site.
        NotAllowed: the role does not allow it.
    """

    async def principal(request: Request) -> Principal:
        way = way_of(request)
        found = await find(parts_of(request), way, use=not _by_itself(request)) if way else None
        if way is None or found is None:
            raise NotSignedIn
        if found.kind == "person":
            request.state.language = found.language
        if not way.bearer:
            if request.method not in _SAFE:
                require_own_page(request)
                _require_csrf(request, found)
        if action is not None and not found.can(action):
            raise NotAllowed(action)
        return found

    return principal


def _by_itself(request: Request) -> bool:
    """Whether the page asks and nobody's hand: it says so, except for a picture, which its browser fetches."""
    return UNATTENDED in request.headers or request.headers.get("sec-fetch-dest") == "image"


def require_own_page(request: Request) -> None:
    """Refuse a request that a browser sends on behalf of another site.

    Raises:
        CsrfRefused: its ``Origin`` is not ours, or the browser says that it comes from elsewhere.
    """
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise CsrfRefused
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise CsrfRefused


def _require_csrf(request: Request, principal: Principal) -> None:
    told = request.headers.get("x-csrf-token", "")
    if not principal.csrf or not hmac.compare_digest(told.encode(), principal.csrf.encode()):
        raise CsrfRefused


Anybody = Annotated[Principal, Depends(may(None))]
"""Whoever is signed in."""
MayRead = Annotated[Principal, Depends(may(Action.READ))]
"""Somebody who may look at conversations."""
MayCheck = Annotated[Principal, Depends(may(Action.CHECK))]
"""Somebody who may have a text judged or drafted."""
MayReply = Annotated[Principal, Depends(may(Action.REPLY))]
"""Somebody who may send a text of their own."""
MayManage = Annotated[Principal, Depends(may(Action.MANAGE))]
"""An owner or a general admin: somebody who may change what the shop is, knows and follows."""
MayAssign = Annotated[Principal, Depends(may(Action.ASSIGN))]
"""Somebody above the agents: who says who receives."""
MayWatch = Annotated[Principal, Depends(may(Action.WATCH))]
"""Somebody above the agents, at the desk itself: who sees how drafts are taken."""
MaySample = Annotated[Principal, Depends(may(Action.SAMPLE))]
"""Somebody who reads the week's blind sample."""
MayHear = Annotated[Principal, Depends(may(Action.HEAR))]
"""Somebody above the agents, or who looks after quality: who reads what agents say of drafts."""
MayDecide = Annotated[Principal, Depends(may(Action.DECIDE))]
"""Somebody who may accept, edit or reject a draft."""
