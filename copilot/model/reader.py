"""Asks a model what a buyer's turn is about, when the words that we know do not say.

Owns the question and the closed sets of its answer; refuses whatever is outside them. Risks, choices and orders have no
place in the answer: rules, what was offered and the platform decide those.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

from copilot.domain.base import Id, StrictShape
from copilot.domain.issue import Issue, Turn
from copilot.model.completion import Completer, ModelFailed, ModelFault, Question
from copilot.model.data import json_of, one_line
from copilot.model.prompts import Prompts, TemplateUse

READABLE_TURNS = tuple(turn for turn in Turn if turn is not Turn.CHOICE)
"""The moves a model may name; a choice is read against what was offered."""
READABLE_ISSUES = tuple(issue for issue in Issue if issue not in (Issue.GREETING, Issue.THANKS, Issue.UNCLEAR))
"""The issues a model may name: those that a reply deals with."""
_MOST_ISSUES = 4
_MAX_TOKENS = 300
_DEFAULT = "en"


def _readable_turn(turn: Turn) -> Turn:
    if turn not in READABLE_TURNS:
        raise ValueError("not a move that a model may name")
    return turn


def _readable_issue(issue: Issue) -> Issue:
    if issue not in READABLE_ISSUES:
        raise ValueError("not an issue that a model may name")
    return issue


class FoundIssue(StrictShape):
    """One issue with the buyer's words that show it."""

    issue: Annotated[Issue, AfterValidator(_readable_issue)]
    evidence: Id


class TurnAnswer(StrictShape):
    """What a model may say about a turn; ``evidence`` are the buyer's words that show the move."""

    turn: Annotated[Turn, AfterValidator(_readable_turn)]
    evidence: Id
    issues: tuple[FoundIssue, ...] = Field(default=(), max_length=_MOST_ISSUES)


@dataclass(frozen=True)
class TurnBrief:
    """What one reading needs, all of it masked: the buyer's unanswered lines and those said before ("shop: …").

    ``case`` is the issue of the open case.
    """

    language: str
    turn: Sequence[str]
    before: Sequence[str] = ()
    case: Issue | None = None


@dataclass(frozen=True)
class ModelReading:
    """A model's valid answer, with its cost."""

    answer: TurnAnswer
    templates: tuple[TemplateUse, ...]
    tokens_in: int
    tokens_out: int


@dataclass(frozen=True)
class Reader:
    """Reads turns with ``completer``; asks once and never again."""

    completer: Completer
    prompts: Prompts

    async def read(self, brief: TurnBrief, *, seconds: float) -> ModelReading:
        """The reading within ``seconds``; ``ModelFailed`` when nothing usable came."""
        question, templates = self._question(brief)
        answer = await self.completer.complete(question, seconds=seconds)
        return ModelReading(parse(answer.text), templates, answer.tokens_in, answer.tokens_out)

    def _question(self, brief: TurnBrief) -> tuple[Question, tuple[TemplateUse, ...]]:
        language = brief.language if self.prompts.has(f"model/classify_system.{brief.language}.j2") else _DEFAULT
        variables: dict[str, object] = {
            "turn": [one_line(line) for line in brief.turn],
            "before": [one_line(line) for line in brief.before],
            "case": brief.case.value if brief.case else None,
        }
        system = self.prompts.render(f"model/classify_system.{language}.j2", variables)
        user = self.prompts.render(f"model/classify_user.{language}.j2", variables)
        messages = ({"role": "system", "content": system.text}, {"role": "user", "content": user.text})
        question = Question(messages=messages, answer_schema=TurnAnswer.model_json_schema(), max_tokens=_MAX_TOKENS)
        return question, (*system.templates, *user.templates)


def parse(answer: str) -> TurnAnswer:
    """The reading in a model's answer.

    Raises:
        ModelFailed: not JSON, other keys, or a name outside the closed sets; nothing of the answer is repeated.
    """
    try:
        return TurnAnswer.model_validate(json_of(answer))
    except ValidationError:
        raise ModelFailed(ModelFault.INVALID, "not a reading of the closed sets") from None
