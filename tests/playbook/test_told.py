"""What follows from an answer in no slot: the matter goes on, what was said before it counts, and nothing twice."""

from datetime import date
from typing import Any

import pytest

from copilot.domain.case import Case, CaseState, Commitment, CommitmentState, Option
from copilot.domain.issue import Issue, Risk
from copilot.domain.order import Product
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.domain.reason import Reason
from copilot.playbook import decide
from copilot.playbook.fit import recommend
from copilot.playbook.needs import needed

SAID = {"answered": {"told": "翻遍了,就两袋"}}
JACKET = Product.model_validate(
    {
        "id": "p-j",
        "name": "Puffer jacket",
        "status": "live",
        "attributes": {"colors": ["black", "cream"]},
        "price": {"amount": "69.00", "currency": "USD"},
        "stock": 4,
    }
)
BED = Product.model_validate(
    {
        "id": "p-b",
        "name": "Dog bed",
        "status": "live",
        "attributes": {
            "max_weight_lb_by_size": {"M": 35, "L": 65, "XL": 100},
            "diameter_in_by_size": {"M": 27, "L": 35, "XL": 42},
        },
    }
)


def case(issue: str, **more: Any) -> Case:
    return Case(**({"issue": Issue(issue)} | more))


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan), plan
    return plan


def test_what_was_tried_leads_to_the_next_step(a: Any, playbooks: Any) -> None:
    situation = a.situation(about=a.order(), turn="answer", case=case("quality_defect"), read=SAID)
    assert planned(playbooks, situation).act in (Act.ASK, Act.OFFER)


def test_a_hold_follows_once_and_not_beside_a_promise(a: Any, playbooks: Any) -> None:
    def decided(**more: Any) -> Plan | NoPlan:
        told = case("product_question", **more)
        read = {"answered": {"told": "会不会掉毛"}}
        return decide(
            playbooks, a.situation(turn="answer", case=told, read=read, text="会不会掉毛", products=(JACKET,))
        )

    first = decided()
    assert isinstance(first, Plan)
    assert first.act is Act.HOLD
    promise = Commitment(text="给您退20", what="refund", state=CommitmentState.OWED)
    for more in ({"holds": 1}, {"commitments": (promise,)}):
        assert decided(**more) == NoPlan(reason=Reason.ANSWER_NOTED)


def test_an_address_is_the_matter_itself_where_an_address_changes(a: Any, playbooks: Any) -> None:
    answered = {"answered": {"address": "湖滨路8号3栋201"}}
    moved = a.situation(about=a.to_ship(), turn="answer", case=case("address_change"), read=answered)
    assert isinstance(decide(playbooks, moved), Plan)
    other = a.situation(about=a.order(), turn="answer", case=case("quality_defect"), read=answered)
    assert decide(playbooks, other) == NoPlan(reason=Reason.ANSWER_NOTED)


def test_the_words_that_raised_a_matter_still_say_what_it_is(a: Any, playbooks: Any) -> None:
    told = {"answered": {"told": "有一笔显示处理中"}}
    later = a.situation(
        turn="answer", case=case("payment_account"), read=told, text="有一笔显示处理中", earlier="我被扣了两次款"
    )
    assert planned(playbooks, later).scene == "charged"
    fresh = a.situation("payment_account", text="有一笔显示处理中", earlier="我被扣了两次款")
    assert planned(playbooks, fresh).scene != "charged"


def test_a_product_shown_or_named_before_is_still_the_one(a: Any, playbooks: Any) -> None:
    two = (JACKET, BED)
    asked = a.situation("stock", text="还有吗", products=two, earlier_cards=("p-j",))
    assert asked.product == JACKET
    named = a.situation("stock", text="is it in stock", products=two, earlier="how warm is the puffer")
    assert named.product == JACKET
    assert a.situation("stock", text="the dog bed, in stock?", products=two, earlier_cards=("p-j",)).product == BED
    assert a.situation("stock", text="还有吗", products=two).product is None


def test_what_is_asked_of_the_goods_in_an_answer_is_answered(a: Any, playbooks: Any) -> None:
    read = {"answered": {"told": "sure, what colors"}}
    text = "sure, what colors"
    plan = planned(
        playbooks,
        a.situation(turn="answer", case=case("stock"), read=read, text=text, language="en", products=(JACKET,)),
    )
    assert (plan.issue, plan.scene) == (Issue.PRODUCT_QUESTION, "known")
    assert plan.facts["product.p-j.attributes.colors"].value == "black, cream"
    # After a purchase the matter in hand goes first.
    broken = planned(
        playbooks,
        a.situation(
            about=a.order(),
            turn="answer",
            case=case("quality_defect"),
            read=read,
            text=text,
            language="en",
            products=(JACKET,),
        ),
    )
    assert broken.issue is Issue.QUALITY_DEFECT


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("he's 85lb", "XL"),
        ("85 lb and about 30 inch across", "XL"),
        ("60lbs", "L"),
        ("85lb, the other one is 40lb", None),
        ("30 or 40", None),
    ],
)
def test_numbers_with_their_units_find_their_own_tables(text: str, size: str | None, playbooks: Any) -> None:
    found = recommend(BED, text, playbooks.words)
    assert (found.size if found.measured else None) == size


def test_an_offer_made_in_words_has_no_letter(a: Any, playbooks: Any) -> None:
    offered = Option(id="A", key="reship", title="补发一只", text="补发一只给您", action="", lettered=False)
    told = case("damaged", offered=(offered,))
    chosen = planned(
        playbooks, a.situation(about=a.order(), turn="choice", case=told, read={"choice": ("A",)}, photos=1)
    )
    assert chosen.chosen is not None
    assert chosen.chosen.lettered is False


def test_a_day_to_ship_is_not_told_against_a_colleague_who_has_no_stock(a: Any, playbooks: Any) -> None:
    for issue in ("delivery_delay", "shipping_time"):
        said = a.situation(issue, about=a.to_ship(), text="27号一定能发吧", colleague="断码了亲 27号到货就发")
        assert planned(playbooks, said).scene == "stock_trouble"
        assert (
            planned(playbooks, a.situation(issue, about=a.to_ship(), text="能发吧 别断码了")).scene != "stock_trouble"
        )


def test_a_coupon_is_not_answered_with_the_price(a: Any, playbooks: Any) -> None:
    asked = a.situation("price_promotion", text="does it stack with the new user coupon", products=(JACKET,))
    assert planned(playbooks, asked).scene == "code"
    price = a.situation("price_promotion", text="how much is the jacket", products=(JACKET,))
    assert planned(playbooks, price).scene == "price"


def test_thanks_for_looking_into_it_end_nothing(a: Any, playbooks: Any) -> None:
    waiting = case("logistics_query", state=CaseState.WAITING_US, holds=1)
    assert decide(playbooks, a.situation(turn="thanks", case=waiting)) == NoPlan(reason=Reason.WAITING_FOR_US)
    told = case("logistics_query", state=CaseState.OPEN)
    assert planned(playbooks, a.situation(turn="thanks", case=told)).act is Act.WELCOME


def test_one_of_what_is_missing_is_not_all_of_it_again(a: Any, playbooks: Any) -> None:
    for text, key in (("给您补一包", "send_missing"), ("给您整单重新寄一份", "reship")):
        offered = Option(id="A", key="reship", title=text, text=text, action="", lettered=False)
        told = case("missing_item", offered=(offered,), answered={"missing": "一包"})
        plan = planned(
            playbooks, a.situation(about=a.order(), turn="choice", case=told, read={"choice": ("A",)}, photos=1)
        )
        assert plan.chosen is not None
        assert plan.chosen.key == key


def test_numbers_ahead_of_their_names_are_theirs(playbooks: Any) -> None:
    for text in ("29 waist 39 hips", "waist 29, hips 39", "hips 39 waist 29"):
        found = playbooks.words.measured(text)
        assert {name: one.value for name, one in found.items()} == {"waist": 29.0, "hip": 39.0}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("if i order today would it come before thanksgiving? it's a gift", "2026-11-25"),
        ("it's friday night and still nothing. was supposed to be a gift", None),
        ("need it for christmas", "2026-12-25"),
        ("i need it by friday, it's a present", "2026-11-27"),
    ],
)
def test_the_day_of_ordering_is_no_day_of_need(text: str, day: str | None) -> None:
    found = needed(text, date(2026, 11, 22))
    assert (found.isoformat() if found else None) == day


def test_harm_told_before_a_colleague_spoke_stays_a_person_s_matter(a: Any, playbooks: Any) -> None:
    later = a.situation("refund_request", about=a.order(), text="能退吗", danger=Risk.INJURY)
    plan = decide(playbooks, later)
    assert isinstance(plan, NoPlan)
    assert (plan.reason, plan.escalation and plan.escalation.why) == (Reason.PERSON_NEEDED, "injury")


def test_who_answers_about_a_price_is_not_told_it_again(a: Any, playbooks: Any) -> None:
    read = {"answered": {"told": "all white is fine"}}
    again = a.situation(turn="answer", case=case("price_promotion"), read=read, text="all white", products=(JACKET,))
    assert planned(playbooks, again).act is Act.HOLD


def test_one_piece_of_a_set_is_not_the_whole_set(a: Any, playbooks: Any) -> None:
    item = {"product_id": "p1", "name": "陶瓷盘4只装", "price": {"amount": "118.00", "currency": "CNY"}}
    for text, whole in (("给您补发一个", False), ("给您补发", True)):
        offered = Option(id="A", key="reship", title=text, text=text, action="", lettered=False)
        told = case("damaged", offered=(offered,))
        plan = planned(
            playbooks,
            a.situation(about=a.order(items=[item]), turn="choice", case=told, read={"choice": ("A",)}, photos=1),
        )
        assert any(name.startswith("option.reship") for name in plan.facts) is whole
