"""What is left of shapes that are kept as JSON: the figures, without a word, a name or a number of anybody's."""

from typing import Any

from copilot.domain.case import Case
from copilot.domain.draft import DraftView, Rejection
from copilot.domain.message import DraftMark
from copilot.domain.verdict import Verdict


def of_view(view: dict[str, Any]) -> dict[str, Any]:
    """A draft's turn, issues, act, verdict and price; its words, order, facts and promises are gone."""
    whole = DraftView.model_validate(view)
    left = DraftView(
        text="",
        language=whole.language,
        turn=whole.turn,
        issues=tuple(one.model_copy(update={"evidence": None}) for one in whole.issues),
        risks=(),
        order=None,
        options=(),
        asks=whole.asks,
        claims=(),
        verdict=of_verdict(whole.verdict),
        written_by=whole.written_by,
        act=whole.act,
        composed_because=whole.composed_because,
        flags=whole.flags,
        grant=whole.grant,
        named=whole.named,
    )
    return left.model_dump(mode="json")


def of_verdict(verdict: Verdict) -> Verdict:
    """Which rules spoke and how severely; not where, nor what they found."""
    bare = {"start": 0, "end": 0, "text": "", "reason": "", "suggestion": None}
    return verdict.model_copy(update={"findings": tuple(one.model_copy(update=bare) for one in verdict.findings)})


def of_mark(mark: dict[str, Any]) -> dict[str, Any]:
    """Which draft a message came from and what the agent did with it."""
    whole = DraftMark.model_validate(mark)
    return whole.model_copy(update={"offered": None, "asks": None, "order": None}).model_dump(
        mode="json", exclude_none=True
    )


def of_rejection(rejection: dict[str, Any]) -> dict[str, Any]:
    """The reason, and the issue that was named instead."""
    whole = Rejection.model_validate(rejection)
    return Rejection(reason=whole.reason, issue=whole.issue).model_dump(mode="json")


def of_case(body: dict[str, Any]) -> dict[str, Any]:
    """What a case was about, and that it is over."""
    whole = Case.model_validate(body)
    return Case(issue=whole.issue, language=whole.language).model_dump(mode="json", exclude={"commitments"})
