"""What two versions of the rules say differently about one message."""

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.domain.verdict import Finding

CAUGHT, RELEASED, CHANGED = "caught", "released", "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """``caught``: only the run's version finds it; ``released``: only the other one; ``changed``: both, differently.

    ``finding`` is the run's, for a release the other's; ``before`` is the other's of a change.
    """

    kind: str
    finding: Finding
    before: Finding | None = None


def changes(now: Sequence[Finding], before: Sequence[Finding]) -> list[Change]:
    """The differences, in the order of their places.

    A finding has its like in one of the same rule at the same place, else in one that overlaps.
    """
    left = list(before)
    unpaired: list[Finding] = []
    found: list[Change] = []
    for finding in now:
        same = next((one for one in left if _place(one) == _place(finding)), None)
        if same is None:
            unpaired.append(finding)
            continue
        left.remove(same)
        if same.severity is not finding.severity:
            found.append(Change(CHANGED, finding, same))
    for finding in unpaired:
        like = next((one for one in left if one.rule == finding.rule and _overlap(one, finding)), None)
        if like is not None:
            left.remove(like)
        found.append(Change(CAUGHT if like is None else CHANGED, finding, like))
    found += [Change(RELEASED, finding) for finding in left]
    return sorted(found, key=lambda change: (change.finding.start, change.finding.end, change.finding.rule))


def _place(finding: Finding) -> tuple[str, int, int]:
    return finding.rule, finding.start, finding.end


def _overlap(one: Finding, other: Finding) -> bool:
    return one.start < other.end and other.start < one.end
