"""The turns of the bar for wording: exactly these options, amounts and dates come out of their facts."""

from datetime import datetime
from typing import Any

import pytest

from copilot.domain.order import Order, Product
from copilot.domain.plan import Act, Plan
from copilot.playbook import decide

JEANS = Product.model_validate(
    {
        "id": "p9",
        "name": "straight jean",
        "attributes": {"fit": "slim", "hip_in_by_size": {"M": 38, "L": 40.5, "XL": 43}, "stock_by_size": {"L": 20}},
    }
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan), plan
    return plan


def test_broken_cups_reship_by_tomorrow_or_half_back(a: Any, playbooks: Any) -> None:
    plan = planned(
        playbooks, a.situation("damaged", about=a.order(), photos=1, text="刚拆开碎了两个!!包装也太随便了吧")
    )
    assert [(one.id, one.key, one.action) for one in plan.options] == [
        ("A", "reship", "reship"),
        ("B", "refund_keep", "refund"),
    ]
    assert plan.facts["option.reship.by"].value == "2026-11-23T18:00:00+08:00"
    assert plan.facts["option.refund_keep.amount"].value == {"amount": "29.95", "currency": "CNY"}
    assert plan.facts["turn.photo"].value == "received"
    assert "turn.shards" in plan.facts
    assert plan.empathy
    assert plan.follow_up_hours == (24, 48)
    assert not plan.asks
    # Neither date binds before the buyer chooses.
    assert not plan.promises


def test_delivered_but_not_there(a: Any, playbooks: Any) -> None:
    order = Order.model_validate(
        {
            "id": "577408813309944127",
            "status": "delivered",
            "delivered_at": "2026-11-02T16:12:00-05:00",
            "total": {"amount": "34.99", "currency": "USD"},
            "items": [{"product_id": "p2", "name": "table lamp", "price": {"amount": "34.99", "currency": "USD"}}],
            "shipments": [
                {
                    "carrier": "USPS",
                    "tracking_no": "94001",
                    "status": "delivered",
                    "events": [{"at": "2026-11-02T16:12:00-05:00", "text": "Delivered, front door"}],
                }
            ],
        }
    )
    situation = a.situation(
        "not_received",
        about=order,
        profile="tiktok_shop.us",
        language="en",
        now=at("2026-11-03T10:20:00-05:00"),
        text="says delivered yesterday, nothing here, checked w/ neighbors. 2nd time wtf",
    )
    plan = planned(playbooks, situation)
    assert [(one.id, one.key) for one in plan.options] == [("A", "reship"), ("B", "refund_full")]
    assert str(plan.facts["option.reship.by"].value).startswith("2026-11-05")
    assert plan.facts["option.refund_full.amount"].value == {"amount": "34.99", "currency": "USD"}
    assert plan.facts[f"order.{order.id}.delivered_at"].value == "2026-11-02T16:12:00-05:00"
    assert plan.facts["turn.checked"].value == "mentioned"


def test_jeans_too_tight_exchange_for_the_next_size_or_return(a: Any, playbooks: Any) -> None:
    order = Order.model_validate(
        {
            "id": "5774",
            "status": "delivered",
            "delivered_at": "2026-11-19T14:00:00-05:00",
            "total": {"amount": "42.00", "currency": "USD"},
            "items": [
                {
                    "product_id": "p9",
                    "name": "straight jean",
                    "sku": "M",
                    "price": {"amount": "42.00", "currency": "USD"},
                }
            ],
        }
    )
    situation = a.situation(
        "size_mismatch",
        about=order,
        profile="tiktok_shop.us",
        language="en",
        now=at("2026-11-21T19:30:00-05:00"),
        products=(JEANS,),
        text="M jeans way too tight on the hips lol, normally a M. what now",
    )
    plan = planned(playbooks, situation)
    assert [one.key for one in plan.options] == ["exchange", "return_refund"]
    facts = plan.facts
    assert facts["option.exchange.size"].value == "L"
    assert (facts["fit.value_had"].value, facts["fit.value"].value, facts["fit.difference"].value) == (
        "38",
        "40.5",
        "2.5",
    )
    assert facts["fit.in_stock"].value == "in_stock"
    assert facts["option.return_refund.amount"].value == {"amount": "42.00", "currency": "USD"}
    assert all(facts[f"option.{key}.label"].value == "prepaid" for key in ("exchange", "return_refund"))
    assert facts["terms.return_days"].value == 30
    assert facts["product.p9.attributes.fit"].value == "slim"


def refunded(a: Any, **terms: Any) -> Any:
    order = Order.model_validate(
        {
            "id": "5773",
            "status": "delivered",
            "delivered_at": "2026-10-26T12:00:00-04:00",
            "total": {"amount": "58.20", "currency": "USD"},
            "items": [{"product_id": "p3", "name": "sneakers"}],
            "after_sales": [
                {
                    "id": "40355",
                    "kind": "return",
                    "status": "refunded",
                    "amount": {"amount": "58.20", "currency": "USD"},
                    "received_at": "2026-11-01T10:00:00-05:00",
                    "refunded_at": "2026-11-03T15:20:00-05:00",
                    "refund_to": "Visa",
                }
            ],
        }
    )
    return a.situation(
        "refund_status",
        about=order,
        profile="tiktok_shop.us",
        language="en",
        now=at("2026-11-14T11:00:00-05:00"),
        terms=terms,
        risks=["platform_complaint"],
        text="sent the shoes back 2 weeks ago, still nothing. sort it today or I report you to TikTok",
    )


def test_a_refund_on_its_way_has_a_date_and_no_choice(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, refunded(a, refund_trace=True))
    assert (plan.act, plan.scene, plan.options) == (Act.ANSWER, "refunded", ())
    facts = {id.removeprefix("after_sale.40355"): fact.value for id, fact in plan.facts.items()}
    assert facts[".amount"] == {"amount": "58.20", "currency": "USD"}
    assert str(facts[".refunded_at"]).startswith("2026-11-03")
    assert str(facts[".received_at"]).startswith("2026-11-01")
    assert facts[".refund_to"] == "Visa"
    # Ten business days after 3 November, without the bank holiday of the 11th.
    assert facts[".arrives_by"] == "2026-11-18"
    assert [(one.what, one.due.date().isoformat()) for one in plan.promises] == [("refund_trace", "2026-11-18")]


def test_nobody_promises_a_payment_case_that_the_shop_did_not_decide(a: Any, playbooks: Any) -> None:
    assert planned(playbooks, refunded(a)).promises == ()


def test_price_drop_within_protection(a: Any, playbooks: Any) -> None:
    order = a.to_ship(
        created_at="2026-11-02T21:14:00+08:00",
        total={"amount": "129.00", "currency": "CNY"},
        items=[{"product_id": "p4", "name": "开衫", "price": {"amount": "129.00", "currency": "CNY"}}],
    )
    product = Product.model_validate({"id": "p4", "name": "开衫", "price": {"amount": "99.00", "currency": "CNY"}})
    terms = {"price_protection_days": 7, "voucher": {"amount": {"amount": "40.00", "currency": "CNY"}, "days": 30}}
    found: dict[str, Plan] = {}
    for name, now, given in (
        ("in", "2026-11-03T10:20:00+08:00", terms),
        ("over", "2026-11-10T10:20:00+08:00", terms),
        ("none", "2026-11-03T10:20:00+08:00", {}),
    ):
        situation = a.situation("price_promotion", about=order, products=(product,), terms=given, now=at(now))
        found[name] = planned(playbooks, situation)
    plan = found["in"]
    assert [one.key for one in plan.options] == ["refund_difference", "voucher"]
    assert plan.facts["option.refund_difference.amount"].value == {"amount": "30.00", "currency": "CNY"}
    assert plan.facts["option.refund_difference.deadline"].value == "2026-11-09"
    assert plan.facts["option.voucher.days"].value == 30
    assert [(found[name].act, found[name].scene) for name in ("over", "none")] == [
        (Act.DECLINE, "protection_over"),
        (Act.DECLINE, "no_protection"),
    ]


def test_without_an_order_nothing_is_said_about_what_was_paid(a: Any, playbooks: Any) -> None:
    product = Product.model_validate({"id": "p4", "name": "开衫", "price": {"amount": "99.00", "currency": "CNY"}})
    plan = planned(playbooks, a.situation("price_promotion", products=(product,)))
    assert (plan.act, plan.scene) == (Act.ANSWER, "price")
    assert plan.facts["product.p4.price"].value == {"amount": "99.00", "currency": "CNY"}


@pytest.mark.parametrize(("stock", "offered"), [(18, ["exchange", "return_refund"]), (0, ["return_refund"])])
def test_a_size_whose_own_stock_nobody_states_is_for_the_agent_to_look_up(
    a: Any, playbooks: Any, stock: int, offered: list[str]
) -> None:
    product = {"id": "p39", "name": "牛仔裤", "status": "live", "stock": stock}
    table = Product.model_validate({**product, "attributes": {"waist_cm_by_size": {"S": 66, "M": 70, "L": 74}}})
    about = a.order(items=[{"product_id": "p39", "name": "牛仔裤", "sku": "深蓝 L", "quantity": 1}])
    situation = a.situation("size_mismatch", about=about, products=(table,), text="腰太大了 L换M行吗")
    assert [one.key for one in planned(playbooks, situation).options] == offered
