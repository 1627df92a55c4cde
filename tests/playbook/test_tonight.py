"""What is on show goes before other goods where the buyer named none, and nowhere else."""

from dataclasses import replace
from typing import Any

import pytest

from copilot.domain.order import Product
from copilot.playbook import Playbooks
from copilot.playbook.tonight import tonights

DRESS = Product.model_validate({"id": "dress", "name": "雪纺碎花连衣裙", "live_pinned": True, "stock": 38})
KNIT = Product.model_validate({"id": "knit", "name": "羊毛混纺开衫", "stock": 12})
LAMP = Product.model_validate({"id": "lamp", "name": "Harbor Desk Lamp", "live_pinned": True})


def meant(a: Any, playbooks: Playbooks, text: str, *products: Product, **more: Any) -> str | None:
    situation = a.situation("stock", products=products, text=text, **more)
    return tonights(situation, playbooks.words)


@pytest.mark.feature("F074")
@pytest.mark.parametrize(
    "text", ["这个有货吗", "主播身上那件还有吗", "还有货吗", "多少钱", "165 110斤穿什么码", "刚才讲的那款能机洗吗"]
)
def test_a_vague_question_is_about_what_is_on_show(a: Any, playbooks: Playbooks, text: str) -> None:
    assert meant(a, playbooks, text, KNIT, DRESS) == "dress"


@pytest.mark.parametrize("text", ["is this one in stock?", "the one she's wearing, how much", "how much is it"])
def test_also_in_english(a: Any, playbooks: Playbooks, text: str) -> None:
    assert meant(a, playbooks, text, KNIT, LAMP, language="en") == "lamp"


@pytest.mark.parametrize("text", ["羊毛开衫还有货吗", "炒锅有货吗", "这个锅有吗", "is the kettle in stock", ""])
def test_a_question_that_names_another_thing_is_not(a: Any, playbooks: Playbooks, text: str) -> None:
    assert meant(a, playbooks, text, KNIT, DRESS) is None


def test_a_card_an_order_and_a_second_product_on_show_leave_no_guess(a: Any, playbooks: Playbooks) -> None:
    assert meant(a, playbooks, "这个有货吗", KNIT, DRESS, product_cards=("knit",)) is None
    assert meant(a, playbooks, "这个有货吗", KNIT, DRESS, about=a.order()) is None
    assert meant(a, playbooks, "这个有货吗", DRESS, LAMP) is None


def test_what_is_no_longer_shown_or_sold_does_not_count(a: Any, playbooks: Playbooks) -> None:
    over = DRESS.model_copy(update={"live_pinned": False})
    gone = DRESS.model_copy(update={"status": "off_shelf"})
    assert meant(a, playbooks, "这个有货吗", KNIT, over) is None
    assert meant(a, playbooks, "这个有货吗", KNIT, gone) is None


def test_the_product_on_show_outranks_the_only_other_one(a: Any, playbooks: Playbooks) -> None:
    situation = a.situation("stock", products=(KNIT, DRESS), text="这个有货吗")
    assert situation.product == KNIT, "without anything on show the only product is meant"
    assert replace(situation, tonight="dress").product == DRESS
