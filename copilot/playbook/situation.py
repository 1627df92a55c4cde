"""Everything that a decision may look at, and nothing else.

Owns the frozen input of ``decide``; refuses to fetch: whoever builds it has read the orders, the case and the clock.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Protocol

from copilot.domain.case import Case, CaseState, OrderChoice, OrderWhy
from copilot.domain.conversation import Buyer
from copilot.domain.issue import CAME, MISSING, TOLD, Issue, Risk, Turn, Understanding
from copilot.domain.knowledge import Entry, Notice, Suggested
from copilot.domain.order import AfterSale, Item, Order, OrderStatus, Product, Shipment
from copilot.playbook.authority import Authority
from copilot.playbook.named import asked_of, named_in, only_one
from copilot.playbook.terms import DeskHours, Terms

DELIVERED = frozenset({OrderStatus.DELIVERED, OrderStatus.COMPLETED})
SHIPPED = DELIVERED | {OrderStatus.SHIPPED}
# What is no matter of its own: manners, moods, and what is asked about the shop's people and ways.
NO_MATTER = frozenset(
    {
        Issue.GREETING,
        Issue.THANKS,
        Issue.HUMAN_REQUEST,
        Issue.ABUSE,
        Issue.COMPLAINT,
        Issue.UNCLEAR,
        Issue.REVIEW,
        Issue.OFF_PLATFORM_REQUEST,
    }
)
_UNSOLVED = frozenset({CaseState.OPEN, CaseState.WAITING_BUYER, CaseState.WAITING_US})
# An agent who picks the order does so for this turn.
_NOT_HANDED_OVER = frozenset({"pre_transit", "label_created", "info_received", "pending", "unknown"})
_LABEL_ONLY = re.compile(
    r"\blabel (?:was )?(?:created|printed)\b|\bawaiting (?:item|package|pickup|shipment)\b|\bpre-?shipment\b"
    r"|\b(?:electronic|shipping|shipment) info(?:rmation)?(?: was)? (?:received|sent)\b"
    r"|电子面单|面单(?:已)?(?:生成|打印)"
    r"|等待揽[收件]|待揽[收件]|(?:商家|卖家)已?(?:下单|打单|打印)",
    re.IGNORECASE,
)
_PARCELS_WITH_RESENT = 2
_NAMED_NOW = frozenset({OrderWhy.CARD, OrderWhy.TYPED, OrderWhy.AGENT})
# As platforms call a product that can be bought; ``live`` is our own word.
_ON_SALE = frozenset({"live", "active", "activate", "activated", "on_sale", "onsale", "online", "在售", "已上架"})
UNKNOWN = "unknown"
"""The status of a product that nobody looked up."""
# The carrier's word for a parcel that could not be handed over: its status, and what a scan says of it.
_TURNED_BACK = re.compile(r"\breturn|退回|退件", re.IGNORECASE)
_SENT_BACK = re.compile(
    r"退回(?:中|寄件|发件|商家|卖家|途中)|(?:快件|包裹|正在|已|将)退回|退件"
    r"|\breturn(?:ed|ing)? to (?:the )?(?:sender|shipper)\b",
    re.IGNORECASE,
)
_DONE = ("refunded", "success", "complete", "done", "finished", "成功", "已退", "完成")
_REFUSED = ("reject", "refus", "fail", "denied", "拒绝", "失败")
_CLOSED = ("closed", "cancel", "withdrawn", "关闭", "取消", "撤销")


class Days(Protocol):
    """The shop's days (``copilot.clock.ShopCalendar`` is one)."""

    def day(self, moment: datetime) -> date:
        """The shop's day at ``moment``."""
        ...

    def local(self, moment: datetime) -> datetime:
        """``moment`` on the shop's clock."""
        ...

    def at(self, day: date, clock: time) -> datetime:
        """``clock`` on ``day`` as the shop's clock shows it."""
        ...

    def by(self, now: datetime, days: int, cutoff: time, *, business: bool = False) -> datetime | None:
        """``cutoff`` so many days after today; None when unknown or past."""
        ...

    def business_days_after(self, moment: datetime, count: int) -> date | None:
        """The so-manieth business day after ``moment``; None when unknown."""
        ...

    def days_since(self, moment: datetime, now: datetime) -> int:
        """Shop days from ``moment`` to ``now``."""
        ...

    def soon(self, now: datetime, minutes: int, hours: DeskHours | None = None) -> datetime:
        """A round time ``minutes`` from now at which people answer."""
        ...

    def works_on(self, day: date, hours: DeskHours) -> bool:
        """Whether anybody answers on ``day``."""
        ...

    def is_open(self, moment: datetime, hours: DeskHours) -> bool:
        """Whether somebody answers at ``moment``."""
        ...


@dataclass(frozen=True)
class BrokenWord:
    """A colleague's word that was not true: ``kind`` arrive, leave, money, cancel or denied, ``day`` the one named."""

    kind: str
    day: date | None = None


@dataclass(frozen=True)
class Situation:
    """One buyer's turn with everything known about it.

    ``orders`` and ``products`` are None when nobody could look them up. ``order`` is the chosen one, ``candidates``
    are ids of known orders that fit equally, ``unknown_order`` a typed number that is not among them. ``text`` is the
    burst's masked text, ``photos`` how many pictures came with this burst, ``product_cards`` ids of products the
    buyer sent. ``dates_unsure`` is true while a notice says that the platform's dates do not hold; then none is said.
    ``shown`` is true when a picture came earlier in a talk that has had no other matter. ``focus`` are the words about
    the issue that is planned, where the turn raises several: what else it names is no part of it.
    ``opening`` is true while the shop has not said anything in this conversation. ``buyer`` is who writes.
    ``unsure_why`` names the reason for ``dates_unsure``, ``notices`` are those that concern the order, ``extended``
    the ids of orders whose time to ship a notice moved. ``left_out`` are the keys of options that the agent chose not
    to offer. ``suggested`` are the shop's own answers, ``tonight`` is the
    product on show that the turn is about. ``earlier`` and ``earlier_cards`` are the buyer's words and product cards
    of the same sitting before the shop's last word, ``colleague`` what people of the shop said in it,
    ``danger`` what those words of the buyer's told of harm to people: it stays a person's matter. ``leaves_on`` is the
    day on which a colleague said, before it was placed, that the order leaves. ``bowed``: the shop's last words felt
    with the buyer already. ``broken`` is a colleague's word that the turn holds us to. ``stated`` are, by the name of a
    term, the shop's own answers that say it where its terms do not.
    """

    understanding: Understanding
    now: datetime
    days: Days
    terms: Terms
    authority: Authority = field(default_factory=Authority)
    orders: tuple[Order, ...] | None = None
    products: tuple[Product, ...] | None = None
    order: OrderChoice | None = None
    candidates: tuple[str, ...] = ()
    unknown_order: str | None = None
    case: Case | None = None
    cases: tuple[Case, ...] = ()
    text: str = ""
    photos: int = 0
    product_cards: tuple[str, ...] = ()
    dates_unsure: bool = False
    opening: bool = False
    shown: bool = False
    focus: str | None = None
    buyer: Buyer = field(default_factory=Buyer)
    unsure_why: str | None = None
    notices: tuple[Notice, ...] = ()
    extended: frozenset[str] = frozenset()
    suggested: tuple[Suggested, ...] = ()
    left_out: frozenset[str] = frozenset()
    tonight: str | None = None
    earlier: str = ""
    earlier_cards: tuple[str, ...] = ()
    colleague: str = ""
    danger: Risk | None = None
    leaves_on: date | None = None
    bowed: bool = False
    broken: BrokenWord | None = None
    stated: Mapping[str, Entry] = field(default_factory=dict[str, Entry])

    @cached_property
    def chosen_order(self) -> Order | None:
        """The order the turn is about; None when none was chosen or it cannot be looked up."""
        if self.order is None:
            return None
        return next((order for order in self.orders or () if order.id == self.order.id), None)

    @cached_property
    def resent(self) -> Shipment | None:
        """The parcel that left after the order had arrived: what was sent to the buyer anew."""
        order = self.chosen_order
        if order is None or order.status not in DELIVERED or len(order.shipments) < _PARCELS_WITH_RESENT:
            return None
        first = order.shipments[0]
        arrived = order.delivered_at or (first.events[-1].at if first.events else None)
        later = [one for one in order.shipments[1:] if one.events and arrived and one.events[0].at > arrived]
        return max(later, key=lambda one: one.events[0].at, default=None)

    @cached_property
    def shipment(self) -> Shipment | None:
        """The parcel that matters: what was sent anew, else the last that moved and, before delivery, is not there."""
        order = self.chosen_order
        if order is None or not order.shipments:
            return None
        if self.resent is not None:
            return self.resent
        open_ones = [one for one in order.shipments if (one.status or "").lower() != "delivered"]
        pool = order.shipments if order.status in DELIVERED or not open_ones else open_ones
        return max(pool, key=lambda one: one.events[-1].at.timestamp() if one.events else 0.0)

    @cached_property
    def after_sale(self) -> AfterSale | None:
        """The request that matters: the one that is open, else the latest of those that are not withdrawn."""
        found = [] if self.chosen_order is None else list(self.chosen_order.after_sales)
        running = [one for one in found if after_sale_state(one) == "in_progress"]
        settled = [one for one in found if after_sale_state(one) in ("refunded", "done", "rejected")]
        return next(reversed(running or settled), None)

    @cached_property
    def item(self) -> Item | None:
        """The line of the order that the turn is about: its only line, or the one whose card the buyer sent."""
        items = self.chosen_order.items if self.chosen_order else ()
        if len(items) == 1:
            return items[0]
        meant = [item for item in items if item.product_id and item.product_id in self.product_cards]
        if len(meant) == 1:
            return meant[0]
        # The words about the matter go first: "the mug is in pieces, glass all over the towels" is about the mug.
        stretches = (self.answered.get(MISSING) or "", self._evidence, self._said, self.earlier)
        # What came instead names no line that was ordered.
        stretches = tuple(one.replace(self.answered.get(CAME) or "\n", " ") for one in stretches)
        names = [item.name for item in items]
        long_names = [f"{item.name} {item.sku or ''}" for item in items]
        found = (only_one(items, named_in(said, of)) for said in stretches for of in (names, long_names))
        return next((one for one in found if one is not None), None)

    @cached_property
    def product(self) -> Product | None:
        """The product that the turn is about; None when there are several or none."""
        known = {product.id: product for product in self.products or ()}
        cards = [known[one] for one in dict.fromkeys(self.product_cards) if one in known]
        if cards:
            return cards[-1]
        if self.item is not None:
            return known.get(self.item.product_id)
        if self.chosen_order is not None:
            return None
        if self.tonight is not None and self.tonight in known:
            return known[self.tonight]
        # What is merely on show was not spoken of: it takes words that name it or point at it.
        spoken_of = [one for one in known.values() if not one.live_pinned]
        only = spoken_of[0] if len(spoken_of) == 1 else None
        return self.named_product or self._spoken_of(known) or only or self._bought

    def _spoken_of(self, known: dict[str, Product]) -> Product | None:
        """What the buyer showed before, else the one product that the words of then name."""
        shown = next((known[one] for one in reversed(self.earlier_cards) if one in known), None)
        listed = tuple(known.values())
        return shown or only_one(listed, named_in(self.earlier, [one.name for one in listed]))

    @cached_property
    def named_product(self) -> Product | None:
        """The one product that the buyer's words name; where several have the name, the one of them on show."""
        listed = tuple(self.products or ())
        named = only_one(listed, asked_of(self._said, [one.name for one in listed]))
        if named is not None:
            return named
        on_show = tuple(one for one in listed if one.live_pinned and on_sale(one))
        return only_one(on_show, named_in(self._said, [one.name for one in on_show]))

    @property
    def about(self) -> frozenset[str]:
        """The ids of the goods that the turn is about."""
        ids = {*self.product_cards, *((self.product.id,) if self.product else ())}
        return frozenset(ids | ({self.item.product_id} if self.item and self.item.product_id else set[str]()))

    @property
    def _bought(self) -> Product | None:
        """What the buyer has bought and names, where nobody knows more of it than that."""
        items = {item.name: item for order in self.orders or () for item in order.items}
        item = only_one(tuple(items.values()), named_in(self._said, list(items)))
        return Product(id=item.product_id or item.name, name=item.name, status=UNKNOWN) if item else None

    @property
    def names_order(self) -> bool:
        """Whether an order was named in this very burst, by its card or its number; an earlier one is no news."""
        if self.unknown_order is not None:
            return True
        return self.order is not None and self.order.why in _NAMED_NOW

    @property
    def _evidence(self) -> str:
        """The words of this turn that its one issue was read from; empty where it raises none or several."""
        issues = self.understanding.issues
        return issues[0].evidence.text if len(issues) == 1 and issues[0].evidence else ""

    @cached_property
    def matter_text(self) -> str:
        """The words that say what is the matter: of an answer to a colleague also those that raised it."""
        read = self.understanding
        answers = read.turn is Turn.ANSWER and not read.issues and TOLD in read.answered
        return "\n".join(one for one in (self.earlier, self.text) if one) if answers else self.text

    @property
    def _said(self) -> str:
        """The buyer's words in this matter: what they answered before, and of this burst what is said of it."""
        text = self.text if self.focus is None else self.focus
        return " ".join([*(self.case.answered.values() if self.case else ()), text])

    @cached_property
    def matter(self) -> Issue | None:
        """What is still unsolved: a concrete issue of this turn, else of the open case, else of the latest open one."""
        raised = [one.issue for one in self.understanding.issues]
        live = [one.issue for one in (*self.cases, *((self.case,) if self.case else ())) if one.state in _UNSOLVED]
        return next((issue for issue in (*raised, *reversed(live)) if issue not in NO_MATTER), None)

    @property
    def language(self) -> str:
        """The language to answer in: the case's, which a short "ok" does not change, else the turn's."""
        return (self.case.language if self.case else None) or self.understanding.language

    @property
    def photo(self) -> bool:
        """Whether the buyer has sent a picture in this matter; what was offered already rests on what was seen then."""
        if self.case is not None and (self.case.offered or self.case.chosen is not None):
            return True
        return self.photos > 0 or self.shown or "photo" in self.answered

    @property
    def answered(self) -> dict[str, str]:
        """What the buyer has answered in this matter, now or before."""
        return {**(self.case.answered if self.case else {}), **self.understanding.answered}


def on_sale(product: Product) -> bool:
    """Whether the product can be bought today."""
    return product.status.strip().lower() in _ON_SALE


def delivered(situation: Situation) -> bool | None:
    """Whether the order has arrived; None when nobody knows. What waits for its payment has not, whatever is stated."""
    order = situation.chosen_order
    if order is None or (order.status is OrderStatus.UNKNOWN and order.delivered_at is None):
        return None
    if order.status is OrderStatus.UNPAID:
        return False
    parcels = order.shipments
    all_there = bool(parcels) and all((one.status or "").lower() == "delivered" for one in parcels)
    return order.status in DELIVERED or order.delivered_at is not None or all_there


def delivered_at(situation: Situation) -> datetime | None:
    """When the order arrived: as the platform says, else the last scan of a parcel that is there."""
    order, shipment, arrived = situation.chosen_order, situation.shipment, delivered(situation)
    if arrived and order is not None and order.delivered_at is not None:
        return order.delivered_at
    if arrived and shipment and shipment.events and (shipment.status or "").lower() == "delivered":
        return shipment.events[-1].at
    return None


def has_been_scanned(shipment: Shipment) -> bool:
    """Whether the carrier has had the parcel in its hands: a printed label is no scan of theirs."""
    if (shipment.status or "").lower() in _NOT_HANDED_OVER and len(shipment.events) <= 1:
        return False
    return any(not _LABEL_ONLY.search(event.text) for event in shipment.events)


def is_returning(situation: Situation) -> bool:
    """Whether the chosen order's parcel was sent out and is on its way back, and the buyer asked for no return."""
    shipment, request = situation.shipment, situation.after_sale
    if shipment is None or delivered(situation) is not False or request is not None:
        return False
    last = shipment.events[-1].text if shipment.events else ""
    return bool(_TURNED_BACK.search(shipment.status or "") or _SENT_BACK.search(last))


def after_sale_state(request: AfterSale) -> str:
    """One of in_progress, refunded, done, rejected, closed; platforms word their states freely.

    ``done`` is a request that ended without money (an exchange); what no word tells counts as in progress.
    """
    status = request.status.lower()
    if request.refunded_at is not None:
        return "refunded"
    if any(word in status for word in _REFUSED):
        return "rejected"
    if any(word in status for word in _CLOSED):
        return "closed"
    if any(word in status for word in _DONE):
        return "refunded" if "refund" in status or request.kind.value in ("refund", "return") else "done"
    return "in_progress"
