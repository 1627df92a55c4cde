"""A gift that was promised with the order and is not there: whose order it is and what it was stand in the words."""

import pytest

from copilot.assets import policy_folders
from copilot.domain.issue import Issue, Understanding
from copilot.flow.understand import Burst, read_turn
from copilot.playbook.adverts import load_adverts


def read(*texts: str) -> Understanding:
    return read_turn(Burst(messages=tuple(str(at) for at, _ in enumerate(texts)), texts=texts))


@pytest.mark.parametrize(
    ("texts", "thing"),
    [
        (("主播说下单送小样的", "我咋没有", "就一瓶水孤零零的"), "送小样"),
        (("直播间说送化妆棉 没看到啊",), "送化妆棉"),
        (("页面写着送旅行装 我没收到",), "送旅行装"),
        (("你家活动送的小样没给我放",), "小样"),
        (("主播答应的礼盒没有给",), "礼盒"),
        (("your live said a free silicone liner comes with it, wheres mine",), "a free silicone liner"),
        (("ad promised a free cookbook and there was none in the box",), "a free cookbook"),
    ],
)
def test_it_is_named_and_no_piece_of_the_goods_is_missing(texts: tuple[str, ...], thing: str) -> None:
    found = read(*texts)
    assert ([one.issue for one in found.issues], found.wish) == ([Issue.AD_MISMATCH], "gift_absent")
    told = load_adverts(policy_folders()).promised("\n".join(texts))
    assert told is not None
    assert told.text == thing


@pytest.mark.parametrize(
    "text",
    [
        "送货的快递员没给我放门口",
        "我买来送妈妈的 没收到货",
        "少了一瓶水 没看到",
        "现在下单送什么赠品吗",
        "do you offer free shipping? i didn't see it at checkout",
        "can you add a gift note, there was none last time",
        "the lid is missing",
    ],
)
def test_what_is_delivered_given_or_sold_is_no_gift(text: str) -> None:
    assert read(text).wish != "gift_absent"
