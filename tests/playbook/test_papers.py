"""Addresses, warranty, payment and invoices: what the shop decided, and what only the platform can do."""

from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.case import Case
from copilot.domain.issue import Issue
from copilot.domain.order import Product
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook import decide

LAMP: dict[str, Any] = {"id": "p1", "name": "台灯", "price": {"amount": "59.90", "currency": "CNY"}}


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan), plan
    return plan


def product(**attributes: Any) -> Product:
    return Product.model_validate({**LAMP, "attributes": attributes})


@pytest.mark.parametrize(
    ("order", "decided", "text", "act", "scene", "actions"),
    [
        ("to_ship", "until_shipped", "能改地址吗", "ask", "ask_address", []),
        ("to_ship", "until_shipped", "地址改成文三路88号3栋502", "offer", "change", ["change_address"]),
        ("to_ship", "never", "能改地址吗", "offer", "fixed", ["cancel_refund"]),
        ("to_ship", None, "能改地址吗", "hold", "checking", []),
        ("shipped", "until_shipped", "能改地址吗", "decline", "shipped", []),
        ("order", "until_shipped", "能改地址吗", "answer", "delivered", []),
    ],
)
def test_an_address_is_changed_as_the_shop_decided(
    order: str, decided: str | None, text: str, act: str, scene: str, actions: list[str], a: Any, playbooks: Any
) -> None:
    about = getattr(a, order)()
    plan = planned(playbooks, a.situation("address_change", about=about, text=text, terms={"address_change": decided}))
    assert (plan.act.value, plan.scene) == (act, scene)
    assert [one.action for one in plan.options] == actions
    assert [one.what for one in plan.promises] == (["hold"] if act in ("hold", "decline") else [])
    assert not [fact for fact in plan.facts.values() if "文三路" in str(fact.value)]


def test_an_address_given_before_is_not_asked_for_again(a: Any, playbooks: Any) -> None:
    given = Case(issue=Issue.ADDRESS_CHANGE, answered={"address": "文三路88号"})
    plan = planned(playbooks, a.situation(turn="answer", about=a.to_ship(), text="对", case=given))
    assert plan.scene == "change"


@pytest.mark.parametrize(
    ("stated", "terms", "ago", "scene", "end"),
    [
        ({"warranty_months": 12}, {}, 70, "covered", "2027-09-13"),
        ({"warranty_months": 12}, {}, 400, "over", "2026-10-18"),
        ({"warranty_days": 30}, {"warranty_days": 365}, 70, "over", "2026-10-13"),
        ({}, {"warranty_days": 365}, 70, "covered", "2027-09-13"),
        ({"warranty": "整机一年"}, {"warranty_days": 365}, 70, "stated", None),
        ({}, {}, 70, "not_stated", None),
    ],
)
def test_a_warranty_is_counted_from_delivery(
    stated: dict[str, Any], terms: dict[str, Any], ago: int, scene: str, end: str | None, a: Any, playbooks: Any
) -> None:
    about = a.order(delivered_at=a.NOW - timedelta(days=ago))
    situation = a.situation(
        "warranty", about=about, products=(product(**stated),), terms={"repair": "shop"} | terms, text="还在保修期吗"
    )
    plan = planned(playbooks, situation)
    assert plan.scene == scene
    assert (plan.facts["case.warranty_end"].value if "case.warranty_end" in plan.facts else None) == end
    assert [one.action for one in plan.options] == (["repair"] if scene == "covered" else [])


def test_months_end_within_their_month(a: Any, playbooks: Any) -> None:
    about = a.order(delivered_at="2026-08-31T12:00:00+08:00")
    situation = a.situation("warranty", about=about, products=(product(warranty_months=6),), terms={"repair": "buyer"})
    plan = planned(playbooks, situation)
    assert plan.facts["case.warranty_end"].value == "2027-02-28"
    assert plan.facts["option.repair.label"].value == "buyer"


def test_who_pays_for_a_repair_is_the_shop_s_decision(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("warranty", about=a.order(), products=(product(warranty_months=6),)))
    assert (plan.act, plan.scene) == (Act.HOLD, "covered_open")
    assert [one.reason for one in plan.not_offered] == ["fact_missing:terms.repair"]


def test_a_warranty_before_the_order(a: Any, playbooks: Any) -> None:
    goods = product(warranty_months=24)
    plan = planned(playbooks, a.situation("warranty", products=(goods,), text="保修多久"))
    assert (plan.act, plan.scene) == (Act.ANSWER, "stated")
    assert plan.points[0] == "product.p1.attributes.warranty_months"
    whole = planned(playbooks, a.situation("warranty", text="保修多久", terms={"warranty_days": 365}))
    assert whole.scene == "period"
    assert planned(playbooks, a.situation("warranty", text="保修多久")).asks == ("product",)


@pytest.mark.feature("F085")
@pytest.mark.parametrize(
    ("text", "photos", "act", "scene"),
    [
        ("扣了两次钱", 0, "ask", "charged"),
        ("扣了两次钱", 1, "hold", "charged_seen"),
        ("账号登不上了", 0, "answer", "login"),
        ("能用花呗分期吗", 0, "answer", "methods"),
        ("付不了款", 0, "ask", "failed"),
        ("付不了款", 1, "hold", "seen"),
        ("do you take klarna", 0, "answer", "methods"),
        ("my card was charged twice", 0, "ask", "charged"),
    ],
)
def test_payment(text: str, photos: int, act: str, scene: str, a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("payment_account", text=text, photos=photos))
    assert (plan.act.value, plan.scene) == (act, scene)
    assert plan.options == ()


def test_an_unpaid_order_is_said_to_be_unpaid(a: Any, playbooks: Any) -> None:
    unpaid = a.order(status="unpaid", delivered_at=None)
    plan = planned(playbooks, a.situation("payment_account", about=unpaid, text="付款失败"))
    assert (plan.scene, plan.asks) == ("not_paid", ("photo",))


ON_PAGE = {"invoice": {"kind": "electronic", "where": "order_page", "special": False}}
IN_CHAT = {"invoice": {"kind": "electronic", "where": "chat", "issue": {"within_days": 1, "cutoff": "18:00"}}}


@pytest.mark.parametrize(
    ("terms", "text", "act", "scene"),
    [
        ({}, "发票怎么开", "hold", "checking"),
        (ON_PAGE, "发票怎么开", "answer", "order_page"),
        ({"invoice": {"kind": "paper", "where": "parcel"}}, "发票怎么开", "answer", "parcel"),
        (ON_PAGE, "能开专票吗", "decline", "no_special"),
        ({"invoice": {"kind": "electronic", "where": "order_page"}}, "能开专票吗", "hold", "special"),
        ({"invoice": {"kind": "electronic", "where": "order_page", "special": True}}, "开专票", "answer", "order_page"),
        (IN_CHAT, "发票怎么开", "ask", "ask_title"),
        (IN_CHAT, "抬头是海棠贸易有限公司", "offer", "issue"),
    ],
)
def test_an_invoice_comes_as_the_shop_decided(
    terms: dict[str, Any], text: str, act: str, scene: str, a: Any, playbooks: Any
) -> None:
    plan = planned(playbooks, a.situation("invoice", about=a.order(), text=text, terms=terms))
    assert (plan.act.value, plan.scene) == (act, scene)
    assert [one.action for one in plan.options] == (["invoice"] if act == "offer" else [])
    assert not [fact for fact in plan.facts.values() if "海棠" in str(fact.value)]


def test_an_invoice_of_the_chat_has_its_date(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("invoice", about=a.order(), text="抬头是个人抬头", terms=IN_CHAT))
    assert plan.facts["option.invoice.by"].value == "2026-11-23T18:00:00+08:00"
    assert [one.what for one in plan.promises] == ["option.invoice"]
    undated = {"invoice": {"kind": "electronic", "where": "chat"}}
    held = planned(playbooks, a.situation("invoice", about=a.order(), text="抬头是个人抬头", terms=undated))
    assert (held.act, held.scene) == (Act.HOLD, "checking")


def test_a_shop_that_never_said_when_it_returns_stays_silent(a: Any, playbooks: Any) -> None:
    for issue in ("invoice", "warranty", "address_change", "stock"):
        about = None if issue == "stock" else a.to_ship() if issue == "address_change" else a.order()
        situation = a.situation(
            issue, about=about, products=(product(),), terms={"hold_minutes": None, "address_change": None}
        )
        assert isinstance(decide(playbooks, situation), NoPlan), issue


def test_whom_an_invoice_is_for_counts_without_the_words_for_it(a: Any, playbooks: Any) -> None:
    asked = Case(issue=Issue.INVOICE, asked_for=("invoice_title",))
    bare = a.situation("invoice", about=a.order(), text="林晓", terms=IN_CHAT, case=asked)
    assert planned(playbooks, bare).asks == ("invoice_title",)
    told = asked.model_copy(update={"asked_for": (), "answered": {"invoice_title": "林晓"}})
    plan = planned(playbooks, a.situation("invoice", about=a.order(), text="林晓", terms=IN_CHAT, case=told))
    assert (plan.act, [one.action for one in plan.options]) == (Act.OFFER, ["invoice"])


@pytest.mark.parametrize(
    ("text", "scene"),
    [
        ("能开发票吗 两单开一张可以不", "one_for_several"),
        ("can i get one invoice for both orders", "one_for_several"),
        ("能开发票吗", "order_page"),
        ("开一下发票", "order_page"),
    ],
)
def test_several_orders_on_one_invoice_are_asked_about(text: str, scene: str, a: Any, playbooks: Any) -> None:
    terms = {"invoice": {"kind": "electronic", "where": "order_page"}}
    plan = decide(playbooks, a.situation("invoice", text=text, terms=terms))
    assert isinstance(plan, Plan)
    assert plan.scene == scene
    assert bool(plan.promises) is (scene == "one_for_several")
