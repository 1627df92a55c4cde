"""What a colleague said that did not come true, by the day they named."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from copilot.domain.conversation import Conversation
from copilot.domain.order import Order
from copilot.flow.understand import unanswered
from copilot.flow.understand.broken_word import broken_word
from copilot.playbook.situation import BrokenWord

ZONE = ZoneInfo("Asia/Shanghai")
TOLD = datetime(2026, 11, 26, 10, tzinfo=ZONE)
"""A Thursday."""


def judged(
    said: str, text: str, after: int, *, then: tuple[str, ...] = (), hour: int = 20, photo: bool = False, **order: Any
) -> BrokenWord | None:
    """What ``text`` holds us to ``after`` days; ``then`` is a buyer's line and a colleague's in between."""
    now = TOLD.replace(hour=hour) + timedelta(days=after)
    about = Order.model_validate(
        {"id": "1", "status": "shipped", "items": [{"product_id": "p", "name": "x"}], "created_at": TOLD} | order
    )
    earlier = now - timedelta(hours=2)
    between = [(role, words, earlier) for role, words in zip(("buyer", "agent"), then, strict=False)]
    lines = [("buyer", "在吗", TOLD), ("agent", said, TOLD), *between, ("buyer", text, now)]
    talk = Conversation.model_validate(
        {
            "id": "c",
            "platform": "douyin",
            "market": "cn",
            "shop": "s",
            "buyer": {"id": "b"},
            "messages": [
                {"id": str(at), "role": role, "text": words, "sent_at": moment}
                for at, (role, words, moment) in enumerate(lines)
            ]
            + ([{"id": "p", "role": "buyer", "kind": "image", "text": "", "sent_at": now}] if photo else []),
        }
    )
    return broken_word(talk, unanswered(talk), about, now, ZONE)


RETURN = {"id": "a", "kind": "return", "status": "received"}


@pytest.mark.parametrize(
    ("said", "text", "after", "order", "kind", "day"),
    [
        ("周六能送到的 放心", "怎么还没到", 3, {}, "arrive", date(2026, 11, 28)),
        ("明天就到了", "你说的明天呢", 2, {}, "arrive", date(2026, 11, 27)),
        ("看了下这两天就能到", "都12月了 你说的这两天呢", 5, {}, "arrive", None),
        ("it should be with you by Saturday", "its saturday night and no bowls", 2, {}, "arrive", date(2026, 11, 28)),
        ("you'll have them by Friday :)", "it's monday and still nothing", 4, {}, "arrive", date(2026, 11, 27)),
        ("You'll see the refund by Friday latest", "Nothing in my account", 4, {"after_sales": [RETURN]}, "money",
         date(2026, 11, 27)),
        ("退款周五前到账", "说好的钱呢", 4, {"after_sales": [RETURN]}, "money", date(2026, 11, 27)),
        ("今天就给您发出", "到底发没发 说好的今天", 1, {"status": "to_ship"}, "leave", date(2026, 11, 26)),
        ("it ships tomorrow", "you said it ships friday, where is it", 3, {"status": "to_ship"}, "leave",
         date(2026, 11, 27)),
        ("No worries, I'll cancel that for you now", "it SHIPPED?? you said it was cancelled", 2, {}, "cancel", None),
        ("Done, it's cancelled for you.", "why a shipping email then, you cancelled it", 2, {}, "cancel", None),
        ("好的 这就给您取消", "不是说取消了吗 怎么还发货了", 2, {}, "cancel", None),
    ],
)  # fmt: skip
def test_what_did_not_come_true_is_known_by_its_day(
    said: str, text: str, after: int, order: dict[str, Any], kind: str, day: date | None
) -> None:
    assert judged(said, text, after, **order) == BrokenWord(kind, day)


@pytest.mark.parametrize(
    ("said", "text", "after", "order"),
    [
        # The day is still to come, or it is this one and nobody says that it is over.
        ("周六能送到", "到哪了", 1, {}),
        ("should be there by Saturday", "where is it now", 2, {"hour": 9}),
        # It came, it left, the money went out.
        ("周六能送到", "怎么少了一个", 4, {"status": "delivered"}),
        ("今天就给您发出", "还没到吗", 2, {}),
        ("退款周五前到账", "没看到钱", 4, {"after_sales": [RETURN | {"status": "refunded", "refunded_at": TOLD}]}),
        # Nothing was said of a day, or it was asked.
        ("我帮您催一下", "怎么还没到", 4, {}),
        ("您是周六收到的吗", "没收到", 4, {}),
        ("您周六要用对吧", "还没到", 4, {}),
        # They looked back on it.
        ("昨天到您那边的车晚点了", "怎么还没到", 4, {}),
        # What the buyer asks has nothing to do with it.
        ("周六能送到", "这个能机洗吗", 4, {}),
        ("这就给您取消", "好的", 2, {"status": "to_ship"}),
    ],
)
def test_what_is_kept_or_still_open_is_not_owned(said: str, text: str, after: int, order: dict[str, Any]) -> None:
    assert judged(said, text, after, **order) is None


@pytest.mark.parametrize(
    ("said", "photo", "kind"),
    [
        ("我们页面写的都是实际成分哦 您可能看错了", True, "denied"),
        ("您是不是量错了呀", True, "denied"),
        ("you may have misread the label", True, "denied"),
        # Without a picture it is word against word; and a colleague who only asks has denied nothing.
        ("您可能看错了", False, None),
        ("麻烦拍个照片我看看", True, None),
        ("could you send me a pic of it?", True, None),
    ],
)
def test_a_denial_is_answered_by_the_picture(said: str, photo: bool, kind: str | None) -> None:
    found = judged(said, "你自己看", 1, photo=photo, status="delivered")
    assert (found and found.kind) == kind


@pytest.mark.parametrize(
    ("said", "asked", "owned", "text"),
    [
        ("周六能送到的 放心", "怎么还没到", "之前说周六能到，没有到，是我们说早了。我去查一下", "查到了吗 还没到"),
        ("这两天就能到", "没到啊", "之前跟您说的时间已经过了，这话是我们没说准。", "所以到底什么时候"),
        ("周六能送到的 放心", "怎么还没到", "不好意思，周六没到是我们没做到", "还没到"),
        ("it should be with you by Saturday", "its sunday", "We told you Saturday, and that was wrong: that's on us.",
         "still nothing"),
        ("you'll have them by Friday :)", "nothing came", "So sorry, I got that wrong. Let me check",
         "any news? still no parcel"),
        ("好的 这就给您取消", "不是说取消了吗", "之前答应您取消的，没有取消成，是我们没做到。",
         "你说取消的 现在怎么办"),
        ("I'll cancel that for you now", "it SHIPPED",
         "You heard from us that this was canceled and it wasn't, that's our mistake.",
         "you said it was cancelled, what now"),
    ],
)  # fmt: skip
def test_it_is_owned_up_to_once_in_a_talk(said: str, asked: str, owned: str, text: str) -> None:
    assert judged(said, text, 4) is not None
    assert judged(said, text, 4, then=(asked, owned)) is None


def test_a_new_word_given_with_the_owning_up_counts_anew() -> None:
    then = ("怎么还没到", "周六没到是我们说早了，今天能送到。")
    found = judged("周六能送到的 放心", "都晚上了 今天说的呢 还没到", 4, then=then)
    assert found == BrokenWord("arrive", date(2026, 11, 30))
