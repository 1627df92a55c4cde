"""A draft and all that an agent must know to decide about it, as the HTTP interface prints it (docs/api.md)."""

from pydantic import Field

from copilot.desk.approval_shapes import ApprovalShown
from copilot.desk.shapes import Moment, TranslationShown
from copilot.domain.base import Shape
from copilot.domain.draft import DraftView
from copilot.domain.issue import RiskReading
from copilot.domain.money import Money


class OrderWhyShown(Shape):
    """Which order a draft is about and why."""

    id: str
    why: str
    why_text: str


class Owed(Shape):
    """What sending a draft commits the shop to; ``text`` is one line for a person."""

    what: str
    due: Moment | None
    text: str


class Beyond(Shape):
    """An option that the agent may not give, and what a supervisor would have to allow; ``text`` is one line."""

    key: str
    title: str
    cost: Money
    ceiling: str
    left: Money
    text: str


class LeftOut(Shape):
    """An option that the agent chose not to offer; ``letter`` is the one that it would have."""

    key: str
    title: str
    cost: Money | None = None
    letter: str


class EscalationShown(Shape):
    """Who else must look at a turn; ``text`` says it and why in one line."""

    to: str
    why: str
    text: str


class Cited(Shape):
    """What of the shop's knowledge a draft rests on, in the person's words; ``fit`` is well, partly or null."""

    id: str
    fit: str | None = None
    text: str


class CeilingLeft(Shape):
    """What one ceiling ("per_issue", "per_order", "per_buyer", "per_day") still leaves, in words too."""

    ceiling: str
    left: Money
    text: str


class Spends(Shape):
    """What a text gives at the shop's cost (null: nobody can price it), and what each ceiling leaves before that."""

    cost: Money | None
    left: tuple[CeilingLeft, ...]
    text: str


class Card(Shape):
    """A draft as the agent decides about it; ``draft`` is null while it is written or when there is none to send.

    ``risks`` are the buyer's words that show danger, also where nothing was drafted for them; ``titles`` name the
    options in the person's language, by letter; ``left_out`` are those that the agent chose not to offer, ``beyond``
    those that a supervisor could allow; ``approval`` is the newest request about the draft; ``cites`` are the shop's
    answers and notices that the draft rests on.
    ``translation`` is the draft in the reader's language, null where it is in that language. ``spends`` is what
    accepting a proposed draft gives beside what the reader has left, null where that is nothing.
    """

    id: str
    conversation: str
    revision: int
    text_hash: str | None = None
    state: str
    reason: str | None = None
    reason_text: str | None = None
    deadline_at: Moment | None = None
    created_at: Moment
    draft: DraftView | None = None
    stakes: str
    risks: tuple[RiskReading, ...] = ()
    titles: dict[str, str] = Field(default_factory=dict[str, str])
    left_out: tuple[LeftOut, ...] = ()
    order: OrderWhyShown | None = None
    candidates: tuple[str, ...] = ()
    look_at: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    owes: tuple[Owed, ...] = ()
    beyond: tuple[Beyond, ...] = ()
    escalation: EscalationShown | None = None
    approval: ApprovalShown | None = None
    cites: tuple[Cited, ...] = ()
    translation: TranslationShown | None = None
    spends: Spends | None = None
    button: str
