"""What is read off a turn before its kind is decided, once; and whether the buyer presses."""

from dataclasses import dataclass
from typing import Final

from copilot.domain.case import Case
from copilot.domain.issue import Inquiry, IssueReading, RiskReading
from copilot.flow.understand.burst import Burst
from copilot.flow.understand.choice import Choice
from copilot.flow.understand.issues import Reading
from copilot.flow.understand.shop import ShopMove
from copilot.flow.understand.words import says

CERTAIN: Final = 0.8
SURE: Final = 0.55
"""From which confidence an issue stands against any other reading of the turn, and from which it is one."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything that decides the kind of a turn, read once."""

    burst: Burst
    folded: str
    case: Case | None
    shop: ShopMove
    reading: Reading
    risks: tuple[RiskReading, ...]
    choice: Choice | None
    inquiry: Inquiry | None
    answered: dict[str, str]
    shop_text: str = ""

    @property
    def lead(self) -> IssueReading | None:
        """The issue that leads the turn."""
        return self.reading.issues[0] if self.reading.issues else None


def presses(seen: Seen) -> bool:
    """Whether the buyer chases or threatens."""
    return says("chase", seen.folded) or bool(seen.risks)
