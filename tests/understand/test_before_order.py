"""What a colleague said of the day on which an order leaves, before it was placed."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from copilot.domain.conversation import Conversation
from copilot.flow.understand import unanswered
from copilot.flow.understand.before_order import leaves_on
from tests.understand.conversations import order

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 14, 24, tzinfo=ZONE)
TODAY = date(2026, 11, 24)


def day(said: str, *, placed: datetime | None = NOW, told: datetime | None = None, later: str | None = None):
    """The day for an order placed at ``placed``; without one for what the buyer says now."""
    told = told or NOW - timedelta(minutes=5)
    lines = [("buyer", "?", told - timedelta(minutes=1)), ("agent", said, told)]
    lines += [("agent", later, told + timedelta(minutes=1))] if later else []
    lines += [("buyer", "拍了", NOW)]
    messages = [{"role": role, "text": text, "sent_at": at} for role, text, at in lines]
    conversation = Conversation.model_validate({"id": "c", "messages": messages})
    about = None if placed is None else order("1", "to_ship", "杯子", created_at=placed)
    return leaves_on(conversation, unanswered(conversation), about, ZONE)


@pytest.mark.parametrize(
    "said",
    [
        "4点前拍当天走",
        "下午四点前下单今天发出哈",
        "现在拍今天就能发",
        "3点半之前付款的今天都发",
        "16:00前下单当天寄出",
        "order by 4pm and it goes out today",
        "if you order before 4 it ships same day!",
        "ships today if you order now",
        "place it by 3:30 and we'll ship it today",
        "pay before 4 p.m. and it leaves today",
    ],
)
def test_what_was_told_of_today_holds_for_what_is_placed_in_time(said: str) -> None:
    assert day(said) == TODAY
    assert day(said, placed=None) == TODAY


@pytest.mark.parametrize("said", ["今天拍明天发", "order now and it ships tomorrow"])
def test_a_day_later_is_that_day(said: str) -> None:
    assert day(said) == TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    "said", ["12点前拍的当天发", "上午11点前付款今天发", "order before noon and it goes out today"]
)
def test_what_is_placed_after_the_hour_has_no_such_day(said: str) -> None:
    assert day(said) is None


@pytest.mark.parametrize(
    "said",
    ["48小时内发货", "我们发顺丰", "拍照发我看看", "we ship within two days", "today's price ends at 4", "今天有活动"],
)
def test_other_words_name_no_day(said: str) -> None:
    assert day(said) is None


def test_it_holds_for_no_order_from_before_and_not_for_the_next_day() -> None:
    assert day("4点前拍当天走", placed=NOW - timedelta(hours=3)) is None
    assert day("4点前拍当天走", told=NOW - timedelta(hours=20)) is None


def test_what_was_taken_back_since_holds_no_more() -> None:
    assert day("4点前拍当天走", later="不好意思 没货了 今天发不了") is None
