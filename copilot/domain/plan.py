"""What a reply may do: decided by code before a word is written."""

from enum import StrEnum

from copilot.domain.base import Shape, Time
from copilot.domain.case import Option, OrderChoice
from copilot.domain.fact import Fact
from copilot.domain.issue import Issue
from copilot.domain.knowledge import Citation
from copilot.domain.money import Money
from copilot.domain.reason import Reason


class Act(StrEnum):
    """The move that the reply makes.

    ``answer`` states facts · ``offer`` names one option or asks the buyer to choose · ``ask`` asks for what is
    missing · ``confirm`` confirms the chosen option and its next step · ``decline`` says what is not possible and
    what is · ``hold`` says what is being checked and when we return · ``acknowledge`` takes note of a refusal or an
    answer · ``welcome`` answers thanks · ``farewell`` closes · ``greet`` opens.
    """

    ANSWER = "answer"
    OFFER = "offer"
    ASK = "ask"
    CONFIRM = "confirm"
    DECLINE = "decline"
    HOLD = "hold"
    ACKNOWLEDGE = "acknowledge"
    WELCOME = "welcome"
    FAREWELL = "farewell"
    GREET = "greet"


class NotOffered(Shape):
    """An option of the playbook that was left out.

    ``reason`` says why: "fact_missing:order.total", "over_ceiling", "not_eligible", "left_out". One that is left out
    for want of authority also tells its ``cost``, the ``ceiling`` ("per_issue", "per_order", "per_buyer", "per_day"),
    what that leaves for the ``issue``, and whether it makes sense with a lower amount; one that the agent left out
    tells its ``cost`` and the ``letter`` that it would have.
    """

    key: str
    reason: str
    title: str = ""
    issue: Issue | None = None
    cost: Money | None = None
    ceiling: str | None = None
    left: Money | None = None
    lowerable: bool = False
    letter: str = ""


class Promise(Shape):
    """Something the reply commits the shop to, with the time that code computed for it.

    ``what`` is a code ("hold", "option.reship", "refund"), ``fact`` the id of the fact it rests on, or "agent".
    """

    what: str
    due: Time
    fact: str
    amount: Money | None = None


class Ruling(Shape):
    """What a supervisor allowed for one draft beyond the agent's ceilings: ``option`` of ``order``, at most ``cost``.

    ``option`` is null for the agent's own words; ``lowered``: the buyer gets ``cost`` instead of what was asked for.
    ``approval`` and ``by`` are ids.
    """

    approval: str
    by: str
    cost: Money
    option: str | None = None
    order: str | None = None
    lowered: bool = False


class Limits(Shape):
    """What a role may give without asking: in one order, there for one issue, to one buyer, in one day of one agent.

    Null: no ceiling of that kind. Without ``per_order`` nothing that costs may be given at all.
    """

    per_issue: Money | None = None
    per_order: Money | None = None
    per_buyer: Money | None = None
    per_day: Money | None = None


class Grant(Shape):
    """What sending a reply costs at most beyond what is due anyway, and the ceilings by role ("agent", "supervisor").

    ``settled``: the buyer has chosen; otherwise it is only offered. ``issue`` is what it is given for. With a
    ``ruling`` it counts against the ceilings of the supervisor who allowed it.
    """

    cost: Money
    settled: bool
    issue: Issue | None = None
    ruling: Ruling | None = None
    limits: dict[str, Limits] = {}


class Escalation(Shape):
    """Who must look at this, and why."""

    to: str
    why: str


class Told(Shape):
    """What the reply says of one option that stands: ``topics`` as in ``Inquiry``."""

    option: Option
    topics: tuple[str, ...]


class Plan(Shape):
    """Everything that ``write`` may use; it may word this and nothing else.

    ``scene`` names the situation within the issue ("in_transit", "stalled", "delivered") and picks the template's
    block. ``facts`` are by id; ``points`` are the ids of the facts the answer should state, most important first.
    ``asks`` are slots. ``secondary`` are further issues of the same turn that the reply must name as open.
    ``told`` are options that stand and what was asked about them, ``untold`` codes of what of that nobody knows yet.
    ``replaces`` is the promise ("option.reship") that a confirmed choice takes the place of, or says again.
    ``cites`` are the shop's answers and notices that it rests on, ``notes`` codes of what the agent should know about
    how it was decided ("pinned_product", "dates_unsure.delay").
    """

    act: Act
    issue: Issue | None = None
    scene: str = ""
    order: OrderChoice | None = None
    options: tuple[Option, ...] = ()
    chosen: Option | None = None
    asks: tuple[str, ...] = ()
    facts: dict[str, Fact] = {}
    points: tuple[str, ...] = ()
    not_offered: tuple[NotOffered, ...] = ()
    promises: tuple[Promise, ...] = ()
    secondary: tuple[Issue, ...] = ()
    told: tuple[Told, ...] = ()
    untold: tuple[str, ...] = ()
    replaces: str | None = None
    escalation: Escalation | None = None
    empathy: bool = False
    follow_up_hours: tuple[int, int] | None = None
    playbook: str = ""
    grant: Grant | None = None
    cites: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()


class NoPlan(Shape):
    """The plan step ended the draft: ``reason`` says why; ``candidates`` are order ids for a person to choose from."""

    reason: Reason
    candidates: tuple[str, ...] = ()
    escalation: Escalation | None = None
