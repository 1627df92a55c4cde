"""The payloads of Chatwoot, only the parts that are read, tolerant of everything else.

The same message looks different in a delivery and in a list: kinds are words there and numbers here, times are text
there and unix seconds here. Both are read. Errors never repeat the input, because it holds buyers' words.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

T = TypeVar("T")

_TYPES: Final = {0: "incoming", 1: "outgoing", 2: "activity", 3: "template"}
MOST_DIGITS: Final = 30
"""Longer numbers are nobody's ids; Python would refuse to write the longest of them."""


def _text(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**MOST_DIGITS:
        return str(value)
    return value


def _some_text(value: object) -> object:
    return "" if value is None else _text(value)


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be blank")
    return value


def _list(value: object) -> object:
    return [] if value is None else value


def _object(value: object) -> object:
    return value if isinstance(value, dict) else dict[str, Any]()  # pyright: ignore[reportUnknownVariableType]


def _attributes(value: object) -> object:
    return value if isinstance(value, dict) else None  # pyright: ignore[reportUnknownVariableType]


def _type(value: object) -> object:
    return _TYPES.get(value, "unknown") if isinstance(value, int) and not isinstance(value, bool) else value


def _moment(value: object) -> object:
    time = _time(value)
    return int(time.timestamp()) if time is not None else value


def _size(value: object) -> object:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**6 else None


def _time(value: object) -> datetime | None:
    """Unix seconds, or text with an offset; None where no calendar has such a time."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str):
            read = datetime.fromisoformat(value.strip().replace(" UTC", "+00:00"))
            return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


Text = Annotated[str, BeforeValidator(_some_text)]
WireId = Annotated[str, BeforeValidator(_text), AfterValidator(_not_blank)]
Size = Annotated[int | None, BeforeValidator(_size)]
Moment = Annotated[int, BeforeValidator(_moment), Field(ge=0, lt=10**11)]
Time = Annotated[datetime | None, BeforeValidator(_time)]
Many = Annotated[list[T], BeforeValidator(_list), Field(default_factory=list)]
Attributes = Annotated[dict[str, Any] | None, BeforeValidator(_attributes)]
Open = Annotated[dict[str, Any], BeforeValidator(_object), Field(default_factory=dict[str, Any])]


class Wire(BaseModel):
    """The base of every payload."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class Named(Wire):
    """An account, an inbox, a person: its number, and a name where it has one.

    ``type`` of whoever wrote: "contact", "user", "agent_bot", "captain_assistant", or nothing. ``custom_attributes`` of
    a contact are what the account keeps of it by names of its own; None where they are not told.
    """

    id: WireId
    name: Text = ""
    type: Text = ""
    custom_attributes: Attributes = None


class Attachment(Wire):
    """A file of a message."""

    file_type: Text = ""
    data_url: Text = ""
    fallback_title: Text = ""
    width: Size = None
    height: Size = None


class Meta(Wire):
    """Who takes part in a conversation; ``sender`` is the buyer."""

    sender: Named | None = None
    assignee: Named | None = None
    assignee_type: Text = ""
    channel: Text = ""


class Conversation(Wire):
    """A conversation; ``id`` is the number within the account that addresses have.

    Which channel it came by ("Channel::WebWidget") stands in it in a delivery, and in ``meta`` in an answer.
    """

    id: WireId
    channel: Text = ""
    inbox_id: Text = ""
    status: Text = ""
    can_reply: bool | None = None
    meta: Meta = Meta()


class ChatMessage(Wire):
    """A message as both forms have it."""

    id: WireId
    content: Text = ""
    created_at: Time = None
    message_type: Annotated[str, BeforeValidator(_type)]
    content_type: Text = ""
    content_attributes: Open
    private: bool = False
    sender: Named | None = None
    attachments: Many[Attachment]


class MessageTold(ChatMessage):
    """A delivery about a message."""

    account: Named
    inbox: Named | None = None
    conversation: Conversation


class ConversationTold(Conversation):
    """A delivery about a conversation; ``changed_attributes`` name what is another now."""

    account: Named | None = None
    changed_attributes: Many[dict[str, Any]]
    updated_at: Time = None


class Option(Wire):
    """An option that was tapped: what we named it, and the words on it."""

    value: WireId
    title: Text = ""


class Told(Wire):
    """Any delivery: what happened."""

    event: WireId


class Listed(Conversation):
    """A conversation in a list: when something happened in it last (unix seconds), and its last message."""

    active: Annotated[Moment, Field(alias="last_activity_at")]
    messages: Many[ChatMessage]


class ConversationList(Wire):
    """One page of conversations, the one with the latest activity in front."""

    payload: list[Listed]


class ConversationPage(Wire):
    """The answer that holds it."""

    data: ConversationList


class MessagePage(Wire):
    """A page of a conversation's messages, the oldest in front."""

    payload: list[ChatMessage]


class Taken(Wire):
    """The answer to a send."""

    id: WireId
    created_at: Time = None
