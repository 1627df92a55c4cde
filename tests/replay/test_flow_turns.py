"""Conversations cut into turns: each as it stood then, without hindsight."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from copilot.domain.conversation import Conversation
from copilot.domain.message import Message, Role, SentBy
from copilot.domain.order import Order, OrderStatus
from copilot.replay.drafts import turns
from copilot.replay.drafts.turns import turns_of

T0 = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
NEVER = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return T0 + timedelta(minutes=minutes)


def said(role: str, text: str, minutes: int | None = 0, **more: Any) -> Message:
    return Message(role=Role(role), text=text, sent_at=None if minutes is None else at(minutes), **more)


def talk(*messages: Message, **more: Any) -> Conversation:
    return Conversation(id="c", messages=messages, **more)


def test_every_burst_is_a_turn_and_knows_what_the_agent_answered() -> None:
    conversation = talk(
        said("buyer", "在吗", 0),
        said("buyer", "快递到哪了", 1),
        said("agent", "稍等", 5, agent="Mo"),
        said("agent", "明天到", 6, agent="Mo"),
        said("buyer", "好", 8),
    )
    first, second = turns_of(conversation, NEVER)
    assert (first.number, first.index, first.said, first.at) == (1, 0, "在吗\n快递到哪了", at(1))
    assert (first.answer, first.agent) == ("稍等\n明天到", "Mo")
    assert [message.text for message in first.given.messages] == ["在吗", "快递到哪了"]
    assert (second.number, second.index, second.said, second.answer) == (2, 4, "好", "")
    assert len(second.given.messages) == 5


def test_machines_do_not_end_a_turn() -> None:
    conversation = talk(
        said("buyer", "退货怎么退", 0),
        said("bot", "您好,请稍候", 0),
        said("agent", "自动回复:已收到", 1, sent_by=SentBy.AUTO),
        said("system", "客服接入", 1),
        said("buyer", "人呢", 3),
    )
    (turn,) = turns_of(conversation, NEVER)
    assert turn.said == "退货怎么退\n人呢"
    assert turn.answer == ""


def test_a_conversation_without_a_buyer_has_no_turn() -> None:
    assert not list(turns_of(talk(said("agent", "您好"), said("system", "关闭")), NEVER))
    assert not list(turns_of(talk(), NEVER))


def test_a_message_taken_back_later_stood_there_at_first() -> None:
    conversation = talk(
        said("buyer", "到哪了", 0, recalled_at=at(30)),
        said("agent", "错发", 2, recalled_at=at(3)),
        said("buyer", "?", 5),
    )
    first, second = turns_of(conversation, NEVER)
    assert first.said == "到哪了"
    assert first.answer == "错发"
    # Five minutes in, the agent's message was gone, so both of the buyer's are open.
    assert second.said == "到哪了\n?"


def test_orders_are_seen_as_they_stood() -> None:
    order = Order.model_validate(
        {
            "id": "o1",
            "status": "completed",
            "created_at": at(-60),
            "paid_at": at(-50),
            "delivered_at": at(500),
            "shipments": [
                {"status": "delivered", "events": [{"at": at(60), "text": "揽收"}, {"at": at(480), "text": "派送"}]}
            ],
            "after_sales": [{"id": "a1", "kind": "refund", "status": "done", "refunded_at": at(900)}],
        }
    )
    later = Order(id="o2", created_at=at(700))
    conversation = talk(
        said("buyer", "什么时候发货", 0),
        said("agent", "今天", 1),
        said("buyer", "到哪了", 100),
        said("agent", "路上", 101),
        said("buyer", "收到了", 1000),
        orders=(order, later),
    )
    first, second, last = turns_of(conversation, NEVER)
    assert [one.id for one in first.given.orders or ()] == ["o1"]
    seen = (first.given.orders or ())[0]
    assert (seen.status, seen.delivered_at, seen.shipments, seen.after_sales) == (OrderStatus.TO_SHIP, None, (), ())
    seen = (second.given.orders or ())[0]
    assert seen.status is OrderStatus.SHIPPED
    assert [event.text for event in seen.shipments[0].events] == ["揽收"]
    assert seen.shipments[0].status is None
    assert last.given.orders == (order, later)


def test_an_order_that_was_not_paid_yet_is_unpaid() -> None:
    order = Order(id="o", status=OrderStatus.TO_SHIP, created_at=at(-5), paid_at=at(10))
    conversation = talk(said("buyer", "能便宜吗"), said("agent", "不能", 1), said("buyer", "好吧", 20), orders=(order,))
    first, second = turns_of(conversation, NEVER)
    assert [one.status for one in first.given.orders or ()] == [OrderStatus.UNPAID]
    assert second.given.orders == (order,)


def test_unknown_orders_stay_unknown() -> None:
    (turn,) = turns_of(talk(said("buyer", "到哪了"), said("agent", "查一下", 1)), NEVER)
    assert turn.given.orders is None


def test_stored_cases_belong_to_the_end_only() -> None:
    conversation = talk(
        said("buyer", "收到的杯子碎了"),
        said("agent", "麻烦拍张照片", 1),
        said("buyer", "发了", 2),
        cases=({"issue": "invoice"},),
    )
    first, last = turns_of(conversation, NEVER)
    assert [case.issue.value for case in first.given.cases] == []
    assert [case.issue.value for case in last.given.cases] == ["invoice"]


def test_times_that_are_missing_come_from_neighbours_orders_or_the_run() -> None:
    plain = (said("buyer", "在", None), said("agent", "在的", None), said("buyer", "发货没", None))
    assert [turn.at for turn in turns_of(talk(*plain), NEVER)] == [NEVER, NEVER]
    bought = talk(*plain, orders=(Order(id="o", created_at=at(3)),))
    assert [turn.at for turn in turns_of(bought, NEVER)] == [at(3), at(3)]
    partly = talk(said("buyer", "在", None), said("agent", "在的", 4), said("buyer", "发货没", None))
    assert [turn.at for turn in turns_of(partly, NEVER)] == [at(4), at(4)]


def test_a_turn_looks_back_so_far_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST", 10)
    messages = [said("buyer" if number % 2 == 0 else "agent", str(number), number) for number in range(24)]
    found = list(turns_of(talk(*messages), NEVER))
    assert [turn.index for turn in found] == list(range(0, 24, 2))
    assert max(len(turn.given.messages) for turn in found) == 10
    assert found[-1].said == "22"
