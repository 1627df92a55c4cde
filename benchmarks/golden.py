"""The golden conversations, which most parts measure with."""

from copilot.assets import golden_folder
from copilot.domain.conversation import Conversation
from copilot.replay.conversations import Read, read_conversations

LANGUAGES = ("zh", "en")


def golden(language: str) -> list[Conversation]:
    """The golden conversations in one language."""
    lines = read_conversations(golden_folder() / f"{language}.jsonl")
    return [line.conversation for line in lines if isinstance(line, Read)]
