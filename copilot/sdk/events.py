"""What platforms tell us, in one vocabulary; an adapter's ``parse`` returns these."""

from typing import Literal

from copilot.domain.base import Id, Shape
from copilot.domain.message import Message


class MessageEvent(Shape):
    """Somebody wrote; also the echo of what we sent, which the core recognises by the message's id.

    ``message.id`` is the platform's id; who wrote it is told by ``message.role`` and ``message.sent_by``. ``sequence``
    is the platform's own order within the conversation, ``order_key`` what orders know the buyer by, where the platform
    says so here. ``visible`` is False for what the platform says people must not see.
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


class OrderChanged(Shape):
    """An order, its parcel or its after-sale moved; the core reads it again when it needs it."""

    type: Literal["order_changed"] = "order_changed"
    shop: Id
    order_id: Id


class ConversationChanged(Shape):
    """A conversation was opened, joined or left; the core reads it again when it needs it."""

    type: Literal["conversation_changed"] = "conversation_changed"
    shop: Id
    conversation: Id


class Deauthorized(Shape):
    """The shop's owner took the access away."""

    type: Literal["deauthorized"] = "deauthorized"
    shop: Id


Event = MessageEvent | OrderChanged | ConversationChanged | Deauthorized
"""Any of them."""
