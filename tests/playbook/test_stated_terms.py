"""What a shop decided in its own answers and nowhere else counts as its terms."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.issue import Issue
from copilot.domain.knowledge import Entry
from copilot.domain.order import Product
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook import Playbooks, decide
from copilot.playbook.stated_terms import stated_terms
from copilot.playbook.terms import Terms


def entry(answer: str, question: str = "售后") -> Entry:
    zh = any("\u4e00" <= sign <= "\u9fff" for sign in answer)
    told = {"id": "a1", "language": "zh" if zh else "en", "question": question, "answer": answer}
    return Entry.model_validate(told | {"category": "after_sale"})


def stated(answer: str, question: str = "售后", **terms: Any) -> dict[str, Any]:
    found = stated_terms(Terms.model_validate(terms), [entry(answer, question)])
    return {name: getattr(found.terms, name) for name in found.by}


@pytest.mark.parametrize(
    ("answer", "question", "name", "value"),
    [
        ("本店支持付款后7天价保，同款降价可在订单页申请，24小时内退回。", "有价保吗", "price_protection_days", 7),
        ("15天内降价可以找我们退差价", "买贵了怎么办", "price_protection_days", 15),
        ("Yes, within 14 days of your order we refund the difference if the price drops.", "price match?",
         "price_protection_days", 14),
        ("30-day price protection on everything.", "price adjustment", "price_protection_days", 30),
        ("严重掉色、开线属质量问题，签收30天内可退换，运费店铺承担。", "掉色怎么办", "fault_days", 30),
        ("7天无理由退货；质量问题15天内包换新。", "退换政策", "fault_days", 15),
        ("Defective items can be exchanged or refunded within 60 days.", "what if it is faulty", "fault_days", 60),
    ],
)  # fmt: skip
def test_one_plain_number_of_days_is_a_term(answer: str, question: str, name: str, value: int) -> None:
    assert stated(answer, question) == {name: value}


def test_until_when_money_shows_is_a_span_of_business_days() -> None:
    for answer in ("审核通过后1-3个工作日到账。", "It takes 1 to 3 business days to show on your card statement."):
        span = stated(answer, "refund")["refund_arrival_business_days"]
        assert (span.min, span.max) == (1, 3)


@pytest.mark.parametrize(
    ("answer", "question"),
    [
        ("本店不支持价保，活动价格以下单时为准。", "有价保吗"),
        ("We do not offer price protection, not even within 7 days.", "price match"),
        ("价保看活动，7天和15天的都有。", "有价保吗"),
        ("7天无理由退货，吊牌要在。", "质量问题怎么退"),
        ("质量问题请联系客服处理。", "质量问题怎么退"),
        ("零钱即时到账，银行卡1-3个工作日到账。", "退款多久"),
        ("验货后48小时内原路退。", "退款多久"),
        ("3-5 days", "how long does shipping take"),
    ],
)
def test_what_is_refused_open_or_told_twice_is_none(answer: str, question: str) -> None:
    assert stated(answer, question) == {}


def test_a_term_goes_before_an_answer() -> None:
    assert stated("支持7天价保", "有价保吗", price_protection_days=3) == {}


def planned(playbooks: Playbooks, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert not isinstance(plan, NoPlan), plan
    return plan


def test_a_price_that_dropped_within_the_days_of_an_answer_is_given_back(a: Any, playbooks: Playbooks) -> None:
    known = entry("支持付款后7天价保，降价可退差价。", "有价保吗")
    cheaper = Product.model_validate(
        {"id": "p1", "name": "手绘陶瓷杯", "price": {"amount": "49.90", "currency": "CNY"}, "stock": 3}
    )
    bought = a.situation("price_promotion", about=a.order(), products=(cheaper,))
    silent = planned(playbooks, bought)
    assert (silent.act, silent.scene) == (Act.DECLINE, "no_protection")
    found = stated_terms(bought.terms, [known])
    plan = planned(playbooks, replace(bought, terms=found.terms, stated=found.by))
    assert (plan.act, plan.scene) == (Act.OFFER, "price_drop")
    assert plan.facts["terms.price_protection_days"].source == "faq"
    assert [one.id for one in plan.cites] == ["a1"]


def test_a_fault_within_the_days_of_an_answer_is_decided(a: Any, playbooks: Playbooks) -> None:
    known = entry("质量问题签收30天内可退换，运费店铺承担。", "质量问题怎么办")
    about = a.order(delivered_at=a.NOW - timedelta(days=16))
    faulty = a.situation(Issue.QUALITY_DEFECT.value, about=about, photos=1)
    assert planned(playbooks, faulty).scene == "fault_open"
    found = stated_terms(faulty.terms, [known])
    plan = planned(playbooks, replace(faulty, terms=found.terms, stated=found.by))
    assert (plan.act, plan.scene) == (Act.OFFER, "decide")
    assert [one.id for one in plan.cites] == ["a1"]
    deadlines = [fact.value for key, fact in plan.facts.items() if key.endswith(".deadline")]
    assert deadlines
    assert all(str(one) > a.NOW.date().isoformat() for one in deadlines)
