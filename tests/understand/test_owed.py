"""Who asks where it is after something was agreed presses for that, and raises no new matter of the first parcel."""

import pytest

from copilot.domain.case import Case, CaseState, Option
from copilot.domain.issue import Issue, Turn, Understanding
from copilot.flow.understand import read_turn
from copilot.flow.understand.burst import Burst

OFFERED = (
    Option(id="A", key="reship", title="补发", text="重新寄您一整套，明天18点前发出", action="reship"),
    Option(id="B", key="refund_keep", title="部分退款", text="好的两只您留着用，退您29.95元", action="refund"),
)
FOR_GOODS = [
    "单号呢", "到哪了", "发了没", "did it go out?", "any news", "发了没 都第三天了", "tracking number?", "where is it",
    "has it shipped yet", "今天第四天了 还没有", "谢谢 发什么快递",
]  # fmt: skip


def read(text: str, case: Case, shop: str = "好的") -> Understanding:
    return read_turn(Burst(messages=("1",), texts=(text,)), case=case, last_shop_text=shop)


def chosen(option: str) -> Case:
    return Case(issue=Issue.DAMAGED, offered=OFFERED, chosen=option, state=CaseState.WAITING_US)


@pytest.mark.parametrize("text", FOR_GOODS)
def test_goods_that_were_chosen_are_pressed_for(text: str) -> None:
    seen = read(text, chosen("A"))
    assert (seen.turn, seen.issues, seen.inquiry) == (Turn.CHASE, (), None)


@pytest.mark.parametrize("text", FOR_GOODS)
@pytest.mark.parametrize(
    "shop", ["不好意思 明天给您补发一个", "好的 今天发", "So sorry! I'll send the missing one tomorrow."]
)
def test_goods_that_a_colleague_promised_are_pressed_for(text: str, shop: str) -> None:
    seen = read(text, Case(issue=Issue.MISSING_ITEM), shop)
    assert (seen.turn, seen.issues) == (Turn.CHASE, ())


@pytest.mark.parametrize("text", ["hows it going with the refund", "退款到哪一步了", "今天第四天了 还没有"])
def test_money_that_was_chosen_is_pressed_for(text: str) -> None:
    seen = read(text, chosen("B"))
    assert (seen.turn, seen.issues, seen.choice) == (Turn.CHASE, (), ())


@pytest.mark.parametrize(
    ("text", "case", "shop"),
    [
        ("今天第四天了 还没有", Case(issue=Issue.REFUND_STATUS), "亲 1-3个工作日到账哈"),
        (
            "so? its been 2 days. any news",
            Case(issue=Issue.QUALITY_DEFECT),
            "I will check and get back to you tomorrow.",
        ),
    ],
)
def test_an_answer_that_was_promised_is_pressed_for(text: str, case: Case, shop: str) -> None:
    seen = read(text, case, shop)
    assert (seen.turn, seen.issues) == (Turn.CHASE, ())


def test_one_thing_that_was_stated_is_owed_and_one_that_was_asked_is_not() -> None:
    stated = Case(issue=Issue.MISSING_ITEM, offered=OFFERED[:1], state=CaseState.WAITING_BUYER)
    assert read("发了没 都第三天了", stated, "不好意思 明天给您补发一个").wish == "owed_goods"
    assert read("单号呢", stated, "给您补发一个可以吗?").wish == ""


def test_a_wish_about_what_is_sent_is_no_pressing() -> None:
    assert not read("明天我不在家 能周六送吗", chosen("A")).wish.startswith("owed")


def test_who_wants_money_because_nothing_was_sent_asks_for_no_parcel() -> None:
    seen = read("still nothing shipped. just refund me the whole thing", chosen("A"))
    assert [one.issue for one in seen.issues] == [Issue.REFUND_REQUEST]


def test_a_question_when_it_ships_waits_for_no_refund() -> None:
    seen = read("你们今天能发吗", Case(issue=Issue.CANCEL_ORDER), "您在订单页点申请退款 我这边马上同意")
    assert (seen.turn, [one.issue for one in seen.issues]) == (Turn.NEW_ISSUE, [Issue.SHIPPING_TIME])


@pytest.mark.parametrize(
    ("text", "case", "shop"),
    [
        ("快递到哪了", chosen("B"), "好的"),
        ("另外我那个快递到哪了", chosen("A"), "好的"),
        ("单号呢", Case(issue=Issue.DAMAGED, offered=OFFERED), "A还是B?"),
        ("到哪了", Case(issue=Issue.MISSING_ITEM), "您好 少的是哪个呢?"),
        ("包裹五天没动了", Case(issue=Issue.REFUND_STATUS), "亲 1-3个工作日到账哈"),
        ("什么时候发货", Case(issue=Issue.PRODUCT_QUESTION), "今天发的都是新款哦"),
    ],
)
def test_a_parcel_where_none_is_owed_is_a_matter_of_its_own(text: str, case: Case, shop: str) -> None:
    seen = read(text, case, shop)
    assert seen.turn is Turn.NEW_ISSUE
    assert seen.issues
