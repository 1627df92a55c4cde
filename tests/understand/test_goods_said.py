"""What buyers tell of the goods that came, so that nobody asks for it again."""

import pytest

from copilot.domain.issue import Issue, Turn
from copilot.flow.understand import Burst, read_turn
from copilot.flow.understand.goods import told_of_goods


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("少了一包螺丝", {"missing": "一包螺丝"}),
        ("漏发了杯盖", {"missing": "杯盖"}),
        ("里面没有说明书", {"missing": "说明书"}),
        ("说明书没放", {"missing": "说明书"}),
        ("遥控器没有 怎么开", {"missing": "遥控器"}),
        ("收到的时候发现缺了两颗螺丝和一把扳手", {"missing": "两颗螺丝和一把扳手"}),
        ("两件只收到一件", {"short": "1/2"}),
        ("买了三盒就来了两盒", {"short": "1/3"}),
        ("两个枕头只收到一个", {"short": "1/2"}),
        ("the charging cable is missing", {"missing": "charging cable"}),
        ("no screws in the box", {"missing": "screws"}),
        ("the blue shirt came with a button missing", {"missing": "button"}),
        ("the desk has a drawer handle missing", {"missing": "drawer handle"}),
        ("theres one leg cap thats missing", {"missing": "leg cap"}),
        ("you forgot the remote", {"missing": "remote"}),
        ("The left glove wasn't in there", {"missing": "left glove"}),
        ("missing 2 screws and a bracket, how do i build this", {"missing": "2 screws and a bracket"}),
        ("only got 1 of 2", {"short": "1/2"}),
        ("ordered 3 got 2", {"short": "1/3"}),
        ("set of 6, i count 4", {"short": "2/6"}),
        ("got one instead of two", {"short": "1/2"}),
        ("少发了 买了两盒只有一盒", {"short": "1/2"}),
        ("ordered 3 throws only 2 in the box", {"short": "1/3"}),
        ("box came but no remote in it", {"missing": "remote"}),
        ("only got the mat, where are the towels??", {"missing": "towels"}),
        ("the bath mat came but wheres the lamp", {"missing": "lamp"}),
        ("我是说杯盖少了 不是碎了", {"missing": "杯盖"}),
        ("但是枕套只有一个啊 不是两个吗", {"missing": "枕套"}),
        ("手套怎么就发了一只", {"missing": "手套"}),
        ("大衣收到了 围巾没有啊", {"missing": "围巾"}),
        ("Drill came w/o the charger. Box was sealed", {"missing": "charger"}),
        ("it came with only one sham, it says 2 on the listing", {"missing": "sham"}),
        ("there's only one earring in the box", {"missing": "earring"}),
        ("毛巾去哪了", {"missing": "毛巾"}),
    ],
)
def test_what_is_missing_is_read(text: str, told: dict[str, str]) -> None:
    assert told_of_goods(text, Issue.MISSING_ITEM) == told


@pytest.mark.parametrize(
    ("text", "came"),
    [
        ("发成蓝色了", "蓝色"),
        ("我拍的黑色来了白色", "白色"),
        ("我拍的黑色发成蓝色了", "蓝色"),
        ("要的L码发了M", "M"),
        ("拍的A款收到B款", "B款"),
        ("收到一条裤子 我买的是裙子", "一条裤子"),
        ("got a blue one instead of black", "blue one"),
        ("ordered black, got white", "white"),
        ("i ordered a size 9 and received an 8", "8"),
        ("it's green not navy", "green"),
    ],
)
def test_what_came_instead_is_read(text: str, came: str) -> None:
    assert told_of_goods(text, Issue.WRONG_ITEM) == {"came": came}


@pytest.mark.parametrize(
    "text",
    ["where is my order", "where is my refund", "where are you", "快递呢", "客服人呢", "我的钱呢", "少的呢",
     "no one in there cares",
     "少发了", "东西少了", "少东西", "配件不齐", "something is missing", "half is missing", "不是我买的",
     "打开是别人的东西",
     "received someone else's order", "sent the wrong one", "少了13800138000那件"],
)  # fmt: skip
def test_what_names_nothing_is_not_quoted(text: str) -> None:
    assert told_of_goods(text, Issue.MISSING_ITEM) == {}
    assert told_of_goods(text, Issue.WRONG_ITEM) == {}


def test_of_other_issues_nothing_is_read() -> None:
    assert told_of_goods("少了一包螺丝", Issue.STOCK) == {}
    assert told_of_goods("少了一包螺丝", None) == {}


def test_a_picture_and_what_is_said_count_as_answers_before_anybody_asks() -> None:
    seen = read_turn(Burst(messages=("1", "2"), texts=("少了一包螺丝",), photos=1))
    assert seen.turn is Turn.NEW_ISSUE
    assert seen.answered == {"missing": "一包螺丝", "photo": "1"}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("积木少一包 3号袋没有", "3号袋"),
        ("就这些了\n孩子等着拼呢 快点", None),
        ("盖子呢", "盖子"),
        ("no screws, still no tracking", "screws"),
    ],
)
def test_the_missing_part_is_named_and_nothing_that_waits_for_it(text: str, what: str | None) -> None:
    assert told_of_goods(text, Issue.MISSING_ITEM).get("missing") == what
