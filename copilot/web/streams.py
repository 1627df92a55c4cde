"""One reader's stream of events: everything that happened to a merchant, in order, until somebody stops it.

Between two looks nothing of the database is held. It ends by itself when the login is over or the process stops.
"""

import asyncio
import uuid
from collections.abc import AsyncGenerator, Awaitable, Sequence
from typing import Any, Final

from fastapi.sse import ServerSentEvent
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from copilot.access.alerts import alerting
from copilot.access.principal import Principal
from copilot.logs import get_logger
from copilot.metrics import open_stream
from copilot.store import events
from copilot.store.direct import Direct, Transaction
from copilot.store.events import Event, EventId
from copilot.web.auth import Way, find
from copilot.web.parts import Parts
from copilot.web.place import Place
from copilot.web.presence import Presence

log = get_logger(__name__)

CHECK_SECONDS: Final = 60.0
RETRY_MILLISECONDS: Final = 500
_PAGE: Final = 200
_REST: Final = 0.03
"""Seconds from one look to the next: while drafts are written something happens all the time, and what happens within
a blink is read together. Who has rested so long looks at once."""

_ABOUT = Direct(
    text(
        "SELECT id, conversation FROM drafts WHERE id = ANY(:drafts)"
        " UNION ALL SELECT id, conversation FROM outbox WHERE id = ANY(:replies)"
        " UNION ALL SELECT id, conversation FROM commitments WHERE id = ANY(:promises)"
        " UNION ALL SELECT id, conversation FROM approvals WHERE id = ANY(:approvals)"
        " UNION ALL SELECT id, conversation FROM translations WHERE id = ANY(:translations)"
    )
)
_TALK = frozenset({"message", "conversation"})
_WRITTEN = "message.received"


async def stream(parts: Parts, principal: Principal, way: Way, begin: Place | None) -> AsyncGenerator[ServerSentEvent]:
    """The merchant's events after ``begin``, or from now on without one; a ``begin`` of no use is told by ``reset``."""
    presence = Presence(parts, principal)
    try:
        async for event in _events(parts, principal, way, begin, presence):
            yield event
    finally:
        # Also where the reader went away: then the task is being cancelled, and the note goes on without it.
        noting = asyncio.ensure_future(presence.closed())
        parts.leaving.add(noting)
        noting.add_done_callback(parts.leaving.discard)
        await asyncio.shield(noting)


async def _events(
    parts: Parts, principal: Principal, way: Way, begin: Place | None, presence: Presence
) -> AsyncGenerator[ServerSentEvent]:
    with open_stream():
        start = await _start(parts, principal.merchant, begin)
        after = start.event
        yield _marked("ready", start)
        if begin is not None and start != begin:
            # The place is no good: what happened in between is not told, the reader must read its lists again.
            yield _marked("reset", start)
        checked = parts.clock.monotonic()
        listener, looked = parts.listener.about(str(principal.merchant)), -_REST
        while not parts.stopping.is_set():
            looked = await _rested(looked)
            seen = listener.count
            try:
                await presence.still_open()
                found, pause = await _read(parts, principal, after)
            except (SQLAlchemyError, OSError) as error:
                # The reader keeps its place and comes back to it.
                log.warning("stream_broken", error=error)
                break
            for event, conversation, alert in found:
                after = event.id
                yield _told(event, conversation, alert=alert)
            if len(found) < _PAGE:
                await _first(listener.wait(seen, pause), parts.stopping.wait())
            if parts.clock.monotonic() - checked >= CHECK_SECONDS:
                checked = parts.clock.monotonic()
                if not await _still(parts, principal, way):
                    return
        yield ServerSentEvent(retry=RETRY_MILLISECONDS)


async def _rested(looked: float) -> float:
    """Wait out what is left of the rest after the last look; returns the time of this one, both by the loop's clock."""
    loop = asyncio.get_running_loop()
    left = looked + _REST - loop.time()
    if left > 0:
        await asyncio.sleep(left)
    return loop.time()


async def _start(parts: Parts, merchant: uuid.UUID, begin: Place | None) -> Place:
    """Where to begin: at ``begin``, or now when it is of no use."""
    async with parts.store.merchant(merchant) as session:
        now = Place(await events.position(session), parts.clock.now())
    # A place beyond all transactions was given by another database.
    if begin is None or begin.is_old(now.at) or begin.event.xid > now.event.xid:
        return now
    return begin


async def _read(
    parts: Parts, principal: Principal, after: EventId
) -> tuple[list[tuple[Event, str | None, bool]], float]:
    """The events with their conversations and whether each is to call the reader, and how long to wait for more."""
    async with parts.store.direct(principal.merchant) as session:
        found = await events.read(session, after, _PAGE)
        about = await _conversations(session, found)
        written = [uuid.UUID(event.ref) for event in found if event.topic == _WRITTEN]
        calling = await alerting(session, principal, written)
    told = [
        (
            event,
            event.ref if _kind(event) in _TALK else about.get(event.ref),
            event.topic == _WRITTEN and event.ref in calling,
        )
        for event in found
    ]
    return told, found.pause


async def _conversations(session: Transaction, found: Sequence[Event]) -> dict[str, str]:
    """The conversations that drafts, replies, promises, requests and translations belong to, by their ids."""
    drafts = [uuid.UUID(event.ref) for event in found if _kind(event) == "draft"]
    replies = [uuid.UUID(event.ref) for event in found if _kind(event) == "reply"]
    promises = [uuid.UUID(event.ref) for event in found if _kind(event) == "commitment"]
    approvals = [uuid.UUID(event.ref) for event in found if _kind(event) == "approval"]
    translations = [uuid.UUID(event.ref) for event in found if _kind(event) == "translation"]
    about = {
        "drafts": drafts,
        "replies": replies,
        "promises": promises,
        "approvals": approvals,
        "translations": translations,
    }
    if not any(about.values()):
        return {}
    rows = await _ABOUT.all(session, about)
    return {str(ref): str(conversation) for ref, conversation in rows}


def _kind(event: Event) -> str:
    return event.topic.partition(".")[0]


def _told(event: Event, conversation: str | None, *, alert: bool) -> ServerSentEvent:
    data: dict[str, Any] = {
        "topic": event.topic,
        "ref": event.ref,
        "shop": str(event.shop) if event.shop else None,
        "conversation": conversation,
        "at": event.at,
    }
    if alert:
        data["alert"] = True
    return ServerSentEvent(event=event.topic, id=str(Place(event.id, event.at)), data=data)


def _marked(name: str, place: Place) -> ServerSentEvent:
    # With data: browsers drop an event that has none.
    # With the pause before coming back already here: a process that is killed says nothing at its end.
    return ServerSentEvent(event=name, id=str(place), data={"event": str(place)}, retry=RETRY_MILLISECONDS)


async def _still(parts: Parts, principal: Principal, way: Way) -> bool:
    """Whether the login still holds and is the same person's; looking does not keep it alive."""
    found = await find(parts, way, use=False)
    return found is not None and (found.merchant, found.id, found.role) == (
        principal.merchant,
        principal.id,
        principal.role,
    )


async def _first(*waits: Awaitable[Any]) -> None:
    """Return when one of ``waits`` is over; the others are cancelled."""
    tasks = [asyncio.ensure_future(one) for one in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
