"""Rules that hold for every order, every shop and every ceiling."""

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from copilot.domain.issue import Issue
from copilot.domain.money import Money
from copilot.domain.order import Order
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook import Authority, decide
from copilot.playbook.scenes import scope_of

ISSUES = sorted(
    "logistics_query delivery_delay damaged size_fit refund_request return_exchange size_mismatch refund_status"
    " not_received quality_defect wrong_item missing_item shipping_time cancel_order price_promotion product_question"
    " usage_question stock ad_mismatch lost_parcel address_change warranty payment_account invoice complaint"
    " human_request review unclear".split()
)
ENTITLED = {"return_refund", "cancel_refund", "refund_difference"}
FREE = {"exchange", "change_address", "repair", "invoice"}
TEXTS = (
    "",
    "主播说送礼盒,没给",
    "地址改成文三路88号3栋",
    "抬头是海棠有限公司",
    "什么材质,多重",
    "扣了两次钱",
    "叫主管来",
)

days = st.integers(min_value=0, max_value=60)
amounts = st.integers(min_value=0, max_value=500_000)


@st.composite
def orders(draw: Any, now: Any) -> Order:
    status = draw(st.sampled_from(["unpaid", "to_ship", "shipped", "delivered", "completed", "cancelled", "unknown"]))
    minor = draw(st.none() | amounts)
    total = None if minor is None else Money.from_minor(minor, "CNY")
    count = draw(st.integers(0, 2))
    items = [{"product_id": f"p{n}", "name": f"货{n}", "price": total, "quantity": 1} for n in range(count)]
    ago = draw(st.none() | days)
    parcel = {
        "tracking_no": draw(st.none() | st.just("SF1")),
        "events": draw(st.sampled_from([[], [{"at": now - timedelta(days=draw(days)), "text": "到达"}]])),
        "eta": draw(st.none() | st.integers(-5, 5).map(lambda n: now + timedelta(days=n))),
    }
    request = {
        "id": "as1",
        "kind": "refund",
        "status": draw(st.sampled_from(["processing", "refunded", "rejected", "closed"])),
    }
    return Order.model_validate(
        {
            "id": "o1",
            "status": status,
            "created_at": now - timedelta(days=60),
            "ship_by": draw(st.none() | st.integers(-5, 5).map(lambda n: now + timedelta(days=n))),
            "delivered_at": None if ago is None else now - timedelta(days=ago),
            "total": total,
            "items": items,
            "shipments": [parcel] if draw(st.booleans()) else [],
            "after_sales": [request] if draw(st.booleans()) else [],
        }
    )


def _gift(minor: int) -> dict[str, Any]:
    return {"within_days": 1, "cutoff": "18:00", "worth": Money.from_minor(minor, "CNY").model_dump(mode="json")}


terms = st.fixed_dictionaries(
    {},
    optional={
        "return_days": st.none() | days,
        "return_label": st.sampled_from([None, "prepaid", "buyer"]),
        "fault_label": st.sampled_from([None, "shop"]),
        "exchange": st.booleans(),
        "reship": st.sampled_from([None, {"within_days": 1, "cutoff": "18:00"}]),
        "keep_refund_percent": st.none() | st.integers(1, 100),
        "refund_lost": st.booleans(),
        "stalled_after_days": st.none() | days,
        "photo_required": st.booleans(),
        "price_protection_days": st.none() | days,
        "hold_minutes": st.sampled_from([None, 60]),
        "address_change": st.sampled_from([None, "never", "until_shipped"]),
        "warranty_days": st.none() | days,
        "repair": st.sampled_from([None, "shop", "buyer"]),
        "invoice": st.sampled_from(
            [None, {"kind": "electronic", "where": "chat", "issue": {"within_days": 1, "cutoff": "18:00"}}]
        ),
        "gift": st.none() | amounts.map(_gift),
    },
)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_option_outside_its_condition_or_above_the_ceiling_is_offered(data: Any, a: Any, playbooks: Any) -> None:
    issue = data.draw(st.sampled_from(ISSUES))
    order = data.draw(orders(a.NOW))
    limit = data.draw(st.none() | amounts)
    authority = Authority(per_order=None if limit is None else Money.from_minor(limit, "CNY"))
    situation = a.situation(
        issue,
        about=order,
        terms=data.draw(terms),
        photos=data.draw(st.integers(0, 1)),
        authority=authority,
        text=data.draw(st.sampled_from(TEXTS)),
    )
    plan = decide(playbooks, situation)
    if isinstance(plan, NoPlan):
        return
    _is_grounded(plan)
    playbook = playbooks.by_issue[Issue(issue)]
    seen = scope_of(playbooks, playbook, situation).seen
    for option in plan.options:
        rules = [one for one in playbook.options.values() if one.key == option.key]
        assert any(one.when.holds(seen) is True for one in rules), option.key
        _is_within(option, rules, limit)
        _obeys_the_shop(option.key, situation)


def _is_grounded(plan: Plan) -> None:
    assert set(plan.points) <= set(plan.facts)
    assert {promise.fact for promise in plan.promises} <= set(plan.facts)
    assert {id for option in plan.options for id in option.facts} <= set(plan.facts)
    assert [option.id for option in plan.options] == list("ABC")[: len(plan.options)]
    assert len({option.key for option in plan.options}) == len(plan.options)
    assert bool(plan.options) == (plan.act is Act.OFFER)
    assert bool(plan.asks) == (plan.act is Act.ASK)


def _is_within(option: Any, rules: list[Any], limit: int | None) -> None:
    if option.cost is None or option.cost.minor == 0:
        assert option.key in FREE or option.cost is not None
        return
    if any(one.rule.entitled for one in rules):
        return
    assert limit is not None
    assert option.cost.minor <= limit


def _obeys_the_shop(key: str, situation: Any) -> None:
    """What the shop did not decide is not offered: said again here, apart from the playbooks' own conditions."""
    shop, order = situation.terms, situation.chosen_order
    if key in ("reship", "send_missing"):
        assert shop.reship is not None
    if key == "refund_keep":
        assert shop.keep_refund_percent is not None
    if key == "refund_full":
        assert shop.refund_lost
    decided = {
        "resend_gift": shop.gift,
        "change_address": shop.address_change == "until_shipped" and order.status.value == "to_ship",
        "repair": shop.repair is not None and shop.warranty_days is not None,
        "invoice": shop.invoice,
    }
    assert decided.get(key, True)
    if key in ("return_refund", "exchange"):
        assert shop.return_days is not None
        assert (situation.now - order.delivered_at).days <= shop.return_days
    if key == "cancel_refund":
        assert order.status.value == "to_ship"
    if key not in ("cancel_refund", "change_address", "resend_gift", "invoice"):
        assert order.status.value not in ("unpaid", "to_ship", "cancelled")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_the_same_situation_gives_the_same_plan(data: Any, a: Any, playbooks: Any) -> None:
    situation = a.situation(data.draw(st.sampled_from(ISSUES)), about=data.draw(orders(a.NOW)), terms=data.draw(terms))
    assert decide(playbooks, situation) == decide(playbooks, situation)
