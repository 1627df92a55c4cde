"""Slots: a model's answer becomes text only when it holds exactly the plan's options."""

import json

import pytest

from copilot.domain.case import Option
from copilot.domain.plan import Act, Plan
from copilot.model.completion import ModelFailed
from copilot.model.slots import assemble, parse

OFFER = Plan(
    act=Act.OFFER,
    options=(
        Option(id="A", title="Reship", action="reship"),
        Option(id="B", title="Refund", action="refund"),
    ),
    empathy=True,
)


def _answer(**slots: object) -> str:
    return json.dumps({"explanation": "It broke.", "options": {"A": "a new set", "B": "$5 back"}, **slots})


def test_the_plans_options_become_one_text_in_order() -> None:
    text, options = assemble(parse(_answer(closing="Which works"), OFFER), OFFER, "en")

    assert text == "It broke. A) a new set; B) $5 back. Which works."
    assert options == {"A": "a new set", "B": "$5 back"}


def test_chinese_is_joined_without_spaces() -> None:
    slots = parse(_answer(explanation="碎了两个", options={"A": "重发一套", "B": "退5元"}, closing="选哪个?"), OFFER)

    assert assemble(slots, OFFER, "zh")[0] == "碎了两个。A 重发一套;B 退5元。选哪个?"


@pytest.mark.parametrize(
    "answer",
    [
        _answer(options={"A": "a new set"}),
        _answer(options={"A": "a", "B": "b", "C": "a $100 voucher"}),
        _answer(options={"A": "a", "B": " "}),
        _answer(refund="$500"),
        "A refund of $500 for you!",
        '{"explanation": "cut off',
        json.dumps(["A"]),
        json.dumps({}),
    ],
)
def test_anything_else_is_refused_without_quoting_it(answer: str) -> None:
    with pytest.raises(ModelFailed) as failed:
        parse(answer, OFFER)

    assert "500" not in str(failed.value)
    assert "voucher" not in str(failed.value)


def test_a_fenced_answer_is_read() -> None:
    assert parse(f"```json\n{_answer()}\n```", OFFER).explanation == "It broke."


def test_empathy_that_the_plan_did_not_ask_for_is_dropped() -> None:
    plain = OFFER.model_copy(update={"empathy": False})

    assert parse(_answer(empathy="So sorry!"), plain).empathy == ""
