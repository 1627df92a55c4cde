"""Several questions about goods in one burst: each is answered from what the goods state, or named as open."""

from typing import Any

import pytest

from copilot.assets import policy_folders
from copilot.domain.issue import Issue
from copilot.domain.order import Product
from copilot.domain.plan import Act, Plan
from copilot.playbook import decide
from copilot.playbook.topics import Topics, load_topics


@pytest.fixture(scope="module")
def topics() -> Topics:
    return load_topics(policy_folders())


def product(**attributes: Any) -> Product:
    return Product.model_validate({"id": "p", "name": "周末套装", "status": "live", "attributes": attributes})


ZH = [
    ("这个吹风机能自己关吗\n多少瓦", {"auto_shut_off_min": 30, "power_w": 1600}),
    ("电池送几块\n能打混凝土不", {"batteries_included": 2, "max_drilling_concrete_mm": 10}),
    (
        "6个月宝宝能吃吗 开封后放几天 有没有加盐",
        {"suitable_age": "6个月以上", "storage": "24小时内吃完", "ingredients": "南瓜"},
    ),
    ("几号生产的呀\n保质期多久", {"production_date": "2026-11-02", "shelf_life_months": 6}),
    ("行李箱20寸还是24寸的 轮子静音不", {"size_in": 20, "wheels": "静音万向轮"}),
    ("表带多长 防水多少米", {"strap_length_mm": 240, "water_resistance": "50米"}),
    ("送几个刷头 充一次用多久", {"brush_heads": 3, "battery_life_days": 30}),
    ("70公斤坐得住吗 能折叠不", {"max_load_kg": 120, "foldable": True}),
    ("最大承重多少 噪音大吗", {"max_user_weight_kg": 110, "noise_level_db": 60}),
    ("吸力多少 几档", {"suction": "22m³/min", "speeds": 3}),
    ("含酒精吗 敏感肌能用吗", {"alcohol_free": True, "skin_type": "敏感肌可用"}),
    ("帐篷几个人能睡 防雨不", {"sleeps": 3, "waterproof_mm": 3000}),
]
EN = [
    ("does it shut off by itself? also whats the cord length", {"auto_shut_off_min": 30, "cord_length_ft": 6}),
    ("is it vegan and how long is it good for after opening", {"vegan": True, "period_after_opening_months": 12}),
    ("do batteries come with it and how loud is it", {"batteries_included": False, "noise_db": 40}),
    ("is the tent ok for 3 people and how heavy", {"sleeps": 3, "weight_lb": 7.5}),
    ("is it 16 or 18 inch? will it tarnish", {"length_in": 18, "tarnish_resistant": True}),
    ("can my 4 year old use it? whats the weight limit", {"recommended_age": "5+", "max_weight_lb": 110}),
    ("how do i pair it, and whats the bluetooth range", {"pairing": "hold power 5 s", "range_m": 10}),
    ("does it need drilling? whats it made of", {"mounting": "adhesive, no drilling", "material": "ABS"}),
    ("what spf is it and is it reef safe", {"spf": 50, "reef_safe": True}),
    ("how many servings and is there caffeine", {"servings": 30, "caffeine_mg": 0}),
    ("how long does it keep once opened, any peanuts in it", {"storage": "8 weeks", "allergens": "soy; peanuts"}),
    ("how long is the strap and how heavy is it", {"strap_length_in": 48, "weight_lb": 2}),
    ("how many mg of melatonin, can kids take it", {"melatonin_mg": 5, "suitable_for": "adults only"}),
    ("will it turn my neck green", {"hypoallergenic": True, "tarnish_resistant": True}),
]


@pytest.mark.parametrize(("text", "attributes"), ZH)
def test_each_question_meets_its_attribute_in_chinese(topics: Topics, text: str, attributes: dict[str, Any]) -> None:
    asked = topics.asked(text, product(**attributes), "zh")
    assert ({one.key for one in asked.known}, asked.unknown) == (set(attributes), ())


@pytest.mark.parametrize(("text", "attributes"), EN)
def test_each_question_meets_its_attribute_in_english(topics: Topics, text: str, attributes: dict[str, Any]) -> None:
    asked = topics.asked(text, product(**attributes), "en")
    assert ({one.key for one in asked.known}, asked.unknown) == (set(attributes), ())


@pytest.mark.parametrize(
    ("text", "language", "title", "value"),
    [
        ("is 7kg ok for someone who weighs 70kg", "en", "recommended body weight for the 7kg", "60-80 kg"),
        ("70kg的人用7kg的行吗", "zh", "7kg的建议体重", "60-80kg"),
        ("which one for a person of 45 kg?", "en", "recommended body weight for the 5kg", "40-55 kg"),
    ],
)
def test_a_number_finds_its_line_of_a_table(topics: Topics, text: str, language: str, title: str, value: str) -> None:
    table = {"5kg": "40-55", "7kg": "60-80"}
    asked = topics.asked(text, product(recommended_body_weight_kg_by_weight=table), language)
    assert [(one.title, one.value) for one in asked.known] == [(title, value)]


@pytest.mark.parametrize(
    ("text", "language", "attributes"),
    [
        ("is it 16 or 18 inch", "en", {"width_cm": 40}),
        ("will 70kg be fine", "en", {"price_kg": 3, "stock_kg": 9}),
        ("20寸的有吗", "zh", {"battery_mah": 20}),
    ],
)
def test_a_number_of_another_unit_answers_nothing(
    topics: Topics, text: str, language: str, attributes: dict[str, Any]
) -> None:
    assert topics.asked(text, product(**attributes), language).known == ()


@pytest.mark.parametrize(
    ("text", "attributes", "open_"),
    [
        ("什么材质的\n男的能戴吗", {"material": "不锈钢"}, "另外那个问题"),
        ("孕妇能用吗 含不含水杨酸", {"ingredients": "甘油"}, "适用人群"),
        ("孕妇能用吗\n这个颜色会不会偏黄啊", {"skin_type": "所有肤质"}, "适用人群、另外那个问题"),
    ],
)
def test_what_nothing_answers_is_named(
    text: str, attributes: dict[str, Any], open_: str, a: Any, playbooks: Any
) -> None:
    plan = decide(playbooks, a.situation(Issue.PRODUCT_QUESTION, text=text, products=(product(**attributes),)))
    assert isinstance(plan, Plan)
    assert plan.facts["question.open"].value == open_
    assert any(one.what == "hold" for one in plan.promises)


@pytest.mark.parametrize(
    "text",
    [
        "老板在吗 帮我看看呢 什么材质的",
        "你好，想问下什么材质的，谢谢",
        "不知道选啥好 什么材质的",
        "帮我备注发黑色的 什么材质",
    ],
)
def test_what_only_greets_asks_nothing(topics: Topics, text: str) -> None:
    assert topics.asked(text, product(material="棉"), "zh").unknown == ()


def test_a_stated_value_answers_another_topic(topics: Topics) -> None:
    asked = topics.asked("这鞋偏大还是偏小 脚有点宽", product(fit="偏小半码,脚宽建议拍大一码"), "zh")
    assert ([one.key for one in asked.known], asked.unknown) == (["fit"], ())


def test_a_yes_under_a_name_nobody_can_read_is_found_out(topics: Topics) -> None:
    asked = topics.asked("zorb能用吗", product(zorb_ready=True), "zh")
    assert asked.known == ()


@pytest.mark.parametrize(("has_it", "scene"), [(True, "bought"), (False, "known")])
def test_goods_that_the_buyer_has_are_not_sold_to_them(has_it: bool, scene: str, a: Any, playbooks: Any) -> None:
    cup = {"id": "p1" if has_it else "p2", "name": "手绘陶瓷杯", "status": "live", "stock": 9}
    goods = Product.model_validate(cup | {"attributes": {"material": "高温陶瓷"}})
    situation = a.situation(Issue.PRODUCT_QUESTION, orders=(a.order(),), text="什么材质的", products=(goods,))
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan)
    assert (plan.act, plan.scene) == (Act.ANSWER, scene)
    assert any(one.endswith(".stock") for one in plan.points) is not has_it


@pytest.mark.parametrize(
    ("issue", "text", "scene"),
    [
        (Issue.STOCK, "收到3袋 下周就过期了?", "short_dated"),
        (Issue.PRODUCT_QUESTION, "刚收到的怎么是临期的 保质期多久", "short_dated"),
        (Issue.PRODUCT_QUESTION, "什么材质的", "bought"),
    ],
)
def test_what_keeps_only_for_days_is_looked_into(issue: Issue, text: str, scene: str, a: Any, playbooks: Any) -> None:
    cup = {"id": "p1", "name": "手绘陶瓷杯", "status": "live", "stock": 9, "attributes": {"material": "陶瓷"}}
    order = a.order()
    situation = a.situation(issue, orders=(order,), text=text, products=(Product.model_validate(cup),))
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan)
    assert plan.scene == scene


BEDDING = {"duvet_cover_size_by_bed": {"1.5m床": "200x230cm", "1.8m床": "220x240cm"}, "color_fastness": "4级"}
HOODIE = {"chest_in_by_size": {"M": 44, "L": 47}}


@pytest.mark.parametrize(
    ("text", "lead", "attributes", "expected", "told"),
    [
        ("1米8的床配多大被套\n会掉色不\n今天拍哪天能到", "size_fit", BEDDING, Issue.SHIPPING_TIME, set(BEDDING)),
        ("什么材质的 几天发货", "product_question", {"material": "纯棉"}, Issue.SHIPPING_TIME, {"material"}),
        # What is reckoned for a body is told by itself.
        ("chest 42, which size? when does it ship", "size_fit", HOODIE, Issue.SIZE_FIT, set()),
    ],
)
def test_what_goods_state_is_told_beside_when_they_ship(
    a: Any, playbooks: Any, text: str, lead: str, attributes: dict[str, Any], expected: Issue, told: set[str]
) -> None:
    language = "en" if text.isascii() else "zh"
    terms = {"ship_within_hours": 48}
    situation = a.situation(
        lead, "shipping_time", text=text, products=(product(**attributes),), language=language, terms=terms
    )
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan)
    assert plan.issue is expected
    assert {id.rpartition(".")[2] if "_by_" not in id else id.split(".attributes.")[1] for id in plan.points} >= told


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("does the mix have sesame in?? my son is allergic", "en"),
        ("is there soy in this, because i'm allergic to it", "en"),
        ("can a coeliac eat this? i have allergies", "en"),
        ("这个能给同事吃吗 我对花生过敏", "zh"),
    ],
)
def test_why_it_is_asked_leaves_nothing_open(text: str, language: str, topics: Topics) -> None:
    told = "contains milk and nuts" if language == "en" else "含牛奶、花生"
    asked = topics.asked(text, product(allergens=told), language)
    assert [one.key for one in asked.known] == ["allergens"]
    assert asked.unknown == ()


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("does it come with a lid? any nuts in it", "en"),
        ("can you engrave it? also the allergens", "en"),
        ("能刻字吗 有没有花生", "zh"),
    ],
)
def test_another_question_stays_open(text: str, language: str, topics: Topics) -> None:
    told = "contains milk and nuts" if language == "en" else "含牛奶、花生"
    asked = topics.asked(text, product(allergens=told), language)
    assert [one.key for one in asked.known] == ["allergens"]
    assert len(asked.unknown) == 1
