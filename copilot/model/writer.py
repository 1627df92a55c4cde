"""Asks a model to word a plan: builds the question, reads the slots, repairs once.

What goes out is masked, what may be said comes from the plan, and the time is the caller's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pydantic import JsonValue

from copilot.domain.clock import Clock
from copilot.domain.plan import Plan
from copilot.model.bounds import keep_within
from copilot.model.completion import Answer, Budgeted, Completer, ModelFailed, ModelFault, Question
from copilot.model.data import one_line
from copilot.model.familiar import Familiar, otherwise
from copilot.model.prompts import Prompts, TemplateUse
from copilot.model.slots import Slots, assemble, parse

STORED: Final = ("faq.", "notice.")
"""Facts that are whole texts of the shop: shown as data of their own, because anybody may have written them."""
_LINES_SHOWN = 12
"""How much of the conversation the model sees: enough for pronouns, little enough to keep it cheap."""


_WORDINGS_SHOWN = 3
"""How many of our own texts a model sees: enough to show the tone, and what can be said at all."""


@dataclass(frozen=True)
class Brief:
    """What one draft needs worded.

    ``lines`` are masked messages ("buyer: …"); ``words`` maps fact ids to the words a text must use for them;
    ``wordings`` are texts of ours for the same plan, whose words a model may use; ``findings`` are reasons why the last
    text was refused. ``max_chars`` is how long a reply may be (None: nobody says).
    """

    plan: Plan
    language: str
    lines: Sequence[str]
    words: Mapping[str, str]
    voice: Mapping[str, JsonValue]
    wordings: Sequence[str]
    findings: Sequence[str] = ()
    max_chars: int | None = None

    @property
    def longest(self) -> int | None:
        """The most characters of a text: where the facts themselves need more, as many as the wordings shown take."""
        if self.max_chars is None:
            return None
        return max(self.max_chars, *(len(text) for text in self.shown))

    @property
    def shown(self) -> Sequence[str]:
        """The wordings that the model sees."""
        return self.wordings[:_WORDINGS_SHOWN]


@dataclass(frozen=True)
class ModelText:
    """A text that a model worded, with its cost."""

    text: str
    option_texts: dict[str, str]
    templates: tuple[TemplateUse, ...]
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True)
class Writer:
    """Words plans with ``completer``."""

    completer: Completer
    prompts: Prompts
    clock: Clock

    def for_draft(self) -> "Writer":
        """The same writer with a draft's budget of its own, where the model has one."""
        if not isinstance(self.completer, Budgeted):
            return self
        return replace(self, completer=self.completer.for_draft())

    async def write(self, brief: Brief, *, seconds: float) -> ModelText:
        """A text within ``seconds``; ``ModelFailed`` when the model gave nothing usable, also after one repair."""
        started = self.clock.monotonic()
        question, templates = self._question(brief)
        answer = await self.completer.complete(question, seconds=seconds)
        tokens_in, tokens_out = answer.tokens_in, answer.tokens_out
        try:
            slots = _slots(answer, brief, question)
        except ModelFailed as failed:
            left = seconds - (self.clock.monotonic() - started)
            repaired = await self._repair(question, answer, failed, left)
            tokens_in, tokens_out = tokens_in + repaired.tokens_in, tokens_out + repaired.tokens_out
            slots = _slots(repaired, brief, question)
        text, option_texts = assemble(slots, brief.plan, brief.language)
        return ModelText(text, option_texts, templates, tokens_in, tokens_out)

    def _question(self, brief: Brief) -> tuple[Question, tuple[TemplateUse, ...]]:
        points = set(brief.plan.points)
        variables: dict[str, object] = {
            "plan": brief.plan,
            "empathy": brief.plan.empathy,
            "facts": [
                {"id": key, "words": words, "point": key in points}
                for key, words in brief.words.items()
                if not key.startswith(STORED)
            ],
            "stored": [one_line(brief.words[key]) for key in brief.plan.points if key.startswith(STORED)],
            "lines": [one_line(line) for line in brief.lines[-_LINES_SHOWN:]],
            "voice": brief.voice,
            "wordings": [one_line(text) for text in brief.shown],
            "findings": list(brief.findings),
            "longest": brief.longest,
        }
        system = self.prompts.render(f"model/reply_system.{brief.language}.j2", variables)
        user = self.prompts.render(f"model/reply_user.{brief.language}.j2", variables)
        messages = ({"role": "system", "content": system.text}, {"role": "user", "content": user.text})
        question = Question(messages=messages, answer_schema=Slots.model_json_schema())
        return question, (*system.templates, *user.templates)

    async def _repair(self, question: Question, answer: Answer, failed: ModelFailed, seconds: float) -> Answer:
        if seconds <= 0:
            raise ModelFailed(ModelFault.NO_TIME, "no time to repair")
        again = (
            *question.messages,
            {"role": "assistant", "content": answer.text},
            {
                "role": "user",
                "content": f"That answer cannot be used ({failed}). Answer again with the JSON object only.",
            },
        )
        return await self.completer.complete(question.model_copy(update={"messages": again}), seconds=seconds)


def _slots(answer: Answer, brief: Brief, question: Question) -> Slots:
    """The answer's slots, within the plan; ``ModelFailed`` when they are not."""
    slots = parse(answer.text, brief.plan)
    keep_within(
        slots,
        brief.plan,
        brief.words.values(),
        language=brief.language,
        instructions=str(question.messages[0]["content"]),
        familiar=_familiar(brief),
    )
    if brief.longest is not None and len(assemble(slots, brief.plan, brief.language)[0]) > brief.longest:
        raise ModelFailed(ModelFault.INVALID, f"longer than {brief.longest} characters")
    return slots


def _familiar(brief: Brief) -> Familiar:
    plan = brief.plan
    options = (*plan.options, *((plan.chosen,) if plan.chosen else ()))
    said = (
        text for option in options for text in (option.id, option.title, option.text, otherwise(option, brief.language))
    )
    further = (brief.wordings[at] for at in range(_WORDINGS_SHOWN, len(brief.wordings)))
    return Familiar.of(brief.language, (*brief.shown, *brief.words.values(), *said), further)
