"""What differs from the advertisement: no text without the very thing that was promised."""

from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.case import Case
from copilot.domain.issue import Issue
from copilot.domain.order import Product
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook import decide

CANDLE = Product.model_validate({"id": "p1", "name": "香薰蜡烛", "price": {"amount": "45.00", "currency": "CNY"}})
GIFT = {"gift": {"within_days": 1, "cutoff": "18:00", "worth": {"amount": "45.00", "currency": "CNY"}}}
ASKED = Case(issue=Issue.AD_MISMATCH, asked_for=("promised",))


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan), plan
    return plan


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("主播说买一送一,下单没有啊", "买一送一"),
        ("广告上写的99 点进来变成199了", "99"),
        ("你们直播间讲的是真皮 详情写pu", "真皮"),
        ("the ad said $19 but the page says $29", "$19"),
        ("host promised free gift but i dont see it", "free gift"),
        ("宣传的和页面上写的不一样啊", None),
        ("直播间说送的东西详情页怎么没有", None),
        ("what the host said and what's on the listing are two different things", None),
        ("页面写的买一送一", None),
        ("主播说加他微信13812345678", None),
        ("客服说没有", None),
    ],
)
def test_the_detail_is_a_stretch_of_the_buyer_s_words(text: str, detail: str | None, playbooks: Any) -> None:
    found = playbooks.adverts.promised(text)
    assert (found.text if found else None) == detail
    assert found is None or text[found.start : found.end] == found.text


@pytest.mark.feature("F084")
def test_without_the_detail_it_is_asked_for_and_then_a_person_reads(a: Any, playbooks: Any) -> None:
    vague = "宣传的和实际不一样"
    plan = planned(playbooks, a.situation("ad_mismatch", text=vague, products=(CANDLE,)))
    assert (plan.act, plan.asks) == (Act.ASK, ("promised",))
    assert "turn.promised" not in plan.facts
    again = a.situation("ad_mismatch", turn="answer", text="反正就是不一样啊", products=(CANDLE,), case=ASKED)
    silent = decide(playbooks, again)
    assert isinstance(silent, NoPlan)
    assert silent.reason is Reason.MISSING_SLOT
    assert silent.escalation is not None


def test_the_answer_to_our_question_is_the_detail(a: Any, playbooks: Any) -> None:
    situation = a.situation(turn="answer", text="送一个杯垫", products=(CANDLE,), case=ASKED)
    plan = planned(playbooks, situation)
    assert plan.scene == "before_order"
    assert plan.facts["turn.promised"].value == "送一个杯垫"
    assert plan.facts["turn.promised"].source == "buyer"


def test_a_chase_is_not_asked_again(a: Any, playbooks: Any) -> None:
    waiting = Case(issue=Issue.AD_MISMATCH, holds=1)
    plan = planned(playbooks, a.situation(turn="chase", text="怎么样了", case=waiting))
    assert (plan.act, plan.scene) == (Act.HOLD, "checking")


def test_before_the_order_it_is_checked_with_the_advertisement(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("ad_mismatch", text="广告说99", products=(CANDLE,)))
    assert (plan.act, plan.scene, plan.options) == (Act.HOLD, "before_order", ())
    assert plan.escalation is not None
    assert plan.escalation.to == "supervisor"
    assert not plan.empathy


def test_a_promised_gift_is_sent_where_the_shop_decided_it(a: Any, playbooks: Any) -> None:
    text = "主播说买一送一,送的那只没给我"
    order = a.order(total={"amount": "45.00", "currency": "CNY"})
    plan = planned(playbooks, a.situation("ad_mismatch", about=order, text=text, terms=GIFT))
    assert [(one.key, one.action) for one in plan.options] == [
        ("resend_gift", "resend_gift"),
        ("return_refund", "return_refund"),
    ]
    assert plan.facts["option.resend_gift.by"].value == "2026-11-23T18:00:00+08:00"
    assert plan.facts["option.return_refund.label"].value == "shop"
    assert plan.empathy
    undecided = planned(playbooks, a.situation("ad_mismatch", about=order, text=text))
    # Nobody sends shoes back over socks: what the gift was, a person finds out.
    assert (undecided.act, undecided.scene, undecided.options) == (Act.HOLD, "gift_open", ())
    assert {one.key: one.reason for one in undecided.not_offered}["resend_gift"].startswith("fact_missing:terms.gift")


def test_the_gift_s_worth_counts_against_the_ceiling(a: Any, playbooks: Any) -> None:
    dear = {"gift": GIFT["gift"] | {"worth": {"amount": "500.00", "currency": "CNY"}}}
    plan = planned(playbooks, a.situation("ad_mismatch", about=a.order(), text="主播说送礼盒", terms=dear))
    assert {one.key: one.reason for one in plan.not_offered}["resend_gift"] == "over_ceiling"


@pytest.mark.parametrize(
    ("days", "gift", "scene"), [(8, False, "gift_open"), (8, True, "delivered"), (2, False, "gift_open")]
)
def test_a_gift_can_still_come_after_the_window(days: int, gift: bool, scene: str, a: Any, playbooks: Any) -> None:
    order = a.order(delivered_at=a.NOW - timedelta(days=days))
    terms = GIFT if gift else {}
    plan = planned(playbooks, a.situation("ad_mismatch", about=order, text="主播说送礼盒", terms=terms))
    assert plan.scene == scene
    assert "turn.promised" in plan.points


def test_words_in_another_script_than_the_reply_are_not_quoted(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("ad_mismatch", text="广告说买一送一", language="en"))
    assert plan.asks == ("promised",)


def test_an_earlier_answer_is_remembered_and_an_empty_one_never_quoted(a: Any, playbooks: Any) -> None:
    told = Case(issue=Issue.AD_MISMATCH, answered={"promised": "主播说送一个杯垫"})
    plan = planned(playbooks, a.situation("ad_mismatch", text="什么时候能补", products=(CANDLE,), case=told))
    assert plan.facts["turn.promised"].value == "送一个杯垫"
    vague = told.model_copy(update={"answered": {"promised": "反正就是不一样啊"}})
    found = decide(playbooks, a.situation("ad_mismatch", text="怎么办", products=(CANDLE,), case=vague))
    assert isinstance(found, NoPlan)
