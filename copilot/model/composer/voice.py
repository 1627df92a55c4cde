"""A shop's voice: how it addresses people, its brand name, emoji, length.

Owns the shape and the layers of ``voice/voice.yaml``; refuses to change what is said.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from copilot.domain.base import StrictShape
from copilot.files import read_model


class Voice(StrictShape):
    """What shapes every composed text of a shop.

    ``address`` is the Chinese pronoun for the buyer; ``emoji`` ``light`` puts one at the end of a greeting, a welcome
    or a farewell and nowhere else; ``brand`` is the name given when a conversation opens; ``length`` ``short`` drops
    optional sentences; ``punctuation`` ``plain`` types half-width commas in Chinese, as people on a keyboard do.
    ``max_chars`` is how many characters a reply may have in a language: a composed one leaves out what is optional, a
    model's longer one is refused. The platform's own limit holds beside it.
    """

    address: Literal["您", "你"] = "您"
    emoji: Literal["none", "light"] = "none"
    brand: dict[Literal["zh", "en"], str] = {}
    length: Literal["normal", "short"] = "normal"
    punctuation: Literal["full", "plain"] = "full"
    max_chars: dict[Literal["zh", "en"], Annotated[int, Field(ge=1)]] = {}


def load_voice(folders: Sequence[Path]) -> Voice:
    """The voice of the last folder that has ``voice/voice.yaml``; the default one without any.

    Lengths that it does not name are those of the folders below it: a shop that writes only its name is not unbounded.

    Raises:
        PolicyFileError: a key is unknown or a value is not allowed; the message begins with file:line.
    """
    paths = (folder / "voice" / "voice.yaml" for folder in folders)
    found = [read_model(path, Voice) for path in paths if path.is_file()]
    if not found:
        return Voice()
    lengths = {language: most for one in found for language, most in one.max_chars.items()}
    return found[-1].model_copy(update={"max_chars": lengths})
