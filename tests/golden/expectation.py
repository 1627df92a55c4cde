"""What a golden conversation expects of code: a line of an ``*.expected.jsonl`` file, and how a promise stands in it.

Owns the form of a line, strictly: a misspelled key is an error, because an absent field is not judged. Refuses to judge
a draft, which is ``test_golden``.
"""

import json
from collections.abc import Iterable
from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Literal, get_args

from pydantic import StringConstraints

from copilot.domain.base import Id, StrictShape
from copilot.domain.case import Commitment, OrderWhy
from copilot.domain.issue import Issue, Risk, Turn
from copilot.domain.money import Money
from copilot.domain.plan import Promise
from copilot.domain.reason import Reason

HERE = Path(__file__).parent

Scenario = Literal[
    "choice",
    "refusal",
    "two_issues",
    "two_of_five_orders",
    "wrong_order_id",
    "another_buyers_id",
    "threat",
    "photo_first",
    "next_day",
    "colleague_between",
]
SCENARIOS: tuple[str, ...] = get_args(Scenario)

_BY = r"[a-z_]+(\.[a-z_]+)?( \d+(\.\d+)? [A-Z]{3})?( by \d{4}-\d\d-\d\d \d\d:\d\d)?"
Owed = Annotated[str, StringConstraints(pattern=rf"^{_BY}$")]
"""``option.reship by 2026-11-23 18:00``, ``refund 29.95 CNY by 2026-11-22 17:15``: the shop's own time."""
Earlier = Annotated[str, StringConstraints(pattern=rf"^{_BY}: (owed|done|broken|withdrawn)$")]
"""The same of an earlier message, with what became of it: ``answer by 2026-11-22 16:00: broken``."""


class Order(StrictShape):
    """The order that the draft is about, and the only way to know it."""

    id: Id
    why: OrderWhy | None = None


class Commitments(StrictShape):
    """What the draft owes once it is sent, and how earlier promises of the shop stand when the last turn is read."""

    owes: tuple[Owed, ...]
    earlier: tuple[Earlier, ...]


class Expectation(StrictShape):
    """One line; what is not set is not judged (tests/golden/README.md)."""

    id: Id
    scenario: tuple[Scenario, ...] = ()
    turn: Turn | None = None
    issues: tuple[Issue, ...] = ()
    risks: tuple[Risk, ...] = ()
    order: Order | None = None
    acts: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    commitments: Commitments | None = None
    reason: Reason | None = None
    cites: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    must_mention: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()

    def judges(self, field: str) -> bool:
        """Whether the line says anything of ``field``; null and nothing are said as well."""
        return field in self.model_fields_set


def read_expectations(name: str) -> dict[str, Expectation]:
    """The lines of a file of this folder, by conversation."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return {one.id: one for one in (Expectation.model_validate(json.loads(line)) for line in lines)}


def owed(promises: Iterable[Promise], zone: tzinfo) -> list[str]:
    """Promises of a draft in the words of a line."""
    return sorted(_words(one, zone) for one in promises)


def earlier(promises: Iterable[Commitment], zone: tzinfo) -> list[str]:
    """Promises of earlier messages in the words of a line."""
    return sorted(f"{_words(one, zone)}: {one.state.value}" for one in promises)


def _words(promise: Promise | Commitment, zone: tzinfo) -> str:
    due = f" by {promise.due.astimezone(zone):%Y-%m-%d %H:%M}" if promise.due is not None else ""
    return f"{promise.what}{_amount(promise.amount)}{due}"


def _amount(amount: Money | None) -> str:
    return f" {amount.amount} {amount.currency}" if amount is not None else ""
