"""By when a buyer needs the goods: what words name such a day, and what a draft may say of it."""

from datetime import date
from typing import Any

import pytest

from copilot.domain.plan import Plan
from copilot.playbook import decide
from copilot.playbook.needs import DAY, needed, with_need

FRIDAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("后天要用的，急", date(2026, 11, 22)),
        ("围巾明天能到吗，周日送人的", date(2026, 11, 22)),
        ("下周六结婚穿的", date(2026, 11, 28)),
        ("25号出差要带", date(2026, 11, 25)),
        ("3号开学用得上吗，要用", date(2026, 12, 3)),
        ("1月2日婚礼用", date(2027, 1, 2)),
        ("这周末露营要用", date(2026, 11, 21)),
        ("it's for her birthday on saturday", date(2026, 11, 21)),
        ("need it by tuesday", date(2026, 11, 24)),
        ("will it get here by monday? it's a gift", date(2026, 11, 23)),
        ("we leave on the 27th", date(2026, 11, 27)),
        ("the wedding is Dec 5th", date(2026, 12, 5)),
        ("need them before next weekend", date(2026, 11, 28)),
        ("need it this weekend", date(2026, 11, 21)),
        ("this was a gift for my niece who left today", None),
        ("it was supposed to be a present, you told me sunday", None),
        ("明天能到吗", None),
        ("昨天生日就该用了", None),
        ("it should have come by the 18th, for his birthday", None),
        ("上周六要用的，现在还没到", None),
        ("when does it ship", None),
        ("I need a refund", None),
        ("it was for a party last saturday", None),
        ("收到碎了两个", None),
        # Who is away needs nothing for the way: nobody will be there to take it.
        ("今天能到吗\n我下午要出差 橙子放外面怕坏", None),
        ("明天出门 家里没人收", None),
        ("we leave on the 27th, nobody will be home", None),
    ],
)
def test_a_day_is_a_need_only_beside_what_it_is_for_and_ahead(text: str, day: date | None) -> None:
    assert needed(text, FRIDAY) == day


def test_who_gets_the_money_back_waits_for_nothing(a: Any, playbooks: Any) -> None:
    stuck = a.order(status="shipped", delivered_at=None, shipments=[a.parcel(days_still=8, eta_in=None)])
    asked = a.situation("delivery_delay", about=stuck, text="周日要用的 急")
    plan = decide(playbooks, asked)
    assert isinstance(plan, Plan)
    assert DAY in plan.facts
    money = tuple(one for one in plan.options if one.action == "refund")
    assert money
    alone = with_need(plan.model_copy(update={"options": money, "facts": {}}), asked)
    assert isinstance(alone, Plan)
    assert DAY not in alone.facts


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("if i order tonight will it get here before xmas", date(2026, 12, 24)),
        ("would this arrive by the 27th", date(2026, 11, 27)),
        ("can it be here by friday", date(2026, 11, 20)),
        ("if i order the train set today would it get here before dec 12", date(2026, 12, 12)),
        ("现在拍周五前能到吗", date(2026, 11, 20)),
        ("今天下单12月5号之前能收到不", date(2026, 12, 5)),
        ("do you ship before friday", None),
        ("is the sale over before christmas", None),
        ("周五前发货吗", None),
    ],
)
def test_who_has_not_bought_asks_for_the_day_it_is_to_be_there(text: str, day: date | None) -> None:
    assert needed(text, FRIDAY, before_order=True) == day
