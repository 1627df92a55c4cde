"""The same ordered twice by accident: which of the two is meant, and what only sounds like it."""

from datetime import UTC, datetime, timedelta

import pytest

from copilot.domain.case import OrderChoice
from copilot.domain.issue import Issue
from copilot.domain.order import Order
from copilot.flow.understand import Ambiguous, Burst, choose_order, read_turn, unanswered
from tests.understand.conversations import BUYER, order, talk

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)


def read(text: str):
    return read_turn(Burst(messages=("1",), texts=(text,)))


WORDINGS = [
    "ordered twice by accident, cancel one",
    "i placed the same order twice by mistake can u cancel one of them",
    "oops duplicate order, pls cancel one",
    "my order went through twice, only need one",
    "checkout glitched and it ordered 2 orders, cancel the second one pls",
    "double ordered lol cancel 1",
    "cancel one of my two orders, its a duplicate",
    "accidentally bought it twice refund one",
    "i think i hit the buy button twice, can one be canceled",
    "why do i have two orders?? i only wanted one",
    "ordered the candle 2x by accident",
    "怎么有两个一样的订单 我只拍了一个",
    "点了两下付款 变成两单了",
    "不小心又拍了一单 退掉",
    "拍重了,退一单",
    "不小心下了两单 取消一个",
    "重复下单了 帮我取消一单",
    "手滑拍了两单一样的 退掉一个",
    "多拍了一单 能退吗",
    "网卡了付了两单 取消一单吧",
    "下重了 留一单就行",
    "两单一样的 帮我撤一单",
]


@pytest.mark.parametrize("text", WORDINGS)
def test_two_orders_by_accident_are_heard(text: str) -> None:
    found = read(text)
    assert (found.issues[0].issue, found.wish) == (Issue.CANCEL_ORDER, "twice")


@pytest.mark.parametrize(
    "text",
    [
        "i was charged twice",
        "ordered from you twice before, love it",
        "cancel my order",
        "can you combine my two orders",
        "i ordered two and got one",
        "both orders arrived broken",
        "扣了我两次钱",
        "买了两次了 质量不错",
        "取消订单",
        "两单能一起发吗",
        "两单都没发货",
    ],
)
def test_what_only_sounds_like_it_is_none(text: str) -> None:
    assert read(text).wish != "twice"


def made(id: str, status: str, hours: float, name: str = "Cedar Candle", sku: str = "L") -> Order:
    items = ({"name": name, "product_id": name, "sku": sku},)
    return order(id, status, created_at=NOW - timedelta(hours=hours)).model_copy(
        update={"items": Order.model_validate({"id": id, "items": items}).items}
    )


@pytest.mark.parametrize("text", ["ordered twice by accident, cancel one", "拍重了,退一单"])
@pytest.mark.parametrize(
    ("orders", "meant"),
    [
        ((made("1", "to_ship", 5), made("2", "to_ship", 1)), "2"),
        # What has left stays; the other one goes, whichever is younger.
        ((made("1", "to_ship", 5), made("2", "shipped", 1)), "1"),
        ((made("1", "delivered", 90), made("2", "delivered", 89)), "2"),
        # Different goods, or another size: nobody can say which one was the slip.
        ((made("1", "to_ship", 5), made("2", "to_ship", 1, name="Wool Throw")), None),
        ((made("1", "to_ship", 5, sku="M"), made("2", "to_ship", 1)), None),
    ],
)
def test_the_younger_one_that_is_still_here_goes(text: str, orders: tuple[Order, ...], meant: str | None) -> None:
    conversation = talk((BUYER, text), orders=orders)
    found = choose_order(conversation, unanswered(conversation), None, Issue.CANCEL_ORDER, read(text))
    assert (found.id if isinstance(found, OrderChoice) else None) == meant
    assert meant is not None or isinstance(found, Ambiguous)
