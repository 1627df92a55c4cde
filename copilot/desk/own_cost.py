"""What a person's own words give at the shop's cost, piece by piece, each with what it is worth.

Owns the price: what the words repeat that is due anyway costs nothing, goods cost what the order's line cost, gifts
what product or terms say, and what nobody can price has no cost, which no ceiling covers. It decides nothing about
ceilings.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Final

from copilot.desk.own_ways import Matter, is_way_due, way_cost
from copilot.domain.case import OrderChoice, OrderWhy
from copilot.domain.draft import DraftView
from copilot.domain.fact import Claim, FactKind
from copilot.domain.issue import Issue, Turn, Understanding
from copilot.domain.money import Money
from copilot.domain.order import AfterSaleKind, Order, Product
from copilot.flow.shops import Rules
from copilot.playbook.situation import Situation, after_sale_state
from copilot.playbook.until import protection_end
from copilot.playbook.values import item_total
from copilot.policy.claims.clauses import sentence
from copilot.policy.claims.extract import lowered
from copilot.policy.claims.gives import Gives, Kind, anew, gives

_MONEY_BACK: Final = frozenset({Kind.MONEY, Kind.PART, Kind.REFUND, Kind.GAP, Kind.COMPENSATION})
_GOODS: Final = frozenset({Kind.RESHIP, Kind.EXCHANGE, Kind.GIFT})
# How plans and promises call what words give.
_KINDS: Final = {
    "reship": Kind.RESHIP, "send_missing": Kind.RESHIP, "exchange": Kind.EXCHANGE, "resend_gift": Kind.GIFT,
    "refund": Kind.REFUND, "refund_keep": Kind.REFUND, "refund_full": Kind.REFUND, "return_refund": Kind.REFUND,
    "return": Kind.REFUND, "cancel": Kind.REFUND, "cancel_refund": Kind.REFUND, "refund_difference": Kind.GAP,
    "compensate": Kind.COMPENSATION, "voucher": Kind.COMPENSATION,
}  # fmt: skip
# In other words than the plan's: half of it back is a refund, a new one is sent for a broken one either way.
_SAME: Final = {
    Kind.PART: (Kind.REFUND,),
    Kind.RESHIP: (Kind.RESHIP, Kind.EXCHANGE),
    Kind.EXCHANGE: (Kind.RESHIP, Kind.EXCHANGE),
}
_RUNNING: Final = {AfterSaleKind.RESHIP: Kind.RESHIP, AfterSaleKind.EXCHANGE: Kind.EXCHANGE}
_ENDED: Final = ("rejected", "closed")
# The goods come back, or the buyer keeps them.
_SENT_BACK: Final = re.compile(
    r"寄回|退货|退回来|寄过来|退件|\breturn(?:s|ed|ing)?\b|\bsen[dt]\b.{0,16}\bback\b", re.IGNORECASE
)
_KEPT: Final = re.compile(
    r"(?:不用|不必|不需要|无需|免|别)(?:再)?(?:寄回|退货|退回|寄过来|退(?!款|钱))|留着|\bkeep\b"
    r"|\b(?:no need|needn't|don't (?:need|have)) to (?:return|send)\b|\b(?:without|no) (?:a )?return",
    re.IGNORECASE,
)
_COMPENSATES: Final = re.compile(r"补偿|赔|红包|券|compensat|credit|voucher|coupon|sorry|trouble", re.IGNORECASE)
_VOUCHER: Final = re.compile(r"券|voucher|coupon", re.IGNORECASE)


@dataclass(frozen=True)
class Piece:
    """Words that give something; ``cost`` is None where nobody can tell. ``one_of``: the buyer is to choose."""

    start: int
    end: int
    what: Kind
    cost: Money | None
    firm: bool = True
    one_of: bool = False


@dataclass(frozen=True)
class Read:
    """What a text gives: the ``pieces`` that cost something, and the spans of amounts that cost nothing."""

    pieces: tuple[Piece, ...] = ()
    free: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Worth:
    """What prices are read from: the order that the words are about, and what was decided, promised or asked before.

    ``goods`` are the shop's products that the words name.
    """

    rules: Rules
    now: datetime
    orders: Sequence[Order] | None = None
    view: DraftView | None = None
    matter: Matter = field(default_factory=Matter)
    goods: Sequence[Product] = ()

    @cached_property
    def order(self) -> Order | None:
        """The order that the words are about."""
        about = self.view.order.id if self.view is not None and self.view.order is not None else self.matter.order
        return next((one for one in self.orders or () if one.id == about), None)

    def read(self, text: str, claims: Sequence[Claim], language: str) -> Read:
        """What ``text`` gives; ``claims`` are what it states."""
        pieces, free, drafted = list[Piece](), list[tuple[int, int]](), Counter(self._drafted)
        found = _chosen_among(lowered(text), gives(text, claims, language))
        named = [one for one in found if one.what is Kind.MONEY]
        for one in found:
            if _told_by_amount(text, one, named):
                continue
            words = _said(one)
            drafted[words] -= 1
            if drafted[words] >= 0 or self._is_free(text, one, claims):
                free.append((one.start, one.end))
            else:
                pieces.append(Piece(one.start, one.end, one.what, self._price(text, one), one.firm, one.one_of))
        return Read(tuple(pieces), tuple(free))

    @cached_property
    def _drafted(self) -> Mapping[tuple[Kind, str], int]:
        """What the draft's own words give, each as often as they do: its plan decided that, and its grant counts it."""
        if self.view is None:
            return {}
        return Counter(_said(one) for one in gives(self.view.text, self.view.claims, self.view.language))

    # What costs nothing beyond what was decided, promised or owed before.

    def _is_free(self, text: str, one: Gives, claims: Sequence[Claim]) -> bool:
        if self._is_decided(one, claims):
            return True
        if anew(text, one):
            return False
        return self._is_owed(one) or self._is_due(text, one) or self._is_running(one)

    def _is_decided(self, one: Gives, claims: Sequence[Claim]) -> bool:
        """Whether the plan of the draft gives it: what that costs stands in the draft's grant."""
        if self.view is None:
            return False
        if one.what is Kind.MONEY:
            return any((claim.source or "").startswith("option.") for claim in claims if _over(one, claim))
        keys = (*(own.key for own in self.view.options), *(own.what for own in self.view.owes))
        decided = {_KINDS.get(key.removeprefix("option.")) for key in keys}
        return not decided.isdisjoint(_SAME.get(one.what, (one.what,)))

    def _is_owed(self, one: Gives) -> bool:
        for promise in self.matter.owed:
            kind = _KINDS.get(promise.what.removeprefix("option."))
            if one.what in (Kind.MONEY, Kind.PART):
                worth = self._price("", one)
                if kind in _MONEY_BACK and worth is not None and _same(promise.amount, worth):
                    return True
            elif kind is one.what:
                return True
        return False

    def _is_due(self, text: str, one: Gives) -> bool:
        """Whether law, platform or a request under way give it anyway; a compensation is never due."""
        back = _SENT_BACK.search(text) is not None and _KEPT.search(text) is None
        fits = [due for due in self.matter.due if back or not due.for_goods]
        match one.what:
            case Kind.MONEY | Kind.PART:
                begin, end = sentence(text, one.start, one.end)
                worth = self._price(text, one)
                if worth is None or _COMPENSATES.search(text, begin, end):
                    return False
                return any(_same(due.amount, worth) for due in fits)
            case Kind.REFUND:
                # "We refund once it is back" of an order that nobody knows promises what the platform decides.
                return bool(fits) or (back and self.order is None and not one.whole)
            case Kind.GAP:
                return self._is_protected
            case Kind.SHIPPING:
                return is_way_due(self.rules, self._issue, self.matter.due, text, one)
            case Kind.EXCHANGE:
                kept = _KEPT.search(text) is not None
                window = self.rules.terms.exchange and any(due.for_goods for due in self.matter.due)
                return not kept and (self.order is None or window)
            case _:
                return False

    @cached_property
    def _is_protected(self) -> bool:
        """Whether the shop's price protection still holds for the order."""
        end = protection_end(self._situation("")) if self.order is not None else None
        return end is not None and end >= self.rules.calendar.day(self.now)

    def _is_running(self, one: Gives) -> bool:
        """Whether a request of the order asks for these goods already."""
        requests = self.order.after_sales if self.order is not None else ()
        return any(_RUNNING.get(asked.kind) is one.what and after_sale_state(asked) not in _ENDED for asked in requests)

    # What it is worth.

    def _price(self, text: str, one: Gives) -> Money | None:
        match one.what:
            case Kind.MONEY:
                return one.amount
            case Kind.PART:
                return _part_of(self._of_line(text), one)
            case Kind.REFUND:
                return self._of_line(text)
            case Kind.COMPENSATION:
                voucher = self.rules.terms.voucher
                return voucher.amount if voucher is not None and _VOUCHER.search(text) else None
            case Kind.GAP:
                return None
            case Kind.SHIPPING:
                return way_cost(self.rules.terms.postage, text, one)
            case _:
                return self._of_goods(text, one)

    def _of_goods(self, text: str, one: Gives) -> Money | None:
        if one.what is Kind.GIFT:
            gift = self.rules.terms.gift
            return self._named_line(text) or _dearest(self.goods) or (gift.worth if gift is not None else None)
        wanted = {key for key, kind in _KINDS.items() if kind is one.what}
        left_out = (option.cost for option in (self.view.over_ceiling if self.view else ()) if option.key in wanted)
        known = next((cost for cost in left_out if cost is not None), None)
        return known or item_total(self._situation(text)) or self._most

    def _of_line(self, text: str) -> Money | None:
        """The price of the line that the words name, else of the order."""
        return self._named_line(text) or self._most

    def _named_line(self, text: str) -> Money | None:
        several = self.order is not None and len(self.order.items) > 1
        return item_total(self._situation(text)) if several else None

    @cached_property
    def _most(self) -> Money | None:
        """What all of the order cost at most; None when its lines have no prices and it has no total."""
        if self.order is None or self.order.total is not None:
            return self.order.total if self.order is not None else None
        priced = [(one.price, one.quantity) for one in self.order.items if one.price is not None]
        currencies = {price.currency for price, _ in priced}
        if len(priced) < len(self.order.items) or len(currencies) != 1:
            return None
        return Money.from_minor(sum(price.minor * quantity for price, quantity in priced), currencies.pop())

    @property
    def _issue(self) -> Issue | None:
        issues = self.view.issues if self.view is not None else ()
        return issues[0].issue if issues else self.matter.issue

    @cached_property
    def _base(self) -> Situation:
        return Situation(
            understanding=Understanding(turn=Turn.NEW_ISSUE, language="en"),
            now=self.now,
            days=self.rules.calendar,
            terms=self.rules.terms,
            orders=tuple(self.orders) if self.orders is not None else None,
            order=OrderChoice(id=self.order.id, why=OrderWhy.AGENT) if self.order is not None else None,
        )

    def _situation(self, text: str) -> Situation:
        """The order as a playbook sees it, with ``text`` to tell which of its lines is meant."""
        return replace(self._base, text=text)


def total(pieces: Sequence[Piece], usual: str | None = None) -> Money | None:
    """What the priced pieces cost together, of those that the buyer is to choose from the dearest; None: nothing.

    No ceiling allows anything in another currency than the ``usual`` one: where two are given, that one decides.
    """
    costs = [one.cost for one in pieces if one.cost is not None]
    if not costs:
        return None
    currency = min((cost.currency for cost in costs), key=lambda one: one == usual)
    of = [one for one in pieces if one.cost is not None and one.cost.currency == currency]
    sure = sum(one.cost.minor for one in of if one.cost is not None and not one.one_of)
    choices = (one.cost.minor for one in of if one.cost is not None and one.one_of)
    return Money.from_minor(sure + max(choices, default=0), currency)


_OR: Final = re.compile(r"还是|或者?|要么|(?<![a-z])(?:or|either)(?![a-z])")


def _chosen_among(text: str, found: Sequence[Gives]) -> list[Gives]:
    """``found``, what stands with an "or" in between marked as one of which the buyer gets one."""
    apart: Collection[int] = {
        at
        for at in range(1, len(found))
        if sentence(text, found[at - 1].start, found[at - 1].end)[1] >= found[at].start
        and _OR.search(text, found[at - 1].end, found[at].start)
    }
    return [
        replace(one, one_of=True, firm=False) if at in apart or at + 1 in apart else one for at, one in enumerate(found)
    ]


def _said(one: Gives) -> tuple[Kind, str]:
    """What makes two readings the same thing given."""
    return one.what, f"{one.amount.minor} {one.amount.currency}" if one.amount is not None else str(one.part)


def _told_by_amount(text: str, one: Gives, named: Sequence[Gives]) -> bool:
    """Whether an amount in the same sentence tells how much of it is meant: 补偿您,20元."""
    if one.whole or one.what not in (Kind.REFUND, Kind.COMPENSATION, Kind.GAP, Kind.SHIPPING):
        return False
    begin, end = sentence(text, one.start, one.end)
    return any(begin <= money.start and money.end <= end for money in named)


def _part_of(whole: Money | None, one: Gives) -> Money | None:
    if whole is None or one.part is None:
        return None
    return Money.from_minor(-(-whole.minor * one.part.numerator // one.part.denominator), whole.currency)


def _dearest(goods: Sequence[Product]) -> Money | None:
    prices = [one.price for one in goods if one.price is not None]
    return max(prices, key=lambda one: one.minor) if len({one.currency for one in prices}) == 1 else None


def _same(one: Money | None, other: Money) -> bool:
    return one is not None and (one.minor, one.currency) == (other.minor, other.currency)


def _over(one: Gives, claim: Claim) -> bool:
    return claim.kind is FactKind.AMOUNT and one.start < claim.end and claim.start < one.end
