"""What a person's own words cost the shop, and when that is above what they may give; without a database."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from copilot.desk.matter import Standing, matter_of
from copilot.desk.own_text import CEILING, UNPRICED, UNREAD, Bench, Judged
from copilot.desk.own_ways import Matter, Owed
from copilot.domain.draft import DraftView
from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.domain.order import AfterSale, AfterSaleKind, Item, Order, OrderStatus, Product
from copilot.domain.plan import Grant
from copilot.domain.verdict import Decision
from copilot.flow.shops import Rules
from copilot.playbook.authority import Authority, Given
from copilot.playbook.terms import GiftPromise, VoucherTerms
from tests.desk.test_own_text import NOON, order, rules, view

__all__ = ["rules"]


def yuan(amount: str) -> Money:
    return Money(amount=amount, currency="CNY")


def old(price: str = "59.90") -> Order:
    """Long delivered: nothing is due to every buyer any more."""
    return order("1", price).model_copy(update={"delivered_at": NOON - timedelta(days=60)})


def bench(
    rules: Rules,
    *orders: Order,
    limit: str = "80.00",
    given: Given | None = None,
    owed: tuple[Owed, ...] = (),
    **more: Any,
) -> Bench:
    """An agent who may give ¥80 an order, writing about the only one of ``orders``."""
    ceilings = Authority("agent", per_order=yuan(limit)).after(given or Given())
    standing = Standing(issue=more.pop("issue", None), owed=tuple((one, None) for one in owed))
    matter = matter_of(NOON, rules, orders or None, standing)
    made = Bench(rules, NOON, orders or None, reader="zh", authority=ceilings.left("CNY"), matter=matter)
    return replace(made, **more)


def with_terms(rules: Rules, **terms: Any) -> Rules:
    return replace(rules, terms=rules.terms.model_copy(update=terms))


def cost(judged: Judged) -> str | None:
    return f"{judged.cost.minor / 100:.2f}" if judged.cost is not None else None


def marks(judged: Judged) -> list[tuple[str, str]]:
    return [(one.rule, one.text) for one in judged.verdict.findings if one.family == "over_authority"]


@pytest.mark.feature("F076")
@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("给您退50", "50"),
        ("给您退50元，今天办好", "50"),
        ("要不给您退50元，您看行吗？", "50"),
        ("给您补发一套，明天发出", "59.90"),
        ("这边给您换新，旧的留着", "59.90"),
        ("给您免单", "59.90"),
        ("给您全额退款", "59.90"),
        ("我们退您一半", "29.95"),
        ("退您三成", "17.97"),
        ("给您补发一套，再退您10元", "69.90"),
        ("A 重新寄您一整套；B 退您29.95元", "59.90"),
        ("给您换一套还是退您70元？", "70.00"),
        ("We'll send a new one", "59.90"),
        ("您这单59.90元，明天到", None),
        ("好的，我看看", None),
        ("不能给您补发，抱歉", None),
        ("要退您50元吗？", None),
        ("昨天已经退您50元了", None),
        ("平台会退您50元", None),
        ("您说的退20元，我问一下主管", None),
    ],
)
def test_words_cost_what_they_name_and_goods_what_the_line_cost(rules: Rules, text: str, gives: str | None) -> None:
    judged = bench(rules, old()).judge(text)
    assert (judged.cost.minor if judged.cost else None) == (yuan(gives).minor if gives else None)
    assert not any(rule in (CEILING, UNPRICED) for rule, _ in marks(judged))


def test_above_the_ceiling_the_words_are_marked_with_what_is_left(rules: Rules) -> None:
    for text, words in (("给您补发一套", "补发"), ("给您退81元", "81元"), ("给您全额退款", "全额退")):
        judged = bench(rules, old("120.00")).judge(text, ("81元",))
        assert judged.blocked, text
        assert (CEILING, words) in marks(judged), text
    reason = bench(rules, old("120.00")).judge("给您补发一套").verdict.findings[0].reason
    assert reason == "补发超出您能给的额度：这个订单的额度还剩80元"
    english = replace(bench(rules, old("120.00")), reader="en").judge("给您补发一套").verdict.findings[0].reason
    assert english == "a replacement is above what you may give: ¥80.00 left of the limit for this order"


def test_what_was_given_before_counts(rules: Rules) -> None:
    spent = bench(rules, old(), given=Given(per_order={"CNY": 7000}))
    assert not spent.judge("给您退10元", ("10元",)).blocked
    assert spent.judge("给您退10.01元", ("10.01元",)).blocked


def test_two_things_within_the_ceiling_can_pass_it_together(rules: Rules) -> None:
    both = bench(rules, old())
    judged = both.judge("给您补发一套，再退您30元", ("30元",))
    assert judged.blocked
    assert cost(judged) == "89.90"
    assert {text for _, text in marks(judged)} >= {"补发", "30元"}
    assert not both.judge("给您补发一套或者退您30元", ("30元",)).blocked


@pytest.mark.feature("F076")
def test_goods_that_nobody_can_price_are_a_supervisors_to_promise(rules: Rules) -> None:
    unknown = Order(id="1", status=OrderStatus.DELIVERED, items=(Item(name="茶杯"),))
    for one in (bench(rules, unknown), bench(rules), bench(rules, old(), order("2"))):
        judged = one.judge("给您补发一套")
        assert judged.blocked
        assert marks(judged) == [(UNPRICED, "补发")]
        assert one.gives(judged) is None
        assert one.too_much(judged) is None
        assert not replace(one, senior=True).judge("给您补发一套").blocked
    # Without its line the whole order is the most that it can be.
    several = old().model_copy(update={"items": (Item(name="茶杯"), Item(name="碗"))})
    assert cost(bench(rules, several).judge("给您补发一套")) == "59.90"


def test_a_gift_costs_what_the_product_or_the_terms_say_and_is_else_a_supervisors(rules: Rules) -> None:
    text = "再送您一个杯垫"
    assert marks(bench(rules, old()).judge(text)) == [(UNPRICED, "再送")]
    mat = Product(id="p9", name="杯垫", price=yuan("15.00"))
    assert cost(bench(rules, old(), goods=(mat,)).judge(text)) == "15.00"
    gift = GiftPromise.model_validate(
        {"within_days": 2, "cutoff": "18:00", "worth": {"amount": "9", "currency": "CNY"}}
    )
    assert cost(bench(with_terms(rules, gift=gift), old()).judge(text)) == "9.00"


def test_a_difference_or_a_compensation_without_an_amount_is_to_be_named(rules: Rules) -> None:
    for text in ("差价给您补上", "我们会给您一个补偿的", "we'll refund the difference"):
        judged = bench(rules, old()).judge(text)
        assert [rule for rule, _ in marks(judged)] == [UNPRICED], text
        assert any("写上金额" in one.reason for one in judged.verdict.findings), text
    assert cost(bench(rules, old()).judge("差价给您补上，一共20元")) == "20.00"
    assert cost(bench(rules, old(), limit="300.00").judge("I'll refund the difference, $5")) == "5.00"
    # Who bought within the days of price protection is owed the difference.
    protected = with_terms(rules, price_protection_days=30)
    assert not bench(protected, old()).judge("差价给您补上").blocked
    voucher = VoucherTerms.model_validate({"amount": {"amount": "10", "currency": "CNY"}, "days": 30})
    assert cost(bench(with_terms(rules, voucher=voucher), old()).judge("送您一张优惠券")) == "10.00"


def test_the_words_tell_which_line_is_meant(rules: Rules) -> None:
    items = (Item(name="青釉茶杯", price=yuan("20.00")), Item(name="不粘炒锅", price=yuan("39.90"), quantity=1))
    talk = bench(rules, old().model_copy(update={"items": items}))
    assert cost(talk.judge("给您补发一个茶杯")) == "20.00"
    assert cost(talk.judge("给您补发一个炒锅")) == "39.90"
    assert cost(talk.judge("茶杯退您一半")) == "10.00"


@pytest.mark.feature("F076")
def test_what_is_due_anyway_costs_nothing(rules: Rules) -> None:
    # Within the return window the money goes back with the goods, and for nothing else.
    fresh = order("1", "120.00").model_copy(update={"delivered_at": NOON - timedelta(days=2)})
    talk = bench(rules, fresh, issue=Issue.RETURN_EXCHANGE)
    assert cost(talk.judge("您寄回来，收到后给您退120元")) is None
    assert cost(talk.judge("您退货，我们给您全额退款")) is None
    assert cost(talk.judge("给您换货，旧的寄回来就行")) is None
    assert cost(talk.judge("给您退120元，东西不用退")) == "120.00"
    assert cost(talk.judge("给您退120元")) == "120.00"
    assert cost(talk.judge("您寄回来，收到后给您退121元")) == "121.00"
    late = fresh.model_copy(update={"delivered_at": NOON - timedelta(days=60)})
    assert cost(bench(rules, late).judge("您寄回来，收到后给您退120元")) == "120.00"
    assert cost(bench(rules, late).judge("给您换货，旧的寄回来就行")) == "120.00"
    unshipped = fresh.model_copy(update={"status": OrderStatus.TO_SHIP, "delivered_at": None})
    assert cost(bench(rules, unshipped).judge("还没发货，给您退120元")) is None
    # Of an order that nobody knows, the platform decides what a return brings.
    assert not bench(rules).judge("您寄回来，收到后给您退款").blocked


def test_a_refund_under_way_costs_nothing_unless_it_was_refused(rules: Rules) -> None:
    asked = AfterSale(id="9", kind=AfterSaleKind.REFUND, status="in_progress", amount=yuan("59.90"))
    dear = old("200.00")
    talk = bench(rules, dear.model_copy(update={"after_sales": (asked,)}))
    assert cost(talk.judge("今天给您退59.90元")) is None
    assert cost(talk.judge("今天给您退60元")) == "60.00"
    refused = asked.model_copy(update={"status": "rejected"})
    again = bench(rules, dear.model_copy(update={"after_sales": (refused,)}))
    assert cost(again.judge("今天给您退59.90元")) == "59.90"
    sent = asked.model_copy(update={"kind": AfterSaleKind.RESHIP, "amount": None})
    assert cost(bench(rules, dear.model_copy(update={"after_sales": (sent,)})).judge("明天给您补发")) is None


def test_a_promise_said_again_costs_nothing_and_one_on_top_does(rules: Rules) -> None:
    owed = (Owed("refund", yuan("20")), Owed("option.reship"))
    talk = bench(rules, old(), owed=owed, given=Given(per_order={"CNY": 8000}))
    for text in ("放心，给您退20元", "明天给您补发"):
        judged = talk.judge(text, ("20元",))
        assert cost(judged) is None, text
        assert not judged.blocked, text
    assert cost(talk.judge("给您退30元")) == "30.00"
    assert cost(talk.judge("再给您退20元")) == "20.00"
    assert cost(talk.judge("另外给您补发一套")) == "59.90"


def test_a_promise_binds_at_once_and_an_offer_until_it_is_taken_up(rules: Rules) -> None:
    talk = bench(rules, old())
    for text, settled in (("给您退20元", True), ("要不给您退20元，您看行吗？", False)):
        grant = talk.gives(talk.judge(text))
        assert grant is not None
        assert (grant.cost.minor, grant.settled) == (2000, settled)
        assert grant.limits["agent"].per_order == rules.terms.authority.agent.per_order


def test_money_in_another_currency_passes_every_ceiling(rules: Rules) -> None:
    judged = bench(rules, old()).judge("I'll refund you $5 today", ("I'll refund", "$5"))
    assert judged.blocked
    mixed = bench(rules, old()).judge("给您退20元，再退您5美元", ("20元", "5美元"))
    assert mixed.blocked
    assert cost(mixed) == "5.00"


@pytest.mark.feature("F076")
def test_an_edit_gives_what_it_adds_to_the_plan_and_no_more(rules: Rules) -> None:
    grant = Grant(cost=yuan("29.95"), settled=False)
    drafted = view(grant=grant)
    talk = bench(rules, old(), view=drafted)
    assert talk.judge(drafted.text).gives == ()
    more = talk.judge("退您29.95元，明天18点前发出，再送您10元红包。", ("10元",))
    assert cost(more) == "39.95"
    edited = talk.edited(more)
    assert edited is not None
    assert edited.grant is not None
    assert edited.grant.cost == yuan("39.95")
    instead = talk.edited(talk.judge("给您退40元。", ("40元",)))
    assert instead is not None
    assert instead.grant is not None
    assert instead.grant.cost.minor == 4000


def test_a_language_that_nobody_reads_is_not_taken_for_nothing(rules: Rules) -> None:
    talk = bench(rules, old())
    for text in ("明日返金します", "Kami kasih gratis satu lagi ya kak"):
        judged = talk.judge(text)
        assert marks(judged) == [(UNREAD, text)]
        assert judged.verdict.decision is Decision.WARN
    assert cost(talk.judge("Kami akan mengembalikan Rp50.000 kepada Anda")) == "50000.00"
    # Its source tells what a translation gives.
    assert marks(talk.judge("明日返金します", alone=False)) == []


def test_drafts_give_nothing_of_their_own(rules: Rules) -> None:
    drafted: DraftView = view(text="这边给您全额退款。", claims=(), owes=())
    assert bench(rules, old("300.00"), view=drafted).judge(drafted.text).gives == ()


def test_what_a_text_is_about_has_no_more_than_one_order(rules: Rules) -> None:
    assert Bench(rules, NOON).matter == Matter()
    assert matter_of(NOON, rules, (old(), order("2")), Standing()).order is None


@pytest.mark.feature("F076")
def test_taking_over_what_sending_costs_is_free_where_the_shop_pays_anyway_and_else_costs_what_it_knows(
    rules: Rules,
) -> None:
    words = "来回运费我们出"
    unknown = bench(rules, old()).judge(words)
    assert unknown.blocked
    assert marks(unknown) == [(UNPRICED, words)]
    assert not bench(rules, old(), senior=True).judge(words).blocked

    priced = with_terms(rules, postage=yuan("12.00"))
    assert cost(bench(priced, old()).judge(words)) == "24.00"
    assert cost(bench(priced, old()).judge("We'll cover return shipping")) == "12.00"
    assert (CEILING, words) in marks(bench(priced, old(), limit="20.00").judge(words))
    # The amount beside it says how much is meant.
    assert cost(bench(priced, old()).judge("运费我们出，给您补8元")) == "8.00"

    # Faulty goods come back at the shop's cost whoever says it; a change of mind does not, under these terms.
    assert cost(bench(priced, old(), issue=Issue.QUALITY_DEFECT).judge("退回来的运费我们承担")) is None
    assert cost(bench(priced, old()).judge("质量问题的运费我们承担")) is None
    assert cost(bench(priced, old(), issue=Issue.QUALITY_DEFECT).judge("下单时的运费我们退给您")) == "12.00"
    everybody = with_terms(priced, return_label="prepaid")
    fresh = order("1").model_copy(update={"delivered_at": NOON - timedelta(days=1)})
    assert cost(bench(everybody, fresh).judge("We'll send you a prepaid return label")) is None
    assert cost(bench(everybody, old()).judge("We'll send you a prepaid return label")) == "12.00"


@pytest.mark.feature("F076")
@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("退您五十", "50.00"),
        ("补二十给您", "20.00"),
        ("赔个八十块吧", "80.00"),
        ("给您五十行吗", "50.00"),
        ("补您十个", "59.90"),
        ("十天内到账", None),
    ],
)
def test_chinese_numbers_without_a_unit_are_money_behind_a_verb_of_giving(
    rules: Rules, text: str, gives: str | None
) -> None:
    assert cost(bench(rules, old()).judge(text)) == gives
