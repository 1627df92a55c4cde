"""The FastAPI application: routes, the page's files, and what holds for every answer.

Owns the putting together; it opens nothing and closes nothing.
"""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from starlette.routing import BaseRoute, Mount

from copilot import __version__
from copilot.web import pages
from copilot.web.api import (
    approvals,
    audit,
    auto,
    buyers,
    cases,
    check,
    commitments,
    conversations,
    drafts,
    events,
    faces,
    feedback,
    figures,
    inbound,
    knowledge,
    links,
    media,
    models,
    opening,
    operations,
    panel,
    paste,
    people,
    phrases,
    published,
    queue,
    reception,
    replies,
    rota,
    sendables,
    service,
    session,
    shops,
    tokens,
    translations,
    voice,
)
from copilot.web.errors import handle_errors
from copilot.web.page_files import page_files
from copilot.web.parts import Parts
from copilot.web.security import BodyLimit, SecureHeaders

GROUPS: Final[dict[str, tuple[Any, ...]]] = {
    "inbox": (
        conversations,
        opening,
        queue,
        reception,
        cases,
        buyers,
        approvals,
        commitments,
        links,
        drafts,
        replies,
        sendables,
        media,
        events,
        panel,
    ),
    "service analysis": (figures, service, phrases),
    "smart service": (check, auto, paste, translations, knowledge, published, voice, models),
    "settings": (session, faces, people, rota, shops, tokens, audit),
    "feedback": (feedback,),
}
"""The interface by the five modules of the chat tools' side menu, which are its tags; see docs/api.md."""
_BESIDE = (operations, pages)
"""What is no person's, beside the deliveries of platforms: probes, the files of the page."""
_ROUTERS = (*(part for parts in GROUPS.values() for part in parts), *_BESIDE)


def _together() -> tuple[BaseRoute, ...]:
    """Every route, held against a request in this order: what comes by the hundred a second stands first."""
    router = APIRouter()
    for group, parts_of_it in GROUPS.items():
        for part in parts_of_it:
            router.include_router(part.router, tags=[group])
    for part in _BESIDE:
        router.include_router(part.router, include_in_schema=False)
    return (*inbound.ROUTES, *router.routes)


_ROUTES: Final = _together()
"""The same for every application: what FastAPI finds out about a route with its first request, it finds out once."""


def make_app(parts: Parts, *, extra: Sequence[Mount] = ()) -> FastAPI:
    """The application over open parts, which the caller closes; ``extra`` are mounted beside it."""
    # No generated pages: they load scripts from elsewhere. No description of the interface to strangers either.
    app = FastAPI(title="reply-copilot", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.parts = parts
    handle_errors(app)
    app.router.routes.extend(_ROUTES)
    app.mount("/static", page_files(), name="static")
    app.router.routes.extend(extra)
    app.add_middleware(BodyLimit, deliveries=parts.accounts.adapters.largest_delivery)
    app.add_middleware(SecureHeaders)
    return app
