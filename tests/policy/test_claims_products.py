"""Which goods a text names."""

import pytest

from copilot.domain.fact import Fact, FactKind
from copilot.policy.claims import products

PAN = Fact(id="product.p1.name", kind=FactKind.PRODUCT, value="麦饭石不粘炒锅 24cm", source="platform")
JEAN = Fact(id="product.p2.name", kind=FactKind.PRODUCT, value="Harper Straight Jean", source="platform")
CARRIER = Fact(id="shipment.s.carrier", kind=FactKind.ATTRIBUTE, value="Blue Dart Express", source="platform")
FACTS = {one.id: one for one in (PAN, JEAN, CARRIER)}


def named(text: str, *names: str) -> list[tuple[str, str | None]]:
    return [(claim.text, claim.source) for claim in products(text, names, FACTS)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("麦饭石不粘炒锅 24cm有货", [("麦饭石不粘炒锅 24cm", PAN.id)]),
        ("麦饭石不粘炒锅24CM有货", [("麦饭石不粘炒锅24CM", PAN.id)]),
        ("the harper straight jean runs slim", [("harper straight jean", JEAN.id)]),
        ("雪纺裙也有货", [("雪纺裙", None)]),
        ("AURORA lamp and the Auroras", [("AURORA lamp", None)]),
        ("麦饭石不粘炒锅 24cm比不粘炒锅好", [("麦饭石不粘炒锅 24cm", PAN.id), ("不粘炒锅", None)]),
    ],
)
def test_a_known_name_is_found_wherever_it_stands(text: str, found: list[tuple[str, str | None]]) -> None:
    assert named(text, "雪纺裙", "Aurora Lamp", "不粘炒锅") == found


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("您可以看看《星河》", "星河"),
        ("推荐您试试“云朵抱枕”", "云朵抱枕"),
        ("“云朵抱枕”现在有货", "云朵抱枕"),
        ("推荐我们家的云朵抱枕，很软", "云朵抱枕"),
        ("You might like the Willow Linen Dress.", "Willow Linen Dress"),
        ("Our Aurora Lamp is in stock", "Aurora Lamp"),
        ('We also have the "cloud pillow"', "cloud pillow"),
    ],
)
def test_what_is_held_out_as_a_product_is_one(text: str, name: str) -> None:
    assert named(text) == [(name, None)]


@pytest.mark.parametrize(
    "text",
    [
        "从“我的订单”里把订单号复制给我",
        "您说的“买一送一”我看到了",
        "推荐您拍M码",
        "这款有货，合适的话直接拍",
        "Tap “Order details” on the order page",
        "Departed Memphis, TN; USPS has it",
        "You can try the wash at 30 degrees",
        "Thanks, Maria! Which size works for you?",
        "I'd go for the M",
    ],
)
def test_marks_and_capitals_alone_name_no_product(text: str) -> None:
    assert named(text) == []


def test_what_a_fact_of_any_kind_holds_is_known() -> None:
    assert named("We have Blue Dart Express") == [("Blue Dart Express", CARRIER.id)]
    assert named("You'd love the Straight Jean") == [("Straight Jean", JEAN.id)]


def test_spans_are_those_of_the_text() -> None:
    text = "\uff21urora\u3000Lamp 和《星河》"
    claims = products(text, ["Aurora Lamp"], {})
    assert [text[one.start : one.end] for one in claims] == ["\uff21urora\u3000Lamp", "星河"]
