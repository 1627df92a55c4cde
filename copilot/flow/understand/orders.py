"""The right order or none.

Owns the sequence of evidence: order card > id typed > chat opened from an order > order of the case > the buyer's only
order that fits the issue and that the words describe > ask. A nickname or a guess never selects an order.
"""

import re
from dataclasses import dataclass, field
from datetime import tzinfo

from copilot.domain.base import Shape
from copilot.domain.case import Case, OrderChoice, OrderWhy
from copilot.domain.conversation import Conversation
from copilot.domain.issue import CATEGORY_OF, MISSING, Category, Issue, Turn, Understanding
from copilot.domain.order import Order, OrderStatus
from copilot.flow.understand.burst import Burst, answers_buyer
from copilot.flow.understand.described import described, named_things
from copilot.flow.understand.earlier import before
from copilot.flow.understand.goods import looked_for, told_of_goods
from copilot.flow.understand.ids import id_places, mentions_id, plain, typed_ids
from copilot.flow.understand.order_states import ARRIVED, FITS_TOO, UNSEEN, fits, likeliest, needs_order
from copilot.flow.understand.order_wishes import by_wish, is_of_either, with_waiting
from copilot.flow.understand.text import fold
from copilot.flow.understand.variants import in_size, in_variant
from copilot.flow.understand.words import says


class Ambiguous(Shape):
    """Several orders fit; a person picks. ``candidates`` are order ids, none of whose facts may enter a draft."""

    candidates: tuple[str, ...]


class Unknown(Shape):
    """The buyer named an order that is not among the buyer's orders."""

    order_id: str


class NoOrder(Shape):
    """Nothing names an order and none fits; ``needed`` when the issue cannot be answered without one."""

    needed: bool = False


OrderFinding = OrderChoice | Ambiguous | Unknown | NoOrder

_NEAR = 24
"""A no stands within so many characters of the number that it is about."""
_CARRIER = re.compile(r"(?<![A-Za-z])(?!no|id)[A-Za-z]{2,3}\Z", re.IGNORECASE)
_ASKED = re.compile(r"[A-Za-z0-9\s–-]*(?:那|这|的|一)?[个单]?(?:吗|么|[?？])")
_OR = re.compile(
    r"(?:\b(?:the|your|ur|is it|about)\s+|[:,，：是]\s*)(?P<one>[a-z][a-z -]{2,20}?|[\u3400-\u9fff]{2,8}?)"
    r"\s*(?:\bor\b|还是)\s*"
    r"(?:the |your |ur )?(?P<other>[a-z][a-z -]{2,20}?|[\u3400-\u9fff]{2,8}?)(?:呢|呀|啊|那个)?\s*(?:[?？]|$)"
)
_TWO = 2
_WHEREABOUTS = UNSEEN | {
    Issue.MISSING_ITEM,
    Issue.LOGISTICS_QUERY,
    Issue.DELIVERY_DELAY,
    Issue.SHIPPING_TIME,
}
"""What asks where a thing is: "the mat came but where's the lamp" is about the lamp."""


_BEFORE_AND_AFTER = frozenset({Issue.PRICE_PROMOTION, Issue.AD_MISMATCH, Issue.USAGE_QUESTION})
"""Questions before a purchase that are asked after one as well."""
_OF_WHAT_CAME = frozenset({"gift_absent"})
"""Wishes that only who has ordered speaks of."""


def choose_order(
    conversation: Conversation,
    burst: Burst,
    case: Case | None,
    issue: Issue | None,
    seen: Understanding | None = None,
    zone: tzinfo | None = None,
    *,
    in_hand: Case | None = None,
) -> OrderFinding:
    """The order that this turn is about, in the sequence of evidence above.

    An order that the buyer says it is not is none of them; words that describe another order speak against a case about
    this one. ``seen`` tells which of the words speak of ``issue``; "yesterday" is one of ``zone``, the shop's. A matter
    of its own that no word ties to an order is about the one of ``in_hand``, what the talk was about until now.
    """
    orders = conversation.orders
    ruled_out = frozenset(order.id for order in orders or () if _is_ruled_out(order, burst.text))
    if ruled_out:
        orders = tuple(order for order in orders or () if order.id not in ruled_out)
    by_card = _named(burst.order_cards, orders, OrderWhy.CARD)
    if by_card is not None:
        return by_card
    earlier = before(conversation, burst)
    words = _Words(burst, issue, seen, zone, _last_of_shop(conversation, burst), earlier, _order_of(in_hand, burst))
    by_words = _typed(words, case, orders)
    if by_words is not None:
        return by_words
    if conversation.entered_from_order and conversation.entered_from_order not in ruled_out:
        return _checked(conversation.entered_from_order, orders, OrderWhy.ENTERED_FROM)
    if case is not None and case.order is not None and case.order.id not in ruled_out:
        return _of_case(case.order, orders, words)
    return _only_fit(orders, words)


@dataclass(frozen=True)
class _Words:
    """A turn's words, and which of them speak of the issue."""

    burst: Burst
    issue: Issue | None
    seen: Understanding | None = None
    zone: tzinfo | None = None
    asked: str = ""
    earlier: Burst = field(default_factory=Burst)
    in_hand: str = ""

    def of(self, orders: tuple[Order, ...]) -> tuple[Order, ...]:
        """Those of ``orders`` that the words describe: what is looked for or the clause about the issue goes first.

        Then what was said up to that clause (the phone case is off, "cancel it", and where are the headphones), then
        the whole turn.
        """
        at = self.burst.said_at
        at = at.astimezone(self.zone) if at is not None and self.zone is not None else at
        stretches = (self.sought, self.clause, self._up_to_clause, self.burst.text)
        found = (described(orders, text, at, self.asked) for text in stretches)
        return next((one for one in found if one), ())

    def of_before(self, orders: tuple[Order, ...]) -> tuple[Order, ...]:
        """Those of ``orders`` that were spoken of, or shown by a product's card, before the shop's last word."""
        cards = self.earlier.product_cards
        shown = tuple(order for order in orders if cards and _holds(order, cards[-1:]))
        return shown or described(orders, self.earlier.text, self.earlier.said_at)

    @property
    def sought(self) -> str:
        """The thing that is looked for or missed: it may be another order's, whatever else came today."""
        sought = looked_for(self.burst.text) if self.issue in _WHEREABOUTS else ""
        return sought or told_of_goods(self.burst.text, self.issue).get(MISSING, "")

    @property
    def wish(self) -> str:
        """What is wanted of an order where the words say so plainly; else nothing."""
        return self.seen.wish if self.seen is not None else ""

    @property
    def picks(self) -> bool:
        """Whether the turn chooses among what was offered; what else it names is another matter."""
        return self.seen is not None and self.seen.turn is Turn.CHOICE

    @property
    def clause(self) -> str:
        """The words about the issue; empty where nothing tells which they are."""
        readings = self.seen.issues if self.seen is not None else ()
        return next((one.evidence.text for one in readings if one.issue is self.issue and one.evidence), "")

    @property
    def _up_to_clause(self) -> str:
        return self.burst.text[: self.burst.text.find(self.clause) + len(self.clause)] if self.clause else ""


def _of_case(known: OrderChoice, orders: tuple[Order, ...] | None, words: _Words) -> OrderFinding:
    """The order of the case, unless the turn describes one that is another."""
    if known.why is OrderWhy.TYPED and orders is not None and not _find(known.id, orders):
        # Noted while nothing could be looked up; it is none of this buyer's.
        return Unknown(order_id=known.id)
    cards = words.burst.product_cards
    named = tuple(order for order in orders or () if _holds(order, cards)) if cards else words.of(orders or ())
    if words.picks or not named or any(order.id == known.id for order in named):
        return OrderChoice(id=known.id, why=OrderWhy.CASE)
    found = _only_fit(named, words)
    both = (known.id, *(order.id for order in named))
    return found if isinstance(found, OrderChoice | Ambiguous) else Ambiguous(candidates=both)


def _is_ruled_out(order: Order, text: str) -> bool:
    """Whether every time that ``text`` types the number of ``order`` it says that it is another one."""
    places = id_places(text, order.id)
    return bool(places) and all(_is_denied(text, at) for at in places)


def _is_denied(text: str, at: int) -> bool:
    # "Isn't it order 123?" means that it is.
    return says("not_this", fold(text[max(0, at - _NEAR) : at])) and _ASKED.match(text, at) is None


def _named(ids: tuple[str, ...], orders: tuple[Order, ...] | None, why: OrderWhy) -> OrderFinding | None:
    if not ids:
        return None
    mine = tuple(one for one in ids if orders is None or _find(one, orders))
    return Ambiguous(candidates=mine) if len(mine) > 1 else _checked((*mine, *ids)[0], orders, why)


def _checked(order_id: str, orders: tuple[Order, ...] | None, why: OrderWhy) -> OrderFinding:
    if orders is None:
        return OrderChoice(id=order_id, why=why)
    found = _find(order_id, orders)
    return OrderChoice(id=found.id, why=why) if found else Unknown(order_id=order_id)


def _find(order_id: str, orders: tuple[Order, ...]) -> Order | None:
    wanted = plain(order_id)
    return next((order for order in orders if plain(order.id) == wanted), None)


def _last_of_shop(conversation: Conversation, burst: Burst) -> str:
    """What the shop said last before ``burst``; empty where nobody did."""
    said = (one for one in reversed(conversation.messages[: burst.start]) if answers_buyer(one))
    return next((one.text or "" for one in said), "")


def _typed(words: _Words, case: Case | None, orders: tuple[Order, ...] | None) -> OrderFinding | None:
    burst = words.burst
    mine = tuple(order.id for order in orders or () if _is_typed(order, burst.text))
    if len(mine) > 1:
        # "Where is 7111, and cancel 7112": each matter has its own.
        mine = tuple(order.id for order in orders or () if _is_typed(order, words.clause)) or mine
    if mine:
        return OrderChoice(id=mine[0], why=OrderWhy.TYPED) if len(mine) == 1 else Ambiguous(candidates=mine)
    asked = case is not None and "order" in case.asked_for
    typed = (one for one in typed_ids(burst.text) if not _is_denied(burst.text, one.start))
    # A carrier's letters in front make it a parcel's number: what went back is in no order.
    said = (one for one in typed if _CARRIER.search(burst.text[: one.start]) is None)
    named = [one for one in said if one.labelled or asked or len(one.number) >= 15]
    if not named:
        return None
    if orders is None:
        return OrderChoice(id=named[0].number, why=OrderWhy.TYPED)
    return Unknown(order_id=named[0].number)


def _is_typed(order: Order, text: str) -> bool:
    tracking = (shipment.tracking_no for shipment in order.shipments if shipment.tracking_no)
    return any(mentions_id(text, one) for one in (order.id, *tracking))


def _only_fit(orders: tuple[Order, ...] | None, words: _Words) -> OrderFinding:
    issue, burst = words.issue, words.burst
    if (
        not orders
        or issue is None
        or not (_speaks_of_orders(issue, burst, words.wish) or _speaks_of_orders(issue, words.earlier))
    ):
        return NoOrder(needed=needs_order(issue))
    held = [order for order in orders if _holds(order, burst.product_cards)]
    candidates = [order for order in held if fits(order, issue)]
    candidates = candidates or [order for order in held if order.status in FITS_TOO.get(issue, frozenset())]
    candidates = with_waiting(candidates, held, words.wish, burst.text)
    absent = _absent(held, words)
    if absent is not None and absent not in candidates:
        # "The dog bed came but not the harness" is about the harness, which is still on its way.
        return OrderChoice(id=absent.id, why=OrderWhy.ONLY_FIT)
    meant = named_things(held, burst.text)
    if len(meant) == 1 and meant[0] not in candidates:
        # "That down jacket from last night, take it back" is about the jacket, whatever can be done with it.
        return OrderChoice(id=meant[0].id, why=OrderWhy.ONLY_FIT)
    candidates = _by_parcel(candidates, held if not meant else [], words)
    candidates = by_wish(_narrowed(candidates, words, issue), words.wish)
    if len(candidates) == 1:
        return OrderChoice(id=candidates[0].id, why=OrderWhy.ONLY_FIT)
    if candidates and needs_order(issue):
        return Ambiguous(candidates=tuple(order.id for order in candidates))
    return NoOrder(needed=needs_order(issue))


def _absent(orders: list[Order], words: _Words) -> Order | None:
    """The one of several orders of which the thing that is missed is named, where it has not arrived yet."""
    if len(orders) < _TWO or words.issue not in _WHEREABOUTS or not words.sought:
        return None
    named = named_things(orders, words.sought)
    return named[0] if len(named) == 1 and named[0].status not in ARRIVED else None


def _narrowed(candidates: list[Order], words: _Words, issue: Issue) -> list[Order]:
    """Those of ``candidates`` that the words describe, that were spoken of before, or whose own state is likeliest."""
    if len(candidates) > 1:
        text = words.burst.text
        named = words.of(tuple(candidates)) or _the_other(candidates, words)
        named = named or in_size(candidates, text) or in_variant(candidates, text)
        candidates = list(named or _in_hand(candidates, words)) or candidates
    if len(candidates) > 1:
        candidates = list(words.of_before(tuple(candidates))) or candidates
    if len(candidates) > 1 and not is_of_either(words.wish):
        candidates = likeliest(candidates, issue) or candidates
    return candidates


def _by_parcel(candidates: list[Order], others: list[Order], words: _Words) -> list[Order]:
    """Those of ``candidates`` that what is said of a parcel leaves; of ``others`` the one that is still on its way."""
    folded = fold(words.burst.text)
    if words.issue is Issue.MISSING_ITEM and says("other_parcel", folded):
        # "Only got one of my packages, where's the other one" asks for the parcel that has not come.
        on_the_way = [order for order in others if order.status is OrderStatus.SHIPPED]
        return on_the_way if len(on_the_way) == 1 else candidates
    if len(candidates) > 1 and words.issue in UNSEEN and says("says_arrived", folded):
        return [order for order in candidates if order.status in ARRIVED] or candidates
    return candidates


def _order_of(in_hand: Case | None, burst: Burst) -> str:
    """The order of the matter in hand; empty where the words turn to another one."""
    if in_hand is None or in_hand.order is None or says("another", fold(burst.text)):
        return ""
    return in_hand.order.id


def _the_other(orders: list[Order], words: _Words) -> tuple[Order, ...]:
    """The one of two orders that is left: asked "the candle or the blanket?", who says "the blanket" means no candle.

    What a thing is called in a shop's list and in a talk may share no word.
    """
    asked = _OR.search(fold(words.asked))
    if asked is None or len(orders) != _TWO:
        return ()
    said = fold(words.burst.text)
    for one, other in ((asked["one"], asked["other"]), (asked["other"], asked["one"])):
        found = described(tuple(orders), one)
        if len(found) == 1 and not described(tuple(orders), other) and other in said and one not in said:
            return tuple(order for order in orders if order.id != found[0].id)
    return ()


def _in_hand(orders: list[Order], words: _Words) -> tuple[Order, ...]:
    """That of ``orders`` which the talk is about; money that was sent is asked after by the request that it came of."""
    if words.issue is Issue.REFUND_STATUS:
        return ()
    return tuple(order for order in orders if order.id == words.in_hand)


def _speaks_of_orders(issue: Issue, burst: Burst, wish: str = "") -> bool:
    """Before a purchase no order is meant; a price is asked about after one as well."""
    if wish in _OF_WHAT_CAME:
        return True
    if issue in _BEFORE_AND_AFTER:
        folded = fold(burst.text)
        told = says("bought", folded) or (issue is not Issue.PRICE_PROMOTION and says("received", folded))
        return told or (issue is Issue.AD_MISMATCH and says("of_an_order", folded))
    return CATEGORY_OF[issue] not in (Category.PRE_SALE, Category.DAILY_GREETING)


def _holds(order: Order, products: tuple[str, ...]) -> bool:
    return not products or any(item.product_id in products for item in order.items)
