"""The shop's stored answer where it tells more than an attribute or a term: steps, days on the road."""

from typing import Any

import pytest

from copilot.domain.knowledge import Entry, Match, Suggested
from copilot.domain.order import Product
from copilot.domain.plan import Plan
from copilot.playbook import Playbooks, decide
from copilot.playbook.asked_beside import OPEN


def entry(question: str, answer: str, part: str, *, score: float, category: str, similar: tuple[str, ...] = ()) -> Any:
    language = "en" if question.isascii() else "zh"
    data = {"id": "e1", "language": language, "question": question, "answer": answer, "category": category}
    return Suggested(
        part=part,
        match=Match(entry=Entry.model_validate(data | {"similar": similar}), score=score, matched=question),
    )


def planned(a: Any, playbooks: Playbooks, issue: str, text: str, told: Suggested, **attributes: Any) -> Plan:
    goods = Product.model_validate({"id": "p1", "name": "小件", "status": "live", "attributes": attributes})
    plan = decide(
        playbooks,
        a.situation(
            issue,
            text=text,
            language=told.match.entry.language,
            products=(goods,),
            product_cards=("p1",),
            terms={"ship_within_hours": 48},
            suggested=(told,),
        ),
    )
    assert isinstance(plan, Plan)
    return plan


USES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("how do i connect the vacuum to wifi it keeps saying failed", "How do I connect it to Wi-Fi?", "wifi 2.4", {}),
    ("how do i descale it", "How do I descale the kettle?", "Fill it with vinegar and boil twice.", {}),
    ("the lamp wont pair with my phone", "How do I pair the lamp?", "Hold the button for 5 seconds.", {}),
    ("这个扫地机怎么连wifi 老是失败", "扫地机怎么连WiFi", "长按电源键5秒。", {}),
    ("滤芯咋换啊", "滤芯怎么更换", "逆时针拧下旧的，再拧上新的。", {}),
    ("咋清洗 水箱滑腻腻的", "水箱如何清洗", "每周用柠檬酸泡30分钟。", {}),
]


@pytest.mark.parametrize(("text", "question", "answer", "attributes"), USES)
def test_steps_go_before_what_the_goods_state_to_the_same_words(
    text: str, question: str, answer: str, attributes: dict[str, Any], a: Any, playbooks: Playbooks
) -> None:
    stated = {"wifi": "2.4 GHz only", "descale": "monthly", "pair": "app", "滤芯": "三个月一换", "清洗": "每周"}
    told = entry(question, answer, text, score=0.6, category="after_sale")
    plan = planned(a, playbooks, "usage_question", text, told, **(stated | attributes))
    assert plan.points == ("faq.e1.answer",)
    assert [one.id for one in plan.cites] == ["e1"]


def test_what_else_is_asked_of_the_goods_stays(a: Any, playbooks: Playbooks) -> None:
    part = "how do i connect it to wifi"
    told = entry(
        "How do I connect it to Wi-Fi?", "Hold the button for 5 seconds.", part, score=0.6, category="after_sale"
    )
    stated = {"wifi": "2.4 GHz only", "material": "ABS"}
    plan = planned(a, playbooks, "usage_question", f"{part}? and whats it made of", told, **stated)
    assert set(plan.points) >= {"product.p1.attributes.material", "faq.e1.answer"}
    assert "product.p1.attributes.wifi" not in plan.points


@pytest.mark.parametrize(
    ("text", "question", "score"),
    [
        # A near miss, and a question about what it is.
        ("how do i connect it to wifi", "How do I connect it to Wi-Fi?", 0.4),
        ("what wifi does it need", "How do I connect it to Wi-Fi?", 0.64),
    ],
)
def test_what_fits_less_leaves_the_goods_their_word(
    text: str, question: str, score: float, a: Any, playbooks: Playbooks
) -> None:
    told = entry(question, "Hold the button for 5 seconds.", text, score=score, category="after_sale")
    plan = planned(a, playbooks, "usage_question", text, told, wifi="2.4 GHz only")
    assert plan.points[0] == "product.p1.attributes.wifi"
    assert not plan.cites


WAYS = [
    ("if i order the train set today would it get here before dec 12?", "How long does delivery take?"),
    ("how long does it take to get to ohio, and when would it ship", "When will it arrive if I order now?"),
    ("今天拍哪天能到 河南", "多久能到货"),
    ("现在买下周三前能收到不", "今天下单几天能收到"),
    ("发货以后几天能到", "快递时效"),
]


@pytest.mark.parametrize(("text", "question"), WAYS)
def test_the_days_on_the_road_are_the_shops_to_tell(text: str, question: str, a: Any, playbooks: Playbooks) -> None:
    answer = "It takes 3 to 6 days with USPS." if question.isascii() else "到货一般3到5天。"
    plan = planned(a, playbooks, "shipping_time", text, entry(question, answer, text, score=0.3, category="logistics"))
    assert "faq.e1.answer" in plan.points
    assert OPEN not in plan.points
    assert not plan.promises


def test_an_entry_on_another_way_answers_no_days(a: Any, playbooks: Playbooks) -> None:
    text = "今天拍哪天能到"
    told = entry("发什么快递", "默认发中通。", text, score=0.5, category="logistics")
    plan = planned(a, playbooks, "shipping_time", text, told)
    assert OPEN in plan.points
    assert "faq.e1.answer" not in plan.points
