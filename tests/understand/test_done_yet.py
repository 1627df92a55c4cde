"""Questions whether something was done that a colleague stated, and turns that only sound like one."""

import pytest

from copilot.domain.case import Case, Commitment, CommitmentState, Option
from copilot.domain.issue import Issue, Turn, Understanding
from copilot.flow.understand import read_turn
from copilot.flow.understand.burst import Burst
from copilot.flow.understand.done_yet import asks_if_done

REFUND = ("quality_defect", "refund", "Oh no, I'll refund you in full, no need to send it back.")
REFUND_ZH = ("quality_defect", "refund", "给您全额退款,东西不用退")
NEW_ONE = ("damaged", "reship", "So sorry, I'll get a new one out to you tomorrow.")
PART = ("missing_item", "ship", "给您补发一个锅盖,明天下午6点前寄出")
SWAP = ("wrong_item", "ship", "抱歉,给您换一件黑色的,仓库明天发")
NAVY = ("return_exchange", "send", "Sure thing, I've changed it to navy for you, we'll send the navy.")


def read(after: tuple[str, str, str], text: str, *, offered: tuple[Option, ...] = ()) -> Understanding:
    issue, what, said = after
    kept = (Commitment(what=what, state=CommitmentState.DONE),)
    case = Case(issue=Issue(issue), commitments=kept, offered=offered)
    return read_turn(Burst(texts=tuple(text.split("\n"))), case=case, last_shop_text=said)


@pytest.mark.parametrize(
    ("after", "text", "wish"),
    [
        (REFUND, "thankyou\njust checking has that been done? cant see it in my bank", "owed_money"),
        (REFUND, "did the refund go through? nothing on my card", "owed_money"),
        (REFUND, "is that sorted now?", "owed_money"),
        (REFUND, "checked my statement, refund still isnt there", "owed_money"),
        (REFUND_ZH, "弄好了吗 支付宝看不到", "owed_money"),
        (REFUND_ZH, "那钱退了没", "owed_money"),
        (NEW_ONE, "has the replacement been sent? still waiting", "owed_goods"),
        (NEW_ONE, "any sign of the new lamp? did it go out", "owed_goods"),
        (NEW_ONE, "where is my new one", "owed_goods"),
        (PART, "补发的到哪了", "owed_goods"),
        (PART, "锅盖寄出来没", "owed_goods"),
        (SWAP, "说换的那件呢", "owed_goods"),
        (NAVY, "thanks! so it still goes out on monday right", "owed_goods"),
    ],
)
def test_what_counts_as_kept_is_asked_after_too(after: tuple[str, str, str], text: str, wish: str) -> None:
    found = read(after, text)
    assert (found.turn, found.wish, found.issues) == (Turn.CHASE, wish, ())


@pytest.mark.parametrize(
    ("after", "text"),
    [
        (REFUND, "thanks so much"),
        (REFUND, "do you have it in blue? want to order another one"),
        (REFUND_ZH, "好的谢谢"),
        (NEW_ONE, "the new one is cracked as well"),
        (NEW_ONE, "great, thank you!"),
        (PART, "行"),
        (SWAP, "顺便问下这件能机洗吗"),
    ],
)
def test_another_matter_or_a_nod_asks_after_nothing(after: tuple[str, str, str], text: str) -> None:
    assert not read(after, text).wish.startswith("owed_")


def test_the_one_thing_that_was_stated_is_not_taken_by_asking_for_it() -> None:
    option = Option(id="A", key="reship", title="补发一个锅盖", text="补发一个锅盖", action="")
    found = read(PART, "补发的寄出来没", offered=(option,))
    assert (found.turn, found.choice, found.wish) == (Turn.CHASE, (), "owed_goods")
    assert read(PART, "好 就补发吧", offered=(option,)).turn is Turn.CHOICE


def test_a_parcel_by_its_name_is_no_money() -> None:
    assert read(REFUND, "where is my package").wish != "owed_money"


@pytest.mark.parametrize(
    "text", ["没事", "没问题", "好了吧", "not a problem", "is it machine washable", "can i keep it"]
)
def test_other_words_ask_whether_nothing_was_done(text: str) -> None:
    assert not asks_if_done(text)
