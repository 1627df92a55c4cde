"""Chatwoot's messages in our vocabulary: who wrote, in which form, and one message for each file.

Knows nothing of deliveries or calls. What it does not know stays a message of the kind ``other``: no turn is dropped.
"""

from typing import Any, Final

from copilot.domain.message import Kind, Media, Message, Role, SentBy
from copilot_adapter_chatwoot.wire import MOST_DIGITS, Attachment, ChatMessage

_KINDS: Final = {"image": Kind.IMAGE, "video": Kind.VIDEO}
_BOTS: Final = frozenset({"agent_bot", "captain_assistant"})
_MOST_FILES: Final = 15
"""How many files Chatwoot takes with one message."""


def messages(wire: ChatMessage) -> tuple[Message, ...]:
    """``wire`` as messages: its words have its id, or its only file; each further file has a number behind it."""
    role, sent_by = _who(wire)
    named = wire.sender is not None and sent_by is SentBy.PERSON
    agent = (wire.sender.name or None) if wire.sender is not None and named else None
    base = Message(role=role, text=wire.content, sent_by=sent_by, sent_at=wire.created_at, agent=agent)
    parts = [base] if wire.content.strip() else []
    parts += [base.model_copy(update=_file(one)) for one in wire.attachments[:_MOST_FILES]]
    if not parts:
        # An agent must see that something came that only Chatwoot's own window can show.
        parts = [base.model_copy(update={"kind": Kind.OTHER, "text": f"[{wire.content_type or 'empty'}]"})]
    return tuple(part.model_copy(update={"id": number}) for number, part in zip(part_ids(wire.id), parts, strict=False))


def part_ids(number: str) -> tuple[str, ...]:
    """The ids that the parts of the message ``number`` may have, its own in front."""
    return (number, *(f"{number}/{part}" for part in range(1, _MOST_FILES + 1)))


def place(wire: ChatMessage) -> int | None:
    """The message's place: numbers grow with time over all conversations."""
    return int(wire.id) if wire.id.isascii() and wire.id.isdigit() and len(wire.id) <= MOST_DIGITS else None


def _who(wire: ChatMessage) -> tuple[Role, SentBy | None]:
    if wire.message_type == "incoming":
        return Role.BUYER, None
    if wire.message_type == "template":
        return Role.AGENT, SentBy.AUTO
    if wire.message_type != "outgoing":
        return Role.SYSTEM, None
    if wire.sender is not None and wire.sender.type in _BOTS:
        return Role.BOT, SentBy.PLATFORM_BOT
    # Automations and campaigns write in nobody's name.
    if wire.sender is None or "automation_rule_id" in wire.content_attributes:
        return Role.AGENT, SentBy.AUTO
    return Role.AGENT, SentBy.PERSON


def _file(one: Attachment) -> dict[str, Any]:
    kind = _KINDS.get(one.file_type)
    if kind is not None and one.data_url:
        return {"kind": kind, "text": "", "media": Media(url=one.data_url, width=one.width, height=one.height)}
    title = f" {one.fallback_title}" if one.fallback_title else ""
    return {"kind": Kind.OTHER, "text": f"[{one.file_type or 'file'}]{title}"}
