"""Another sum than was offered, all of the money where half is, goods for goods: what is no choice and no address."""

import pytest

from copilot.domain.case import Case, Option
from copilot.domain.issue import Issue, Turn, Understanding
from copilot.flow.understand import read_turn
from copilot.flow.understand.burst import Burst
from copilot.flow.understand.choice import read_choice
from copilot.flow.understand.haggling import finds_too_little
from copilot.flow.understand.shop import read_shop


def _option(id: str, key: str, title: str, text: str, action: str) -> Option:
    return Option(id=id, key=key, title=title, text=text, action=action)


ZH = (
    _option("A", "reship", "补发", "重新寄您一整套，明天18点前发出，坏的不用寄回", "reship"),
    _option("B", "refund_keep", "部分退款", "好的两只您留着用，退您29.95元", "refund"),
)
EN = (
    _option("A", "reship", "replacement", "a free replacement, shipped by Nov 24, nothing to send back", "reship"),
    _option("B", "refund_keep", "partial refund", "$17.45 back, and you keep what's still good", "refund"),
)
ZH_NEW = (
    _option("A", "exchange", "换新", "换一台新的，运费我们出", "exchange"),
    _option("B", "return_refund", "退货退款", "退货退款199元，运费我们出", "return_refund"),
)
ZH_ONE = (_option("A", "refund", "退款", "退您15元", "refund"),)
EN_ONE = (_option("A", "refund", "refund", "I can refund you $15 and you keep the lamp", "refund"),)


def read(text: str, offered: tuple[Option, ...] = (), issue: Issue | None = Issue.DAMAGED) -> Understanding:
    case = None if issue is None else Case(issue=issue, offered=offered)
    return read_turn(Burst(messages=("1",), texts=(text,)), case=case)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("refund me the whole thing", EN), ("refund me all of it", EN), ("just refund me everything", EN),
        ("i want a full refund instead", EN), ("全退", ZH), ("全退吧", ZH), ("全额退款", ZH), ("退我全部", ZH),
        ("can u do 25 instead", EN), ("can u do 25 instead", EN_ONE), ("make it 25 and we have a deal", EN_ONE),
        ("make it $30", EN), ("how about 25", EN_ONE), ("20吧", ZH_ONE), ("20行吗", ZH_ONE), ("加到20", ZH_ONE),
        ("便宜点补我十块", ZH_ONE), ("给我20吧", ZH_ONE),
    ],
)  # fmt: skip
def test_who_wants_more_than_is_offered_takes_none_of_it(text: str, offered: tuple[Option, ...]) -> None:
    seen = read(text, offered)
    assert (seen.choice, seen.refused_all, seen.issues) == ((), False, ())
    assert seen.inquiry is not None
    assert seen.inquiry.topics == ("more",)


@pytest.mark.parametrize(
    ("text", "offered", "picked"),
    [
        ("refund me the 17.45", EN, "B"), ("i want my money back", EN, "B"), ("退钱吧", ZH, "B"), ("15吧", ZH_ONE, "A"),
        ("15 is fine", EN_ONE, "A"), ("29.95吧", ZH, "B"), ("全退吧", ZH_NEW, "B"), ("refund please", EN, "B"),
        ("要杯子 我搬新家用的", ZH, "A"), ("要杯子", ZH, "A"), ("just want the mugs", EN, "A"),
        ("还是退了省心", ZH_NEW, "B"), ("退了算了", ZH_NEW, "B"), ("i'll go with the refund", EN, "B"),
        ("going with the refund", EN, "B"), ("换吧", ZH_NEW, "A"), ("换新的那个", ZH_NEW, "A"), ("那换吧", ZH_NEW, "A"),
    ],
)  # fmt: skip
def test_a_choice_by_its_own_words_is_one(text: str, offered: tuple[Option, ...], picked: str) -> None:
    seen = read(text, offered)
    assert (seen.turn, seen.choice, seen.issues) == (Turn.CHOICE, (picked,), ())


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("hows it going with the refund", EN), ("how's it going with the refund", EN), ("要杯子干嘛", ZH),
        ("要券", ZH), ("要赔偿", ZH), ("i want the difference", EN), ("i want the other one", EN), ("退了没", ZH_NEW),
    ],
)  # fmt: skip
def test_words_beside_an_offer_choose_nothing(text: str, offered: tuple[Option, ...]) -> None:
    assert read_choice(text, offered) is None


@pytest.mark.parametrize(
    "text", ["can you do it in 2 days", "20天能到吗", "make it 2 pieces", "换20码可以吗", "15号到吗"]
)
def test_a_number_of_something_else_is_no_sum(text: str) -> None:
    seen = read(text, ZH_ONE)
    assert seen.inquiry is None or "more" not in seen.inquiry.topics


@pytest.mark.parametrize("text", ["换吧", "那换吧", "换新的那个", "换一个", "可以 那我换", "换吧 别又是坏的", "换新的"])
def test_goods_for_goods_change_no_address(text: str) -> None:
    for issue in (Issue.SIZE_MISMATCH, None):
        seen = read(text, issue=issue)
        assert [one.issue for one in seen.issues] == [Issue.RETURN_EXCHANGE]


def test_a_question_beside_goods_for_goods_names_no_address() -> None:
    seen = read("换新的 现在有货吗", issue=Issue.QUALITY_DEFECT)
    assert Issue.ADDRESS_CHANGE not in [one.issue for one in seen.issues]


@pytest.mark.parametrize(
    "text", ["换个地址", "换地址", "换成公司收", "换个收货人", "帮我换到公司", "can you change my address"]
)
def test_an_address_that_changes_stays_one(text: str) -> None:
    assert [one.issue for one in read(text, issue=None).issues] == [Issue.ADDRESS_CHANGE]


@pytest.mark.parametrize("text", ["deal", "sounds good", "成"])
def test_a_yes_after_the_sale_asks_no_price(text: str) -> None:
    assert read(text).issues == ()


def test_a_sum_of_the_buyers_own_asks_no_price() -> None:
    seen = read("便宜点补我十块")
    assert (seen.turn, seen.issues) == (Turn.ANSWER, ())
    assert [one.issue for one in read("便宜点呗", issue=None).issues] == [Issue.PRICE_PROMOTION]


@pytest.mark.parametrize("text", ["15太少了吧 一半还差不多", "不够啊", "that's nothing lol", "not enough"])
def test_whoever_finds_the_offer_too_little_takes_nothing(text: str) -> None:
    option = Option(id="A", key="refund", title="退15元", text="给您退15元,东西您留着", action="")
    case = Case(issue=Issue.QUALITY_DEFECT, offered=(option,))
    read = read_turn(Burst(messages=("m1",), texts=(text,)), case=case)
    assert (read.choice, read.inquiry is not None) == ((), True)


@pytest.mark.parametrize("text", ["可以", "15可以", "sure", "ok that works"])
def test_whoever_takes_it_takes_it(text: str) -> None:
    option = Option(id="A", key="refund", title="退15元", text="给您退15元,东西您留着", action="")
    case = Case(issue=Issue.QUALITY_DEFECT, offered=(option,))
    assert read_turn(Burst(messages=("m1",), texts=(text,)), case=case).choice == ("A",)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("亲 给您补5块可以吗", "5块太少了吧 一百多的壶 退20我就不折腾了"),
        ("sorry! we can do 20% back if u keep it or free return, up to u", "make it 30% and ill keep it"),
        ("we can refund you $10 and you keep it, ok?", "for $15 I'll keep it"),
    ],
)
def test_another_sum_takes_no_offer_of_a_colleague(said: str, text: str) -> None:
    offered = read_shop(said)
    seen = read(text, offered.offered or offered.stated)
    assert (seen.choice, seen.inquiry and seen.inquiry.topics) == ((), ("more",))


@pytest.mark.parametrize(
    ("said", "text", "letter"),
    [
        ("sorry! we can do 20% back if u keep it or free return, up to u", "ok ill keep it for the 20%", "A"),
        ("亲 给您补5块可以吗", "行 就5块吧", "A"),
    ],
)
def test_the_sum_that_was_offered_is_taken(said: str, text: str, letter: str) -> None:
    offered = read_shop(said)
    assert read(text, offered.offered or offered.stated).choice == (letter,)


@pytest.mark.parametrize(
    ("text", "is_more"),
    [("10块钱打发叫花子呢 不行 我要换一件", False), ("10块钱打发叫花子呢", True), ("才10块也太少了", True)],
)
def test_who_wants_goods_in_its_place_wants_no_more_money(text: str, is_more: bool) -> None:
    offered = (Option(id="A", key="refund", title="补偿10元", text="补偿10元", action=""),)
    assert finds_too_little(text, Case(issue=Issue.QUALITY_DEFECT, offered=offered)) is is_more
