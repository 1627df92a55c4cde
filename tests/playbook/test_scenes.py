from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook import decide

AFTER_SALE = {"id": "as1", "kind": "refund", "status": "processing", "amount": {"amount": "59.90", "currency": "CNY"}}


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan), plan
    return plan


def cases(a: Any) -> dict[str, tuple[str, Any, str, str, dict[str, Any]]]:
    old = {"delivered_at": a.NOW - timedelta(days=8)}
    photo = {"photos": 1}
    return {
        "query-unpaid": ("logistics_query", a.order(status="unpaid", delivered_at=None), "answer", "unpaid", {}),
        "query-cancelled": (
            "logistics_query",
            a.order(status="cancelled", delivered_at=None),
            "answer",
            "cancelled",
            {},
        ),
        "query-to-ship": ("logistics_query", a.to_ship(), "answer", "to_ship", {}),
        "query-to-ship-unknown": ("logistics_query", a.to_ship(ship_in=None), "answer", "to_ship", {}),
        "query-ship-late": ("logistics_query", a.to_ship(ship_in=-1), "answer", "ship_late", {}),
        "query-transit": ("logistics_query", a.shipped(), "answer", "in_transit", {}),
        "query-late": ("logistics_query", a.shipped(shipments=[a.parcel(eta_in=-2)]), "answer", "late", {}),
        "query-eta-today": (
            "logistics_query",
            a.shipped(shipments=[a.parcel(eta_in=-0.2)]),
            "answer",
            "in_transit",
            {},
        ),
        "query-stalled": (
            "logistics_query",
            a.shipped(shipments=[a.parcel(days_still=4, eta_in=None)]),
            "offer",
            "stalled",
            {},
        ),
        "query-still-but-due-later": (
            "logistics_query",
            a.shipped(shipments=[a.parcel(days_still=4, eta_in=3)]),
            "answer",
            "in_transit",
            {},
        ),
        "query-delivered": ("logistics_query", a.order(), "answer", "delivered", {}),
        "query-no-tracking": ("logistics_query", a.shipped(shipments=[]), "hold", "no_tracking", {}),
        "query-unknown-status": (
            "logistics_query",
            a.order(status="unknown", delivered_at=None),
            "hold",
            "no_tracking",
            {},
        ),
        "delay-not-due": ("delivery_delay", a.to_ship(), "answer", "not_due_yet", {}),
        "delay-ship-late": ("delivery_delay", a.to_ship(ship_in=-1), "offer", "ship_late", {}),
        "delay-no-date": ("delivery_delay", a.to_ship(ship_in=None), "hold", "no_tracking", {}),
        "delay-on-time": ("delivery_delay", a.shipped(), "answer", "in_transit_on_time", {}),
        "delay-no-eta": ("delivery_delay", a.shipped(shipments=[a.parcel(eta_in=None)]), "answer", "in_transit", {}),
        "delay-late": ("delivery_delay", a.shipped(shipments=[a.parcel(eta_in=-2)]), "answer", "in_transit_late", {}),
        "delay-stalled": (
            "delivery_delay",
            a.shipped(shipments=[a.parcel(days_still=4, eta_in=-1)]),
            "offer",
            "stalled",
            {},
        ),
        "delay-delivered": ("delivery_delay", a.order(), "answer", "delivered", {}),
        "lost-stalled": (
            "lost_parcel",
            a.shipped(shipments=[a.parcel(days_still=9, eta_in=-5)]),
            "offer",
            "stalled",
            {},
        ),
        "damaged-photo": ("damaged", a.order(), "offer", "decide", photo),
        "damaged-no-photo": ("damaged", a.order(), "ask", "photo_missing", {}),
        "damaged-too-late": ("damaged", a.order(**old), "decline", "too_late", photo),
        "damaged-in-progress": ("damaged", a.order(after_sales=[AFTER_SALE]), "answer", "in_progress", photo),
        "damaged-before-shipping": ("damaged", a.to_ship(), "hold", "checking", photo),
        "refund-before": ("refund_request", a.to_ship(), "offer", "before_shipping", {}),
        "refund-transit": ("refund_request", a.shipped(), "answer", "in_transit", {}),
        "refund-after": ("refund_request", a.order(), "offer", "after_delivery", {}),
        "refund-too-late": ("refund_request", a.order(**old), "decline", "too_late", {}),
        "refund-in-progress": ("refund_request", a.order(after_sales=[AFTER_SALE]), "answer", "in_progress", {}),
        "refund-closed-request": (
            "refund_request",
            a.order(after_sales=[AFTER_SALE | {"status": "closed"}]),
            "offer",
            "after_delivery",
            {},
        ),
        "return-window": ("return_exchange", a.order(), "offer", "within_window", {}),
        "return-too-late": ("return_exchange", a.order(**old), "decline", "too_late", {}),
        "return-in-progress": ("return_exchange", a.order(after_sales=[AFTER_SALE]), "answer", "in_progress", {}),
        "return-transit": ("return_exchange", a.shipped(), "answer", "before_delivery", {}),
        "cancel-shipped": ("cancel_order", a.shipped(), "answer", "shipped", {}),
        "cancel-before": ("cancel_order", a.to_ship(), "offer", "before_shipping", {}),
        "not-received": ("not_received", a.order(), "offer", "delivered", {}),
        "not-received-transit": ("not_received", a.shipped(), "answer", "in_transit", {}),
        "status-none": ("refund_status", a.order(), "hold", "not_requested", {}),
        "status-running": ("refund_status", a.order(after_sales=[AFTER_SALE]), "answer", "in_progress", {}),
        "status-rejected": (
            "refund_status",
            a.order(after_sales=[AFTER_SALE | {"status": "rejected"}]),
            "hold",
            "rejected",
            {},
        ),
        "wrong-item": ("wrong_item", a.order(), "offer", "decide", photo),
        "missing-item": ("missing_item", a.order(), "offer", "decide", photo),
        "faulty": ("quality_defect", a.order(), "offer", "decide", photo),
    }


class _Names:
    """Stands in for the builders where only the names of the cases are wanted."""

    NOW = datetime(2026, 1, 1, tzinfo=UTC)

    @staticmethod
    def order(**_: Any) -> None: ...

    shipped = to_ship = parcel = order


NAMES = tuple(cases(_Names))


@pytest.mark.parametrize("name", NAMES)
def test_an_order_leads_to_its_scene(name: str, a: Any, playbooks: Any) -> None:
    issue, order, act, scene, more = cases(a)[name]
    plan = planned(playbooks, a.situation(issue, about=order, **more))
    assert (plan.act.value, plan.scene) == (act, scene)
    assert set(plan.points) <= set(plan.facts)
    assert plan.order is not None
    assert (plan.act is Act.OFFER) == bool(plan.options)


def test_a_scene_that_holds_promises_when_it_returns(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("logistics_query", about=a.shipped(shipments=[])))
    promise = plan.promises[0]
    assert (promise.what, promise.fact) == ("hold", "hold.return_at")
    # Two hours after 15:02, on the next quarter.
    assert promise.due.isoformat() == "2026-11-22T17:15:00+08:00"
    assert plan.facts["hold.return_at"].value == promise.due.isoformat()


def test_the_desk_does_not_return_at_night(a: Any, playbooks: Any) -> None:
    late = a.NOW.replace(hour=21)
    plan = planned(playbooks, a.situation("logistics_query", about=a.shipped(shipments=[]), now=late))
    assert plan.promises[0].due.isoformat() == "2026-11-23T09:00:00+08:00"


def test_a_shop_that_never_said_when_it_returns_holds_nothing(a: Any, playbooks: Any) -> None:
    situation = a.situation("logistics_query", about=a.shipped(shipments=[]), terms={"hold_minutes": None})
    assert decide(playbooks, situation) == NoPlan(reason=Reason.FACTS_MISSING)


def test_dates_that_a_notice_makes_doubtful_are_not_said(a: Any, playbooks: Any) -> None:
    for order in (a.to_ship(), a.shipped()):
        plan = planned(playbooks, a.situation("logistics_query", about=order, dates_unsure=True))
        assert not [id for id in plan.facts if id.endswith((".ship_by", ".eta"))]


def test_one_order_one_parcel_one_after_sale_in_a_plan(a: Any, playbooks: Any) -> None:
    order = a.shipped(shipments=[a.parcel(number="SF1"), a.parcel(number="SF2", days_still=1)])
    other = a.to_ship(id="999")
    situation = a.situation("logistics_query", about=order, orders=(order, other))
    plan = planned(playbooks, situation)
    assert {id.split(".")[1] for id in plan.facts if id.startswith("order.")} == {order.id}
    assert len({id.split(".")[1] for id in plan.facts if id.startswith("shipment.")}) == 1


def test_terms_are_said_only_where_a_scene_needs_them(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("logistics_query", about=a.shipped()))
    assert not [id for id in plan.facts if id.startswith(("terms.", "hold."))]
    plan = planned(playbooks, a.situation("refund_request", about=a.shipped()))
    assert plan.facts["terms.return_days"].value == 7
