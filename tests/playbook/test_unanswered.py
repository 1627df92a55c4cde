"""More asked in one message than the reply is known to answer: the agent is told to look."""

from typing import Any

import pytest

from copilot.domain.order import Product
from copilot.domain.plan import NoPlan
from copilot.playbook import decide
from copilot.playbook.literal import questions_in
from copilot.playbook.unanswered import SEVERAL_ASKED


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("是什么材质 会不会掉色", 2),
        ("寄到哪里 运费呢", 2),
        ("亲在吗 这个多少钱", 1),
        ("杯子碎了 我很生气", 0),
        ("how big is it, would it cover a queen bed", 2),
        ("does it come in olive and is it see thru", 2),
        ("hi how are you? what size should i get", 1),
        ("it is broken and i am done with it", 0),
    ],
)
def test_questions_are_counted_by_clauses(text: str, count: int) -> None:
    assert questions_in(text) == count


def notes(a: Any, playbooks: Any, text: str) -> tuple[str, ...]:
    mug = Product.model_validate(
        {"id": "p1", "name": "陶瓷杯", "status": "live", "attributes": {"material": "高温陶瓷", "capacity_ml": 280}}
    )
    plan = decide(playbooks, a.situation("product_question", products=(mug,), product_cards=("p1",), text=text))
    assert not isinstance(plan, NoPlan)
    return plan.notes


def test_the_agent_is_told_where_less_is_answered_than_was_asked(a: Any, playbooks: Any) -> None:
    assert SEVERAL_ASKED in notes(a, playbooks, "是什么材质的 什么时候有活动 能不能刻字")
    assert SEVERAL_ASKED not in notes(a, playbooks, "是什么材质的 容量多少")
    assert SEVERAL_ASKED not in notes(a, playbooks, "是什么材质的")
