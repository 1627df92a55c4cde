"""A remedy named while a picture is still asked for is taken up; one whose stock nobody knows is found out."""

from typing import Any

import pytest

from copilot.domain.order import Product
from copilot.domain.plan import Act, Plan
from copilot.playbook import Playbooks, decide
from copilot.playbook.asked_beside import OPEN
from copilot.playbook.wish_taken import TAKEN

TERMS = {"photo_required": True, "exchange": True, "return_days": 7, "fault_label": "shop"}


def planned(a: Any, playbooks: Playbooks, issue: str, text: str, stock: int | None = 4, wish: str = "") -> Plan:
    goods = Product.model_validate({"id": "p1", "name": "手绘陶瓷杯", "status": "live", "stock": stock})
    language = "en" if text.isascii() else "zh"
    situation = a.situation(
        issue, about=a.order(), text=text, language=language, terms=TERMS, products=(goods,), read={"wish": wish}
    )
    plan = decide(playbooks, situation)
    assert isinstance(plan, Plan)
    return plan


@pytest.mark.parametrize(
    ("issue", "text", "action"),
    [
        ("quality_defect", "台灯不亮了 给我换个新的吧", "exchange"),
        ("quality_defect", "it dies after 2 minutes, can i exchange it", "exchange"),
        ("damaged", "the mug is cracked, please send a replacement", "reship"),
        ("wrong_item", "颜色发错了 想换对的", "reship"),
    ],
)
def test_a_wish_is_taken_up_beside_the_question_for_a_picture(
    issue: str, text: str, action: str, a: Any, playbooks: Playbooks
) -> None:
    plan = planned(a, playbooks, issue, text)
    assert (plan.act, plan.asks) == (Act.ASK, ("photo",))
    assert plan.facts[TAKEN].value in {action, "reship" if action == "exchange" else "exchange"}
    assert TAKEN in plan.points


@pytest.mark.parametrize(
    "text",
    [
        "台灯不亮了",
        "台灯不亮了 退我钱",
        "坏了 能换的话换 不能就退",
        "the lamp is dead",
        "it is dead, refund or exchange?",
    ],
)
def test_no_wish_and_no_decision_are_taken_up_as_none(text: str, a: Any, playbooks: Playbooks) -> None:
    assert TAKEN not in planned(a, playbooks, "quality_defect", text).points


def test_what_is_gone_is_not_held_out(a: Any, playbooks: Playbooks) -> None:
    assert TAKEN not in planned(a, playbooks, "quality_defect", "台灯不亮了 给我换个新的吧", stock=0).points


@pytest.mark.parametrize("text", ["充了一晚还是不亮 给我换个新的", "did all that, still dead. i want a new one"])
def test_a_new_one_of_unknown_stock_is_found_out(text: str, a: Any, playbooks: Playbooks) -> None:
    plan = planned(a, playbooks, "quality_defect", text, stock=None, wish="fault_told")
    assert [one.action for one in plan.options] == ["return_refund"]
    assert OPEN in plan.points
    assert [one.what for one in plan.promises] == ["hold"]
    known = planned(a, playbooks, "quality_defect", text, stock=4, wish="fault_told")
    assert "exchange" in [one.action for one in known.options]
    assert OPEN not in known.points
