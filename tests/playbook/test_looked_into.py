"""What a colleague said they would find out, cut out of their words."""

from datetime import timedelta
from typing import Any

import pytest

from copilot.domain.case import Case, Commitment, CommitmentState
from copilot.domain.issue import Issue
from copilot.domain.plan import Act, Plan
from copilot.playbook import decide
from copilot.playbook.looked_into import looked_into


@pytest.mark.parametrize(
    ("said", "language", "open_"),
    [
        ("视频看到了,我问下仓库有没有气杆配件,半小时内回您", "zh", "有没有气杆配件"),
        ("我去问下采购有没有滤芯,20分钟回您", "zh", "有没有滤芯"),
        ("稍等,我核实一下能不能改成晚上送", "zh", "能不能改成晚上送"),
        ("帮您查下仓库是不是漏发了,一会回复", "zh", "是不是漏发了"),
        (
            "let me ask the warehouse if they have a spare gas lift, I'll get back to you",
            "en",
            "they have a spare gas lift",
        ),
        ("I'll check whether there is another lid and I'll message you by 3", "en", "there is another lid"),
        ("Let me find out if the strap comes separately.", "en", "the strap comes separately"),
    ],
)
def test_the_question_is_cut_out(said: str, language: str, open_: str) -> None:
    assert looked_into(said, language) == open_


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("我去问问,一会回您", "zh"),
        ("我看下您是不是拍错了", "zh"),
        ("I'll look into it", "en"),
        ("Let me check if your card went through", "en"),
        ("Could you check if it turns on?", "zh"),
    ],
)
def test_nothing_is_cut_out_of_other_words(said: str, language: str) -> None:
    assert looked_into(said, language) is None


@pytest.mark.parametrize("wish", ["owed_answer", "owed_report"])
def test_an_answer_that_is_late_is_owned_up_to_with_its_question(a: Any, playbooks: Any, wish: str) -> None:
    late = Commitment(what="answer", due=a.NOW - timedelta(hours=1), state=CommitmentState.BROKEN)
    case = Case(issue=Issue.QUALITY_DEFECT, commitments=(late,))
    said = "视频看到了,我问下仓库有没有气杆配件,半小时内回您"
    for colleague, about in ((said, "有没有气杆配件"), ("我去问问,一会回您", None)):
        read = {"turn": "chase", "case": case, "read": {"wish": wish}, "colleague": colleague}
        plan = decide(playbooks, a.situation(about=a.order(), **read))
        assert isinstance(plan, Plan)
        assert plan.act is Act.HOLD
        told = plan.facts.get("promise.about")
        assert (told.value if told is not None else None) == about
