"""What no fact answers is taken up as what it is, and not answered with whatever state of the order stands nearest."""

from typing import Any

import pytest

from copilot.domain.case import Case, Option, OrderChoice, OrderWhy
from copilot.domain.issue import Inquiry, Issue
from copilot.domain.order import Product
from copilot.domain.plan import Act, Plan
from copilot.playbook import decide

PICKED_UP = "已签收,您的快件已放至锦绣花园菜鸟驿站"


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan)
    return plan


def delivered_with(a: Any, words: str) -> Any:
    parcel = a.parcel()
    scanned = {**parcel, "status": "delivered", "events": [{**parcel["events"][-1], "text": words}]}
    return a.order(shipments=[scanned])


@pytest.mark.parametrize(
    ("words", "text", "scene"),
    [
        (PICKED_UP, "显示签收了我没收到啊", "at_station"),
        (PICKED_UP, "显示签收了我没收到 驿站我问过了没有", "delivered"),
        ("已签收,签收人:本人", "显示签收了我没收到啊", "delivered"),
    ],
)
def test_what_lies_at_a_pick_up_point_is_looked_for_there_first(
    a: Any, playbooks: Any, words: str, text: str, scene: str
) -> None:
    plan = planned(playbooks, a.situation("not_received", about=delivered_with(a, words), text=text))
    assert (plan.scene, plan.act) == (scene, Act.ANSWER if scene == "at_station" else Act.OFFER)
    assert bool(plan.options) is (scene == "delivered")


@pytest.mark.parametrize(("text", "scene"), [("能给我留一双吗 怕抢没了", "aside"), ("还有货吗", "not_stated")])
def test_keeping_one_back_is_asked_of_the_warehouse(a: Any, playbooks: Any, text: str, scene: str) -> None:
    boots = Product.model_validate({"id": "p", "name": "马丁靴", "status": "live", "attributes": {}})
    assert planned(playbooks, a.situation("stock", products=(boots,), text=text)).scene == scene


@pytest.mark.parametrize(("text", "scene"), [("拒收了钱什么时候退给我", "refused"), ("我想退款", "in_transit")])
def test_money_for_a_parcel_that_is_refused_has_no_day_yet(a: Any, playbooks: Any, text: str, scene: str) -> None:
    plan = planned(playbooks, a.situation("refund_request", about=a.shipped(), text=text))
    assert plan.scene == scene


@pytest.mark.parametrize(
    ("text", "scene"), [("赔了8块 我寄花了13 差的谁给我", "postage"), ("退款到账了吗", "refunded")]
)
def test_the_way_back_is_another_sum_than_the_goods(a: Any, playbooks: Any, text: str, scene: str) -> None:
    back = {
        "id": "as1", "kind": "return", "status": "refunded", "amount": {"amount": "89.00", "currency": "CNY"},
        "refunded_at": (a.NOW).isoformat(), "requested_at": a.NOW.isoformat(),
    }  # fmt: skip
    about = a.order(after_sales=[back], total={"amount": "89.00", "currency": "CNY"})
    assert planned(playbooks, a.situation("refund_status", about=about, text=text)).scene == scene


@pytest.mark.parametrize(
    ("text", "scene"), [("你们主播说满199减30 我付的时候咋没减", "paid"), ("你们主播说满199减30", "before_order")]
)
def test_who_has_paid_is_not_told_to_wait_with_ordering(a: Any, playbooks: Any, text: str, scene: str) -> None:
    assert planned(playbooks, a.situation("ad_mismatch", text=text)).scene == scene


def answered(a: Any, playbooks: Any, offered: tuple[Option, ...], *topics: str, chosen: str = "") -> Plan:
    about = a.order()
    order = OrderChoice(id=about.id, why=OrderWhy.ONLY_FIT)
    case = Case(issue=Issue.NOT_AS_DESCRIBED, order=order, offered=offered)
    read: dict[str, Any] = {"inquiry": Inquiry(topics=topics)}
    turn = "answer"
    if chosen:
        read["choice"], turn = (chosen,), "choice"
    return planned(playbooks, a.situation(about=about, case=case, cases=(case,), turn=turn, read=read, text="?"))


def test_a_part_that_a_colleague_offered_is_told_as_a_sum(a: Any, playbooks: Any) -> None:
    part = Option(id="A", key="refund", title="退您30%", text="退您30% 东西留着", action="")
    plan = answered(a, playbooks, (part,), "amount")
    assert plan.untold == ()
    amounts = [fact for id, fact in plan.facts.items() if id == "option.refund.amount"]
    assert [fact.source for fact in amounts] == ["agent"]


def test_where_goods_go_back_to_stays_open_beside_who_pays(a: Any, playbooks: Any) -> None:
    back = Option(id="A", key="return_refund", title="退货退款", text="退货退款", action="return_refund")
    plan = answered(a, playbooks, (back,), "way_back", "address")
    assert "address" in plan.untold
    assert [told.topics for told in plan.told] == [("way_back",)]


def test_the_colour_of_what_goes_out_stays_open_beside_the_choice(a: Any, playbooks: Any) -> None:
    new = Option(id="A", key="exchange", title="换一个", text="给您换一个", action="")
    money = Option(id="B", key="refund", title="退您10元", text="退您10元", action="")
    assert answered(a, playbooks, (new, money), "variant", chosen="A").untold == ("variant",)
    assert answered(a, playbooks, (new, money), "variant", chosen="B").untold == ()


def test_a_gift_that_is_not_there_sends_no_goods_back(a: Any, playbooks: Any) -> None:
    said = "直播间说买鞋送袜子的 我收到怎么没有"
    plan = planned(playbooks, a.situation("ad_mismatch", about=a.order(), text=said))
    assert (plan.scene, plan.options) == ("gift_open", ())


def test_a_code_that_is_not_taken_is_a_question_about_the_code(a: Any, playbooks: Any) -> None:
    said = "code GLOW15 isnt working says not eligible?? i saw it on ur live"
    serum = Product.model_validate({"id": "p", "name": "Serum", "status": "live", "attributes": {}})
    read = a.situation("ad_mismatch", "price_promotion", products=(serum,), language="en", text=said)
    assert planned(playbooks, read).issue is Issue.PRICE_PROMOTION


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("i ordered the 2 pack and there is only 1 bottle in the box", Issue.MISSING_ITEM),
        ("i ordered the serum and got a toner", Issue.WRONG_ITEM),
    ],
)
def test_too_few_is_no_other_thing(a: Any, playbooks: Any, text: str, issue: Issue) -> None:
    read = a.situation("wrong_item", "missing_item", about=a.order(), photos=1, language="en", text=text)
    assert planned(playbooks, read).issue is issue


@pytest.mark.parametrize("said", ["waist is like 30. which one", "my waist is 30, which"])
def test_a_measure_at_the_end_of_a_sentence_is_read(playbooks: Any, said: str) -> None:
    assert playbooks.words.measured(said)["waist"].value == 30.0
