"""What the goods state is told however people ask for it: for how many, how old, which bed, what part."""

from typing import Any

import pytest

from copilot.assets import policy_folders
from copilot.domain.order import Product
from copilot.domain.plan import Act, Plan
from copilot.playbook import decide
from copilot.playbook.points import announces, in_lines, points_in
from copilot.playbook.topics import Asked, Topics, load_topics


@pytest.fixture(scope="module")
def topics() -> Topics:
    return load_topics(policy_folders())


def told(topics: Topics, text: str, **attributes: Any) -> Asked:
    goods = Product.model_validate({"id": "p", "name": "Thing", "status": "live", "attributes": attributes})
    return topics.asked(text, goods, "en" if text.isascii() else "zh")


def said(asked: Asked) -> list[tuple[str, str]]:
    return [(one.title, str(one.phrase or one.value)) for one in asked.known]


@pytest.mark.parametrize(
    "text",
    [
        "28的够三口人炒菜么",
        "够三个人用吗",
        "四个人吃够不够",
        "一个人住会不会太大了",
        "is it big enough for 4 of us?",
        "will that feed 6 people?",
    ],
)
def test_a_number_of_people_asks_for_how_many_it_is(topics: Topics, text: str) -> None:
    asked = told(topics, text, serves="2-3")
    assert [one.key for one in asked.known] == ["serves"]
    assert asked.unknown == ()


@pytest.mark.parametrize(
    ("text", "attributes", "keys"),
    [
        (
            "我妈血糖高 有没有加糖的",
            {"added_sugar": "未添加蔗糖", "sugar_g_per_100g": 2.1},
            ["added_sugar", "sugar_g_per_100g"],
        ),
        (
            "糖尿病能吃吗",
            {"sugar_g_per_100g": 2.1, "carbohydrate_g_per_100g": 41},
            ["sugar_g_per_100g", "carbohydrate_g_per_100g"],
        ),
        ("is it ok for a diabetic?", {"sugars_g_per_serving": 1, "carbs_g": 12}, ["sugars_g_per_serving", "carbs_g"]),
    ],
)
def test_what_sugar_it_has_is_told_and_the_doctor_named(
    topics: Topics, text: str, attributes: dict[str, Any], keys: list[str]
) -> None:
    asked = told(topics, text, **attributes)
    assert [one.key for one in asked.known] == keys
    assert asked.advice in ("能不能吃要听医生的", "whether it's right for them is their doctor's call")
    assert asked.unknown == ()


def test_without_any_sugar_stated_it_is_found_out(topics: Topics) -> None:
    asked = told(topics, "糖尿病能吃吗", material="棉")
    assert (asked.known, asked.unknown, asked.advice) == ((), ("适用人群",), None)


QUILT = {
    "weight_jin_by_size": {"150x200": 5, "200x230": 7, "220x240": 8},
    "suggested_bed": {"150x200": "1.2m床", "200x230": "1.5m-1.8m床", "220x240": "1.8m-2m床"},
    "warmth": "适合5-15℃室温",
}


def test_the_size_for_a_bed_is_told_with_what_else_is_asked_of_it(topics: Topics) -> None:
    asked = told(topics, "这被子多重 冬天没暖气够不够\n1.5的床买哪个", **QUILT)
    assert sorted(said(asked)) == [
        ("200x230的重量", "7斤"), ("保暖", "适合5-15℃室温"), ("适合1.5m-1.8m床的", "200×230"),
    ]  # fmt: skip
    assert asked.unknown == ()


@pytest.mark.parametrize(
    ("text", "attributes", "answer"),
    [
        (
            "1.8的床用哪个",
            {"suggested_bed": QUILT["suggested_bed"]},
            ("适合1.5m-1.8m床、1.8m-2m床的", "200×230、220×240"),
        ),
        ("四个人用买哪个", {"serves": {"小号": "1-2人", "中号": "3-4人"}}, ("适合3-4人的", "中号")),
        ("客厅20平用哪款", {"suitable_area": {"小": "10-15平", "大": "18-30平"}}, ("适合18-30平的", "大")),
        (
            "which size for 4 people?",
            {"recommended_for": {"S": "1-2 people", "M": "3-4 people"}},
            ("size for 3-4 people", "M"),
        ),
        (
            "which one for a queen bed",
            {"fits": {"A": "full or queen bed", "B": "king bed"}},
            ("size for full or queen bed", "A"),
        ),
    ],
)
def test_which_size_is_for_a_use_is_read_off_what_each_is_for(
    topics: Topics, text: str, attributes: dict[str, Any], answer: tuple[str, str]
) -> None:
    asked = told(topics, text, **attributes)
    assert said(asked) == [answer]
    assert asked.unknown == ()


@pytest.mark.parametrize("text", ["which size for a 40 in hip?", "which one is best", "1.5的床还有货吗"])
def test_no_use_is_met_where_none_is_named(topics: Topics, text: str) -> None:
    assert told(topics, text, suggested_bed={"A": "1.8m床", "B": "2m床"}).known == ()


@pytest.mark.parametrize(
    ("text", "stated", "phrase"),
    [
        ("is this ok for a 2 yr old?", "3+", "it's for ages 3+, so it isn't meant for a 2-year-old"),
        (
            "is it safe for my 18 month old",
            "3 years and up",
            "it's for ages 3 years and up, so it isn't meant for an 18-month-old",
        ),
        ("两岁能玩不", "3-6岁", "适用年龄是3-6岁，两岁的孩子还不适用"),
        ("is it ok for a 4 year old?", "3+", None),
        ("8个月的宝宝能用吗", "6个月以上", None),
        ("5岁孩子可以玩吗", "3岁以上", None),
    ],
)
def test_whoever_is_too_young_is_told_so(topics: Topics, text: str, stated: str, phrase: str | None) -> None:
    (known,) = told(topics, text, age=stated).known
    assert (known.value, known.phrase) == (stated, phrase)
    assert known.limits is (phrase is not None)


@pytest.mark.parametrize(
    ("text", "attributes", "phrase"),
    [
        ("Can I just get a new lid?", {"lid_sold_separately": "no"}, "the lid isn't sold separately"),
        ("do you sell spare filters", {"filters_sold_separately": True}, "the filters are sold separately"),
        ("盖子坏了能单独买个盖子吗", {"lid_sold_separately": "no"}, "盖子不单独卖"),
        ("does it come with a charger", {"charger_included": "no"}, "the charger isn't included"),
    ],
)
def test_whether_a_part_is_sold_is_said_as_a_sentence(
    topics: Topics, text: str, attributes: dict[str, Any], phrase: str
) -> None:
    assert [one.phrase for one in told(topics, text, **attributes).known] == [phrase]


def test_a_number_with_a_point_ends_no_question(topics: Topics) -> None:
    asked = told(topics, "is 5.8qt enough for a whole chicken", fits="whole chicken up to 5 lb")
    assert said(asked) == [("it fits {}", "whole chicken up to 5 lb")]


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("3 things 1) is it vegan 2) can i use it with retinol 3) where is it", 3),
        ("1 发货了没 2 我拍错颜色了 3 这个帽子能拆下来吗", 3),
        ("1、能用微波炉吗2、多少钱", 2),
        ("想问几个问题 1发什么快递 2现在拍什么时候发 3有没有赠品", 3),
        ("1多高 2承重多少", 2),
        ("1号发的 2号到杭州 3号就没动了", 0),
        ("拍了1件 2件 3件都这样", 0),
        ("i bought 1 shirt and 2 pants", 0),
        ("我要1 个红的 2 个蓝的", 0),
        ("1.8m的床 2 个人", 0),
    ],
)
def test_the_points_of_a_list_stand_on_lines_of_their_own(text: str, points: int) -> None:
    assert len(points_in(text)) == points
    assert len(in_lines(text)) == len(text)


@pytest.mark.parametrize(
    "text", ["想问几个问题", "你好 问3个事", "hi, a few questions:", "2 quick questions", "还有两个问题"]
)
def test_what_only_announces_questions_is_none(text: str) -> None:
    assert announces(text)


@pytest.mark.parametrize(
    "text", ["几个人用合适", "a few questions about the lid: is it glass?", "有什么问题", "two things broke"]
)
def test_what_asks_or_tells_announces_nothing(text: str) -> None:
    assert not announces(text)


def test_each_point_of_a_list_is_a_question(topics: Topics) -> None:
    text = "1) is the serum vegan 2) can i use it same night as retinol"
    asked = told(topics, text, vegan="yes", use="use retinol at night instead")
    assert {one.key for one in asked.known} == {"vegan", "use"}


@pytest.mark.parametrize(
    ("text", "attributes", "sells"),
    [
        ("打混凝土墙行不", {"max_drill_concrete_mm": 10}, False),
        ("洗碗机能洗不", {"dishwasher": "no"}, False),
        ("什么材质的", {"material": "陶瓷"}, True),
    ],
)
def test_nobody_is_pushed_to_buy_what_has_its_limit(
    a: Any, playbooks: Any, text: str, attributes: dict[str, Any], sells: bool
) -> None:
    goods = Product.model_validate({"id": "p", "name": "东西", "status": "live", "stock": 3, "attributes": attributes})
    plan = decide(playbooks, a.situation("product_question", products=(goods,), text=text))
    assert isinstance(plan, Plan)
    assert plan.act is Act.ANSWER
    assert ("question.limit" not in plan.facts) is sells


SIDES = {"width_cm": 27, "depth_cm": 34, "height_cm": 31}


@pytest.mark.parametrize(
    "text", ["how big is it? my counter is tiny", "多大呀", "would it do for a family of 4? and how big is it"]
)
def test_how_big_it_is_is_told_by_its_sides(topics: Topics, text: str) -> None:
    asked = told(topics, text, serves="3 to 4 people", **SIDES)
    assert [one.key for one in asked.known if one.key in SIDES] == list(SIDES)
    assert asked.unknown == ()


def test_a_stated_size_goes_before_the_sides(topics: Topics) -> None:
    asked = told(topics, "how big is it?", dimensions="27 x 34 x 31 cm", **SIDES)
    assert [one.key for one in asked.known] == ["dimensions"]


def test_the_name_of_the_goods_asks_nothing(topics: Topics) -> None:
    train = {"id": "p", "name": "Wooden train set, 60 pieces", "attributes": {"material": "beech wood"}}
    goods = Product.model_validate(train)
    assert topics.asked("I'd like the wooden train set, do you gift wrap?", goods, "en").known == ()
    assert [one.key for one in topics.asked("what wood is the wooden train set made of?", goods, "en").known] == [
        "material"
    ]
