"""A finished conversation, cut into the moments at which a draft was due.

Owns hindsight: a turn sees what was said up to its last message, and order facts without what happened later. What an
archive gives no time for (an after-sale request, a product) is taken as exported.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from copilot.domain.conversation import Conversation
from copilot.domain.message import Message, Role
from copilot.domain.order import Order, OrderStatus, Shipment
from copilot.flow.memory import as_of
from copilot.flow.understand import derive_cases, unanswered
from copilot.flow.understand.burst import answers_buyer

LONGEST = 200
"""Messages that a draft looks back on: further back nothing decides what to say."""
_ARRIVED = frozenset({OrderStatus.DELIVERED, OrderStatus.COMPLETED})


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a buyer.

    ``number`` counts from 1 within the conversation, ``index`` is the position of its first message, ``at`` the time
    of its last one, ``said`` what the buyer typed; ``given`` is the conversation as it stood then; ``answer`` what a
    person of the shop replied (empty: nobody did), ``agent`` who.
    """

    number: int
    index: int
    at: datetime
    said: str
    given: Conversation
    answer: str
    agent: str


def turns_of(conversation: Conversation, otherwise: datetime) -> Iterator[Turn]:
    """The turns of ``conversation``, first to last; ``otherwise`` is the time of one that carries none at all."""
    messages = _timed(conversation, otherwise)
    number = 0
    for stop, answer in _ends(messages):
        seen = _as_seen(conversation, messages[max(0, stop - LONGEST) : stop], whole=stop == len(messages))
        burst = unanswered(seen)
        if burst.empty:
            continue
        number += 1
        yield Turn(
            number=number,
            index=max(0, stop - LONGEST) + burst.start,
            at=as_of(seen) or otherwise,
            said=burst.text,
            given=seen.model_copy(update={"cases": derive_cases(seen)}),
            answer="\n".join(one.text.strip() for one in answer if one.text.strip()),
            agent=next((one.agent for one in answer if one.agent), ""),
        )


def _ends(messages: tuple[Message, ...]) -> Iterator[tuple[int, tuple[Message, ...]]]:
    """Where turns end: before a person of the shop answers (with the answer), and where the conversation stops."""
    waiting = False
    at = 0
    while at < len(messages):
        if waiting and _by_person(messages[at]):
            stop = at
            while at < len(messages) and messages[at].role is not Role.BUYER:
                at += 1
            yield stop, tuple(one for one in messages[stop:at] if _by_person(one))
            waiting = False
            continue
        waiting = waiting or messages[at].role is Role.BUYER
        at += 1
    if waiting:
        yield len(messages), ()


def _by_person(message: Message) -> bool:
    # A reply that was taken back later stood there at first; what a machine sent never ends a turn.
    return answers_buyer(message.model_copy(update={"recalled_at": None}))


def _timed(conversation: Conversation, otherwise: datetime) -> tuple[Message, ...]:
    """The messages, each with a time that is never before the one it follows in the list."""
    known = [message.sent_at for message in conversation.messages if message.sent_at is not None]
    last = known[0] if known else _known_time(conversation) or otherwise
    found: list[Message] = []
    for message in conversation.messages:
        last = message.sent_at or last
        found.append(message if message.sent_at is not None else message.model_copy(update={"sent_at": last}))
    return tuple(found)


def _known_time(conversation: Conversation) -> datetime | None:
    """The latest moment that the orders of a conversation without times tell of."""
    times = [
        time
        for order in conversation.orders or ()
        for time in (
            order.created_at,
            order.paid_at,
            order.delivered_at,
            *(event.at for shipment in order.shipments for event in shipment.events),
            *(sale.received_at for sale in order.after_sales),
            *(sale.refunded_at for sale in order.after_sales),
            *(sale.settled_at for sale in order.after_sales),
        )
        if time is not None
    ]
    return max(times, default=None)


def _as_seen(conversation: Conversation, messages: tuple[Message, ...], *, whole: bool) -> Conversation:
    """The conversation at the last of ``messages``."""
    now = max(message.sent_at for message in messages if message.sent_at is not None)
    shown = tuple(_not_yet_recalled(message, now) for message in messages)
    orders = conversation.orders
    if orders is not None and not whole:
        orders = tuple(_order_at(order, now) for order in orders if order.created_at is None or order.created_at <= now)
    return conversation.model_copy(
        update={
            "messages": shown,
            "orders": orders,
            # Stored cases are those of the end; earlier ones are read from what was said.
            "cases": conversation.cases if whole else (),
        }
    )


def _not_yet_recalled(message: Message, now: datetime) -> Message:
    if message.recalled_at is None or message.recalled_at <= now:
        return message
    return message.model_copy(update={"recalled_at": None})


def _order_at(order: Order, now: datetime) -> Order:
    """``order`` without what happened to it after ``now``, as far as its own times say."""
    changes: dict[str, object] = {}
    shipments = tuple(one for shipment in order.shipments if (one := _shipment_at(shipment, now)) is not None)
    if shipments != order.shipments:
        changes["shipments"] = shipments
    if order.delivered_at is not None and order.delivered_at > now:
        changes["delivered_at"] = None
        if order.status in _ARRIVED:
            changes["status"] = OrderStatus.SHIPPED if shipments else OrderStatus.TO_SHIP
    elif order.shipments and not shipments and order.status is OrderStatus.SHIPPED:
        changes["status"] = OrderStatus.TO_SHIP
    if order.paid_at is not None and order.paid_at > now:
        changes |= {"paid_at": None, "status": OrderStatus.UNPAID}
    sales = tuple(
        sale
        for sale in order.after_sales
        if not any(_later(at, now) for at in (sale.received_at, sale.refunded_at, sale.settled_at))
    )
    if sales != order.after_sales:
        changes["after_sales"] = sales
    return order.model_copy(update=changes) if changes else order


def _later(time: datetime | None, now: datetime) -> bool:
    return time is not None and time > now


def _shipment_at(shipment: Shipment, now: datetime) -> Shipment | None:
    """``shipment`` with the scans there were; None when it had not begun."""
    events = tuple(event for event in shipment.events if event.at <= now)
    if len(events) == len(shipment.events):
        return shipment
    # Its status is that of the last scan, which had not happened.
    return shipment.model_copy(update={"events": events, "status": None}) if events else None
