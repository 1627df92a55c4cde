"""One masking of a whole conversation, so that a placeholder means the same thing in every step.

Masking is deterministic: the same conversation gives the same placeholders, which is why the graph's state can hold
masked words only and still be restored.
"""

import re
from dataclasses import dataclass
from typing import Final

from copilot.clock import Profile
from copilot.domain.conversation import Conversation
from copilot.domain.message import Message, Role
from copilot.policy.privacy import Masked, mask

_PLACEHOLDER: Final = re.compile(r"⟨[a-z_]+_\d+⟩")
_SPEAKER = {Role.BUYER: "buyer", Role.AGENT: "shop", Role.BOT: "shop bot", Role.SYSTEM: "system"}


@dataclass(frozen=True)
class MaskedConversation:
    """The texts of a conversation's messages, masked, in order; ``originals`` by placeholder."""

    texts: tuple[str, ...]
    originals: dict[str, str]

    def restore(self, text: str) -> str:
        """``text`` with the placeholders of this conversation put back."""
        return _PLACEHOLDER.sub(lambda match: self.originals.get(match.group(), match.group()), text)


def masked(conversation: Conversation, profile: Profile) -> MaskedConversation:
    """Every message with personal data replaced; the same words get the same placeholder throughout."""
    keep = _known_numbers(conversation)
    names: dict[tuple[str, str], str] = {}
    texts = tuple(_renamed(mask(m.text, market=profile.market, keep=keep), names) for m in conversation.messages)
    return MaskedConversation(texts, {name: original for (_, original), name in names.items()})


def _renamed(found: Masked, names: dict[tuple[str, str], str]) -> str:
    """The masked text of one message, its placeholders numbered over the whole conversation."""
    own = {
        placeholder: names.setdefault(
            (_kind(placeholder), original), f"⟨{_kind(placeholder)}_{_count(names, _kind(placeholder)) + 1}⟩"
        )
        for placeholder, original in found.originals.items()
    }
    return _PLACEHOLDER.sub(lambda match: own.get(match.group(), match.group()), found.text)


def _kind(placeholder: str) -> str:
    return placeholder.strip("⟨⟩").rpartition("_")[0]


def _count(names: dict[tuple[str, str], str], kind: str) -> int:
    return sum(1 for known, _ in names if known == kind)


def lines(conversation: Conversation, profile: Profile) -> tuple[str, ...]:
    """The conversation as masked lines ("buyer: …"); what is no text is named by its kind."""
    texts = masked(conversation, profile).texts
    return tuple(_line(message, text) for message, text in zip(conversation.messages, texts, strict=True))


def restore(text: str, conversation: Conversation, profile: Profile) -> str:
    """``text`` with the placeholders of this conversation put back."""
    return masked(conversation, profile).restore(text)


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
