"""Cases: what a conversation is about, across turns, sessions and agents."""

from enum import StrEnum

from copilot.domain.base import Shape, Time
from copilot.domain.issue import Issue
from copilot.domain.money import Money


class CaseState(StrEnum):
    """Who has the next move."""

    OPEN = "open"
    WAITING_BUYER = "waiting_buyer"
    WAITING_US = "waiting_us"
    RESOLVED = "resolved"


class OrderWhy(StrEnum):
    """How an order was found; the first that applies wins."""

    CARD = "order_card"
    TYPED = "id_typed"
    ENTERED_FROM = "entered_from_order"
    CASE = "order_of_case"
    ONLY_FIT = "only_order_that_fits"
    AGENT = "chosen_by_agent"


class OrderChoice(Shape):
    """The order a turn is about and why it was chosen."""

    id: str
    why: OrderWhy


class Option(Shape):
    """A choice that the buyer is offered.

    ``id`` is the letter on the card ("A"), ``key`` the playbook's name for it ("reship"), ``title`` its short name,
    ``text`` the sentence offered, ``action`` what a person will do in the platform's back office, ``cost`` what it
    costs the shop (null: nothing or unknown). ``facts`` are the ids of the facts it rests on. ``lettered`` is false
    where the offer was made in words alone, so that the buyer has seen no letter.
    """

    id: str
    key: str = ""
    title: str
    text: str = ""
    action: str
    cost: Money | None = None
    facts: tuple[str, ...] = ()
    lettered: bool = True


class CommitmentState(StrEnum):
    """What became of a promise."""

    OWED = "owed"
    DONE = "done"
    BROKEN = "broken"
    WITHDRAWN = "withdrawn"


class Commitment(Shape):
    """A promise in a message that was sent."""

    what: str
    amount: Money | None = None
    due: Time | None = None
    by: str | None = None
    message: str | None = None
    order: str | None = None
    state: CommitmentState = CommitmentState.OWED
    evidence: str | None = None


class Case(Shape):
    """One matter between a buyer and the shop.

    ``asked_for`` are slots that we asked and the buyer has not filled ("order", "photo", "measurement", "reason");
    ``answered`` the ones filled; ``empathy_given`` and ``holds`` keep a draft from bowing twice or stalling for ever.
    """

    issue: Issue
    order: OrderChoice | None = None
    asked_for: tuple[str, ...] = ()
    answered: dict[str, str] = {}
    offered: tuple[Option, ...] = ()
    chosen: str | None = None
    refused_all: bool = False
    commitments: tuple[Commitment, ...] = ()
    state: CaseState = CaseState.OPEN
    empathy_given: bool = False
    holds: int = 0
    language: str | None = None
