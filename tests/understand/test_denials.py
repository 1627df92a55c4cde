"""What a buyer says that it is not is not what is meant."""

import pytest

from copilot.domain.case import Case
from copilot.domain.issue import Issue, Turn
from copilot.flow.understand import Burst, read_turn
from copilot.flow.understand.denials import corrects, without_denied

BROKEN = Case(issue=Issue.DAMAGED, asked_for=("photo",))


@pytest.mark.parametrize(
    ("text", "issue", "missing"),
    [
        ("不是碎了 是少了一个", Issue.MISSING_ITEM, "一个"),
        ("不是坏了,是少发了一个杯盖", Issue.MISSING_ITEM, "一个杯盖"),
        ("我是说杯盖少了 不是碎了", Issue.MISSING_ITEM, "杯盖"),
        ("it's not broken, one cup is missing", Issue.MISSING_ITEM, "one cup"),
    ],
)
def test_a_correction_is_what_is_meant(text: str, issue: Issue, missing: str) -> None:
    seen = read_turn(Burst(messages=("m",), texts=(text,)), case=BROKEN, last_shop_text="麻烦拍个照")

    assert (seen.turn, [one.issue for one in seen.issues]) == (Turn.NEW_ISSUE, [issue])
    assert seen.answered["missing"] == missing
    assert all(one.evidence and one.evidence.text in text for one in seen.issues)


@pytest.mark.parametrize(
    "text",
    [
        "是不是碎了",
        "不是碎了吗",
        "不是碎了就是裂了",
        "要不是坏了我也不会找你",
        "难道不是坏了",
        "不是碎了",
        "isn't it broken?",
        "it's not broken",
        "why is it not missing from the page",
        "杯子碎了",
    ],
)
def test_questions_and_alternatives_deny_nothing(text: str) -> None:
    assert not corrects(text)


def test_a_denied_stretch_keeps_the_places_of_the_rest() -> None:
    text = "不是碎了 是少了一个"

    assert len(without_denied(text)) == len(text)
    assert without_denied(text).strip() == "是少了一个"
