"""Which options exist for an order, with their amounts and dates.

Owns eligibility, ceilings and the facts of an option; an option is built completely or left out with its reason.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from copilot.domain.case import Option
from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.domain.plan import NotOffered
from copilot.playbook.conditions import Expression, Missing, Values, whole
from copilot.playbook.facts import Ledger
from copilot.playbook.loader import CompiledOption, Playbook
from copilot.playbook.refunds import is_paid_back, left_to_refund
from copilot.playbook.situation import Situation
from copilot.playbook.terms import ShipPromise, Terms
from copilot.playbook.until import fault_end, protection_end, warranty_end, window_end

LETTERS = "ABC"
OVER_CEILING = "over_ceiling"
NOT_ELIGIBLE = "not_eligible"
LEFT_OUT = "left_out"
_MISSING = "fact_missing:"
_QUANTITIES = frozenset({"days"})
_STATES = frozenset({"keep"})
_WHERE_KNOWN = frozenset({"size"})
"""What an option is complete without: an exchange goes back the same way whatever comes instead."""
_SENDS = frozenset({"reship", "exchange"})
_PAYS = frozenset({"refund", "return_refund", "cancel_refund"})


@dataclass(frozen=True)
class Built:
    """An option that may be offered, with its facts by id; ``due`` is the id of the time it promises."""

    option: Option
    facts: dict[str, Fact]
    due: str | None = None


def missing(path: str) -> str:
    """The reason for leaving an option out because ``path`` is not known."""
    return f"{_MISSING}{path}"


def is_missing(reason: str) -> bool:
    """Whether ``reason`` says that a fact is not known."""
    return reason.startswith(_MISSING)


def eligible(
    keys: Iterable[str], playbook: Playbook, situation: Situation, seen: Values
) -> tuple[list[Built], list[NotOffered]]:
    """The options of ``keys`` that may be offered, in that order, and why the others may not."""
    built: list[Built] = []
    left_out: list[NotOffered] = []
    for name in keys:
        option = playbook.options[name]
        if any(one.option.key == option.key for one in built):
            continue
        outcome = _judge(option, playbook.rule.issue, situation, seen)
        if isinstance(outcome, Built):
            built.append(outcome)
        elif isinstance(outcome, NotOffered):
            left_out.append(outcome)
        else:
            left_out.append(NotOffered(key=option.key, reason=outcome))
    return built, _told_once(left_out, {one.option.key for one in built})


def _told_once(left_out: list[NotOffered], offered: set[str]) -> list[NotOffered]:
    """Why options are not offered, without what stands there under another rule or is left out for more than that."""
    told = {one.key for one in left_out if one.reason != NOT_ELIGIBLE}
    open_ones = (one for one in left_out if one.key not in offered)
    return [one for one in open_ones if one.reason != NOT_ELIGIBLE or one.key not in told]


def _judge(option: CompiledOption, issue: Issue, situation: Situation, seen: Values) -> Built | NotOffered | str:
    allowed = option.when.holds(seen)
    if isinstance(allowed, Missing):
        return missing(allowed.path)
    if not allowed:
        return NOT_ELIGIBLE
    built = build(option, situation, seen)
    if isinstance(built, Missing):
        return missing(built.path)
    amount = built.facts.get(f"option.{option.key}.amount")
    if amount is not None and Money.model_validate(amount.value).minor == 0:
        return NOT_ELIGIBLE
    if option.rule.action in _SENDS and is_paid_back(situation):
        # What was paid back as a whole is not sent once more for nothing.
        return NOT_ELIGIBLE
    if option.rule.entitled:
        return built
    return _within_authority(_lowered(built, option, situation), option, issue, situation)


def _within_authority(built: Built, option: CompiledOption, issue: Issue, situation: Situation) -> Built | NotOffered:
    cost, authority = built.option.cost, situation.authority
    if cost is None or authority.lifts(option.key, _about(situation), cost):
        return built
    over = authority.over(cost, issue, spent(situation))
    if over is None:
        return built
    return NotOffered(
        key=option.key,
        reason=OVER_CEILING,
        title=built.option.title,
        issue=issue,
        cost=cost,
        ceiling=over.ceiling,
        left=over.left,
        lowerable=option.rule.lowerable and f"option.{option.key}.amount" in built.facts,
    )


def _lowered(built: Built, option: CompiledOption, situation: Situation) -> Built:
    """``built`` with the amount to which a supervisor lowered it; a smaller one of its own stays."""
    ruling, id = situation.authority.ruling, f"option.{option.key}.amount"
    fact = built.facts.get(id)
    if ruling is None or not ruling.lowered or fact is None or not option.rule.lowerable:
        return built
    if (ruling.option, ruling.order) != (option.key, _about(situation)):
        return built
    amount = Money.model_validate(fact.value)
    if amount.currency != ruling.cost.currency or amount.minor <= ruling.cost.minor:
        return built
    value = {"amount": ruling.cost.amount, "currency": ruling.cost.currency}
    made = built.option.model_copy(update={"cost": ruling.cost})
    return replace(built, option=made, facts={**built.facts, id: fact.model_copy(update={"value": value})})


def _about(situation: Situation) -> str | None:
    return situation.order.id if situation.order is not None else None


def build(option: CompiledOption, situation: Situation, seen: Values) -> Built | Missing:
    """``option`` with amount, dates and facts, whatever its condition says; ``Missing`` when one cannot be computed."""
    ledger = Ledger(situation)
    at = f"option.{option.key}"
    amount = _money(option.amount, situation, seen)
    cost = _money(option.cost, situation, seen)
    for value in (amount, cost):
        if isinstance(value, Missing):
            return value
    if option.rule.action in _PAYS and isinstance(amount, Money):
        left = left_to_refund(situation)
        if left is not None and left.currency == amount.currency and left.minor < amount.minor:
            # What the platform has paid back already is not offered again.
            amount = left
            cost = left if isinstance(cost, Money) and left.minor < cost.minor else cost
            ledger.add(f"{at}.rest", FactKind.STATE, "rest", "computed")
    if isinstance(amount, Money):
        ledger.add(f"{at}.amount", FactKind.AMOUNT, amount, "computed")
    for name, expression in option.gives.items():
        value = expression.value(seen)
        if isinstance(value, Missing) and name in _WHERE_KNOWN:
            continue
        if isinstance(value, Missing):
            return value
        kind = FactKind.QUANTITY if name in _QUANTITIES else FactKind.STATE if name in _STATES else FactKind.ATTRIBUTE
        ledger.add(f"{at}.{name}", kind, value, "shop_terms")
    due = _dates(option, situation, ledger)
    if isinstance(due, Missing):
        return due
    title = option.rule.title.of(situation.language)
    made = Option(
        id=LETTERS[0],
        key=option.key,
        title=title,
        action=option.rule.action,
        cost=cost if isinstance(cost, Money) else None,
        facts=tuple(ledger.facts),
    )
    return Built(option=made, facts=dict(ledger.facts), due=due)


_UNTIL = {
    "return_window": window_end,
    "fault_window": fault_end,
    "price_protection": protection_end,
    "warranty": warranty_end,
}
"""How long an option holds, as the shop's terms say."""


def _dates(option: CompiledOption, situation: Situation, ledger: Ledger) -> str | Missing | None:
    """Notes the option's dates; the id of the one it promises."""
    at, terms = f"option.{option.key}", situation.terms
    end = _UNTIL[option.rule.until](situation) if option.rule.until in _UNTIL else None
    if end is not None and end >= situation.days.day(situation.now):
        # What a colleague gives after the days are over has no such end any more.
        ledger.add(f"{at}.deadline", FactKind.DATE, end, "computed")
    span = terms.refund_arrival_business_days
    if option.rule.arrival and span is not None:
        arrives = situation.days.business_days_after(situation.now, span.max)
        ledger.add(f"{at}.arrival", FactKind.DATE, arrives, "computed")
    if option.rule.by is None:
        return None
    promise = _promise(option.rule.by, terms)
    if promise is None:
        return Missing(f"terms.{option.rule.by}")
    if situation.dates_unsure and option.rule.by != "invoice":
        # What has to be shipped leaves on no day that anybody could name.
        return Missing("notice.recovery")
    by = situation.days.by(situation.now, promise.within_days, promise.cutoff, business=promise.business_days)
    if by is None:
        return Missing(f"{at}.by")
    ledger.add(f"{at}.by", FactKind.TIME, by, "computed")
    return f"{at}.by"


def _promise(name: str, terms: Terms) -> ShipPromise | None:
    if name == "invoice":
        return terms.invoice.issue if terms.invoice else None
    return terms.gift if name == "gift" else terms.reship


def _money(expression: Expression | None, situation: Situation, seen: Values) -> Money | Missing | None:
    if expression is None:
        return None
    value = expression.value(seen)
    if isinstance(value, Missing):
        return value
    minor, currency = whole(value), currency_of(situation)
    if minor is None or minor < 0 or currency is None:
        return Missing("order.total" if currency is None else expression.source)
    return Money.from_minor(minor, currency)


def currency_of(situation: Situation) -> str | None:
    """The currency of the order, or of the line in question."""
    order = situation.chosen_order
    if order is None:
        return None
    if order.total is not None:
        return order.total.currency
    item = situation.item
    return item.price.currency if item is not None and item.price is not None else None


def spent(situation: Situation) -> Money | None:
    """What earlier choices on this order cost already, in other matters than this one."""
    currency, order = currency_of(situation), situation.order
    if currency is None or order is None:
        return None
    total = 0
    for case in situation.cases:
        if case == situation.case or case.order is None or case.order.id != order.id or case.chosen is None:
            continue
        taken = next((option.cost for option in case.offered if option.id == case.chosen), None)
        total += taken.minor if taken is not None and taken.currency == currency else 0
    return Money.from_minor(total, currency)


def lettered(built: Iterable[Built]) -> tuple[Option, ...]:
    """The options with the letters A, B, C in the order given."""
    return tuple(one.option.model_copy(update={"id": LETTERS[at]}) for at, one in enumerate(built))
