import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.case import Case, CaseState, Commitment, CommitmentState, Option, OrderChoice, OrderWhy
from copilot.domain.issue import Evidence, Issue, IssueReading
from copilot.domain.order import Order
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook import decide

RESHIP = Option(id="A", key="reship", title="补发", action="reship")
ORDER = "6938166200417709313"
RETURN = Option(id="A", key="return_refund", title="退货退款", action="return_refund")
KEEP = Option(id="B", key="refund_keep", title="部分退款", action="refund")


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan), plan
    return plan


def silent(playbooks: Any, situation: Any) -> NoPlan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, NoPlan), plan
    return plan


def case(issue: str = "damaged", **more: Any) -> Case:
    values: dict[str, Any] = {"issue": Issue(issue)}
    return Case(**(values | more))


@pytest.mark.parametrize("risk", ["injury", "safety", "self_harm"])
def test_danger_goes_to_a_supervisor_without_options(risk: str, a: Any, playbooks: Any) -> None:
    plan = silent(playbooks, a.situation("damaged", about=a.order(), photos=1, risks=["review_threat", risk]))
    assert plan.reason is Reason.PERSON_NEEDED
    assert plan.escalation is not None
    assert (plan.escalation.to, plan.escalation.why) == ("supervisor", risk)


def test_a_threat_changes_nothing(a: Any, playbooks: Any) -> None:
    calm = planned(playbooks, a.situation("damaged", about=a.order(), photos=1))
    for risk in ("review_threat", "platform_complaint", "regulator", "media", "chargeback", "lawyer", "minor"):
        plan = planned(playbooks, a.situation("damaged", about=a.order(), photos=1, risks=[risk]))
        facts = {id: fact for id, fact in plan.facts.items() if id != "turn.dispute"}
        assert plan.model_copy(update={"facts": facts}) == calm


@pytest.mark.parametrize(
    ("risk", "heard"),
    [
        ("chargeback", "chargeback"), ("regulator", "regulator"), ("lawyer", "lawyer"),
        ("review_threat", None), ("platform_complaint", None), ("media", None),
    ],
)  # fmt: skip
def test_a_threat_to_go_elsewhere_is_known_and_one_of_a_review_is_not(
    risk: str, heard: str | None, a: Any, playbooks: Any
) -> None:
    plan = planned(playbooks, a.situation("damaged", about=a.order(), photos=1, risks=[risk]))
    fact = plan.facts.get("turn.dispute")
    assert (fact.value if fact else None) == heard


def test_who_gives_up_is_left_in_peace(a: Any, playbooks: Any) -> None:
    offered = case(offered=(RESHIP, KEEP), empathy_given=True)
    read = {"refused_all": True, "let_go": True}
    plan = planned(playbooks, a.situation(about=a.order(), turn="choice", photos=1, case=offered, read=read))
    assert (plan.act, plan.scene, plan.options, plan.asks, plan.promises) == (Act.ACKNOWLEDGE, "let_go", (), (), ())
    assert plan.escalation is None


def test_who_keeps_goods_that_nobody_offered_to_take_back_is_left_in_peace(a: Any, playbooks: Any) -> None:
    read = {"refused_all": True, "let_go": True}
    plan = planned(playbooks, a.situation(about=a.order(), turn="choice", read=read, case=case()))
    assert (plan.act, plan.scene, plan.options, plan.asks) == (Act.ACKNOWLEDGE, "let_go", (), ())


@pytest.mark.parametrize(
    ("picked", "wish", "untold"),
    [("A", "", "sent"), ("B", "", "money_when"), (None, "owed_goods", "sent"), (None, "owed_money", "money_when")],
)
def test_what_was_agreed_and_is_asked_after_is_found_out(
    picked: str | None, wish: str, untold: str, a: Any, playbooks: Any
) -> None:
    agreed = case(offered=(RESHIP, KEEP), chosen=picked, state="waiting_us")
    plan = planned(playbooks, a.situation(about=a.order(), turn="chase", case=agreed, read={"wish": wish}))
    assert (plan.act, plan.scene, plan.untold, plan.options) == (Act.HOLD, "about_chosen", (untold,), ())


@pytest.mark.parametrize("issue", ["damaged", "quality_defect", "missing_item", "wrong_item"])
@pytest.mark.parametrize(("wish", "promises"), [("photo_later", ()), ("photo_none", ("hold",))])
def test_a_photo_is_not_asked_for_where_it_comes_later_or_never(
    issue: str, wish: str, promises: tuple[str, ...], a: Any, playbooks: Any
) -> None:
    plan = planned(playbooks, a.situation(issue, about=a.order(), read={"wish": wish}))
    assert (plan.act, plan.scene, plan.asks) == (Act.ACKNOWLEDGE, wish, ())
    assert tuple(one.what for one in plan.promises) == promises
    assert (plan.escalation is not None) is bool(promises)
    assert planned(playbooks, a.situation(issue, about=a.order(), photos=1, read={"wish": wish})).scene != wish


@pytest.mark.parametrize(
    ("wish", "untold"),
    [("way_postage", "postage"), ("way_address", "address"), ("way_pickup", "pickup"), ("way_label", "label")],
)
def test_what_a_colleague_left_open_of_the_way_back_is_found_out(
    wish: str, untold: str, a: Any, playbooks: Any
) -> None:
    taken, terms = case("return_exchange"), {"return_label": None}
    asked = a.situation(about=a.order(), turn="chase", case=taken, terms=terms, read={"wish": wish})
    plan = planned(playbooks, asked)
    assert (plan.act, plan.untold, plan.options) == (Act.HOLD, (untold,), ())


def test_all_that_is_asked_of_the_way_back_is_found_out_at_once(a: Any, playbooks: Any) -> None:
    taken, read = case("return_exchange"), {"wish": "way_postage"}
    text = "退货地址发我下 运费要我出么"
    plan = planned(playbooks, a.situation(about=a.order(), turn="chase", case=taken, read=read, text=text))
    assert plan.untold == ("postage", "address")


def test_how_a_return_is_handed_in_is_told_while_it_can_be(a: Any, playbooks: Any) -> None:
    taken, read = case("return_exchange"), {"wish": "way_apply"}
    plan = planned(playbooks, a.situation(about=a.order(), turn="chase", case=taken, read=read))
    assert (plan.act, plan.scene, plan.options) == (Act.ANSWER, "apply", ())
    late = a.order(delivered_at="2026-10-01T14:20:00+08:00")
    plan = planned(playbooks, a.situation(about=late, turn="chase", case=taken, read=read))
    assert (plan.act, plan.scene) == (Act.DECLINE, "too_late")


def test_what_has_passed_is_taken_note_of(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation(about=a.order(), turn="closing", read={"settled": True}, case=case()))
    assert (plan.act, plan.scene, plan.options, plan.asks) == (Act.ACKNOWLEDGE, "settled", (), ())


@pytest.mark.parametrize(
    ("turn", "issues", "act"),
    [
        ("thanks", (), "welcome"),
        ("closing", (), "farewell"),
        ("new_issue", ("greeting",), "greet"),
        ("small_talk", ("greeting",), "greet"),
        ("new_issue", ("thanks",), "welcome"),
    ],
)
def test_polite_turns(turn: str, issues: tuple[str, ...], act: str, a: Any, playbooks: Any) -> None:
    assert planned(playbooks, a.situation(*issues, turn=turn)).act.value == act


@pytest.mark.parametrize(
    ("turn", "issues", "reason"),
    [
        ("small_talk", (), "nothing_to_answer"),
        ("new_issue", (), "unclear"),
        ("answer", ("unclear",), "unclear"),
        ("new_issue", ("abuse",), "person_needed"),
        ("answer", (), "answer_noted"),
        ("choice", (), "unclear"),
    ],
)
def test_silence_has_a_reason(turn: str, issues: tuple[str, ...], reason: str, a: Any, playbooks: Any) -> None:
    assert silent(playbooks, a.situation(*issues, turn=turn)).reason.value == reason


def test_a_choice_confirms_exactly_that_option(a: Any, playbooks: Any) -> None:
    offered = case(offered=(RESHIP, KEEP), empathy_given=True)
    for picked, key, promised in (("A", "reship", ["option.reship"]), ("B", "refund_keep", ["option.refund_keep"])):
        plan = planned(
            playbooks, a.situation(about=a.order(), turn="choice", case=offered, read={"choice": (picked,)}, photos=0)
        )
        assert plan.act is Act.CONFIRM
        assert plan.chosen is not None
        assert (plan.chosen.id, plan.chosen.key) == (picked, key)
        assert plan.options == ()
        assert not plan.empathy
        assert [one.what for one in plan.promises] == promised
        assert {id.split(".")[1] for id in plan.facts if id.startswith("option.")} == {key}


def test_what_a_person_must_do_is_owed_by_the_time_we_would_come_back(a: Any, playbooks: Any) -> None:
    offered = case(offered=(RESHIP, KEEP), empathy_given=True)
    plan = planned(playbooks, a.situation(about=a.order(), turn="choice", case=offered, read={"choice": ("B",)}))
    (promise,) = plan.promises
    assert promise.fact == "option.refund_keep.amount"
    assert promise.due > a.NOW
    # The buyer has the next move: nothing is owed before the goods are on their way.
    back = case(offered=(RETURN,), empathy_given=True)
    plan = planned(playbooks, a.situation(about=a.order(), turn="choice", case=back, read={"choice": ("A",)}))
    assert (plan.act, plan.promises) == (Act.CONFIRM, ())


@pytest.mark.parametrize("state", [CommitmentState.OWED, CommitmentState.BROKEN])
@pytest.mark.parametrize("what", ["option.reship", "refund"])
def test_while_a_remedy_is_promised_nothing_more_is_offered(a: Any, playbooks: Any, state: Any, what: str) -> None:
    promised = case(commitments=(Commitment(what=what, due=a.NOW + timedelta(hours=1), order=ORDER, state=state),))
    plan = planned(playbooks, a.situation("damaged", about=a.order(), photos=1, case=promised))
    assert (plan.act, plan.options) == (Act.HOLD, ())


@pytest.mark.parametrize(("issue", "again"), [("refund_request", False), ("missing_item", True)])
def test_a_wish_for_money_means_what_another_case_promised(a: Any, playbooks: Any, issue: str, again: bool) -> None:
    promise = Commitment(what="option.refund_keep", order=ORDER, state=CommitmentState.BROKEN)
    promised = case(commitments=(promise,), state=CaseState.WAITING_US)
    plan = planned(playbooks, a.situation(issue, about=a.order(), photos=1, cases=(promised,)))
    assert bool(plan.options) is again


@pytest.mark.parametrize(
    "promise",
    [
        Commitment(what="option.reship", order=ORDER, state=CommitmentState.DONE),
        Commitment(what="option.reship", order="another", state=CommitmentState.OWED),
        Commitment(what="hold", order=ORDER, state=CommitmentState.OWED),
    ],
)
def test_a_promise_that_is_kept_or_about_something_else_forbids_no_offer(a: Any, playbooks: Any, promise: Any) -> None:
    plan = planned(playbooks, a.situation("damaged", about=a.order(), photos=1, case=case(commitments=(promise,))))
    assert plan.act is Act.OFFER


def test_a_choice_keeps_the_date_that_was_promised(a: Any, playbooks: Any) -> None:
    due = a.NOW + timedelta(hours=1)
    kept = case(offered=(RESHIP,), commitments=(Commitment(what="option.reship", due=due),))
    plan = planned(playbooks, a.situation(about=a.order(), turn="choice", case=kept, read={"choice": ("A",)}))
    assert plan.promises[0].due == due
    said = RESHIP.model_copy(update={"text": "重新寄一套,11月25日发出"})
    plan = planned(
        playbooks, a.situation(about=a.order(), turn="choice", case=case(offered=(said,)), read={"choice": ("A",)})
    )
    assert plan.promises[0].due.isoformat() == "2026-11-25T18:00:00+08:00"


def test_what_an_agent_offered_in_words_is_found_by_its_amount(a: Any, playbooks: Any) -> None:
    spoken = Option(id="B", key="refund", title="好的两只您留着用", text="好的两只您留着用,退您29.95元", action="")
    plan = planned(
        playbooks, a.situation(about=a.order(), turn="choice", case=case(offered=(spoken,)), read={"choice": ("B",)})
    )
    assert plan.chosen is not None
    assert plan.chosen.key == "refund_keep"
    assert plan.facts["option.refund_keep.amount"].value == {"amount": "29.95", "currency": "CNY"}


def test_an_offer_nobody_can_place_is_confirmed_without_facts(a: Any, playbooks: Any) -> None:
    gift = Option(id="A", key="gift", title="送一只杯垫", action="")
    plan = planned(
        playbooks, a.situation(about=a.order(), turn="choice", case=case(offered=(gift,)), read={"choice": ("A",)})
    )
    assert plan.chosen == gift.model_copy(update={"id": ""}), "offered plainly, it had no letter"
    assert not [id for id in plan.facts if id.startswith("option.")]
    assert [one.what for one in plan.promises] == ["option.gift"], "and is to be kept all the same"


def test_either_is_fine_is_asked_about(a: Any, playbooks: Any) -> None:
    both = case(offered=(RESHIP, KEEP))
    plan = planned(playbooks, a.situation(about=a.order(), turn="choice", case=both, read={"choice": ("A", "B")}))
    assert (plan.act, plan.scene, plan.asks) == (Act.ASK, "choice", ("choice",))
    assert [one.id for one in plan.options] == ["A", "B"]


def test_all_refused_tells_the_agent_what_was_not_offered(a: Any, playbooks: Any) -> None:
    situation = a.situation(
        about=a.order(), turn="choice", photos=1, case=case(offered=(KEEP,)), read={"refused_all": True}
    )
    plan = planned(playbooks, situation)
    assert (plan.act, plan.scene) == (Act.ACKNOWLEDGE, "refused_all")
    assert plan.options == ()
    assert plan.points == ("hold.return_at",)
    assert {one.key for one in plan.not_offered if one.reason == "not_asked_for"} == {"reship", "return_refund"}


def test_all_refused_and_nothing_left_is_a_person_s_turn(a: Any, playbooks: Any) -> None:
    back = Option(id="C", key="return_refund", title="退货", action="return_refund")
    situation = a.situation(
        about=a.order(), turn="choice", photos=1, case=case(offered=(RESHIP, KEEP, back)), read={"refused_all": True}
    )
    plan = planned(playbooks, situation)
    assert plan.options == ()
    assert [one.what for one in plan.promises] == ["hold"]
    assert plan.escalation is not None


def test_empathy_once_per_case_and_only_for_harm(a: Any, playbooks: Any) -> None:
    assert planned(playbooks, a.situation("damaged", about=a.order(), photos=1)).empathy
    told = case(empathy_given=True)
    assert not planned(playbooks, a.situation("damaged", about=a.order(), photos=1, case=told)).empathy
    assert not planned(playbooks, a.situation("logistics_query", about=a.shipped())).empathy


def test_the_third_hold_is_a_person_s_turn(a: Any, playbooks: Any) -> None:
    order = a.shipped(shipments=[])
    for holds, expected in ((0, Plan), (1, Plan), (2, NoPlan)):
        plan = decide(playbooks, a.situation(turn="chase", about=order, case=case("logistics_query", holds=holds)))
        assert isinstance(plan, expected)
        if isinstance(plan, NoPlan):
            assert plan.reason is Reason.WAITING_FOR_US


def test_a_late_answer_is_not_promised_a_third_time(a: Any, playbooks: Any) -> None:
    late = a.shipped(shipments=[a.parcel(eta_in=-2)])
    plan = silent(playbooks, a.situation(turn="chase", about=late, case=case("logistics_query", holds=2)))
    assert plan.reason is Reason.WAITING_FOR_US


def test_a_chase_is_told_how_things_stand_instead_of_new_offers(a: Any, playbooks: Any) -> None:
    waiting = case(state=CaseState.WAITING_US, answered={"photo": "1"})
    plan = planned(playbooks, a.situation(turn="chase", about=a.order(), case=waiting))
    assert (plan.act, plan.scene, plan.options) == (Act.HOLD, "checking", ())
    stuck = a.shipped(shipments=[a.parcel(days_still=6, eta_in=-2)])
    moved = case("logistics_query", state=CaseState.WAITING_US)
    assert planned(playbooks, a.situation(turn="chase", about=stuck, case=moved)).scene == "stalled"


def test_an_answer_we_cannot_use_is_for_a_person(a: Any, playbooks: Any) -> None:
    two = a.order(items=[{"product_id": "p1", "name": "杯子"}, {"product_id": "p2", "name": "盘子"}])
    asked = case(asked_for=("product",), answered={"photo": "1"})
    situation = a.situation(turn="answer", about=two, case=asked, read={"answered": {"product": "那个"}}, text="那个")
    assert silent(playbooks, situation).reason is Reason.ANSWER_NOTED


def test_the_line_is_found_by_the_buyer_s_word_for_it(a: Any, playbooks: Any) -> None:
    price = {"amount": "20.00", "currency": "CNY"}
    two = a.order(
        items=[
            {"product_id": "p1", "name": "陶瓷杯子", "price": price},
            {"product_id": "p2", "name": "陶瓷盘子", "price": price},
        ]
    )
    asked = planned(playbooks, a.situation("damaged", about=two, photos=1, text="陶瓷的碎了"))
    assert (asked.scene, asked.asks) == ("ask_product", ("product",))
    found = planned(playbooks, a.situation("damaged", about=two, photos=1, text="盘子碎了"))
    assert found.facts["case.item.name"].value == "陶瓷盘子"
    assert found.facts["option.refund_keep.amount"].value == {"amount": "10.00", "currency": "CNY"}


def test_the_line_is_the_one_named_with_the_matter(a: Any, playbooks: Any) -> None:
    names = ("Bath Mat", "Glass Soap Dispenser", "Cotton Towel 2-pack")
    several = a.order(items=[{"product_id": name, "name": name} for name in names])
    text = "the soap dispenser is in pieces, glass all over the towels"
    read = a.situation("damaged", about=several, photos=1, text=text, language="en")
    assert read.item is None
    evidence = Evidence(start=0, end=34, text="the soap dispenser is in pieces")
    issue = IssueReading(issue=Issue.DAMAGED, confidence=0.9, evidence=evidence)
    told = read.understanding.model_copy(update={"issues": (issue,)})
    assert dataclasses.replace(read, understanding=told).item.name == "Glass Soap Dispenser"


def test_further_issues_are_named_unless_the_answer_settles_them(a: Any, playbooks: Any) -> None:
    order = a.order()
    both = planned(playbooks, a.situation("damaged", "invoice", about=order, photos=1))
    assert both.secondary == (Issue.INVOICE,)
    same = planned(playbooks, a.situation("refund_request", "damaged", about=order, photos=1))
    assert (same.issue, same.secondary) == (Issue.DAMAGED, ())
    vague = planned(playbooks, a.situation("not_as_described", "missing_item", about=order, photos=1))
    assert (vague.issue, vague.secondary) == (Issue.MISSING_ITEM, ())
    pot = Order.model_validate({"id": "2", "status": "to_ship", "items": [{"name": "不粘炒锅"}]})
    other = a.situation(
        "damaged", "delivery_delay", about=order, orders=(order, pot), photos=1, text="杯子碎了,炒锅还没发"
    )
    plan = planned(playbooks, other)
    assert plan.secondary == (Issue.DELIVERY_DELAY,)
    assert plan.facts["secondary.item"].value == "不粘炒锅"


def test_a_wish_that_an_offered_option_fulfils_is_not_named_as_open(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("delivery_delay", "cancel_order", "invoice", about=a.to_ship(ship_in=-1)))
    assert "cancel_refund" in {option.action for option in plan.options}
    assert plan.secondary == (Issue.INVOICE,)
    plan = planned(playbooks, a.situation("delivery_delay", "address_change", about=a.to_ship(ship_in=-1)))
    assert plan.secondary == (Issue.ADDRESS_CHANGE,)


def test_an_issue_without_an_answer_steps_back(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("shipping_time", "off_platform_request"))
    assert (plan.issue, plan.secondary) == (Issue.OFF_PLATFORM_REQUEST, (Issue.SHIPPING_TIME,))


@pytest.mark.parametrize("issue", ["complaint", "unclear"])
def test_vague_words_are_about_the_open_case(issue: str, a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation(issue, about=a.shipped(), case=case("logistics_query")))
    assert plan.scene == "in_transit"
    assert not plan.secondary


def test_a_complaint_without_a_case_is_about_what_the_order_shows(a: Any, playbooks: Any) -> None:
    request = {"id": "as1", "kind": "refund", "status": "processing"}
    for order, scene in (
        (a.order(after_sales=[request]), "in_progress"),
        (a.to_ship(ship_in=-1), "ship_late"),
        (a.shipped(shipments=[a.parcel(eta_in=-2)]), "in_transit_late"),
    ):
        assert planned(playbooks, a.situation("complaint", about=order)).scene == scene
    for order in (a.order(), a.to_ship(), None):
        assert planned(playbooks, a.situation("complaint", about=order)).scene == "ask_matter"


def test_what_is_not_as_described_goes_back_at_the_shop_s_cost(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("not_as_described", about=a.order()))
    assert (plan.issue, plan.scene) == (Issue.NOT_AS_DESCRIBED, "within_window")
    assert plan.facts["option.return_refund.label"].value == "shop"


def test_an_earlier_photo_is_neither_asked_for_nor_mentioned_again(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("damaged", about=a.order(), case=case(answered={"photo": "1"})))
    assert plan.scene == "decide"
    assert "turn.photo" not in plan.facts


@pytest.mark.parametrize("signs", ["444", "???", "？", "1", "...", "👋"])
@pytest.mark.parametrize("turn", ["new_issue", "answer"])
def test_an_opening_that_says_nothing_is_welcomed(signs: str, turn: str, a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation(turn=turn, text=signs, opening=True))
    assert (plan.act, plan.scene) == (Act.GREET, "greeting")


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("444", {"opening": False}),
        ("577408813309944127", {}),
        ("帮我弄一下那个", {}),
        ("", {}),
        ("???", {"photos": 1}),
    ],
)
def test_everything_else_that_is_not_understood_stays_silent(
    text: str, more: dict[str, Any], a: Any, playbooks: Any
) -> None:
    silent(playbooks, a.situation(text=text, **({"opening": True} | more)))


def test_another_parcel_that_is_late_too_is_named_as_open(a: Any, playbooks: Any) -> None:
    late = a.shipped(id="6938166200417709399", items=[{"product_id": "p9", "name": "羊毛围巾"}])
    raised = a.situation(
        "not_received",
        "delivery_delay",
        about=a.order(),
        text="显示签收但没有,另一个包裹也晚了",
        orders=(a.order(), late),
    )
    plan = planned(playbooks, raised)
    assert [issue.value for issue in plan.secondary] == ["delivery_delay"]
    assert plan.facts["secondary.item"].value == "羊毛围巾"

    alone = a.situation("not_received", "delivery_delay", about=a.order(), text="显示签收但没有,也太晚了")
    assert planned(playbooks, alone).secondary == ()


def test_a_yes_to_what_only_the_colleague_knows_opens_no_other_offer(a: Any, playbooks: Any) -> None:
    unknown = case(issue="not_as_described")
    said = a.situation(about=a.order(), turn="answer", case=unknown, text="好的")
    assert decide(playbooks, said) == NoPlan(reason=Reason.ANSWER_NOTED)
    shown = a.situation(about=a.order(), turn="answer", case=unknown, text="", photos=1)
    assert planned(playbooks, shown).act is Act.OFFER


def test_what_is_raised_beside_a_choice_is_named_as_open(a: Any, playbooks: Any) -> None:
    scarf = a.to_ship(id="6938166200417709398", items=[{"product_id": "p9", "name": "羊毛围巾"}])
    offered = case(offered=(RESHIP, KEEP), empathy_given=True)
    chosen = a.situation(
        "shipping_time",
        about=a.order(),
        turn="choice",
        case=offered,
        read={"choice": ("B",)},
        text="B吧 另外围巾啥时候发",
        orders=(a.order(), scarf),
    )
    plan = planned(playbooks, chosen)
    assert (plan.act, plan.options, [issue.value for issue in plan.secondary]) == (Act.CONFIRM, (), ["shipping_time"])
    assert plan.facts["secondary.item"].value == "羊毛围巾"


@pytest.mark.parametrize(
    ("text", "payer"),
    [
        ("您寄回来给您退全款", "shop"),
        ("寄回给您退全款,运费得您出", "buyer"),
        ("You can return it, you'd pay the shipping yourself", "buyer"),
        ("send it back, you would just need to cover postage", "buyer"),
        ("您寄回来给您退全款,运费您先垫一下", None),
        ("return it, pay the postage upfront and we reimburse you", None),
    ],
)
def test_who_pays_the_way_back_is_as_the_colleague_said(text: str, payer: str | None, a: Any, playbooks: Any) -> None:
    option = Option(id="A", key="return", title="退货退款", text=text, action="")
    chosen = a.situation(
        about=a.order(), turn="choice", case=case("not_as_described", offered=(option,)), read={"choice": ("A",)}
    )
    facts = planned(playbooks, chosen).facts
    assert (facts["option.return_refund.label"].value if "option.return_refund.label" in facts else None) == payer


def test_a_sum_that_only_the_colleague_named_is_theirs(a: Any, playbooks: Any) -> None:
    option = Option(id="A", key="refund", title="退20元", text="给您退20元,东西您留着", action="")
    chosen = a.situation(
        about=a.order(), turn="choice", case=case("not_as_described", offered=(option,)), read={"choice": ("A",)}
    )
    plan = planned(playbooks, chosen)
    assert plan.act is Act.CONFIRM
    said = plan.facts["option.own.amount"]
    assert (said.value, said.source) == ({"amount": "20", "currency": "CNY"}, "agent")


@pytest.mark.parametrize(
    ("raised", "changes", "fault"),
    [
        ("quality_defect", {}, True),
        ("wrong_item", {}, True),
        ("size_mismatch", {}, False),
        ("quality_defect", {"state": CaseState.RESOLVED}, False),
        ("quality_defect", {"order": OrderChoice(id="1", why=OrderWhy.CARD)}, False),
        ("quality_defect", {"commitments": (Commitment(what="exchange"),)}, False),
    ],
)
def test_take_it_back_about_a_fault_is_its_remedy(
    raised: str, changes: dict[str, Any], fault: bool, a: Any, playbooks: Any
) -> None:
    known = case(raised, **changes)
    said = a.situation("return_exchange", about=a.order(), case=None, cases=(known,), photos=1, text="直接退货吧")
    plan = decide(playbooks, said)
    assert isinstance(plan, Plan)
    assert (plan.issue is Issue(raised)) is fault


@pytest.mark.parametrize(
    ("request_made", "ruled"),
    [
        ({"status": "refunded", "amount": {"amount": "59.90", "currency": "CNY"}}, True),
        ({"status": "refunded", "amount": {"amount": "20.00", "currency": "CNY"}}, False),
        ({"status": "rejected", "amount": {"amount": "59.90", "currency": "CNY"}}, True),
        ({"status": "closed"}, False),
    ],
)
@pytest.mark.parametrize("issue", ["refund_request", "return_exchange", "cancel_order"])
def test_what_the_platform_has_ruled_is_told_and_not_offered_anew(
    request_made: dict[str, Any], ruled: bool, issue: str, a: Any, playbooks: Any
) -> None:
    request = {"id": "a1", "kind": "return", "refunded_at": "2026-11-22T14:40:00+08:00"} | request_made
    plan = decide(playbooks, a.situation(issue, about=a.order(after_sales=[request])))
    assert isinstance(plan, Plan)
    assert (plan.issue is Issue.REFUND_STATUS) is ruled
    assert not (ruled and plan.options)


@pytest.mark.parametrize(("raised", "what", "offers"), [("damaged", "ship", False), ("damaged", "follow_up", True)])
def test_goods_that_are_sent_again_are_offered_nothing(
    raised: str, what: str, offers: bool, a: Any, playbooks: Any
) -> None:
    known = case(raised, commitments=(Commitment(what=what),), empathy_given=True)
    plan = decide(
        playbooks,
        a.situation(raised, about=a.order(), case=known, photos=1, turn="answer", read={"answered": {"photo": "1"}}),
    )
    assert isinstance(plan, Plan)
    assert bool(plan.options) is offers


def test_a_remedy_that_is_named_while_refusing_is_planned_for(a: Any, playbooks: Any) -> None:
    """ "No, I want it exchanged" to ten yuan offers what the goods allow; a bare no asks what is wanted."""
    ten = Option(id="A", key="", title="补偿10元", action="")
    offered = case(issue="quality_defect", offered=(ten,))
    read = {"refused_all": True}
    wished = a.situation(about=a.order(), turn="choice", photos=1, case=offered, read=read, text="不行 我要换一件")
    assert planned(playbooks, wished).act is Act.OFFER
    bare = a.situation(about=a.order(), turn="choice", photos=1, case=offered, read=read, text="不行")
    assert planned(playbooks, bare).act is Act.ACKNOWLEDGE


@pytest.mark.parametrize(("state", "act"), [("broken", Act.HOLD), ("owed", Act.CONFIRM)])
def test_a_yes_that_comes_with_the_question_whether_it_left_names_no_new_day(
    a: Any, playbooks: Any, state: str, act: Act
) -> None:
    due = a.NOW + timedelta(days=-1 if state == "broken" else 1)
    promise = Commitment(what="ship", due=due, state=CommitmentState(state))
    agreed = case(offered=(RESHIP,), commitments=(promise,))
    text = "行\n杯盖发了没"
    plan = planned(
        playbooks, a.situation(about=a.order(), turn="choice", case=agreed, read={"choice": ("A",)}, text=text)
    )
    assert plan.act is act


def test_of_goods_that_have_not_left_nothing_is_wrong(a: Any, playbooks: Any) -> None:
    plan = planned(playbooks, a.situation("invoice", "wrong_item", about=a.to_ship(), text="能开发票吗 买的是220的"))
    assert plan.secondary == ()
    came = planned(playbooks, a.situation("invoice", "wrong_item", about=a.order(), text="能开发票吗 另外发错了"))
    assert Issue.WRONG_ITEM in (came.issue, *came.secondary)


@pytest.mark.parametrize(
    ("said", "scene"),
    [("就是不喜欢", "postage_own"), ("锅底掉漆了", "postage"), ("the zipper is broken", "postage")],
)
def test_the_way_back_of_what_is_at_fault_is_not_left_to_the_buyer(
    a: Any, playbooks: Any, said: str, scene: str
) -> None:
    taken, terms = case("return_exchange"), {"return_label": "buyer"}
    asked = a.situation(
        about=a.order(),
        turn="chase",
        case=taken,
        terms=terms,
        earlier=said,
        read={"wish": "way_postage"},
        text="运费呢",
    )
    assert planned(playbooks, asked).scene == scene
