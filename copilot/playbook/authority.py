"""What the person at the desk may still give: the ceilings of their role, less what was given already.

Owns the comparison that plans and approvals share; who gave what stands in the store, and a plan is only told of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.domain.plan import Limits, Ruling
from copilot.playbook.terms import RoleLimits, Terms

Sums = Mapping[str, int]
"""Minor units by currency."""


@dataclass(frozen=True)
class Given:
    """What was given before, in minor units by currency: on the order, there by issue, to the buyer, in a day.

    ``per_day`` is None while nobody knows whose day it will be; that ceiling is then kept at the approval alone.
    ``reserved`` is what an open offer of this talk about the order has counted already, by issue: it stands beside. It
    is None where no offers are kept: what the talk shows as offered is then taken to stand.
    """

    per_order: Sums = field(default_factory=dict[str, int])
    per_issue: Mapping[Issue, Sums] = field(default_factory=dict[Issue, Sums])
    per_buyer: Sums = field(default_factory=dict[str, int])
    per_day: Sums | None = None
    reserved: Mapping[Issue | None, Sums] | None = None


@dataclass(frozen=True)
class Over:
    """A ceiling that is passed, and what it leaves."""

    ceiling: str
    left: Money


@dataclass(frozen=True)
class Authority:
    """The ceilings of a role; without ``per_order`` nothing that costs the shop money.

    ``given`` counts against them; ``ruling`` lifts them for the one option that a supervisor allowed.
    """

    role: str = "agent"
    per_order: Money | None = None
    per_buyer: Money | None = None
    per_day: Money | None = None
    per_issue: Mapping[Issue, Money] = field(default_factory=dict[Issue, Money])
    given: Given = field(default_factory=Given)
    ruling: Ruling | None = None

    @classmethod
    def of(cls, terms: Terms, role: Literal["agent", "supervisor"] = "agent") -> "Authority":
        """The limits that ``terms`` give to ``role``."""
        limits = terms.authority.agent if role == "agent" else terms.authority.supervisor
        return cls(role, limits.per_order, limits.per_buyer, limits.per_day, limits.per_issue)

    def after(self, given: Given) -> "Authority":
        """The same ceilings with ``given`` counted against them."""
        return replace(self, given=given)

    def with_ruling(self, ruling: Ruling | None) -> "Authority":
        """The same ceilings, lifted as ``ruling`` says."""
        return replace(self, ruling=ruling)

    def over(self, cost: Money, issue: Issue | None = None, spent: Money | None = None) -> Over | None:
        """The ceiling that ``cost`` would pass, the tightest first; None when it stays within all.

        ``spent`` is what the talk itself shows as given on the order; where the store knows more, that counts.
        """
        if cost.minor <= 0:
            return None
        found = [one for one in self._left(cost.currency, issue, spent) if cost.minor > one.left.minor]
        return min(found, key=lambda one: one.left.minor, default=None)

    def covers(self, cost: Money, spent: Money | None = None) -> bool:
        """Whether ``cost`` together with what was ``spent`` on the order before stays within every ceiling."""
        return self.over(cost, spent=spent) is None

    def left(self, currency: str, issue: Issue | None = None) -> Over:
        """The most that may still be given for ``issue`` in ``currency``, and the ceiling that says so."""
        return min(self.lefts(currency, issue), key=lambda one: one.left.minor)

    def lefts(self, currency: str, issue: Issue | None = None) -> tuple[Over, ...]:
        """What each ceiling that there is leaves for ``issue`` in ``currency``."""
        return tuple(self._left(currency, issue, None))

    def holds(self, cost: Money, issue: Issue | None) -> bool:
        """Whether an offer that still stands has counted so much: taking it up gives nothing new."""
        reserved = self.given.reserved
        return reserved is None or reserved.get(issue, {}).get(cost.currency, 0) >= cost.minor

    def lifts(self, option: str, order: str | None, cost: Money) -> bool:
        """Whether a supervisor allowed just that, at that cost or above."""
        ruling = self.ruling
        if ruling is None or ruling.option != option or ruling.order != order or ruling.cost.currency != cost.currency:
            return False
        return cost.minor <= ruling.cost.minor

    def _left(self, currency: str, issue: Issue | None, spent: Money | None) -> Iterator[Over]:
        told = spent.minor if spent is not None and spent.currency == currency else 0
        of_order = max(self.given.per_order.get(currency, 0), told)
        # Nothing decided means nothing that costs may be given.
        yield _over("per_order", self.per_order or Money.from_minor(0, currency), of_order, currency)
        of_issue = self.per_issue.get(issue) if issue is not None else None
        if issue is not None and of_issue is not None:
            yield _over("per_issue", of_issue, self.given.per_issue.get(issue, {}).get(currency, 0), currency)
        if self.per_buyer is not None:
            yield _over("per_buyer", self.per_buyer, self.given.per_buyer.get(currency, 0), currency)
        if self.per_day is not None and self.given.per_day is not None:
            yield _over("per_day", self.per_day, self.given.per_day.get(currency, 0), currency)


def _over(ceiling: str, limit: Money, before: int, currency: str) -> Over:
    # A ceiling in another currency allows nothing in this one.
    left = (limit.minor if limit.currency == currency else 0) - before
    return Over(ceiling, Money.from_minor(max(left, 0), currency))


def limits_of(role: RoleLimits, issue: Issue | None) -> Limits:
    """The ceilings of a role for ``issue``, as they are kept with a draft."""
    return Limits(
        per_issue=role.per_issue.get(issue) if issue is not None else None,
        per_order=role.per_order,
        per_buyer=role.per_buyer,
        per_day=role.per_day,
    )
