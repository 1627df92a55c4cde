"""Nothing that a buyer asks vanishes: told, named with a time, or said to the agent."""

from typing import Any

import pytest

from copilot.domain.issue import Evidence, Issue, IssueReading
from copilot.domain.order import Product
from copilot.domain.plan import Act, Plan
from copilot.playbook import Playbooks, decide
from copilot.playbook.asked_beside import OPEN
from copilot.playbook.unanswered import SEVERAL_ASKED


def product(**attributes: Any) -> Product:
    data = {"id": "p1", "name": "周末套装", "status": "live", "stock": 12, "attributes": attributes}
    return Product.model_validate(data | {"price": {"amount": "59.90", "currency": "CNY"}})


def reading(text: str, part: str, issue: str) -> IssueReading:
    at = text.index(part)
    return IssueReading(issue=Issue(issue), confidence=0.9, evidence=Evidence(start=at, end=at + len(part), text=part))


def planned(a: Any, playbooks: Playbooks, issue: str, part: str, beside: str, **more: Any) -> Plan:
    text = f"{part}\n{beside}"
    read = {"issues": (reading(text, part, issue),), "asked": (reading(text, beside, "unclear"),)}
    plan = decide(playbooks, a.situation(text=text, read=read, **more))
    assert isinstance(plan, Plan)
    return plan


@pytest.mark.parametrize(
    ("issue", "part", "beside", "language"),
    [
        ("price_promotion", "这个多少钱", "能不能刻字", "zh"),
        ("price_promotion", "有活动吗", "小孩能自己装吗", "zh"),
        ("shipping_time", "今天拍什么时候发货", "有试吃装吗", "zh"),
        ("price_promotion", "how much is it", "can you engrave a name on it?", "en"),
        ("shipping_time", "when would it ship", "is there a sample pack?", "en"),
    ],
)
def test_what_else_is_asked_before_buying_is_found_out(
    issue: str, part: str, beside: str, language: str, a: Any, playbooks: Playbooks
) -> None:
    goods = {
        "products": (product(),),
        "product_cards": ("p1",),
        "language": language,
        "terms": {"ship_within_hours": 48},
    }
    plan = planned(a, playbooks, issue, part, beside, **goods)
    assert plan.act is Act.ANSWER
    assert {OPEN, "hold.return_at"} <= set(plan.points)
    assert [one.what for one in plan.promises] == ["hold"]
    assert SEVERAL_ASKED not in plan.notes


def test_what_the_goods_state_is_told_and_not_found_out(a: Any, playbooks: Playbooks) -> None:
    goods = {"products": (product(material="高温陶瓷"),), "product_cards": ("p1",)}
    plan = planned(a, playbooks, "price_promotion", "这个多少钱", "是什么材质的", **goods)
    assert "product.p1.attributes.material" in plan.points
    assert OPEN not in plan.points
    assert not plan.promises


@pytest.mark.parametrize("beside", ["能不能刻字", "can you engrave a name on it?"])
def test_about_an_order_only_the_agent_is_told(beside: str, a: Any, playbooks: Playbooks) -> None:
    plan = planned(a, playbooks, "damaged", "收到就碎了", beside, about=a.order())
    assert SEVERAL_ASKED in plan.notes
    assert OPEN not in plan.points


@pytest.mark.parametrize(("text", "named"), [("运费险有吗", True), ("退到哪个仓", False)])
def test_the_insurance_of_the_way_back_is_found_out_beside_a_request(
    text: str, named: bool, a: Any, playbooks: Playbooks
) -> None:
    request = {"id": "a1", "kind": "return", "status": "approved", "amount": {"amount": "59.90", "currency": "CNY"}}
    order = a.order(after_sales=[request])
    plan = decide(playbooks, a.situation("return_exchange", about=order, text=f"退货同意了 {text}"))
    assert isinstance(plan, Plan)
    assert (plan.facts[OPEN].value == "运费险" if OPEN in plan.facts else False) is named


@pytest.mark.parametrize(
    ("goods", "road", "language", "stated"),
    [
        ("does it need batteries", "if i order now will it come before xmas", "en", {"batteries": "2 x AA"}),
        ("这个防水吗", "现在拍12月24日前能到吗", "zh", {"waterproof": "防泼水"}),
    ],
)
def test_days_on_the_road_that_are_found_out_are_no_next_matter(
    goods: str, road: str, language: str, stated: dict[str, Any], a: Any, playbooks: Playbooks
) -> None:
    text = f"{goods}\n{road}"
    read = {"issues": (reading(text, goods, "product_question"), reading(text, road, "shipping_time"))}
    plan = decide(playbooks, a.situation(text=text, read=read, language=language, products=(product(**stated),)))
    assert isinstance(plan, Plan)
    assert OPEN in plan.points
    assert Issue.SHIPPING_TIME not in plan.secondary
