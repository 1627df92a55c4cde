"""Turns about who answers, what turned back, the name on a thing and praise, with what only sounds like them."""

import pytest

from copilot.domain.issue import Issue, Turn, Understanding
from copilot.flow.understand import Burst, read_turn
from copilot.flow.understand.wishes import saying_in, wish_in


def read(text: str) -> Understanding:
    return read_turn(Burst(messages=("1",), texts=(text,)))


@pytest.mark.parametrize(
    "text",
    [
        "am i talking to a real person",
        "are you a bot?",
        "is this a real person or ai",
        "r u even human",
        "你是机器人吗",
        "是真人吗",
        "你们这客服是人还是机器啊",
        "跟我聊的是ai还是真人",
    ],
)
def test_whether_a_person_answers_is_a_question_of_its_own(text: str) -> None:
    found = read(text)
    assert [one.issue for one in found.issues] == [Issue.HUMAN_REQUEST]
    assert found.wish == "real_person"


@pytest.mark.parametrize(
    "text",
    [
        "can i talk to a real person",
        "get me a human please",
        "i need an actual person not a bot",
        "is this real leather",
        "is this a robot vacuum",
        "转人工",
        "给我转真人客服",
        "这是扫地机器人吗",
        "人工费是多少",
    ],
)
def test_wanting_a_person_and_asking_about_goods_is_none(text: str) -> None:
    assert (wish := wish_in(text)) is None or wish.name != "real_person"


@pytest.mark.parametrize(
    "text",
    [
        "羽绒服快递怎么退回去了",
        "包裹显示退回寄件人了",
        "我的件被退回了",
        "it says returned to sender??",
        "why is my package being sent back to you",
        "why is my package going back to you guys",
        "my order was going back to sender",
    ],
)
def test_a_parcel_that_turned_back_is_news_of_the_parcel(text: str) -> None:
    found = read(text)
    assert [one.issue for one in found.issues] == [Issue.LOGISTICS_QUERY]
    assert found.wish == "turned_back"


@pytest.mark.parametrize(
    "text",
    [
        "我快递退回去了 钱什么时候到",
        "快递怎么退回给你们",
        "我想退回去",
        "i returned it to the sender address",
        "i sent it back to you on monday",
    ],
)
def test_what_the_buyer_sends_back_is_none(text: str) -> None:
    assert (wish := wish_in(text)) is None or wish.name != "turned_back"


@pytest.mark.parametrize(
    "text",
    [
        "i ordered the puzzle for mia but its spelled Mya can u fix it",
        "there's a typo in the name on my engraving order",
        "刻字的名字写错了 能改吗",
        "定制的字打错了一个",
    ],
)
def test_another_name_on_the_thing_is_a_wish_about_the_order(text: str) -> None:
    assert read(text).wish == "lettering"


@pytest.mark.parametrize(
    "text",
    ["收件人名字写错了", "the name on the shipping label is spelled wrong", "it came and the name is spelled wrong"],
)
def test_a_name_on_a_label_or_on_what_came_is_none(text: str) -> None:
    assert (wish := wish_in(text)) is None or wish.name != "lettering"


@pytest.mark.parametrize(
    "text",
    [
        "my mugs got here so fast and theyre gorgeous!! left u 5 stars 😍",
        "love it, just gave you five stars",
        "东西很好 已经给五星好评了",
        "质量不错 好评奉上",
    ],
)
def test_praise_with_a_review_is_thanks(text: str) -> None:
    found = read(text)
    assert found.turn is Turn.THANKS
    assert found.wish == "praised"


@pytest.mark.parametrize(
    "text",
    [
        "left you 5 stars, where is my coupon",
        "gave 5 stars but the handle broke",
        "给了五星好评 返现呢?",
        "五星好评给了 怎么改",
        "好评在哪写",
        "how do i leave a 5 star review",
    ],
)
def test_a_review_with_a_matter_is_no_mere_praise(text: str) -> None:
    assert (saying := saying_in(text)) is None or saying.name != "praised"
