"""What masking gives back. The originals live in it and nowhere else."""

import re
from dataclasses import dataclass, field

_PLACEHOLDER = re.compile(r"⟨[a-z_]+_\d+⟩")


@dataclass(frozen=True, slots=True)
class Entity:
    """A place with personal data: ``start``/``end`` count code points of the original text.

    ``type`` is phone, landline, id_card, passport, bank_card, email, address, name, wechat, qq, handle, or one that a
    user's own recogniser brings.
    """

    type: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with placeholders such as ⟨phone_1⟩ for its personal data."""

    text: str
    entities: tuple[Entity, ...] = ()
    originals: dict[str, str] = field(default_factory=dict, repr=False)

    def restore(self, text: str) -> str:
        """``text`` with this masking's placeholders replaced by what they stand for; others stay."""
        return _PLACEHOLDER.sub(lambda match: self.originals.get(match.group(), match.group()), text)
