"""Deliveries of the platform: whom they name, and which events they are.

The number of a delivery is believed only when its data has the shape that belongs to it. Unknown numbers are no events.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from pydantic import ValidationError

from copilot.sdk import (
    ConversationChanged,
    Deauthorized,
    Delivery,
    Event,
    Malformed,
    MessageEvent,
    OrderChanged,
    bounded,
)
from copilot_adapter_tiktok_shop import messages
from copilot_adapter_tiktok_shop.wire import (
    ChatMessage,
    ConversationRef,
    NewMessage,
    Notification,
    OrderRef,
    PackageUpdate,
    Wire,
)

W = TypeVar("W", bound=Wire)


def notification(delivery: Delivery) -> Notification:
    """The envelope of a delivery.

    Raises:
        Malformed: this is none.
    """
    try:
        return Notification.model_validate_json(bounded(delivery.body))
    except ValidationError:
        raise Malformed("the delivery is not a notification of the platform") from None


def events(delivery: Delivery) -> tuple[Event, ...]:
    """The events of a delivery; none for a type that says nothing about chats and orders.

    Raises:
        Malformed: the type is known and its data has another shape.
    """
    note = notification(delivery)
    read = _TYPES.get(note.type)
    return read(note) if read else ()


def said(wire: ChatMessage, conversation: str, shop: str, tips: str = "") -> MessageEvent:
    """A message of the platform's, however it came, as an event; ``tips`` as ``messages.message``."""
    theirs = wire.sender.role == "BUYER"
    return MessageEvent(
        shop=shop,
        conversation=conversation,
        message=messages.message(wire, tips),
        buyer=(wire.sender.im_user_id or None) if theirs else None,
        nickname=(wire.sender.nickname or None) if theirs else None,
        entered_from_order=messages.entered_from(wire),
        sequence=messages.index(wire),
        visible=wire.is_visible,
    )


def order(wire: ChatMessage) -> tuple[int, int]:
    """What messages of one conversation are sorted by: their place, which grows with time; else their time."""
    place = messages.index(wire)
    return (place, 0) if place is not None else (-1, wire.create_time or 0)


def _order(note: Notification) -> tuple[Event, ...]:
    return (OrderChanged(shop=note.shop_id, order_id=_data(note, OrderRef).order_id),)


def _package(note: Notification) -> tuple[Event, ...]:
    packages = _data(note, PackageUpdate).package_list
    orders = dict.fromkeys(order for package in packages for order in package.order_id_list)
    return tuple(OrderChanged(shop=note.shop_id, order_id=order) for order in orders)


def _conversation(note: Notification) -> tuple[Event, ...]:
    found = _data(note, ConversationRef)
    return (ConversationChanged(shop=note.shop_id, conversation=found.conversation_id),)


def _message(note: Notification) -> tuple[Event, ...]:
    wire = _data(note, NewMessage)
    return (said(wire, wire.conversation_id, note.shop_id),)


def _deauthorized(note: Notification) -> tuple[Event, ...]:
    return (Deauthorized(shop=note.shop_id),)


def _data(note: Notification, shape: type[W]) -> W:
    try:
        return shape.model_validate(note.data)
    except ValidationError:
        raise Malformed(f"the data of a notification of type {note.type} cannot be read") from None


_TYPES: Final[dict[int, Callable[[Notification], tuple[Event, ...]]]] = {
    1: _order,
    3: _order,
    4: _package,
    6: _deauthorized,
    11: _order,
    12: _order,
    13: _conversation,
    14: _message,
}
