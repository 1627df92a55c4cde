"""One golden conversation as one writer worded it, judged by the rubric: the line that ``eval`` prints.

Owns the line's shape and the judging of an outcome; refuses to add lines up, which is ``scores``.
"""

from decimal import Decimal

from copilot.domain.base import Shape
from copilot.domain.conversation import Conversation
from copilot.domain.draft import WrittenBy
from copilot.domain.message import Role
from copilot.domain.reason import Reason
from copilot.model.composer.voice import Voice
from copilot.model.rubric import Draft, Point, flaws
from copilot.replay.evaluation.cases import Outcome

COMPOSER = "composer"


class FlawLine(Shape):
    """A point that the text loses, with the reason's code."""

    point: Point
    code: str


class Spent(Shape):
    """What a draft cost: seconds of waiting, tokens, US dollars (null: the model has no known price)."""

    seconds: float = 0.0
    questions: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    cost: Decimal | None = None


class EvalLine(Shape):
    """A golden conversation as ``writer`` (a model's name, or "composer") worded it.

    ``fault`` says why the writer gave nothing that could be shown ("model_timeout", "model_blocked" …): then ``text``
    is null, for the composed text is nobody's merit but the composer's. ``flaws`` is empty when code holds nothing
    against the text.
    """

    conversation: str
    language: str
    issue: str | None
    act: str
    scene: str
    writer: str
    text: str | None
    fault: str | None = None
    flaws: tuple[FlawLine, ...] = ()
    prompts: tuple[str, ...] = ()
    spent: Spent = Spent()


def line_of(outcome: Outcome, language: str, writer: str, spent: Spent, voice: Voice) -> EvalLine | None:
    """The judged line; None for a conversation that gets no draft whoever words it."""
    plan, written, checked = outcome.plan, outcome.written, outcome.checked
    if plan is None or written is None or checked is None:
        return None
    fault = _fault(outcome, writer)
    said = tuple(
        one.text for one in outcome.conversation.messages if one.role in (Role.AGENT, Role.BOT) and one.kind == "text"
    )
    found = (
        ()
        if fault
        else flaws(
            Draft(
                checked.text, language, plan, written.option_texts, checked.claims, checked.verdict, said, voice=voice
            )
        )
    )
    return EvalLine(
        conversation=outcome.conversation.id,
        language=language,
        issue=plan.issue.value if plan.issue else None,
        act=plan.act.value,
        scene=plan.scene,
        writer=writer,
        text=None if fault else checked.text,
        fault=fault,
        flaws=tuple(FlawLine(point=flaw.point, code=flaw.code) for flaw in found),
        prompts=tuple(sorted(f"{used.name}@{used.hash[:12]}" for used in written.templates)),
        spent=spent,
    )


def failed_line(case: Conversation, language: str, writer: str, spent: Spent) -> EvalLine:
    """The line of a conversation that broke on the way."""
    return EvalLine(
        conversation=case.id,
        language=language,
        issue=None,
        act="",
        scene="",
        writer=writer,
        text=None,
        fault=Reason.FAILED.value,
        spent=spent,
    )


def _fault(outcome: Outcome, writer: str) -> str | None:
    written = outcome.written
    if written is None or outcome.reason is Reason.FAILED:
        return Reason.FAILED.value
    if writer != COMPOSER and written.written_by is not WrittenBy.MODEL:
        return written.composed_because or "not_written"
    return outcome.reason.value if outcome.reason else None
