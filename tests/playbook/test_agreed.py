"""What was agreed on in a colleague's own words: how it is confirmed, and what is said to who asks how far it is."""

from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.case import Case, CaseState, Commitment, Option
from copilot.domain.issue import Inquiry, Issue
from copilot.domain.plan import Act, NoPlan, Plan
from copilot.playbook import decide

NEW = Option(id="A", key="reship", title="发新的", text="寄回我们收到就给您发新的", action="")
PART = Option(id="B", key="refund", title="退您11元", text="退您11元您先用着", action="")
SWAP = {"id": "4037", "kind": "exchange", "status": "processing"}


def planned(playbooks: Any, situation: Any) -> Plan:
    plan = decide(playbooks, situation)
    assert not isinstance(plan, NoPlan), plan
    return plan


def of(issue: Issue, *offered: Option, **more: Any) -> Case:
    return Case(issue=issue, state=CaseState.OPEN, offered=offered, empathy_given=True, **more)


def test_a_colleagues_offer_is_confirmed_without_a_letter_that_nobody_gave_it(a: Any, playbooks: Any) -> None:
    case = of(Issue.DAMAGED, NEW, PART)
    plan = planned(playbooks, a.situation(about=a.order(), turn="choice", case=case, read={"choice": ("B",)}))
    assert plan.act is Act.CONFIRM
    assert plan.chosen is not None
    assert (plan.chosen.id, plan.chosen.text) == ("", "退您11元您先用着")


@pytest.mark.parametrize(
    ("key", "text", "amount"),
    [
        ("refund", "a refund of $10 and you keep this one", "10"),
        ("refund", "给您退15元,碗您留着用", "15"),
        ("refund", "refund you $6, no need to send it back", "6"),
        ("keep", "补偿您8元,您留着,不用寄回", "8"),
        ("reship", "send you a new lid", None),
        ("reship", "给您再发一个新的", None),
        ("voucher", "给您一张5元的券", "5"),
    ],
)
def test_what_a_colleague_offered_and_the_buyer_takes_is_owed(
    a: Any, playbooks: Any, key: str, text: str, amount: str | None
) -> None:
    taken = Option(id="B", key=key, title=text, text=text, action="")
    # A matter whose playbook has nothing of the kind: the words are all there is.
    case = of(Issue.COMPLAINT, NEW, taken)
    plan = planned(playbooks, a.situation(about=a.order(), turn="choice", case=case, read={"choice": ("B",)}))
    assert plan.act is Act.CONFIRM
    assert [(one.what, one.amount and one.amount.amount) for one in plan.promises] == [(f"option.{key}", amount)]
    # Promised with a time of its own it is owed already.
    promised = Commitment(what="refund", due=a.NOW + timedelta(hours=3))
    case = case.model_copy(update={"commitments": (promised,)})
    plan = planned(playbooks, a.situation(about=a.order(), turn="choice", case=case, read={"choice": ("B",)}))
    assert plan.promises == ()


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("refund", "refund you in full once we have it back"),
        ("refund", "退您全款,东西寄回来就行"),
        ("return", "return it for $20"),
        ("exchange", "换一双37的"),
        ("repair", "寄回来给您修"),
    ],
)
def test_nothing_is_owed_while_the_goods_are_still_to_come_back(a: Any, playbooks: Any, key: str, text: str) -> None:
    taken = Option(id="B", key=key, title=text, text=text, action="")
    case = of(Issue.COMPLAINT, NEW, taken)
    plan = planned(playbooks, a.situation(about=a.order(), turn="choice", case=case, read={"choice": ("B",)}))
    assert (plan.act, plan.promises) == (Act.CONFIRM, ())


@pytest.mark.parametrize("text", ["新的发了没", "sent it back, did the new one ship"])
def test_whether_the_new_one_has_left_is_looked_into(a: Any, playbooks: Any, text: str) -> None:
    about = a.order(after_sales=[SWAP])
    plan = planned(playbooks, a.situation(about=about, turn="chase", case=of(Issue.SIZE_MISMATCH, NEW), text=text))
    assert (plan.act, plan.untold) == (Act.HOLD, ("sent",))


@pytest.mark.parametrize(("text", "kind"), [("到哪一步了", "exchange"), ("新的发了没", "return")])
def test_a_request_that_swaps_nothing_or_is_only_asked_after_is_told_as_it_stands(
    a: Any, playbooks: Any, text: str, kind: str
) -> None:
    about = a.order(after_sales=[SWAP | {"kind": kind}])
    plan = planned(playbooks, a.situation(about=about, turn="chase", case=of(Issue.SIZE_MISMATCH, NEW), text=text))
    assert plan.scene == "in_progress"


def test_who_pays_for_what_was_said_to_be_faulty_is_the_shop(a: Any, playbooks: Any) -> None:
    terms = {"fault_label": "shop", "return_label": "buyer"}
    asked = {"about": a.order(), "turn": "chase", "case": of(Issue.RETURN_EXCHANGE), "terms": terms}
    asked |= {"read": {"wish": "way_postage"}, "earlier": "锅底掉漆 我要退货", "text": "那运费呢 又不是我的问题"}
    plan = planned(playbooks, a.situation(**asked))
    assert (plan.scene, plan.points[-1]) == ("postage", "terms.fault_label")
    plan = planned(playbooks, a.situation(**(asked | {"earlier": "不喜欢 我要退货", "text": "那运费呢"})))
    assert plan.scene == "postage_own"


@pytest.mark.parametrize(
    ("issue", "terms", "scene", "fact"),
    [
        (Issue.SIZE_MISMATCH, {"return_label": "prepaid"}, "postage", "terms.return_label"),
        (Issue.QUALITY_DEFECT, {"fault_label": "shop", "return_label": "buyer"}, "postage", "terms.fault_label"),
        (Issue.SIZE_MISMATCH, {"return_label": "buyer"}, "postage_own", "terms.return_label"),
        # Who pays for goods that are at fault is another matter than a change of mind.
        (Issue.QUALITY_DEFECT, {"fault_label": None, "return_label": "buyer"}, None, None),
        (Issue.SIZE_MISMATCH, {"return_label": None}, None, None),
    ],
)
def test_who_pays_the_way_back_is_told_by_the_shops_terms(
    a: Any, playbooks: Any, issue: Issue, terms: dict[str, Any], scene: str | None, fact: str | None
) -> None:
    asked = a.situation(about=a.order(), turn="chase", case=of(issue), terms=terms, read={"wish": "way_postage"})
    plan = planned(playbooks, asked)
    if fact is None:
        assert (plan.act, plan.untold) == (Act.HOLD, ("postage",))
    else:
        assert (plan.act, plan.scene) == (Act.ANSWER, scene)
        assert fact in plan.points


@pytest.mark.parametrize(
    ("text", "scene"),
    [
        ("do i need to print the label or is there a qr code", "label_form"),
        ("面单要自己打印吗", "label_form"),
        ("退货到哪一步了", "in_progress"),
    ],
)
def test_how_a_label_comes_is_asked_and_not_answered_by_the_request(
    a: Any, playbooks: Any, text: str, scene: str
) -> None:
    about = a.order(after_sales=[SWAP | {"kind": "return"}])
    plan = planned(playbooks, a.situation("return_exchange", about=about, text=text))
    assert plan.scene == scene
    assert bool(plan.promises) is (scene == "label_form")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("20% back if you keep it", "11.98"),
        ("退您30%您留着", "17.97"),
        # Half a cent more goes to the buyer; a discount on the next order is no part of this one.
        ("15% back and keep it", "8.99"),
        ("20% off your next order", None),
    ],
)
def test_a_part_in_percent_is_one_of_what_was_paid(a: Any, playbooks: Any, text: str, amount: str | None) -> None:
    offer = Option(id="A", key="refund", title=text, text=text, action="")
    case = of(Issue.DAMAGED, offer, NEW.model_copy(update={"id": "B"}))
    plan = planned(playbooks, a.situation(about=a.order(), turn="choice", case=case, read={"choice": ("A",)}))
    sums = {fact.value["amount"] for id, fact in plan.facts.items() if fact.source == "agent"}
    assert sums == ({amount} if amount else set())


def test_a_part_of_the_money_is_the_shops_usual_one(a: Any, playbooks: Any) -> None:
    part = Option(id="A", key="refund", title="退一部分您留着", text="退一部分您留着插干花", action="")
    case = of(Issue.QUALITY_DEFECT, part, NEW.model_copy(update={"id": "B"}))
    asked = {"inquiry": Inquiry(options=("A",), topics=("amount",))}
    plan = planned(playbooks, a.situation(about=a.order(), turn="answer", case=case, read=asked, text="能退多少"))
    assert plan.act is Act.ANSWER
    assert "option.refund_keep.amount" in plan.facts
