"""A person's own words under the rules of a draft, without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from copilot.desk.own_text import AGENT, Bench
from copilot.desk.stakes import stakes, weak_points
from copilot.domain.case import Option, OrderChoice, OrderWhy
from copilot.domain.draft import DraftView, WrittenBy
from copilot.domain.fact import Claim, FactKind
from copilot.domain.issue import Evidence, Risk, RiskReading, Turn
from copilot.domain.money import Money
from copilot.domain.order import Item, Order, OrderStatus, Product
from copilot.domain.plan import Act, Promise
from copilot.domain.verdict import Decision, Severity, Verdict
from copilot.flow.shops import Rules, Shops

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
PRICE = Money(amount="59.90", currency="CNY")
OK = Verdict(decision=Decision.PASS, pack="douyin.cn@2026-11")


@pytest.fixture(scope="module")
def rules(shops: Shops) -> Rules:
    return shops.of_platform("douyin", "cn", NOON)


def order(number: str, price: str = "59.90") -> Order:
    money = Money(amount=price, currency="CNY")
    return Order(
        id=number,
        status=OrderStatus.DELIVERED,
        created_at=NOON - timedelta(days=3),
        total=money,
        items=(Item(name="茶杯", price=money),),
    )


def view(**changed: object) -> DraftView:
    text = "退您29.95元，明天18点前发出。"
    claims = (
        Claim(
            kind=FactKind.AMOUNT, start=2, end=8, text="29.95元", value={"amount": "29.95", "currency": "CNY"},
            source="option.refund_keep.amount",
        ),
        Claim(
            kind=FactKind.TIME, start=9, end=15, text="明天18点前", value="2026-11-21T18:00:00+08:00",
            source="option.reship.by",
        ),
    )  # fmt: skip
    values = {
        "text": text, "language": "zh", "turn": Turn.NEW_ISSUE, "issues": (), "risks": (), "options": (),
        "order": OrderChoice(id="1", why=OrderWhy.CARD), "claims": claims, "verdict": OK,
        "written_by": WrittenBy.COMPOSER, "act": Act.OFFER,
        "owes": (Promise(what="option.reship", due=NOON + timedelta(days=1), fact="option.reship.by"),),
    }  # fmt: skip
    return DraftView.model_validate({**values, **changed})


def test_amounts_of_any_of_the_buyers_orders_are_known(rules: Rules) -> None:
    bench = Bench(rules, NOON, (order("1"), order("2", "12.50")))
    assert bench.judge("一共是59.90元和12.50元").needs_vouching == ()
    assert bench.judge("一共是72.40元").needs_vouching == ("72.40元",)
    assert Bench(rules, NOON).judge("一共是59.90元").needs_vouching == ("59.90元",)


def test_an_edit_keeps_the_promise_that_still_stands_in_it_and_drops_the_other(rules: Rules) -> None:
    bench = Bench(rules, NOON, view=view())
    kept = bench.judge("好的，明天18点前发出。")
    assert [promise.what for promise in kept.owes] == ["option.reship"]
    dropped = bench.judge("好的，退您29.95元。")
    assert dropped.owes == ()
    edited = bench.edited(dropped)
    assert edited is not None
    assert (edited.text, edited.owes, edited.flags) == ("好的，退您29.95元。", (), ("edited",))


def test_an_edited_confirmation_takes_the_earlier_promise_back_only_while_it_still_gives_the_new_one(
    rules: Rules,
) -> None:
    bench = Bench(rules, NOON, view=view(replaces="option.refund_keep", act=Act.CONFIRM))
    for text, stands in (
        ("好的，明天18点前发出。", True),
        ("好，给您补发，今天就安排。", True),
        ("我先问下主管，今天20点前回您。", False),
        ("您稍等，我看看。", False),
    ):
        edited = bench.edited(bench.judge(text))
        assert edited is not None
        assert (edited.replaces is not None) is stands, text


def test_the_same_time_in_other_words_is_still_known(rules: Rules) -> None:
    assert Bench(rules, NOON, view=view()).judge("明天18:00前寄给您").needs_vouching == ()


def test_a_promise_without_a_time_is_due_at_the_end_of_the_shops_day(rules: Rules) -> None:
    text = "我们会帮您补发。今天20点前给您单号。"
    bench = Bench(rules, NOON)
    judged = bench.judge(text, bench.judge(text).needs_vouching)
    own = [promise for promise in judged.owes if promise.fact == AGENT]
    assert own
    assert own[0].due.astimezone(rules.zone).strftime("%m-%d %H:%M") == "11-20 23:59"


def test_reasons_are_in_the_readers_language(rules: Rules) -> None:
    text = "加我微信聊 abc_12345"
    zh, en = (Bench(rules, NOON, reader=reader).judge(text) for reader in ("zh", "en"))
    assert zh.blocked
    assert en.blocked
    assert zh.verdict.findings[0].reason != en.verdict.findings[0].reason


@settings(max_examples=60)
@given(st.text(alphabet="退您0123456789.元¥，。明天会帮我们补发18点前A微信🙂 ", max_size=40))
def test_every_claim_has_a_source_once_everything_is_vouched_for_and_nothing_is_moved(rules: Rules, text: str) -> None:
    bench = Bench(rules, NOON, (order("1"),), view())
    first = bench.judge(text)
    second = bench.judge(text, first.needs_vouching)
    assert second.needs_vouching == ()
    assert second.text == text
    for claim in second.claims:
        assert text[claim.start : claim.end] == claim.text
    # The person's word opens claims, never a policy block.
    assert second.blocked == first.blocked


def test_the_stakes_rise_with_what_leaves() -> None:
    plain = view(owes=(), claims=(), act=Act.ANSWER)
    assert stakes(plain) == "T0"
    assert stakes(view()) == "T1"
    assert stakes(plain.model_copy(update={"act": Act.DECLINE})) == "T1"
    option = Option(id="A", key="reship", title="补发", action="reship", cost=PRICE)
    assert stakes(plain.model_copy(update={"options": (option,)})) == "T1"
    risk = RiskReading(risk=Risk.REGULATOR, evidence=Evidence(start=0, end=1, text="x"))
    assert stakes(plain.model_copy(update={"risks": (risk,)})) == "T2"
    warned = OK.model_copy(update={"decision": Decision.WARN})
    assert stakes(plain.model_copy(update={"verdict": warned})) == "T2"
    cause = Claim(kind=FactKind.CAUSE, start=0, end=1, text="x", value="x", source="agent")
    assert stakes(plain.model_copy(update={"claims": (cause,)})) == "T2"


def test_an_order_is_uncertain_only_when_others_fit_and_nobody_named_it() -> None:
    guessed = view(order=OrderChoice(id="1", why=OrderWhy.ONLY_FIT))
    assert "order_uncertain" in weak_points(guessed, ("1", "2"))
    assert weak_points(guessed, ("1",)) == ()
    assert weak_points(view(order=OrderChoice(id="1", why=OrderWhy.TYPED)), ("1", "2")) == ()


@pytest.mark.feature("F070")
def test_a_person_who_names_goods_that_are_gone_is_warned_and_may_vouch(rules: Rules) -> None:
    gone = Product(id="p2", name="月白茶壶", status="off_shelf")
    here = Product(id="p3", name="青釉茶杯 350ml")
    text = "您看的青釉茶杯 350ml可以拍，月白茶壶也可以拍。"
    judged = Bench(rules, NOON, goods=(gone, here)).judge(text)
    assert judged.needs_vouching == ("月白茶壶",)
    found = [one for one in judged.verdict.findings if one.rule == "false_promise.ungrounded_product"]
    assert [(one.text, one.severity) for one in found] == [("月白茶壶", Severity.WARN)]
    assert Bench(rules, NOON, goods=(gone, here)).judge(text, ("月白茶壶",)).needs_vouching == ()
    assert Bench(rules, NOON).judge("月白茶壶也可以拍。").needs_vouching == ()


def test_what_the_buyer_has_bought_may_be_named_though_it_is_gone(rules: Rules) -> None:
    gone = Product(id="p2", name="茶杯", status="off_shelf")
    assert Bench(rules, NOON, (order("1"),), goods=(gone,)).judge("您买的茶杯已经签收").needs_vouching == ()
