"""Questions about the goods beside a matter are answered with it, or found out by a time; none is put off."""

from typing import Any

import pytest

from copilot.domain.issue import Evidence, Issue, IssueReading
from copilot.domain.order import Product
from copilot.domain.plan import Act, Plan
from copilot.playbook import decide
from copilot.playbook.answered_beside import LATER, STOCK
from copilot.playbook.asked_beside import TOLD
from copilot.playbook.scenes import RETURN_AT


def bedding(**attributes: Any) -> Product:
    stated = {"id": "p", "name": "四件套", "status": "live", "stock": 35, "price": {"amount": "269", "currency": "CNY"}}
    return Product.model_validate({**stated, "attributes": attributes})


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan)
    return plan


def said(**issues: str) -> dict[str, Any]:
    """Readings of a turn with the words that each was read from."""
    return {
        "issues": tuple(
            IssueReading(issue=Issue(name), confidence=0.9, evidence=Evidence(start=0, end=len(text), text=text))
            for name, text in issues.items()
        )
    }


def turn(a: Any, about: Any, product: Product, **issues: str) -> Any:
    language = "zh" if any(ord(sign) > 0x3400 for text in issues.values() for sign in text) else "en"
    situation = a.situation(about=about, products=(product,), text=" ".join(issues.values()), language=language)
    read = situation.understanding.model_copy(update=said(**issues))
    return type(situation)(**{**vars(situation), "understanding": read})


def test_what_the_goods_state_is_told_beside_the_question_for_a_photo(a: Any, playbooks: Any) -> None:
    about = a.order(items=[{"product_id": "p", "name": "四件套", "quantity": 1}])
    product = bedding(care="30℃以下机洗", colorfastness="4级")
    asked = turn(a, about, product, missing_item="枕套只有一个", usage_question="另外能机洗吗")
    plan = planned(playbooks, asked)
    assert (plan.act, plan.issue) == (Act.ASK, Issue.MISSING_ITEM)
    assert "product.p.attributes.care" in plan.points
    assert TOLD in plan.facts
    assert plan.secondary == ()


def test_what_is_in_stock_is_told_beside_the_day_of_shipping(a: Any, playbooks: Any) -> None:
    about = a.to_ship(items=[{"product_id": "p", "name": "四件套", "quantity": 1}])
    plan = planned(playbooks, turn(a, about, bedding(), shipping_time="什么时候发货", stock="还有货吗 想再拍一套"))
    assert plan.issue is Issue.SHIPPING_TIME
    assert plan.facts[STOCK].value == "in_stock"
    assert "product.p.stock" in plan.points
    assert plan.secondary == ()


def test_what_nobody_states_is_found_out_by_a_time(a: Any, playbooks: Any) -> None:
    about = a.to_ship(items=[{"product_id": "p", "name": "四件套", "quantity": 1}])
    plan = planned(playbooks, turn(a, about, bedding(), shipping_time="什么时候发货", usage_question="怎么洗呢"))
    assert plan.facts[LATER].value == Issue.USAGE_QUESTION.value
    assert plan.secondary == ()
    assert RETURN_AT in plan.points
    assert [one.what for one in plan.promises] == ["hold"]


@pytest.mark.parametrize(
    ("words", "is_question"),
    [
        ("im trying to get the sheet set", False),
        ("要买那个四件套", False),
        ("how do i wash the sheet set?", True),
        ("四件套怎么洗", True),
    ],
)
def test_words_that_ask_nothing_are_no_further_question(a: Any, playbooks: Any, words: str, is_question: bool) -> None:
    about = a.to_ship(items=[{"product_id": "p", "name": "四件套", "quantity": 1}])
    first = "什么时候发货" if not words.isascii() else "when does it ship"
    plan = planned(playbooks, turn(a, about, bedding(), shipping_time=first, usage_question=words))
    assert (LATER in plan.facts) is is_question
    assert plan.secondary == ()


def test_another_orders_question_stays_open(a: Any, playbooks: Any) -> None:
    about, other = a.order(), a.shipped(id="6938166200419999999", items=[{"name": "折叠台灯", "quantity": 1}])
    asked = turn(a, about, bedding(), damaged="杯子碎了", logistics_query="台灯到哪了")
    asked = type(asked)(**{**vars(asked), "orders": (about, other)})
    assert planned(playbooks, asked).secondary == (Issue.LOGISTICS_QUERY,)


@pytest.mark.parametrize(
    ("second", "open_ones"),
    [
        ("battery is dead so its useless", ()),
        ("also the case is cracked", (Issue.QUALITY_DEFECT,)),
        ("还少不了毛病 另外盖子裂了", (Issue.QUALITY_DEFECT,)),
        ("根本没法用", ()),
    ],
)
def test_what_follows_from_a_fault_is_no_second_one(
    a: Any, playbooks: Any, second: str, open_ones: tuple[Issue, ...]
) -> None:
    first = "came w/o the charger" if second.isascii() else "充电器没给"
    plan = planned(playbooks, turn(a, a.order(), bedding(), missing_item=first, quality_defect=second))
    assert (plan.act, plan.issue) == (Act.ASK, Issue.MISSING_ITEM)
    assert plan.secondary == open_ones


def test_a_missing_manual_says_why_somebody_asks_how(a: Any, playbooks: Any) -> None:
    about = a.order(items=[{"product_id": "p", "name": "四件套", "quantity": 1}])
    product = bedding(pairing="按住按键3秒")
    plan = planned(playbooks, turn(a, about, product, usage_question="怎么配对", missing_item="盒子里没说明书"))
    assert plan.issue is Issue.USAGE_QUESTION
    assert plan.secondary == ()


@pytest.mark.parametrize(("words", "named"), [("这能用?", False), ("这个钢带能用多久才会不准", True)])
def test_a_word_or_two_that_sound_like_a_question_are_no_next_matter(
    a: Any, playbooks: Any, words: str, named: bool
) -> None:
    about = a.order(items=[{"product_id": "p", "name": "四件套", "quantity": 1}])
    plan = planned(playbooks, turn(a, about, bedding(), refund_request="退货退钱", product_question=words))
    assert plan.act is Act.OFFER
    assert (Issue.PRODUCT_QUESTION in plan.secondary) == named
