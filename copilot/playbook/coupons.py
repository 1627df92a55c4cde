"""How much is missing for a coupon to count, where a stored answer names its least sum and the cart's sum is known.

Owns the reading of both sums and their difference; says nothing where either is not plain, or where it is reached.
"""

import re
from typing import Final

from pydantic import JsonValue

from copilot.domain.fact import Fact, FactKind
from copilot.domain.money import Money
from copilot.domain.plan import Plan
from copilot.playbook.situation import Situation

LEAST, TOTAL, SHORT = "coupon.least", "coupon.total", "coupon.short"
_SUM: Final = r"(?P<{}>\d{{1,5}}(?:\.\d{{1,2}})?)"
_LEAST: Final = re.compile(
    rf"满\s*{_SUM.format('zh')}\s*元?|[$£€]\s?{_SUM.format('en')} (?:or more|or over|and over|minimum|\+)"
    rf"|(?:over|above|minimum(?: order| spend)?(?: of)?|at least|spend) [$£€]\s?{_SUM.format('over')}",
    re.IGNORECASE,
)
_TOTAL: Final = re.compile(
    rf"\b(?:total|cart|basket|subtotal|comes to|bag)\b[^\d$£€?!\n]{{0,16}}[$£€]?\s?{_SUM.format('en')}(?![\d%])"
    rf"|[$£€]\s?{_SUM.format('before')} (?:in (?:my|the) (?:cart|basket|bag)|total)"
    rf"|(?:一共|总共|合计|结算|购物车|加起来|总价)[^\d?？\n]{{0,6}}{_SUM.format('zh')}(?!\d|折|%)",
    re.IGNORECASE,
)


def with_shortage(plan: Plan, answer: str, situation: Situation) -> Plan:
    """``plan`` that says the stored ``answer`` on a coupon, with what is missing for it."""
    least, total = _least(answer, situation), _total(situation)
    if least is None or total is None or total.currency != least.currency or total.minor >= least.minor:
        return plan
    short = Money.from_minor(least.minor - total.minor, least.currency)
    named = _total_said(situation) is not None
    told = (
        Fact(id=LEAST, kind=FactKind.AMOUNT, value=_plain(least), source="faq"),
        Fact(id=TOTAL, kind=FactKind.AMOUNT, value=_plain(total), source="buyer" if named else "platform"),
        Fact(id=SHORT, kind=FactKind.AMOUNT, value=_plain(short), source="computed"),
    )
    return plan.model_copy(update={"facts": {**plan.facts, **{one.id: one for one in told}}})


def _plain(money: Money) -> dict[str, JsonValue]:
    return {"amount": money.amount, "currency": money.currency}


def _least(answer: str, situation: Situation) -> Money | None:
    """The one least sum that the answer names."""
    found = {next(one for one in match.groups() if one is not None) for match in _LEAST.finditer(answer)}
    return _money(found.pop(), situation) if len(found) == 1 else None


def _total(situation: Situation) -> Money | None:
    """The cart as the buyer names its sum, else the one thing that is spoken of."""
    said = _total_said(situation)
    if said is not None:
        return said
    cards = [one for one in situation.products or () if not one.live_pinned]
    return situation.product.price if situation.product is not None and len(cards) == 1 else None


def _total_said(situation: Situation) -> Money | None:
    match = _TOTAL.search(situation.text)
    return None if match is None else _money(next(one for one in match.groups() if one is not None), situation)


def _money(said: str, situation: Situation) -> Money | None:
    """``said`` in the money of the goods in the talk."""
    price = next((one.price for one in situation.products or () if one.price is not None), None)
    if price is None:
        return None
    return Money.from_minor(Money(amount=said, currency=price.currency).minor, price.currency)
