"""What an emulated Chatwoot says, on the wire: messages and conversations as deliveries and lists have them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from copilot.domain.message import Kind, Message, Role, SentBy
from copilot.sdk.testing import Said, Shopper, Thread
from copilot.sdk.testing.chats import stable_id

TYPES: Final = {"incoming": 0, "outgoing": 1, "activity": 2, "template": 3}
AGENT: Final = "1"
"""The user whose token replies are made with; whoever types into the window is another one."""
_FILES: Final = {Kind.IMAGE: "image", Kind.VIDEO: "video"}


@dataclass(frozen=True)
class Place:
    """Whose chats these are; ``base`` is where the emulator is served, ``attributes`` are those of each buyer."""

    account: str
    inbox: str
    base: str
    options: Mapping[str, "Options"] = field(default_factory=dict[str, "Options"])
    attributes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])


@dataclass
class Options:
    """What stands below a message to be tapped, the words above it, and what was tapped."""

    above: str
    items: Sequence[Mapping[str, str]]
    tapped: Mapping[str, str] | None = None


def message(said: Said, place: Place) -> dict[str, Any]:
    """A message as lists and answers have it."""
    told = said.message
    shown = {
        "id": int(told.id),
        "content": told.text or None,
        "inbox_id": int(place.inbox),
        "conversation_id": int(said.conversation),
        "message_type": TYPES[kind(told)],
        "content_type": "text",
        "status": "sent",
        "content_attributes": {},
        "created_at": seconds(told.sent_at),
        "private": False,
        "source_id": None,
        "sender": sender(said, place),
    }
    below = place.options.get(told.id)
    if below is not None:
        submitted = {"submitted_values": [below.tapped]} if below.tapped is not None else {}
        attributes = {"items": below.items, **submitted}
        shown |= {"content": below.above, "content_type": "input_select", "content_attributes": attributes}
    return {**shown, "attachments": files} if (files := attachments(told, place)) else shown


def delivered(said: Said, place: Place, talk: dict[str, Any]) -> dict[str, Any]:
    """A message as deliveries have it; ``talk`` is its conversation."""
    shown = message(said, place)
    del shown["inbox_id"], shown["conversation_id"], shown["status"]
    return {
        **shown,
        "message_type": kind(said.message),
        "created_at": said.message.sent_at.isoformat().replace("+00:00", "Z") if said.message.sent_at else None,
        "inbox": {"id": int(place.inbox), "name": "Emulated inbox"},
        "conversation": talk,
        "account": {"id": int(place.account), "name": "Emulated account"},
    }


def conversation(thread: Thread, place: Place, *, status: str, assignee: str | None, can_reply: bool) -> dict[str, Any]:
    """A conversation with its last message and who takes part."""
    last = thread.said[-1:]
    at = last[0].message.sent_at if last else thread.created_at
    return {
        "id": int(thread.id),
        "inbox_id": int(place.inbox),
        "status": status,
        "can_reply": can_reply,
        "channel": "Channel::Api",
        "contact_inbox": {"source_id": source_id(thread.shopper)},
        "messages": [{**message(one, place), "account_id": int(place.account)} for one in last],
        "meta": {
            "sender": contact(thread.shopper, place),
            "assignee": {"id": int(assignee), "name": f"Agent {assignee}", "type": "user"} if assignee else None,
            "assignee_type": "User" if assignee else None,
            "channel": "Channel::Api",
            "team": None,
            "hmac_verified": False,
        },
        "custom_attributes": {},
        "additional_attributes": {},
        "labels": [],
        "unread_count": thread.unread,
        "waiting_since": seconds(at),
        "last_activity_at": seconds(at),
        "created_at": seconds(thread.created_at),
        "updated_at": at.timestamp() if at else 0.0,
    }


def contact(shopper: Shopper, place: Place) -> dict[str, Any]:
    """A buyer."""
    kept = dict(place.attributes.get(shopper.id, {}))
    names = {"id": contact_id(shopper), "name": shopper.nickname, "email": None, "type": "contact"}
    return {**names, "custom_attributes": kept, "additional_attributes": {}}


def contact_id(shopper: Shopper) -> int:
    """Chatwoot's number of a buyer."""
    return int(stable_id("contact", shopper.id))


def source_id(shopper: Shopper) -> str:
    """What the inbox's public interface knows a buyer by."""
    return stable_id("source", shopper.id)


def kind(told: Message) -> str:
    """Chatwoot's word for whose message it is."""
    if told.role is Role.BUYER:
        return "incoming"
    if told.role is Role.SYSTEM:
        return "activity"
    return "template" if told.sent_by is SentBy.AUTO else "outgoing"


def sender(said: Said, place: Place) -> dict[str, Any] | None:
    """Who wrote."""
    told = said.message
    if told.role is Role.BUYER:
        return contact(said.shopper, place)
    if told.role is Role.BOT:
        return {"id": 9, "name": "Bot", "type": "agent_bot"}
    if told.role is Role.SYSTEM or told.sent_by is SentBy.AUTO:
        return None
    number = AGENT if said.by_call else "2"
    return {"id": int(number), "name": f"Agent {number}", "email": f"agent-{number}@chat.example", "type": "user"}


def attachments(told: Message, place: Place) -> list[dict[str, Any]]:
    """The file of a message, if it has one; its address is one that leads to another."""
    if told.media is None:
        return []
    address = f"{place.base}/rails/active_storage/blobs/redirect/{quote(told.id)}/{_FILES[told.kind]}.png"
    return [
        {
            "id": int(told.id) + 1,
            "message_id": int(told.id),
            "file_type": _FILES[told.kind],
            "account_id": int(place.account),
            "extension": None,
            "data_url": address,
            "thumb_url": address,
            "file_size": 1000,
            "width": told.media.width,
            "height": told.media.height,
        }
    ]


def seconds(time: datetime | None) -> int:
    """Unix seconds; 0 where there is no time."""
    return int(time.timestamp()) if time else 0


def compact(value: object) -> bytes:
    """JSON without spaces, letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
