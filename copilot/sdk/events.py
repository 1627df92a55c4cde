"""What platforms tell us, in one vocabulary; an adapter's ``parse``, ``poll`` and ``connect`` give these.

Ids are the platform's, as text; times carry an offset. Each event says what happened, never what to do about it.
"""

from typing import Annotated, Literal

from pydantic import Field

from copilot.domain.base import Id, Shape, Time
from copilot.domain.message import Message, Role


class MessageEvent(Shape):
    """Somebody wrote; also the echo of what we sent, which the core recognises by the message's id.

    ``message`` is what was said: ``message.id`` is the platform's id, who wrote it is told by ``message.role`` and
    ``message.sent_by``. ``buyer`` is the chat's id of who writes and ``nickname`` their name there; ``order_key`` is
    what orders know the buyer by and ``entered_from_order`` the order from whose page they opened the chat, each where
    the platform says so here. ``level`` and ``tags`` are the buyer's as in ``FoundBuyer``, where the platform tells
    them with a message. ``sequence`` is the platform's own order within the conversation. ``visible`` is False for what
    the platform says people must not see.
    """

    type: Literal["message"] = "message"
    shop: Id
    conversation: Id
    message: Message
    buyer: str | None = None
    nickname: str | None = None
    order_key: str | None = None
    entered_from_order: str | None = None
    sequence: int | None = None
    visible: bool = True
    level: str | None = None
    tags: tuple[str, ...] | None = None


class FaqCardTap(Shape):
    """The buyer tapped a question below one of our texts: ``card`` is the id that ``FaqReply`` gave it.

    ``message_id`` is the platform's id of the tap, so that it counts once; ``question`` are the words that the buyer
    saw, where the platform repeats them; ``buyer``, ``nickname``, ``order_key`` and ``sequence`` are as in
    ``MessageEvent``. The core reads it as the buyer asking that question.
    """

    type: Literal["faq_card_tap"] = "faq_card_tap"
    shop: Id
    conversation: Id
    card: Id
    message_id: Id
    question: str | None = None
    buyer: str | None = None
    nickname: str | None = None
    order_key: str | None = None
    sequence: int | None = None
    at: Time | None = None


class MessageEdited(Shape):
    """The words of the message ``message_id`` were changed: ``text`` is what stands there now.

    ``role`` says whose messages alone the editor may change; None: the platform sees to that itself.
    """

    type: Literal["edited"] = "edited"
    shop: Id
    conversation: Id
    message_id: Id
    text: str
    at: Time | None = None
    role: Role | None = None


class MessageRecalled(Shape):
    """The message ``message_id`` was taken back: nobody may read it any more."""

    type: Literal["recalled"] = "recalled"
    shop: Id
    conversation: Id
    message_id: Id
    at: Time | None = None


class Assigned(Shape):
    """The platform gave the conversation to one of the shop's people; ``agent`` is its id of them, None: to nobody."""

    type: Literal["assigned"] = "assigned"
    shop: Id
    conversation: Id
    agent: str | None = None
    at: Time | None = None


class Ended(Shape):
    """The conversation, or its session, was closed; the next message opens it again."""

    type: Literal["ended"] = "ended"
    shop: Id
    conversation: Id
    at: Time | None = None


class Rated(Shape):
    """The buyer rated the conversation: ``stars`` of five, whatever the platform's own scale is."""

    type: Literal["rated"] = "rated"
    shop: Id
    conversation: Id
    stars: int = Field(ge=1, le=5)
    at: Time | None = None


class Read(Shape):
    """The buyer has read what the shop wrote, up to ``message_id`` (None: all of it)."""

    type: Literal["read"] = "read"
    shop: Id
    conversation: Id
    message_id: str | None = None
    at: Time | None = None


class OrderChanged(Shape):
    """The order ``order_id``, its parcel or its after-sale moved; the core reads it again when it needs it."""

    type: Literal["order_changed"] = "order_changed"
    shop: Id
    order_id: Id


class ConversationChanged(Shape):
    """A conversation was opened, joined or left; the core reads it again when it needs it."""

    type: Literal["conversation_changed"] = "conversation_changed"
    shop: Id
    conversation: Id


class Invited(Shape):
    """The shop was invited into a conversation, of which nothing comes before it is entered (``Entering``)."""

    type: Literal["invited"] = "invited"
    shop: Id
    conversation: Id
    at: Time | None = None


class Decided(Shape):
    """One of the shop's people decided on a draft inside the platform, on the note that showed it to them.

    ``note_id`` is the id that ``PrivateNote.note`` returned. ``decision`` is "accept", "edit" (``text`` is what to send
    instead), "reject" (``reason`` in their words; without one the core asks, and takes the person's next words for it),
    "option" (``option`` is its key, such as "B") or "answer": ``text`` said beside the note, which is taken only when
    the core has just asked that person, and is talk among colleagues otherwise. ``agent`` is the platform's id of the
    person; the core believes it only as far as the shop has tied it to one of its people (``PresentingSettings``).
    """

    type: Literal["decided"] = "decided"
    shop: Id
    conversation: Id
    note_id: Id
    decision: Literal["accept", "edit", "reject", "option", "answer"]
    text: str | None = None
    reason: str | None = None
    option: str | None = None
    agent: str | None = None
    at: Time | None = None


class Deauthorized(Shape):
    """The shop's owner took the access away."""

    type: Literal["deauthorized"] = "deauthorized"
    shop: Id


OfConversation = (
    MessageEvent
    | FaqCardTap
    | MessageEdited
    | MessageRecalled
    | Assigned
    | Ended
    | Rated
    | Read
    | ConversationChanged
    | Invited
    | Decided
)
"""Those that happen within a conversation."""

Event = OfConversation | OrderChanged | Deauthorized
"""Any of them."""

AnyEvent = Annotated[Event, Field(discriminator="type")]
"""Any of them, told apart by ``type``; for reading stored ones."""
