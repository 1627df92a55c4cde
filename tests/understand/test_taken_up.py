"""Turns that go on with what stands in the talk: an informal offer taken, some money off, a parcel to be stopped."""

from typing import Any

import pytest

from copilot.domain.case import Case, Option
from copilot.domain.issue import Issue, Turn
from copilot.flow.understand import read_turn
from copilot.flow.understand.burst import Burst
from copilot.flow.understand.choice import read_choice
from copilot.flow.understand.shop import read_shop
from copilot.policy.short_forms import plainly


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("实在不好意思 仓库发错颜色了 您看能将就用吗 给您退20", "它已经睡上了哈哈 行吧 那就退20"),
        ("颜色发错了呢亲 您能接受吗,我们补您15元", "行 那就补15吧"),
        ("划痕不影响使用 可以留着吗 给您退10块", "好吧"),
        ("您介意吗 我给您退8元", "可以的"),
        ("could you make do with the blue one? i'll refund $10", "fine, the 10 works"),
    ],
)
def test_what_a_yes_is_worth_is_an_offer(said: str, text: str) -> None:
    move = read_shop(said)
    (option,) = move.offered or move.stated
    choice = read_choice(plainly(text), (option,))
    assert choice is not None
    assert choice.ids == (option.id,)


@pytest.mark.parametrize("said", ["您是要退吗 给您说下流程", "东西还在吗 您拍个照", "您要换货吗 我给您查一下"])
def test_a_question_without_a_price_offers_nothing(said: str) -> None:
    assert not read_shop(said).stated


def of_goods(text: str, issue: Issue = Issue.DAMAGED, **more: Any) -> Any:
    return read_turn(Burst(texts=(text,), photos=1), case=Case(issue=issue, asked_for=("photo",)), **more)


@pytest.mark.parametrize(
    "text",
    [
        "there u go. honestly i can prob wash it out if theres some kind of discount, otherwise new one",
        "id keep it for a discount",
        "图发了 能不能便宜点 我就留着了",
        "照片在这 给打个折吧 不退了",
    ],
)
def test_some_money_off_for_a_fault_is_no_price(text: str) -> None:
    asked = "Could you send me a pic of the stain?" if text.isascii() else "麻烦拍个照片"
    read = of_goods(text, last_shop_text=asked)
    assert Issue.PRICE_PROMOTION not in [one.issue for one in read.issues]


@pytest.mark.parametrize(
    "text",
    [
        "点错了 拍成小米的了 我是苹果手机\n能拦下来嘛\n或者我拒收?",
        "能拦截吗",
        "can you still stop the package?",
    ],
)
def test_a_parcel_to_be_stopped_is_a_cancellation(text: str) -> None:
    read = read_turn(Burst(texts=(text,)))
    assert read.turn is Turn.NEW_ISSUE
    assert [one.issue for one in read.issues][:1] == [Issue.CANCEL_ORDER]


def test_the_days_that_were_named_press_for_them() -> None:
    case = Case(issue=Issue.DELIVERY_DELAY, offered=(), chosen=None)
    read = read_turn(Burst(texts=("都12月了 你说的这两天呢",)), case=case, last_shop_text="看了下这两天就能到哈 放心")
    assert read.turn is Turn.CHASE


def test_a_yes_to_one_of_several_is_still_none() -> None:
    offered = (
        Option(id="A", key="refund", title="退20", text="退您20元", action=""),
        Option(id="B", key="exchange", title="换", text="换一个", action=""),
    )
    assert read_choice("行吧", offered) is None


@pytest.mark.parametrize(
    ("said", "text", "raises"),
    [
        ("could we give you $5 back, is that ok?", "no thanks, id rather return them", True),
        ("给您退5元可以吗?", "不用了 我要退货", True),
        # What is on offer is taken or refused by its name, and raises nothing.
        ("do you want a refund or a return?", "no refund, id rather return them", False),
    ],
)
def test_a_remedy_that_is_none_of_those_on_offer_is_a_wish_of_its_own(said: str, text: str, raises: bool) -> None:
    read = read_turn(Burst(texts=(text,)), case=Case(issue=Issue.COMPLAINT), last_shop_text=said)
    assert (Issue.RETURN_EXCHANGE in [one.issue for one in read.issues]) is raises
