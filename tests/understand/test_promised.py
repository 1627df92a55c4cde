"""Turns after a colleague's promise: what of it is asked after, and what is another matter."""

import pytest

from copilot.domain.case import Case, Commitment, CommitmentState
from copilot.domain.issue import MISSING, Issue, Turn, Understanding
from copilot.flow.understand import read_turn
from copilot.flow.understand.burst import Burst

MONEY = ("damaged", "refund", "实在抱歉,给您补偿15元,今天给您转")
SCREWS = ("missing_item", "reship", "好的,少的螺丝今天给您补寄,单号发您")
LABEL_ZH = ("return_exchange", "send", "行,退货面单今天发您")
ASKING = ("quality_defect", "answer", "您好,我这边问下技术,半小时内给您答复")
PART = ("quality_defect", "answer", "视频看到了,我问下仓库有没有气杆配件,半小时内回您")
PART_EN = (
    "quality_defect",
    "answer",
    "Let me ask the warehouse if they have a gas lift, I'll get back to you in 30 minutes",
)
LABEL = ("return_exchange", "send", "I'll send you a prepaid label today.")
GIVEN = ("quality_defect", "", "I've issued you a $12 partial refund, you can keep the set.")
LID = ("missing_item", "ship", "I'll get a replacement lid out to you, ships by Friday")
CALL = ("complaint", "contact", "A manager will call you by 3pm")
WITHIN = ("refund_status", "", "仓库那边昨天刚收到,一般验货后48小时内给您退")


def read(after: tuple[str, str, str], text: str) -> Understanding:
    issue, what, said = after
    owed = (Commitment(what=what, state=CommitmentState.BROKEN),) if what else ()
    missing = {MISSING: "lid" if said.isascii() else "螺丝"} if issue == "missing_item" else {}
    case = Case(issue=Issue(issue), commitments=owed, answered=missing)
    return read_turn(Burst(texts=tuple(text.split("\n"))), case=case, last_shop_text=said)


@pytest.mark.parametrize(
    ("after", "text", "wish"),
    [
        (MONEY, "补偿呢", "owed_money"),
        (MONEY, "15块没收到啊", "owed_money"),
        (MONEY, "你们说好今天转的", "owed_money"),
        (MONEY, "两天了都", "owed_money"),
        (SCREWS, "都三天了 螺丝还没影", "owed_goods"),
        (SCREWS, "怎么没单号", "owed_tracking"),
        (LABEL_ZH, "面单呢", "owed_label"),
        (ASKING, "在不\n人呢\n一个多钟头了 还半小时", "owed_answer"),
        (ASKING, "快俩小时了", "owed_answer"),
        (PART, "半小时早过了亲\n有没有配件嘛", "owed_answer"),
        (PART_EN, "its been over 30 min\ndo you have the part or not", "owed_answer"),
        (LABEL, "hey i never got the label?", "way_label"),
        (LABEL, "you said today", "owed_label"),
        (GIVEN, "tysm\nhi again, i dont see the $12 yet", "owed_money"),
        (GIVEN, "the $12 never came", "owed_money"),
        (LID, "its saturday. no tracking, no lid", "owed_goods"),
        (LID, "you promised friday", "owed_goods"),
        (LID, "been 4 days", "owed_goods"),
        (CALL, "nobody called", "owed_call"),
        (WITHIN, "都29号了\n钱咋还没退\n说好48小时的", "overdue_money"),
        (WITHIN, "48小时早过了", "overdue_money"),
        (WITHIN, "你说两天退,今天第四天了", "overdue_money"),
    ],
)
def test_what_was_promised_is_asked_after(after: tuple[str, str, str], text: str, wish: str) -> None:
    found = read(after, text)
    assert (found.turn, found.wish, found.issues) == (Turn.CHASE, wish, ())


@pytest.mark.parametrize(
    ("after", "text"),
    [
        (MONEY, "收到了谢谢"),
        (MONEY, "另外这个杯子能进微波炉吗"),
        (MONEY, "我要退货"),
        (SCREWS, "又少了一个垫片"),
        (SCREWS, "这个桌子能承重多少"),
        (ASKING, "那红色有吗"),
        (LABEL, "got the label thanks!"),
        (LABEL, "also can i return the hat too"),
        (GIVEN, "got the $12 ty"),
        (GIVEN, "the other sheet is stained too"),
        (LID, "the jar is cracked too"),
        (LID, "never mind, found it"),
        (LID, "does the lid fit the 2qt"),
        (WITHIN, "那运费退吗"),
        (WITHIN, "好的谢谢"),
    ],
)
def test_what_is_another_matter_is_none_of_it(after: tuple[str, str, str], text: str) -> None:
    found = read(after, text)
    assert not found.wish.startswith(("owed_", "overdue_")), found.wish


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("the 28 is too tight in the waist, could i swap for a 30? tags still on", Issue.SIZE_MISMATCH),
        ("too small on me, tags still on, can i exchange for an M", Issue.SIZE_MISMATCH),
        ("太紧了 吊牌还在 能换大一码吗", Issue.SIZE_MISMATCH),
        ("if the 28 is too tight could i swap for a 30?", None),
        ("28会不会太紧 万一小了能换大一码吗", None),
    ],
)
def test_tags_that_are_still_on_hang_on_what_one_has(text: str, issue: Issue | None) -> None:
    asked = Case(issue=Issue.SIZE_FIT)
    found = read_turn(Burst(texts=(text,)), case=asked, last_shop_text="Then I'd go with the 28 :)")
    assert (Issue.SIZE_MISMATCH in {one.issue for one in found.issues}) is (issue is not None)
