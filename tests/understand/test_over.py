"""A matter that is over by itself is let rest: what came, what was found, what works again, what is kept after all."""

import pytest

from copilot.domain.case import Case, CaseState
from copilot.domain.issue import Issue, Turn, Understanding
from copilot.flow.understand import read_turn
from copilot.flow.understand.burst import Burst

PARCEL, FAULT, BACK = Issue.LOGISTICS_QUERY, Issue.QUALITY_DEFECT, Issue.RETURN_EXCHANGE


def read(text: str, issue: Issue | None, **more: object) -> Understanding:
    case = None if issue is None else Case.model_validate({"issue": issue, **more})
    return read_turn(Burst(messages=("1",), texts=(text,)), case=case)


@pytest.mark.feature("F082")
@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("it came!", PARCEL), ("just got it!", PARCEL), ("arrived this morning, works great", PARCEL),
        ("oh wait found it behind the planter! all good", Issue.NOT_RECEIVED),
        ("omg nvm my roommate had it 😂", Issue.NOT_RECEIVED), ("nvm see it out for delivery", PARCEL),
        ("finally got it, thanks", Issue.DELIVERY_DELAY), ("it's here", Issue.DELIVERY_DELAY),
        ("收到了", PARCEL), ("刚到了 谢谢", PARCEL), ("快递到了", Issue.DELIVERY_DELAY),
        ("找到了!", Issue.NOT_RECEIVED),
        ("邻居代收了", Issue.NOT_RECEIVED), ("原来是我妈收了", Issue.NOT_RECEIVED),
        ("已经收到了 辛苦", Issue.LOST_PARCEL),
        ("ha that worked, it was the cable. sorry!", FAULT), ("it's working now", FAULT), ("got it working, ty", FAULT),
        ("好了好了 有声音了", FAULT), ("好了有声音了", FAULT), ("能开机了 谢谢", FAULT), ("修好了", FAULT),
        ("到账了 谢谢", Issue.REFUND_STATUS), ("the refund came through, thanks", Issue.REFUND_STATUS),
    ],
)  # fmt: skip
def test_good_news_ends_the_matter(text: str, issue: Issue) -> None:
    seen = read(text, issue)
    assert (seen.turn, seen.settled, seen.issues, seen.let_go) == (Turn.CLOSING, True, (), False)


def test_what_was_sent_again_has_come() -> None:
    assert read("it came!", Issue.DAMAGED, state=CaseState.WAITING_US).settled
    assert not read("it came!", Issue.DAMAGED).settled


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("it came broken", PARCEL), ("just got it and it's the wrong one", PARCEL), ("it came apart", PARCEL),
        ("收到了但是坏的", PARCEL), ("还没收到", PARCEL), ("没收到", PARCEL), ("到了吗", PARCEL), ("收到了吗", PARCEL),
        ("it came?", PARCEL), ("it hasn't arrived", PARCEL), ("has it arrived", PARCEL), ("收到了 少一个", PARCEL),
        ("好了吗", FAULT), ("修好了又坏了", FAULT), ("that worked for a day", FAULT), ("还是没声音", FAULT),
        ("到哪了", PARCEL), ("found it cheaper elsewhere", PARCEL), ("it's here but late", PARCEL),
        ("没到账", Issue.REFUND_STATUS), ("到账了一半", Issue.REFUND_STATUS), ("got it", PARCEL), ("收到", PARCEL),
        ("显示到了 没有啊", PARCEL), ("my roommate had it opened, it's empty", PARCEL),
    ],
)  # fmt: skip
def test_news_that_is_not_good_ends_nothing(text: str, issue: Issue) -> None:
    assert not read(text, issue).settled


@pytest.mark.parametrize(
    "text",
    [
        "never mind, my sister wants it so ill keep it", "actually it's grown on me, I'll hang on to it",
        "never mind, I'll keep it", "it's grown on me", "i'll just keep them, thanks",
        "算了不退了", "算了不退了 留着穿吧", "我不退了", "不换了,就留着用吧", "还是留着吧",
    ],
)  # fmt: skip
def test_who_keeps_the_goods_gives_the_matter_up(text: str) -> None:
    for issue in (BACK, Issue.SIZE_MISMATCH):
        seen = read(text, issue)
        assert (seen.turn, seen.let_go, seen.issues, seen.choice) == (Turn.CHOICE, True, (), ())


@pytest.mark.parametrize(
    "text",
    [
        "i'll keep it but i want some money back", "i'll keep it if you refund half", "不退了 给我补偿点", "能不退了吗",
        "我留着 退我一半", "不退了?", "粉的也挺好看 要不便宜点我就留下了",
        "i'll keep it for 20 off", "i'll keep waiting", "can i keep it", "留着也没用 退了吧", "你们不退了是吧",
    ],
)  # fmt: skip
def test_who_wants_something_for_keeping_them_does_not(text: str) -> None:
    assert not read(text, BACK).let_go


def test_goods_are_kept_where_none_were_to_go_back_only_by_a_plain_word() -> None:
    assert read("算了不退了 留着穿吧", None).let_go
    assert not read("i'll keep it", PARCEL).let_go


def test_a_question_beside_it_is_the_turn() -> None:
    seen = read("算了不退了 你们今天能发吗", Issue.CANCEL_ORDER)
    assert (seen.turn, seen.let_go) == (Turn.NEW_ISSUE, False)
    assert seen.issues[0].issue is Issue.SHIPPING_TIME
    assert seen.issues[0].evidence is not None
    assert seen.issues[0].evidence.text == "你们今天能发吗"
    assert seen.issues[0].evidence.start == len("算了不退了 ")


@pytest.mark.parametrize(
    "text", ["我不退了 怎么撤销售后", "我不退了,怎么取消申请?", "i'll keep it, how do i cancel the return?"]
)
def test_how_to_take_a_request_back_belongs_to_giving_it_up(text: str) -> None:
    assert read(text, BACK).let_go
    assert read("怎么撤销售后", BACK).let_go is False
