from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.case import Case, Option, OrderChoice, OrderWhy
from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.domain.order import Product
from copilot.domain.plan import Act, Plan
from copilot.playbook import Authority, decide


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan), plan
    return plan


def cny(amount: str) -> Money:
    return Money(amount=amount, currency="CNY")


def left_out(plan: Plan) -> dict[str, str]:
    return {one.key: one.reason for one in plan.not_offered}


def test_what_is_above_the_ceiling_is_left_out(a: Any, playbooks: Any) -> None:
    for limit, offered in (("59.90", {"reship", "refund_keep"}), ("59.89", {"refund_keep", "return_refund"})):
        situation = a.situation("damaged", about=a.order(), photos=1, authority=Authority(per_order=cny(limit)))
        plan = planned(playbooks, situation)
        assert {one.key for one in plan.options} == offered
        assert plan.escalation is None
    assert left_out(plan)["reship"] == "over_ceiling"


def test_a_supervisor_is_asked_only_when_nothing_else_fits(a: Any, playbooks: Any) -> None:
    situation = a.situation("not_received", about=a.order(), authority=Authority(per_order=cny("10")))
    plan = planned(playbooks, situation)
    assert (plan.act, plan.scene, plan.options) == (Act.HOLD, "approval", ())
    assert plan.escalation is not None
    assert (plan.escalation.to, plan.escalation.why) == ("supervisor", "over_ceiling")


def test_no_authority_no_money(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("not_received", about=a.order(), authority=Authority()))
    assert plan.scene == "approval"


def test_a_ceiling_in_another_currency_covers_nothing() -> None:
    authority = Authority(per_order=Money(amount="1000", currency="USD"))
    assert not authority.covers(cny("1"))
    assert authority.covers(cny("0"))


def test_what_was_given_on_the_order_before_counts(a: Any, playbooks: Any) -> None:
    order = a.order()
    given = Case(
        issue=Issue.DELIVERY_DELAY,
        order=OrderChoice(id=order.id, why=OrderWhy.CARD),
        offered=(Option(id="A", key="x", title="x", action="refund", cost=cny("30")),),
        chosen="A",
    )
    plan = planned(playbooks, a.situation("damaged", about=order, photos=1, cases=(given,)))
    # 59.90 and 30 pass the ceiling of 80 together, 29.95 and 30 do not.
    assert {one.key for one in plan.options} == {"refund_keep", "return_refund"}
    elsewhere = given.model_copy(update={"order": OrderChoice(id="other", why=OrderWhy.CARD)})
    plan = planned(playbooks, a.situation("damaged", about=order, photos=1, cases=(elsewhere,)))
    assert "reship" in {one.key for one in plan.options}


def test_a_missing_fact_is_unknown_and_says_which(a: Any, playbooks: Any) -> None:
    order = a.order(total=None, items=[{"product_id": "p1", "name": "杯子"}])
    plan = planned(playbooks, a.situation("damaged", about=order, photos=1))
    assert (plan.act, plan.scene) == (Act.HOLD, "checking")
    assert set(left_out(plan).values()) == {"fact_missing:item.total"}


def test_what_nobody_decided_is_unknown(a: Any, playbooks: Any) -> None:
    situation = a.situation("damaged", about=a.order(), photos=1, terms={"reship": None, "keep_refund_percent": None})
    plan = planned(playbooks, situation)
    assert [one.key for one in plan.options] == ["return_refund"]
    assert left_out(plan) == {
        "reship": "fact_missing:terms.reship",
        "refund_keep": "fact_missing:terms.keep_refund_percent",
    }


def test_a_shop_that_decided_nothing_checks_and_returns(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("damaged", about=a.order(), photos=1, profile="generic"))
    assert (plan.act, plan.scene) == (Act.HOLD, "checking")


def test_sold_out_goods_are_not_sent_again(a: Any, playbooks: Any) -> None:
    gone = Product.model_validate({"id": "p1", "name": "杯子", "stock": 0})
    plan = planned(playbooks, a.situation("damaged", about=a.order(), photos=1, products=(gone,)))
    assert left_out(plan)["reship"] == "not_eligible"


def test_a_share_of_the_line_not_of_the_order(a: Any, playbooks: Any) -> None:
    order = a.order(
        total=cny("100"),
        items=[
            {"product_id": "p1", "name": "杯子", "price": cny("20"), "quantity": 2},
            {"product_id": "p2", "name": "盘子", "price": cny("60")},
        ],
    )
    plan = planned(playbooks, a.situation("damaged", about=order, photos=1, product_cards=("p1",)))
    assert plan.facts["option.refund_keep.amount"].value == {"amount": "20.00", "currency": "CNY"}


def test_an_option_costs_what_it_gives(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("damaged", about=a.order(), photos=1))
    assert [one.cost for one in plan.options] == [cny("59.90"), cny("29.95")]
    assert [one.title for one in plan.options] == ["补发", "部分退款"]


def test_one_option_promises_its_date(a: Any, playbooks: Any) -> None:
    terms = {"keep_refund_percent": None, "fault_label": None}
    plan = planned(playbooks, a.situation("damaged", about=a.order(), photos=1, terms=terms))
    assert [one.key for one in plan.options] == ["reship"]
    assert [(one.what, one.fact) for one in plan.promises] == [("option.reship", "option.reship.by")]


def test_the_window_ends_with_its_last_day(a: Any, playbooks: Any) -> None:
    for days, scene in ((7, "after_delivery"), (8, "too_late")):
        order = a.order(delivered_at=a.NOW - timedelta(days=days))
        plan = planned(playbooks, a.situation("refund_request", about=order))
        assert plan.scene == scene


def test_one_lost_parcel_of_two_is_not_the_whole_order(a: Any, playbooks: Any) -> None:
    lost = a.parcel(number="SF1", days_still=6, eta_in=None)
    one = planned(playbooks, a.situation("delivery_delay", about=a.shipped(shipments=[lost])))
    assert {option.key for option in one.options} == {"reship", "refund_full"}
    two = a.shipped(shipments=[lost, a.parcel(number="SF2", days_still=6.5, eta_in=None)])
    plan = planned(playbooks, a.situation("delivery_delay", about=two))
    assert (plan.act, plan.scene) == (Act.HOLD, "checking")
    assert set(left_out(plan).values()) == {"fact_missing:shipment.whole"}


def test_a_lost_parcel_of_several_lines_is_replaced_as_a_whole(a: Any, playbooks: Any) -> None:
    price = cny("29.95")
    items = [{"product_id": f"p{n}", "name": f"货{n}", "price": price} for n in range(2)]
    plan = planned(playbooks, a.situation("not_received", about=a.order(items=items)))
    assert [(one.key, one.cost) for one in plan.options] == [("reship", cny("59.90")), ("refund_full", cny("59.90"))]


PART = {
    "id": "4035",
    "kind": "refund",
    "status": "refunded",
    "amount": {"amount": "20.00", "currency": "CNY"},
    "refunded_at": "2026-11-22T14:40:00+08:00",
}


def test_of_what_was_partly_refunded_only_the_rest_is_offered(a: Any, playbooks: Any) -> None:
    plan = decide(playbooks, a.situation("return_exchange", about=a.order(after_sales=[PART]), text="想退货"))
    assert isinstance(plan, Plan)
    back = next(one for one in plan.options if one.key == "return_refund")
    assert plan.facts["option.return_refund.amount"].value == {"amount": "39.90", "currency": "CNY"}
    assert plan.facts["option.return_refund.rest"].value == "rest"
    assert back.cost is not None
    assert back.cost.amount == "39.90"


def test_a_part_that_is_less_than_the_rest_stays_what_it_is(a: Any, playbooks: Any) -> None:
    plan = decide(playbooks, a.situation("damaged", about=a.order(after_sales=[PART]), photos=1, text="碎了一个"))
    assert isinstance(plan, Plan)
    assert plan.facts["option.refund_keep.amount"].value == {"amount": "29.95", "currency": "CNY"}
    assert "option.refund_keep.rest" not in plan.facts


@pytest.mark.parametrize(
    ("text", "scene"),
    [
        ("双11会便宜吗", "price_later"),
        ("is this gonna be on sale for black friday", "price_later"),
        ("这个现在多少钱", "price"),
        ("how much is it", "price"),
    ],
)
def test_what_it_will_cost_is_not_answered_by_what_it_costs(text: str, scene: str, a: Any, playbooks: Any) -> None:
    goods = (Product.model_validate({"id": "p1", "name": "杯", "price": {"amount": "39", "currency": "CNY"}}),)
    plan = planned(playbooks, a.situation("price_promotion", products=goods, text=text))
    assert plan.scene == scene
    assert bool(plan.promises) is (scene == "price_later")


ALL = PART | {"amount": {"amount": "59.90", "currency": "CNY"}}


@pytest.mark.parametrize("issue", ["damaged", "wrong_item", "not_received", "refund_request", "return_exchange"])
def test_who_was_paid_back_wholly_is_told_that_and_offered_nothing(issue: str, a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation(issue, about=a.order(after_sales=[ALL]), photos=1))
    assert (plan.issue, plan.scene, plan.options) == (Issue.REFUND_STATUS, "refunded", ())


def test_who_presses_in_a_case_that_was_paid_back_hears_of_the_money(a: Any, playbooks: Any) -> None:
    case = Case(issue=Issue.DAMAGED, empathy_given=True)
    plan = planned(playbooks, a.situation(about=a.order(after_sales=[ALL]), turn="chase", case=case, photos=1))
    assert (plan.issue, plan.options) == (Issue.REFUND_STATUS, ())


@pytest.mark.parametrize("issue", ["usage_question", "invoice", "review"])
def test_another_question_about_what_was_paid_back_stays_one(issue: str, a: Any, playbooks: Any) -> None:
    plan = decide(playbooks, a.situation(issue, about=a.order(after_sales=[ALL]), text="怎么用"))
    assert not isinstance(plan, Plan) or plan.issue is not Issue.REFUND_STATUS


def test_goods_are_not_sent_again_once_all_was_paid_back(a: Any, playbooks: Any) -> None:
    still = a.shipped(shipments=[a.parcel(days_still=6, eta_in=-3)], after_sales=[ALL])
    plan = planned(playbooks, a.situation("logistics_query", about=still))
    assert (plan.act, plan.options) == (Act.DECLINE, ())
