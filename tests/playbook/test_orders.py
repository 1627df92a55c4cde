from typing import Any

import pytest

from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook import decide
from copilot.playbook.named import named_in


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan), plan
    return plan


def test_no_order_known_is_asked_for(a: Any, playbooks: Any) -> None:
    for orders in (None, ()):
        plan = planned(playbooks, a.situation("logistics_query", orders=orders))
        assert (plan.act, plan.scene, plan.asks, plan.facts) == (Act.ASK, "order", ("order",), {})


def test_a_number_that_is_not_theirs_is_asked_about(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("logistics_query", orders=(a.order(),), unknown_order="123456"))
    assert (plan.act, plan.scene) == (Act.ASK, "order_check")
    assert plan.facts["turn.order"].model_dump(mode="json") == {
        "id": "turn.order",
        "kind": "number",
        "value": "123456",
        "source": "buyer",
    }
    assert set(plan.facts) == {"turn.order"}


def test_a_number_nobody_can_look_up_is_held(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("logistics_query", orders=None, unknown_order="123456"))
    assert (plan.act, plan.scene) == (Act.HOLD, "order_lookup")
    assert [one.what for one in plan.promises] == ["hold"]
    assert {"turn.order", "hold.return_at"} <= set(plan.facts)


def test_several_orders_are_asked_about_by_product_and_day_only(a: Any, playbooks: Any) -> None:
    one = a.shipped(id="1", items=[{"name": "台灯"}])
    two = a.shipped(id="2", items=[{"name": "鼠标"}])
    plan = planned(playbooks, a.situation("logistics_query", orders=(one, two), candidates=("1", "2")))
    assert plan.scene == "order_which"
    assert set(plan.facts) == {f"order.{id}.{name}" for id in "12" for name in ("item.1.name", "created_at")}
    assert plan.order is None


def test_orders_that_look_the_same_are_for_a_person(a: Any, playbooks: Any) -> None:
    one, two = a.shipped(id="1"), a.shipped(id="2")
    plan = decide(playbooks, a.situation("logistics_query", orders=(one, two), candidates=("1", "2")))
    assert plan == NoPlan(reason=Reason.ORDER_AMBIGUOUS, candidates=("1", "2"))


def test_more_than_three_are_not_listed(a: Any, playbooks: Any) -> None:
    orders = tuple(a.shipped(id=str(n), items=[{"name": f"货{n}"}]) for n in range(4))
    plan = planned(playbooks, a.situation("logistics_query", orders=orders, candidates=tuple("0123")))
    assert (plan.scene, plan.facts) == ("order", {})


def test_an_issue_without_order_takes_no_fact_of_one(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("off_platform_request", about=a.order()))
    assert plan.order is None
    assert not [id for id in plan.facts if id.startswith("order.")]


def test_a_question_for_the_order_stands_alone(a: Any, playbooks: Any) -> None:
    plan = planned(
        playbooks, a.situation("logistics_query", "address_change", orders=(a.order(),), unknown_order="123456")
    )
    assert (plan.scene, plan.secondary) == ("order_check", ())


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("锅怎么还没发货", ("手绘陶瓷杯", "麦饭石不粘炒锅 24cm"), (1,)),
        ("杯子碎了", ("手绘陶瓷杯", "麦饭石不粘炒锅 24cm"), (0,)),
        ("灯到哪了", ("磁吸台灯", "落地灯"), ()),
        ("盒子压坏了", ("手作茶具礼盒", "手绘陶瓷杯"), ()),
        ("T恤领口脱线了", ("纯棉圆领T恤", "高腰直筒牛仔裤"), (0,)),
        ("裤子领口脱线了", ("纯棉圆领T恤", "高腰直筒牛仔裤"), (1,)),
        ("the mug is cracked", ("Speckled mug, set of 2", "High-rise leggings"), (0,)),
    ],
)
def test_a_thing_is_known_by_what_it_is_one_of(text: str, names: tuple[str, ...], found: tuple[int, ...]) -> None:
    assert named_in(text, names) == found
