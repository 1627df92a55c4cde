"""Drafts as objects with states; the one table of transitions."""

from enum import StrEnum
from typing import Final

from copilot.domain.base import Shape
from copilot.domain.case import Option, OrderChoice
from copilot.domain.errors import WrongTransition
from copilot.domain.fact import Claim
from copilot.domain.issue import Issue, IssueReading, RiskReading, Turn
from copilot.domain.knowledge import Citation
from copilot.domain.plan import Act, Escalation, Grant, NotOffered, Promise
from copilot.domain.reason import Reason
from copilot.domain.verdict import Verdict

ORDERS_AS_OF: Final = "orders_as_of:"
"""The flag of a draft on order facts that are not of this minute; when they were told follows (RFC 3339)."""

LANGUAGE_HELD: Final = "language_held"
"""The flag of a fixed text that only says when we come back: nothing else exists in the buyer's language."""


class DraftState(StrEnum):
    """Where a draft stands."""

    WRITING = "writing"
    PROPOSED = "proposed"
    APPROVED = "approved"
    SENDING = "sending"
    SENT = "sent"
    UNCONFIRMED = "unconfirmed"
    FAILED = "failed"
    HANDED_OVER = "handed_over"
    ABANDONED = "abandoned"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"
    BLOCKED = "blocked"


_S = DraftState
TRANSITIONS: dict[DraftState, frozenset[DraftState]] = {
    _S.WRITING: frozenset({_S.PROPOSED, _S.BLOCKED, _S.SUPERSEDED, _S.EXPIRED, _S.FAILED}),
    # A supervisor allowed more than the agent may give: the same draft is written again with it.
    _S.PROPOSED: frozenset({_S.APPROVED, _S.REJECTED, _S.SUPERSEDED, _S.EXPIRED, _S.WRITING}),
    # A rejection with a reason is drafted again: same draft, next revision.
    _S.REJECTED: frozenset({_S.WRITING}),
    # The buyer wrote between approval and sending: the draft returns to the agent.
    _S.APPROVED: frozenset({_S.SENDING, _S.HANDED_OVER, _S.PROPOSED}),
    # A refusal that happened before the platform took the reply returns it to the queue of sends.
    _S.SENDING: frozenset({_S.SENT, _S.UNCONFIRMED, _S.FAILED, _S.APPROVED}),
    _S.HANDED_OVER: frozenset({_S.SENT, _S.ABANDONED}),
    # A person looked at the platform and settled it.
    _S.UNCONFIRMED: frozenset({_S.SENT, _S.FAILED}),
    # An agent names the right order, or lets go of a turn that has no text.
    _S.BLOCKED: frozenset({_S.WRITING, _S.REJECTED, _S.SUPERSEDED, _S.EXPIRED}),
    _S.SENT: frozenset(),
    _S.FAILED: frozenset(),
    _S.ABANDONED: frozenset(),
    _S.SUPERSEDED: frozenset(),
    _S.EXPIRED: frozenset(),
}
OPEN_STATES = frozenset({_S.WRITING, _S.PROPOSED, _S.BLOCKED})
"""States in which a draft still waits for a person or a writer; a newer turn supersedes it."""


def move(before: DraftState, after: DraftState) -> DraftState:
    """``after``, when the table allows it; ``WrongTransition`` otherwise."""
    if after not in TRANSITIONS[before]:
        raise WrongTransition(before.value, after.value)
    return after


class WrittenBy(StrEnum):
    """Who worded a draft."""

    COMPOSER = "composer"
    MODEL = "model"


class RejectReason(StrEnum):
    """Why an agent rejects a draft; each changes the next one.

    ``options`` is no fault of the text: the agent chose which of the buyer's options it offers.
    """

    WRONG_ISSUE = "wrong_issue"
    WRONG_ORDER = "wrong_order"
    WRONG_FACT = "wrong_fact"
    NOT_ALLOWED = "not_allowed"
    TOO_LONG = "too_long"
    TONE = "tone"
    ALREADY_ANSWERED = "already_answered"
    OTHER = "other"
    OPTIONS = "options"


class EditClass(StrEnum):
    """What a person made of a draft's text before it was sent.

    ``substance``: a claim, an option, an amount or a promise is another.
    """

    VERBATIM = "verbatim"
    SURFACE = "surface"
    SUBSTANCE = "substance"


class Rejection(Shape):
    """A rejection with what the agent says instead: the right ``issue`` or ``order`` id, or a note.

    ``without`` goes with ``options``: the keys of those that the text leaves out, of all that may be offered.
    """

    reason: RejectReason
    issue: str | None = None
    order: str | None = None
    fact: str | None = None
    note: str | None = None
    without: tuple[str, ...] = ()

    def upon(self, earlier: "Rejection | None") -> "Rejection":
        """This, said after ``earlier`` about the same draft: a choice of options changes nothing else that was said."""
        if earlier is None:
            return self
        if self.reason is RejectReason.OPTIONS:
            return earlier.model_copy(update={"without": self.without})
        return self.model_copy(update={"without": earlier.without})


class DraftView(Shape):
    """A draft as commands and the API print it (docs/formats.md, "draft").

    ``act`` is the move it makes, ``asks`` are the slots it asks the buyer for, ``owes`` is what sending it commits the
    shop to; ``composed_because`` why no model wrote it; ``flags`` what the agent should look at; ``unknown`` the paths
    of facts that were asked for and are not known ("order.total", "orders"); ``grant`` what it counts against ceilings,
    ``over_ceiling`` the options left out because the agent may not give them, ``left_out`` those that the agent chose
    not to offer, ``escalation`` who else must look at it;
    ``replaces`` is the promise that a confirmed choice takes the place of; ``named`` is the issue of the plan where
    an agent or a model named it; ``cites`` are the shop's own answers and
    notices that the draft rests on; ``readings`` the same text in other languages, by their code, where it was made
    together with them.
    """

    text: str
    language: str
    turn: Turn
    issues: tuple[IssueReading, ...]
    risks: tuple[RiskReading, ...]
    order: OrderChoice | None
    options: tuple[Option, ...]
    asks: tuple[str, ...] = ()
    claims: tuple[Claim, ...]
    verdict: Verdict
    written_by: WrittenBy
    act: Act | None = None
    composed_because: str | None = None
    flags: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    owes: tuple[Promise, ...] = ()
    grant: Grant | None = None
    named: Issue | None = None
    replaces: str | None = None
    over_ceiling: tuple[NotOffered, ...] = ()
    left_out: tuple[NotOffered, ...] = ()
    escalation: Escalation | None = None
    cites: tuple[Citation, ...] = ()
    readings: dict[str, str] = {}


class Block(Shape):
    """What held a text back: ``rule`` and the words ``text`` that it found.

    ``source`` is the id of the fact that the words come from, null for words of our own; ``reason`` and ``remedy`` are
    by language ("zh", "en").
    """

    rule: str
    text: str
    source: str | None = None
    reason: dict[str, str]
    remedy: dict[str, str]


class DraftResult(Shape):
    """What drafting one conversation gave: a draft, or a reason code; ``blocked`` says what held a text back."""

    conversation: str
    draft: DraftView | None
    reason: Reason | None
    candidates: tuple[str, ...] = ()
    blocked: tuple[Block, ...] = ()
