"""Who gives a matter up is understood: the standing offer is refused, and nobody is asked again."""

import pytest

from copilot.domain.case import Case, Option
from copilot.domain.issue import Issue, Turn
from copilot.flow.understand import read_turn
from copilot.flow.understand.burst import Burst

OFFERED = (
    Option(id="A", key="reship", title="补发", action="reship", text="重新寄您一整套,明天18点前发出"),
    Option(id="B", key="refund_keep", title="部分退款", action="refund", text="好的您留着用,退您29.95元"),
)
CANCEL = (Option(id="A", key="cancel_refund", title="取消退款", action="cancel_refund", text="取消订单,全额退您"),)


def read(text: str, offered: tuple[Option, ...] = OFFERED, **more: object):
    case = Case.model_validate({"issue": Issue.DAMAGED, "offered": offered, **more})
    return read_turn(Burst(messages=("1",), texts=(text,)), case=case, last_shop_text="A还是B?")


@pytest.mark.feature("F082")
@pytest.mark.parametrize(
    "text",
    [
        "算了", "算了不要了", "算了吧", "唉 算了", "不用了,算了", "算了,我自己处理吧", "算了算了 当我没说",
        "太麻烦了,算了",
        "懒得折腾了", "拉倒吧", "自认倒霉吧", "不用处理了", "行吧算了,将就用吧", "算了,谢谢",
        "forget it", "nah forget it", "never mind", "nvm", "ok never mind then", "forget it, not worth the hassle",
        "don't bother", "just leave it", "no thanks, leave it", "ah just forget about it", "drop it",
        "it's fine, i'll just keep it, forget it", "not worth it, too much hassle", "Forget about it. Thanks anyway",
    ],
)  # fmt: skip
def test_giving_up_refuses_what_stands_and_raises_nothing(text: str) -> None:
    seen = read(text)
    assert (seen.turn, seen.let_go, seen.refused_all, seen.choice, seen.issues) == (Turn.CHOICE, True, True, (), ())


@pytest.mark.parametrize(
    "text",
    [
        "算了,退款吧", "算了,还是选B", "算了我找平台", "算了?你们就这态度", "那就算了吗", "不要了,给我退全款", "都不要",
        "别忘了发货", "forget the refund, send a new one", "never mind that, where's my parcel",
        "don't bother me with vouchers, refund it", "leave it at the door", "forget it, i'm calling my bank",
        "nvm, B please", "is it worth it?", "drop shipping it again works",
    ],
)  # fmt: skip
def test_who_wants_something_has_not_given_up(text: str) -> None:
    assert not read(text).let_go


def test_it_takes_an_offer_that_nothing_was_agreed_on() -> None:
    assert not read("算了不要了", ()).let_go
    assert not read("算了不要了", chosen="A").let_go


def test_whoever_can_still_cancel_may_mean_the_order() -> None:
    assert not read("算了不要了", CANCEL).let_go
