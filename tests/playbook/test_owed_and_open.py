"""Sizes, stock, coupons, days and notices that stand in the talk are told, and not found out once more."""

from datetime import date
from typing import Any

import pytest

from copilot.domain.knowledge import Entry, Match, Suggested
from copilot.domain.money import Money
from copilot.domain.order import Product
from copilot.domain.plan import Act, Plan
from copilot.playbook import decide
from copilot.playbook.coupons import SHORT
from copilot.playbook.named import asked_of, named_in
from copilot.playbook.needs import expected_by, needed
from copilot.playbook.variants import other_variant, stock_in_size

TODAY = date(2026, 12, 1)
KIBBLE = ("Duck & potato kibble 2kg", "Chicken & rice kibble 2kg")
FEED = ("鸭肉土豆犬粮 2kg", "鸡肉米饭犬粮 2kg")


def goods(**attributes: Any) -> Product:
    return Product.model_validate({"id": "p1", "name": "Trainers", "status": "live", "attributes": attributes})


@pytest.mark.parametrize(
    ("text", "names", "found"),
    [
        ("is there any chicken in the duck kibble?", KIBBLE, (0,)),
        ("does the chicken kibble have duck in it", KIBBLE, (1,)),
        ("is the duck one grain free, my dog is allergic to chicken", KIBBLE, (0,)),
        ("duck or chicken, which is better", KIBBLE, (0, 1)),
        ("鸭肉粮里有鸡肉吗", FEED, (0,)),
        ("鸡肉的里面有没有鸭肉", FEED, (1,)),
        ("鸭肉那款含不含鸡肉", FEED, (0,)),
        ("鸭肉和鸡肉哪个好", FEED, (0, 1)),
    ],
)
def test_a_question_is_asked_of_the_goods_that_are_called_by_their_kind(
    text: str, names: tuple[str, ...], found: tuple[int, ...]
) -> None:
    assert asked_of(text, names) == found


def test_of_two_things_that_broke_none_is_left_out() -> None:
    text = "the soap dispenser is in pieces, glass all over the towels"
    assert len(named_in(text, ("Bath Mat", "Glass Soap Dispenser", "Cotton Towel 2-pack"))) == 2


SHOES = {"White / UK 6": 9, "White / UK 6.5": 0, "White / UK 7": 5}


@pytest.mark.parametrize("text", ["6s too tight can i swap for a 7", "can i get the 7 instead", "size 7 please"])
def test_a_size_is_named_without_its_system(text: str) -> None:
    assert other_variant(goods(stock_by_variant=SHOES), "White / UK 6", text) == ("UK 6", "UK 7", 5)


@pytest.mark.parametrize("text", ["i have 7 days right?", "it took 7 weeks", "paid $7 for it", "only used it 7 times"])
def test_a_number_that_counts_something_is_no_size(text: str) -> None:
    assert other_variant(goods(stock_by_variant=SHOES), "White / UK 6", text) is None


def test_the_stock_of_another_size_is_that_of_the_colour_bought() -> None:
    stock = {"军绿 / L": 6, "军绿 / XL": 3, "黑色 / XL": 8}
    assert stock_in_size(goods(stock_by_variant=stock), "军绿 / L", "L", "XL") == 3
    assert stock_in_size(goods(stock_by_variant=stock), "军绿 / L", "L", "2XL") is None


def test_a_number_beside_a_weight_that_no_table_is_by_is_a_height(a: Any, playbooks: Any) -> None:
    jacket = goods(
        stock_by_variant={"灰色 / 140": 0, "灰色 / 150": 5, "藏青 / 140": 8},
        suggested_height_cm_by_size={"130": "120-130", "140": "130-140", "150": "140-150"},
    )
    read = a.situation("size_fit", "stock", products=(jacket,), text="灰色的140还有吗 娃138 70斤")
    plan = decide(playbooks, read)
    assert isinstance(plan, Plan)
    assert (plan.act, plan.scene, plan.facts["fit.size"].value) == (Act.ANSWER, "recommend", "140")
    assert plan.facts["fit.other_body"].value == "other"
    # That the grey one is gone is told with what is there, and nobody is asked for it.
    assert plan.facts["beside.stock"].value == "size_sold_out"
    assert plan.facts["fit.label"].value == "灰色 140"
    assert "藏青 140" in str(plan.facts["fit.nearby"].value)
    assert plan.promises == ()


def test_a_buyer_who_gives_their_own_weight_is_spoken_to_of_it(a: Any, playbooks: Any) -> None:
    shirt = goods(weight_jin_by_size={"M": "100-120", "L": "120-140"})
    plan = decide(playbooks, a.situation("size_fit", products=(shirt,), text="我110斤拿什么码"))
    assert isinstance(plan, Plan)
    assert "fit.other_body" not in plan.facts


@pytest.mark.parametrize(
    ("scan", "day"),
    [
        ("Item received at Mail Centre. Expected delivery 2-3 December", date(2026, 12, 3)),
        ("In transit. Expected delivery by December 2", date(2026, 12, 2)),
        ("Arrived at hub, estimated delivery Dec 2 - 4", date(2026, 12, 4)),
        ("快件已到达【杭州】，预计12月3日送达", date(2026, 12, 3)),
        ("Out for delivery", None),
        ("Scheduled delivery: Monday, November 30", None),
    ],
)
def test_the_day_that_a_scan_names_is_read(scan: str, day: date | None) -> None:
    assert expected_by(scan, TODAY) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("So will it deffo be here by Friday?", date(2026, 12, 4)),
        ("周五前能到吗", date(2026, 12, 4)),
        ("it was supposed to be here by tuesday", None),
        ("it says here by friday", None),
    ],
)
def test_who_asks_if_it_is_there_by_a_day_needs_it_then(text: str, day: date | None) -> None:
    assert needed(text, TODAY) == day


CODE = {
    "id": "f1", "question": "How does code CYBER15 work?", "language": "en", "category": "pre_sale",
    "answer": "15% off orders of $50 or more before shipping. One use per customer.",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("this code wont work?? my cart total is 46", "4.00"),
        ("code not applicable, i have $38.50 in my cart", "11.50"),
        ("this code wont work?? my cart total is 52", None),
        ("this code wont work??", None),
    ],
)
def test_what_a_cart_lacks_for_a_code_is_said(a: Any, playbooks: Any, text: str, short: str | None) -> None:
    kits = tuple(
        Product.model_validate(
            {"id": id, "name": name, "status": "live", "price": {"amount": price, "currency": "USD"}}
        )
        for id, name, price in (("lk", "Velvet lip kit", "28.00"), ("ms", "Glow mini set", "18.00"))
    )
    match = Match(entry=Entry.model_validate(CODE), score=0.65, matched="How does code CYBER15 work?")
    read = a.situation(
        "price_promotion", products=kits, text=text, language="en", read={"wish": "code_refused"},
        suggested=(Suggested(part="this code wont work??", match=match),),
    )  # fmt: skip
    plan = decide(playbooks, read)
    assert isinstance(plan, Plan)
    assert (plan.act, plan.scene) == (Act.ANSWER, "faq")
    told = plan.facts.get(SHORT)
    money = None if told is None else Money.model_validate(told.value)
    assert (None if money is None else f"{money.minor / 100:.2f}") == short


def test_a_question_left_open_is_answered_when_the_buyer_presses(a: Any, playbooks: Any) -> None:
    sockets = goods(sizes_mm="10, 19, 21, 24")
    open_one = "Need to know if the set has a 21mm"
    more = {"products": (sockets,), "language": "en", "turn": "chase", "text": "hello? anyone"}
    plan = decide(playbooks, a.situation(earlier=open_one, **more))
    assert isinstance(plan, Plan)
    assert (plan.act, plan.scene) == (Act.ANSWER, "known")
    held = decide(playbooks, a.situation(earlier="Need to know if the set has a ratchet", **more))
    assert not isinstance(held, Plan) or held.act is not Act.ANSWER


def test_the_other_size_is_told_where_only_the_way_back_is_open(a: Any, playbooks: Any) -> None:
    order = a.order(items=[{"product_id": "p1", "name": "Trainers", "sku": "White / UK 6"}])
    more = {"products": (goods(stock_by_variant=SHOES),), "language": "en", "text": "6s too tight can i swap for a 7"}
    plan = decide(playbooks, a.situation("size_mismatch", about=order, terms={"return_label": None}, **more))
    assert isinstance(plan, Plan)
    assert (plan.act, plan.scene, plan.facts["fit.size"].value) == (Act.ANSWER, "swap_open", "UK 7")
    known = decide(playbooks, a.situation("size_mismatch", about=order, **more))
    assert isinstance(known, Plan)
    assert known.act is Act.OFFER
