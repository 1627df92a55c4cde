"""What is planned where a whole turn says what none of its clauses says alone."""

from dataclasses import replace
from typing import Any

import pytest

from copilot.domain.case import Case, Commitment, Option, OrderChoice, OrderWhy
from copilot.domain.issue import Evidence, Issue, IssueReading
from copilot.domain.money import Money
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook import decide

ORDER = "6938166200417709313"
REFUNDED = {
    "id": "4035508844120",
    "kind": "refund",
    "status": "refunded",
    "amount": {"amount": "51.90", "currency": "CNY"},
    "refunded_at": "2026-11-21T15:20:00+08:00",
}


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert not isinstance(plan, NoPlan), plan
    return plan


def saying(a: Any, issue: str, wish: str, **order: Any) -> Any:
    return a.situation(issue, about=a.order(**order), read={"wish": wish})


def test_a_crushed_box_is_offered_nothing_and_asked_nothing(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, saying(a, "damaged", "packaging"))
    assert (plan.act, plan.scene, plan.options, plan.asks, plan.empathy) == (Act.ANSWER, "packaging", (), (), False)
    broken = planned(playbooks, saying(a, "damaged", ""))
    assert (broken.act, broken.asks) == (Act.ASK, ("photo",))


def test_a_refund_below_what_was_paid_says_both_and_is_looked_into(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, saying(a, "refund_status", "short_refund", after_sales=[REFUNDED]))
    assert (plan.act, plan.scene) == (Act.HOLD, "short")
    gap = plan.facts["after_sale.4035508844120.gap"]
    assert (gap.value, gap.source) == ({"amount": "8.00", "currency": "CNY"}, "computed")
    assert f"order.{ORDER}.total" in plan.points
    assert [one.what for one in plan.promises] == ["hold"]


TAKEN = Option(id="B", title="退您51.9元", action="refund", cost=Money(amount="51.90", currency="CNY"))
OTHER = Option(id="A", title="重新寄一套", action="reship")


@pytest.mark.parametrize(
    ("changes", "scene"),
    [
        ({"offered": (OTHER, TAKEN), "chosen": "B"}, "short_agreed"),
        ({"offered": (OTHER, TAKEN), "chosen": "A"}, "short"),
        ({"offered": (OTHER, TAKEN)}, "short"),
        ({"commitments": (Commitment(what="refund", amount=TAKEN.cost, order=ORDER),)}, "short_agreed"),
        ({"commitments": (Commitment(what="refund", amount=TAKEN.cost, order="1"),)}, "short"),
        ({"order": OrderChoice(id="1", why=OrderWhy.CARD), "offered": (TAKEN,), "chosen": "B"}, "short"),
    ],
    ids=["taken", "the-other-taken", "only-offered", "promised", "promised-for-another", "taken-for-another"],
)
def test_a_part_that_was_agreed_is_not_short(changes: dict[str, Any], scene: str, a: Any, playbooks: Any) -> None:
    case = Case(issue=Issue.DAMAGED, order=OrderChoice(id=ORDER, why=OrderWhy.CARD)).model_copy(update=changes)
    asked = replace(saying(a, "refund_status", "short_refund", after_sales=[REFUNDED]), cases=(case,))
    assert planned(playbooks, asked).scene == scene


def test_a_whole_refund_is_called_whole(a: Any, playbooks: Any) -> None:
    whole = REFUNDED | {"amount": {"amount": "59.90", "currency": "CNY"}}
    plan = planned(playbooks, saying(a, "refund_status", "short_refund", after_sales=[whole]))
    assert (plan.act, plan.scene) == (Act.ANSWER, "short_whole")


ITEM = {"product_id": "p1", "name": "手绘陶瓷杯", "price": {"amount": "30.00", "currency": "CNY"}}


@pytest.mark.parametrize(
    "order",
    [
        {"items": [ITEM, ITEM | {"product_id": "p2", "name": "棉麻桌布"}], "after_sales": [REFUNDED]},
        {"after_sales": [REFUNDED, REFUNDED | {"id": "4035508844121"}]},
        {"total": None, "after_sales": [REFUNDED]},
        {"total": {"amount": "59.90", "currency": "USD"}, "after_sales": [REFUNDED]},
        {"after_sales": [REFUNDED | {"amount": {"amount": "70.00", "currency": "CNY"}}]},
        {"after_sales": [REFUNDED | {"status": "processing", "refunded_at": None}]},
    ],
    ids=["two-lines", "two-refunds", "total-unknown", "other-currency", "more-than-paid", "under-way"],
)
def test_what_cannot_be_compared_is_only_looked_into(order: dict[str, Any], a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, saying(a, "refund_status", "short_refund", **order))
    assert (plan.act, plan.scene) == (Act.HOLD, "short_open")
    assert not any(id.endswith(".gap") for id in plan.facts)


def test_goods_refunded_without_a_return_are_kept(a: Any, playbooks: Any) -> None:
    order = {"after_sales": [REFUNDED], "delivered_at": "2026-11-20T14:20:00+08:00"}
    plan = planned(playbooks, saying(a, "refund_status", "keep_refunded", **order))
    assert (plan.act, plan.scene, plan.options) == (Act.ANSWER, "keep", ())


@pytest.mark.parametrize(
    "order",
    [
        {"after_sales": [REFUNDED | {"kind": "return"}]},
        {"after_sales": [REFUNDED | {"status": "processing", "refunded_at": None}]},
        {"after_sales": [REFUNDED], "status": "shipped", "delivered_at": None},
        {"after_sales": [REFUNDED], "delivered_at": "2026-11-22T14:20:00+08:00"},
        {},
    ],
    ids=["a-return", "not-refunded-yet", "not-delivered", "refunded-on-its-way", "no-request"],
)
def test_whether_goods_may_be_kept_is_nobodys_guess(order: dict[str, Any], a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, saying(a, "refund_status", "keep_refunded", **order))
    assert (plan.act, plan.scene, plan.options) == (Act.HOLD, "keep_unsure", ())


@pytest.mark.parametrize("ordered", [True, False])
def test_what_smells_odd_goes_to_a_supervisor_and_nothing_is_offered(ordered: bool, a: Any, playbooks: Any) -> None:
    plan = planned(
        playbooks, a.situation("usage_question", about=a.order() if ordered else None, read={"wish": "safe"})
    )
    assert (plan.act, plan.scene, plan.options) == (Act.HOLD, "safe", ())
    assert plan.escalation is not None
    assert plan.escalation.to == "supervisor"


def test_paying_on_delivery_is_a_way_to_pay_and_no_failed_payment(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("payment_account", read={"wish": "on_delivery"}))
    assert (plan.act, plan.scene, plan.asks) == (Act.ANSWER, "methods", ())


LAMP = {"id": "6938166200417709399", "items": [{"product_id": "p9", "name": "北欧台灯"}]}


@pytest.mark.parametrize(
    ("wish", "said", "secondary"),
    [
        ("packaging", "台灯不要了,给我退款", [Issue.REFUND_REQUEST]),
        ("packaging", "给我退款", [Issue.REFUND_REQUEST]),
        ("", "台灯不要了,给我退款", [Issue.REFUND_REQUEST]),
        ("", "给我退款", []),
        ("", "杯子给我退款", []),
    ],
)
def test_a_remedy_is_open_where_the_fault_is_no_reason_for_it(
    wish: str, said: str, secondary: list[Issue], a: Any, playbooks: Any
) -> None:
    text = f"杯子的箱子压扁了,{said}"
    spans = (("damaged", 0, 9), ("refund_request", 9, len(text)))
    issues = tuple(
        IssueReading(issue=Issue(name), confidence=0.9, evidence=Evidence(start=start, end=end, text=text[start:end]))
        for name, start, end in spans
    )
    asked = a.situation("damaged", about=a.order(), text=text, read={"wish": wish})
    asked = replace(
        asked,
        understanding=asked.understanding.model_copy(update={"issues": issues}),
        orders=(a.order(), a.to_ship(**LAMP)),
    )
    assert list(planned(playbooks, asked).secondary) == secondary
