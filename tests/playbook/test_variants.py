"""How many there are of the one variant that a buyer names."""

from typing import Any

import pytest

from copilot.domain.order import Product
from copilot.domain.plan import Plan
from copilot.playbook import decide
from copilot.playbook.variants import named_variant, near

SET = {"Green / S": 0, "Green / M": 6, "Black / S": 12, "Black / M": 3}
SWEATER = {"黑色/L": 0, "黑色/M": 6, "深绿色/L": 2, "绿色/L": 0}


def product(counts: dict[str, int], key: str = "stock_by_variant") -> Product:
    return Product.model_validate(
        {"id": "p", "name": "Lounge set 卫衣", "status": "live", "stock": 18, "attributes": {key: counts}}
    )


@pytest.mark.parametrize(
    ("text", "counts", "found"),
    [
        ("is the green S back", SET, ("Green S", 0)),
        ("any black M left", SET, ("Black M", 3)),
        # All that are black are there, so which of them needs no saying; of the green ones one is left.
        ("do you have black", SET, ("Black", 15)),
        ("got any green ones", SET, ("Green M", 6)),
        ("黑色L码还有吗", SWEATER, ("黑色 L", 0)),
        ("深绿的L", SWEATER, ("深绿色 L", 2)),
        ("绿色L有没有", SWEATER, ("绿色 L", 0)),
        ("green S or black S?", SET, None),
        ("is it in stock", SET, None),
        ("XL有吗", SWEATER, None),
    ],
)
def test_the_variant_that_is_named_is_counted(text: str, counts: dict[str, int], found: tuple[str, int] | None) -> None:
    variant = named_variant(product(counts), text)
    assert (None if variant is None else (variant.name, variant.stock)) == found


@pytest.mark.parametrize("key", ["stock_by_variant", "stock_by_sku", "stock_by_color"])
def test_counts_stand_under_several_names(key: str) -> None:
    assert named_variant(product({"red": 2, "blue": 0}, key), "the blue one") is not None


@pytest.mark.parametrize(
    ("text", "scene", "label"),
    [
        ("is the green S in stock?", "size_sold_out", "Green S"),
        ("do you have the black in a medium", "size_in_stock", "Black M"),
        ("is it in stock?", "in_stock", None),
    ],
)
def test_the_stock_of_all_variants_says_nothing_of_one(
    a: Any, playbooks: Any, text: str, scene: str, label: str | None
) -> None:
    plan = decide(playbooks, a.situation("stock", products=(product(SET),), text=text, language="en"))
    assert isinstance(plan, Plan)
    assert plan.scene == scene
    assert (plan.facts["fit.label"].value if "fit.label" in plan.facts else None) == label


SHOES = {"White / 8": 4, "White / 9": 0, "Black / 8": 12, "Black / 9": 15}
TROUSERS = {"黑色/M": 20, "黑色/L": 0, "灰色/L": 11}


@pytest.mark.parametrize(
    ("text", "counts", "name"),
    [
        ("do yall have the size 9 in white?? only see black", SHOES, "White 9"),
        ("is there a white 9 instead of black", SHOES, "White 9"),
        ("got the 9 in white, not black", SHOES, "White 9"),
        ("只看到灰色的 黑色L还有吗", TROUSERS, "黑色 L"),
        ("不要灰色 黑色的L码有没有", TROUSERS, "黑色 L"),
        # Nothing else is named: it is what the question is about.
        ("only see black, is that one still there in 9", SHOES, "Black 9"),
    ],
)
def test_what_is_there_already_is_not_what_is_asked_for(text: str, counts: dict[str, int], name: str) -> None:
    variant = named_variant(product(counts), text)
    assert variant is not None
    assert variant.name == name


@pytest.mark.parametrize(
    ("counts", "gone", "there"),
    [
        (SHOES, "White / 9", ("Black 9", "White 8")),
        (TROUSERS, "黑色/L", ("灰色 L", "黑色 M")),
        ({"白色-M": 0, "白色-L": 3, "黑色-S": 2}, "白色-M", ("白色 L",)),
        ({"Red / S": 0, "Blue / M": 2}, "Red / S", ()),
    ],
)
def test_what_is_most_like_a_variant_that_is_gone(counts: dict[str, int], gone: str, there: tuple[str, ...]) -> None:
    named = named_variant(product(counts), gone.replace("/", " ").replace("-", " "))
    assert named is not None
    assert named.stock == 0
    assert near(product(counts), named) == there


@pytest.mark.parametrize(("restock", "scene"), [("2026-12-05", "size_restock"), (None, "size_sold_out")])
def test_the_day_of_the_restock_is_told_of_the_variant_that_is_gone(
    a: Any, playbooks: Any, restock: str | None, scene: str
) -> None:
    goods = product(TROUSERS)
    goods = goods.model_copy(update={"attributes": {**goods.attributes, "restock_at": restock}, "stock": 31})
    plan = decide(playbooks, a.situation("stock", products=(goods,), text="L码没有了吗\n啥时候补呀\n黑色的"))
    assert isinstance(plan, Plan)
    assert (plan.scene, plan.facts["fit.nearby"].value) == (scene, "灰色 L、黑色 M")


def test_the_sizes_beside_one_that_is_gone_are_named(a: Any, playbooks: Any) -> None:
    counts = {"XS": 3, "S": 2, "M": 0, "L": 5, "XL": 9}
    plan = decide(playbooks, a.situation("stock", products=(product(counts, "stock_by_size"),), text="M码还有吗"))
    assert isinstance(plan, Plan)
    assert (plan.scene, plan.facts["fit.nearby"].value) == ("size_sold_out", "S、L")
