"""One masking of a whole conversation, so that a placeholder means the same thing in every step.

Masking is deterministic: the same conversation gives the same placeholders, which is why the graph's state can hold
masked words only and still be restored.
"""

from dataclasses import dataclass

from copilot.clock import Profile
from copilot.domain.conversation import Conversation
from copilot.domain.message import Message, Role
from copilot.policy.privacy import mask

_SEPARATOR = "\n\u2028\n"
_SPEAKER = {Role.BUYER: "buyer", Role.AGENT: "shop", Role.BOT: "shop bot", Role.SYSTEM: "system"}


@dataclass(frozen=True)
class MaskedConversation:
    """The texts of a conversation's messages, masked, in order."""

    texts: tuple[str, ...]
    restore: dict[str, str]


def masked(conversation: Conversation, profile: Profile) -> MaskedConversation:
    """Every message with personal data replaced by placeholders."""
    joined = _SEPARATOR.join(message.text for message in conversation.messages)
    found = mask(joined, market=profile.market, keep=_known_numbers(conversation))
    placeholders = {entity.placeholder: joined[entity.start : entity.end] for entity in found.entities}
    return MaskedConversation(tuple(found.text.split(_SEPARATOR)), placeholders)


def lines(conversation: Conversation, profile: Profile) -> tuple[str, ...]:
    """The conversation as masked lines ("buyer: …"); what is no text is named by its kind."""
    texts = masked(conversation, profile).texts
    return tuple(_line(message, text) for message, text in zip(conversation.messages, texts, strict=True))


def restore(text: str, conversation: Conversation, profile: Profile) -> str:
    """``text`` with the placeholders of this conversation put back."""
    for placeholder, original in masked(conversation, profile).restore.items():
        text = text.replace(placeholder, original)
    return text


def _line(message: Message, text: str) -> str:
    said = text if message.kind == "text" else f"[{message.kind.value}] {text}".rstrip()
    return f"{_SPEAKER[message.role]}: {said}"


def _known_numbers(conversation: Conversation) -> tuple[str, ...]:
    """Order and tracking numbers, which look like phones and must stay readable."""
    found: list[str] = []
    for order in conversation.orders or ():
        found.append(order.id)
        found.extend(shipment.tracking_no for shipment in order.shipments if shipment.tracking_no)
    return tuple(found)
