"""What was paid more than it costs now: the difference is a matter of price, whatever else the words sound like."""

import pytest

from copilot.domain.issue import Issue, Understanding
from copilot.flow.understand import Burst, read_turn


def read(text: str) -> Understanding:
    return read_turn(Burst(messages=("1",), texts=(text,)))


@pytest.mark.parametrize(
    "text",
    [
        "你页面写的7天价保啊 别忽悠我",
        "说好的价保呢 我299买的现在259",
        "刚买就便宜了二十 退我差价",
        "买贵了 能补差价吗",
        "不是有15天保价吗 昨天139今天99",
        "bought it monday for 59.99, today it's 44.99. can i get the difference back or do i have to return and rebuy",
        "it went on sale the day after, will you refund the difference?",
        "do you do price adjustments? paid $80 last night and it's $65 now",
        "so do I return it and buy again or can you credit me the difference",
    ],
)
def test_the_difference_is_a_matter_of_price(text: str) -> None:
    assert [one.issue for one in read(text).issues] == [Issue.PRICE_PROMOTION]


@pytest.mark.parametrize(
    "text",
    [
        "换成小一号的 差价退我吗",
        "can i exchange it for the smaller model and get the difference back",
        "直播说送烤盘的 没有啊",
        "寄回去要保价吗",
        "i want to return this, it's too big",
    ],
)
def test_another_piece_a_parcel_or_a_gift_is_none(text: str) -> None:
    assert Issue.PRICE_PROMOTION not in {one.issue for one in read(text).issues}
