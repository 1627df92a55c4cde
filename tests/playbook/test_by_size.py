"""Tables by size: the row that the buyer names is told, under any way of naming it."""

from typing import Any

import pytest

from copilot.domain.order import Product
from copilot.domain.plan import Plan
from copilot.playbook import decide
from copilot.playbook.by_size import of_size
from copilot.playbook.size_tables import tables

BEDDING = Product.model_validate(
    {
        "id": "p1",
        "name": "水洗棉四件套",
        "attributes": {
            "quilt_cover_cm_by_size": {"1.2m×2m": "150×200", "1.5m×2m": "200×230", "1.8m×2m": "220×240"},
            "sheet_cm_by_size": {"1.2m×2m": "180×230", "1.5m×2m": "230×250", "1.8m×2m": "245×250"},
            "stock_by_size": {"1.2m×2m": 3, "1.5m×2m": 4, "1.8m×2m": 0},
        },
    }
)
LINEN = Product.model_validate(
    {
        "id": "p2",
        "name": "Linen Bedding Set",
        "attributes": {
            "duvet_cover_in_by_size": {"Twin": "68 x 90", "Queen": "90 x 90", "King": "106 x 92"},
            "pillowcase_in_by_size": {"Twin": "20 x 26", "Queen": "20 x 30", "King": "20 x 36"},
        },
    }
)


def told(text: str, product: Any, language: str) -> list[tuple[str, str]]:
    return [(row.title, row.value) for row in of_size(text, product, language)]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("1.5m×2m的被套多大", ("1.5m×2m的被套", "200×230cm")),
        ("1.5m*2m那款被套是多大的", ("1.5m×2m的被套", "200×230cm")),
        ("一米五的床被套多大", ("1.5m×2m的被套", "200×230cm")),
        ("1.5米床 被套尺寸是多少", ("1.5m×2m的被套", "200×230cm")),
        ("150cm的床 被套多大", ("1.5m×2m的被套", "200×230cm")),
        ("1.8的床单多大", ("1.8m×2m的床单", "245×250cm")),
        ("1米8的床用,床单多长", ("1.8m×2m的床单", "245×250cm")),
        ("被套 1.2的是150x200吗", ("1.2m×2m的被套", "150×200cm")),
    ],
)
def test_the_row_of_a_bed_is_told(text: str, row: tuple[str, str]) -> None:
    assert told(text, BEDDING, "zh") == [row]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("how big is the queen duvet cover", ("Queen duvet cover", "90 x 90 in")),
        ("duvet cover size for a king?", ("King duvet cover", "106 x 92 in")),
        ("is the twin duvet 68x90?", ("Twin duvet cover", "68 x 90 in")),
        ("how wide are the pillowcases in queen", ("Queen pillowcase", "20 x 30 in")),
    ],
)
def test_the_row_of_a_name_is_told(text: str, row: tuple[str, str]) -> None:
    assert told(text, LINEN, "en") == [row]


def test_of_no_table_by_name_all_are_told() -> None:
    assert [row[0] for row in told("queen dimensions?", LINEN, "en")] == ["Queen duvet cover", "Queen pillowcase"]
    assert [row[0] for row in told("1.5米床的尺寸", BEDDING, "zh")] == ["1.5m×2m的被套", "1.5m×2m的床单"]


def test_a_table_that_is_named_without_a_size_is_told_whole() -> None:
    assert told("被套多大", BEDDING, "zh") == [("被套", "1.2m×2m 150×200cm、1.5m×2m 200×230cm、1.8m×2m 220×240cm")]


@pytest.mark.parametrize(
    "text",
    [
        "1.5米的被套还有货吗",
        "被套什么材质的",
        "is the queen duvet cover in stock?",
        "1.5米的多少钱",
        "什么材质的",
        "适合1.5米的床吗",
    ],
)
def test_other_questions_are_none_about_measures(text: str) -> None:
    assert told(text, BEDDING, "zh") == []
    assert told(text, LINEN, "en") == []


def test_what_is_measured_on_a_body_is_reckoned_with_elsewhere() -> None:
    jeans = Product.model_validate(
        {"id": "p3", "name": "Jeans", "attributes": {"hip_in_by_size": {"M": 38, "L": 40.5}}}
    )
    assert told("what size for a 40 in hip?", jeans, "en") == []
    assert told("how big is the L at the hip", jeans, "en") == []


@pytest.mark.parametrize(("before", "text"), [("被套多大呀", "1.5米的"), ("被套尺寸多少", "一米五")])
def test_a_size_that_only_answers_us_counts(playbooks: Any, before: str, text: str) -> None:
    known = playbooks.topics.asked(text, BEDDING, "zh", before=before).known
    assert [(one.title, one.value) for one in known] == [("1.5m×2m的被套", "200×230cm")]


THROW = {"id": "p3", "name": "Sherpa throw", "attributes": {"size_in": {"Throw": "50 x 60", "Queen": "90 x 90"}}}
JEANS = {"id": "p4", "name": "Wide leg jeans", "attributes": {"inseam_in_by_size": {"6": 31, "8": 32}}}


def test_a_measure_by_the_names_of_sizes_is_a_table_as_well() -> None:
    assert told("what size is the queen", Product.model_validate(THROW), "en") == [("Queen size", "90 x 90 in")]
    # What else a shop keeps by names is none.
    other = {**THROW, "attributes": {"nutrition": {"Queen": "90"}}}
    assert told("what size is the queen", Product.model_validate(other), "en") == []


@pytest.mark.parametrize(
    ("text", "scene"),
    [
        ("whats the inseam on the 8?", "stated"),
        ("how long is the inseam of size 6", "stated"),
        # The size that they wear says nothing of a table that they did not name.
        ("i wear an 8, what size should i get", "ask_measurement"),
    ],
)
def test_the_measure_of_a_named_size_is_told_and_nothing_asked_back(
    a: Any, playbooks: Any, text: str, scene: str
) -> None:
    jeans = (Product.model_validate(JEANS),)
    plan = decide(playbooks, a.situation("size_fit", products=jeans, text=text, language="en"))
    assert isinstance(plan, Plan)
    assert plan.scene == scene


def test_a_chest_is_measured_in_a_table_of_either_name(a: Any, playbooks: Any) -> None:
    table = {"chest_in_by_size": {"S": "16-20", "M": "20-26", "L": "26-32"}}
    harness = Product.model_validate({"id": "p5", "name": "Dog harness", "status": "live", "attributes": table})
    situation = a.situation("size_fit", products=(harness,), text="his chest is 22 inches, S or M?", language="en")
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan)
    assert (plan.scene, plan.facts["fit.size"].value) == ("recommend", "M")


BEDS = {"duvet_cover_size_by_bed": {"1.5m床": "200x230cm", "1.8m床": "220x240cm", "2.0m床": "240x260cm"}}
MATTRESSES = {"duvet_size_by_bed": {"Twin": "68 x 86 in", "Queen": "90 x 92 in", "King": "104 x 92 in"}}


@pytest.mark.parametrize(
    ("text", "attributes", "row"),
    [
        ("1米8的床配多大被套", BEDS, ("1.8m床的被套", "220×240cm")),
        ("我床1米8的 拍哪个尺寸", BEDS, ("1.8m床的被套", "220×240cm")),
        ("两米的床用多大的被套", BEDS, ("2.0m床的被套", "240×260cm")),
        ("1.5的床买多大", BEDS, ("1.5m床的被套", "200×230cm")),
        ("床是1.8*2的 该选哪个", BEDS, ("1.8m床的被套", "220×240cm")),
        ("i have a queen bed, which size do i get", MATTRESSES, ("Queen duvet cover", "90 x 92 in")),
        ("whats the duvet measure for a king", MATTRESSES, ("King duvet cover", "104 x 92 in")),
    ],
)
def test_a_table_by_beds_is_one_by_size(text: str, attributes: Any, row: tuple[str, str]) -> None:
    goods = Product.model_validate({"id": "p", "name": "四件套", "attributes": attributes})
    assert told(text, goods, "en" if text.isascii() else "zh") == [row]


QUILT = Product.model_validate(
    {"id": "p7", "name": "羊毛冬被", "attributes": {"weight_jin_by_size": {"150x200": 5, "200x230": 7, "220x240": 8}}}
)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("这被子多重", [("重量", "150x200 5斤、200x230 7斤、220x240 8斤")]),
        # The bed's width is not the quilt's.
        ("这被子多重 1.5的床用", [("重量", "150x200 5斤、200x230 7斤、220x240 8斤")]),
        ("200x230的多重", [("200x230的重量", "7斤")]),
        ("120斤穿什么码", []),
    ],
)
def test_what_goods_weigh_by_their_measures_is_theirs(text: str, rows: list[tuple[str, str]]) -> None:
    assert told(text, QUILT, "zh") == rows
    assert tables(QUILT) == ()
