"""What a colleague told somebody to do with a faulty thing, done in vain: told in full, and no film is asked for."""

import pytest

from copilot.domain.case import Case, CaseState
from copilot.domain.issue import Issue, IssueReading, Turn, Understanding
from copilot.flow.understand import Burst
from copilot.flow.understand.tried import has_tried_as_told

TRIED = [
    ("您把耳机放回充电盒长按10秒重置一下,再连接试试", "试了 还是没声\n给我换个新的吧"),
    ("麻烦换个插座试一下", "换了 不行"),
    ("请重启一下路由器再连", "照你说的弄了还是连不上"),
    ("先充满电再开机看看", "充了一晚上 没反应"),
    ("滤网清洗一下试试", "洗了 一样响"),
    ("please make sure you charge it for 16 hours before first use.", "i did that. twice. it just doesnt work"),
    ("Try resetting it: hold the button for 10 seconds.", "tried it, still nothing"),
    ("Could you swap the batteries?", "new batteries, same thing"),
    ("Please re-pair it in the app", "done that already, no luck. i want a new one"),
    ("unplug it for a minute please", "did it, no change"),
]
NOT_TRIED = [
    ("您重启一下试试", "好的我去试试"),
    ("您重启一下试试", "怎么重启"),
    ("您重启一下试试", "试了 冒烟了"),
    ("麻烦拍张照片", "还是不行"),
    ("Try resetting it please", "ok i'll try tonight"),
    ("Try resetting it please", "tried it. should i hold it longer?"),
    ("Sorry about that, could you send a photo?", "still doesn't work"),
]


def tried(shop: str, buyer: str, issue: str = "quality_defect") -> bool:
    case = Case(issue=Issue(issue), state=CaseState.OPEN)
    read = Understanding(turn=Turn.ANSWER, language="en" if buyer.isascii() else "zh")
    return has_tried_as_told(read, case, Burst(messages=("1",), texts=tuple(buyer.split("\n"))), shop)


@pytest.mark.parametrize(("shop", "buyer"), TRIED)
def test_what_was_told_and_done_is_known(shop: str, buyer: str) -> None:
    assert tried(shop, buyer)
    assert not tried(shop, buyer, "logistics_query")


@pytest.mark.parametrize(("shop", "buyer"), NOT_TRIED)
def test_what_is_still_to_be_done_is_not(shop: str, buyer: str) -> None:
    assert not tried(shop, buyer)


@pytest.mark.parametrize(
    "text",
    [
        "这耳机左边没声音了\n重置过了也没用",
        "台灯不亮了 换了插座还是不亮",
        "门铃没反应 换了电池也没反应",
        "left earbud is dead, reset it twice and still nothing",
        "won't turn on. i changed the batteries, no luck",
        "stopped charging, tried a different cable, didn't help",
    ],
)
def test_what_was_done_before_writing_is_known(text: str) -> None:
    assert alone(text)


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("左边没声音了", "quality_defect"),
        ("左边没声音 要重置吗", "quality_defect"),
        ("台灯不亮 我换个插座试试，之前那个插座不行", "quality_defect"),
        ("重置过了没用", "usage_question"),
        ("it's dead, i'll try a different cable, the old one doesn't work", "quality_defect"),
    ],
)
def test_who_has_not_tried_or_has_no_fault_is_asked(text: str, issue: str) -> None:
    assert not alone(text, issue)


def alone(text: str, issue: str = "quality_defect") -> bool:
    raised = (IssueReading(issue=Issue(issue), confidence=0.9),)
    read = Understanding(turn=Turn.NEW_ISSUE, language="en" if text.isascii() else "zh", issues=raised)
    return has_tried_as_told(read, None, Burst(messages=("1",), texts=tuple(text.split("\n"))), None)
