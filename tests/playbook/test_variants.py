"""How many there are of the one variant that a buyer names."""

from typing import Any

import pytest

from copilot.domain.order import Product
from copilot.domain.plan import Plan
from copilot.playbook import decide
from copilot.playbook.variants import named_variant

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
