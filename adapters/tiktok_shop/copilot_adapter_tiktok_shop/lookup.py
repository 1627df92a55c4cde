"""From a conversation to its buyer's orders, each with its scans, returns and cancellations; reads only.

The way is the buyer's ``user_id``; the chat's own id for a buyer leads nowhere and a nickname is never used.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Final, TypeVar

from copilot.sdk import Account, FoundBuyer, FoundOrder, Who
from copilot_adapter_tiktok_shop import orders
from copilot_adapter_tiktok_shop.client import Client, many, segment
from copilot_adapter_tiktok_shop.wire import Cancellation, Conversation, Participant, Return, Scan, Wire, WireOrder

W = TypeVar("W", bound=Wire)

# How many of a buyer's orders are read: newest first, and those the conversation names besides.
_RECENT: Final = 20
_AT_ONCE: Final = 4
_REVERSE_PAGE: Final = "50"


async def buyer(account: Account, who: Who) -> FoundBuyer:
    """The buyer of ``who.conversation`` and their orders, newest first; another buyer's order is never among them.

    Raises:
        AdapterError: the platform could not be asked.
    """
    client = Client(account)
    known = Participant(user_id=who.order_key or "")
    if not who.order_key:
        known = await _participant(client, who.conversation)
    recent = await _recent(client, known.user_id) if known.user_id else []
    listed = {one.id for one in recent}
    named = [number for number in dict.fromkeys(who.orders) if number not in listed and _is_number(number)]
    wires = recent + (await _details(client, named) if named else [])
    mine = [one for one in wires if not known.user_id or one.user_id == known.user_id]
    mine.sort(key=lambda one: one.create_time or 0, reverse=True)
    return FoundBuyer(
        order_key=known.user_id or None,
        nickname=known.nickname or None,
        orders=tuple(await _complete(client, mine)),
    )


async def one(account: Account, order_id: str) -> FoundOrder | None:
    """The order with this number, whoever bought it, or None.

    Raises:
        AdapterError: the platform could not be asked.
    """
    number = order_id.strip()
    if not _is_number(number):
        return None
    client = Client(account)
    found = [wire for wire in await _details(client, [number]) if wire.id == number]
    return (await _complete(client, found))[0] if found else None


async def _participant(client: Client, conversation: str) -> Participant:
    path = f"/customer_service/202601/conversations/{segment(conversation)}"
    data = await client.get(path)
    found = many(Conversation, [data.get("conversation")], f"GET {path}")[0]
    return next((one for one in found.participants if one.role == "BUYER"), Participant())


async def _recent(client: Client, user_id: str) -> list[WireOrder]:
    path = "/order/202309/orders/search"
    query = {"page_size": str(_RECENT), "sort_field": "create_time", "sort_order": "DESC"}
    data = await client.post(path, query, {"buyer_user_id": user_id})
    return many(WireOrder, data.get("orders"), f"POST {path}")


async def _details(client: Client, numbers: Sequence[str]) -> list[WireOrder]:
    path = "/order/202507/orders"
    data = await client.get(path, {"ids": ",".join(numbers[:_RECENT])})
    return many(WireOrder, data.get("orders"), f"GET {path}")


async def _complete(client: Client, wires: Sequence[WireOrder]) -> list[FoundOrder]:
    if not wires:
        return []
    numbers = [wire.id for wire in wires]
    gate = asyncio.Semaphore(_AT_ONCE)
    reading = asyncio.TaskGroup()
    try:
        async with reading:
            returns = reading.create_task(_reverse(client, gate, "returns", "return_orders", Return, numbers))
            cancels = reading.create_task(
                _reverse(client, gate, "cancellations", "cancellations", Cancellation, numbers)
            )
            scans = [reading.create_task(_scans(client, gate, wire)) for wire in wires]
    except ExceptionGroup as failed:
        # What the calls raise is the contract's; which of several comes first does not matter.
        raise failed.exceptions[0] from None
    return [
        FoundOrder(
            order=orders.order(wire, seen.result(), returns.result(), cancels.result()),
            buyer_key=wire.user_id or None,
        )
        for wire, seen in zip(wires, scans, strict=True)
    ]


async def _scans(client: Client, gate: asyncio.Semaphore, wire: WireOrder) -> list[Scan]:
    if not orders.has_scans(wire):
        return []
    path = f"/fulfillment/202309/orders/{segment(wire.id)}/tracking"
    async with gate:
        data = await client.get(path)
    return many(Scan, data.get("tracking"), f"GET {path}")


async def _reverse(
    client: Client, gate: asyncio.Semaphore, what: str, field: str, shape: type[W], numbers: Sequence[str]
) -> list[W]:
    path = f"/return_refund/202309/{what}/search"
    found: list[W] = []
    body: dict[str, Any] = {"order_ids": list(numbers)}
    async with gate:
        async for data in client.pages("POST", path, {"page_size": _REVERSE_PAGE}, body):
            found += many(shape, data.get(field), f"POST {path}")
    return found


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 40
