"""What a turn asks beside the matter that its plan is about is told, or named as being found out; neither twice."""

from typing import Any

import pytest

from copilot.assets import policy_folders
from copilot.domain.issue import Issue
from copilot.domain.order import Product
from copilot.domain.plan import Act, Plan
from copilot.playbook import decide
from copilot.playbook.asked_beside import OPEN, TOLD
from copilot.playbook.scenes import RETURN_AT
from copilot.playbook.topics import load_topics


def boots() -> Product:
    stated = {
        "id": "p",
        "name": "加绒马丁靴",
        "status": "live",
        "stock": 61,
        "price": {"amount": "159", "currency": "CNY"},
    }
    return Product.model_validate({**stated, "attributes": {"width": "偏窄，脚宽建议大一码"}})


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan)
    return plan


def test_what_the_goods_state_is_told_beside_the_stock(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("stock", products=(boots(),), text="还有没 脚有点宽 会不会挤"))
    assert (plan.issue, plan.act, plan.scene) == (Issue.STOCK, Act.ANSWER, "in_stock")
    assert "product.p.attributes.width" in plan.points
    assert TOLD in plan.facts
    assert OPEN not in plan.facts


def test_nothing_is_told_that_nobody_asked(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("stock", products=(boots(),), text="还有没"))
    assert TOLD not in plan.facts
    assert not any("width" in point for point in plan.points)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("能发顺丰不 帮我放个贺卡", "发哪家快递、放贺卡"),
        ("今天能发吗 到成都几天", "路上要几天"),
        ("什么时候发货", None),
    ],
)
def test_ways_that_nothing_states_are_found_out_by_a_time(a: Any, playbooks: Any, text: str, title: str | None) -> None:
    plan = planned(playbooks, a.situation("shipping_time", about=a.to_ship(), text=text))
    assert plan.act is Act.ANSWER
    assert (plan.facts[OPEN].value if OPEN in plan.facts else None) == title
    assert (RETURN_AT in plan.points) is (title is not None)
    assert [one.what for one in plan.promises] == (["hold"] if title else [])


def test_when_a_parcel_comes_is_not_found_out_beside_its_day(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("logistics_query", about=a.shipped(), text="到成都几天 啥快递"))
    assert any(point.endswith(".eta") for point in plan.points)
    assert OPEN not in plan.facts


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("how long will it take to get to Hawaii", ["transit"]),
        ("could you ship it with UPS and add a note", ["carrier", "gift_note"]),
        ("how long does the battery last. it ships with a case", []),
        ("退款几天到账", []),
        ("这个快递太慢了", []),
        ("从哪发货呀", ["ships_from"]),
    ],
)
def test_ways_are_read_from_their_words(text: str, names: list[str]) -> None:
    assert [name for name, _ in load_topics(policy_folders()).ways(text, "en")] == names


@pytest.mark.parametrize(
    ("text", "asked"),
    [("how soon does it ship, need it for a trip on the 27th", True), ("how soon does it ship", False)],
)
def test_a_day_named_before_an_order_has_the_way_found_out(a: Any, playbooks: Any, text: str, asked: bool) -> None:
    plan = planned(playbooks, a.situation("shipping_time", text=text, language="en", terms={"ship_within_hours": 48}))
    assert (OPEN in plan.facts) is asked
    assert [one.what for one in plan.promises] == (["hold"] if asked else [])
