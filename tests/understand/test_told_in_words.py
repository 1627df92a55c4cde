"""A date on the goods, a device of which all was tried, a code that is refused: what the whole of the words says."""

import pytest

from copilot.domain.issue import Issue, Understanding
from copilot.flow.understand import Burst, read_turn


def read(text: str) -> Understanding:
    return read_turn(Burst(messages=("1",), texts=(text,)))


@pytest.mark.parametrize(
    "text",
    [
        "Just got 3 bags of the salmon treats and the best before is 5 Dec?! thats next week, no way they eat that",
        "treats came today, use by date is next friday. seriously?",
        "these expire on dec 10, i can't use three bags by then",
        "the milk powder is short-dated, only two weeks left",
        "刚收到 生产日期是去年的 快过期了",
        "保质期就剩一个月 怎么用得完",
        "这瓶日期不新鲜啊 只剩两个月了",
        "发来的面包都是临期的",
    ],
)
def test_a_date_too_near_is_a_fault_of_the_goods(text: str) -> None:
    found = read(text)
    assert ([one.issue for one in found.issues], found.wish) == ([Issue.QUALITY_DEFECT], "expiry_short")


@pytest.mark.parametrize(
    "text",
    [
        "how long is the best before on these usually?",
        "what's the expiry date on the ones you ship now",
        "my coupon expires tomorrow, can you extend it",
        "这个保质期多久",
        "券快过期了 能延期吗",
        "现在拍日期新鲜吗",
    ],
)
def test_a_question_about_the_date_or_a_codes_date_is_none(text: str) -> None:
    assert read(text).wish != "expiry_short"


@pytest.mark.parametrize(
    "text",
    [
        "the massage gun wont charge anymore. light blinks red then nothing. tried 3 diff cables",
        "it stopped working after 10 days. reset it twice, charged it overnight, still dead",
        "tried another outlet and a new fuse, it still won't power on",
        "按摩枪充不进电了 换了三根线还是不行",
        "重启了好几次还是连不上 手机也换了",
    ],
)
def test_a_device_of_which_all_was_tried_is_told(text: str) -> None:
    found = read(text)
    assert (found.issues[0].issue, found.wish) == (Issue.QUALITY_DEFECT, "fault_told")


@pytest.mark.parametrize(
    "text",
    ["won't turn on", "it won't charge, how do i reset it?", "it won't start and smells burnt, tried another outlet",
     "怎么开机 试了好几次", "充不进电"],
)  # fmt: skip
def test_a_bare_fault_a_question_or_a_danger_is_not(text: str) -> None:
    assert read(text).wish != "fault_told"


@pytest.mark.parametrize(
    "text",
    [
        "yo the 15% black friday code aint working at checkout\nsays not eligible\nBF15 thats the code",
        "code SAVE10 says invalid",
        "my voucher was refused at checkout",
        "it says the coupon isn't valid for this item",
        "优惠码用不了 提示不可用",
        "券在结算页用不了 说不符合条件",
    ],
)
def test_a_code_that_is_refused_is_no_sale_to_come(text: str) -> None:
    found = read(text)
    assert ([one.issue for one in found.issues], found.wish) == ([Issue.PRICE_PROMOTION], "code_refused")


@pytest.mark.parametrize(
    "text", ["can i stack two codes", "the pairing code isn't working", "有优惠券吗", "券和满减能叠加吗"]
)
def test_a_question_about_codes_is_none(text: str) -> None:
    assert read(text).wish != "code_refused"


@pytest.mark.parametrize(
    "text", ["毛衣收到了 有点扎人", "鞋子收到了 有点硌脚", "被套收到了,洗的时候有点掉毛", "衣服到了 味道好大"]
)
def test_that_it_has_come_is_no_part_that_is_missing_and_no_size(text: str) -> None:
    assert not {one.issue for one in read(text).issues} & {Issue.MISSING_ITEM, Issue.SIZE_MISMATCH}


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("裤子收到了 少了一条", Issue.MISSING_ITEM),
        ("鞋子收到了 小了一码", Issue.SIZE_MISMATCH),
        ("杯子收到了 碎了", Issue.DAMAGED),
        ("收到了 颜色不对", Issue.WRONG_ITEM),
    ],
)
def test_what_is_wrong_with_it_is_heard_beside_that(text: str, issue: Issue) -> None:
    assert issue in {one.issue for one in read(text).issues}
