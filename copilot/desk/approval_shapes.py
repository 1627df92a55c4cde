"""What supervisors are asked, as the HTTP interface prints it (docs/api.md)."""

from copilot.desk.shapes import BuyerShown, Moment, PersonShown
from copilot.domain.base import Shape
from copilot.domain.money import Money


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
