"""Asks a model for a translation: builds the question, reads the answer, lets it be repaired once.

What goes out is masked, the time is the caller's, and whether a translation may be used is for the caller's ``check``
to say: this file believes no answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pydantic import JsonValue, ValidationError

from copilot.domain.base import StrictShape
from copilot.domain.clock import Clock
from copilot.domain.errors import ModelError
from copilot.model.completion import Answer, Budgeted, Completer, ModelFailed, ModelFault, Question
from copilot.model.data import json_of, one_line
from copilot.model.prompts import Prompts, TemplateUse

LANGUAGE_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {"en": "Simplified Chinese", "zh": "简体中文"},
    "en": {"en": "English", "zh": "英文"},
    "id": {"en": "Indonesian", "zh": "印尼语"},
    "ms": {"en": "Malay", "zh": "马来语"},
    "vi": {"en": "Vietnamese", "zh": "越南语"},
    "th": {"en": "Thai", "zh": "泰语"},
    "es": {"en": "Spanish", "zh": "西班牙语"},
}
"""What the languages into which a model translates are called, in ours."""
_MAX_TOKENS: Final = 1200


class Translation(StrictShape):
    """A model's answer about one text."""

    translation: str


class Lines(StrictShape):
    """A model's answer about several messages."""

    lines: tuple[str, ...]


class TranslationRefused(ModelError):
    """No usable translation came, also after one repair; ``differing`` are the kinds of things that it changed."""

    def __init__(self, differing: Sequence[str]) -> None:
        """``differing`` are codes, never words of a text."""
        super().__init__(f"the translation differs in {', '.join(differing)}")
        self.differing = tuple(differing)


@dataclass(frozen=True)
class Translated:
    """A translation that passed its check, with its cost."""

    text: str
    templates: tuple[TemplateUse, ...]
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True)
class Translator:
    """Translates with ``completer``."""

    completer: Completer
    prompts: Prompts
    clock: Clock

    def for_draft(self) -> "Translator":
        """The same translator with a budget of its own, where the model has one."""
        if not isinstance(self.completer, Budgeted):
            return self
        return replace(self, completer=self.completer.for_draft())

    async def text(
        self, text: str, into: str, *, seconds: float, check: Callable[[str], Mapping[str, str]]
    ) -> Translated:
        """``text`` (masked) in the language ``into``, to be sent to a buyer or read beside what is sent.

        ``check`` says what is wrong with an answer: a code and a sentence for the model each; empty when nothing is.

        Raises:
            ModelFailed: the model gave nothing within ``seconds``.
            TranslationRefused: what it gave is wrong, also after one repair.
        """
        ends = self.clock.monotonic() + seconds
        question, templates = self._question(text.splitlines(), into, for_buyer=True, several=False)
        answer = await self.completer.complete(question, seconds=seconds)
        tokens_in, tokens_out = answer.tokens_in, answer.tokens_out
        wrong, found = _judged(answer, check)
        if wrong:
            left = ends - self.clock.monotonic()
            if left <= 0:
                raise TranslationRefused(tuple(wrong))
            answer = await self.completer.complete(_again(question, answer, wrong), seconds=left)
            tokens_in, tokens_out = tokens_in + answer.tokens_in, tokens_out + answer.tokens_out
            wrong, found = _judged(answer, check)
        if wrong:
            raise TranslationRefused(tuple(wrong))
        return Translated(found, templates, tokens_in, tokens_out)

    async def lines(self, texts: Sequence[str], into: str, *, seconds: float) -> tuple[str, ...]:
        """Each of ``texts`` (masked messages) in the language ``into``, to be read by an agent.

        Raises:
            ModelFailed: the model gave nothing usable within ``seconds``.
        """
        question, _ = self._question(texts, into, for_buyer=False, several=True)
        answer = await self.completer.complete(question, seconds=seconds)
        try:
            found = Lines.model_validate(json_of(answer.text)).lines
        except ValidationError:
            raise ModelFailed(ModelFault.INVALID, "not lines") from None
        if len(found) != len(texts) or not all(line.strip() for line in found):
            raise ModelFailed(ModelFault.INVALID, "another number of lines")
        return found

    def _question(
        self, texts: Sequence[str], into: str, *, for_buyer: bool, several: bool
    ) -> tuple[Question, tuple[TemplateUse, ...]]:
        spoken = "zh" if into == "zh" else "en"
        variables: dict[str, object] = {
            "into": LANGUAGE_NAMES[into][spoken],
            "for_buyer": for_buyer,
            "lines": several,
            "text": [one_line(one) for one in texts],
        }
        system = self.prompts.render(f"model/translate_system.{spoken}.j2", variables)
        user = self.prompts.render(f"model/translate_user.{spoken}.j2", variables)
        schema: dict[str, JsonValue] = (Lines if several else Translation).model_json_schema()
        messages = ({"role": "system", "content": system.text}, {"role": "user", "content": user.text})
        question = Question(messages=messages, answer_schema=schema, max_tokens=_MAX_TOKENS)
        return question, (*system.templates, *user.templates)


def _judged(answer: Answer, check: Callable[[str], Mapping[str, str]]) -> tuple[Mapping[str, str], str]:
    """What is wrong with the answer, and the translation in it."""
    try:
        found = Translation.model_validate(json_of(answer.text)).translation.strip()
    except (ValidationError, ModelFailed):
        return {"form": "answer with the JSON object only"}, ""
    if not found:
        return {"form": "the translation is empty"}, ""
    return check(found), found


def _again(question: Question, answer: Answer, wrong: Mapping[str, str]) -> Question:
    told = "; ".join(wrong.values())
    again = (
        *question.messages,
        {"role": "assistant", "content": answer.text},
        {"role": "user", "content": f"That answer cannot be used ({told}). Answer again with the JSON object only."},
    )
    return question.model_copy(update={"messages": again})
