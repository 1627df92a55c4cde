"""The after-sale requests of one order: the list, and of those that ended in money what really went back.

The list says what was asked for; a shop may have agreed to less.
"""

from typing import Final

from copilot.domain.order import AfterSale
from copilot.sdk import Account, Malformed, NotAuthorized, PlatformDown
from copilot_adapter_douyin.client import Refused, as_wire, call
from copilot_adapter_douyin.mapping import after_sale, gave_money
from copilot_adapter_douyin.together import few
from copilot_adapter_douyin.wire import AfterSaleDetail, AfterSaleInfo, AfterSaleItem, AfterSalePage

PAGE_SIZE: Final = 100
"""The most rows that order.searchList and afterSale.List give at once (platform)."""
_MOST_PAGES: Final = 5


async def after_sales_of(account: Account, order_id: str) -> tuple[AfterSale, ...]:
    """Every request of the order; a failure is a failure, because a request unseen would be offered a second time."""
    method = "afterSale.List"
    rows: list[AfterSaleItem] = []
    for page in range(_MOST_PAGES):
        data = await call(account, method, {"order_id": order_id, "page": page, "size": PAGE_SIZE})
        answer: AfterSalePage = as_wire(AfterSalePage, method, data)
        rows += answer.items
        if not answer.has_more:
            break
    mine = [row for row in rows if row.order_info.shop_order_id in ("", order_id) and row.aftersale_info.aftersale_id]
    mine.sort(key=lambda row: row.aftersale_info.apply_time)
    return tuple(await few(_complete, account, [row.aftersale_info for row in mine]))


async def _complete(account: Account, row: AfterSaleInfo) -> AfterSale:
    return after_sale(row, await _paid_back(account, row.aftersale_id) if gave_money(row) else None)


async def _paid_back(account: Account, number: str) -> int | None:
    """What really went back, in fen; None when that is not told, and then the list's amount stands."""
    method = "afterSale.Detail"
    try:
        data = await call(account, method, {"after_sale_id": number, "need_operation_record": False})
        told = as_wire(AfterSaleDetail, method, data).process_info.after_sale_info
    except (PlatformDown, NotAuthorized, Refused, Malformed):
        return None
    return told.real_refund_amount if told.after_sale_id in ("", number) else None
