"""The event stream's route: who listens and from where is settled before the first byte."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from copilot.domain.errors import BadInput
from copilot.web.auth import MayRead, Way, parts_of, way_of
from copilot.web.place import UNKNOWN, Place
from copilot.web.streams import stream

router = APIRouter(prefix="/api")


@dataclass(frozen=True)
class Listening:
    """Where a reader goes on from (None: from now on), and what they came with."""

    begin: Place | None
    way: Way


def listening(request: Request, after: str | None = None) -> Listening:
    """What the browser remembers goes before the page's address, which stays the same when it connects again."""
    way = way_of(request)
    assert way is not None  # the principal is settled first
    written = request.headers.get("last-event-id") or after
    if not written:
        return Listening(None, way)
    try:
        return Listening(Place.parse(written), way)
    except BadInput:
        return Listening(UNKNOWN, way)


@router.get("/events", response_class=EventSourceResponse)
async def events(
    request: Request, principal: MayRead, listening: Annotated[Listening, Depends(listening)]
) -> AsyncIterator[ServerSentEvent]:
    """What happens to the merchant, as it happens."""
    async for event in stream(parts_of(request), principal, listening.way, listening.begin):
        yield event
