# ruff: noqa: E501 (facts and templates read best on one line)
"""The six turns that set the bar: their facts, and what a text for them must hold."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from copilot.domain.case import Option, OrderChoice, OrderWhy
from copilot.domain.fact import Fact, FactKind
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, Plan, Promise

SHANGHAI, LA = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/Los_Angeles")
K = FactKind


def facts(**values: tuple[FactKind, object]) -> dict[str, Fact]:
    named = {key.replace("__", "."): value for key, value in values.items()}
    return {key: Fact(id=key, kind=kind, value=value, source="platform") for key, (kind, value) in named.items()}


def money(amount: str, currency: str = "USD") -> tuple[FactKind, object]:
    return K.AMOUNT, {"amount": amount, "currency": currency}


def plan(
    issue: Issue, act: Act, scene: str, *keys: str, empathy: bool = True, **known: tuple[FactKind, object]
) -> Plan:
    options = tuple(Option(id=chr(65 + n), key=key, title=key, action=key) for n, key in enumerate(keys))
    order = OrderChoice(id="o1", why=OrderWhy.CARD)
    return Plan(act=act, issue=issue, scene=scene, options=options, order=order, facts=facts(**known), empathy=empathy)


def test_damaged_in_chinese(say):
    now = datetime(2026, 11, 22, 15, 0, tzinfo=SHANGHAI)
    made = plan(
        Issue.DAMAGED, Act.OFFER, "decide", "reship", "refund_keep",
        turn__photo=(K.STATE, "received"), turn__shards=(K.STATE, "mentioned"),
        option__reship__by=(K.TIME, (now + timedelta(days=1)).replace(hour=18).isoformat()),
        option__reship__keep=(K.STATE, "keep"), option__refund_keep__amount=money("29.95", "CNY"),
        option__refund_keep__keep=(K.STATE, "keep"),
    )  # fmt: skip
    text = say(made, "zh", burst_text="刚拆开碎了两个!!包装也太随便了吧", now=now, zone=SHANGHAI).text
    assert all(part in text for part in ("明天18点前", "29.95元", "A ", "B ", "不用寄回"))
    assert "订单号" not in text
    assert any(part in text for part in ("照片", "图"))


def test_not_received_in_english(say):
    now = datetime(2026, 11, 2, 10, 0, tzinfo=LA)
    made = plan(
        Issue.NOT_RECEIVED, Act.OFFER, "delivered", "reship", "refund_full",
        **{"shipment__S1__last_event__at": (K.TIME, "2026-11-01T16:12:00-08:00")},
        **{"shipment__S1__last_event__text": (K.ATTRIBUTE, "Delivered, front door")},
        turn__checked=(K.STATE, "checked"), option__reship__by=(K.TIME, "2026-11-05T18:00:00-08:00"),
        option__refund_full__amount=money("34.99"),
    )  # fmt: skip
    text = say(made, "en", burst_text="nothing here, checked w/ neighbors. 2nd time wtf", now=now, zone=LA).text
    assert all(part in text for part in ("4:12 PM yesterday", "by Nov 5", "$34.99", "A) ", "B) "))
    assert "neighbors" not in text.split("A) ")[1]


def test_size_in_english(say):
    made = plan(
        Issue.SIZE_MISMATCH, Act.OFFER, "decide", "exchange", "return_refund", empathy=False,
        fit__size=(K.ATTRIBUTE, "L"), fit__size_had=(K.ATTRIBUTE, "M"), fit__measure=(K.ATTRIBUTE, "hip"),
        fit__value=(K.ATTRIBUTE, "40.5"), fit__value_had=(K.ATTRIBUTE, "38"), fit__difference=(K.ATTRIBUTE, "2.5"),
        fit__unit=(K.ATTRIBUTE, "in"), fit__in_stock=(K.STATE, "in_stock"), terms__return_days=(K.QUANTITY, 30),
        product__p1__attributes__fit=(K.ATTRIBUTE, "slim"), option__exchange__label=(K.ATTRIBUTE, "prepaid"),
        option__exchange__size=(K.ATTRIBUTE, "L"), option__return_refund__label=(K.ATTRIBUTE, "prepaid"),
        option__return_refund__amount=money("42.00"),
    )  # fmt: skip
    for variant in range(4):
        text = say(made, "en", burst_text="M jeans way too tight on the hips lol", variant=variant).text
        assert all(part in text for part in ("38 in", "40.5 in", "2.5 in", "$42.00", "in stock", "slim"))
        assert text.count("also on us") == 1
        assert "sorry" not in text.lower()


def test_a_threat_about_a_refund_is_answered_with_facts(say):
    now = datetime(2026, 11, 15, 10, 0, tzinfo=LA)
    made = plan(
        Issue.REFUND_STATUS, Act.ANSWER, "refunded", after_sale__a1=(K.NUMBER, "4035508844120"),
        after_sale__a1__amount=money("58.20"), after_sale__a1__received_at=(K.TIME, "2026-11-01T09:00:00-08:00"),
        after_sale__a1__refunded_at=(K.TIME, "2026-11-03T09:00:00-08:00"),
        after_sale__a1__refund_to=(K.ATTRIBUTE, "Visa"), after_sale__a1__arrives_by=(K.DATE, "2026-11-18"),
        terms__refund_arrival_business_days__min=(K.QUANTITY, 5),
        terms__refund_arrival_business_days__max=(K.QUANTITY, 10),
    )  # fmt: skip
    due = datetime(2026, 11, 18, tzinfo=LA)
    made = made.model_copy(
        update={"promises": (Promise(what="refund_trace", due=due, fact="after_sale.a1.arrives_by"),)}
    )
    composed = say(made, "en", burst_text="sort it today or I report you to TikTok", now=now, zone=LA)
    for part in ("Nov 1", "Nov 3", "$58.20", "Visa", "5–10 business days", "by Nov 18"):
        assert part in composed.text
    assert "report" not in composed.text
    assert not composed.option_texts
    assert any(claim.kind is FactKind.PROMISE for claim in composed.claims)


def test_what_a_person_offered_in_own_words_is_confirmed_in_those_words(say):
    chosen = Option(id="B", key="gift", title="送您一双同款鞋带", action="")
    made = Plan(act=Act.CONFIRM, issue=Issue.DAMAGED, scene="chosen", chosen=chosen)
    assert "送您一双同款鞋带" in say(made, "zh").text


def test_orders_that_may_be_meant_are_named_by_thing_and_day(say):
    made = Plan(
        act=Act.ASK, issue=Issue.LOGISTICS_QUERY, scene="order_which", asks=("order",),
        facts=facts(
            order__o1__item__1__name=(K.PRODUCT, "磁吸台灯 USB充电款"), order__o1__created_at=(K.TIME, "2026-11-19T10:00:00+08:00"),
            order__o2__item__1__name=(K.PRODUCT, "静音鼠标"), order__o2__created_at=(K.TIME, "2026-11-20T10:00:00+08:00"),
        ),
    )  # fmt: skip
    assert "11月19日拍的磁吸台灯还是前天拍的静音鼠标" in say(made, "zh").text


def test_a_couriers_phone_number_is_never_quoted(say):
    made = plan(
        Issue.LOGISTICS_QUERY, Act.ANSWER, "in_transit",
        **{"shipment__S1__number": (K.NUMBER, "SF60277"), "shipment__S1__last_event__at": (K.TIME, "2026-11-22T09:15:00+08:00")},
        **{"shipment__S1__last_event__text": (K.ATTRIBUTE, "派送中,快递员 13812345678")},
    )  # fmt: skip
    for variant in range(6):
        assert "138" not in say(made, "zh", variant=variant).text
