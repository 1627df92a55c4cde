"""What is asked about the way back, where goods go back, is part of that matter and no parcel's."""

import pytest

from copilot.domain.case import Case, Option
from copilot.domain.issue import Issue, Turn, Understanding
from copilot.flow.understand import read_turn
from copilot.flow.understand.burst import Burst

OFFERED = (
    Option(id="A", key="exchange", title="换新", text="换一台新的，运费我们出", action="exchange"),
    Option(id="B", key="return_refund", title="退货退款", text="退货退款199元，运费我们出", action="return_refund"),
)
ASKED = [
    "运费谁出", "运费多少 我先垫吗", "寄哪里 地址发我", "怎么申请", "好的 怎么申请", "能上门取件吗", "怎么退",
    "who pays shipping", "where do i send it", "how do i start",
]  # fmt: skip


def read(text: str, issue: Issue | None, offered: tuple[Option, ...] = ()) -> Understanding:
    case = None if issue is None else Case(issue=issue, offered=offered)
    return read_turn(Burst(messages=("1",), texts=(text,)), case=case, last_shop_text="可以的 您寄回来")


@pytest.mark.parametrize("text", ASKED)
def test_the_way_back_belongs_to_the_return(text: str) -> None:
    for issue in (Issue.RETURN_EXCHANGE, Issue.SIZE_MISMATCH):
        seen = read(text, issue)
        assert (seen.turn, seen.issues) == (Turn.CHASE, ())


@pytest.mark.parametrize("text", ASKED)
def test_beside_options_it_is_a_question_about_them(text: str) -> None:
    seen = read(text, Issue.SIZE_MISMATCH, OFFERED)
    assert (seen.turn, seen.issues) == (Turn.ANSWER, ())
    assert seen.inquiry is not None
    assert set(seen.inquiry.topics) <= {"way_back", "how", "address"}


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("到哪了", Issue.LOGISTICS_QUERY), ("另外我那个快递到哪了", Issue.LOGISTICS_QUERY),
        ("怎么用", Issue.USAGE_QUESTION), ("收货地址填错了", Issue.ADDRESS_CHANGE),
    ],
)  # fmt: skip
def test_other_questions_stay_what_they_are(text: str, issue: Issue) -> None:
    assert [one.issue for one in read(text, Issue.RETURN_EXCHANGE).issues] == [issue]


def test_without_a_return_postage_is_what_it_sounds_like() -> None:
    assert [one.issue for one in read("运费多少", None).issues] == [Issue.SHIPPING_TIME]
    assert read("运费多少", Issue.STOCK).issues


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("运费谁出", "way_postage"), ("运费多少 我先垫吗", "way_postage"), ("who pays shipping", "way_postage"),
        ("still waiting on the label", "way_label"),
        ("寄哪里 地址发我", "way_address"), ("where do i send it", "way_address"),
        ("能上门取件吗", "way_pickup"),
        ("怎么申请", "way_apply"), ("how do i start", "way_apply"),
    ],
)  # fmt: skip
def test_what_of_the_way_back_is_asked_is_known(text: str, wish: str) -> None:
    assert read(text, Issue.RETURN_EXCHANGE).wish == wish
    assert not read(text, Issue.SIZE_MISMATCH, OFFERED).wish.startswith("way")
