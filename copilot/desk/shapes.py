"""What the desk shows, as the HTTP interface prints it (docs/api.md); times in UTC, ids as text."""

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, Field

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
    that it must be answered; both are null when the buyer waits for nothing.
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


class Counts(Shape):
    """How many conversations there are; ``failed`` have a reply that failed or is unconfirmed."""

    open: int
    all: int
    failed: int


class Inbox(Shape):
    """The list of conversations; ``event`` is the place in the stream to go on from."""

    conversations: tuple[Row, ...]
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


class PersonShown(Shape):
    """A person of the merchant."""

    id: str
    name: str


class MessageShown(Shape):
    """A message of the thread; the text of a recalled one is empty.

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


class ReplyShown(Shape):
    """A reply that is not among the messages yet; ``error`` says what went wrong, ``error_code`` is its code."""

    id: str
    source: str
    source_id: str
    text: str
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
    """What is owed; ``event`` is the place in the stream to go on from."""

    commitments: tuple[OwedRow, ...]
    counts: OwedCounts
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
    """What supervisors are asked; ``event`` is the place in the stream to go on from."""

    approvals: tuple[ApprovalShown, ...]
    counts: ApprovalCounts
    event: str
    now: Moment


class EscalationShown(Shape):
    """Who else must look at a turn; ``text`` says it and why in one line."""

    to: str
    why: str
    text: str


class Card(Shape):
    """A draft as the agent decides about it; ``draft`` is null while it is written or when there is none to send.

    ``risks`` are the buyer's words that show danger, also where nothing was drafted for them; ``titles`` name the
    options in the person's language, by letter; ``beyond`` are those that a supervisor could allow, ``approval`` is
    the newest request about the draft.
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
