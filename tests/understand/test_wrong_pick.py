"""Another size or colour than was meant, in an order that has not left, and what only sounds like it."""

import pytest

from copilot.domain.case import OrderChoice
from copilot.domain.issue import Issue
from copilot.flow.understand import Burst, choose_order, read_turn, unanswered
from tests.understand.conversations import BUYER, order, talk


def read(text: str):
    return read_turn(Burst(messages=("1",), texts=(text,)))


@pytest.mark.parametrize(
    "text",
    [
        "ordered M by mistake need L, not shipped yet?",
        "hey i picked the wrong size, can u change it to L before it ships",
        "oops meant to get an L not M. did it ship?",
        "can you switch my order from M to L? just ordered it 10 min ago",
        "i accidentally ordered black, wanted white",
        "change size to XL please, it hasn't shipped right",
        "wrong color picked can u make it white before sending",
        "just placed an order and chose M should be L",
        "accidentally clicked medium, i need large",
        "can i still change the size on my order",
        "拍错码了,还没发货吧,要L",
        "刚拍的M能改成L吗 还没发货",
        "手滑拍成M了 想要L",
        "尺码选错了 帮我换成XL 发货了没",
        "颜色拍错了 想要白色 还没发吧",
        "下单选了M 应该要L的 还能改不",
        "不小心点成黑色了,要白色的,没发货的话帮改一下",
        "尺码能改吗 刚下单",
        "我拍错了 要L码 别发M",
        "拍的时候看错了选了M码 其实要L",
    ],
)
def test_another_size_before_shipping_is_heard_as_that(text: str) -> None:
    found = read(text)
    assert (found.issues[0].issue, found.wish) == (Issue.RETURN_EXCHANGE, "size_picked")


@pytest.mark.parametrize(
    "text",
    [
        "what size should i get, usually a M but want it loose",
        "u sent me M but i ordered L",
        "M is too small need L",
        "do you have this in L? has my order shipped",
        "wrong address on my order, not shipped yet right?",
        "ordered M last week, hasn't shipped, cancel it",
        "平时穿M 要宽松点选L行吗",
        "你们发错码了 我拍的L",
        "还没发货吧 不要了取消",
        "地址填错了 还没发货吧",
        "我拍错了 别发货了 取消吧",
        "其实要L合适吗",
    ],
)
def test_what_only_sounds_like_it_is_none(text: str) -> None:
    assert read(text).wish != "size_picked"


HERE, CAME = order("1", "to_ship", "加绒卫衣"), order("2", "delivered", "帆布鞋")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("拍错码了,还没发货吧,要L", "1"),
        ("ordered M by mistake need L, not shipped yet?", "1"),
        ("卫衣拍错码了 要L", "1"),
        ("鞋子拍错码了 要L", "2"),
        # Either of them may have been picked wrong.
        ("拍错码了", None),
    ],
)
def test_the_order_that_is_still_here_is_meant_where_the_words_say_so(text: str, meant: str | None) -> None:
    conversation = talk((BUYER, text), orders=(HERE, CAME))
    burst = unanswered(conversation)
    found = choose_order(conversation, burst, None, Issue.RETURN_EXCHANGE, read(text))
    assert (found.id if isinstance(found, OrderChoice) else None) == meant
