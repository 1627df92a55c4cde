"""A model's answers kept in a file, so that a replay with a model costs nothing and says the same every time.

One JSON object a line: ``{"prompt": sha256, "model": name, "text": answer}``. What stands there was masked before it
was asked; a question that is not recorded fails, and the draft is composed.
"""

import hashlib
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self, TextIO

from pydantic import ValidationError

from copilot.domain.base import Shape
from copilot.domain.errors import BadInput
from copilot.model.completion import Answer, Budgeted, Completer, ModelFailed, ModelFault, Question


class Recorded(Shape):
    """One line of a recording."""

    prompt: str
    model: str
    text: str
    tokens_in: int = 0
    tokens_out: int = 0


def prompt_hash(question: Question) -> str:
    """The SHA-256 of the messages that a model is asked; nothing else of a question changes an answer here."""
    asked = json.dumps(question.messages, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class RecordedModel:
    """Answers what was recorded."""

    answers: dict[str, Recorded]
    name: str = "recorded"
    ready: bool = True

    @classmethod
    def open(cls, path: Path) -> Self:
        """The answers in ``path``, the last one of a prompt wins; ``BadInput`` names file and line of a broken one."""
        answers: dict[str, Recorded] = {}
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    one = _read(line, f"{path}:{number}")
                    answers[one.prompt] = one
        return cls(answers)

    async def complete(self, question: Question, *, seconds: float) -> Answer:
        """The recorded answer; ``ModelFailed`` when there is none."""
        found = self.answers.get(prompt_hash(question))
        if found is None:
            raise ModelFailed(ModelFault.UNAVAILABLE, "not recorded")
        return Answer(text=found.text, model=found.model, tokens_in=found.tokens_in, tokens_out=found.tokens_out)


def _read(line: str, place: str) -> Recorded:
    try:
        return Recorded.model_validate_json(line)
    except ValidationError:
        remedy = "each line needs prompt, model and text, as --record writes them"
        raise BadInput(f"{place}: is no recorded answer", remedy=remedy) from None


@dataclass
class RecordingModel:
    """Asks ``model`` and writes down what it answers; a failure is not recorded."""

    model: Completer
    file: TextIO
    known: set[str] = field(default_factory=set[str])

    @property
    def name(self) -> str:
        """The model's own name."""
        return self.model.name

    @property
    def ready(self) -> bool:
        """Whether the model would be asked at once."""
        return self.model.ready

    async def complete(self, question: Question, *, seconds: float) -> Answer:
        """The model's answer, kept."""
        answer = await self.model.complete(question, seconds=seconds)
        prompt = prompt_hash(question)
        if prompt not in self.known:
            self.known.add(prompt)
            line = Recorded(
                prompt=prompt,
                model=answer.model,
                text=answer.text,
                tokens_in=answer.tokens_in,
                tokens_out=answer.tokens_out,
            )
            self.file.write(line.model_dump_json() + "\n")
            self.file.flush()
        return answer

    def for_draft(self) -> Self:
        """The same recording, with a draft's budget of its own where the model has one."""
        return replace(self, model=self.model.for_draft()) if isinstance(self.model, Budgeted) else self

    async def aclose(self) -> None:
        """Close the model's connections, where it has any."""
        aclose = getattr(self.model, "aclose", None)
        if aclose is not None:
            await aclose()
