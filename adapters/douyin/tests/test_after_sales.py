"""After-sales of an order: what was asked for by the list, what really went back by the detail."""

from typing import Any

import pytest
from copilot_adapter_douyin.emulator import payloads

from copilot.domain.money import Money
from copilot.domain.order import AfterSale, AfterSaleKind
from copilot.sdk import Throttled
from copilot.sdk.testing.emulator import Placed

from .conftest import Shop
from .test_orders import order

ASKED, PAID = Money(amount="59.90", currency="CNY"), Money(amount="20.00", currency="CNY")


def request(status: str = "refunded", kind: AfterSaleKind = AfterSaleKind.REFUND, number: str = "7") -> AfterSale:
    return AfterSale(id=number, kind=kind, status=status, amount=ASKED)


async def told(shop: Shop) -> AfterSale:
    found = await shop.adapter.order(shop.account, "1001")
    assert found is not None
    (one,) = found.order.after_sales
    return one


def detailed(monkeypatch: pytest.MonkeyPatch, **facts: Any) -> None:
    """The platform's detail says something else."""
    real = payloads.after_sale_detail

    def other(placed: Placed, asked: AfterSale) -> dict[str, Any]:
        answer = real(placed, asked)
        answer["process_info"]["after_sale_info"] |= facts
        return answer

    monkeypatch.setattr(payloads, "after_sale_detail", other)


@pytest.mark.parametrize("kind", [AfterSaleKind.REFUND, AfterSaleKind.RETURN])
async def test_what_went_back_is_told_and_not_what_was_asked_for(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, kind: AfterSaleKind
) -> None:
    shop.emulator.add_order(order("1001", after_sales=(request(kind=kind),)), "anna")
    assert (await told(shop)).amount == ASKED
    detailed(monkeypatch, real_refund_amount=2000)
    assert (await told(shop)).amount == PAID


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("awaiting_seller", AfterSaleKind.REFUND),
        ("refused", AfterSaleKind.REFUND),
        ("success", AfterSaleKind.EXCHANGE),
    ],
)
async def test_where_no_money_went_back_nobody_asks_how_much(shop: Shop, status: str, kind: AfterSaleKind) -> None:
    shop.emulator.add_order(order("1001", after_sales=(request(status, kind),)), "anna")
    assert (await told(shop)).amount == ASKED
    assert "afterSale.Detail" not in shop.emulator.calls


@pytest.mark.parametrize(
    "facts",
    [
        {"real_refund_amount": 0},
        {"real_refund_amount": None},
        {"real_refund_amount": "much"},
        {"real_refund_amount": 2000, "after_sale_id": "8"},
    ],
    ids=["nothing yet", "not told", "no number", "of another request"],
)
async def test_a_detail_that_says_nothing_leaves_the_lists_amount(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, facts: dict[str, Any]
) -> None:
    shop.emulator.add_order(order("1001", after_sales=(request(),)), "anna")
    detailed(monkeypatch, **facts)
    assert (await told(shop)).amount == ASKED
    assert shop.emulator.calls.count("afterSale.Detail") == 1


async def test_a_platform_that_asks_to_slow_down_is_heard(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.emulator.add_order(order("1001", after_sales=(request(),)), "anna")
    real = shop.emulator._go_wrong

    def slow(method: str) -> None:
        shop.emulator.faults.throttle = int(method == "afterSale.Detail")
        real(method)

    monkeypatch.setattr(shop.emulator, "_go_wrong", slow)
    with pytest.raises(Throttled):
        await told(shop)
