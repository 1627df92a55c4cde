"""Everything that is written into rooms: replies, pictures, notes and what became of them; each once under its key."""

import hashlib
from typing import Any, Final, cast

from copilot.sdk import (
    Account,
    FileReply,
    Malformed,
    MessageEvent,
    Note,
    OutcomeUnknown,
    Receipt,
    Reply,
    Unsupported,
    WindowClosed,
)
from copilot_adapter_matrix import events, notes
from copilot_adapter_matrix.client import call, path
from copilot_adapter_matrix.settings import MatrixSettings
from copilot_adapter_matrix.wire import Sent, Uploaded, part, read, wire_events

KEY: Final = "reply-copilot.key"
"""In the content of what we send: the key under which it was sent."""
_LOOK_BACK: Final = "50"


async def send(account: Account, reply: Reply, key: str) -> Receipt:
    """Send a text once; the same ``key`` again is the same message.

    Raises:
        OutcomeUnknown: it may have arrived.
        AdapterError: it did not.
    """
    return await _put(account, reply.conversation, key, {"msgtype": "m.text", "body": reply.text})


async def send_image(account: Account, reply: FileReply, key: str) -> Receipt:
    """Upload a picture and send it once; ends as ``send``."""
    address = path("_matrix", "media", "v3", "upload")
    told = await call(
        account,
        "POST",
        address,
        "upload",
        content=reply.body,
        content_type=reply.content_type,
        params={"filename": reply.name},
    )
    info = {"mimetype": reply.content_type, "size": len(reply.body)}
    content = {"msgtype": "m.image", "body": reply.name, "url": read(Uploaded, told).content_uri, "info": info}
    return await _put(account, reply.conversation, key, content)


async def note(account: Account, shown: Note, key: str) -> Receipt:
    """Show a draft in the agents' room once.

    Raises:
        Unsupported: the shop named no such room.
        OutcomeUnknown, AdapterError: as ``send``.
    """
    content = {
        "msgtype": "m.notice",
        "body": notes.plain(shown),
        "format": "org.matrix.custom.html",
        "formatted_body": notes.html(shown),
        "reply-copilot.draft": {"draft": shown.draft, "revision": shown.revision},
    }
    room = _agents_room(account)
    try:
        return await _put(account, room, key, content)
    except WindowClosed:
        # The bot was invited and is not in yet: nothing was written so far.
        await join(account, room)
    return await _put(account, room, key, content)


async def join(account: Account, room: str) -> None:
    """Come into a room that the bot was invited into; one that it is in already is no matter.

    Raises:
        AdapterError: it may not.
    """
    await call(account, "POST", path("_matrix", "client", "v3", "join", room), "join", json={})


async def enter(account: Account, room: str) -> tuple[MessageEvent, ...]:
    """Come in, and read what was said before as far as the room shows it, oldest first.

    Raises:
        AdapterError: it may not, or the room could not be read.
    """
    await join(account, room)
    told = [{**one, "room_id": room} for one in reversed(await _newest(account, room, _LOOK_BACK))]
    found = events.events(wire_events(told), account.shop, account.settings)
    return tuple(one for one in found if isinstance(one, MessageEvent))


async def settled(account: Account, note_id: str, words: str) -> None:
    """Say in the thread below a note what became of it.

    Raises:
        AdapterError: it could not be said.
    """
    # Said again within a few seconds it is the same message; later it is another answer in the same words.
    moment = int(account.clock.now().timestamp()) // 5
    key = hashlib.sha256(f"{note_id}\n{moment}\n{words}".encode()).hexdigest()
    content = {
        "msgtype": "m.notice",
        "body": words,
        "m.relates_to": {
            "rel_type": "m.thread",
            "event_id": note_id,
            # For programs that know no threads it is a reply to the note.
            "is_falling_back": True,
            "m.in_reply_to": {"event_id": note_id},
        },
    }
    await _event(account, _agents_room(account), key, content)


async def mark_read(account: Account, room: str) -> None:
    """Mark everything in the room as read.

    Raises:
        AdapterError: it was not marked.
    """
    newest = await _newest(account, room, "1")
    if newest and isinstance(newest[0].get("event_id"), str):
        address = path("_matrix", "client", "v3", "rooms", room, "receipt", "m.read", newest[0]["event_id"])
        await call(account, "POST", address, "receipt", json={})


async def _put(account: Account, room: str, key: str, content: dict[str, Any]) -> Receipt:
    """Send once, whatever happened to the homeserver between two attempts.

    It knows the keys of the last half hour by itself, unless it was started anew: then the room tells.
    """
    for event in await _newest(account, room, _LOOK_BACK):
        if part(event.get("content")).get(KEY) == key and event.get("sender") == account.settings.bot:
            return Receipt(message_id=read(Sent, event).event_id)
    return Receipt(message_id=await _event(account, room, key, {**content, KEY: key}))


async def _event(account: Account, room: str, transaction: str, content: dict[str, Any]) -> str:
    address = path("_matrix", "client", "v3", "rooms", room, "send", "m.room.message", transaction)
    told = await call(account, "PUT", address, "send", sending=True, json=content)
    try:
        return read(Sent, told).event_id
    except Malformed:
        # Taken, as far as the status says, and nobody knows as what.
        raise OutcomeUnknown("send: the answer names no event") from None


async def _newest(account: Account, room: str, limit: str) -> list[dict[str, Any]]:
    address = path("_matrix", "client", "v3", "rooms", room, "messages")
    told = await call(account, "GET", address, "messages", params={"dir": "b", "limit": limit})
    chunk = told.get("chunk")
    if not isinstance(chunk, list):
        raise Malformed("messages: no list of events")
    return [part(one) for one in cast("list[object]", chunk)]


def _agents_room(account: Account) -> str:
    settings: MatrixSettings = account.settings
    if settings.agents_room is None:
        raise Unsupported("the shop's settings name no agents' room")
    return settings.agents_room
