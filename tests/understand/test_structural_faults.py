"""Goods that come apart are told of in many words, with "it" for the goods and a clause a message."""

import pytest

from copilot.domain.issue import Issue
from copilot.flow.understand import Burst, read_turn


@pytest.mark.parametrize(
    "texts",
    [
        ("ok so", "the jeans came today", "and they are torn at the seam", "what now"),
        ("my jeans are torn at the seam",),
        ("so the skirt is ripped down the back??",),
        ("the shelf is all wobbly",),
        ("裤子今天到了", "裆那里开线了", "咋办"),
        ("衣服领口脱线",),
    ],
)
def test_they_are_faults(texts: tuple[str, ...]) -> None:
    read = read_turn(Burst(messages=tuple(map(str, range(len(texts)))), texts=texts))
    assert [one.issue for one in read.issues] == [Issue.QUALITY_DEFECT]


@pytest.mark.parametrize("text", ["does the seam tear easily?", "是不是容易开线", "洗几次会不会脱线"])
def test_to_ask_whether_they_will_is_a_question_about_goods(text: str) -> None:
    read = read_turn(Burst(messages=("0",), texts=(text,)))
    assert [one.issue for one in read.issues] == [Issue.PRODUCT_QUESTION]
