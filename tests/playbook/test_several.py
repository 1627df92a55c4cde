"""Several orders of one buyer: the same twice, which of them comes, and how they are told apart in a question."""

from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook import decide

OTHER = "6938166200417709399"


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan), plan
    return plan


def test_the_order_that_was_placed_twice_is_cancelled_once(a: Any, playbooks: Any) -> None:
    first, second = a.to_ship(), a.to_ship(id=OTHER, created_at=a.NOW - timedelta(minutes=20))
    plan = planned(
        playbooks,
        a.situation("cancel_order", about=second, orders=(first, second), read={"wish": "twice"}, text="拍重了,退一单"),
    )
    assert (plan.act, plan.scene, [one.key for one in plan.options]) == (Act.OFFER, "twice", ["cancel_refund"])
    assert f"order.{OTHER}.created_at" in plan.points


def test_the_only_one_to_be_seen_is_not_cancelled(a: Any, playbooks: Any) -> None:
    plan = planned(
        playbooks, a.situation("cancel_order", about=a.to_ship(), read={"wish": "twice"}, text="拍重了,退一单")
    )
    assert (plan.act, plan.scene, plan.options) == (Act.HOLD, "twice_unseen", ())


def test_a_cancelled_one_is_no_twin(a: Any, playbooks: Any) -> None:
    first, second = a.order(status="cancelled", delivered_at=None), a.to_ship(id=OTHER)
    plan = planned(
        playbooks,
        a.situation("cancel_order", about=second, orders=(first, second), read={"wish": "twice"}, text="退一单"),
    )
    assert plan.scene == "twice_unseen"


def test_orders_of_one_name_are_told_apart_by_their_hour(a: Any, playbooks: Any) -> None:
    first, second = a.to_ship(), a.to_ship(id=OTHER, created_at=a.NOW - timedelta(minutes=20))
    plan = planned(
        playbooks, a.situation("cancel_order", orders=(first, second), candidates=(first.id, OTHER), text="取消订单")
    )
    assert (plan.act, plan.scene) == (Act.ASK, "order_which")
    same = decide(
        playbooks, a.situation("cancel_order", orders=(first, a.to_ship(id=OTHER)), candidates=(first.id, OTHER))
    )
    assert same == NoPlan(reason=Reason.ORDER_AMBIGUOUS, candidates=(first.id, OTHER))


@pytest.mark.parametrize("chosen", [True, False])
def test_which_parcel_comes_is_told_of_each(a: Any, playbooks: Any, chosen: bool) -> None:
    under_way = a.shipped(shipments=[a.parcel(eta_in=0)])
    waiting = a.to_ship(id=OTHER, items=[{"product_id": "p2", "name": "雪地靴"}])
    plan = planned(
        playbooks,
        a.situation(
            "logistics_query",
            about=under_way if chosen else None,
            orders=(under_way, waiting),
            candidates=() if chosen else (under_way.id, OTHER),
            read={"wish": "which_parcel"},
            text="今天到的是哪个",
        ),
    )
    assert (plan.act, plan.scene, plan.order, plan.options) == (Act.ANSWER, "each_parcel", None, ())
    assert {f"order.{under_way.id}.shipment", "shipment.SF1.eta", f"order.{OTHER}.status"} <= set(plan.points)
    assert f"order.{OTHER}.shipment" not in plan.facts


def test_days_that_a_notice_makes_doubtful_are_not_told(a: Any, playbooks: Any) -> None:
    orders = (a.shipped(), a.to_ship(id=OTHER, items=[{"product_id": "p2", "name": "雪地靴"}]))
    plan = planned(
        playbooks,
        a.situation(
            "logistics_query", orders=orders, dates_unsure=True, read={"wish": "which_parcel"}, text="今天到哪个"
        ),
    )
    assert plan.scene == "each_parcel"
    assert not [id for id in plan.facts if id.endswith(".eta")]


def test_the_only_one_under_way_is_told_by_itself(a: Any, playbooks: Any) -> None:
    under_way = a.shipped()
    plan = planned(
        playbooks,
        a.situation(
            "logistics_query", about=under_way, orders=(under_way, a.order(id=OTHER)), read={"wish": "which_parcel"}
        ),
    )
    assert (plan.scene, plan.order and plan.order.id) == ("in_transit", under_way.id)
