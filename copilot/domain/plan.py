"""What a reply may do: decided by code before a word is written."""

from enum import StrEnum

from copilot.domain.base import Shape, Time
from copilot.domain.case import Option, OrderChoice
from copilot.domain.fact import Fact
from copilot.domain.issue import Issue
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

    ``reason`` says why: "fact_missing:order.total", "over_ceiling", "not_eligible".
    """

    key: str
    reason: str


class Promise(Shape):
    """Something the reply commits the shop to, with the time that code computed for it.

    ``what`` is a code ("hold", "option.reship", "refund"), ``fact`` the id of the fact it rests on, or "agent".
    """

    what: str
    due: Time
    fact: str
    amount: Money | None = None


class Limits(Shape):
    """What a role may give without asking: in one order, to one buyer, in one day of one agent; null: no ceiling.

    Without ``per_order`` nothing that costs may be given at all.
    """

    per_order: Money | None = None
    per_buyer: Money | None = None
    per_day: Money | None = None


class Grant(Shape):
    """What sending a reply costs at most beyond what is due anyway, and the ceilings by role ("agent", "supervisor").

    ``settled``: the buyer has chosen; otherwise it is only offered.
    """

    cost: Money
    settled: bool
    limits: dict[str, Limits] = {}


class Escalation(Shape):
    """Who must look at this, and why."""

    to: str
    why: str


class Plan(Shape):
    """Everything that ``write`` may use; it may word this and nothing else.

    ``scene`` names the situation within the issue ("in_transit", "stalled", "delivered") and picks the template's
    block. ``facts`` are by id; ``points`` are the ids of the facts the answer should state, most important first.
    ``asks`` are slots. ``secondary`` are further issues of the same turn that the reply must name as open.
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
    escalation: Escalation | None = None
    empathy: bool = False
    follow_up_hours: tuple[int, int] | None = None
    playbook: str = ""
    grant: Grant | None = None


class NoPlan(Shape):
    """The plan step ended the draft: ``reason`` says why; ``candidates`` are order ids for a person to choose from."""

    reason: Reason
    candidates: tuple[str, ...] = ()
    escalation: Escalation | None = None
