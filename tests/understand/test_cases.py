import pytest

from copilot.domain.case import Case, CaseState, OrderWhy
from copilot.domain.issue import Issue
from copilot.flow.understand import derive_cases, open_case
from tests.understand.conversations import BUYER, SHOP, order, talk

TOLD = (
    (BUYER, "[order o77]"),
    (BUYER, "收到的花瓶是碎的"),
    (SHOP, "实在抱歉,麻烦拍张照片发我看下"),
    (BUYER, "[image]"),
    (SHOP, "看到了,您选:A 补发一个;B 退您30元"),
    (BUYER, "A吧"),
    (SHOP, "好的,A给您补发"),
    (BUYER, "发了吗"),
)


def test_a_case_holds_what_was_asked_offered_and_chosen():
    (case,) = derive_cases(talk(*TOLD, orders=(order("o77", "delivered"),)))

    assert case.issue is Issue.DAMAGED
    assert case.order is not None
    assert (case.order.id, case.order.why) == ("o77", OrderWhy.CARD)
    assert (case.asked_for, case.answered) == ((), {"photo": "1"})
    assert [option.key for option in case.offered] == ["reship", "refund"]
    assert case.chosen == "A"
    assert case.empathy_given


def test_the_unanswered_burst_is_not_part_of_the_story():
    assert derive_cases(talk((BUYER, "我的花瓶碎了"))) == ()


def test_stored_cases_are_kept_as_they_are():
    stored = (Case(issue=Issue.WARRANTY),)

    assert derive_cases(talk(*TOLD, cases=stored)) == stored


def test_a_hold_waits_for_us_and_is_counted():
    lines = ((BUYER, "where is my parcel"), (SHOP, "Let me check that for you, one moment."), (BUYER, "any news?"))
    (case,) = derive_cases(talk(*lines))

    assert (case.holds, case.state) == (1, CaseState.WAITING_US)


def test_a_question_waits_for_the_buyer():
    (case,) = derive_cases(talk((BUYER, "where is my parcel"), (SHOP, "What is your order number?"), (BUYER, "hm")))

    assert (case.asked_for, case.state) == (("order",), CaseState.WAITING_BUYER)


@pytest.mark.parametrize(
    "lines",
    [
        ((BUYER, "选A的话什么时候发"), (SHOP, "今天的快递已经取走了,选A的话最快明天。"), (BUYER, "太慢了吧")),
        ((BUYER, "选B的话要寄回吗"), (SHOP, "不用寄回。"), (BUYER, "哦")),
    ],
)
def test_who_was_told_about_the_options_still_has_to_choose(lines: tuple[tuple[str, str], ...]):
    offer = ((BUYER, "杯子碎了"), (BUYER, "[image]"), (SHOP, "照片收到。A 重新寄您一只;B 退您20元。选A还是B?"))
    (case,) = derive_cases(talk(*offer, *lines))

    assert (len(case.offered), case.chosen, case.state) == (2, None, CaseState.WAITING_BUYER)


def test_goodbye_on_both_sides_closes_the_case():
    lines = (
        (BUYER, "能开发票吗"),
        (SHOP, "可以,订单里申请"),
        (BUYER, "没别的了 拜拜"),
        (SHOP, "祝您生活愉快"),
        (BUYER, "在吗"),
    )
    cases = derive_cases(talk(*lines))

    assert [case.state for case in cases] == [CaseState.RESOLVED]
    assert open_case(cases) is None


def test_two_matters_are_two_cases_and_the_latest_is_open():
    lines = ((BUYER, "我的快递到哪了"), (SHOP, "在路上,明天到"), (BUYER, "能开发票吗"), (SHOP, "可以的"), (BUYER, "好"))
    cases = derive_cases(talk(*lines))

    assert [case.issue for case in cases] == [Issue.LOGISTICS_QUERY, Issue.INVOICE]
    found = open_case(cases)
    assert found is not None
    assert found.issue is Issue.INVOICE


@pytest.mark.parametrize(
    "said",
    [
        "碰上这种事谁都堵得慌,麻烦拍张照片",
        "让您费心了,您先拍个照",
        "这是我们没包好,请发张照片看看",
        "That's not how we wanted it to reach you. Could you send a photo?",
        "Oh no! Could you send a quick photo?",
        "I'd be upset too. Can you share a picture?",
    ],
)
def test_an_agent_who_felt_with_the_buyer_has_done_it(said: str):
    (case,) = derive_cases(talk((BUYER, "my vase arrived in pieces"), (SHOP, said), (BUYER, "[image]")))

    assert case.empathy_given


@pytest.mark.parametrize(
    "said",
    [
        "好的,麻烦拍张照片发我",
        "您着急用吗?不着急的话明天发",
        "Sure. Could you send a quick photo?",
        "It should be there by Monday.",
        "I understand, one moment.",
    ],
)
def test_plain_service_is_no_apology(said: str):
    (case,) = derive_cases(talk((BUYER, "my vase arrived in pieces"), (SHOP, said), (BUYER, "[image]")))

    assert not case.empathy_given


def test_what_a_colleague_states_is_offered_unless_something_stands():
    first = (BUYER, "杯子碎了"), (SHOP, "给您补发一套 明天发"), (BUYER, "行")
    (case,) = derive_cases(talk(*first))
    assert [option.key for option in case.offered] == ["reship"]
    asked = (BUYER, "杯子碎了"), (SHOP, "A 补发一套;B 退您20元。选A还是B?"), (SHOP, "放心,给您换新的"), (BUYER, "A")
    (case,) = derive_cases(talk(*asked))
    assert [option.id for option in case.offered] == ["A", "B"]
