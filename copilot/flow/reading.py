"""Asks a model what a turn is about when no word and no class of ours says so.

Owns when it is asked, what it is shown and what of its answer is believed: evidence must be the buyer's own words, a
turn that steers machines is not read by one, and whatever fails leaves the local reading as it was.
"""

import re
from typing import Final

from copilot.domain.case import Case
from copilot.domain.conversation import Conversation
from copilot.domain.draft import LANGUAGE_HELD
from copilot.domain.issue import Evidence, Issue, IssueReading, Understanding
from copilot.domain.trace import Step
from copilot.flow.asking import seconds_for_model
from copilot.flow.deps import Deps
from copilot.flow.masking import lines, restore
from copilot.flow.shapes import Intake
from copilot.flow.understand import Burst, TurnReading, told_by_model
from copilot.flow.understand.classifier import load
from copilot.flow.understand.text import fold_same_length
from copilot.model.completion import Completer, ModelFailed, ModelFault
from copilot.model.data import without_tags
from copilot.model.reader import ModelReading, Reader, TurnAnswer, TurnBrief

STEP: Final = "reading"
"""The step's name in the trace."""
_LINES_BEFORE = 6
_SHARE = 0.5
"""Of the time that is left a reading may take so much; the rest is the draft's."""


async def by_model(
    reading: TurnReading, found: Conversation, burst: Burst, case: Case | None, intake: Intake, deps: Deps
) -> Understanding:
    """The turn as a model reads it, or ``reading`` as it is; evidence is in the buyer's words, not yet masked."""
    local = reading.understanding
    writer = deps.writer
    if writer is None or not reading.unclear or not intake.text.strip() or not _readable(intake):
        return local
    at, started = deps.clock.now(), deps.clock.monotonic()
    detail: dict[str, object] = {}
    try:
        asked = await _asked(_brief(found, burst, case, intake, deps), writer.completer, deps)
        detail = {
            "templates": {used.name: used.hash for used in asked.templates},
            "tokens": [asked.tokens_in, asked.tokens_out],
        }
        return _believed(asked.answer, reading, found, burst, intake, deps)
    except ModelFailed as failed:
        detail["because"] = failed.fault.value
        return local
    finally:
        deps.steps.append(Step(STEP, at, deps.clock.monotonic() - started, detail))


def _readable(intake: Intake) -> bool:
    """Whether a model may be asked: not about words that steer machines, nor where its answer would serve nothing."""
    return "injection" not in intake.flags and LANGUAGE_HELD not in intake.flags


async def _asked(brief: TurnBrief, completer: Completer, deps: Deps) -> ModelReading:
    seconds = await seconds_for_model(completer, deps, share=_SHARE)
    if seconds <= deps.pace.p95_of("read"):
        raise ModelFailed(ModelFault.NO_TIME)
    started = deps.clock.monotonic()
    try:
        return await Reader(completer, deps.prompts).read(brief, seconds=seconds)
    finally:
        deps.pace.record(deps.clock.monotonic() - started, "read")


def _brief(found: Conversation, burst: Burst, case: Case | None, intake: Intake, deps: Deps) -> TurnBrief:
    return TurnBrief(
        language=intake.language,
        turn=tuple(line for line in intake.text.splitlines() if line.strip()),
        before=lines(found, deps.rules.profile)[: burst.start][-_LINES_BEFORE:],
        case=case.issue if case is not None else None,
    )


def _believed(
    answer: TurnAnswer, reading: TurnReading, found: Conversation, burst: Burst, intake: Intake, deps: Deps
) -> Understanding:
    """What the answer makes of the turn; ``ModelFailed`` when its evidence is not there or it makes no sense."""

    def evidence(quote: str) -> Evidence:
        shown = _span(quote, intake.text)
        said = shown and _span(restore(intake.text[slice(*shown)], found, deps.rules.profile), burst.text)
        if not said:
            raise ModelFailed(ModelFault.INVALID, "evidence that was not said")
        start, end = said
        return Evidence(start=start, end=end, text=burst.text[start:end])

    evidence(answer.evidence)
    odds = {label.name: label.probability for label in load().rank(burst.text, top=len(load().names))}
    issues: dict[Issue, IssueReading] = {}
    for one in answer.issues:
        # The model's own confidence means nothing; ours of the same class is calibrated, and low.
        sure = round(odds.get(one.issue.value, 0.0), 4)
        issues.setdefault(one.issue, IssueReading(issue=one.issue, confidence=sure, evidence=evidence(one.evidence)))
    told = told_by_model(reading, answer.turn, tuple(issues.values()))
    if told is None:
        raise ModelFailed(ModelFault.INVALID, "a move that does not go with the rest")
    return told


def _span(quote: str, text: str) -> tuple[int, int] | None:
    """Where ``quote`` stands in ``text``, whatever the case and the white space; it must hold a word."""
    words = _plain(quote).split()
    if not any(character.isalnum() for word in words for character in word):
        return None
    match = re.search(r"\s+".join(map(re.escape, words)), _plain(text))
    return match.span() if match else None


def _plain(text: str) -> str:
    return without_tags(fold_same_length(text))
