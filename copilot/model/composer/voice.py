"""A shop's voice: how it addresses people, its brand name, emoji, length.

Owns the shape and the layers of ``voice/voice.yaml``; refuses to change what is said.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from copilot.domain.base import StrictShape
from copilot.files import read_model


class Voice(StrictShape):
    """What shapes every composed text of a shop.

    ``address`` is the Chinese pronoun for the buyer; ``emoji`` ``light`` puts one at the end of a greeting, a welcome
    or a farewell and nowhere else; ``brand`` is the name given when a conversation opens; ``length`` ``short`` drops
    optional sentences; ``punctuation`` ``plain`` types half-width commas in Chinese, as people on a keyboard do.
    """

    address: Literal["您", "你"] = "您"
    emoji: Literal["none", "light"] = "none"
    brand: dict[Literal["zh", "en"], str] = {}
    length: Literal["normal", "short"] = "normal"
    punctuation: Literal["full", "plain"] = "full"


def load_voice(folders: Sequence[Path]) -> Voice:
    """The voice of the last folder that has ``voice/voice.yaml``; the default one without any.

    Raises:
        PolicyFileError: a key is unknown or a value is not allowed; the message begins with file:line.
    """
    for folder in reversed(folders):
        path = folder / "voice" / "voice.yaml"
        if path.is_file():
            return read_model(path, Voice)
    return Voice()
