"""A model that says what it was told to say: for tests and for trying a flow without a provider."""

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from copilot.model.completion import Answer, ModelFailed, ModelFault, Question


@dataclass
class ScriptedModel:
    """Answers with ``script`` in turn; the last entry repeats.

    An entry is the answer's text, a ``ModelFailed`` to raise, or a number of seconds to hang (cut by the limit).
    ``questions`` keeps what was asked.
    """

    script: Iterable[str | ModelFailed | float]
    name: str = "scripted"
    ready: bool = True
    questions: list[Question] = field(default_factory=list[Question])

    def __post_init__(self) -> None:
        """Take the script as a queue."""
        self._left = deque(self.script)
        if not self._left:
            raise ValueError("a scripted model needs at least one entry")

    async def complete(self, question: Question, *, seconds: float) -> Answer:
        """The next entry of the script."""
        self.questions.append(question)
        entry = self._left[0] if len(self._left) == 1 else self._left.popleft()
        if isinstance(entry, ModelFailed):
            raise entry
        if isinstance(entry, float | int):
            await asyncio.sleep(min(float(entry), max(seconds, 0)))
            raise ModelFailed(ModelFault.TIMEOUT)
        return Answer(text=entry, model=self.name)
