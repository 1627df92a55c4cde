"""Another size or colour than was meant: what is true of an order that has not left, and of one that has."""

from typing import Any

import pytest

from copilot.domain.order import Product
from copilot.domain.plan import Act, Plan
from copilot.playbook import decide

PICKED = {"wish": "size_picked"}


def planned(a: Any, playbooks: Any, about: Any, text: str, stock: int = 4) -> Plan:
    sized = {"M": 3, "L": stock}
    product = Product.model_validate(
        {"id": "p1", "name": "杯子", "status": "live", "attributes": {"stock_by_size": sized}}
    )
    situation = a.situation("return_exchange", about=about, read=PICKED, text=text, products=(product,))
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan)
    return plan


@pytest.mark.parametrize("text", ["拍错码了,要L", "ordered M by mistake, need an L", "颜色拍错了"])
def test_the_warehouse_says_whether_it_can_be_changed_and_cancelling_is_sure(a: Any, playbooks: Any, text: str) -> None:
    plan = planned(a, playbooks, a.to_ship(), text)
    assert (plan.act, plan.scene) == (Act.OFFER, "wrong_pick")
    assert [one.key for one in plan.options] == ["cancel_refund"]
    assert [one.what for one in plan.promises] == ["hold"]
    assert {id for id in plan.points if id.startswith("fit.")} <= {"fit.size", "fit.size_had", "fit.in_stock"}


@pytest.mark.parametrize("text", ["拍错码了,要L", "ordered M by mistake, need an L"])
def test_a_size_that_is_sold_out_is_not_held_out(a: Any, playbooks: Any, text: str) -> None:
    plan = planned(a, playbooks, a.to_ship(), text, stock=0)
    assert (plan.act, plan.scene, plan.promises) == (Act.OFFER, "wrong_pick_gone", ())


def test_what_has_left_can_be_sent_back_when_it_is_there(a: Any, playbooks: Any) -> None:
    plan = planned(a, playbooks, a.shipped(), "拍错码了,要L")
    assert (plan.act, plan.scene, plan.options) == (Act.ANSWER, "wrong_pick_shipped", ())


def test_what_has_come_is_exchanged(a: Any, playbooks: Any) -> None:
    plan = planned(a, playbooks, a.order(), "拍错码了,想换L")
    assert (plan.act, [one.action for one in plan.options]) == (Act.OFFER, ["exchange"])
