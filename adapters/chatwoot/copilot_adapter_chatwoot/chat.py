"""One message out, a note for the shop's people, and what the shop's side wrote, read back; never sends twice."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Final

from copilot.domain.message import Kind
from copilot.sdk import (
    Account,
    FaqReply,
    FileReply,
    Malformed,
    Note,
    PlatformDown,
    PlatformMessage,
    Receipt,
    Reply,
    WindowClosed,
)
from copilot_adapter_chatwoot.client import Client, File, segment
from copilot_adapter_chatwoot.messages import messages, place
from copilot_adapter_chatwoot.settings import ChatwootSettings
from copilot_adapter_chatwoot.wire import ChatMessage, Conversation, MessagePage, Taken

OPTIONS: Final = "input_select"
"""Chatwoot's word for a message whose options can be tapped."""
_OURS: Final = frozenset({"outgoing", "template"})
# Other channels show the text alone, cut the options short, or send back another word than the question's.
_WEB_CHAT: Final = "Channel::WebWidget"
_API: Final = "Channel::Api"


async def send(account: Account, reply: Reply) -> Receipt:
    """Send a text once.

    Raises:
        WindowClosed: the channel behind the inbox takes no replies any more.
        OutcomeUnknown: the call broke off, or the answer names no message.
        AdapterError: it did not arrive.
    """
    await _may_reply(account, reply.conversation)
    return await _post(account, reply.conversation, {"content": reply.text, "private": False})


async def send_faq_cards(account: Account, reply: FaqReply) -> Receipt:
    """Send a text with questions to tap once, as a list where the channel shows none; ends as ``send``."""
    conversation = await _may_reply(account, reply.conversation)
    settings: ChatwootSettings = account.settings
    channel = conversation.channel or conversation.meta.channel
    if not (channel == _WEB_CHAT or (channel == _API and settings.options)):
        return await _post(account, reply.conversation, {"content": reply.listed or _listed(reply), "private": False})
    items = [{"title": card.question, "value": card.id} for card in reply.cards]
    fields = {"content": reply.text, "content_type": OPTIONS, "content_attributes": {"items": items}, "private": False}
    return await _post(account, reply.conversation, fields)


def _listed(reply: FaqReply) -> str:
    return "\n".join([reply.text, *(f"{at}. {card.question}" for at, card in enumerate(reply.cards, 1))])


async def send_file(account: Account, reply: FileReply) -> Receipt:
    """Send a picture or a video once; ends as ``send``."""
    await _may_reply(account, reply.conversation)
    file = (reply.name, reply.body, reply.content_type)
    return await _post(account, reply.conversation, {"private": False}, file)


async def note(account: Account, shown: Note) -> Receipt:
    """Write a private note that shows a draft; ends as ``send``, and is written in closed conversations too."""
    return await _post(account, shown.conversation, {"content": note_text(shown), "private": True})


def note_text(shown: Note) -> str:
    """What stands in the note: the draft, then what to look at, then the ways out it offers."""
    parts = [
        f"— reply-copilot · {shown.revision} —",
        shown.text,
        "\n".join(f"• {remark}" for remark in shown.remarks),
        "\n".join(f"{option.key}) {option.title}" for option in shown.options),
    ]
    return "\n\n".join(part for part in parts if part)


async def mark_read(account: Account, conversation: str) -> None:
    """Set the mark up to which the shop has seen the conversation."""
    await Client(account).mark(f"/conversations/{segment(conversation)}/update_last_seen")


async def sent_since(account: Account, conversation: str, since: datetime) -> tuple[PlatformMessage, ...]:
    """Every text of the shop's side from ``since`` on, oldest first; reads as many pages as that takes."""
    # Chatwoot counts whole seconds here: what it stamped within the same second may have come after.
    earliest = since.replace(microsecond=0)
    found: dict[str, PlatformMessage] = {}
    async for page in _backwards(account, conversation):
        for wire in page:
            text = _text(wire)
            if text is not None and text.sent_at >= earliest:
                found[text.message_id] = text
        if any(wire.created_at is not None and wire.created_at < earliest for wire in page):
            break
    return tuple(sorted(found.values(), key=lambda one: (one.sequence or 0, one.sent_at)))


async def _backwards(account: Account, conversation: str) -> AsyncIterator[list[ChatMessage]]:
    """The conversation's messages page by page, the newest page in front."""
    path, query = f"/conversations/{segment(conversation)}/messages", dict[str, str]()
    while True:
        page = (await Client(account).read(path, MessagePage, query)).payload
        if not page:
            return
        yield page
        places = [found for wire in page if (found := place(wire)) is not None]
        following = str(min(places)) if places else ""
        # A platform that answers with the same page again would be asked for ever.
        if not following or following == query.get("before"):
            return
        query = {"before": following}


def _text(wire: ChatMessage) -> PlatformMessage | None:
    if wire.private or wire.message_type not in _OURS or wire.created_at is None:
        return None
    first = messages(wire)[0]
    if first.kind is not Kind.TEXT:
        return None
    return PlatformMessage(message_id=wire.id, text=first.text, sent_at=wire.created_at, sequence=place(wire))


async def _may_reply(account: Account, conversation: str) -> Conversation:
    """Ask first: Chatwoot takes a message that its channel will refuse, and only its own window says so later."""
    path = f"/conversations/{segment(conversation)}"
    try:
        found = await Client(account).read(path, Conversation)
    except Malformed:
        # Nothing was sent yet, and that is certain.
        raise PlatformDown(f"GET {path}: the answer cannot be read") from None
    if found.can_reply is False:
        raise WindowClosed(f"GET {path}: can_reply is false")
    return found


async def _post(account: Account, conversation: str, fields: Mapping[str, object], file: File | None = None) -> Receipt:
    path = f"/conversations/{segment(conversation)}/messages"
    taken = await Client(account).send(path, Taken, {"message_type": "outgoing", **fields}, file)
    return Receipt(message_id=taken.id, sent_at=taken.created_at)
