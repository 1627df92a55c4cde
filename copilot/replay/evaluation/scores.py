"""Lines added up by writer: how many drafts were usable, how many keep each point, what they cost.

Owns the sums; refuses to rank writers, because a table of six points says more than a single number.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import quantiles

from copilot.model.rubric import POINTS, Point
from copilot.replay.evaluation.judged import EvalLine

_OPENING = 12
"""So many characters of a beginning are what a reader notices."""
MOST_ALIKE = 3


@dataclass
class Score:
    """One writer's sums; ``kept`` counts drafts without a flaw in a point, ``clean`` those without any."""

    writer: str
    asked: int = 0
    usable: int = 0
    clean: int = 0
    kept: Counter[Point] = field(default_factory=Counter[Point])
    faults: Counter[str] = field(default_factory=Counter[str])
    codes: Counter[str] = field(default_factory=Counter[str])
    seconds: list[float] = field(default_factory=list[float])
    tokens_in: int = 0
    tokens_out: int = 0
    cost: Decimal | None = None
    openings: Counter[tuple[str, str | None, str]] = field(default_factory=Counter[tuple[str, str | None, str]])

    @property
    def alike(self) -> int:
        """The most drafts of one issue and language that begin with the same characters."""
        return max(self.openings.values(), default=0)

    def seconds_at(self, percent: int) -> float:
        """The time within which so many of a hundred drafts were there; 0 without any."""
        if len(self.seconds) < 2:
            return self.seconds[0] if self.seconds else 0.0
        return quantiles(self.seconds, n=100, method="inclusive")[percent - 1]


def scores(lines: Iterable[EvalLine]) -> list[Score]:
    """The sums by writer, in the order in which writers first appear."""
    found: dict[str, Score] = {}
    for line in lines:
        _add(found.setdefault(line.writer, Score(line.writer)), line)
    return list(found.values())


def _add(score: Score, line: EvalLine) -> None:
    score.asked += 1
    score.tokens_in += line.spent.tokens_in
    score.tokens_out += line.spent.tokens_out
    if line.spent.cost is not None:
        score.cost = (score.cost or Decimal(0)) + line.spent.cost
    score.seconds.append(line.spent.seconds)
    if line.text is None:
        score.faults[line.fault or ""] += 1
        return
    score.usable += 1
    score.clean += not line.flaws
    lost = {flaw.point for flaw in line.flaws}
    score.kept.update(point for point in POINTS if point not in lost)
    score.codes.update({f"{flaw.point.value}: {flaw.code}" for flaw in line.flaws})
    score.openings[line.language, line.issue, line.text[:_OPENING]] += 1
