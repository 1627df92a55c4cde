"""Questions about goods: only what the shop states is an answer, the rest has a time or a reason."""

from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.fact import FactKind
from copilot.domain.issue import Issue
from copilot.domain.order import Product
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook import decide
from copilot.playbook.answered_beside import LATER

CUP = {
    "id": "p1",
    "name": "手绘陶瓷杯",
    "attributes": {"material": "高温陶瓷", "capacity_ml": 280, "dishwasher": True, "oven": "no"},
    "price": {"amount": "59.90", "currency": "CNY"},
    "stock": 63,
}


def product(**changes: Any) -> Product:
    return Product.model_validate({**CUP, **changes})


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan), plan
    return plan


def asked(a: Any, text: str, issue: str = "product_question", **more: Any) -> Any:
    values: dict[str, Any] = {"products": (product(),), "text": text}
    return a.situation(issue, **(values | more))


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        ("什么材质的", {"material": "高温陶瓷"}),
        ("容量多少,能放洗碗机吗", {"capacity_ml": 280, "dishwasher": "true"}),
        ("能进烤箱吗", {"oven": "no"}),
    ],
)
def test_what_the_product_states_answers(text: str, answered: dict[str, Any], a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, asked(a, text))
    assert (plan.act, plan.scene) == (Act.ANSWER, "known")
    said = {id.rsplit(".", 1)[1]: plan.facts[id].value for id in plan.points if ".attributes." in id}
    assert said == answered
    assert not plan.promises


@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ("三口人够用吗 内胆能拆下来洗吗", {"people": "3-5人", "removable_basket": True}),
        ("有更大的尺寸吗", {"sizes": "130x170, 150x200"}),
        ("does the cover come off? do you do it in a bigger size", {"removable_cover": True, "sizes": "13 in, 15 in"}),
        ("what's the age on this, for a 3 yr old", {"recommended_age": "3+"}),
        ("是新日期的吗", {"production_date": "2026年10月"}),
        ("最近生产的不 会很辣不", {"production_date": "2026年10月", "flavor": "原味、香辣"}),
        ("哪个月出厂的 能放多久", {"production_date": "2026年10月", "shelf_life": "9个月"}),
        ("会掉色不 会不会染到别的衣服", {"color_fastness": "4级"}),
        ("洗了串色吗", {"color_fastness": "4级"}),
        ("is the dye gonna bleed on my whites", {"color_fastness": "grade 4"}),
        ("will it fade", {"colorfast": "grade 4"}),
        ("how hot is this sauce", {"heat_level": "3 out of 5"}),
        ("is it spicy", {"flavor": "original and hot"}),
        ("when was this roasted? how long does it keep", {"roast_date": "Nov 2026", "shelf_life": "9 months"}),
    ],
)
def test_what_people_ask_of_size_parts_and_age_is_answered(
    text: str, attributes: dict[str, Any], a: Any, playbooks: Any
) -> None:
    language = "en" if text.isascii() else "zh"
    goods = (product(attributes=attributes),)
    plan = planned(playbooks, asked(a, text, products=goods, language=language))
    assert {id.rsplit(".", 1)[1] for id in plan.points if ".attributes." in id} == set(attributes)
    assert not plan.promises


def test_a_yes_and_a_no_are_phrases_of_the_topic(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, asked(a, "能放洗碗机吗,能进烤箱吗"))
    assert plan.facts["question.phrase.dishwasher"].value == "可以进洗碗机"
    assert plan.facts["question.phrase.oven"].value == "不能进烤箱"


def test_half_an_answer_says_when_the_other_half_comes(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, asked(a, "什么材质的,多重"))
    assert (plan.act, plan.scene) == (Act.ANSWER, "partly")
    assert plan.facts["question.open"].value == "重量"
    assert [one.what for one in plan.promises] == ["hold"]


@pytest.mark.parametrize("issue", ["product_question", "usage_question"])
@pytest.mark.parametrize("text", ["孕妇能用吗", "是正品吗", "和上一代有什么区别", "多重"])
def test_what_nobody_states_is_never_guessed(issue: str, text: str, a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, asked(a, text, issue))
    assert (plan.act, plan.scene) == (Act.HOLD, "not_stated")
    assert [one.what for one in plan.promises] == ["hold"]
    assert not [id for id in plan.points if ".attributes." in id]
    silent = decide(playbooks, asked(a, text, issue, terms={"hold_minutes": None}))
    assert isinstance(silent, NoPlan)
    assert silent.reason is Reason.FACTS_MISSING


@pytest.mark.parametrize(
    ("value", "language", "can"),
    [
        ("手洗,30度以下", "zh", True),
        ("手洗,30度以下", "en", False),
        ("E27", "zh", True),
        ("hand wash only, lay flat to dry", "zh", False),
        ("hand wash only", "en", True),
        ("x" * 300, "en", False),
        ("两\n行", "zh", False),
    ],
)
def test_a_value_that_cannot_be_said_counts_as_unknown(
    value: str, language: str, can: bool, a: Any, playbooks: Any
) -> None:
    text = {"zh": "怎么洗", "en": "how do i wash it"}[language]
    goods = product(attributes={"care": value})
    plan = planned(playbooks, asked(a, text, "usage_question", products=(goods,), language=language))
    assert (plan.scene == "known") is can


def test_a_longer_word_hides_the_shorter_one(playbooks: Any) -> None:
    assert playbooks.topics.named("电池容量多大") == ("battery",)
    assert playbooks.topics.named("这个多大") == ("dimensions",)
    assert playbooks.topics.named("how do i use this thing") == ("usage",)


def test_what_the_buyer_has_bought_and_names_is_not_asked_for(a: Any, playbooks: Any) -> None:
    bought = (a.order(), a.shipped(id="6938166200417709314", items=[{"product_id": "p9", "name": "羊毛围巾"}]))
    plan = planned(playbooks, asked(a, "那个杯子能进洗碗机吗", "product_question", products=None, orders=bought))
    assert (plan.act, plan.scene) == (Act.HOLD, "not_stated")
    assert {fact.value for fact in plan.facts.values() if fact.kind is FactKind.PRODUCT} == {"手绘陶瓷杯"}

    # Whether it is still sold nobody knows, so nothing is said of it.
    plan = planned(playbooks, asked(a, "那个杯子还有货吗", "stock", products=None, orders=bought))
    assert (plan.act, plan.scene) == (Act.HOLD, "not_stated")

    plan = planned(playbooks, asked(a, "这个能进洗碗机吗", "product_question", products=None, orders=bought))
    assert plan.asks == ("product",)


@pytest.mark.parametrize("issue", ["product_question", "usage_question", "stock"])
def test_without_a_product_it_is_asked_for(issue: str, a: Any, playbooks: Any) -> None:
    two = (product(), product(id="p2", name="手绘陶瓷盘"))
    for products in (None, (), two):
        plan = planned(playbooks, asked(a, "什么材质的", issue, products=products))
        assert (plan.act, plan.asks) == (Act.ASK, ("product",))


@pytest.mark.parametrize(
    ("changes", "text", "act", "scene"),
    [
        ({}, "还有货吗", "answer", "in_stock"),
        ({"stock": 0}, "还有货吗", "hold", "sold_out"),
        ({"stock": 0, "attributes": {"restock_at": "2026-11-28"}}, "什么时候补货", "answer", "restock"),
        ({"stock": 0, "attributes": {"restock_at": "2026-11-20"}}, "什么时候补货", "hold", "sold_out"),
        ({"stock": 0, "attributes": {"restock_at": "快了"}}, "什么时候补货", "hold", "sold_out"),
        ({"stock": None}, "还有货吗", "hold", "not_stated"),
        ({"status": "deactivated"}, "还卖吗", "hold", "off_sale"),
        ({"attributes": {"stock_by_size": {"M": 0, "L": 4}}}, "M码还有吗", "hold", "size_sold_out"),
        ({"attributes": {"stock_by_size": {"M": 0, "L": 4}}}, "l码还有吗", "answer", "size_in_stock"),
        ({"attributes": {"stock_by_size": {"M": 0, "L": 4}}}, "M和L都有吗", "answer", "several"),
        ({"attributes": {"stock_by_size": {"M": 3}}}, "do you have a medium", "answer", "size_in_stock"),
        ({"attributes": {"sizes": ["S", "M"]}}, "do you have this in a medium", "hold", "variant"),
        ({"attributes": {"颜色": "墨绿、藏青"}}, "墨绿还有吗", "hold", "variant"),
        ({"attributes": {"stock_by_size": {"M": 3}, "colours": ["Navy", "Green"]}}, "M in green?", "hold", "variant"),
        ({}, "黑色的有货吗", "hold", "variant"),
        ({"stock": 0, "attributes": {"sizes": ["S", "M"]}}, "do you have this in a medium", "hold", "sold_out"),
        ({"attributes": {"colours": ["Navy"]}}, "got it in navy?", "answer", "in_stock"),
        ({"name": "黑色台灯"}, "黑色的这个有货吗", "answer", "in_stock"),
        ({"attributes": {"sizes": ["S", "M"]}}, "is it in stock", "answer", "in_stock"),
    ],
)
def test_stock(changes: dict[str, Any], text: str, act: str, scene: str, a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, asked(a, text, "stock", products=(product(**changes),)))
    assert (plan.act.value, plan.scene) == (act, scene)
    assert bool(plan.promises) == (act == "hold")


@pytest.mark.parametrize("issue", ["stock", "product_question", "price_promotion", "size_fit"])
def test_what_is_not_on_sale_is_not_named(issue: str, a: Any, playbooks: Any) -> None:
    plan = decide(playbooks, asked(a, "还有货吗", issue, products=(product(status="deactivated"),)))
    named = isinstance(plan, Plan) and any(id.endswith(".name") for id in plan.facts)
    assert not named


def test_what_the_buyer_bought_keeps_its_name(a: Any, playbooks: Any) -> None:
    situation = asked(a, "什么材质的", "usage_question", about=a.order(), products=(product(status="deactivated"),))
    assert "product.p1.name" in planned(playbooks, situation).facts


def _short(a: Any, playbooks: Any, said: dict[str, str], **changes: Any) -> Plan:
    """The plan for an order of which ``said`` is missing, with a picture."""
    price = {"amount": "60.00", "currency": "CNY"}
    item = {"product_id": "p1", "name": "手绘陶瓷杯 一套四只", "price": price} | changes
    paid = {"amount": f"{60 * changes.get('quantity', 1)}.00", "currency": "CNY"}
    order = a.order(items=[item], total=paid)
    situation = a.situation("missing_item", about=order, photos=1, read={"answered": said})
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan), plan
    return plan


@pytest.mark.parametrize(
    ("said", "changes", "cost"),
    [
        ({"short": "1/4"}, {}, "15.00"),
        ({"short": "1/3"}, {"quantity": 3}, "60.00"),
        ({"missing": "一只"}, {}, "15.00"),
        ({"missing": "两只杯子"}, {}, "30.00"),
        ({"missing": "一盒"}, {"quantity": 2}, "60.00"),
        ({"missing": "one of the mugs"}, {"name": "Stoneware Mug Set of 4"}, "15.00"),
        ({"missing": "2 mugs"}, {"name": "Stoneware Mug 4-pack"}, "30.00"),
    ],
)
def test_missing_pieces_cost_what_they_are_of_the_line(
    said: dict[str, str], changes: dict[str, Any], cost: str, a: Any, playbooks: Any
) -> None:
    plan = _short(a, playbooks, said, **changes)
    costs = {option.key: option.cost.amount for option in plan.options if option.cost is not None}
    assert (costs["send_missing"], costs["refund_keep"]) == (cost, cost)


@pytest.mark.parametrize(
    ("said", "changes"),
    [
        ({"missing": "杯盖"}, {}),
        ({"missing": "一包螺丝"}, {}),
        ({"missing": "一只"}, {"name": "手绘陶瓷杯"}),
        ({"missing": "五只"}, {}),
        ({"missing": "remote"}, {"name": "Star projector"}),
    ],
)
def test_a_part_that_is_no_piece_costs_no_more_than_what_is_given_back_for_it(
    said: dict[str, str], changes: dict[str, Any], a: Any, playbooks: Any
) -> None:
    plan = _short(a, playbooks, said, **changes)
    costs = {option.key: option.cost.amount for option in plan.options if option.cost is not None}
    assert (costs["send_missing"], costs["refund_keep"]) == ("30.00", "30.00")


def test_a_missing_line_of_several_costs_itself(a: Any, playbooks: Any) -> None:
    def line(name: str, price: str) -> dict[str, Any]:
        return {"product_id": name, "name": name, "price": {"amount": price, "currency": "CNY"}}

    order = a.order(items=[line("Bath Mat", "18.00"), line("Cotton Towel 2-pack", "26.00")])
    read = {"answered": {"missing": "towels"}}
    plan = decide(playbooks, a.situation("missing_item", about=order, photos=1, read=read))
    assert isinstance(plan, Plan)
    assert [option.cost.amount for option in plan.options if option.cost] == ["26.00", "26.00"]


@pytest.mark.parametrize("text", ["拆开是个空盒", "opened the box and it was EMPTY", "there was nothing inside"])
def test_an_empty_box_is_all_of_it(text: str, a: Any, playbooks: Any) -> None:
    plan = decide(playbooks, a.situation("missing_item", about=a.order(), photos=1, text=text))
    assert isinstance(plan, Plan)
    assert plan.scene == "empty_box"
    assert {option.key: option.cost.amount for option in plan.options if option.cost} == {
        "reship": "59.90",
        "refund_full": "59.90",
    }


@pytest.mark.parametrize(
    ("parcels", "text", "scene"),
    [
        (2, "少了毛巾", "second_parcel"),
        (2, "only got the mat, where are the towels", "second_parcel"),
        (1, "wheres the lamp", "on_the_way"),
        (1, "少了毛巾", "photo_missing"),
    ],
)
def test_what_is_on_its_way_is_not_missing(parcels: int, text: str, scene: str, a: Any, playbooks: Any) -> None:
    order = a.shipped(shipments=[a.parcel(number=f"SF{at}") for at in range(parcels)])
    plan = decide(playbooks, a.situation("missing_item", about=order, text=text))
    assert isinstance(plan, Plan)
    assert (plan.scene, plan.options) == (scene, ())


def test_a_second_parcel_that_is_late_is_looked_into(a: Any, playbooks: Any) -> None:
    order = a.shipped(shipments=[a.parcel(number="SF1", eta_in=-2), a.parcel(number="SF2", eta_in=-2)])
    plan = decide(playbooks, a.situation("missing_item", about=order, text="少了毛巾"))
    assert isinstance(plan, Plan)
    assert (plan.act, plan.scene) == (Act.HOLD, "on_the_way_late")


LAMP = {
    "id": "p1",
    "name": "Rattan Table Lamp",
    "attributes": {
        "height": "22 in",
        "bulb": "one E26 bulb included",
        "material": "natural rattan",
        "cord_length": "6 ft",
        "power": "corded, 120 V",
        "care": "Wipe with a dry cloth",
        "warranty_months": 12,
    },
}


@pytest.mark.parametrize("issue", ["product_question", "size_fit"])
@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("how long is the cord", "cord_length"),
        ("is it corded or battery", "power"),
        ("does it take batteries", "power"),
        ("how tall is it", "height"),
        ("how big is it", "height"),
        ("does it come with a bulb", "bulb"),
        ("is it real rattan or plastic?", "material"),
        ("is it plastic", "material"),
        ("can it go in the washing machine?", "care"),
        ("is it dishwasher safe", "care"),
        ("how long is the warranty", "warranty_months"),
    ],
)
def test_what_stands_there_is_found(text: str, key: str, issue: str, a: Any, playbooks: Any) -> None:
    lamp = (Product.model_validate(LAMP),)
    plan = planned(playbooks, a.situation(issue, products=lamp, text=text, language="en"))
    assert plan.act is Act.ANSWER
    assert [id.rsplit(".", 1)[1] for id in plan.points if ".attributes." in id] == [key]
    assert not plan.promises


@pytest.mark.parametrize("text", ["线多长", "有多高", "插电的吗", "能机洗吗", "带灯泡吗", "保修多久", "是塑料的吗"])
def test_what_stands_there_is_found_in_chinese(text: str, a: Any, playbooks: Any) -> None:
    attributes = {
        "线长": "1.5米",
        "height_cm": 56,
        "供电": "插电",
        "care": "干布擦",
        "bulb": "E27",
        "warranty_months": 12,
        "material": "藤",
    }
    lamp = (Product.model_validate({"id": "p1", "name": "藤编台灯", "attributes": attributes}),)
    plan = planned(playbooks, a.situation("product_question", products=lamp, text=text))
    assert (plan.act, plan.scene) == (Act.ANSWER, "known")


@pytest.mark.parametrize(
    ("text", "open_"),
    [
        ("does it come with a remote", "the box contents"),
        ("dimmable?", "the dimming"),
        ("what are the dimensions", None),
    ],
)
def test_what_does_not_stand_there_is_still_open(text: str, open_: str | None, a: Any, playbooks: Any) -> None:
    lamp = (Product.model_validate(LAMP | {"attributes": {"material": "natural rattan"}}),)
    plan = planned(playbooks, a.situation("product_question", products=lamp, text=text, language="en"))
    assert plan.act is Act.HOLD
    assert open_ is None or plan.facts["question.open"].value == open_


@pytest.mark.parametrize(
    ("terms", "attributes", "act", "scene", "options"),
    [
        ({"repair": "shop"}, {"warranty_months": 12}, Act.OFFER, "covered", ["repair"]),
        ({"repair": "shop", "warranty_days": 90}, {}, Act.OFFER, "covered", ["repair"]),
        ({}, {"warranty_months": 12}, Act.HOLD, "covered_open", []),
        ({}, {"warranty": "全国联保一年"}, Act.HOLD, "warranty_stated", []),
        ({"repair": "shop"}, {"warranty_days": 5}, Act.DECLINE, "too_late", []),
        # Nobody decided how long a fault is reported: a person does, and no window without a reason refuses it.
        ({"repair": "shop"}, {}, Act.HOLD, "fault_open", []),
        ({"repair": "shop", "fault_days": 15}, {}, Act.DECLINE, "too_late", []),
    ],
)
def test_a_fault_after_the_days_for_returns_goes_by_the_warranty(
    terms: dict[str, Any], attributes: dict[str, Any], act: Act, scene: str, options: list[str], a: Any, playbooks: Any
) -> None:
    old = a.order(delivered_at=a.NOW - timedelta(days=20))
    goods = (product(attributes=attributes),)
    plan = planned(playbooks, a.situation("quality_defect", about=old, products=goods, terms=terms, photos=1))
    assert (plan.act, plan.scene, [one.key for one in plan.options]) == (act, scene, options)


def test_a_fault_within_the_days_for_returns_keeps_its_options(a: Any, playbooks: Any) -> None:
    goods = (product(attributes={"warranty_months": 12}),)
    plan = planned(
        playbooks,
        a.situation("quality_defect", about=a.order(), products=goods, terms={"repair": "shop"}, photos=1),
    )
    assert (plan.scene, [one.key for one in plan.options]) == ("decide", ["exchange", "refund_keep"])


@pytest.mark.parametrize(
    ("text", "lines", "scene"),
    [
        ("can you take the soap dispenser off my order, keep the rest", 2, "one_of_several"),
        ("台灯不要了,其他的照发", 2, "one_of_several"),
        ("cancel my order", 2, "before_shipping"),
        ("cancel the order with the soap dispenser", 2, "before_shipping"),
        ("take it off my order", 1, "before_shipping"),
    ],
)
def test_one_thing_of_several_does_not_cancel_the_order(
    text: str, lines: int, scene: str, a: Any, playbooks: Any
) -> None:
    names = ("Soap Dispenser", "台灯")[:lines]
    order = a.to_ship(items=[{"product_id": name, "name": name} for name in names])
    plan = planned(playbooks, a.situation("cancel_order", about=order, text=text))
    assert plan.scene == scene


def test_nothing_of_an_empty_box_is_sent_back(a: Any, playbooks: Any) -> None:
    dear = a.order(total={"amount": "219.00", "currency": "CNY"})
    plan = planned(playbooks, a.situation("missing_item", about=dear, photos=1, text="收到个空盒子!!!"))
    assert (plan.act, plan.scene, plan.options) == (Act.HOLD, "approval", ())


def test_a_warranty_told_with_the_rest_is_not_still_open(a: Any, playbooks: Any) -> None:
    lamp = (Product.model_validate(LAMP),)
    text = "does it run on batteries? and whats the warranty"
    plan = planned(playbooks, a.situation("product_question", "warranty", products=lamp, text=text, language="en"))
    assert (plan.scene, plan.secondary) == ("known", ())
    bare = (Product.model_validate(LAMP | {"attributes": {"power": "corded"}}),)
    plan = planned(playbooks, a.situation("product_question", "warranty", products=bare, text=text, language="en"))
    # It is found out with the rest, by the same time.
    assert plan.facts[LATER].value == Issue.WARRANTY.value
    assert (plan.secondary, [one.what for one in plan.promises]) == ((), ["hold"])
