"""Conversations as Chatwoot's interface exports them, turned into ours."""

from typing import Any, cast

_ROLES = {
    **dict(enumerate(("buyer", "agent", "system", "bot"))),
    **{"incoming": "buyer", "outgoing": "agent", "activity": "system", "template": "bot"},
}


def is_chatwoot(value: dict[str, Any]) -> bool:
    """Whether the conversation ``value`` has messages in Chatwoot's form."""
    messages = value.get("messages")
    if not isinstance(messages, list) or not messages:
        return False
    first: Any = cast("list[Any]", messages)[0]
    return isinstance(first, dict) and "message_type" in first


def from_chatwoot(value: dict[str, Any]) -> dict[str, Any]:
    """The conversation with the keys of our format; private notes stay marked, nobody outside saw them."""
    meta = _dict(value.get("meta"))
    assignee = _dict(meta.get("assignee"))
    inbox = _dict(value.get("inbox")).get("name")
    messages = cast("list[Any]", value["messages"])
    return {
        "id": value.get("id"),
        "shop": inbox if isinstance(inbox, str) else value.get("inbox_id"),
        "messages": [
            _message(cast("dict[str, Any]", message), assignee) if isinstance(message, dict) else message
            for message in messages
        ],
    }


def _message(message: dict[str, Any], assignee: dict[str, Any]) -> dict[str, Any]:
    kind = message.get("message_type")
    role = _ROLES.get(kind) if isinstance(kind, int | str) else None
    sender = _dict(message.get("sender"))
    by_bot = role == "agent" and str(sender.get("type") or "").lower() in ("agent_bot", "agentbot", "captain_assistant")
    text = message.get("content")
    attributes = _dict(message.get("content_attributes"))
    return {
        "id": message.get("id"),
        "role": "bot" if by_bot else role,
        "text": "" if text is None else text,
        "kind": "text" if message.get("content_type") in (None, "text", "incoming_email") else "other",
        "sent_at": message.get("created_at"),
        "agent": sender.get("name") or assignee.get("name"),
        "private": message.get("private"),
        "recalled_at": attributes.get("deleted") or None,
    }


def _dict(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}
