"""Several matters in one turn, a refusal of everything, a chase after what was chosen: each is read as what it is."""

import pytest

from copilot.domain.case import Case, CaseState, Option
from copilot.domain.issue import Issue, Turn
from copilot.domain.message import Kind, Message, Role
from copilot.flow.understand.burst import Burst, gather
from copilot.flow.understand.choice import read_choice
from copilot.flow.understand.classifier import load
from copilot.flow.understand.issues import read_issues
from copilot.flow.understand.turns import read_turn

_PARCEL = {Issue.LOGISTICS_QUERY, Issue.SHIPPING_TIME, Issue.DELIVERY_DELAY}


@pytest.mark.feature("F075")
@pytest.mark.parametrize(
    ("text", "issues", "parcel"),
    [
        ("收到碎了两个，另外我另一单什么时候到", {Issue.DAMAGED}, True),
        ("镜子裂了一条，还少颗螺丝，对了我另外那个快递到哪了", {Issue.DAMAGED, Issue.MISSING_ITEM}, True),
        ("鞋子太小想换，还缺了鞋带，顺便问下另一单几号到", {Issue.SIZE_MISMATCH, Issue.MISSING_ITEM}, True),
        (
            "one mug is cracked, a lid is missing too, and where's my other parcel?",
            {Issue.DAMAGED, Issue.MISSING_ITEM},
            True,
        ),
        ("the shirt has a hole. btw when does my other order get here", {Issue.QUALITY_DEFECT, Issue.DAMAGED}, True),
        ("碎了两个", {Issue.DAMAGED}, False),
        ("我的快递到哪了，还没发货吗", set(), True),
    ],
)
def test_each_matter_is_read(text: str, issues: set[Issue], parcel: bool) -> None:
    found = {one.issue for one in read_issues(text, load()).issues}
    assert bool(found & _PARCEL) is parcel
    assert found - _PARCEL <= issues
    # A hole is a fault whichever of the two it is called.
    assert len(found - _PARCEL) >= len(issues - {Issue.QUALITY_DEFECT})


@pytest.mark.feature("F075")
@pytest.mark.parametrize(
    ("text", "issues"),
    [
        ("杯子碎了而且少发一个盖子,另外发票怎么开", [Issue.DAMAGED, Issue.MISSING_ITEM, Issue.INVOICE]),
        ("碎了还少发了一只", [Issue.DAMAGED, Issue.MISSING_ITEM]),
        ("碗裂了又少了勺子", [Issue.DAMAGED, Issue.MISSING_ITEM]),
        ("鞋子开胶了还发错码", [Issue.QUALITY_DEFECT, Issue.WRONG_ITEM]),
        ("发错颜色还少一件", [Issue.WRONG_ITEM, Issue.MISSING_ITEM]),
        ("wrong color and its ripped", [Issue.WRONG_ITEM, Issue.QUALITY_DEFECT]),
        ("shirt is too big and has a hole", [Issue.SIZE_MISMATCH, Issue.QUALITY_DEFECT]),
        ("the zipper broke and you sent the wrong size", [Issue.QUALITY_DEFECT, Issue.WRONG_ITEM]),
        ("salt and pepper set arrived broken", [Issue.DAMAGED]),
        ("ordered two and one is broken", [Issue.DAMAGED]),
        ("the red and white one is too small", [Issue.SIZE_MISMATCH]),
        ("箱子破了杯子碎了", [Issue.DAMAGED]),
    ],
)
def test_faults_told_in_one_breath_are_each_read(text: str, issues: list[Issue]) -> None:
    assert [one.issue for one in read_issues(text, load()).issues] == issues


@pytest.mark.parametrize("text", ["banana", "昨天", "订单", "order", "我的订单有问题", "尺码"])
def test_a_lone_word_is_no_issue_to_guess_at(text: str) -> None:
    assert read_issues(text, load()).issues == ()


@pytest.mark.parametrize(
    ("text", "issue"),
    [("退款", "refund_request"), ("发票", "invoice"), ("碎了", "damaged"), ("tracking", "logistics_query")],
)
def test_a_lone_word_that_says_it_all_is_read(text: str, issue: str) -> None:
    assert [one.issue.value for one in read_issues(text, load()).issues] == [issue]


_OFFERED = (
    Option(id="A", key="reship", title="replacement", action="reship"),
    Option(id="B", key="refund_keep", title="half back", text="$14.95 back", action="refund"),
)


@pytest.mark.feature("F082")
@pytest.mark.parametrize(
    "text",
    [
        "不换也不要那几块钱，给我个说法",
        "算了没一个靠谱的",
        "打发叫花子呢",
        "i don't want a new one or half of it back",
        "nope, that's an insult",
    ],
)
def test_who_takes_nothing_of_it_has_chosen_nothing(text: str) -> None:
    choice = read_choice(text, _OFFERED)
    assert choice is not None
    assert (choice.ids, choice.refused_all) == ((), True)


@pytest.mark.parametrize("text", ["don't want a replacement or store credit, just give me B", "不要补发，要退钱"])
def test_who_refuses_one_and_names_the_other_takes_that(text: str) -> None:
    choice = read_choice(text, _OFFERED)
    assert choice is not None
    assert choice.ids == ("B",)


@pytest.mark.parametrize("text", ["到底发没发啊", "did it even ship??", "not a word since, wheres the tracking for it"])
def test_who_has_chosen_and_asks_for_the_parcel_chases(text: str) -> None:
    case = Case(issue=Issue.DAMAGED, offered=_OFFERED, chosen="A", state=CaseState.WAITING_US)
    burst = gather((Message(id="m", role=Role.BUYER, kind=Kind.TEXT, text=text),), 0, 1)
    assert read_turn(burst, case=case, last_shop_text="Okay, a replacement it is.").turn is Turn.CHASE


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("Parcel just came and one of the mugs has the handle snapped clean off", Issue.DAMAGED),
        ("just got the parcel, one mug's chipped, rest are fine", Issue.DAMAGED),
        ("快递刚到 瓶子裂了", Issue.DAMAGED),
        ("终于收到了 少了一瓶", Issue.MISSING_ITEM),
    ],
)
def test_that_it_has_come_is_no_second_matter(text: str, issue: Issue) -> None:
    found = read_turn(Burst(messages=("1",), texts=(text,)))
    assert [one.issue for one in found.issues] == [issue]
