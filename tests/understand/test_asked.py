"""What a turn asks beside its issues: clauses without an issue of their own, and questions all the same."""

import pytest

from copilot.flow.understand import Burst, read_turn


def asked(text: str) -> tuple[str, ...]:
    read = read_turn(Burst(messages=("1",), texts=tuple(text.split("\n"))))
    return tuple(one.evidence.text for one in read.asked if one.evidence is not None)


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        ("加湿器咋清洗啊 水箱有点滑腻腻的\n能加香薰不", "能加香薰不"),
        ("柯基三个月能吃这个狗粮吗\n10斤能吃多久大概\n有试吃装吗", "有试吃装吗"),
        ("1米8的床配多大被套\n会掉色不 上次别家买的洗一次水都红了\n今天拍哪天能到 河南", "会掉色不"),
        ("是什么材质的\n能不能刻字", "能不能刻字"),
        (
            "Would you do a deal if I bought 2 of the throws?\nalso can the hook go on a rail",
            "also can the hook go on a rail",
        ),
        ("is the chain actual silver or just plated? and will it turn my neck green", "and will it turn my neck green"),
    ],
)
def test_a_question_that_is_no_issue_is_kept(text: str, beside: str) -> None:
    assert beside in asked(text)


@pytest.mark.parametrize(
    "text",
    [
        "杯子碎了两个\n怎么回事啊",
        "三天了还没发货\n你们什么意思",
        "在吗\n这个多少钱",
        "where is my package? it was due monday",
        "the lamp came broken. seriously?",
        "can you check where my order is",
    ],
)
def test_rhetoric_and_the_matter_itself_are_no_further_questions(text: str) -> None:
    assert asked(text) == ()
