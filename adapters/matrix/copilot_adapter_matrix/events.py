"""What happens in rooms, in the contract's vocabulary: buyers' rooms are chats, the agents' room holds decisions."""

from datetime import UTC, datetime
from typing import Final

from copilot.domain.message import Kind, Media, Message, Role, SentBy
from copilot.sdk import ConversationChanged, Event, Invited, MessageEdited, MessageEvent, MessageRecalled
from copilot_adapter_matrix import approvals
from copilot_adapter_matrix.settings import MatrixSettings
from copilot_adapter_matrix.wire import Related, RoomEvent, part, related, words

_MEDIA: Final = {"m.image": Kind.IMAGE, "m.video": Kind.VIDEO}
_LARGEST: Final = 100_000
"""A picture with more pixels than that has a wrong size."""
_LONGEST_ID: Final = 255
_NAMES: Final = {"m.audio": "audio", "m.file": "file", "m.location": "location"}


def events(told: list[RoomEvent | None], shop: str, settings: MatrixSettings) -> tuple[Event, ...]:
    """What a transaction tells, in its order."""
    found = [_one(one, shop, settings) for one in told if one is not None]
    return tuple(one for one in found if one is not None)


def _one(told: RoomEvent, shop: str, settings: MatrixSettings) -> Event | None:
    if told.room_id == settings.agents_room:
        # What the bot writes there are notes, and nobody's decision.
        return approvals.decided(told, shop) if told.sender != settings.bot else None
    match told.type:
        case "m.room.message" | "m.sticker" | "m.room.encrypted":
            return _message(told, shop, settings)
        case "m.room.redaction":
            return _recalled(told, shop)
        case "m.room.member":
            return _member(told, shop, settings)
        case _:
            return None


def _member(told: RoomEvent, shop: str, settings: MatrixSettings) -> Event:
    if told.content.get("membership") == "invite" and told.state_key == settings.bot:
        return Invited(shop=shop, conversation=told.room_id, at=when(told))
    return ConversationChanged(shop=shop, conversation=told.room_id)


def _message(told: RoomEvent, shop: str, settings: MatrixSettings) -> Event | None:
    if not told.content:
        return None  # its words were taken back before it came
    about = related(told.content)
    ours = settings.is_ours(told.sender)
    if about.rel_type == "m.replace" and about.event_id is not None:
        return _edited(told, shop, about.event_id, Role.AGENT if ours else Role.BUYER)
    kind = _kind(told)
    robot = not ours and _type(told) == "m.notice"
    return MessageEvent(
        shop=shop,
        conversation=told.room_id,
        message=Message(
            id=told.event_id,
            role=Role.BOT if robot else Role.AGENT if ours else Role.BUYER,
            sent_by=SentBy.PLATFORM_BOT if robot else SentBy.PERSON if ours else None,
            kind=kind,
            text=_text(told, kind, about),
            sent_at=when(told),
            media=_media(told) if kind in (Kind.IMAGE, Kind.VIDEO, Kind.STICKER) else None,
            agent=told.sender if ours else None,
        ),
        buyer=None if ours or robot else told.sender,
    )


def _edited(told: RoomEvent, shop: str, message: str, role: Role) -> Event | None:
    """A homeserver lets anybody in the room claim to edit anything: the core takes it for messages of that side."""
    text = words(part(told.content.get("m.new_content")))
    if text is None:
        return None
    room = told.room_id
    return MessageEdited(shop=shop, conversation=room, message_id=message, text=text, at=when(told), role=role)


def _kind(told: RoomEvent) -> Kind:
    if told.type == "m.sticker":
        return Kind.STICKER if _address(told) else Kind.OTHER
    said = _type(told)
    if said in _MEDIA:
        return _MEDIA[said] if _address(told) else Kind.OTHER
    readable = said in ("m.text", "m.notice", "m.emote") and words(told.content) is not None
    return Kind.TEXT if readable else Kind.OTHER


def _text(told: RoomEvent, kind: Kind, about: Related) -> str:
    if told.type == "m.room.encrypted":
        # Nobody here has its key; a person sees in the room what it says.
        return "[encrypted]"
    body = words(told.content) or ""
    if kind is Kind.TEXT:
        return without_quote(body) if about.in_reply_to is not None else body
    if kind is not Kind.OTHER:
        # The name of a file is no word of the buyer's; a caption is.
        named = told.content.get("filename")
        return body if isinstance(named, str) and named != body else ""
    name = _NAMES.get(_type(told), _type(told)) or told.type
    return f"[{name[:50]}] {body}".strip()


def _type(told: RoomEvent) -> str:
    said = told.content.get("msgtype")
    return said if isinstance(said, str) else ""


def without_quote(body: str) -> str:
    """A reply without the words that it quotes, as older programs put them in front."""
    if not body.startswith("> "):
        return body
    quoted, parting, said = body.partition("\n\n")
    quotes = all(line.startswith(">") for line in quoted.split("\n"))
    return said if parting and quotes else body


def _media(told: RoomEvent) -> Media | None:
    info = part(told.content.get("info"))
    width, height = info.get("w"), info.get("h")
    return Media(url=_address(told) or "", width=_size(width), height=_size(height))


def _size(value: object) -> int | None:
    return value if isinstance(value, int) and 0 < value < _LARGEST and value is not True else None


def _address(told: RoomEvent) -> str | None:
    url = told.content.get("url")
    return url if isinstance(url, str) and url.startswith("mxc://") and len(url) <= 500 else None


def _recalled(told: RoomEvent, shop: str) -> Event | None:
    gone = told.redacts or told.content.get("redacts")
    if not isinstance(gone, str) or not 0 < len(gone) <= _LONGEST_ID:
        return None
    return MessageRecalled(shop=shop, conversation=told.room_id, message_id=gone, at=when(told))


def when(told: RoomEvent) -> datetime:
    """The homeserver's time of an event."""
    return datetime.fromtimestamp(told.origin_server_ts / 1000, UTC)
