"""What a turn only sounds like, where the order or the goods say what it is about."""

from typing import Any

import pytest

from copilot.domain.issue import Evidence, Issue, IssueReading
from copilot.domain.order import Product
from copilot.domain.plan import Plan
from copilot.playbook import decide

RETURNED = {"id": "s1", "kind": "return", "status": "awaiting_seller", "amount": {"amount": "139", "currency": "CNY"}}
SHIRT = Product.model_validate(
    {"id": "p", "name": "衬衫 shirt", "status": "live", "attributes": {"material": "100%棉"}}
)


def issue_of(playbooks: Any, situation: Any) -> Issue | None:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan)
    return plan.issue


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("物流显示昨天上午就签收了 钱呢", Issue.REFUND_STATUS),
        ("昨天就签收了，该退了吧", Issue.REFUND_STATUS),
        ("显示签收了我没收到", Issue.NOT_RECEIVED),
    ],
)
def test_signed_for_is_said_of_what_was_sent_back(a: Any, playbooks: Any, text: str, issue: Issue) -> None:
    about = a.order(after_sales=[RETURNED])
    situation = a.situation("not_received", about=about, text=text)
    # A parcel that is missed is looked for whatever else runs; the request is told of there.
    assert (issue_of(playbooks, situation) is Issue.REFUND_STATUS) is (issue is Issue.REFUND_STATUS)


@pytest.mark.parametrize(
    ("text", "asks_after_money"),
    [
        ("这件到底还送不送 不送就退款", False),
        ("要么今天到要么给我退款", False),
        ("if it isn't moving by friday, refund me, or give me another one", False),
        ("我的退款怎么还没到", True),
        ("where is my refund", True),
    ],
)
def test_money_in_case_it_does_not_come_asks_after_no_refund(
    a: Any, playbooks: Any, text: str, asks_after_money: bool
) -> None:
    about = a.shipped(shipments=[a.parcel(days_still=6)])
    situation = a.situation("refund_status", about=about, text=text, language="zh" if text[0] > "z" else "en")
    assert (issue_of(playbooks, situation) is Issue.REFUND_STATUS) is asks_after_money


def test_who_has_bought_nothing_asks_what_is_true_of_the_goods(a: Any, playbooks: Any) -> None:
    text = "页面写的100%纯棉 到底是不是"
    situation = a.situation("not_as_described", products=(SHIRT,), text=text)
    assert issue_of(playbooks, situation) is Issue.PRODUCT_QUESTION
    bought = a.situation("not_as_described", about=a.order(), products=(SHIRT,), text=text)
    assert issue_of(playbooks, bought) is Issue.NOT_AS_DESCRIBED


@pytest.mark.parametrize(
    "text", ["昨天那个小姐姐说给我优先发的 发了吗", "your colleague said priority, has it shipped?"]
)
def test_who_presses_without_a_matter_asks_if_the_order_has_left(a: Any, playbooks: Any, text: str) -> None:
    asked = a.situation(about=a.shipped(shipments=[a.parcel()]), turn="chase", text=text)
    assert issue_of(playbooks, asked) is Issue.LOGISTICS_QUERY


DRILL = Product.model_validate(
    {"id": "p", "name": "电钻 drill", "status": "live", "attributes": {"赠品": "24件钻头", "included": "24 bits"}}
)


@pytest.mark.parametrize(
    ("text", "language", "issue"),
    [
        ("送不送钻头", "zh", Issue.PRODUCT_QUESTION),
        ("有没有赠品", "zh", Issue.PRODUCT_QUESTION),
        ("does it come with bits?", "en", Issue.PRODUCT_QUESTION),
        ("买两个有没有优惠", "zh", Issue.PRICE_PROMOTION),
        ("送的券怎么用", "zh", Issue.PRICE_PROMOTION),
    ],
)
def test_what_comes_along_is_no_price(a: Any, playbooks: Any, text: str, language: str, issue: Issue) -> None:
    spoken = Evidence(start=0, end=len(text), text=text)
    read = {"issues": (IssueReading(issue=Issue.PRICE_PROMOTION, confidence=0.9, evidence=spoken),)}
    situation = a.situation(text=text, language=language, read=read, products=(DRILL,), product_cards=("p",))
    assert issue_of(playbooks, situation) is issue
