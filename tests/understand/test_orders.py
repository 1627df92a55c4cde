from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.assets import policy_folders
from copilot.domain.case import Case, Option, OrderChoice, OrderWhy
from copilot.domain.conversation import Conversation
from copilot.domain.issue import Issue
from copilot.domain.order import Order
from copilot.flow.understand import Ambiguous, NoOrder, OrderFinding, Unknown, choose_order, read_turn, unanswered
from copilot.flow.understand.ids import mentions_id, typed_ids
from copilot.flow.understand.order_states import fits, needs_order
from copilot.playbook import load_playbooks
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


@pytest.mark.feature("F067")
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


def test_the_sequence_of_evidence_holds_pair_by_pair():
    third = "6920555544443333222"
    orders = (*TWO, order(third, "to_ship", "台灯"))
    # What is found, the words that show it, and what else does.
    evidence: list[tuple[str, str, dict[str, Any]]] = [
        ("order_card", f"[order {FIRST}]", {}),
        ("id_typed", f"订单{SECOND}", {}),
        ("entered_from_order", "怎么样了", {"entered_from_order": FIRST}),
        ("order_of_case", "怎么样了", {"case": CASE}),
        ("only_order_that_fits", "怎么样了", {"issue": Issue.SHIPPING_TIME}),
    ]
    for at, (why, said, strong) in enumerate(evidence):
        for _, also, weak in evidence[at + 1 :]:
            fields: dict[str, Any] = {"orders": orders, **weak, **strong}
            found = choose(said, also, **fields)
            assert found_order(found).why == why, (said, also)


ALL_STATES = ("unpaid", "to_ship", "shipped", "delivered", "completed", "cancelled")
USUAL: dict[Issue, tuple[str, ...]] = {
    Issue.SHIPPING_TIME: ("to_ship",),
    Issue.LOGISTICS_QUERY: ("to_ship", "shipped"),
    Issue.DELIVERY_DELAY: ("to_ship", "shipped"),
    Issue.LOST_PARCEL: ("shipped", "delivered", "completed"),
    Issue.NOT_RECEIVED: ("shipped", "delivered", "completed"),
    Issue.ADDRESS_CHANGE: ("unpaid", "to_ship", "shipped"),
    Issue.QUALITY_DEFECT: ("shipped", "delivered", "completed"),
    Issue.DAMAGED: ("shipped", "delivered", "completed"),
    Issue.WRONG_ITEM: ("shipped", "delivered", "completed"),
    Issue.MISSING_ITEM: ("shipped", "delivered", "completed"),
    Issue.NOT_AS_DESCRIBED: ("shipped", "delivered", "completed"),
    Issue.SIZE_MISMATCH: ("shipped", "delivered", "completed"),
    Issue.RETURN_EXCHANGE: ("shipped", "delivered", "completed"),
    Issue.REFUND_REQUEST: ("to_ship", "shipped", "delivered", "completed"),
    Issue.REFUND_STATUS: ("to_ship", "shipped", "delivered", "completed", "cancelled"),
    Issue.CANCEL_ORDER: ("unpaid", "to_ship", "shipped"),
    Issue.WARRANTY: ("delivered", "completed"),
    Issue.INVOICE: ("to_ship", "shipped", "delivered", "completed"),
    Issue.PAYMENT_ACCOUNT: ALL_STATES,
    Issue.COMPLAINT: ALL_STATES,
    Issue.REVIEW: ("delivered", "completed"),
    Issue.AD_MISMATCH: ("to_ship", "shipped", "delivered", "completed"),
    Issue.USAGE_QUESTION: ("shipped", "delivered", "completed"),
}
"""The states in which an order is what an issue is about; every other issue is about none."""
WORDS = {Issue.AD_MISMATCH: "我买的跟直播间说的不一样", Issue.USAGE_QUESTION: "昨天买的这个怎么用"}


@pytest.mark.parametrize(
    ("issue", "likely", "other"),
    [
        (Issue.QUALITY_DEFECT, "delivered", "shipped"),
        (Issue.RETURN_EXCHANGE, "completed", "shipped"),
        (Issue.DAMAGED, "delivered", "completed"),
        (Issue.MISSING_ITEM, "delivered", "completed"),
        (Issue.NOT_RECEIVED, "delivered", "completed"),
        (Issue.NOT_RECEIVED, "shipped", "completed"),
    ],
)
def test_of_several_the_order_s_own_state_tells(issue: Issue, likely: str, other: str):
    pair = (order(FIRST, other), order(SECOND, likely))
    assert found_order(choose("在吗", issue=issue, orders=pair)) == OrderChoice(id=SECOND, why=OrderWhy.ONLY_FIT)
    alike = (order(FIRST, likely), order(SECOND, likely))
    assert choose("在吗", issue=issue, orders=alike) == Ambiguous(candidates=(FIRST, SECOND))


@pytest.mark.parametrize(
    ("said", "issue", "names"),
    [
        ("充不进电了", Issue.QUALITY_DEFECT, ("316保温杯", "充电护眼台灯")),
        ("锅底有个坑", Issue.QUALITY_DEFECT, ("硅胶锅铲", "麦饭石不粘炒锅")),
        ("鞋子有点挤脚", Issue.SIZE_MISMATCH, ("羊毛袜", "加绒短靴")),
    ],
)
def test_a_thing_is_named_by_its_parts_and_what_it_does(said: str, issue: Issue, names: tuple[str, str]):
    pair = (order(FIRST, "delivered", names[0]), order(SECOND, "delivered", names[1]))
    assert found_order(choose(said, issue=issue, orders=pair)).id == SECOND


def test_a_parcel_that_stands_still_is_the_one_without_scans():
    def on_its_way(at: str, number: str) -> Order:
        events = [{"at": at, "text": "已到达"}]
        return order(number, "shipped", "杯子", shipments=[{"tracking_no": number, "events": events}])

    pair = (on_its_way("2026-11-22T08:00:00+08:00", FIRST), on_its_way("2026-11-19T08:00:00+08:00", SECOND))
    said = {"id": "m1", "role": "buyer", "text": "快递两天没动了", "sent_at": "2026-11-22T12:00:00+08:00"}
    conversation = Conversation.model_validate({"id": "c", "messages": [said], "orders": pair})
    found = choose_order(conversation, unanswered(conversation), None, Issue.DELIVERY_DELAY)
    assert found_order(found).id == SECOND


@pytest.mark.parametrize(
    ("said", "names", "skus"),
    [
        ("i wanna return the top", ("Mini Waffle Maker", "Sequin Party Top"), ("", "silver / M")),
        ("got the cream one i ordered rust", ("Stoneware Mug Set of 4", "Cloud Knit Throw"), ("", "rust")),
    ],
)
def test_a_small_noun_or_the_variant_names_a_thing(said: str, names: tuple[str, str], skus: tuple[str, str]):
    def bought(number: str, at: int) -> Order:
        return Order.model_validate(
            {"id": number, "status": "delivered", "items": [{"product_id": number, "name": names[at], "sku": skus[at]}]}
        )

    pair = (bought(FIRST, 0), bought(SECOND, 1))
    assert found_order(choose(said, issue=Issue.RETURN_EXCHANGE, orders=pair)).id == SECOND


@pytest.mark.parametrize("said", ["any update, its been a week", "都一个星期了还没到"])
def test_who_has_waited_a_week_ordered_before_that(said: str):
    pair = (
        order(FIRST, "to_ship", "杯子", created_at="2026-11-21T10:00:00+08:00"),
        order(SECOND, "shipped", "盘子", created_at="2026-11-14T10:00:00+08:00"),
    )
    asked = {"id": "m1", "role": "buyer", "text": said, "sent_at": "2026-11-22T12:00:00+08:00"}
    conversation = Conversation.model_validate({"id": "c", "messages": [asked], "orders": pair})
    found = choose_order(conversation, unanswered(conversation), None, Issue.DELIVERY_DELAY)
    assert found_order(found).id == SECOND


@pytest.mark.parametrize("said", ["开胶了 才穿一周", "the sole came off, used it a week"])
def test_what_was_used_a_week_came_about_then(said: str):
    pair = (
        order(FIRST, "delivered", "板鞋", delivered_at="2026-10-20T10:00:00+08:00"),
        order(SECOND, "delivered", "短靴", delivered_at="2026-11-14T10:00:00+08:00"),
    )
    asked = {"id": "m1", "role": "buyer", "text": said, "sent_at": "2026-11-22T12:00:00+08:00"}
    conversation = Conversation.model_validate({"id": "c", "messages": [asked], "orders": pair})
    found = choose_order(conversation, unanswered(conversation), None, Issue.QUALITY_DEFECT)
    assert found_order(found).id == SECOND


def test_what_is_not_sent_yet_is_told_by_that():
    pair = (order(FIRST, "shipped", "杯子"), order(SECOND, "to_ship", "盘子"))
    found = choose("都7点多了还没发??", issue=Issue.DELIVERY_DELAY, orders=pair)
    assert found_order(found).id == SECOND


def test_a_refund_is_asked_after_where_one_was_asked_for():
    request = {"id": "as1", "kind": "return", "status": "processing"}
    pair = (order(FIRST, "shipped"), order(SECOND, "delivered", after_sales=[request]))
    found = choose("退款呢", issue=Issue.REFUND_STATUS, orders=pair)
    assert found == OrderChoice(id=SECOND, why=OrderWhy.ONLY_FIT)


def test_what_was_named_or_shown_before_a_colleague_spoke_tells_the_order():
    pair = (order(FIRST, "delivered", "陶瓷杯"), order(SECOND, "delivered", "不粘炒锅"))
    lines = ((BUYER, "那个锅掉漆了"), (SHOP, "平时怎么洗的呢"), (BUYER, "手洗的"))
    conversation = talk(*lines, orders=pair)
    found = choose_order(conversation, unanswered(conversation), None, Issue.QUALITY_DEFECT)
    assert found == OrderChoice(id=SECOND, why=OrderWhy.ONLY_FIT)
    shown = talk((BUYER, "[product p-陶瓷杯]"), (SHOP, "在的"), (BUYER, "掉漆了"), orders=pair)
    found = choose_order(shown, unanswered(shown), None, Issue.QUALITY_DEFECT)
    assert found == OrderChoice(id=FIRST, why=OrderWhy.ONLY_FIT)
    # The turn's own words go first.
    other = talk((BUYER, "那个锅掉漆了"), (SHOP, "在的"), (BUYER, "杯子也有裂纹"), orders=pair)
    found = choose_order(other, unanswered(other), None, Issue.QUALITY_DEFECT)
    assert found == OrderChoice(id=FIRST, why=OrderWhy.ONLY_FIT)


@pytest.mark.parametrize("issue", list(Issue))
def test_each_issue_fits_the_orders_it_can_be_about(issue: Issue):
    said = WORDS.get(issue, "在吗")
    usual = USUAL.get(issue, ())
    for state in usual:
        assert fits(order(FIRST, state), issue)
        others = [order(f"70000000000000000{at}", other) for at, other in enumerate(set(ALL_STATES) - set(usual))]
        assert found_order(choose(said, issue=issue, orders=(order(FIRST, state), *others))).id == FIRST
    for state in set(ALL_STATES) - set(usual):
        assert not fits(order(FIRST, state), issue)
    if usual:
        pair = (order(FIRST, usual[-1]), order(SECOND, usual[-1]))
        found = choose(said, issue=issue, orders=pair)
        assert found == (Ambiguous(candidates=(FIRST, SECOND)) if needs_order(issue) else NoOrder(needed=False))


@pytest.mark.parametrize("issue", list(Issue))
def test_what_a_playbook_needs_an_order_for_does_the_choice_as_well(issue: Issue):
    playbook = load_playbooks(policy_folders()).by_issue.get(issue)

    if playbook is not None and playbook.rule.order == "required":
        assert needs_order(issue)
        assert choose("帮我看看", issue=issue, orders=()) == NoOrder(needed=True)


@pytest.mark.parametrize(
    ("said", "issue", "bought"),
    [
        ("直播间说买一送一,我下单了没有赠品", Issue.AD_MISMATCH, True),
        ("主播说有赠品,收到一看没有", Issue.AD_MISMATCH, True),
        ("the ad said it comes with a case, mine arrived without", Issue.AD_MISMATCH, True),
        ("I bought this after the live said buy one get one", Issue.AD_MISMATCH, True),
        ("直播间说99,怎么页面是129", Issue.AD_MISMATCH, False),
        ("the ad says it is waterproof, the page says it isn't", Issue.AD_MISMATCH, False),
        ("昨天拍的今天降价了", Issue.PRICE_PROMOTION, True),
        ("现在买有优惠吗", Issue.PRICE_PROMOTION, False),
        ("我买的这个怎么用", Issue.USAGE_QUESTION, True),
        ("这个能机洗吗", Issue.USAGE_QUESTION, False),
    ],
)
def test_a_question_from_before_a_purchase_has_an_order_only_when_bought(said: str, issue: Issue, bought: bool):
    found = choose(said, issue=issue, orders=TWO[:1])

    assert found == (OrderChoice(id=FIRST, why=OrderWhy.ONLY_FIT) if bought else NoOrder(needed=False))


@pytest.mark.parametrize(
    "said",
    [f"不是{SECOND}那单", f"我问的不是订单{SECOND}", f"not {SECOND}, the other one", f"it's not about order #{SECOND}"],
)
def test_an_order_the_buyer_says_it_is_not_is_none(said: str):
    assert found_order(choose(said)).id == FIRST
    assert found_order(choose(said, case=CASE)).id == FIRST
    assert found_order(choose(said, entered_from_order=SECOND)).id == FIRST
    assert choose(said, orders=None) == NoOrder(needed=True)


@pytest.mark.parametrize("said", [f"不是{SECOND}那单吗?", f"isn't it order {SECOND}?"])
def test_asking_whether_it_is_not_that_order_names_it(said: str):
    assert choose(said) == OrderChoice(id=SECOND, why=OrderWhy.TYPED)


def test_a_thing_of_another_order_speaks_against_the_case():
    named = choose("陶瓷杯那个到哪了", case=CASE)
    assert named == OrderChoice(id=FIRST, why=OrderWhy.ONLY_FIT)
    assert choose("[product p-陶瓷杯]", case=CASE) == OrderChoice(id=FIRST, why=OrderWhy.ONLY_FIT)
    assert found_order(choose("炒锅到哪了", case=CASE)).why is OrderWhy.CASE
    assert found_order(choose("到哪了", case=CASE)).why is OrderWhy.CASE


def test_a_thing_of_an_order_that_does_not_fit_leaves_it_to_a_person():
    orders = (order(FIRST, "to_ship", "陶瓷杯"), TWO[1])

    assert choose("陶瓷杯碎了", issue=Issue.DAMAGED, orders=orders, case=CASE) == Ambiguous(candidates=(SECOND, FIRST))


def test_a_number_noted_before_it_could_be_checked_is_checked_later():
    stranger = "6920000000000000001"
    noted = Case(issue=Issue.DAMAGED, order=OrderChoice(id=stranger, why=OrderWhy.TYPED))

    assert choose("还没到吗", case=noted, orders=None) == OrderChoice(id=stranger, why=OrderWhy.CASE)
    assert choose("还没到吗", case=noted) == Unknown(order_id=stranger)


@pytest.mark.parametrize("nickname", ["陶瓷杯", FIRST, f"订单{FIRST}", "炒锅小王"])
def test_no_nickname_selects_whatever_it_says(nickname: str):
    assert choose("到哪了", buyer={"id": "b", "nickname": nickname}) == Ambiguous(candidates=(FIRST, SECOND))


@pytest.mark.parametrize("said", ["[order 6920000000000000001]", "订单6920000000000000001到哪了"])
@pytest.mark.parametrize("known", [{"case": CASE}, {"entered_from_order": FIRST}, {"orders": TWO[:1]}])
def test_an_order_of_somebody_else_is_never_swapped_for_a_known_one(said: str, known: dict[str, Any]):
    assert choose(said, **known) == Unknown(order_id="6920000000000000001")


def test_a_chat_opened_from_an_order_of_somebody_else_is_unknown():
    assert choose("到哪了", entered_from_order="777000777000") == Unknown(order_id="777000777000")


def test_two_numbers_of_the_buyer_are_left_to_a_person():
    assert choose(f"{FIRST} 和 {SECOND} 到哪了") == Ambiguous(candidates=(FIRST, SECOND))


THIRD = "6920555544443333222"
NOW = "2026-11-29T01:30:00+08:00"
FOUR = (
    order(FIRST, "unpaid", "保温壶", created_at="2026-11-28T23:00:00+08:00"),
    order(SECOND, "to_ship", "羊毛围巾", created_at="2026-11-27T12:00:00+08:00"),
    order(THIRD, "shipped", "陶瓷杯", created_at="2026-11-20T12:00:00+08:00"),
    order("6920111122223333444", "delivered", "不粘炒锅", created_at="2026-11-10T12:00:00+08:00"),
)


def told(text: str, issue: Issue, orders: tuple[Order, ...] = FOUR, case: Case | None = None) -> OrderFinding:
    """The order that ``text`` is about, as the flow finds it: with what was read in the turn, in the shop's zone."""
    line = {"id": "m", "role": "buyer", "text": text, "sent_at": datetime.fromisoformat(NOW).astimezone(UTC)}
    conversation = Conversation.model_validate({"id": "c", "messages": (line,), "orders": orders})
    burst = unanswered(conversation)
    seen = read_turn(burst, case=case)
    return choose_order(conversation, burst, case, issue, seen, ZoneInfo("Asia/Shanghai"))


@pytest.mark.parametrize(
    ("text", "issue", "expected"),
    [
        ("帮我把那个没付款的取消掉", Issue.CANCEL_ORDER, FIRST),
        ("还没发货的那单不要了", Issue.CANCEL_ORDER, SECOND),
        ("cancel the one that hasn't shipped", Issue.CANCEL_ORDER, SECOND),
        ("在路上的那个能改地址吗", Issue.ADDRESS_CHANGE, THIRD),
        ("最近拍的那单取消吧", Issue.CANCEL_ORDER, FIRST),
        ("the order I just placed, please cancel it", Issue.CANCEL_ORDER, FIRST),
        ("昨天晚上拍的取消", Issue.CANCEL_ORDER, FIRST),
        ("前天买的那个先别发", Issue.CANCEL_ORDER, SECOND),
    ],
)
def test_an_order_is_told_apart_by_its_state_or_its_age(text: str, issue: Issue, expected: str):
    assert found_order(told(text, issue)).id == expected


def test_the_clause_about_the_matter_names_its_order_before_the_rest_of_the_turn():
    assert found_order(told("帮我把那个没付款的取消掉,然后围巾改成灰色", Issue.CANCEL_ORDER)).id == FIRST


@pytest.mark.parametrize("text", ["没付款的话会自动取消吗", "还没发货吧?想取消", "没收到的那单我想取消"])
def test_a_condition_and_a_question_describe_no_order(text: str):
    assert isinstance(told(text, Issue.CANCEL_ORDER), Ambiguous)


def test_what_the_platform_says_has_arrived_is_the_parcel_that_is_missed():
    both = (order(FIRST, "shipped", "Mug"), order(SECOND, "delivered", "Blanket"))

    assert found_order(told("it says delivered but my porch is empty", Issue.NOT_RECEIVED, both)).id == SECOND
    assert isinstance(told("my package never came", Issue.NOT_RECEIVED, both), Ambiguous)


def test_the_newest_order_is_unknown_while_an_age_is():
    undated = (*FOUR[:2], order(THIRD, "to_ship", "陶瓷杯"))

    assert isinstance(told("最近拍的那单取消吧", Issue.CANCEL_ORDER, undated), Ambiguous)


def test_what_is_named_beside_a_choice_is_another_matter():
    offered = (
        Option(id="A", key="reship", title="补发", action="reship"),
        Option(id="B", key="keep", title="退钱", action="refund"),
    )
    case = Case(
        issue=Issue.DAMAGED, order=OrderChoice(id="6920111122223333444", why=OrderWhy.ONLY_FIT), offered=offered
    )

    assert told("B吧 另外围巾啥时候发", Issue.DAMAGED, case=case) == OrderChoice(
        id="6920111122223333444", why=OrderWhy.CASE
    )


@given(st.sampled_from(("没付款的那个取消", "最近拍的那单取消", "昨天拍的那个取消", "炒锅那单取消", "取消")), st.data())
def test_words_never_find_an_order_that_does_not_fit(text: str, data: st.DataObject):
    states = data.draw(st.lists(st.sampled_from(ALL_STATES), min_size=1, max_size=4))
    days = data.draw(st.lists(st.integers(1, 28), min_size=len(states), max_size=len(states)))
    orders = tuple(
        order(f"69200000000000000{at:02}", state, "炒锅", created_at=f"2026-11-{day:02}T12:00:00+08:00")
        for at, (state, day) in enumerate(zip(states, days, strict=True))
    )
    usual = [one for one in orders if fits(one, Issue.CANCEL_ORDER)]
    found = told(text, Issue.CANCEL_ORDER, orders)

    if isinstance(found, OrderChoice):
        assert found.id in {one.id for one in usual or orders}


def asked(question: str, answer: str, orders: tuple[Order, ...], issue: Issue = Issue.QUALITY_DEFECT) -> OrderFinding:
    """The order of ``answer`` to the shop's ``question`` which of ``orders`` is meant."""
    conversation = talk((BUYER, "坏了"), (SHOP, question), (BUYER, answer), orders=orders)
    return choose_order(conversation, unanswered(conversation), Case(issue=issue, asked_for=("order",)), issue)


CLOTHES = (
    order(FIRST, "delivered", "纯棉圆领T恤", total={"amount": "49.00", "currency": "CNY"}),
    order(SECOND, "delivered", "高腰直筒牛仔裤", total={"amount": "129.00", "currency": "CNY"}),
)
LINEN = (
    order(FIRST, "delivered", "Linen Duvet Cover", total={"amount": "89.00", "currency": "USD"}),
    order(SECOND, "delivered", "Bath Mat", total={"amount": "18.00", "currency": "USD"}),
)
CUPS = (order(FIRST, "delivered", "手绘陶瓷杯 一套四只"), order(SECOND, "delivered", "竹制杯架"))


@pytest.mark.parametrize(
    ("text", "orders", "expected"),
    [
        ("T恤领口脱线了", CLOTHES, FIRST),
        ("衣服破了个洞", CLOTHES, FIRST),
        ("裤子拉链坏了", CLOTHES, SECOND),
        ("那条裤腰太紧", CLOTHES, SECOND),
        ("129那条 拉链坏了", CLOTHES, SECOND),
        ("49块的那件破了", CLOTHES, FIRST),
        ("my pants ripped", (order(FIRST, "delivered", "Slim Jeans"), LINEN[1]), FIRST),
        ("the mat is falling apart", LINEN, SECOND),
        ("the $18 one is torn", LINEN, SECOND),
        ("杯子碎了", CUPS, FIRST),
        ("杯架坏了", CUPS, SECOND),
    ],
)
def test_a_thing_is_named_by_a_short_word_or_its_price(text: str, orders: tuple[Order, ...], expected: str):
    assert found_order(choose(text, issue=Issue.QUALITY_DEFECT, orders=orders)).id == expected


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("领口脱线了", (order(FIRST, "delivered", "T恤"), CLOTHES[1])),
        ("no matter what, it broke", LINEN),
        ("the one and only is broken", LINEN),
        ("里面坏了", (order(FIRST, "delivered", "手擀面"), CLOTHES[1])),
        ("包装坏了", (order(FIRST, "delivered", "双肩包"), CLOTHES[1])),
        ("手机洗坏了", (order(FIRST, "delivered", "榨汁机"), CLOTHES[1])),
        ("退我49元吧 坏了", CLOTHES),
        ("第二个订单坏了", CLOTHES),
        ("the second one is broken", LINEN),
        ("衣服和裤子都坏了", CLOTHES),
    ],
)
def test_words_that_name_nothing_in_particular_choose_no_order(text: str, orders: tuple[Order, ...]):
    assert isinstance(choose(text, issue=Issue.QUALITY_DEFECT, orders=orders), Ambiguous)


@pytest.mark.parametrize(
    ("question", "answer", "orders", "expected"),
    [
        ("您说的是纯棉圆领T恤还是高腰直筒牛仔裤?", "第二个", CLOTHES, SECOND),
        ("是高腰直筒牛仔裤还是纯棉圆领T恤?", "第二个订单", CLOTHES, FIRST),
        ("您说的是纯棉圆领T恤还是高腰直筒牛仔裤?", "前面那个", CLOTHES, FIRST),
        ("您说的是纯棉圆领T恤还是高腰直筒牛仔裤?", "后一个", CLOTHES, SECOND),
        ("Is this about the Linen Duvet Cover or the Bath Mat?", "the second one", LINEN, SECOND),
        ("Is this about the Linen Duvet Cover or the Bath Mat?", "the latter", LINEN, SECOND),
        ("Is this about the Linen Duvet Cover or the Bath Mat?", "first one", LINEN, FIRST),
        ("Is this about the Linen Duvet Cover or the Bath Mat?", "the mat", LINEN, SECOND),
    ],
)
def test_a_place_is_that_in_our_own_question(question: str, answer: str, orders: tuple[Order, ...], expected: str):
    assert found_order(asked(question, answer, orders)).id == expected


@pytest.mark.parametrize(
    ("question", "answer", "orders"),
    [
        ("请问是哪个订单?", "第二个", CLOTHES),
        ("您说的是纯棉圆领T恤吗?", "第二个", CLOTHES),
        ("您说的是纯棉圆领T恤还是高腰直筒牛仔裤?", "第三个", CLOTHES),
        ("您说的是纯棉圆领T恤还是高腰直筒牛仔裤?", "前一个月买的", CLOTHES),
    ],
)
def test_a_place_without_a_list_of_ours_is_none(question: str, answer: str, orders: tuple[Order, ...]):
    assert isinstance(asked(question, answer, orders), Ambiguous)


def test_the_clause_about_the_matter_or_what_stands_before_it_names_the_order():
    orders = (order(FIRST, "shipped", "蓝牙耳机"), order(SECOND, "to_ship", "手机壳"))

    assert found_order(told("手机壳不要了 取消吧 耳机呢 发了没", Issue.CANCEL_ORDER, orders)).id == SECOND


def test_of_two_numbers_each_matter_has_its_own():
    said = f"wheres order {FIRST} and can u also cancel {SECOND}"

    assert found_order(told(said, Issue.CANCEL_ORDER, (order(FIRST, "to_ship"), order(SECOND, "to_ship")))).id == SECOND


def test_what_is_looked_for_is_meant_and_not_what_came():
    both = (order(FIRST, "delivered", "Bath Mat"), order(SECOND, "shipped", "Rattan Table Lamp"))

    for issue in (Issue.MISSING_ITEM, Issue.NOT_RECEIVED):
        assert found_order(told("the bath mat came but wheres the lamp", issue, both)).id == SECOND


@pytest.mark.parametrize("text", ["昨天到的那个坏了", "the one that came yesterday is broken"])
def test_an_order_is_told_apart_by_the_day_it_arrived(text: str):
    both = (
        order(FIRST, "delivered", "电饭煲", delivered_at="2026-11-27T10:00:00+08:00"),
        order(SECOND, "delivered", "置物架", delivered_at="2026-11-28T10:00:00+08:00"),
    )

    assert found_order(told(text, Issue.QUALITY_DEFECT, both)).id == SECOND


def test_a_carrier_s_number_is_no_order_that_nobody_has():
    asked = Case(issue=Issue.REFUND_STATUS, asked_for=("order",), order=OrderChoice(id=FIRST, why=OrderWhy.ONLY_FIT))
    assert found_order(choose("SF1549203387164", issue=Issue.REFUND_STATUS, case=asked)).id == FIRST
    assert choose("1549203387164", issue=Issue.REFUND_STATUS, case=asked) == Unknown(order_id="1549203387164")


POT, CUPS = "6940011002300140331", "6940011002300140332"
BOTH = (order(POT, "delivered", "手工紫砂壶"), order(CUPS, "shipped", "青釉茶杯"))
IN_HAND = Case(issue=Issue.DAMAGED, order=OrderChoice(id=POT, why=OrderWhy.ONLY_FIT))


def about(text: str, issue: Issue, in_hand: Case | None = IN_HAND) -> OrderFinding:
    conversation = talk((BUYER, text), orders=BOTH)
    return choose_order(conversation, unanswered(conversation), None, issue, in_hand=in_hand)


@pytest.mark.parametrize(
    ("text", "issue"),
    [("退20我就不折腾了", Issue.REFUND_REQUEST), ("我只想要钱 别的不用了", Issue.REFUND_REQUEST)],
)
def test_a_wish_that_names_nothing_is_about_the_matter_in_hand(text: str, issue: Issue) -> None:
    assert found_order(about(text, issue)).id == POT
    assert isinstance(about(text, issue, None), Ambiguous)


@pytest.mark.parametrize("text", ["另一单我不要了 退款", "茶杯不要了 给我退款"])
def test_a_wish_for_another_order_is_not(text: str) -> None:
    found = about(text, Issue.REFUND_REQUEST)
    assert isinstance(found, Ambiguous) or found_order(found).id == CUPS


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("got one package today but im missing the cat tree. where is that one", Issue.MISSING_ITEM),
        ("where's the cat tree", Issue.LOGISTICS_QUERY),
    ],
)
def test_a_word_that_both_names_have_tells_nothing_apart(text: str, issue: Issue) -> None:
    orders = (order(FIRST, "delivered", "Cat litter mat"), order(SECOND, "shipped", "Cat tree 54 inch"))
    assert found_order(choose(text, issue=issue, orders=orders)).id == SECOND


BED = (order("D", "delivered", "Calming Donut Dog Bed"), order("S", "shipped", "No Pull Dog Harness"))
POTS = (order("D", "delivered", "陶瓷杯"), order("S", "shipped", "不粘炒锅"))


@pytest.mark.parametrize(
    ("text", "orders", "expected"),
    [
        ("ive had one parcel turn up (the dog bed) but not the harness, have you forgotten it?", BED, "S"),
        ("got the dog bed but the harness hasn't come", BED, "S"),
        ("dog bed arrived, no harness though?", BED, "S"),
        ("the bed's here but no sign of the harness", BED, "S"),
        ("杯子收到了 炒锅没收到", POTS, "S"),
        ("the bed came but the stuffing is missing", BED, "D"),
        ("got the bed, the cover is missing", BED, "D"),
        ("杯子少了一个", POTS, "D"),
    ],
)
def test_the_thing_that_has_not_come_tells_the_order(text: str, orders: tuple[Order, ...], expected: str):
    assert found_order(choose(text, issue=Issue.MISSING_ITEM, orders=orders)).id == expected
