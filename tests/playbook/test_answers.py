"""When the shop's own answer is what the buyer gets, and when it is not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.case import Case, Commitment
from copilot.domain.issue import CATEGORY_OF, Category, Evidence, Issue
from copilot.domain.knowledge import FITS, Entry, Match, Suggested
from copilot.domain.order import Product
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook import Playbooks, decide
from copilot.playbook.answers import FITS_FAIRLY, FITS_WELL

PROBLEMS = [
    issue.value
    for issue in Issue
    if CATEGORY_OF[issue] is Category.AFTER_SALE and issue not in (Issue.WARRANTY, Issue.RETURN_EXCHANGE)
] + ["delivery_delay", "lost_parcel", "not_received", "complaint", "abuse", "human_request", "off_platform_request"]


def suggested(
    answer: str = "默认发中通快递。", score: float = 0.9, question: str = "发什么快递", part: str = "", **more: Any
) -> Suggested:
    entry = Entry.model_validate(
        {"id": "e.1", "language": "zh", "question": question, "answer": answer, "category": "logistics", **more}
    )
    return Suggested(part=part or question, match=Match(entry=entry, matched=question, score=score))


def planned(playbooks: Playbooks, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan)
    return plan


def cup(**changes: Any) -> Product:
    return Product.model_validate(
        {"id": "p1", "name": "陶瓷杯", "attributes": {"material": "瓷"}, "price": {"amount": "39", "currency": "CNY"}}
        | changes
    )


@pytest.mark.feature("F061")
def test_an_answer_that_fits_takes_the_place_of_we_check(a: Any, playbooks: Playbooks) -> None:
    asked = a.situation("product_question", products=(cup(),), text="可以刻字吗", suggested=(suggested(score=FITS),))
    plan = planned(playbooks, asked)
    assert (plan.act, plan.scene, plan.promises) == (Act.ANSWER, "faq", ())
    assert plan.points == ("faq.e.1.answer",)
    fact = plan.facts["faq.e.1.answer"]
    assert (fact.value, fact.source) == ("默认发中通快递。", "faq")
    assert [(one.id, one.title, one.score) for one in plan.cites] == [("e.1", "发什么快递", FITS)]
    assert "hold.return_at" not in plan.facts


def test_an_answer_that_hardly_fits_is_not_given(a: Any, playbooks: Playbooks) -> None:
    asked = a.situation(
        "product_question", products=(cup(),), text="可以刻字吗", suggested=(suggested(score=FITS - 0.01),)
    )
    assert planned(playbooks, asked).act is Act.HOLD


def test_it_takes_a_better_fit_to_be_given_instead_of_a_question_back(a: Any, playbooks: Playbooks) -> None:
    for score, act in ((FITS, Act.ASK), (FITS_WELL, Act.ANSWER)):
        asked = a.situation("product_question", products=(), text="可以刻字吗", suggested=(suggested(score=score),))
        assert planned(playbooks, asked).act is act


@pytest.mark.parametrize("issue", PROBLEMS)
def test_a_problem_gets_its_procedure_whatever_the_shop_has_stored(a: Any, playbooks: Playbooks, issue: str) -> None:
    for about in (a.order(), a.shipped(), None):
        told = {"about": about, "text": "怎么办", "products": (cup(),)}
        with_it = decide(playbooks, a.situation(issue, suggested=(suggested(score=1.0),), **told))
        assert with_it == decide(playbooks, a.situation(issue, **told))


@pytest.mark.parametrize("issue", ["logistics_query", "shipping_time", "return_exchange"])
def test_facts_of_the_order_go_before_an_answer(a: Any, playbooks: Playbooks, issue: str) -> None:
    for about in (a.shipped(), a.to_ship(), a.order()):
        plan = planned(playbooks, a.situation(issue, about=about, suggested=(suggested(score=1.0),)))
        assert plan.cites == ()
        assert plan.scene != "faq"


def test_a_turn_with_danger_or_a_threat_is_not_answered_from_the_shelf(a: Any, playbooks: Playbooks) -> None:
    asked = a.situation("invoice", risks=("regulator",), suggested=(suggested(score=1.0),))
    plan = decide(playbooks, asked)
    assert isinstance(plan, NoPlan) or plan.cites == ()


def test_an_unclear_turn_is_answered_only_by_what_fits_well(a: Any, playbooks: Playbooks) -> None:
    for score, cited in ((FITS_WELL - 0.01, ()), (FITS_WELL, ("e.1",))):
        plan = planned(playbooks, a.situation("unclear", text="快递", suggested=(suggested(score=score),)))
        assert tuple(one.id for one in plan.cites) == cited


def test_an_answer_about_other_goods_is_none(a: Any, playbooks: Playbooks) -> None:
    for products, cited in ((("p2",), 0), (("p1", "p2"), 1), ((), 1)):
        asked = a.situation(
            "product_question", products=(cup(),), text="可以刻字吗", suggested=(suggested(products=products),)
        )
        assert len(planned(playbooks, asked).cites) == cited


def test_an_answer_about_another_property_is_none(a: Any, playbooks: Playbooks) -> None:
    asked = a.situation(
        "usage_question",
        products=(cup(),),
        text="可以进洗碗机吗",
        suggested=(suggested(question="可以进微波炉吗", part="可以进洗碗机吗", category="pre_sale"),),
    )
    assert planned(playbooks, asked).act is Act.HOLD


def test_what_the_product_states_and_what_the_shop_has_stored_stand_together(a: Any, playbooks: Playbooks) -> None:
    text = "什么材质，可以进微波炉吗"
    stored = suggested("素色款可以进微波炉。", question="可以进微波炉吗", part="可以进微波炉吗", category="pre_sale")
    plan = planned(playbooks, a.situation("product_question", products=(cup(),), text=text, suggested=(stored,)))
    assert plan.act is Act.ANSWER
    assert plan.points[0] == "product.p1.attributes.material"
    assert plan.points[-1] == "faq.e.1.answer"
    assert "question.open" not in plan.facts
    assert plan.promises == ()
    assert [one.id for one in plan.cites] == ["e.1"]


def test_without_a_table_a_size_is_told_only_by_a_measure(a: Any, playbooks: Playbooks) -> None:
    for answer, act in (("请参考尺码表选择。", Act.HOLD), ("衣长68厘米，胸围104厘米，均码。", Act.ANSWER)):
        stored = suggested(answer, question="均码多大", category="pre_sale")
        plan = planned(playbooks, a.situation("size_fit", products=(cup(),), text="均码多大", suggested=(stored,)))
        assert plan.act is act


def test_what_cannot_be_bought_is_not_said_to_be_there(a: Any, playbooks: Playbooks) -> None:
    gone = cup(status="off_shelf", stock=9)
    stored = suggested("有货，当天发。", question="还有货吗", category="pre_sale")
    for issue in ("stock", "product_question"):
        plan = planned(playbooks, a.situation(issue, products=(gone,), text="还有货吗", suggested=()))
        assert not {"product.p1.name", "product.p1.stock", "product.p1.price"} & set(plan.facts)
    assert planned(playbooks, a.situation("stock", products=(gone,), text="还有货吗", suggested=(stored,))).cites == ()


def test_at_most_two_answers_stand_in_a_reply(a: Any, playbooks: Playbooks) -> None:
    parts = [("快递", "发什么快递"), ("发票", "能开发票吗"), ("定制", "能定制吗")]
    stored = tuple(suggested(f"{name}可以。", question=asked, id=name) for name, asked in parts)
    plan = planned(playbooks, a.situation("shipping_time", text="…", terms={}, suggested=stored))
    assert len(plan.cites) == 2


WAISTS = cup(attributes={"waist_cm_by_size": {"S": 66, "M": 70, "L": 74}})


@pytest.mark.parametrize(
    ("text", "question", "act"),
    [
        ("158 102斤穿啥码", "身高体重怎么选码", Act.ANSWER),
        # A waist is the table's, and an answer that tells of no body says nothing against the table.
        ("平时穿M的选哪个", "身高体重怎么选码", Act.ASK),
        ("158 102斤穿啥码", "这款偏大还是偏小", Act.ASK),
    ],
)
def test_a_size_by_height_and_weight_is_answered_where_the_table_has_neither(
    text: str, question: str, act: Act, a: Any, playbooks: Playbooks
) -> None:
    told = suggested(question=question, answer="90-105斤S码,105-118斤M码。", category="pre_sale", score=FITS_WELL)
    plan = planned(playbooks, a.situation("size_fit", products=(WAISTS,), text=text, suggested=(told,)))
    assert plan.act is act


@pytest.mark.parametrize(
    ("issue", "score", "act"),
    [
        ("product_question", FITS_FAIRLY, Act.ANSWER),
        ("product_question", FITS_FAIRLY - 0.01, Act.ASK),
        ("size_fit", FITS_FAIRLY, Act.ASK),
        ("stock", FITS_FAIRLY, Act.ASK),
    ],
)
def test_what_holds_for_all_goods_goes_before_asking_for_the_product(
    issue: str, score: float, act: Act, a: Any, playbooks: Playbooks
) -> None:
    told = suggested(question="能用铁铲吗", answer="不要用铁铲,建议3毫米硅胶铲。", category="pre_sale", score=score)
    plan = planned(playbooks, a.situation(issue, products=(), text="那铁铲子能用吗", suggested=(told,)))
    assert plan.act is act


TAGS = {"question": "剪了吊牌还能退吗", "answer": "吊牌要在,剪了请先联系我们看。", "category": "after_sale"}


@pytest.mark.parametrize(
    ("text", "score", "act"),
    [
        ("吊牌剪了还能退吗", FITS, Act.ANSWER),
        ("吊牌剪了还能退吗", FITS - 0.01, Act.OFFER),
        # Goods as they came go back by their days, whatever the shop says of others.
        ("吊牌还在 想退", 0.9, Act.OFFER),
        ("没穿过 能退吗", 0.9, Act.OFFER),
    ],
)
def test_what_was_done_with_the_goods_is_answered_before_a_return_is_offered(
    text: str, score: float, act: Act, a: Any, playbooks: Playbooks
) -> None:
    told = suggested(score=score, part=text, **TAGS)
    plan = planned(playbooks, a.situation("return_exchange", about=a.order(), text=text, suggested=(told,)))
    assert plan.act is act
    assert bool(plan.options) is (act is Act.OFFER)
    assert [one.id for one in plan.cites] == (["e.1"] if act is Act.ANSWER else [])


WORDS_OF = {"usage_question": "能机洗吗", "warranty": "保修多久", "payment_account": "付款密码怎么改"}


def beside(a: Any, text: str, issue: str, words: str) -> Any:
    """A broken thing, and beside it ``words`` of another issue."""
    at = a.situation("damaged", issue, about=a.order(), text=text)
    first, second = at.understanding.issues
    evidence = Evidence(start=text.index(words), end=text.index(words) + len(words), text=words)
    read = at.understanding.model_copy(update={"issues": (first, second.model_copy(update={"evidence": evidence}))})
    return replace(at, understanding=read)


@pytest.mark.parametrize(
    ("issue", "score", "answered"),
    [
        ("usage_question", FITS, True),
        ("warranty", FITS, True),
        ("usage_question", FITS - 0.01, False),
        # An account is no question for a stored answer beside a fault.
        ("payment_account", 1.0, False),
    ],
)
def test_a_question_beside_a_fault_is_answered_by_the_shops_word(
    issue: str, score: float, answered: bool, a: Any, playbooks: Playbooks
) -> None:
    words = WORDS_OF[issue]
    told = suggested(question=words, answer="30度以下手洗。", category="pre_sale", part=words, score=score)
    asked = replace(beside(a, f"杯子碎了 {words}", issue, words), suggested=(told,))
    plan = planned(playbooks, asked)
    assert (plan.act, plan.asks) == (Act.ASK, ("photo",))
    assert ("faq.e.1.answer" in plan.points) is answered
    assert (Issue(issue) in plan.secondary) is not answered


PICKUP = {"question": "上门取件还是自己寄", "answer": "在订单里选上门取件就行。", "category": "after_sale"}


def in_a_return(a: Any, *found: Suggested, wish: str = "way_pickup", **case: Any) -> Any:
    """Who asks on in a return, where the playbook would find it out."""
    matter = Case(issue=Issue.RETURN_EXCHANGE, empathy_given=True, **case)
    return a.situation(
        about=a.order(), turn="chase", case=matter, text="那怎么寄", read={"wish": wish}, suggested=found
    )


@pytest.mark.parametrize(
    ("found", "act"),
    [
        ((suggested(score=FITS_WELL, **PICKUP),), Act.ANSWER),
        ((suggested(score=FITS_WELL - 0.01, **PICKUP),), Act.HOLD),
        # Of another kind, or one of two that fit alike: a guess.
        ((suggested(score=0.9, **PICKUP | {"category": "logistics"}),), Act.HOLD),
        (
            (suggested(score=0.9, **PICKUP), suggested(score=0.8, **PICKUP | {"id": "e.2", "answer": "自己寄。"})),
            Act.HOLD,
        ),
    ],
)
def test_what_is_asked_within_a_matter_is_answered_instead_of_found_out(
    found: tuple[Suggested, ...], act: Act, a: Any, playbooks: Playbooks
) -> None:
    plan = planned(playbooks, in_a_return(a, *found))
    assert plan.act is act
    assert bool(plan.promises) is (act is Act.HOLD)
    assert bool(plan.untold) is (act is Act.HOLD)


def test_a_rule_of_the_shops_keeps_no_promise(a: Any, playbooks: Playbooks) -> None:
    told = suggested(score=0.9, **PICKUP)
    late = Commitment(what="hold", due=a.NOW - timedelta(hours=1))
    for asked in (in_a_return(a, told, commitments=(late,)), in_a_return(a, told, wish="owed_money")):
        assert planned(playbooks, asked).cites == ()
