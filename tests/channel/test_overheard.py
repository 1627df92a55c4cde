"""What a colleague's typed words promise to one buyer, and what only tells how the shop or the carrier works."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from copilot.channel.overheard import promised_in
from copilot.domain.order import Order, OrderStatus

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
# A Friday, ten in the morning.
ZH = datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)
EN = datetime(2026, 11, 20, 10, 0, tzinfo=NEW_YORK)
WAITING = Order(id="6935", status=OrderStatus.TO_SHIP, paid_at=ZH - timedelta(hours=5))


def heard(text: str, at: datetime, waiting: Order | None = None) -> list[tuple[str, str]]:
    zone = SHANGHAI if at is ZH else NEW_YORK
    found = promised_in(text, at, zone, waiting)
    return [(one.what, f"{one.due.astimezone(zone):%d %H:%M}") for one in found]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("48小时内发出", "22 10:00"),
        ("亲,下单后48小时内发货哈", "22 05:00"),
        ("付款后72小时内发货", "23 05:00"),
        ("48h内发货", "22 10:00"),
        ("24小时内安排发出哦,您放心", "21 10:00"),
    ],
)
def test_the_hours_for_sending_are_promised_to_whose_order_waits(text: str, due: str) -> None:
    assert heard(text, ZH, WAITING) == [("ship", due)]
    assert heard(text, ZH) == [], "to whoever bought nothing they tell how the shop works"
    later = WAITING.model_copy(update={"paid_at": ZH + timedelta(hours=1)})
    assert heard(text, ZH, later) == [], "nor do they bind for what was bought afterwards"


@pytest.mark.parametrize(
    "text",
    [
        "我们都是48小时内发货的",
        "一般48小时内发货",
        "大促期间72小时内发货",
        "48小时内发货吗",
        "48小时内发出的话能到吗",
        "下单后3小时内发货",
    ],
)
def test_how_the_shop_works_is_promised_to_nobody(text: str) -> None:
    assert heard(text, ZH, WAITING) == []


@pytest.mark.parametrize(
    ("text", "what", "due"),
    [
        ("帮您申请了补偿10元,24小时内到", "refund", "21 10:00"),
        ("退款给您批了 今天到", "refund", "20 23:59"),
        ("退了您8元,一两天到", "refund", "22 23:59"),
        ("给您安排好了,明天发顺丰", "ship", "21 23:59"),
        ("明天上午发顺丰快递哈", "ship", "21 12:00"),
        ("今天发邮政", "ship", "20 23:59"),
        ("优惠券稍后发您账户", "compensate", "20 23:59"),
        ("红包今天发您", "compensate", "20 23:59"),
        ("券和货一起明天给您发货", "ship", "21 23:59"),
    ],
)
def test_what_is_promised_in_chinese(text: str, what: str, due: str) -> None:
    assert heard(text, ZH) == [(what, due)]


@pytest.mark.parametrize(
    "text",
    [
        "快递明天到",
        "给您补发的明天到",
        "补偿的那件货明天到",
        "一般24小时内到",
        "应该明天发顺丰",
        "明天发顺丰吗",
        "我们都是发顺丰的",
        "发顺丰要补差价",
        "顺丰明天发货",
        "您寄回来我们签收后马上退",
        "我们收到货后给您退款",
        "仓库收到后今天给您补发",
    ],
)
def test_what_is_none_in_chinese(text: str) -> None:
    assert heard(text, ZH) == []


@pytest.mark.parametrize(
    ("text", "what", "due"),
    [
        ("I've applied a $10 credit, it'll show within 24 hours", "refund", "21 10:00"),
        ("I've put in a refund, you'll see it in 3-5 business days", "refund", "27 23:59"),
        ("Refund will hit your account by Monday", "refund", "23 23:59"),
        ("your refund will post by Monday", "refund", "23 23:59"),
        ("The credit will land in your PayPal tomorrow", "refund", "21 23:59"),
        ("We've refunded $12. It'll reach your bank in 2 days", "refund", "22 23:59"),
        ("I'm gonna have the warehouse ship it today", "ship", "20 23:59"),
        ("I'll have the warehouse ship it tomorrow", "ship", "21 23:59"),
        ("We'll have the team resend it by Wednesday", "reship", "25 23:59"),
        ("I can get a new one out to you by Wednesday", "reship", "25 23:59"),
        ("we can have a new lid out to you tomorrow", "ship", "21 23:59"),
    ],
)
def test_what_is_promised_in_english(text: str, what: str, due: str) -> None:
    assert heard(text, EN) == [(what, due)]


@pytest.mark.parametrize(
    "text",
    [
        "we ship within 24 hours",
        "we can ship within 24 hours",
        "should arrive tomorrow",
        "banks will show it in 3-5 days",
        "it'll show as delivered tomorrow",
        "tracking will show by tonight",
        "you'll see it in your orders within a day",
        "The package will land in Chicago tomorrow",
        "Your refund should hit your account by Friday",
        "I can send one out today or refund you, up to you",
        "I can send a new one out monday, is that ok?",
        "I can refund you once we get it back by Friday",
        "once we get it back we'll refund you within 24 hours",
    ],
)
def test_what_is_none_in_english(text: str) -> None:
    assert heard(text, EN) == []
