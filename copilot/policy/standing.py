"""What is known of a text before it is judged: what its context means for all, and what a batch has found in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from copilot.domain.verdict import Verdict
from copilot.policy.batch.search import Wordings
from copilot.policy.fold import Folded
from copilot.policy.judge import RuleJudge


@dataclass(frozen=True, slots=True)
class Standing:
    """What a context means for every text."""

    limits: Mapping[str, int]
    judges: list[RuleJudge]
    """The rules that look at every text."""
    every_text: bool
    """Whether one of them looks at more than the length."""
    longest: int | None
    """The length beyond which a text has to be looked at."""
    muted: frozenset[int]
    """The places of rules that say nothing in this context."""
    clean: Verdict
    """The verdict on a text in which nothing is found."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a search over a batch has found out about one of its texts."""

    folded: Folded
    wordings: Wordings
    units: Sequence[int]
