from typing import Any

import pytest

from copilot.domain.case import Case
from copilot.domain.issue import Issue
from copilot.domain.order import Item, Product
from copilot.domain.plan import Plan
from copilot.playbook import decide
from copilot.playbook.fit import named, recommend, replace

JEANS = Product.model_validate(
    {
        "id": "p1",
        "name": "牛仔裤",
        "attributes": {
            "waist_cm_by_size": {"XL": 78, "S": 66, "M": 70, "L": 74},
            "hip_cm_by_size": {"S": 88, "M": 92, "L": 96, "XL": 100},
            "stock_by_size": {"M": 0, "L": 3},
        },
    }
)
US = Product.model_validate(
    {"id": "p2", "name": "jean", "attributes": {"hip_in_by_size": {"S": 36, "M": 38, "L": 40.5}}}
)
SHOES = Product.model_validate(
    {"id": "p3", "name": "靴", "attributes": {"foot_length_cm_by_size": {"37": 23.5, "38": 24}}}
)

COAT = Product.model_validate(
    {"id": "p4", "name": "外套", "attributes": {"weight_kg_by_size": {"S": 52, "M": 60, "L": 68}}}
)
TOP = Product.model_validate(
    {"id": "p5", "name": "T恤", "attributes": {"bust_cm_by_size": {"M": 100, "L": 104, "XL": 108}}}
)


@pytest.mark.parametrize(
    ("product", "text", "size", "measure"),
    [
        (JEANS, "我腰围73 臀围94 穿啥码好", "L", "waist"),
        (JEANS, "腰70臀95", "L", "hip"),
        (JEANS, "腰围大概28英寸", "L", "waist"),
        (US, "hips are 40, what size should i get", "L", "hip"),
        (US, "I have 37 inch hips", "M", "hip"),
        (US, "my hip is 96 cm", "M", "hip"),
        (US, "hips 96", "M", "hip"),
        (SHOES, "脚长23.6脚背有点高 37还是38", "38", "foot_length"),
        (SHOES, "23.8", "38", "foot_length"),
        (JEANS, "腰围2尺1 穿什么码", "M", "waist"),
        (JEANS, "腰二尺二", "L", "waist"),
        (JEANS, "腰围两尺一寸", "M", "waist"),
        (COAT, "130斤穿什么码", "L", "weight"),
        (COAT, "体重130多斤", "L", "weight"),
        (COAT, "体重130", "L", "weight"),
        (COAT, "体重62公斤", "L", "weight"),
        (COAT, "I weigh 130 lbs", "M", "weight"),
        (COAT, "weight 130", "M", "weight"),
    ],
)
def test_the_size_is_large_enough_in_every_measure(
    product: Product, text: str, size: str, measure: str, playbooks: Any
) -> None:
    fit = recommend(product, text, playbooks.words)
    assert (fit.size, fit.measure, fit.fits) == (size, measure, True)


@pytest.mark.parametrize(
    "text",
    [
        "平时穿M的",
        "165 118斤 拍几码",
        "身高165 体重59公斤",
        "does it ship today",
        "hip hop 3 songs",
        "腰围700",
        "72或者94",
    ],
)
def test_what_no_table_can_read_is_not_measured(text: str, playbooks: Any) -> None:
    fit = recommend(JEANS, text, playbooks.words)
    assert fit.has_table
    assert not fit.measured
    assert fit.size is None


@pytest.mark.parametrize(
    "text",
    [
        "130斤穿什么码",
        "115斤穿多大",
        "130多斤拿几码",
        "我一米七二 130斤 L行不",
        "1米72 105斤",
        "1.72米 110斤",
        "105kg",
        "105 lbs",
        "身高172 体重105",
    ],
)
def test_a_weight_is_no_bust(text: str, playbooks: Any) -> None:
    fit = recommend(TOP, text, playbooks.words)
    assert (fit.has_table, fit.measured, fit.measure) == (True, False, "bust")


def test_a_bare_number_that_is_a_bust_still_is_one(playbooks: Any) -> None:
    assert recommend(TOP, "105", playbooks.words).size == "XL"


def test_too_large_for_every_size(playbooks: Any) -> None:
    fit = recommend(US, "will these fit a 47 inch hip", playbooks.words)
    assert (fit.fits, fit.size, fit.value, fit.buyer_value) == (False, "L", 40.5, 47)


@pytest.mark.parametrize(
    ("text", "size", "fits"),
    [
        ("太紧了", "L", True),
        ("裤子大了", "S", True),
        ("想换L码的", "L", True),
        ("换XL,腰上紧", "XL", True),
        ("can I get a bigger one", "L", True),
        ("I need a smaller size", "S", True),
        ("换大一码", "L", True),
        ("买大了换小一码", "S", True),
        ("不喜欢", None, None),
        ("赶紧给我处理", None, None),
        ("放松一下", None, None),
        ("有的地方太紧有的地方太松", None, None),
    ],
)
def test_the_size_instead(text: str, size: str | None, fits: bool | None, playbooks: Any) -> None:
    fit = replace(JEANS, Item(name="牛仔裤", sku="深蓝 M"), text, playbooks.words)
    assert (fit.had, fit.size, fit.fits) == ("M", size, fits)


def test_there_is_nothing_above_the_largest(playbooks: Any) -> None:
    fit = replace(JEANS, Item(name="牛仔裤", sku="XL"), "还是小了", playbooks.words)
    assert (fit.had, fit.size, fit.fits) == ("XL", None, False)


def test_a_sku_that_holds_no_size_of_the_table_is_not_guessed(playbooks: Any) -> None:
    fit = replace(JEANS, Item(name="牛仔裤", sku="Slim Wash"), "太紧了", playbooks.words)
    assert fit.had is None
    assert fit.size is None


def test_a_size_that_is_sold_out_is_not_offered(a: Any, playbooks: Any) -> None:
    order = a.order(
        items=[{"product_id": "p1", "name": "牛仔裤", "sku": "L", "price": {"amount": "59.90", "currency": "CNY"}}]
    )
    plan = decide(playbooks, a.situation("size_mismatch", about=order, products=(JEANS,), text="太松了"))
    assert isinstance(plan, Plan)
    assert plan.facts["fit.in_stock"].value == "out_of_stock"
    assert [one.key for one in plan.options] == ["return_refund"]


@pytest.mark.parametrize(
    ("products", "text", "act", "scene"),
    [
        ((JEANS,), "腰70臀92", "answer", "recommend"),
        ((JEANS,), "选什么码", "ask", "ask_measurement"),
        ((), "选什么码", "ask", "ask_product"),
        (None, "选什么码", "ask", "ask_product"),
        ((Product(id="p9", name="帽子"),), "选什么码", "hold", "checking"),
        ((US,), "hip 47", "decline", "no_size_fits"),
    ],
)
def test_size_questions(products: Any, text: str, act: str, scene: str, a: Any, playbooks: Any) -> None:
    plan = decide(playbooks, a.situation("size_fit", products=products, text=text))
    assert isinstance(plan, Plan)
    assert (plan.act.value, plan.scene) == (act, scene)


def test_a_measurement_given_earlier_is_remembered(a: Any, playbooks: Any) -> None:
    case = Case(issue=Issue.SIZE_FIT, answered={"measurement": "腰70臀92"})
    plan = decide(playbooks, a.situation(turn="chase", case=case, products=(JEANS,), text="所以呢"))
    assert isinstance(plan, Plan)
    assert plan.facts["fit.size"].value == "M"


COAT_STOCK = Product.model_validate(
    {"id": "p6", "name": "大衣", "attributes": {"stock_by_size": {"S": 2, "M": 0, "L": 4}}}
)


@pytest.mark.parametrize(
    ("text", "sku", "size", "stock"),
    [
        ("大衣太大了 能换S吗", None, "S", 2),
        ("大了,想换S码", "M", "S", 2),
        ("L码可以换吗 小了", "M", "L", 4),
        ("小了 换M", None, "M", 0),
        ("too big, can i swap it for a small", None, "S", 2),
        ("can I exchange it for size L", "M", "L", 4),
        ("太大了", "M", None, None),
        ("M太大了", None, None, None),
        ("想换个颜色", "M", None, None),
        ("换成XXL", "M", None, None),
    ],
)
def test_a_size_is_exchanged_for_one_whose_stock_is_known(
    text: str, sku: str | None, size: str | None, stock: int | None, playbooks: Any
) -> None:
    fit = replace(COAT_STOCK, Item(name="大衣", product_id="p6", sku=sku), text, playbooks.words)
    assert (fit.size, fit.stock, fit.has_table) == (size, stock, False)


def test_the_size_that_is_asked_for_is_not_the_one_bought(playbooks: Any) -> None:
    fit = replace(JEANS, Item(name="牛仔裤", product_id="p1"), "太大了 能换S吗", playbooks.words)
    assert fit.had is None


RANGED = Product.model_validate(
    {
        "id": "p6",
        "name": "大衣",
        "attributes": {
            "weight_by_size": {"S": "85-100斤", "M": "100-115斤", "L": "115-130斤"},
            "height_cm_by_size": {"S": "155-160", "M": "160-165", "L": "165-170"},
        },
    }
)


@pytest.mark.parametrize(
    ("text", "size", "shown", "looser"),
    [
        ("158 98斤穿啥码", "S", "85-100", None),
        ("体重112斤 宽松一点吧", "M", "100-115", "L"),
        ("身高162", "M", "160-165", None),
        # There is none above the largest.
        ("128斤 喜欢宽松", "L", "115-130", None),
    ],
)
def test_a_size_is_made_for_a_range(playbooks: Any, text: str, size: str, shown: str, looser: str | None) -> None:
    fit = recommend(RANGED, text, playbooks.words)
    assert (fit.size, fit.shown, fit.looser, fit.fits) == (size, shown, looser, True)


def test_a_body_outside_all_ranges_fits_none(playbooks: Any) -> None:
    assert recommend(RANGED, "体重150斤", playbooks.words).fits is False


@pytest.mark.parametrize(
    ("key", "table", "size"),
    [
        ("size_recommendation", {"S": "80-95斤", "M": "95-110斤", "L": "110-125斤"}, "M"),
        ("尺码推荐", {"S": "80-95斤", "M": "95-110斤"}, "M"),
        # Without a unit nobody knows what it measures, and one size is no table.
        ("size_recommendation", {"S": "80-95", "M": "95-110"}, None),
        ("size_recommendation", {"M": "95-110斤"}, None),
        ("net", {"大袋": "2.5kg", "小袋": "1kg"}, None),
    ],
)
def test_a_table_of_weights_may_be_called_anything(
    playbooks: Any, key: str, table: dict[str, str], size: str | None
) -> None:
    coat = Product.model_validate({"id": "p8", "name": "外套", "attributes": {key: table}})
    assert recommend(coat, "160 108斤穿多大的", playbooks.words).size == size


def test_a_table_without_any_unit_measures_nothing(playbooks: Any) -> None:
    bare = Product.model_validate({"id": "p7", "name": "x", "attributes": {"weight_by_size": {"S": "85-100"}}})
    assert recommend(bare, "98斤", playbooks.words).has_table is False


@pytest.mark.parametrize(
    ("text", "colours", "told"),
    [
        ("do you have this in sage green or just the black", ["black", "tan"], "black and tan"),
        ("do you have it in black", ["black", "tan"], None),
        ("有没有绿色的", "黑色、白色", "黑色、白色"),
        ("28有粉的吗", "粉色、米白、黑色", None),
        ("is it in stock", ["black", "tan"], None),
    ],
)
def test_another_colour_than_there_is_gets_those_that_are(text: str, colours: Any, told: str | None) -> None:
    bag = Product.model_validate({"id": "p8", "name": "bag", "attributes": {"colors": colours}})
    assert named(bag, text).colours == told


@pytest.mark.parametrize(
    ("text", "size", "stock"),
    [
        ("我要拍1.8的 有货吧", "1.8m床", 27),
        ("1.5米的还有吗", "1.5m床", 31),
        ("我身高1.8 有货吗", None, None),
        ("买2件有货吗", None, None),
    ],
)
def test_a_size_is_named_by_the_number_that_it_begins_with(text: str, size: str | None, stock: int | None) -> None:
    sheets = Product.model_validate(
        {"id": "b", "name": "四件套", "attributes": {"stock_by_size": {"1.2m床": 8, "1.5m床": 31, "1.8m床": 27}}}
    )
    found = named(sheets, text)
    assert (found.size, found.stock) == (size, stock)


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("5'10 190 lbs usually L in nike. L or XL? i like it kinda baggy", "en", "L 48 in and XL 51 in"),
        ("should i size up to a large", "en", "L 48 in"),
        ("M还是L", "zh", "M 46英寸、L 48英寸"),
        ("which size should i get", "en", None),
    ],
)
def test_the_sizes_that_are_weighed_are_read_out(
    text: str, language: str, told: str | None, a: Any, playbooks: Any
) -> None:
    chart = {"chest_in_by_size": {"M": 46, "L": 48, "XL": 51}}
    hoodie = Product.model_validate({"id": "h", "name": "Hoodie 卫衣", "status": "live", "attributes": chart})
    plan = decide(playbooks, a.situation("size_fit", products=(hoodie,), text=text, language=language))
    assert isinstance(plan, Plan)
    assert (plan.scene, plan.asks) == ("ask_measurement", ("measurement",))
    assert (plan.facts["fit.chart"].value if "fit.chart" in plan.facts else None) == told


WEIGHTS = {
    "weight_kg_by_size": {"M": [48, 55], "L": [55, 62], "XL": [62, 70]},
    "chest_cm_by_size": {"M": 108, "L": 112, "XL": 116},
}
JIN = {"weight_range_by_size": {"M": "90-110斤", "L": "110-125斤", "XL": "125-140斤"}}
FLEECE = {"chest_in_by_size": {"S": 42, "M": 45, "L": 48, "XL": 51}}
FEET = {"foot_length_mm_by_size": {"37": 235, "38": 240, "39": 245}}


@pytest.mark.parametrize(
    ("attributes", "text", "size", "looser"),
    [
        (WEIGHTS, "165 118斤穿啥码\n胯有点宽", "L", "XL"),
        (WEIGHTS, "胯有点宽 118斤选哪个", "L", "XL"),
        (WEIGHTS, "身高172 体重130斤 穿多大", "XL", None),
        (WEIGHTS, "60公斤 L还是XL", "L", "XL"),
        (WEIGHTS, "175 120 穿什么码", "L", None),
        (WEIGHTS, "160 50选哪个", "M", None),
        (JIN, "118斤拿多大的合适 屁股比较大", "L", "XL"),
        # Sizes that are weighed decide, as far as they leave room; the larger one is for who wants more.
        (FLEECE, "my chest is 41, like my sweatshirts slouchy, L or XL", "L", "XL"),
        (FLEECE, "chest 41 should i get M or L", "M", "L"),
        (FLEECE, "chest 47, M or L", "L", None),
        (FLEECE, "chest 41, usually a medium", "S", "M"),
        (FLEECE, "chest 44 and broad shoulders", "M", "L"),
        (FEET, "脚长24 选哪个", "38", None),
        (FEET, "脚长238mm", "38", None),
    ],
)
def test_the_sizes_weighed_and_the_room_wished_decide(
    playbooks: Any, attributes: Any, text: str, size: str, looser: str | None
) -> None:
    product = Product.model_validate({"id": "p", "name": "卫衣", "attributes": attributes})
    fit = recommend(product, text, playbooks.words)
    assert (fit.size, fit.looser) == (size, looser)
