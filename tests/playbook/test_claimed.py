"""A matter beside the one in hand is named only where its words raise it."""

from typing import Any

import pytest

from copilot.domain.issue import Evidence, Issue, IssueReading
from copilot.domain.plan import Act, Plan
from copilot.playbook import Playbooks, decide
from copilot.playbook.claimed import is_claimed

NOBODY_ASKED = [
    ("payment_account", "checked the box twice, every corner of it"),
    ("shipping_time", "can you send just those"),
    ("shipping_time", "could you get me only the two missing ones"),
    ("warranty", "不穿我怎么知道开胶"),
    ("invoice", "is that in the box too or do i just not see it"),
    ("price_promotion", "谁家做生意是这样的"),
    ("address_change", "放在桌上就散架了"),
    ("refund_status", "你们双十一真的是抢钱呢"),
]
ASKED = [
    ("payment_account", "also my card was charged twice for this order"),
    ("shipping_time", "and when would the new one get here"),
    ("shipping_time", "补发的什么时候能到"),
    ("shipping_time", "if you send one will it come before xmas"),
    ("warranty", "这个保修多久来着"),
    ("invoice", "另外发票还没有给我开"),
    ("price_promotion", "还有我那张券怎么没有用上"),
    ("address_change", "对了地址要改成我公司那边"),
]


def secondary(a: Any, playbooks: Playbooks, issue: str, words: str) -> tuple[Issue, ...]:
    text = f"杯子碎了一只。{words}"
    at = text.index(words)
    evidence = Evidence(start=at, end=at + len(words), text=words)
    first = IssueReading(issue=Issue.DAMAGED, confidence=0.95, evidence=Evidence(start=0, end=6, text=text[:6]))
    second = IssueReading(issue=Issue(issue), confidence=0.95, evidence=evidence)
    plan = decide(playbooks, a.situation(about=a.order(), text=text, read={"issues": (first, second)}))
    assert isinstance(plan, Plan)
    assert plan.act is Act.ASK
    return plan.secondary


@pytest.mark.parametrize(("issue", "words"), NOBODY_ASKED)
def test_what_only_sounds_like_a_matter_is_not_promised(issue: str, words: str, a: Any, playbooks: Playbooks) -> None:
    assert secondary(a, playbooks, issue, words) == ()


@pytest.mark.parametrize(("issue", "words"), ASKED)
def test_what_is_raised_by_its_words_stays(issue: str, words: str, a: Any, playbooks: Playbooks) -> None:
    told = secondary(a, playbooks, issue, words)
    assert told == () if issue == "warranty" else told == (Issue(issue),)


@pytest.mark.parametrize(
    ("words", "claims"),
    [
        ("还有上次那笔钱怎么没到", True),
        ("退款进度到哪一步了", True),
        ("and where is my refund", True),
        ("你们双十一真的是抢钱呢", False),
        ("wtf is this", False),
    ],
)
def test_a_refund_is_looked_for_by_words_of_money_that_comes(words: str, claims: bool, a: Any) -> None:
    one = IssueReading(
        issue=Issue.REFUND_STATUS, confidence=0.9, evidence=Evidence(start=0, end=len(words), text=words)
    )
    assert is_claimed(Issue.REFUND_STATUS, a.situation(about=a.order(), text=words, read={"issues": (one,)})) is claims


def two_shirts(a: Any) -> Any:
    price = {"amount": "29.95", "currency": "CNY"}
    return a.order(
        items=[
            {"product_id": "p1", "name": "Linen shirt", "sku": "White / M", "price": price},
            {"product_id": "p1", "name": "Linen shirt", "sku": "Blue / M", "price": price},
        ]
    )


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ("the blue shirt came with a button missing", "could I swap the white one for a small", True),
        ("the white one has no buttons", "can I return the blue shirt", True),
        ("the blue shirt came with a button missing", "could I swap the blue one", False),
        ("the blue shirt came with a button missing", "can I swap it", False),
    ],
)
def test_a_wish_for_another_thing_of_the_order_is_a_matter_of_its_own(
    first: str, second: str, apart: bool, a: Any, playbooks: Playbooks
) -> None:
    text = f"{first}, {second}"
    at = text.index(second)
    fault = IssueReading(
        issue=Issue.MISSING_ITEM, confidence=0.95, evidence=Evidence(start=0, end=len(first), text=first)
    )
    wish = IssueReading(
        issue=Issue.RETURN_EXCHANGE,
        confidence=0.95,
        evidence=Evidence(start=at, end=at + len(second), text=second),
    )
    read = {"issues": (fault, wish)}
    plan = decide(playbooks, a.situation(about=two_shirts(a), text=text, language="en", read=read))
    assert isinstance(plan, Plan)
    assert (Issue.RETURN_EXCHANGE in plan.secondary) is apart


@pytest.mark.parametrize(
    ("sounds", "words", "stays"),
    [
        ("delivery_delay", "停用三天了还是红", False),
        ("lost_parcel", "填的地方我找不到", False),
        ("logistics_query", "这是什么情况嘛", False),
        ("delivery_delay", "都五天了快递一动不动", True),
        ("not_received", "说签收了我没收到", True),
        ("lost_parcel", "包裹找不到了", True),
    ],
)
def test_what_has_come_is_waited_for_only_by_words_of_a_parcel(
    sounds: str, words: str, stays: bool, a: Any, playbooks: Playbooks
) -> None:
    text = f"{words}。杯子也碎了"
    first = IssueReading(issue=Issue(sounds), confidence=0.99, evidence=Evidence(start=0, end=len(words), text=words))
    fault = Evidence(start=len(words) + 1, end=len(text), text=text[len(words) + 1 :])
    second = IssueReading(issue=Issue.DAMAGED, confidence=0.9, evidence=fault)
    plan = decide(playbooks, a.situation(about=a.order(), text=text, read={"issues": (first, second)}))
    assert isinstance(plan, Plan)
    assert ({plan.issue, *plan.secondary} == {Issue.DAMAGED}) is not stays
