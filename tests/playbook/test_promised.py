"""What is said after a colleague's promise that has not come, and of requests that are under way."""

from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.case import Case, Commitment, CommitmentState, Option
from copilot.domain.issue import Inquiry, Issue
from copilot.domain.money import Money
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook import decide


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert not isinstance(plan, NoPlan), plan
    return plan


def owing(a: Any, what: str, issue: Issue = Issue.DAMAGED, amount: str | None = None, hours: float = -5) -> Case:
    money = Money(amount=amount, currency="CNY") if amount else None
    state = CommitmentState.BROKEN if hours < 0 else CommitmentState.OWED
    return Case(
        issue=issue, commitments=(Commitment(what=what, amount=money, due=a.NOW + timedelta(hours=hours), state=state),)
    )


def chasing(a: Any, case: Case, wish: str, **more: Any) -> Any:
    return a.situation(about=more.pop("about", a.order()), turn="chase", case=case, read={"wish": wish}, **more)


@pytest.mark.parametrize(
    ("wish", "what", "thing"),
    [
        ("owed_money", "refund", "refund"),
        ("owed_money", "compensate", "compensate"),
        ("owed_goods", "reship", "reship"),
        ("owed_label", "send", "label"),
        ("way_label", "send", "label"),
        ("owed_tracking", "contact", "tracking"),
        ("owed_voucher", "compensate", "voucher"),
        ("owed_call", "contact", "call"),
    ],
)
def test_what_was_promised_and_is_late_is_owned_up_to_by_its_name(
    a: Any, playbooks: Any, wish: str, what: str, thing: str
) -> None:
    plan = planned(playbooks, chasing(a, owing(a, what), wish))
    assert (plan.act, plan.scene, plan.facts["promise.thing"].value) == (Act.HOLD, "given_word", thing)
    assert [one.what for one in plan.promises] == ["hold"]


def test_its_sum_is_named(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, chasing(a, owing(a, "refund", amount="10"), "owed_money"))
    assert plan.facts["promise.amount"].value == {"amount": "10", "currency": "CNY"}
    assert "promise.amount" in plan.points


def test_before_its_time_nothing_is_owned_up_to(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, chasing(a, owing(a, "refund", hours=3), "owed_money"))
    assert plan.scene == "about_chosen"


@pytest.mark.parametrize("wish", ["owed_money", "overdue_money"])
def test_a_request_under_way_does_not_hide_that_the_time_has_passed(a: Any, playbooks: Any, wish: str) -> None:
    request = {"id": "4037", "kind": "return", "status": "returned_received", "received_at": a.NOW - timedelta(days=3)}
    about = a.order(after_sales=[request])
    plan = planned(playbooks, chasing(a, owing(a, "refund", Issue.REFUND_STATUS), wish, about=about))
    assert (plan.act, plan.scene) == (Act.HOLD, "overdue")
    # In time, or with the money gone, it is told how far it is.
    plan = planned(playbooks, chasing(a, Case(issue=Issue.REFUND_STATUS), "owed_money", about=about))
    assert plan.scene == "received"


@pytest.mark.parametrize(
    ("text", "kind", "scene"),
    [
        ("退货寄出了 顺丰 SF1599900887766 几天能退款啊", "return", "sent_back"),
        ("dropped it off at ups this morning, when's my refund", "return", "sent_back"),
        ("退货同意了吗", "return", "in_progress"),
        ("我申请的退款怎么还没好", "refund", "in_progress"),
    ],
)
@pytest.mark.parametrize("issue", ["refund_status", "return_exchange"])
def test_who_has_sent_it_back_is_not_told_to_send_it(
    a: Any, playbooks: Any, text: str, kind: str, scene: str, issue: str
) -> None:
    request = {"id": "4037", "kind": kind, "status": "approved", "amount": {"amount": "59.90", "currency": "CNY"}}
    plan = planned(playbooks, a.situation(issue, about=a.order(after_sales=[request]), text=text))
    assert plan.scene == scene


def test_when_the_other_one_of_an_exchange_leaves_is_found_out(a: Any, playbooks: Any) -> None:
    request = {"id": "4037", "kind": "exchange", "status": "processing", "received_at": a.NOW - timedelta(days=2)}
    plan = planned(
        playbooks, a.situation("return_exchange", about=a.order(after_sales=[request]), text="新的什么时候发")
    )
    assert (plan.scene, [one.what for one in plan.promises]) == ("swap_when", ["hold"])
    del request["received_at"]
    plan = planned(playbooks, a.situation("return_exchange", about=a.order(after_sales=[request]), text="换货到哪了"))
    assert plan.scene == "in_progress"


@pytest.mark.parametrize(
    ("text", "scene"),
    [
        ("我不要了 拦下来", "stop_parcel"),
        ("到了我不签收的", "stop_parcel"),
        ("can you intercept it", "stop_parcel"),
        ("退款怎么还没好", "in_progress"),
    ],
)
def test_a_parcel_that_is_to_be_stopped_is_spoken_of(a: Any, playbooks: Any, text: str, scene: str) -> None:
    request = {"id": "4037", "kind": "refund", "status": "pending"}
    plan = planned(playbooks, a.situation("refund_status", about=a.shipped(after_sales=[request]), text=text))
    assert plan.scene == scene
    if scene == "stop_parcel":
        assert any(id.endswith("last_event.at") for id in plan.points)


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("i dont want to return the whole kit over a glue", False),
        ("不想寄回 太折腾了", False),
        ("i'd rather not send it back", False),
        ("退货太麻烦了吧", False),
        ("开胶了 怎么办", True),
        ("i want to return it", True),
    ],
)
def test_a_way_back_that_was_refused_is_not_offered_again(a: Any, playbooks: Any, text: str, back: bool) -> None:
    plan = planned(playbooks, a.situation("quality_defect", about=a.order(), photos=1, text=text))
    assert plan.act is Act.OFFER
    assert any(one.action in ("exchange", "return_refund", "repair") for one in plan.options) is back


def test_an_offer_in_words_with_the_goods_sent_back_is_the_return(a: Any, playbooks: Any) -> None:
    said = "we can refund you in full, you'd just need to post them back and we cover the postage"
    option = Option(id="A", key="refund", title="we can refund you in full", text=said, action="")
    asked = {"turn": "answer", "case": Case(issue=Issue.QUALITY_DEFECT, offered=(option,))}
    asked |= {"read": {"inquiry": Inquiry(topics=("when", "cost"))}, "terms": {"fault_label": "shop"}}
    plan = planned(playbooks, a.situation(about=a.order(), **asked))
    assert [one.option.action for one in plan.told] == ["return_refund"]
    assert "cost" in plan.told[0].topics
