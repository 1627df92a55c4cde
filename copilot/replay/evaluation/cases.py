"""The golden conversations, each drafted through the real flow.

Owns which conversations are golden and what came of each; refuses to judge a text, which is ``copilot.model.rubric``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from copilot.assets import golden_folder
from copilot.domain.conversation import Conversation
from copilot.domain.issue import Understanding
from copilot.domain.plan import Plan
from copilot.domain.reason import Reason
from copilot.flow.memory import MemoryFlow
from copilot.flow.shapes import Checked, Written
from copilot.flow.views import result_of
from copilot.replay.conversations import Read, read_conversations

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Outcome:
    """What the flow made of a conversation: all that a judge of its text needs, or the reason for its silence.

    A text that the policy blocked is there with its verdict; ``reason`` then says that nobody would see it.
    """

    conversation: Conversation
    reason: Reason | None = None
    understanding: Understanding | None = None
    plan: Plan | None = None
    written: Written | None = None
    checked: Checked | None = None

    @property
    def text(self) -> str | None:
        """The finished text; None when there is none."""
        return self.checked.text if self.checked else None


def golden(languages: Sequence[str] = LANGUAGES, folder: Path | None = None) -> Iterator[tuple[str, Conversation]]:
    """Every golden conversation with the language of its file, Chinese first, in the order of the files."""
    names = sorted((folder or golden_folder()).glob("*.jsonl"))
    for language in languages:
        for path in names:
            parts = path.name.split(".")
            if "expected" not in parts and language in parts:
                lines = read_conversations(path)
                yield from ((language, line.conversation) for line in lines if isinstance(line, Read))


async def drafted(flow: MemoryFlow, conversation: Conversation) -> Outcome:
    """The conversation's unanswered turn through the flow, up to the agent's decision."""
    state = await flow.run(conversation)
    read, plan = state.get("understanding"), state.get("plan")
    written, checked = state.get("written"), state.get("checked")
    return Outcome(
        conversation,
        result_of(conversation.id, state).reason,
        Understanding.model_validate(read) if read else None,
        Plan.model_validate(plan) if plan else None,
        Written.model_validate(written) if written else None,
        Checked.model_validate(checked) if checked else None,
    )
