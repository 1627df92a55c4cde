# ruff: noqa: E501 (texts read best on one line)
"""The rubric tells the good drafts of the bar from the bad ones, and names the flaw."""

import pytest

from copilot.domain.case import Option, OrderChoice, OrderWhy
from copilot.domain.fact import Claim, Fact, FactKind
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, Plan
from copilot.model.composer import Voice
from copilot.model.rubric import Draft, Point, flaws

AMOUNT = Fact(
    id="option.refund_keep.amount",
    kind=FactKind.AMOUNT,
    value={"amount": "29.95", "currency": "CNY"},
    source="platform",
)
BY = Fact(id="option.reship.by", kind=FactKind.TIME, value="2026-11-23T18:00:00+08:00", source="computed")
CHOICE = Plan(
    act=Act.OFFER, issue=Issue.DAMAGED, scene="decide", empathy=True, order=OrderChoice(id="o1", why=OrderWhy.CARD),
    options=(
        Option(id="A", key="reship", title="补发", action="reship"),
        Option(id="B", key="refund_keep", title="退款不退货", action="refund"),
    ),
    facts={AMOUNT.id: AMOUNT, BY.id: BY}, points=(BY.id, AMOUNT.id),
)  # fmt: skip
OPTIONS = {"A": "重新寄您一整套，明天18点前发出，坏的不用寄回", "B": "好的两只您留着用，退您29.95元"}
GOOD = f"照片收到了，一套四只碎了两只，换谁都窝火，这事我们来处理。您看哪种方便：A {OPTIONS['A']}；B {OPTIONS['B']}。选A还是B？"
PLAIN = Plan(
    act=Act.ANSWER, issue=Issue.LOGISTICS_QUERY, scene="in_transit", order=OrderChoice(id="o1", why=OrderWhy.CARD)
)


def _claims(text: str) -> tuple[Claim, ...]:
    places = [("明天18点前", BY), ("29.95元", AMOUNT)]
    return tuple(
        Claim(kind=fact.kind, start=(at := text.index(said)), end=at + len(said), text=said, value=fact.value, source=fact.id)
        for said, fact in places
        if said in text
    )  # fmt: skip


def judged(text: str, plan: Plan = CHOICE, language: str = "zh", **changes: object) -> set[str]:
    options = OPTIONS if plan is CHOICE else {}
    draft = Draft(
        **{"text": text, "language": language, "plan": plan, "option_texts": options, "claims": _claims(text)} | changes
    )  # pyright: ignore[reportArgumentType]
    return {flaw.code for flaw in flaws(draft)}


def test_the_good_draft_has_no_flaw():
    assert judged(GOOD) == set()


@pytest.mark.parametrize(
    ("text", "plan", "language", "codes"),
    [
        ("亲亲非常非常抱歉给您带来不愉快的购物体验呢,这边非常理解您的心情!麻烦您提供一下订单号和照片哦,我们核实后会尽快为您处理,可以吗?感谢您的理解与支持~",
         CHOICE, "zh", {"officialese", "particles", "asks_for_what_is_known", "option_without_amount", "option_without_by", "no_amount_or_date", "no_closing_question", "fits_any_shop"}),
        ("亲，直播价格是实时变化的，属于正常现象哦，下次可以多关注直播间呢~满意的话辛苦给个五星好评！", PLAIN, "zh", {"particles", "speaks_of_reviews"}),
        ("Dear valued customer, we sincerely apologize for any inconvenience. As this is a carrier issue, please contact USPS.", PLAIN, "en", {"officialese", "blame", "apology_too_many"}),
        ("Your refund is being processed. We have already urged the finance team. Thank you for your patience! Option A: wait. Option B: contact your bank.", PLAIN, "en", {"invented_action", "officialese", "letters_without_a_choice"}),
        ("已帮您催促快递了。请您耐心等待。", PLAIN, "zh", {"invented_action", "officialese"}),
        ("Your package is on its way 📦. It left today.", PLAIN, "en", {"emoji"}),
        ("您的包裹在路上。抱歉让您久等了。", PLAIN, "zh", {"apology_too_many"}),
        ("Your parcel is on its way. It should arrive soon.", PLAIN, "zh", {"another_language"}),
        ("在路上了。", PLAIN, "zh", {"too_short"}),
        ("一。二。三。四。五。六。", PLAIN, "zh", {"too_long"}),
    ],
)  # fmt: skip
def test_the_bad_drafts_are_told_by_their_flaws(text, plan, language, codes):
    assert codes <= judged(text, plan, language), judged(text, plan, language) ^ codes


def test_options_are_those_decided_early_and_in_order():
    before = "这里先说一段和方案没有关系的话，" * 8
    late = f"{before}照片收到了。您来定：A {OPTIONS['A']}；B {OPTIONS['B']}。选哪个？"
    assert judged(late) == {"options_too_late"}
    swapped = GOOD.replace(f"A {OPTIONS['A']}；B {OPTIONS['B']}", f"B {OPTIONS['B']}；A {OPTIONS['A']}")
    assert "options_out_of_order" in judged(swapped)
    assert judged(GOOD, option_texts={"A": OPTIONS["A"]}) >= {"not_the_options_decided"}
    assert judged(GOOD, option_texts=OPTIONS | {"C": "再送一只"}) >= {"not_the_options_decided"}
    assert judged(GOOD.replace("选A还是B？", "回复就行。")) == {"no_closing_question"}


def test_what_rests_on_nothing_is_a_flaw_of_grounds():
    invented = Claim(kind=FactKind.AMOUNT, start=0, end=2, text="照片", value=None, source=None)
    found = flaws(Draft(GOOD, "zh", CHOICE, OPTIONS, (*_claims(GOOD), invented)))
    assert [(flaw.point, flaw.code) for flaw in found] == [(Point.GROUNDED, "no_fact_amount")]


def test_a_sentence_said_before_is_a_flaw():
    assert judged(GOOD, said=("您好。照片收到了，一套四只碎了两只，换谁都窝火，这事我们来处理。",)) == {"said_before"}


def test_limits_and_the_shops_voice_count():
    assert judged(GOOD, max_chars=40) == {"over_the_platforms_limit"}
    assert judged(GOOD, voice=Voice(address="你")) == {"address"}
    assert (
        judged(
            GOOD.replace("您", "你"),
            option_texts={k: v.replace("您", "你") for k, v in OPTIONS.items()},
            voice=Voice(address="你"),
        )
        == set()
    )
