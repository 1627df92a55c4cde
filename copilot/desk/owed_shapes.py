"""What is owed and where it is done, as the HTTP interface prints it (docs/api.md)."""

from pydantic import Field

from copilot.desk.shapes import BuyerShown, Moment
from copilot.domain.base import Shape
from copilot.domain.money import Money


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


class LinksShown(Shape):
    """The back office's pages of a conversation and of what it is about, by order and product id; only those known."""

    conversation: str | None = None
    orders: dict[str, str] = Field(default_factory=dict[str, str])
    after_sales: dict[str, str] = Field(default_factory=dict[str, str])
    products: dict[str, str] = Field(default_factory=dict[str, str])


class Handover(Shape):
    """What the next agent must know of a conversation, as lines in their language; empty when there is nothing."""

    lines: tuple[str, ...]
    text: str
