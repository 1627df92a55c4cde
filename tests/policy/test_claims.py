"""What texts state, and which facts support it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.fact import Claim, Fact, FactKind
from copilot.policy.claims import bind, extract

NOW = datetime(2026, 11, 3, 2, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")


def _zh(text: str) -> list[tuple[str, str, object]]:
    return [(c.kind.value, c.text, c.value) for c in extract(text, language="zh", now=NOW, zone=SHANGHAI)]


def _en(text: str) -> list[tuple[str, str, object]]:
    return [(c.kind.value, c.text, c.value) for c in extract(text, language="en", now=NOW, zone=NEW_YORK)]


def _cny(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "CNY"}


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("退您29.95元", ("amount", "29.95元", _cny("29.95"))),
        ("退您¥10", ("amount", "¥10", _cny("10"))),
        ("退您十块", ("amount", "十块", _cny("10"))),
        ("两块五,要吗", ("amount", "两块五", _cny("2.5"))),
        ("一共1,299元", ("amount", "1,299元", _cny("1299"))),
        ("刚买就降30,可惜", ("amount", "30", _cny("30"))),
        ("到11月9日有效", ("date", "11月9日", "2026-11-09")),
        ("明天18点前发出", ("time", "明天18点", "2026-11-04T18:00:00+08:00")),
        ("11月9日下午3点半到", ("time", "11月9日下午3点半", "2026-11-09T15:30:00+08:00")),
        ("后天到", ("date", "后天", "2026-11-05")),
        ("下周一回复", ("date", "下周一", "2026-11-09")),
        ("24小时内处理完", ("duration", "24小时", 86400)),
        ("七天无理由", ("duration", "七天", 604800)),
        ("3到5天到账", ("duration", "3到5天", [259200, 432000])),
        ("打9折", ("percent", "9折", 10)),
        ("85折", ("percent", "85折", 15)),
        ("百分之二十", ("percent", "百分之二十", 20)),
        ("库存还有42件", ("quantity", "42件", 42)),
        ("订单号3348917502", ("number", "3348917502", "3348917502")),
        ("运单SF1391234567012", ("number", "SF1391234567012", "SF1391234567012")),
        ("腰围68厘米", ("attribute", "68厘米", "68 cm")),
        ("已帮您催过了", ("action", "已帮您催过", "urge")),
        ("我们已经反馈给仓库", ("action", "我们已经反馈", "report")),
        ("我们会给您补发", ("promise", "我们会给您补发", "reship")),
        ("今天下午发", ("promise", "今天下午发", "ship")),
        ("明天就寄出哈", ("promise", "明天就寄出", "ship")),
        ("现在有现货", ("state", "有现货", "in_stock")),
        ("包裹已签收", ("state", "已签收", "delivered")),
        ("由于暴雨影响,会晚到", ("cause", "由于暴雨影响", "暴雨")),
    ],
)
def test_a_chinese_statement_is_read(text: str, claim: tuple[str, str, object]) -> None:
    assert claim in _zh(text)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("a $34.99 refund", ("amount", "$34.99", {"amount": "34.99", "currency": "USD"})),
        ("20 dollars back", ("amount", "20 dollars", {"amount": "20", "currency": "USD"})),
        ("shipped by Nov 5", ("date", "Nov 5", "2026-11-05")),
        ("by 5 November 2026", ("date", "5 November 2026", "2026-11-05")),
        ("at 4:12 PM yesterday", ("time", "4:12 PM yesterday", "2026-11-01T16:12:00-05:00")),
        ("it leaves tomorrow", ("date", "tomorrow", "2026-11-03")),
        ("within 24 hours", ("duration", "24 hours", 86400)),
        ("5–10 business days", ("duration", "5–10 business days", [432000, 864000])),
        ("our 30-day return", ("duration", "30-day", 2592000)),
        ("15% off", ("percent", "15%", 15)),
        ("3 left in this size", ("quantity", "3 left", 3)),
        ("order #3348917502", ("number", "3348917502", "3348917502")),
        ("38 in at the hip", ("attribute", "38 in", "38 in")),
        ("We have already urged the team", ("action", "We have already urged", "urge")),
        ("we refunded it", ("action", "we refunded", "refund")),
        ("I'll open a payment case", ("promise", "I'll open", "open_case")),
        ("the L is in stock", ("state", "in stock", "in_stock")),
        ("it was delivered on Monday", ("state", "was delivered", "delivered")),
        ("late due to the storm.", ("cause", "due to the storm", "the storm")),
    ],
)
def test_an_english_statement_is_read(text: str, claim: tuple[str, str, object]) -> None:
    assert claim in _en(text)


@pytest.mark.parametrize(
    "text",
    [
        "选A还是B?",
        "尺码M适合,L偏大",
        "第一次购买吗",
        "换谁都窝火,这事我们来处理",
        "照片收到了",
        "您想要哪种?",
        "一起看一块布",
        "如果已签收请告诉我",
        "这两天辛苦您了",
        "最近怎么样",
    ],
)
def test_chinese_words_that_state_nothing_give_no_claim(text: str) -> None:
    assert _zh(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Which works for you?",
        "Would you rather have the L?",
        "If it was delivered, tell me",
        "Thanks for the photo",
        "No. 1 tip: be kind",
        "let me know when it's back in stock",
        "Option A or B?",
    ],
)
def test_english_words_that_state_nothing_give_no_claim(text: str) -> None:
    assert _en(text) == []


@given(st.text(max_size=60))
def test_claims_are_pieces_of_any_text(text: str) -> None:
    for claim in extract(text, language="zh", now=NOW, zone=SHANGHAI):
        assert claim.text == text[claim.start : claim.end]
        assert claim.source is None


def _facts(*facts: Fact) -> dict[str, Fact]:
    return {fact.id: fact for fact in facts}


def _fact(fact_id: str, kind: FactKind, value: object) -> Fact:
    return Fact(id=fact_id, kind=kind, value=value, source="platform")  # type: ignore[arg-type]


def _sources(text: str, *facts: Fact) -> list[str | None]:
    zh = not text.isascii()
    claims = extract(text, language="zh" if zh else "en", now=NOW, zone=SHANGHAI if zh else NEW_YORK)
    assert claims
    return [c.source for c in bind(claims, _facts(*facts), now=NOW, zone=SHANGHAI if zh else NEW_YORK)]


@pytest.mark.parametrize(
    ("text", "fact", "supported"),
    [
        ("退您29.95元", _fact("o.amount", FactKind.AMOUNT, _cny("29.95")), True),
        ("退您30元", _fact("o.amount", FactKind.AMOUNT, _cny("30.00")), True),
        ("退您29.9元", _fact("o.amount", FactKind.AMOUNT, _cny("29.95")), False),
        ("$30 back", _fact("o.amount", FactKind.AMOUNT, _cny("30.00")), False),
        ("明天18点前有效", _fact("o.by", FactKind.TIME, "2026-11-04T10:00:00+00:00"), True),
        ("明天18点前有效", _fact("o.by", FactKind.TIME, "2026-11-04T09:00:00+00:00"), False),
        ("明天18点前有效", _fact("o.by", FactKind.DATE, "2026-11-04"), False),
        ("到11月9日有效", _fact("o.by", FactKind.TIME, "2026-11-09T15:59:59+00:00"), True),
        ("到11月9日有效", _fact("o.by", FactKind.TIME, "2026-11-09T16:00:00+00:00"), False),
        ("7天价保", _fact("terms.days", FactKind.DURATION, 604800), True),
        ("9折", _fact("terms.off", FactKind.PERCENT, 10), True),
        ("库存还有42件", _fact("p.stock", FactKind.QUANTITY, 42), True),
        ("单号SF1391234567012", _fact("s.number", FactKind.NUMBER, "sf1391234567012"), True),
        ("现在有现货", _fact("product.p1.stock", FactKind.QUANTITY, 3), True),
        ("现在有现货", _fact("product.p1.stock", FactKind.QUANTITY, 0), False),
        ("包裹已签收", _fact("order.o1.status", FactKind.STATE, "delivered"), True),
        ("包裹已签收", _fact("order.o1.status", FactKind.STATE, "shipped"), False),
        ("已帮您催过了", _fact("case.urged", FactKind.ACTION, "urge"), True),
        ("我们会给您补发", _fact("option.reship.by", FactKind.TIME, "2026-11-04T10:00:00+00:00"), True),
        ("38 in at the hip", _fact("p.attributes.fit", FactKind.ATTRIBUTE, "M hip 38 in, L 40.5 in"), True),
        ("39 in at the hip", _fact("p.attributes.fit", FactKind.ATTRIBUTE, "M hip 38 in, L 40.5 in"), False),
    ],
)
def test_only_a_fact_of_equal_value_supports_a_claim(text: str, fact: Fact, supported: bool) -> None:
    assert _sources(text, fact) == [fact.id if supported else None]


def test_a_source_that_is_set_stays() -> None:
    claim = Claim(kind=FactKind.AMOUNT, start=0, end=2, text="¥1", value=_cny("1"), source="agent")
    assert bind([claim], {}, now=NOW, zone=SHANGHAI) == (claim,)


def test_a_draft_without_facts_is_unsupported_throughout() -> None:
    text = "退您29.95元,明天18点前发出,已帮您催过了"
    assert set(_sources(text)) == {None}
