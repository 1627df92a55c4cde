"""The shape of playbook files: scenes in order, options with their conditions.

Owns the form; conditions are CEL text here and are compiled by the loader.
"""

from typing import Annotated, Literal

from pydantic import Field

from copilot.domain.base import StrictShape
from copilot.domain.issue import Issue
from copilot.domain.plan import Act

Action = Literal[
    "reship", "refund", "return_refund", "exchange", "cancel_refund", "voucher", "change_address", "repair", "invoice",
    "resend_gift",
]  # fmt: skip
"""What a person does in the platform's back office; the copilot executes nothing."""


class Title(StrictShape):
    """A short name in both languages."""

    zh: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]

    def of(self, language: str) -> str:
        """The name in ``language``; English for languages that have none."""
        return self.zh if language.startswith("zh") else self.en


class OptionRule(StrictShape):
    """One thing that may be offered.

    ``key`` is its name in plans where several rules give the same thing. ``when`` is its condition; ``amount`` what
    the buyer gets and ``cost`` what the shop pays, in minor units of the order's currency. ``entitled``: law or
    platform give it anyway, so the agent's ceiling does not count it. ``by`` names the promise in the terms that dates
    it (``invoice``: its ``issue``), ``arrival`` asks for the day the money shows, ``until`` for the day the buyer can
    take it; ``gives`` are further facts of the option, each computed by CEL. ``lowerable``: a supervisor may allow it
    with a smaller amount, because its words are as true of that.
    """

    title: Title
    action: Action
    key: str | None = None
    when: str = "true"
    amount: str | None = None
    cost: str | None = None
    entitled: bool = False
    by: Literal["reship", "gift", "invoice"] | None = None
    arrival: bool = False
    until: Literal["return_window", "fault_window", "price_protection", "warranty"] | None = None
    gives: dict[str, str] = {}
    lowerable: bool = False


class SceneRule(StrictShape):
    """One situation within an issue; the first whose ``when`` is true is taken.

    ``needs`` are facts without which nothing is said, ``points`` the facts to state. Act ``offer`` lists ``options``
    (and ``otherwise``, which fill up to ``most``), of which at most ``most`` are offered; ``declined``
    are the facts that name the rule when there is none; what a ``hold`` lists is not offered, the card says why.
    ``status``: the scene tells how things stand, so that it also
    answers a buyer who chases. ``silent``: what is asked stands in no fact and checking would not change that, so a
    person answers; ``reason`` is then the code that the card shows. ``escalate`` says who else must look at the case:
    its line goes to them, never into the text.
    """

    when: str = "true"
    act: Act
    needs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    promises: tuple[Literal["hold", "refund_trace"], ...] = ()
    status: bool = False
    silent: bool = False
    reason: Literal["facts_missing", "missing_slot", "unclear", "person_needed"] = "facts_missing"
    escalate: Literal["colleague", "supervisor"] | None = None
    most: Annotated[int, Field(ge=1, le=3)] = 2


class PlaybookFile(StrictShape):
    """One issue, and those that are answered the same way (``also``).

    ``worded_as`` is the issue whose words fit this one's scenes, where it has none of its own.

    ``order`` says whether an order is needed, ``empathy`` whether the buyer has suffered something: yes or no,
    or a condition for issues that are also plainly asked about.

    ``wish_only``: a remedy that the buyer wants by name is offered alone; elsewhere, and where it is named for a case
    that may come ("if it's lost"), it goes before the others.

    ``follow_up_hours`` is the window after resolution in which we ask whether all is well; ``fit`` which size question
    the issue raises (``named``: is the size that the buyer names there).
    """

    issue: Issue
    also: tuple[Issue, ...] = ()
    worded_as: Issue | None = None
    title: Title
    order: Literal["required", "optional", "none"] = "required"
    empathy: bool | str = False
    wish_only: bool = False
    follow_up_hours: tuple[int, int] | None = None
    fit: Literal["recommend", "replace", "named"] | None = None
    options: dict[str, OptionRule] = {}
    scenes: Annotated[dict[str, SceneRule], Field(min_length=1)]


class OptionsFile(StrictShape):
    """``playbooks/options.yaml``: options that several playbooks share."""

    options: dict[str, OptionRule]
