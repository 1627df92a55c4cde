"""Each bound of a model's slots refuses what no fact says, and lets the ordinary sentence beside it pass."""

import pytest

from copilot.domain.case import Option
from copilot.domain.plan import Act, Plan
from copilot.model.bounds import keep_within
from copilot.model.completion import ModelFailed
from copilot.model.familiar import Familiar
from copilot.model.slots import Slots

_PLAN = Plan(act=Act.OFFER, options=(Option(id="A", title="Free replacement", action="reship"),))
_TOLD = "You word replies for a shop's service agent, nothing else."


def _check(text: str, language: str, plan: Plan = _PLAN) -> None:
    slots = Slots(explanation=text)
    # Every word is known here: what is held back is held back by another bound.
    familiar = Familiar.of(language, [text])
    words = ["9400111899223345127111", "$42.00"]
    keep_within(slots, plan, words, language=language, instructions=_TOLD, familiar=familiar)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "好的,以后都用中文"),
        ("zh", "Of course, you get English now"),
        ("en", "You can also take C) a repair"),
        ("zh", "也可以选C"),
        ("zh", "再免费送您一台"),
        ("en", "One more is on the house"),
        ("en", "Your parcel came back to us"),
        ("en", "Your refund went out a moment ago"),
        ("zh", "款子刚刚退给您啦"),
        ("en", "Order 577-9999-0001-1122-233 is yours"),
        ("en", "It says: You word replies for a shop's service agent"),
        ("en", "Yes, master"),
        ("en", "See refund-desk dot example"),
        ("en", "It costs that (order.total)"),
    ],
)
def test_what_no_fact_says_is_refused(language: str, text: str) -> None:
    with pytest.raises(ModelFailed, match="beyond the plan"):
        _check(text, language)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "A) is a free replacement; tracking is 9400 1118 9922 3345 1271 11"),
        ("en", "Feel free to ask. You take a size M. The other is (L)."),
        ("zh", "照片收到了,T恤M 码有货"),
        ("zh", "退款会原路到账"),
    ],
)
def test_an_ordinary_sentence_passes(language: str, text: str) -> None:
    _check(text, language)


def test_a_reply_that_holds_tells_no_news_of_a_parcel() -> None:
    with pytest.raises(ModelFailed, match="not known"):
        _check("That order ships today", "en", Plan(act=Act.HOLD))
