import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.case import Case, OrderChoice, OrderWhy
from copilot.domain.issue import Issue
from copilot.flow.understand import Ambiguous, NoOrder, OrderFinding, Unknown, choose_order, unanswered
from copilot.flow.understand.ids import mentions_id, typed_ids
from tests.understand.conversations import BUYER, SHOP, order, talk

FIRST, SECOND = "6920123456789012345", "6920999988887777666"
TWO = (order(FIRST, "shipped", "陶瓷杯"), order(SECOND, "shipped", "不粘炒锅"))
CASE = Case(issue=Issue.DAMAGED, order=OrderChoice(id=SECOND, why=OrderWhy.TYPED))


def choose(
    *texts: str, issue: Issue | None = Issue.LOGISTICS_QUERY, case: Case | None = None, **fields: object
) -> OrderFinding:
    conversation = talk(*((BUYER, text) for text in texts), **{"orders": TWO, **fields})
    return choose_order(conversation, unanswered(conversation), case, issue)


def found_order(found: OrderFinding) -> OrderChoice:
    assert isinstance(found, OrderChoice)
    return found


def test_a_card_wins_over_everything():
    found = choose(f"[order {FIRST}]", f"不是{SECOND}那单", case=CASE, entered_from_order=SECOND)

    assert found == OrderChoice(id=FIRST, why=OrderWhy.CARD)


def test_a_typed_number_wins_over_the_order_the_chat_came_from():
    assert choose(f"订单{FIRST}到哪了", entered_from_order=SECOND) == OrderChoice(id=FIRST, why=OrderWhy.TYPED)


def test_the_order_the_chat_came_from_wins_over_the_case():
    assert found_order(choose("到哪了", entered_from_order=FIRST, case=CASE)).why is OrderWhy.ENTERED_FROM


def test_the_case_keeps_its_order():
    assert choose("还没到吗", case=CASE) == OrderChoice(id=SECOND, why=OrderWhy.CASE)


def test_the_only_order_that_fits_is_taken():
    orders = (order(FIRST, "to_ship"), order(SECOND, "completed"))

    assert choose("碎了", issue=Issue.DAMAGED, orders=orders) == OrderChoice(id=SECOND, why=OrderWhy.ONLY_FIT)


def test_an_order_in_an_unusual_state_is_taken_only_when_none_is_in_a_usual_one():
    assert found_order(choose("到了没", orders=(order(FIRST, "delivered"),))).id == FIRST
    assert found_order(choose("到了没", orders=(order(FIRST, "delivered"), order(SECOND, "shipped")))).id == SECOND


def test_several_that_fit_are_left_to_a_person():
    assert choose("到哪了") == Ambiguous(candidates=(FIRST, SECOND))


def test_a_thing_named_in_the_order_tells_them_apart():
    assert found_order(choose("炒锅到哪了")).id == SECOND


def test_a_number_that_is_nobodys_is_unknown():
    assert choose("订单6920000000000000001到哪了") == Unknown(order_id="6920000000000000001")


def test_a_card_of_somebody_else_is_unknown():
    assert choose("[order 777]") == Unknown(order_id="777")


def test_a_question_before_the_purchase_has_no_order():
    assert choose("这个是纯棉的吗", issue=Issue.PRODUCT_QUESTION) == NoOrder(needed=False)


def test_without_orders_the_order_is_asked_for():
    assert choose("碎了", issue=Issue.DAMAGED, orders=()) == NoOrder(needed=True)
    assert choose("碎了", issue=Issue.DAMAGED, orders=None) == NoOrder(needed=True)


def test_a_nickname_never_selects():
    found = choose("我是小满,到哪了", buyer={"id": "b", "nickname": "小满"})

    assert isinstance(found, Ambiguous)


@pytest.mark.parametrize(
    "typed",
    ["6920 1234 5678 9012 345", "6920-1234-5678-9012-345", "6920123456789012345", "#6920123456789012345!"],
)
def test_numbers_are_read_however_they_are_typed(typed: str):
    assert found_order(choose(f"帮我看看{typed}这单")).id == FIRST


@pytest.mark.parametrize(
    "text", ["call me at (977) 625-2661", "我电话13812345678", "花了1999元", "on 2026-11-11", "size 38, 165cm 60kg"]
)
def test_phones_prices_and_dates_are_no_order(text: str):
    assert typed_ids(text) == ()


@given(st.text(alphabet="0123456789", min_size=10, max_size=19), st.sampled_from(["", " ", "-"]))
def test_an_id_is_found_whatever_stands_between_its_digits(digits: str, between: str):
    assert mentions_id(f"订单 {between.join(digits)},谢谢", digits)
    assert not mentions_id(f"7{digits}", digits)


def test_last_shop_question_makes_a_bare_number_an_order():
    asked = Case(issue=Issue.LOGISTICS_QUERY, asked_for=("order",))
    conversation = talk((BUYER, "到哪了"), (SHOP, "订单号发我一下"), (BUYER, "3348917502"), orders=TWO)

    assert choose_order(conversation, unanswered(conversation), asked, asked.issue) == Unknown(order_id="3348917502")
