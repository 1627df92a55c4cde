"""Buyers and agents write full-width and half-width signs as they please; nothing may depend on which."""

from typing import Any

import pytest

from copilot.domain.case import Option
from copilot.domain.conversation import Conversation
from copilot.domain.issue import Turn
from copilot.domain.message import DraftMark, Message, Role
from copilot.flow.understand import derive_cases, last_shop_text, open_case, read_turn, unanswered
from copilot.flow.understand.shop import read_shop
from tests.conftest import ROOT

WIDE = str.maketrans({"!": "！", "?": "？", ",": "，", ";": "；", ":": "：", "(": "（", ")": "）"})
GOLDEN = [
    Conversation.model_validate_json(line)
    for line in (ROOT / "tests/golden/zh.jsonl").read_text(encoding="utf-8").splitlines()
]


def reading(conversation: Conversation) -> tuple[Any, ...]:
    cases = derive_cases(conversation)
    burst = unanswered(conversation)
    read = read_turn(burst, case=open_case(cases), last_shop_text=last_shop_text(conversation, burst))
    known = [(c.issue, [o.id for o in c.offered], c.asked_for, c.chosen, c.state, c.holds) for c in cases]
    return read.turn, [one.issue for one in read.issues], read.choice, {one.risk for one in read.risks}, known


@pytest.mark.parametrize("conversation", GOLDEN, ids=lambda one: one.id)
def test_the_width_of_signs_changes_no_reading(conversation: Conversation) -> None:
    wide = tuple(m.model_copy(update={"text": m.text.translate(WIDE)}) for m in conversation.messages)
    assert reading(conversation.model_copy(update={"messages": wide})) == reading(conversation)


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        (
            "您看哪种方便：A 重新寄您一整套，明天18点前发出，坏的不用寄回；B 能用的您留着用，退您29.95元。选A还是B？",
            "AB",
        ),
        ("可以这样处理：A、补发一件；B、退款20元。您选哪个？", "AB"),
        ("A）退货退款，B）换一件，C）补偿10元，您看？", "ABC"),
        ("您是想退款，还是想换货？", "AB"),
        ("款已经退了。还有别的问题吗？", ""),
    ],
)
def test_offers_are_read_out_of_chinese_as_it_is_written(text: str, letters: str) -> None:
    assert "".join(option.id for option in read_shop(text).offered) == letters


def offered_plainly(answer: str, offered: tuple[Option, ...]) -> Conversation:
    """A sent draft that put one option in words of its own, and what the buyer says to it."""
    mark = DraftMark(id="d1", offered=offered, asks=())
    return Conversation(
        id="c1",
        platform="douyin",
        market="cn",
        messages=(
            Message(id="m1", role=Role.BUYER, text="这单我不要了，退款吧"),
            Message(id="m2", role=Role.AGENT, text="还没出库，来得及取消。那就现在给您办？", draft=mark),
            Message(id="m3", role=Role.BUYER, text=answer),
        ),
    )


CANCEL = Option(id="A", key="cancel_refund", title="取消并退款", action="cancel_refund")


@pytest.mark.parametrize(
    "answer",
    [
        "好，谢谢",
        "行",
        "行吧",
        "嗯嗯好",
        "可以的",
        "好的办吧",
        "就这样吧",
        "你们处理吧",
        "好，那多久到账",
        "ok",
        "go ahead please",
    ],
)
def test_a_yes_takes_the_only_thing_that_was_offered(answer: str) -> None:
    turn, _, choice, _, _ = reading(offered_plainly(answer, (CANCEL,)))
    assert (turn, choice) == (Turn.CHOICE, ("A",))


@pytest.mark.parametrize("answer", ["谢谢", "好的，不过我想换一件", "行，但是先别退", "为什么", "不用了", "再想想"])
def test_what_is_no_yes_takes_nothing(answer: str) -> None:
    _, _, choice, _, _ = reading(offered_plainly(answer, (CANCEL,)))
    assert choice == ()


def test_a_thanks_to_a_draft_that_offered_nothing_is_a_thanks() -> None:
    turn, _, choice, _, _ = reading(offered_plainly("好，谢谢", ()))
    assert (turn, choice) == (Turn.THANKS, ())
