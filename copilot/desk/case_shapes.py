"""The shapes of the list of all cases: which lists there are, a case's line, how long the lists are."""

from enum import StrEnum

from copilot.desk.cases import CaseShown
from copilot.desk.shapes import BuyerShown, Moment, PersonShown
from copilot.domain.base import Shape
from copilot.domain.money import Money


class Which(StrEnum):
    """Which cases a list shows.

    ``serious`` are those that are asked about after they are solved, until that is over; ``owed`` those for which
    something that was promised is still to be done.
    """

    OPEN = "open"
    RESOLVED = "resolved"
    SERIOUS = "serious"
    OWED = "owed"
    ALL = "all"


class OptionNamed(Shape):
    """An option by the playbook's key, in the reader's language; ``key`` is empty for one that a person worded."""

    key: str
    title: str


class Promised(Shape):
    """A promise of a case; ``late`` when it is open and its time is over."""

    id: str
    what: str
    text: str
    amount: Money | None = None
    due: Moment | None = None
    state: str
    late: bool


class CaseLine(CaseShown):
    """A case in the list of all: where it stands, what was offered, asked and promised, the next thing due.

    ``offered`` and ``asked`` are as of the shop's last answer; ``chosen`` is what the buyer picked of what was offered,
    ``refused`` that it was none of it. ``due`` is the first due of what is still owed.
    """

    conversation: str
    shop: str
    buyer: BuyerShown
    holder: PersonShown | None = None
    serious: bool
    offered: tuple[OptionNamed, ...] = ()
    chosen: OptionNamed | None = None
    refused: bool = False
    asked: tuple[str, ...] = ()
    promised: tuple[Promised, ...] = ()
    due: Moment | None = None
    late: bool = False


class CaseCounts(Shape):
    """How long the lists are; ``late`` counts cases for which something is owed and its time is over."""

    open: int
    resolved: int
    serious: int
    owed: int
    all: int
    late: int


class CasesShown(Shape):
    """A page of cases; ``counts`` and ``by_issue`` are of all pages, ``next`` is where the next one begins."""

    cases: tuple[CaseLine, ...]
    counts: CaseCounts
    by_issue: dict[str, int]
    next: str | None = None
    event: str
    now: Moment
