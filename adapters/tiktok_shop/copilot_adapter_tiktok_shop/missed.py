"""Orders that moved while nobody could be told: orders, returns and cancellations, read by their last change.

One page of one list a look; of what is read only the order's number is told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from copilot.sdk import Account, OrderChanged
from copilot.sdk.marks import Change, Mark
from copilot_adapter_tiktok_shop.client import Client, many
from copilot_adapter_tiktok_shop.wire import Cancellation, MovedOrder, Return, Wire

Listed = Literal["orders", "returns", "cancellations"]
LISTS: Final[tuple[Listed, ...]] = ("orders", "returns", "cancellations")
"""In the order in which a round reads them."""
_MOST_KEPT: Final = 10
"""Changes that a cursor holds of each list, beside the messages it holds; told of again, one costs a look-up only."""


@dataclass(frozen=True)
class _List:
    """Where a list is, what the platform calls it, its largest page, and an entry's own id and order."""

    path: str
    field: str
    size: str
    shape: type[Wire]
    named: Callable[[Any], tuple[str, str]]


_WHERE: Final[dict[Listed, _List]] = {
    "orders": _List("/order/202309/orders/search", "orders", "100", MovedOrder, lambda one: (one.id, one.id)),
    "returns": _List(
        "/return_refund/202309/returns/search", "return_orders", "50", Return, lambda one: (one.return_id, one.order_id)
    ),
    "cancellations": _List(
        "/return_refund/202309/cancellations/search",
        "cancellations",
        "50",
        Cancellation,
        lambda one: (one.cancel_id, one.order_id),
    ),
}


@dataclass(frozen=True)
class _Row(Change):
    order: str


async def look(account: Account, listed: Listed, mark: Mark, now: int) -> tuple[tuple[OrderChanged, ...], Mark, bool]:
    """What a page of ``listed`` tells, the mark behind it, and whether there is a further one.

    Raises:
        Malformed: the answer cannot be read.
        AdapterError: the platform could not be asked.
    """
    where = _WHERE[listed]
    query = {"page_size": where.size, "sort_field": "update_time", "sort_order": "ASC"}
    if mark.page:
        query["page_token"] = mark.page
    # The platform leaves the end out, and has whole seconds.
    body = {"update_time_ge": mark.since, "update_time_lt": now + 1}
    data = await Client(account).post(where.path, query, body)
    entries: list[Any] = list(many(where.shape, data.get(where.field), f"POST {where.path}"))
    rows = [_Row(number, one.update_time or 0, order) for one in entries for number, order in [where.named(one)]]
    moved = dict.fromkeys(row.order for row in rows if mark.is_news(row))
    told = tuple(OrderChanged(shop=account.shop, order_id=order) for order in moved)
    token = data.get("next_page_token")
    # A platform that answers with the same place again would be asked for ever.
    following = token if isinstance(token, str) and rows and token not in ("", mark.page) else None
    return told, mark.behind(rows, following, now, _MOST_KEPT), following is not None
