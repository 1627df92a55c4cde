"""A picture that is announced is not asked for again, and one that will never come is not waited for."""

import pytest

from copilot.domain.case import Case, CaseState
from copilot.domain.issue import Issue, Turn, Understanding
from copilot.flow.understand import read_turn
from copilot.flow.understand.burst import Burst

ASKED = "Could you send me a photo of it?"


def read(text: str, issue: Issue | None = Issue.DAMAGED, *, asked: bool = True) -> Understanding:
    case = None
    if issue is not None:
        slots = ("photo",) if asked else ()
        case = Case(issue=issue, asked_for=slots, state=CaseState.WAITING_BUYER if asked else CaseState.OPEN)
    return read_turn(Burst(messages=("1",), texts=(text,)), case=case, last_shop_text=ASKED if asked else None)


@pytest.mark.parametrize(
    "text",
    [
        "at work rn, ill send it tonight", "ok will send later", "i'll take a pic when i get home",
        "tonight i can upload it", "晚上回去拍给你", "我等会儿传", "明天发", "马上拍", "下班了发给你", "等下拍",
    ],
)  # fmt: skip
def test_a_picture_that_will_come_is_announced(text: str) -> None:
    seen = read(text)
    assert (seen.turn, seen.issues, seen.wish) == (Turn.ANSWER, (), "photo_later")


@pytest.mark.parametrize(
    "text",
    [
        "threw them out, no pics", "cant upload videos here", "the app won't let me upload photos",
        "i didn't take any pictures", "扔了 没拍", "没拍照 已经扔了", "视频传不上去", "忘了拍", "传不了图",
    ],
)  # fmt: skip
def test_a_picture_that_will_never_come_is_told(text: str) -> None:
    assert read(text).wish == "photo_none"


def test_it_is_told_unasked_as_well() -> None:
    seen = read("the mugs came broken but i already threw them out, no pics sorry", None)
    assert (seen.wish, [one.issue for one in seen.issues]) == ("photo_none", [Issue.DAMAGED])


@pytest.mark.parametrize(
    "text",
    [
        "i'll send it back tomorrow", "晚点发货吧", "can you send it tonight?", "threw out the box", "包装扔了",
        "i'll take the refund tomorrow", "no photos on the listing", "照片发了", "拍下的时候说有赠品", "明天发货吗",
    ],
)  # fmt: skip
def test_what_is_sent_or_thrown_away_otherwise_is_no_picture(text: str) -> None:
    assert read(text).wish not in ("photo_later", "photo_none")


def test_nobody_asked_for_one() -> None:
    assert read("ill send it tonight", asked=False).wish == ""
    assert read("i'll send it tonight", Issue.RETURN_EXCHANGE).wish == ""


@pytest.mark.parametrize("text", ["👍", "👌👌", "🙏🏻"])
def test_a_thumb_up_answers_nothing(text: str) -> None:
    assert read(text).turn is Turn.SMALL_TALK
