"""From a conversation to its buyer's orders, each with its scans, returns and cancellations; reads only.

The way is the buyer's ``user_id``; the chat's own id for a buyer leads nowhere and a nickname is never used.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, cast

from copilot.sdk import Account, ContactNotAllowed, FoundBuyer, FoundOrder, Malformed, Who, WindowClosed
from copilot_adapter_tiktok_shop import orders
from copilot_adapter_tiktok_shop.client import Client, Data, many, segment
from copilot_adapter_tiktok_shop.wire import (
    Cancellation,
    Conversation,
    LineItem,
    Participant,
    Return,
    Scan,
    Wire,
    WireOrder,
)

T = TypeVar("T")
U = TypeVar("U")
W = TypeVar("W", bound=Wire)

Requests = tuple[list[Return], list[Cancellation]]

# How many of a buyer's orders are read: newest first, and those the conversation names besides.
_RECENT: Final = 20
_AT_ONCE: Final = 4
_REVERSE_PAGE: Final = "50"
_CONVERSATIONS: Final = "/customer_service/202309/conversations"


async def buyer(account: Account, who: Who) -> FoundBuyer:
    """The buyer of ``who.conversation`` and their orders, newest first; another buyer's order is never among them.

    Raises:
        AdapterError: the platform could not be asked.
    """
    reading = _Reading(Client(account))
    known = Participant(user_id=who.order_key or "")
    if not who.order_key:
        known = await reading.participant(who.conversation)
    named = [number for number in dict.fromkeys(who.orders) if is_number(number)]
    return FoundBuyer(
        order_key=known.user_id or None,
        nickname=known.nickname or None,
        orders=await (reading.orders_of(known.user_id, named) if known.user_id else reading.orders_named(named)),
    )


async def one(account: Account, order_id: str) -> FoundOrder | None:
    """The order with this number, whoever bought it, or None.

    Raises:
        AdapterError: the platform could not be asked.
    """
    number = order_id.strip()
    if not is_number(number):
        return None
    found = await _Reading(Client(account)).orders_named([number])
    return next((order for order in found if order.order.id == number), None)


async def open_conversation(account: Account, order_id: str) -> str:
    """The conversation with the buyer of an order; the platform gives the existing one where there is one.

    Raises:
        ContactNotAllowed: there is no such order, or the platform lets nobody write first about it.
        AdapterError: the platform could not be asked.
    """
    found = await one(account, order_id)
    if found is None or found.buyer_key is None:
        raise ContactNotAllowed("the order to write about is not there, or names no buyer")
    try:
        data = await Client(account).post(_CONVERSATIONS, {}, {"buyer_user_id": found.buyer_key})
    except WindowClosed as error:
        raise ContactNotAllowed(str(error)) from None
    number = data.get("conversation_id")
    if not isinstance(number, str) or not number:
        raise Malformed(f"POST {_CONVERSATIONS}: the answer names no conversation")
    return number


async def lines(account: Account, order_id: str) -> Sequence[LineItem]:
    """The units of an order as the platform lists them; none where the shop has no such order.

    Raises:
        AdapterError: the platform could not be asked.
    """
    found = await _Reading(Client(account)).listed(order_id)
    return [unit for one in found if one.id == order_id for unit in one.line_items]


@dataclass(frozen=True)
class _Reading:
    """The calls of one look-up; no more than a few are under way at once."""

    client: Client
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def participant(self, conversation: str) -> Participant:
        """The buyer in a conversation; empty when the platform names none."""
        path = f"/customer_service/202601/conversations/{segment(conversation)}"
        data = await self.client.get(path)
        found = many(Conversation, [data.get("conversation")], f"GET {path}")[0]
        return next((one for one in found.participants if one.role == "BUYER"), Participant())

    async def orders_of(self, user_id: str, named: Sequence[str]) -> tuple[FoundOrder, ...]:
        """The buyer's orders, newest first: the latest ones, and of those ``named`` the ones that are theirs."""
        # Everything that the buyer's key leads to is asked for at once: somebody is waiting.
        listed, requests = await _both(
            _both(self._details(named), self._recent(user_id)), self._requests({"buyer_user_ids": [user_id]})
        )
        wires = {one.id: one for some in listed for one in some if one.user_id == user_id}
        newest_first = sorted(wires.values(), key=lambda one: one.create_time or 0, reverse=True)
        return await self._complete(newest_first, requests)

    async def orders_named(self, named: Sequence[str]) -> tuple[FoundOrder, ...]:
        """The orders with these numbers, whoever bought them."""
        if not named:
            return ()
        wires, requests = await _both(self._details(named), self._requests({"order_ids": list(named)}))
        return await self._complete(wires, requests)

    async def listed(self, number: str) -> list[WireOrder]:
        """The order with this number, without parcels and requests."""
        return await self._details([number])

    async def _recent(self, user_id: str) -> list[WireOrder]:
        """The buyer's latest orders."""
        path = "/order/202309/orders/search"
        query = {"page_size": str(_RECENT), "sort_field": "create_time", "sort_order": "DESC"}
        async with self.gate:
            data = await self.client.post(path, query, {"buyer_user_id": user_id})
        return many(WireOrder, data.get("orders"), f"POST {path}")

    async def _details(self, numbers: Sequence[str]) -> list[WireOrder]:
        """The orders with these numbers, as far as the shop has them."""
        if not numbers:
            return []
        path = "/order/202507/orders"
        async with self.gate:
            data = await self.client.get(path, {"ids": ",".join(numbers[:_RECENT])})
        return many(WireOrder, data.get("orders"), f"GET {path}")

    async def _requests(self, which: Data) -> Requests:
        """Returns and cancellations, chosen by order or by buyer."""
        return await _both(
            self._pages("returns", "return_orders", Return, which),
            self._pages("cancellations", "cancellations", Cancellation, which),
        )

    async def _complete(self, wires: Sequence[WireOrder], requests: Requests) -> tuple[FoundOrder, ...]:
        """Orders with the scans of their parcels and the requests about them."""
        scans = await _all(self._scans(wire) for wire in wires)
        return tuple(
            FoundOrder(
                order=orders.order(wire, seen, *requests),
                buyer_key=wire.user_id or None,
            )
            for wire, seen in zip(wires, scans, strict=True)
        )

    async def _scans(self, wire: WireOrder) -> list[Scan]:
        if not orders.has_scans(wire):
            return []
        path = f"/fulfillment/202309/orders/{segment(wire.id)}/tracking"
        async with self.gate:
            data = await self.client.get(path)
        return many(Scan, data.get("tracking"), f"GET {path}")

    async def _pages(self, what: str, list_name: str, shape: type[W], which: Data) -> list[W]:
        path = f"/return_refund/202309/{what}/search"
        found: list[W] = []
        async with self.gate:
            async for data in self.client.pages("POST", path, {"page_size": _REVERSE_PAGE}, which):
                found += many(shape, data.get(list_name), f"POST {path}")
        return found


async def _both(one: Coroutine[Any, Any, T], other: Coroutine[Any, Any, U]) -> tuple[T, U]:
    """The results of both calls; the first that fails ends the other and is raised as it is."""
    first, second = await _all((one, other))
    return cast(T, first), cast(U, second)


async def _all(calls: Iterable[Coroutine[Any, Any, Any]]) -> list[Any]:
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(call) for call in calls]
    except ExceptionGroup as failed:
        # What a call raises is the contract's; which of several came first does not matter.
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]


def is_number(text: str) -> bool:
    """Whether ``text`` may be an id of the platform."""
    return text.isascii() and text.isdigit() and len(text) < 40
