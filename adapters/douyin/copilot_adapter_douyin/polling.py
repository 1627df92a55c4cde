"""What moved while no push came: the platform's lists of orders and after-sales, read by their last change.

The platform publishes neither when it pushes again nor when it gives up. Each look reads one page of one list. Chat is
not read here, for the platform publishes no list of it.
"""

from dataclasses import dataclass
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from copilot.sdk import Account, Batch, Malformed, OrderChanged
from copilot.sdk.marks import Change, Mark
from copilot_adapter_douyin.after_sales import PAGE_SIZE
from copilot_adapter_douyin.client import as_wire, call
from copilot_adapter_douyin.orders import is_number
from copilot_adapter_douyin.wire import AfterSalePage, OrderPage

WAIT_SECONDS: Final = 300.0
"""Between two rounds: pushes are the fast way."""
_MOST_PAGES: Final = 50
"""Pages that are read of one second, or of rows that say no time."""


class Place(BaseModel):
    """Where reading goes on: in which list, and how far both are known."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    reading: Literal["orders", "after_sales"] = "orders"
    orders: Mark
    after_sales: Mark

    @classmethod
    def of(cls, cursor: str | None, now: int) -> "Place":
        """The place that ``cursor`` names; without one the first round's, which goes back an hour.

        Raises:
            Malformed: it is no cursor of ours.
        """
        if cursor is None:
            return cls(orders=Mark.first(now), after_sales=Mark.first(now))
        try:
            return cls.model_validate_json(cursor)
        except ValidationError:
            raise Malformed("the cursor is none of this adapter's") from None


@dataclass(frozen=True)
class _Row(Change):
    """A change of ``order``; "" is none of this shop's."""

    order: str


async def poll(account: Account, cursor: str | None) -> Batch:
    """The orders that moved since ``cursor``, the one that moved first in front; nothing of them is told but the id.

    Raises:
        Malformed: the cursor or an answer cannot be read.
        AdapterError: the platform could not be asked.
    """
    now = int(account.clock.now().timestamp())
    place = Place.of(cursor, now)
    ask, mark = (_orders, place.orders) if place.reading == "orders" else (_after_sales, place.after_sales)
    rows = await ask(account, mark, now)
    moved = dict.fromkeys(row.order for row in rows if is_number(row.order) and mark.is_news(row))
    told = tuple(OrderChanged(shop=account.shop, order_id=order) for order in moved)
    following = _following(mark, len(rows))
    behind = mark.behind(rows, following, now)
    if place.reading == "orders":
        reading = "after_sales" if following is None else "orders"
        return Batch(events=told, cursor=_cursor(place, orders=behind, reading=reading), more=True)
    if following is not None:
        return Batch(events=told, cursor=_cursor(place, after_sales=behind), more=True)
    return Batch(events=told, cursor=_cursor(place, after_sales=behind, reading="orders"), wait=WAIT_SECONDS)


def _cursor(place: Place, **changed: object) -> str:
    return place.model_copy(update=changed).model_dump_json(exclude_defaults=True)


def _number(mark: Mark) -> int:
    return int(mark.page) if mark.page.isascii() and mark.page.isdigit() and len(mark.page) < 3 else 0


def _following(mark: Mark, rows: int) -> str | None:
    page = _number(mark) + 1
    return str(page) if rows >= PAGE_SIZE and page < _MOST_PAGES else None


async def _orders(account: Account, mark: Mark, now: int) -> list[_Row]:
    params: dict[str, JsonValue] = {
        "page": _number(mark),
        "size": PAGE_SIZE,
        "order_by": "update_time",
        "order_asc": True,
        "update_time_start": mark.since,
        "update_time_end": now,
    }
    method = "order.searchList"
    answer: OrderPage = as_wire(OrderPage, method, await call(account, method, params))
    return [
        _Row(row.order_id, row.update_time, row.order_id if row.shop_id in ("", account.shop) else "")
        for row in answer.shop_order_list
    ]


async def _after_sales(account: Account, mark: Mark, now: int) -> list[_Row]:
    params: dict[str, JsonValue] = {
        "page": _number(mark),
        "size": PAGE_SIZE,
        "order_by": ["update_time asc"],
        "update_start_time": mark.since,
        "update_end_time": now,
    }
    method = "afterSale.List"
    answer: AfterSalePage = as_wire(AfterSalePage, method, await call(account, method, params))
    rows = [(item.aftersale_info, item.order_info.shop_order_id) for item in answer.items]
    return [_Row(one.aftersale_id, one.update_time, order) for one, order in rows]
