"""What is known of cases while a conversation is read: the kept ones, the one in hand, and what people decided.

Owns how what is kept of a case and what the words make of it come together; reading the words is ``cases``.
"""

from dataclasses import dataclass, field, fields
from datetime import datetime

from copilot.domain.base import Shape, Time
from copilot.domain.case import Case, CaseState, OrderChoice, OrderWhy
from copilot.domain.issue import Issue

TALK = "talk"
"""Who resolved a case that ended with a farewell on both sides."""


class Remembered(Shape):
    """A case as the store keeps it; ``here``: it was spoken of last in this very conversation.

    ``case`` is as of ``read_to``, the time of the last message that went into it; ``state`` is as of now. What no
    message tells stands beside it: who resolved it and when, which order an agent picked, and ``asked``, the draft
    that asked the buyer whether it is solved.
    """

    id: str
    case: Case
    here: bool = True
    state: CaseState = CaseState.OPEN
    raised_by: str | None = None
    raised_at: Time | None = None
    read_to: Time | None = None
    picked_order: str | None = None
    picked_at: Time | None = None
    resolved_at: Time | None = None
    resolved_by: str | None = None
    evidence: str | None = None
    reopened: int = 0
    reopened_at: Time | None = None
    reopened_by: str | None = None
    product_id: str | None = None
    order_id: str | None = None
    follow_up: str | None = None
    asked: str | None = None
    solved: bool | None = None
    solved_at: Time | None = None
    version: int = 0


@dataclass(frozen=True)
class Read:
    """A case as it was read: ``kept`` is the remembered one's id, ``touched`` whether this conversation spoke of it.

    ``raised_by`` and ``by`` are ids of the messages that raised it and that moved it last; ``solved`` is the buyer's
    answer to our question.
    """

    case: Case
    kept: Remembered | None = None
    raised_by: str | None = None
    raised_at: datetime | None = None
    by: str | None = None
    at: datetime | None = None
    product: str | None = None
    touched: bool = False
    asked: bool = False
    solved: bool | None = None


@dataclass(frozen=True)
class Book:
    """All cases before the unanswered turn and with it.

    ``dropped`` are remembered ones that turned out to be another reading of words that are still there.
    """

    before: tuple[Read, ...]
    after: tuple[Read, ...]
    dropped: tuple[str, ...] = ()

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases as they stand before the unanswered turn."""
        return tuple(one.case for one in self.before)


@dataclass
class Entry:
    """A case while it is read; ``inquired``: the buyer asked about what is offered and has not chosen yet."""

    case: Case
    kept: Remembered | None = None
    read_to: datetime | None = None
    raised_by: str | None = None
    raised_at: datetime | None = None
    by: str | None = None
    at: datetime | None = None
    product: str | None = None
    touched: bool = False
    asking: bool = False
    asked: bool = False
    solved: bool | None = None
    inquired: bool = False

    def read(self) -> Read:
        """The case as it was read."""
        return Read(**{one.name: getattr(self, one.name) for one in fields(Read)})


@dataclass(frozen=True)
class Block:
    """Where a stretch of messages stands: its first message's id, and its times."""

    by: str | None = None
    first: datetime | None = None
    last: datetime | None = None


@dataclass
class Story:
    """The fold's state: cases by issue, the one in hand, what the shop said last; ``past`` are of other orders."""

    cases: dict[Issue, Entry] = field(default_factory=dict[Issue, Entry])
    past: list[Entry] = field(default_factory=list[Entry])
    known: list[Remembered] = field(default_factory=list[Remembered])
    pending: list[tuple[datetime, Remembered, str]] = field(default_factory=list[tuple[datetime, Remembered, str]])
    current: Issue | None = None
    block: Block = field(default_factory=Block)
    heard: Block = field(default_factory=Block)
    """The buyer's last stretch."""
    shop_text: str | None = None
    closed_by_buyer: bool = False

    @property
    def entry(self) -> Entry | None:
        """The case in hand; None when it is resolved."""
        found = self.cases.get(self.current) if self.current else None
        return found if found and found.case.state is not CaseState.RESOLVED else None

    @property
    def case(self) -> Case | None:
        """The same, as it stands."""
        found = self.entry
        return found.case if found else None

    @property
    def entries(self) -> list[Entry]:
        """All of them, those of other orders first."""
        return [*self.past, *self.cases.values()]

    def put(self, case: Case) -> None:
        """Take the case in hand, with what the present words make of it."""
        self.current = case.issue
        entry = self.cases.setdefault(case.issue, Entry(case))
        last = self.block.last
        if entry.read_to is not None and last is not None and last <= entry.read_to:
            # What is kept of the case holds these words already.
            return
        if not entry.touched and entry.kept is None:
            self._begin(entry)
        entry.case, entry.touched, entry.by, entry.at = case, True, self.block.by, self.block.first

    def _begin(self, entry: Entry) -> None:
        """A case that these words raise: the remembered one that they raised before, if there is one."""
        issue, by = entry.case.issue, self.block.by
        fitting = [one for one in self.known if one.case.issue is issue]
        kept = next((one for one in fitting if one.raised_by == by), fitting[0] if fitting else None)
        entry.raised_by, entry.raised_at = by, self.block.first
        if kept is not None:
            self.known.remove(kept)
            entry.kept, entry.product = kept, kept.product_id
            entry.raised_at = kept.raised_at or entry.raised_at

    def seed(self, one: Remembered) -> None:
        """A case whose words are gone, or were said elsewhere."""
        entry = Entry(one.case, one, one.read_to, one.raised_by, one.raised_at, product=one.product_id)
        if one.case.issue in self.cases:
            self.past.append(self.cases.pop(one.case.issue))
        self.cases[one.case.issue] = entry
        if one.state is not CaseState.RESOLVED:
            self.current = one.case.issue

    def happen(self, until: datetime | None) -> None:
        """What people decided about cases up to then; None: up to now."""
        due = [event for event in self.pending if until is None or event[0] <= until]
        for event in due:
            _, one, what = event
            entry = next((entry for entry in self.entries if entry.kept is one), None)
            if entry is None:
                # Its words come later.
                continue
            self.pending.remove(event)
            if what == TALK:
                entry.case = entry.case.model_copy(update={"state": CaseState.RESOLVED})
            elif one.picked_order is not None:
                picked = OrderChoice(id=one.picked_order, why=OrderWhy.AGENT)
                entry.case = entry.case.model_copy(update={"order": picked})

    def read(self) -> tuple[Read, ...]:
        """All cases as they stand."""
        return tuple(entry.read() for entry in self.entries)
