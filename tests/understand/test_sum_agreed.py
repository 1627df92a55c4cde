"""A sum that is agreed to takes the offer that names it, whatever else is said behind it."""

import pytest

from copilot.flow.understand.choice import read_choice
from copilot.flow.understand.shop import read_shop

OFFER = "Sorry about that! I can refund you $8 and you keep the set, or we send a new set. Which would you like?"


@pytest.mark.parametrize(
    "text", ["8 is fine ill just sew it lol", "$8 works, it's only a thread", "8 bucks is ok by me then"]
)
def test_a_yes_to_a_sum_takes_its_offer(text: str) -> None:
    found = read_choice(text, read_shop(OFFER).offered)
    assert found is not None
    assert found.ids == ("A",)


@pytest.mark.parametrize("text", ["8 of them are fine the rest are all torn", "is 8 fine for a set that cost me 42?"])
def test_a_number_without_a_yes_takes_nothing(text: str) -> None:
    found = read_choice(text, read_shop(OFFER).offered)
    assert found is None or found.ids != ("A",)


def test_an_offer_is_named_without_greeting_and_stock() -> None:
    said = "Hi there, yes we can swap the 12 for a 14, we've got a few left. Want me to sort it?"
    assert [one.title for one in read_shop(said).offered] == ["a swap of the 12 for a 14"]
