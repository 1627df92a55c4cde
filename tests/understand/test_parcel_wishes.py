"""Which of several parcels comes, what the carrier said, that it is ordered now, a gift that is to come along."""

import pytest

from copilot.domain.issue import Issue, Turn
from copilot.flow.understand import Burst, derive_cases, open_case, read_turn
from tests.understand.conversations import BUYER, SHOP, order, talk


def read(text: str):
    return read_turn(Burst(messages=("1",), texts=(text,)))


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        *(
            ("which_parcel", text)
            for text in (
                "which one is coming today?", "whats arriving today", "i have 3 orders which package gets here today",
                "usps says a package is coming today, which order is it", "which of my orders is out for delivery",
                "which one arrives first", "which will get here first the pan or the candle",
                "got a text saying delivery today, is it the throw or the candle", "今天会收到哪一件",
                "等会送来的是毯子还是蜡烛", "今天到的是哪个", "哪个快递今天到啊", "今天派送的是哪一单",
                "通知说今天有快递 是哪件", "我几个单哪个先到", "下午送来的是什么东西", "哪单在派送",
            )
        ),
        *(
            ("carrier_said", text)
            for text in (
                "what did the carrier say", "any word from usps?", "did usps answer?", "where are we with the carrier",
                "heard anything from the carrier yet", "so what's the carrier's response", "快递那边怎么说",
                "快递回复了吗", "中通那边有消息了吗", "快递公司给答复了没", "查件有结果了吗",
            )
        ),
        *(
            ("just_bought", text)
            for text in (
                "ok ordered", "just ordered it", "done, paid", "placed the order", "拍了", "下单了哈", "已经拍好了",
                "付款了",
            )
        ),
        *(
            ("gift_along", text)
            for text in (
                "will the free sample be in the box", "does my order include the gift",
                "don't forget the free gift please", "make sure the sample is in there", "说好的赠品会一起发吗",
                "送的小样别忘了放", "赠品是一起发吗", "记得放赠品", "下单说送礼盒的,订单上没显示赠品",
            )
        ),
    ],
)  # fmt: skip
def test_what_is_wanted_of_a_parcel_is_heard(wish: str, text: str) -> None:
    assert read(text).wish == wish


@pytest.mark.parametrize(
    "text",
    [
        "where is my package",
        "which one should i get, the throw or the candle",
        "which size is coming back in stock",
        "快递到哪了",
        "快递到哪个驿站了",
        "发哪个快递",
        "my package hasn't moved in a week, refund me",
        "the carrier lost it, send a replacement",
        "快递一周没动了 退钱吧",
        "i ordered a candle and got a vase",
        "did you order it?",
        "拍了照片 怎么发",
        "付款了吗",
        "the gift never arrived",
        "赠品没收到",
        "is gift wrap available",
    ],
)
def test_what_only_sounds_like_it_is_none(text: str) -> None:
    assert read(text).wish not in ("which_parcel", "carrier_said", "just_bought", "gift_along")


@pytest.mark.parametrize(
    ("raised", "said", "text"),
    [
        (
            "my package hasn't moved in days",
            "i've contacted usps about it, waiting on them",
            "did they get back to you",
        ),
        ("where is my order", "let me check with the carrier and get back to you", "what do they say"),
        ("my order is lost i think", "we opened a trace with usps yesterday", "any news?"),
        ("快递好几天不动了", "已经联系快递了 等他们回复", "他们怎么说的"),
        ("我的快递呢", "我帮您问下快递 稍等", "那边怎么说"),
        ("快递是不是丢了", "昨天给快递那边提交查件了", "有消息了吗"),
    ],
)
def test_who_asks_after_it_in_the_matter_presses_for_the_carriers_word(raised: str, said: str, text: str) -> None:
    conversation = talk((BUYER, raised), (SHOP, said), (BUYER, text), orders=(order("1", "shipped", "Cedar Candle"),))
    case = open_case(derive_cases(conversation))
    seen = read_turn(Burst(messages=("9",), texts=(text,)), case=case, last_shop_text=said)
    assert (seen.turn, seen.wish, seen.issues) == (Turn.CHASE, "carrier_said", ())


@pytest.mark.parametrize("said", ["place it by 3:30 and we'll ship it today", "现在拍的话今天给您发"])
def test_a_day_on_which_it_ships_is_no_remedy(said: str) -> None:
    conversation = talk((BUYER, "if i order now when does it ship"), (SHOP, said), (BUYER, "ok"))
    case = open_case(derive_cases(conversation))
    assert case is not None
    assert (case.issue, case.offered) == (Issue.SHIPPING_TIME, ())


@pytest.mark.parametrize("text", ["iphone 15 plus", "iphone15plus", "galaxy s23"])
def test_a_model_before_a_purchase_is_no_wrong_item(text: str) -> None:
    conversation = talk((BUYER, "will this case fit my phone?"), (SHOP, "which phone model?"), (BUYER, text))
    case = open_case(derive_cases(conversation))
    seen = read_turn(Burst(messages=("9",), texts=(text,)), case=case, last_shop_text="which phone model?")
    assert (seen.turn, seen.issues) == (Turn.ANSWER, ())


@pytest.mark.parametrize("text", ["1.2米床的四件套尺寸", "被套具体尺寸", "queen duvet cover dimensions"])
def test_a_bare_noun_asks_for_measures(text: str) -> None:
    found = read(text)
    assert (found.turn, [one.issue in (Issue.PRODUCT_QUESTION, Issue.SIZE_FIT) for one in found.issues]) == (
        Turn.NEW_ISSUE,
        [True],
    )


@pytest.mark.parametrize("text", ["收到的尺寸不对", "尺码拍错了 不是这个规格", "wrong dimensions"])
def test_measures_that_are_wrong_are_no_question(text: str) -> None:
    assert read(text).wish != "measures"
