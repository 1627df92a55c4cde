"""What to do when an issue needs an order and none is chosen: ask, check the number, or look it up.

Owns the question for the order, and the list of parcels for who asks which of them comes; refuses to take another fact
of an order that nobody chose.
"""

from copilot.domain.case import CaseState
from copilot.domain.fact import FactKind
from copilot.domain.issue import Turn
from copilot.domain.order import Order
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook.facts import Ledger
from copilot.playbook.scenes import Scope, hold, make
from copilot.playbook.several import to_come

MOST_CANDIDATES = 3
WHICH_PARCEL = "which_parcel"
"""The wish to know which of several parcels comes."""


def ask_for_order(scope: Scope) -> Plan | NoPlan:
    """The question that leads to the order.

    A number that the buyer typed and nobody can look up becomes a hold; one that is not theirs is asked about again.
    Once the number is with us, asking or thanking for it again would be an echo: one "we check", then a person.
    """
    situation = scope.situation
    if situation.understanding.wish == WHICH_PARCEL and to_come(situation):
        return _each_parcel(scope)
    if "turn.order" in scope.facts:
        if situation.orders is None:
            return hold(scope, name="order_lookup", points=("turn.order",))
        return make(scope, Act.ASK, "order_check", ("turn.order",), asks=("order",))
    if situation.order is not None:
        return _check_once(scope)
    if situation.candidates:
        return _which(scope)
    return make(scope, Act.ASK, "order", asks=("order",))


def _check_once(scope: Scope) -> Plan | NoPlan:
    """The order is known and cannot be looked up: nothing new can be said about it.

    Who presses after an agent has answered and asked something back is not owed another check: what the agent said,
    perhaps a no, would be taken back by it.
    """
    case, turn = scope.situation.case, scope.situation.understanding.turn
    held = hold(scope, points=())
    if not isinstance(held, Plan) or case is None:
        return held
    pressed = turn is Turn.CHASE and case.state is CaseState.WAITING_BUYER
    return NoPlan(reason=Reason.FACTS_MISSING) if case.holds > 0 or pressed else held


def _which(scope: Scope) -> Plan | NoPlan:
    """Ask which of the buyer's own orders is meant, by product and day; silence when the two look the same."""
    situation = scope.situation
    known = {order.id: order for order in situation.orders or ()}
    meant = [known[id] for id in situation.candidates if id in known]
    labels = {_label(order, scope) for order in meant}
    if not meant or len(meant) != len(situation.candidates) or len(labels) < len(meant) or None in labels:
        return NoPlan(reason=Reason.ORDER_AMBIGUOUS, candidates=situation.candidates)
    plan = make(scope, Act.ASK, "order_which" if len(meant) <= MOST_CANDIDATES else "order", asks=("order",))
    if plan.scene == "order":
        return plan
    ledger = Ledger(situation)
    for order in meant:
        at = f"order.{order.id}"
        ledger.add(f"{at}.item.1.name", FactKind.PRODUCT, order.items[0].name)
        ledger.add(f"{at}.item.1.sku", FactKind.ATTRIBUTE, order.items[0].sku)
        ledger.add(f"{at}.created_at", FactKind.TIME, order.created_at)
    facts = {**plan.facts, **ledger.facts}
    return plan.model_copy(update={"facts": facts, "points": tuple(ledger.facts)})


def _each_parcel(scope: Scope) -> Plan:
    """How far each parcel is that has not come, for who asks which of them does."""
    situation, ledger = scope.situation, Ledger(scope.situation)
    for order in to_come(situation):
        at, parcel = f"order.{order.id}", next(iter(reversed(order.shipments)), None)
        ledger.add(f"{at}.item.1.name", FactKind.PRODUCT, order.items[0].name)
        ledger.add(f"{at}.status", FactKind.STATE, order.status.value)
        if parcel is None:
            continue
        key = parcel.tracking_no or f"{order.id}-{len(order.shipments)}"
        ledger.add(f"{at}.shipment", FactKind.NUMBER, key)
        if parcel.events:
            ledger.add(f"shipment.{key}.last_event.text", FactKind.ATTRIBUTE, parcel.events[-1].text)
            ledger.add(f"shipment.{key}.last_event.at", FactKind.TIME, parcel.events[-1].at)
        if parcel.eta is not None and not situation.dates_unsure:
            ledger.add(f"shipment.{key}.eta", FactKind.DATE, situation.days.day(parcel.eta))
    plan = make(scope, Act.ANSWER, "each_parcel")
    return plan.model_copy(update={"facts": dict(ledger.facts), "points": tuple(ledger.facts), "order": None})


def _label(order: Order, scope: Scope) -> tuple[str, str, str] | None:
    """What tells the order apart in a question: its thing in its size or colour, and the minute when it was placed."""
    if not order.items or order.created_at is None:
        return None
    placed = scope.situation.days.local(order.created_at).strftime("%Y-%m-%d %H:%M")
    return order.items[0].name, order.items[0].sku or "", placed
