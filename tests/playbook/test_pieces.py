"""What a part of a line costs, missing or broken, and what is asked of a supervisor where it is too dear."""

from typing import Any

import pytest

from copilot.domain.case import Case, Option
from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.domain.order import Product
from copilot.domain.plan import Act, Plan
from copilot.playbook import Authority, decide


def line(a: Any, name: str, price: str, *, sku: str = "", quantity: int = 1) -> Any:
    money = {"amount": price, "currency": "CNY"}
    item = {"product_id": "p1", "name": name, "sku": sku or None, "quantity": quantity, "price": money}
    return a.order(items=[item], total={"amount": f"{float(price) * quantity:.2f}", "currency": "CNY"})


def planned(
    a: Any, playbooks: Any, issue: str, order: Any, text: str = "", said: str = "", photos: int = 1, **more: Any
) -> Plan:
    attributes = more.pop("attributes", {})
    goods = Product.model_validate({"id": "p1", "name": "x", "status": "live", "stock": 9, "attributes": attributes})
    read = {"answered": {"missing": said}} if said else {}
    more = {"read": read, "products": (goods,), "text": text, "photos": photos} | more
    plan = decide(playbooks, a.situation(issue, about=order, **more))
    assert isinstance(plan, Plan), plan
    return plan


def cost(plan: Plan) -> dict[str, str]:
    return {option.key: option.cost.amount for option in plan.options if option.cost is not None}


@pytest.mark.parametrize(
    ("name", "sku", "quantity", "text", "each", "pieces"),
    [
        ("猫主食罐 170g*24", "24罐", 1, "罐头漏了三罐 箱子里全是汤", "18.00", "3罐"),
        ("苏打水", "12瓶", 1, "到手有两瓶裂了", "24.00", "2瓶"),
        ("蛋黄酥 6枚装", "", 1, "6个里面碎了1个", "24.00", "1个"),
        ("香薰蜡烛", "", 3, "买了三个 一个断了", "144.00", "1个"),
        ("Sparkling water 12 pack", "", 1, "two cans burst open", "24.00", "2"),
        ("Oat bars", "24 bars", 1, "3 of the 24 bars were crushed", "18.00", "3"),
    ],
)
def test_broken_pieces_of_a_pack_are_sent_or_paid_back_by_their_share(
    a: Any, playbooks: Any, name: str, sku: str, quantity: int, text: str, each: str, pieces: str
) -> None:
    language = "zh" if any(sign > "\u3400" for sign in text) else "en"
    authority = Authority(per_order=Money(amount="200", currency="CNY"))
    order = line(a, name, "144.00", sku=sku, quantity=quantity)
    plan = planned(a, playbooks, "damaged", order, text, language=language, authority=authority)
    assert cost(plan) == {"reship": each, "refund_keep": each}
    assert plan.facts["option.reship.pieces"].value == pieces


@pytest.mark.parametrize(
    ("name", "text"),
    [
        # A set is sent as one; without a count, or without anything to count among, the line is what it is.
        ("手绘陶瓷杯 一套四只", "碎了两只"),
        ("手绘陶瓷杯四只装", "碎了两只"),
        ("猫主食罐 170g*24", "箱子里全是汤 都漏了"),
        ("猫主食罐 170g*24", "整箱都漏了 一罐好的都没有"),
        ("陶瓷花瓶", "碎了一个"),
        ("被子 200x230", "破了两个洞"),
        ("拼图 1000片", "有3片破了"),
    ],
)
def test_what_is_no_piece_of_a_pack_is_not_counted(a: Any, playbooks: Any, name: str, text: str) -> None:
    plan = planned(a, playbooks, "damaged", line(a, name, "60.00"), text)
    assert cost(plan) == {"reship": "60.00", "refund_keep": "30.00"}


@pytest.mark.parametrize(
    ("name", "attributes", "said", "sent"),
    [
        ("磨毛四件套", {"includes": "被套1 床单1 枕套2"}, "一个枕套", "26.50"),
        ("手持吸尘器", {"in_the_box": "主机, 电池, 充电器, 刷头3"}, "充电器", "39.75"),
        ("20V drill kit", {"in_the_box": "drill, 2 batteries, fast charger, 25 bits, case"}, "charger", "31.80"),
        ("Tea set", {"contents": ["teapot", "4 cups", "tray"]}, "2 cups", "26.50"),
        ("工程车积木 1286粒", {"pieces": 1286}, "灰色长条、轮子", "0.24"),
        ("1000 piece puzzle", {"pieces": 1000}, "2 pieces", "0.32"),
    ],
)
def test_a_part_that_is_listed_is_sent_for_its_share(
    a: Any, playbooks: Any, name: str, attributes: dict[str, Any], said: str, sent: str
) -> None:
    terms = {"keep_refund_percent": None}
    plan = planned(a, playbooks, "missing_item", line(a, name, "159.00"), said=said, attributes=attributes, terms=terms)
    # Nobody is paid back a fraction of a cent for a brick: only what sending it costs is told by the count.
    assert cost(plan) == {"send_missing": sent, "return_refund": "159.00"}


@pytest.mark.parametrize(
    ("name", "attributes", "said"),
    [
        ("20V cordless drill", {"in_the_box": "drill, 2 batteries, charger"}, "drill"),
        ("磨毛四件套", {"includes": "被套1 床单1 枕套2"}, "遥控器"),
        ("Star projector", {}, "remote"),
    ],
)
def test_the_main_thing_and_what_no_list_names_are_no_part(
    a: Any, playbooks: Any, name: str, attributes: dict[str, Any], said: str
) -> None:
    terms = {"keep_refund_percent": None}
    order = line(a, name, "159.00")
    plan = planned(a, playbooks, "missing_item", order, said=said, attributes=attributes, terms=terms)
    assert cost(plan) == {"return_refund": "159.00"}


def test_one_of_a_thousand_pieces_needs_no_picture(a: Any, playbooks: Any) -> None:
    def asked(name: str, attributes: dict[str, Any]) -> Act:
        order = line(a, name, "60.00")
        return planned(a, playbooks, "missing_item", order, said="两片", photos=0, attributes=attributes).act

    assert asked("拼图 1000片", {"pieces": 1000}) is Act.OFFER
    assert asked("杯垫两片", {}) is Act.ASK


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("碎成渣了 别让我寄回去", Act.HOLD),
        ("坏了 给我补发一个吧", Act.HOLD),
        ("坏了 要寄回去吗", Act.HOLD),
        ("it's smashed, i can't send it back", Act.HOLD),
        ("smashed. do i have to send it back?", Act.HOLD),
        ("smashed, please send a replacement", Act.HOLD),
        # Nobody asked for anything else, or the return itself is asked for.
        ("碎成渣了", Act.OFFER),
        ("坏了 我要退货", Act.OFFER),
        ("smashed, how do i send it back", Act.OFFER),
        ("smashed, a replacement or a refund please", Act.OFFER),
    ],
)
def test_what_is_asked_for_and_too_dear_is_the_supervisors(a: Any, playbooks: Any, text: str, act: Act) -> None:
    order = line(a, "陶瓷花瓶", "900.00")
    plan = planned(a, playbooks, "damaged", order, text)
    assert plan.act is act
    if act is Act.HOLD:
        assert (plan.scene, plan.escalation and plan.escalation.why) == ("approval", "over_ceiling")
        assert plan.facts["approval.sent"].value == "reship"
    else:
        assert [one.key for one in plan.options] == ["return_refund"]


@pytest.mark.parametrize(
    ("said", "pieces"),
    [("漏了的3罐补发给您,明天18点前发出", "3罐"), ("重新寄您一份完好的,明天18点前发出", None)],
)
def test_the_choice_keeps_what_was_offered_of_the_pieces(a: Any, playbooks: Any, said: str, pieces: str | None) -> None:
    option = Option(id="A", key="reship", title="补发", text=said, action="reship")
    other = Option(id="B", key="refund_keep", title="退18元", text="退您18元", action="refund")
    case = Case(issue=Issue.DAMAGED, offered=(option, other), answered={"told": "罐头漏了三罐"})
    order = line(a, "猫主食罐 170g*24", "60.00")
    told = {"turn": "choice", "case": case, "read": {"choice": ("A",)}, "text": "A 罐头漏了三罐"}
    plan = decide(playbooks, a.situation(about=order, **told))
    assert isinstance(plan, Plan)
    fact = plan.facts.get("option.reship.pieces")
    assert (plan.act, fact and fact.value) == (Act.CONFIRM, pieces)
