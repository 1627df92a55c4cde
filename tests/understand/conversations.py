"""Short ways to write conversations for these tests."""

from copilot.domain.conversation import Conversation
from copilot.domain.message import Message
from copilot.domain.order import Item, Order

SHOP, BUYER = "agent", "buyer"


def talk(*lines: tuple[str, str], **fields: object) -> Conversation:
    """A conversation of (role, text) lines; a text in brackets is a card or a picture: ``[image]``, ``[order o1]``."""
    messages = tuple(_message(role, text) for role, text in lines)
    return Conversation.model_validate({"id": "c", "messages": messages, **fields})


def order(order_id: str, status: str, *names: str, **fields: object) -> Order:
    """An order with one item per name."""
    items = tuple(Item(name=name, product_id=f"p-{name}") for name in names)
    return Order.model_validate({"id": order_id, "status": status, "items": items, **fields})


def _message(role: str, text: str) -> Message:
    fields: dict[str, object] = {"role": role, "text": text}
    if text == "[image]":
        fields |= {"kind": "image", "text": ""}
    elif text.startswith("[order "):
        fields |= {"kind": "order_card", "text": "", "order_id": text[7:-1]}
    elif text.startswith("[product "):
        fields |= {"kind": "product_card", "text": "", "product_id": text[9:-1]}
    elif text.startswith("[sticker"):
        fields |= {"kind": "sticker", "text": ""}
    return Message.model_validate(fields)
