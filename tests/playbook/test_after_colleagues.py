"""What is planned after a colleague's own words and in the middle of a matter."""

from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.case import Case, CaseState, Commitment, CommitmentState, OrderChoice, OrderWhy
from copilot.domain.issue import TOLD, Issue
from copilot.domain.order import Product
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook import decide
from copilot.playbook.options import build
from copilot.playbook.scenes import scope_of


def case_of(issue: str, about: Any, **more: Any) -> Case:
    return Case(issue=Issue(issue), order=OrderChoice(id=about.id, why=OrderWhy.ONLY_FIT), **more)


def test_a_remedy_raised_beside_the_warranty_is_the_faults(a: Any, playbooks: Any) -> None:
    about = a.order()
    fault = case_of("quality_defect", about)
    plan = decide(
        playbooks, a.situation("warranty", "return_exchange", about=about, cases=(fault,), shown=True, text="能换新吗")
    )
    assert isinstance(plan, Plan)
    assert (plan.issue, plan.act) == (Issue.QUALITY_DEFECT, Act.OFFER)


def test_money_for_a_parcel_that_never_came_is_its_remedy(a: Any, playbooks: Any) -> None:
    about = a.order()
    lost = case_of("not_received", about)
    plan = decide(playbooks, a.situation("refund_request", about=about, cases=(lost,), text="都找过了 退钱吧"))
    assert isinstance(plan, Plan)
    assert plan.issue is Issue.NOT_RECEIVED


def test_a_refund_asked_about_before_any_request_is_the_wish(a: Any, playbooks: Any) -> None:
    about = a.to_ship()
    wish = case_of("cancel_order", about)
    plan = decide(playbooks, a.situation("refund_status", about=about, cases=(wish,), text="取消吧 多久退款"))
    assert isinstance(plan, Plan)
    assert (plan.issue, plan.act, [one.key for one in plan.options]) == (
        Issue.CANCEL_ORDER,
        Act.OFFER,
        ["cancel_refund"],
    )
    # Nobody wished anything: then it is the refund that is looked for.
    alone = decide(playbooks, a.situation("refund_status", about=about, text="多久退款"))
    assert not isinstance(alone, Plan) or alone.issue is Issue.REFUND_STATUS


@pytest.mark.parametrize(("what", "state"), [("send", "owed"), ("refund", "owed")])
def test_what_a_colleague_already_gives_is_not_asked_for_again(a: Any, playbooks: Any, what: str, state: str) -> None:
    about = a.order()
    owed = Commitment(what=what, due=a.NOW + timedelta(hours=5), state=CommitmentState(state), order=about.id)
    case = case_of("missing_item", about, commitments=(owed,))
    read = {"answered": {TOLD: "红色那支"}}
    plan = decide(
        playbooks, a.situation(about=about, case=case, cases=(case,), turn="answer", read=read, text="红色那支")
    )
    assert plan == NoPlan(reason=Reason.ANSWER_NOTED)


def test_a_cancellation_taken_back_is_not_offered(a: Any, playbooks: Any) -> None:
    about = a.to_ship()
    case = case_of("cancel_order", about)
    read = {"wish": "uncancel"}
    plan = decide(
        playbooks, a.situation(about=about, case=case, cases=(case,), turn="chase", read=read, text="别取消了")
    )
    assert isinstance(plan, Plan)
    assert (plan.scene, plan.act, plan.options) == ("uncancel", Act.HOLD, ())


def test_orders_that_wait_are_told_one_by_one(a: Any, playbooks: Any) -> None:
    first = a.to_ship()
    second = a.to_ship(id="6938166200417709399", ship_in=2, items=[{"product_id": "p2", "name": "雪地靴", "sku": "27"}])
    situation = a.situation("shipping_time", text="啥时候发货 拍了两双", orders=(first, second))
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan)
    assert plan.scene == "each"
    assert {f"order.{one.id}.ship_by" for one in (first, second)} <= set(plan.facts)
    # Late ones are no list of dates.
    late = a.to_ship(id="6938166200417709399", ship_in=-1, items=[{"product_id": "p2", "name": "雪地靴"}])
    other = decide(playbooks, a.situation("shipping_time", text="啥时候发货", orders=(first, late)))
    assert not isinstance(other, Plan) or other.scene != "each"


@pytest.mark.parametrize(
    ("status", "text"),
    [("pre_transit", "Shipping label created, USPS awaiting item"), (None, "电子面单已生成,等待揽收")],
)
def test_a_label_is_no_scan(a: Any, playbooks: Any, status: str | None, text: str) -> None:
    parcel = {"carrier": "USPS", "tracking_no": "94001", "status": status, "events": [{"at": a.NOW, "text": text}]}
    plan = decide(playbooks, a.situation("delivery_delay", about=a.shipped(shipments=[parcel])))
    assert isinstance(plan, Plan)
    assert (plan.scene, plan.act) == ("unscanned", Act.HOLD)


def test_no_deadline_is_told_that_has_passed(a: Any, playbooks: Any) -> None:
    for days, told in ((9, False), (2, True)):
        about = a.order(delivered_at=a.NOW - timedelta(days=days))
        playbook = playbooks.by_issue[Issue.QUALITY_DEFECT]
        scope = scope_of(playbooks, playbook, a.situation("quality_defect", about=about, photos=1))
        built = build(playbook.options["exchange_fault"], scope.situation, scope.seen)
        assert ("option.exchange.deadline" in built.facts) is told


def test_what_is_due_is_told_to_who_chases_and_what_undoes_the_purchase_is_not(a: Any, playbooks: Any) -> None:
    about = a.order()
    looking = {"state": CaseState.WAITING_US}
    item = about.items[0]
    cheaper = Product.model_validate(
        {"id": item.product_id, "name": item.name, "status": "live", "price": {"amount": "9.90", "currency": "CNY"}}
    )
    dropped = a.situation(
        about=about,
        turn="chase",
        case=case_of("price_promotion", about, **looking),
        products=(cheaper,),
        terms={"price_protection_days": 30},
        text="到底退不退 退多少",
    )
    plan = decide(playbooks, dropped)
    assert isinstance(plan, Plan)
    assert (plan.act, [one.key for one in plan.options]) == (Act.OFFER, ["refund_difference"])
    missing = case_of("missing_item", about, **looking)
    plan = decide(playbooks, a.situation(about=about, turn="chase", case=missing, photos=1, text="看好了没"))
    assert isinstance(plan, Plan)
    assert plan.act is Act.HOLD
