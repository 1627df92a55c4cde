"""Matters that go on: a size that was advised and does not fit, a fault beside a return under way, a word to own."""

from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.case import Case, Option, OrderChoice, OrderWhy
from copilot.domain.issue import TOLD, Evidence, Issue, IssueReading
from copilot.domain.order import Product
from copilot.domain.plan import Act, Plan
from copilot.playbook import decide
from copilot.playbook.situation import BrokenWord

TABLE = {"bust_in_by_size": {"M": 35, "L": 37, "XL": 39.5}, "stock_by_variant": {"Black / L": 9, "Black / XL": 4}}


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan), plan
    return plan


def asked_before(a: Any, text: str, order: Any) -> Any:
    about = OrderChoice(id=order.id, why=OrderWhy.ONLY_FIT)
    dress = Product.model_validate(
        {"id": "p1", "name": "Midi dress", "status": "live", "attributes": TABLE, "stock": 9}
    )
    case = Case(issue=Issue.SIZE_FIT, order=about, language="en")
    more = {"language": "en", "case": case, "products": (dress,), "read": {"answered": {TOLD: text}}}
    return a.situation(about=order, turn="answer", text=text, **more)


@pytest.mark.parametrize(
    "text",
    [
        "so much for true to size, i cant even zip it",
        "it's way too tight on me",
        "can't get it on at all",
        "the L is too small",
    ],
)
def test_an_advised_size_that_does_not_fit_is_exchanged(text: str, a: Any, playbooks: Any) -> None:
    item = {
        "product_id": "p1",
        "name": "Midi dress",
        "sku": "Black / L",
        "price": {"amount": "52.00", "currency": "USD"},
    }
    order = a.order(items=[item])
    plan = planned(playbooks, asked_before(a, text, order))
    assert (plan.issue, plan.act) == (Issue.SIZE_MISMATCH, Act.OFFER)
    # Before it has come, its size is still a question.
    waiting = decide(playbooks, asked_before(a, text, a.shipped(items=[item])))
    assert not isinstance(waiting, Plan) or waiting.issue is not Issue.SIZE_MISMATCH


def test_a_fault_named_beside_a_return_under_way_is_told_with_the_return(a: Any, playbooks: Any) -> None:
    request = {"id": "as", "kind": "return", "status": "approved", "amount": {"amount": "59.90", "currency": "CNY"}}
    order = a.order(after_sales=[request])
    case = Case(issue=Issue.RETURN_EXCHANGE, order=OrderChoice(id=order.id, why=OrderWhy.ONLY_FIT))
    text = "寄了 单号填哪里啊 是你们发错色的"
    plan = planned(playbooks, a.situation("wrong_item", about=order, cases=(case,), text=text))
    assert (plan.issue, plan.scene) == (Issue.RETURN_EXCHANGE, "sent_back")
    # Without a word of the return before, what came wrong is the matter.
    plan = planned(playbooks, a.situation("wrong_item", about=order, text=text))
    assert plan.issue is Issue.WRONG_ITEM


@pytest.mark.parametrize(
    ("kind", "issue", "about", "owned"),
    [
        ("arrive", "delivery_delay", "shipped", True),
        ("cancel", "cancel_order", "shipped", True),
        ("denied", "not_as_described", "order", True),
        ("arrive", "quality_defect", "order", False),
        ("money", "delivery_delay", "shipped", False),
    ],
)
def test_a_word_is_owned_where_it_is_asked_after(
    kind: str, issue: str, about: str, owned: bool, a: Any, playbooks: Any
) -> None:
    word = BrokenWord(kind, (a.NOW - timedelta(days=1)).date() if kind == "arrive" else None)
    plan = planned(playbooks, a.situation(issue, about=getattr(a, about)(), photos=1, text="怎么回事", broken=word))
    assert ("word.broken" in plan.facts) is owned
    assert ("word.day" in plan.facts) is (owned and kind == "arrive")


def test_who_misses_what_was_promised_means_the_gift_that_the_goods_state(a: Any, playbooks: Any) -> None:
    order = a.order()
    worth = {"within_days": 2, "cutoff": "18:00", "worth": {"amount": "15.00", "currency": "CNY"}}
    case = Case(issue=Issue.AD_MISMATCH, order=OrderChoice(id=order.id, why=OrderWhy.ONLY_FIT))

    def reply(attributes: dict[str, Any]) -> Any:
        shoes = Product.model_validate({"id": "p1", "name": "篮球鞋", "status": "live", "attributes": attributes})
        more = {"case": case, "turn": "answer", "products": (shoes,), "terms": {"gift": worth}, "photos": 1}
        return decide(playbooks, a.situation(about=order, text="到了 没有啊 翻了三遍就一双鞋", **more))

    plan = reply({"gift": "运动袜2双"})
    assert isinstance(plan, Plan)
    assert plan.options[0].key == "resend_gift"
    assert plan.facts["turn.promised"].value == "运动袜2双"
    assert not isinstance(reply({"sole": "橡胶"}), Plan)


def test_a_sum_taken_in_passing_is_money_for_goods_that_stay(a: Any, playbooks: Any) -> None:
    order = a.order()
    option = Option(id="A", key="refund", title="给您退20元", text="给您退20元", action="", lettered=False)
    case = Case(issue=Issue.WRONG_ITEM, offered=(option,), order=OrderChoice(id=order.id, why=OrderWhy.ONLY_FIT))
    days = {"refund_arrival_business_days": {"min": 1, "max": 3}}
    told = {"turn": "choice", "case": case, "read": {"choice": ("A",)}, "terms": days, "text": "那就退20"}
    plan = planned(playbooks, a.situation(about=order, **told))
    assert (plan.act, plan.chosen and plan.chosen.key) == (Act.CONFIRM, "refund_keep")
    assert plan.facts["option.refund_keep.amount"].value == {"amount": "20", "currency": "CNY"}
    assert "option.refund_keep.arrival" in plan.facts


@pytest.mark.parametrize(("said", "open_ones"), [("two hinges", ()), ("the motor smells burnt", ("quality_defect",))])
def test_a_bare_name_is_no_fault_beside_what_is_missing(
    said: str, open_ones: tuple[str, ...], a: Any, playbooks: Any
) -> None:
    text = f"the set is missing a wheel and {said}"
    first = Evidence(start=0, end=26, text="the set is missing a wheel")
    second = Evidence(start=text.index(said), end=len(text), text=said)
    issues = (
        IssueReading(issue=Issue.MISSING_ITEM, confidence=0.9, evidence=first),
        IssueReading(issue=Issue.QUALITY_DEFECT, confidence=0.7, evidence=second),
    )
    read = {"issues": issues, "answered": {"missing": "wheel"}}
    plan = planned(playbooks, a.situation(about=a.order(), photos=1, language="en", read=read, text=text))
    assert tuple(one.value for one in plan.secondary) == open_ones
