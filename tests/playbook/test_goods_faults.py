"""A fault told beside the wish to give goods back makes the way back the shop's; taste and feel do not."""

from typing import Any

import pytest

from copilot.domain.issue import Issue
from copilot.domain.plan import Plan
from copilot.playbook import decide
from copilot.playbook.goods_faults import tells_fault


@pytest.mark.parametrize(
    "text",
    [
        "卷尺刻度都是歪的 退货退钱",
        "椅子坐着晃 要退",
        "背包拉链卡壳 退钱",
        "保温箱盖不严 漏气 退了",
        "毯子掉毛掉得满床都是 不想要了",
        "裤子起球了 退",
        "窗帘杆弯的 挂不直 退",
        "凉席边上有毛刺 退",
        "桌腿一条长一条短 要退货",
        "风扇转起来咔咔响 退",
        "the drawer sticks and one rail is bent, i want my money back",
        "towels leave lint all over me, refund please",
        "lid wont close all the way, sending it back",
        "chair squeaks and wobbles. return",
        "coating is flaking off, want a refund",
        "the ruler marks are crooked, returning it",
        "zip keeps getting stuck, i want to send it back",
        "sheds everywhere, refund",
    ],
)
def test_a_fault_is_told(text: str) -> None:
    assert tells_fault(text)


@pytest.mark.parametrize(
    "text",
    [
        "毛衣扎人 不想要了",
        "鞋子有点硌脚 想退",
        "枕头睡不惯 退",
        "颜色不喜欢",
        "没有起球,就是不喜欢这个颜色",
        "不会掉毛,就是太厚了 退",
        "会不会起球啊",
        "sweater is scratchy, want to return it",
        "just not my style, sending it back",
        "it doesn't squeak or anything, i just don't like it",
        "does it wobble? if so i'd return it",
        "pillow is too firm for me",
        "no leaks, just changed my mind",
    ],
)
def test_taste_and_feel_and_what_is_asked_or_denied_are_no_fault(text: str) -> None:
    assert not tells_fault(text)


@pytest.mark.parametrize(
    ("text", "issue", "expected", "photos", "label"),
    [
        ("椅子坐着晃 要退", "return_exchange", Issue.QUALITY_DEFECT, 0, None),
        ("卷尺刻度都是歪的 退货退钱", "refund_request", Issue.QUALITY_DEFECT, 1, "fault"),
        ("毛衣扎人 不想要了 运费谁出", "return_exchange", Issue.RETURN_EXCHANGE, 0, "return"),
    ],
)
def test_who_pays_for_the_way_back_hangs_on_the_fault(
    a: Any, playbooks: Any, text: str, issue: str, expected: Issue, photos: int, label: str | None
) -> None:
    situation = a.situation(issue, about=a.order(), text=text, photos=photos)
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan)
    assert plan.issue is expected
    terms = situation.terms
    paid = {"fault": terms.fault_label, "return": terms.return_label}
    if label is not None:
        labels = {plan.facts[id].value for id in plan.facts if id.endswith("return_refund.label")}
        assert labels == {paid[label]}


@pytest.mark.parametrize(
    ("text", "issue", "status", "expected"),
    [
        ("这单会不会没了 199的价能保留不", "stock", "unpaid", Issue.PAYMENT_ACCOUNT),
        ("单子会自动取消吗", "cancel_order", "unpaid", Issue.PAYMENT_ACCOUNT),
        ("will i lose the order?", "stock", "unpaid", Issue.PAYMENT_ACCOUNT),
        ("is my order going to get cancelled if i don't pay now", "cancel_order", "unpaid", Issue.PAYMENT_ACCOUNT),
        ("还有货吗", "stock", "unpaid", Issue.STOCK),
        ("帮我取消这单", "cancel_order", "unpaid", Issue.CANCEL_ORDER),
        ("please cancel the order so i don't lose the code", "cancel_order", "unpaid", Issue.CANCEL_ORDER),
        ("这单会不会没了", "stock", "to_ship", Issue.STOCK),
    ],
)
def test_fear_for_an_unpaid_order_is_about_its_payment(
    a: Any, playbooks: Any, text: str, issue: str, status: str, expected: Issue
) -> None:
    order = a.order(status=status, delivered_at=None, shipments=[])
    language = "en" if text.isascii() else "zh"
    plan = decide(playbooks, a.situation(issue, about=order, text=text, language=language))
    assert isinstance(plan, Plan)
    assert plan.issue is expected
