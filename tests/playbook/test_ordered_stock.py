"""Who waits for an order and asks if the goods are there is told what is there of the ordered variant."""

from typing import Any

import pytest

from copilot.domain.case import Case, CaseState, OrderChoice, OrderWhy
from copilot.domain.issue import Issue
from copilot.domain.order import Product
from copilot.domain.plan import Plan
from copilot.playbook import decide


def goods(stock: dict[str, int]) -> tuple[Product, ...]:
    money = {"amount": "59.90", "currency": "CNY"}
    attributes = {"stock_by_variant": stock}
    return (
        Product.model_validate(
            {"id": "p1", "name": "加绒雪地靴", "price": money, "status": "live", "attributes": attributes}
        ),
    )


def late(a: Any, sku: str) -> Any:
    line = {"product_id": "p1", "name": "加绒雪地靴", "price": {"amount": "59.90", "currency": "CNY"}, "sku": sku}
    return a.to_ship(ship_in=-2, items=[line])


def asked(a: Any, playbooks: Any, text: str, stock: dict[str, int], issue: str = "delivery_delay", **more: Any) -> Plan:
    about = late(a, "棕色/37")
    plan = decide(playbooks, a.situation(issue, about=about, products=goods(stock), text=text, **more))
    assert isinstance(plan, Plan)
    return plan


@pytest.mark.parametrize(
    "text",
    [
        "你们到底有没有货",
        "三天了还不发 是不是没货了",
        "还有货吗",
        "do you even have it in stock",
        "is it out of stock or what",
    ],
)
@pytest.mark.parametrize("stock", [{"棕色 / 37": 4}, {"棕色/37": 1, "黑色/37": 0}, {"37/棕色": 9, "38/棕色": 2}])
def test_what_is_there_of_the_ordered_one_is_told(a: Any, playbooks: Any, text: str, stock: dict[str, int]) -> None:
    plan = asked(a, playbooks, text, stock)
    assert (plan.issue, plan.scene) == (Issue.DELIVERY_DELAY, "ship_late")
    assert plan.facts["beside.stock"].value == "size_in_stock"
    assert Issue.STOCK not in plan.secondary


@pytest.mark.parametrize(
    ("text", "stock"),
    [
        ("你们到底有没有货", {"棕色 / 37": 0}),
        ("你们到底有没有货", {"黑色 / 37": 4}),
        ("什么时候发", {"棕色 / 37": 4}),
        ("when does it ship", {"棕色 / 37": 4}),
    ],
)
def test_nothing_is_told_of_what_is_gone_or_was_not_asked(
    a: Any, playbooks: Any, text: str, stock: dict[str, int]
) -> None:
    assert "beside.stock" not in asked(a, playbooks, text, stock).facts


def test_a_question_about_stock_after_a_late_order_is_about_that_order(a: Any, playbooks: Any) -> None:
    about, text = late(a, "棕色/37"), "又没发 到底有没有货啊"
    choice = OrderChoice(id=about.id, why=OrderWhy.ONLY_FIT)
    case = Case(issue=Issue.DELIVERY_DELAY, order=choice)
    for state, issue in ((CaseState.OPEN, Issue.DELIVERY_DELAY), (CaseState.RESOLVED, Issue.STOCK)):
        cases = (case.model_copy(update={"state": state}),)
        more = {"cases": cases, "products": goods({"棕色 / 37": 4}), "order": None, "text": text}
        plan = decide(playbooks, a.situation("stock", about=about, **more))
        assert isinstance(plan, Plan)
        assert plan.issue is issue
