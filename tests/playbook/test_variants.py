"""How many there are of the one variant that a buyer names."""

from typing import Any

import pytest

from copilot.domain.order import Product
from copilot.domain.plan import Plan
from copilot.playbook import decide
from copilot.playbook.fit import named, replace
from copilot.playbook.variants import named_variant, named_variants, near

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


CARDIGAN = {"奶白 / S": 3, "奶白 / M": 0, "焦糖 / S": 0, "焦糖 / M": 8}
BEDDING = {"Ivory / Twin": 4, "Ivory / Queen": 0, "Navy / Twin": 0, "Navy / Queen": 7}


@pytest.mark.parametrize(
    ("text", "counts", "told"),
    [
        ("奶白的M还有没有呀\n没有的话焦糖M呢", CARDIGAN, {"奶白 M": 0, "焦糖 M": 8}),
        ("奶白和焦糖的S都有吗", CARDIGAN, {"奶白 S": 3, "焦糖 S": 0}),
        ("S码奶白跟焦糖还有没", CARDIGAN, {"奶白 S": 3, "焦糖 S": 0}),
        ("黑色L和M", SWEATER, {"黑色 L": 0, "黑色 M": 6}),
        ("深绿的L和黑色M", SWEATER, {"深绿色 L": 2, "黑色 M": 6}),
        ("ivory queen or the navy queen?", BEDDING, {"Ivory Queen": 0, "Navy Queen": 7}),
        ("navy in twin back yet? if not ivory twin?", BEDDING, {"Navy Twin": 0, "Ivory Twin": 4}),
        ("both ivory and navy in twin?", BEDDING, {"Ivory Twin": 4, "Navy Twin": 0}),
        ("ivory and navy, twin and queen", BEDDING, dict.fromkeys(("Ivory Twin", "Navy Queen"))),
        # What is owned, or only seen, is not asked after.
        ("之前买过奶白S,焦糖M还有吗", CARDIGAN, {}),
        ("i have the ivory twin, is the navy queen there", BEDDING, {}),
        ("only see navy, got ivory queen?", BEDDING, {}),
        ("ivory queen?", BEDDING, {}),
        ("黑色L和红色L", SWEATER, {}),
    ],
)
def test_each_of_several_variants_is_counted(text: str, counts: dict[str, int], told: dict[str, int | None]) -> None:
    found = {one.name: one.stock for one in named_variants(product(counts), text)}
    if None in told.values():
        assert set(told) <= set(found)
        assert len(found) == 4
    else:
        assert found == told


@pytest.mark.parametrize(
    ("text", "there"),
    [("S和M还有吗", "M"), ("any s or m left", "M"), ("平时穿S M有吗", None), ("L呢", None)],
)
def test_each_of_several_sizes_is_counted(text: str, there: str | None) -> None:
    fit = named(product({"S": 0, "M": 4, "L": 9}, "stock_by_size"), text, text)
    assert next((name for name, stock in fit.several if stock), None) == there


@pytest.mark.parametrize(
    ("text", "restock", "scene", "there", "gone"),
    [
        ("奶白M和焦糖M有货吗", None, "several", "焦糖 M", "奶白 M"),
        ("奶白M啥时候补货 焦糖M有吗", None, "several_gone", "焦糖 M", "奶白 M"),
        ("奶白M和焦糖S有吗", None, "several_gone", None, "奶白 M、焦糖 S"),
        ("奶白M和焦糖S什么时候补货", "2026-12-05", "several", None, "奶白 M、焦糖 S"),
        ("奶白S和焦糖M有吗", None, "several", "奶白 S、焦糖 M", None),
    ],
)
def test_what_is_gone_of_several_is_found_out_only_where_that_is_asked(
    a: Any, playbooks: Any, text: str, restock: str | None, scene: str, there: str | None, gone: str | None
) -> None:
    goods = product(CARDIGAN)
    goods = goods.model_copy(update={"attributes": {**goods.attributes, "restock_at": restock}})
    plan = decide(playbooks, a.situation("stock", products=(goods,), text=text))
    assert isinstance(plan, Plan)
    told = [plan.facts[short].value if short in plan.points else None for short in ("fit.there", "fit.gone")]
    assert (plan.scene, told) == (scene, [there, gone])


SNEAKER = {"白色 / 41": 2, "白色 / 42": 0, "黑色 / 41": 6, "黑色 / 42": 4}
BOOTS = {"Tan / 7": 3, "Tan / 8": 0, "Black / 7": 5, "Black / 8": 2}


@pytest.mark.parametrize(
    ("counts", "bought", "text", "size", "stock"),
    [
        (SNEAKER, "黑色/41", "鞋小了 想换42的 有货吗", "42", 4),
        (SNEAKER, "白色/41", "颜色不喜欢 换成黑色的行不", "黑色 41", 6),
        (SNEAKER, "白色/41", "挤脚,给我换大一码", "42", 0),
        (SNEAKER, "黑色/42", "能换白色吗", "白色 42", 0),
        (BOOTS, "Black / 7", "too small, can i swap for an 8?", "8", 2),
        (BOOTS, "Black / 7", "id rather have the tan ones", "Tan 7", 3),
        (BOOTS, "Tan / 7", "exchange for the black in 8", "Black 8", 2),
        # No other one is named, or more than one; what is above the largest is not made.
        (BOOTS, "Tan / 7", "i want to send them back", None, None),
        (BOOTS, "Black / 8", "too tight, next size up", None, None),
        (BOOTS, "Brown / 7", "swap for an 8", None, None),
    ],
)
def test_another_variant_than_bought_is_looked_up(
    playbooks: Any, a: Any, counts: dict[str, int], bought: str, text: str, size: str | None, stock: int | None
) -> None:
    item = a.order().items[0].model_copy(update={"sku": bought})
    fit = replace(product(counts), item, text, playbooks.words)
    assert (fit.size, fit.stock) == (size, stock)
