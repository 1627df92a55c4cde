"""What the desk shows, as the HTTP interface prints it (docs/api.md); times in UTC, ids as text."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from copilot.desk.queue.lists import Place, TalkState, Unreplied
from copilot.domain.base import Shape
from copilot.domain.draft import DraftView
from copilot.domain.issue import RiskReading
from copilot.domain.money import Money
from copilot.domain.order import Order


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Moment = Annotated[datetime, AfterValidator(_utc)]
"""A point in time, printed in UTC."""


class BuyerShown(Shape):
    """A buyer, by the platform's id; empty when the platform named none."""

    id: str = ""
    nickname: str | None = None
    tags: tuple[str, ...] = ()


class PersonShown(Shape):
    """A person of the merchant."""

    id: str
    name: str


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
    """How many conversations there are; ``failed`` have a reply that failed or is unconfirmed.

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


class MediaShown(Shape):
    """A picture or video; ``url`` is ours, sizes in pixels where the platform tells them."""

    url: str
    width: int | None = None
    height: int | None = None


class DraftRef(Shape):
    """The draft that a message came from."""

    id: str


class TranslationShown(Shape):
    """What a text says in ``language``: ``text`` once ``state`` is ``ready``.

    The other states are ``no_model``, ``pending``, ``differs`` (a translation that stated something else was refused;
    ``differing`` are the kinds of it) and ``failed``; ``state_text`` says the state to a person.
    """

    state: str
    language: str
    text: str | None = None
    state_text: str
    differing: tuple[str, ...] = ()


class MessageShown(Shape):
    """A message of the thread; the text of a recalled one is empty.

    ``translation`` is null where the message is in the reader's language.

    ``by`` is who sent it through us, ``agent`` whom the platform names for one that was written there.
    """

    id: str
    role: str
    kind: str
    text: str
    sent_at: Moment
    order_id: str | None = None
    product_id: str | None = None
    media: MediaShown | None = None
    sent_by: str | None = None
    agent: str | None = None
    by: PersonShown | None = None
    draft: DraftRef | None = None
    recalled_at: Moment | None = None
    translation: TranslationShown | None = None


class ReplyShown(Shape):
    """A reply that is not among the messages yet; ``error`` says what went wrong, ``error_code`` is its code.

    ``sendable`` says what it is when it is no text: a picture, a card.
    """

    id: str
    source: str
    source_id: str
    text: str
    sendable: str | None = None
    state: str
    error: str | None = None
    error_code: str | None = None
    at: Moment
    by: str | None = None


class OrdersShown(Shape):
    """The buyer's orders as last told: ``known``, ``none``, or ``unavailable`` when nobody could look yet."""

    state: str
    as_of: Moment | None = None
    orders: tuple[Order, ...] = ()


class CommitmentShown(Shape):
    """A promise that was sent; ``text`` says it in the person's language."""

    id: str
    what: str
    text: str
    due: Moment | None = None
    state: str
    order_id: str | None = None


class OwedRow(Shape):
    """A promise in the list of what is owed; ``late`` when it is open and its time is over.

    ``source`` is how it was said (``draft``, ``typed``, ``platform``), ``evidence`` what shows that it was kept. While
    it is open, ``todo`` says what a person does in the back office, and ``link`` leads to its page of the kind
    ``link_to`` (``after_sale``, ``order``, ``conversation``), where the shop's adapter knows one.
    """

    id: str
    conversation: str
    shop: str
    buyer: BuyerShown
    what: str
    text: str
    amount: Money | None = None
    due: Moment | None = None
    late: bool
    state: str
    order_id: str | None = None
    source: str
    by: str | None = None
    evidence: str | None = None
    settled_by: str | None = None
    settled_at: Moment | None = None
    todo: str | None = None
    link: str | None = None
    link_to: str | None = None


class LinksShown(Shape):
    """The back office's pages of a conversation and of what it is about, by order and product id; only those known."""

    conversation: str | None = None
    orders: dict[str, str] = Field(default_factory=dict[str, str])
    after_sales: dict[str, str] = Field(default_factory=dict[str, str])
    products: dict[str, str] = Field(default_factory=dict[str, str])


class OwedCounts(Shape):
    """How many promises of a list are open, and how many of those are late."""

    open: int
    late: int


class OwedList(Shape):
    """A page of what is owed; ``event`` is the place in the stream to go on from.

    ``counts`` are of all that is open; ``next`` is where the next page begins, null on the last one.
    """

    commitments: tuple[OwedRow, ...]
    counts: OwedCounts
    next: str | None = None
    event: str
    now: Moment


class Handover(Shape):
    """What the next agent must know of a conversation, as lines in their language; empty when there is nothing."""

    lines: tuple[str, ...]
    text: str


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


class ApprovalShown(Shape):
    """A request to a supervisor about one revision of a draft.

    It is about an ``option``, or about the agent's own words in ``own_text``; ``title`` names it. ``left`` is what the
    agent's ``ceiling`` left, ``allowed`` what a supervisor allowed. ``note`` is the asker's, ``ruling_note`` the
    supervisor's, ``escalation`` says why the draft itself calls for one; ``mine`` when the reader asked. ``text`` says
    in one line where it stands; ``late`` when it is open and its time is over.
    """

    id: str
    conversation: str
    shop: str
    buyer: BuyerShown = BuyerShown()
    draft: str
    revision: int
    state: str
    text: str
    title: str
    option: str | None = None
    own_text: str | None = None
    vouched: tuple[str, ...] = ()
    order_id: str | None = None
    cost: Money
    ceiling: str
    ceiling_text: str
    left: Money
    lowerable: bool
    note: str | None = None
    escalation: str | None = None
    asked_by: PersonShown
    asked_at: Moment
    mine: bool
    due: Moment | None = None
    late: bool = False
    ruled_by: PersonShown | None = None
    ruled_at: Moment | None = None
    allowed: Money | None = None
    ruling_note: str | None = None


class ApprovalCounts(Shape):
    """How many requests of a list are open, and how many of those are late."""

    open: int
    late: int


class ApprovalList(Shape):
    """A page of what supervisors are asked; ``event`` is the place in the stream to go on from.

    ``counts`` are of all requests; ``next`` is where the next page begins, null on the last one.
    """

    approvals: tuple[ApprovalShown, ...]
    counts: ApprovalCounts
    next: str | None = None
    event: str
    now: Moment


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
    options in the person's language, by letter; ``beyond`` are those that a supervisor could allow, ``approval`` is
    the newest request about the draft; ``cites`` are the shop's answers and notices that the draft rests on.
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


class Thread(Shape):
    """One conversation with everything that its page shows."""

    id: str
    shop: str
    buyer: BuyerShown
    messages: tuple[MessageShown, ...]
    replies: tuple[ReplyShown, ...]
    orders: OrdersShown
    commitments: tuple[CommitmentShown, ...]
    card: Card | None
    event: str
    now: Moment
