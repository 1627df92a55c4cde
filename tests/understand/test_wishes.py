"""Wishes about an order that sound like trouble with a parcel or an address, and their near misses."""

import pytest

from copilot.domain.case import Case, Option
from copilot.domain.issue import Issue, Turn, Understanding
from copilot.flow.understand import Burst, read_turn
from copilot.flow.understand.goods import told_of_goods
from copilot.flow.understand.wishes import wish_in

QUANTITY, LEAVE, TOGETHER, REFUNDED = (
    Issue.RETURN_EXCHANGE,
    Issue.LOGISTICS_QUERY,
    Issue.SHIPPING_TIME,
    Issue.REFUND_STATUS,
)


def read(text: str, case: Case | None = None) -> Understanding:
    return read_turn(Burst(messages=("1",), texts=(text,)), case=case)


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("没发的话改成两件", QUANTITY),
        ("还没发货的话,改成3件", QUANTITY),
        ("數量拍錯了,改成2個", QUANTITY),
        ("能改一下数量吗", QUANTITY),
        ("加到五双可以吗", QUANTITY),
        ("if it hasn't shipped can you make it two", QUANTITY),
        ("can i change the quantity to 3", QUANTITY),
        ("please update qty to 4 before it ships", QUANTITY),
        ("放门口", LEAVE),
        ("快递放门口就好", LEAVE),
        ("叫快递放驿站吧", LEAVE),
        ("leave it at the door", LEAVE),
        ("can you tell the driver to leave it at the back door", LEAVE),
        ("想加一件一起发", TOGETHER),
        ("我又拍了一单,能一起发吗", TOGETHER),
        ("两单能合并吗", TOGETHER),
        ("can you ship both orders together", TOGETHER),
        ("i ordered another one can you combine shipping", TOGETHER),
        ("晚点发 我下周才回来", LEAVE),
        ("明天我不在家 能后天再送吗", LEAVE),
        ("我自己去取件可以吗", LEAVE),
        ("送货前能打个电话不", LEAVE),
        ("橙子放外面怕坏", LEAVE),
        ("明天家里没人收", LEAVE),
        ("nobody is home thursday can they leave it", LEAVE),
        ("can they call me before delivering", LEAVE),
        ("can u combine my 2 orders so they come together", TOGETHER),
        ("备注一下别放价格单", LEAVE),
        ("帮我写张贺卡", LEAVE),
        ("can you hold it till monday, im away", LEAVE),
        ("can i pick it up at the post office", LEAVE),
        ("gift wrap it please", LEAVE),
        ("拒收可以吗", Issue.REFUND_REQUEST),
        ("尺码拍错了 改L", QUANTITY),
        ("wrong size picked, M to L pls", QUANTITY),
        ("退的是哪一笔", REFUNDED),
        ("怎么只退了一半", REFUNDED),
        ("which refund did i get", REFUNDED),
        ("did i get the full refund or the partial", REFUNDED),
        ("why did i only get half refunded", REFUNDED),
    ],
)
def test_a_wish_is_read_as_what_deals_with_it(text: str, issue: Issue) -> None:
    found = read(text)
    assert [one.issue for one in found.issues] == [issue]
    assert found.turn is Turn.NEW_ISSUE


@pytest.mark.parametrize(
    "text",
    [
        "改成2号楼",
        "改成两件多少钱",
        "两个月了还没到",
        "换成一个大号的",
        "回头一看变成两台微波炉",
        "can you make it 2 days earlier",
        "i got only 2, quantity should be 3",
        "I'd change it to three stars",
        "快递直接给我放门口被偷了",
        "怎么放驿站了也不打电话",
        "显示放门口,没找到",
        "一直放在楼下超市,没人动过",
        "they left it at the wrong door",
        "why did they leave it with my neighbor",
        "tracking says they put it on the porch but nothing there",
        "怎么没一起发",
        "三单一起给我开票",
        "少了一件,没一起寄过来",
        "why weren't they shipped together",
        "how do i put it together",
        "can i send both back in one box",
        "退多少",
        "能退全款吗",
        "can i get a full refund",
        "why is it full price now",
        "怎么晚点发货了",
        "又改期送",
        "我拒收了 钱什么时候退",
        "拍错颜色了 取消吧",
        "收到的颜色不对,你们拍错了",
        "the listing said free gift wrap",
        "no receipt in the box",
        "hold off on the sofa, it won't go in",
        "do you deliver on saturdays",
        "it was redelivered to the wrong house",
    ],
)
def test_the_same_words_about_something_else_are_no_wish(text: str) -> None:
    assert wish_in(text) is None


def test_a_wish_beside_a_fault_leaves_the_fault_first() -> None:
    found = read("杯子碎了,补发的放门口就行")
    assert [one.issue for one in found.issues] == [Issue.DAMAGED, LEAVE]


@pytest.mark.parametrize(
    "text", ["one is missing and the other has a hole", "one of them is missing the other is fine"]
)
def test_what_is_missing_is_never_half_a_word(text: str) -> None:
    assert told_of_goods(text, Issue.MISSING_ITEM).get("missing") is None
    assert told_of_goods("missing an adapter", Issue.MISSING_ITEM)["missing"] == "adapter"


# What is decided without saying which.

KEEP = Option(id="A", key="refund_keep", title="退29.95元", text="东西您留着，退您29.95元", action="refund")
BACK = Option(id="B", key="return_fault", title="退货退款", text="退货，59.9元全额退您", action="return_refund")
AGAIN = Option(id="A", key="reship", title="补发", text="把您拍的那件重新寄出", action="reship")


def offered(*options: Option) -> Case:
    return Case(issue=Issue.QUALITY_DEFECT, offered=options, language="zh")


@pytest.mark.parametrize("text", ["退钱吧", "退吧", "the refund please", "just give me my money back"])
def test_who_decides_on_what_two_options_give_is_told_what_each_of_them_is(text: str) -> None:
    found = read(text, offered(KEEP, BACK))
    assert (found.turn, found.choice, found.issues) == (Turn.ANSWER, (), ())
    assert found.inquiry is not None
    assert (found.inquiry.options, found.inquiry.topics) == (("A", "B"), ("difference",))


@pytest.mark.parametrize("text", ["能退钱吗", "钱不够啊", "B", "退货吧", "不要退钱"])
def test_a_question_a_complaint_and_a_plain_choice_are_not_torn(text: str) -> None:
    found = read(text, offered(KEEP, BACK))
    assert found.inquiry is None or found.inquiry.topics != ("difference",)


@pytest.mark.parametrize("text", ["换吧", "给我换成对的", "换新的吧", "exchange it please"])
def test_goods_for_goods_is_the_option_that_sends_them(text: str) -> None:
    found = read(text, offered(AGAIN, BACK))
    assert (found.turn, found.choice) == (Turn.CHOICE, ("A",))


def test_another_address_for_what_was_chosen_stands_beside_the_choice() -> None:
    found = read("补发吧 地址换一个", offered(AGAIN, BACK))
    assert (found.choice, [one.issue for one in found.issues]) == (("A",), [Issue.ADDRESS_CHANGE])


def test_two_questions_about_two_options_are_both_kept_however_an_agent_worded_them() -> None:
    money = Option(id="B", key="keep", title="没坏的您留着用", text="没坏的您留着用，退您29.95元", action="")
    again = Option(id="A", key="reship", title="重新寄您一整套", text="重新寄您一整套", action="")
    found = read("补发几天能到 退钱退到哪", offered(again, money))
    assert found.inquiry is not None
    assert (found.inquiry.options, set(found.inquiry.topics)) == ((), {"arrive", "route"})
    one = read("补发几天能到", offered(again, money))
    assert one.inquiry is not None
    assert one.inquiry.options == ("A",)


@pytest.mark.parametrize("text", ["退一半太少了", "赔得太低"])
def test_too_little_asks_for_more(text: str) -> None:
    found = read(text, offered(KEEP, BACK))
    assert found.inquiry is not None
    assert "more" in found.inquiry.topics


@pytest.mark.parametrize("text", ["换个人工来", "换个地址", "换个客服"])
def test_another_person_or_address_is_no_goods(text: str) -> None:
    assert read(text, offered(AGAIN, BACK)).choice == ()


@pytest.mark.parametrize(
    "text",
    [
        "明天再不发货我就投诉",
        "你们说周五到的，明天再不送到就退",
        "页面显示推迟发货了，到底什么时候发",
        "快递员让我自己去拿",
        "it was supposed to deliver on monday",
        "redelivery failed twice",
        "customs is going to hold my package",
        "usps put it in the neighbor's mailbox",
        "你们把快递放在驿站，我没法去拿",
    ],
)
def test_what_others_did_with_a_parcel_and_a_threat_are_no_wish(text: str) -> None:
    assert not read(text).wish


def test_a_doubt_whether_it_is_poisonous_is_one_of_safety_and_a_bag_of_cotton_may_lie_at_the_door() -> None:
    assert read("味道很刺鼻，用了会不会有毒").wish == "safe"
    assert read("棉被放门口就行").wish == "drop_off"
