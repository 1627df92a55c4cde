"""The list of conversations, as the HTTP interface prints it (docs/api.md)."""

from datetime import datetime

from copilot.desk.queue.lists import Place, TalkState, Unreplied
from copilot.desk.shapes import BuyerShown, Moment, PersonShown
from copilot.domain.base import Shape


class Marked(Shape):
    """Who marked a conversation, and when."""

    by: PersonShown
    at: Moment


class LastMessage(Shape):
    """The newest message of a conversation, cut to a line."""

    role: str
    kind: str
    text: str
    at: Moment


class DraftBrief(Shape):
    """A draft in a list."""

    id: str
    state: str
    reason: str | None = None


class ReplyBrief(Shape):
    """A reply in a list: on its way, or in need of a person."""

    id: str
    state: str


class Row(Shape):
    """A conversation in the list.

    ``waiting_since`` is when the first unanswered message reached us, ``deadline_at`` when the platform's clock says
    that it must be answered; both are null when the buyer waits for nothing. ``place`` is the list it stands in,
    ``holder`` with whom it is and ``how`` it came there (auto, manual, transfer, platform); ``queued_since`` is since
    when it waits for somebody. ``found_by`` says what of it a search hit.
    """

    id: str
    shop: str
    buyer: BuyerShown
    last: LastMessage | None
    waiting_since: Moment | None = None
    unanswered: int = 0
    deadline_at: Moment | None = None
    draft: DraftBrief | None = None
    reply: ReplyBrief | None = None
    state: TalkState = TalkState.REPLIED
    place: Place = Place.UNASSIGNED
    unread: bool = False
    unreplied: Unreplied | None = None
    expiring: bool = False
    marked: Marked | None = None
    tags: tuple[str, ...] = ()
    holder: PersonShown | None = None
    how: str | None = None
    queued_since: Moment | None = None
    ended_at: Moment | None = None
    buyer_at: Moment | None = None
    found_by: tuple[str, ...] = ()

    @property
    def is_marked(self) -> bool:
        """Whether a person marked it."""
        return self.marked is not None

    @property
    def last_at(self) -> datetime | None:
        """When anybody wrote last."""
        return self.last.at if self.last else None


class Counts(Shape):
    """How many conversations there are; ``failed`` have a reply that failed, is unconfirmed or is handed over.

    ``in_progress`` are with somebody, ``mine`` with the reader, ``unassigned`` wait for somebody; the rest are what
    each filter shows of all.
    """

    open: int
    all: int
    failed: int
    mine: int = 0
    in_progress: int = 0
    unassigned: int = 0
    unread: int = 0
    unreplied: int = 0
    expiring: int = 0
    marked: int = 0
    ended: int = 0


class Inbox(Shape):
    """The list of conversations; ``event`` is the place in the stream to go on from.

    ``total`` is how long the whole list is, ``after`` how many of its rows stand before these, ``next`` where its next
    page begins, null on the last one.
    """

    conversations: tuple[Row, ...]
    total: int = 0
    after: int = 0
    next: int | None = None
    counts: Counts
    by_shop: dict[str, Counts]
    event: str
    now: Moment
