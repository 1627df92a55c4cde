"""The FastAPI application: routes, the page's files, and what holds for every answer.

Owns the putting together; it opens nothing and closes nothing.
"""

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.routing import Mount

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
    session,
    shops,
    tokens,
    translations,
    voice,
)
from copilot.web.errors import handle_errors
from copilot.web.parts import Parts
from copilot.web.security import BodyLimit, SecureHeaders

_TALK = (
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
    translations,
    check,
    auto,
    paste,
)
_MANAGE = (people, shops, models, voice, tokens, audit, rota, phrases, figures, feedback)
# A request is held against the routes in this order: what comes by the hundred a second stands first.
_ROUTERS = (inbound, session, *_TALK, *_MANAGE, knowledge, published, events, media, operations, panel, pages)


def make_app(parts: Parts, *, extra: Sequence[Mount] = ()) -> FastAPI:
    """The application over open parts, which the caller closes; ``extra`` are mounted beside it."""
    # No generated pages: they load scripts from elsewhere. No description of the interface to strangers either.
    app = FastAPI(title="reply-copilot", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.parts = parts
    handle_errors(app)
    for part in _ROUTERS:
        app.include_router(part.router)
    app.mount("/static", pages.Files(directory=pages.FOLDER, check_dir=False), name="static")
    app.router.routes.extend(extra)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecureHeaders)
    return app
