"""Questions about options that stand: what they ask, of which option, and what is none."""

import pytest

from copilot.domain.case import Case, CaseState, Option
from copilot.domain.issue import Issue, Turn, Understanding
from copilot.flow.understand import Burst, read_turn

RESHIP = Option(
    id="A", key="reship", title="补发", text="重新寄您一整套，明天18点前发出，坏的不用寄回", action="reship"
)
KEEP = Option(id="B", key="refund_keep", title="部分退款", text="好的您留着用，退您29.95元", action="refund")
NEW = Option(id="A", key="exchange", title="exchange", text="an exchange, with a prepaid label", action="exchange")
BACK = Option(
    id="B", key="return_refund", title="return and refund", text="a return for the full $34.90", action="return_refund"
)
ZH, EN = (RESHIP, KEEP), (NEW, BACK)


def read(text: str, offered: tuple[Option, ...] = (), **more: object) -> Understanding:
    offered = offered or (ZH if any("\u3400" <= sign <= "\u9fff" for sign in text) else EN)
    values: dict[str, object] = {
        "issue": Issue.DAMAGED, "offered": offered, "state": CaseState.WAITING_BUYER, "empathy_given": True,
        "answered": {"photo": "1"},
    }  # fmt: skip
    case = Case.model_validate(values | more)
    return read_turn(Burst(messages=("1",), texts=(text,)), case=case, last_shop_text="…?")


@pytest.mark.parametrize(
    ("text", "options", "topics"),
    [
        ("哪个快一点?", "", {"when"}),
        ("退款多久到账?", "B", {"when"}),
        ("A要我自己寄吗", "A", {"way_back"}),
        ("坏的那两只要寄回去吗", "", {"way_back"}),
        ("要运费吗", "", {"way_back"}),
        ("B要扣钱吗", "B", {"cost"}),
        ("补发几天能到", "A", {"arrive"}),
        ("这两个有啥区别", "", {"difference"}),
        ("选哪个划算", "", {"difference"}),
        ("B退多少啊", "B", {"amount"}),
        ("退到微信还是银行卡", "", {"route"}),
        ("最晚什么时候要告诉你", "", {"until"}),
        ("那能不能多退点", "B", {"more"}),
        ("补发的是新的吗", "A", {"other"}),
        ("which would be faster?", "", {"when"}),
        ("does the refund cost me anything", "B", {"cost"}),
        ("who pays the return shipping?", "", {"way_back"}),
        ("do i have to send it back for the exchange", "A", {"way_back"}),
        ("when will the new one get here", "", {"arrive"}),
        ("whats the difference", "", {"difference"}),
        ("which do you recommend", "", {"difference"}),
        ("how much do i get with B", "B", {"amount"}),
        ("does it go back on my card", "", {"route"}),
        ("until when can i send it back", "", {"until"}),
        ("ok and do you charge for shipping", "", {"way_back"}),
    ],
)
def test_a_question_about_the_options_is_one(text: str, options: str, topics: set[str]) -> None:
    seen = read(text)
    assert seen.inquiry is not None, (seen.turn, seen.issues)
    assert (seen.turn, seen.issues, seen.choice) == (Turn.ANSWER, (), ())
    assert ("".join(seen.inquiry.options), set(seen.inquiry.topics)) == (options, topics)


@pytest.mark.parametrize(
    "text",
    [
        "A", "补发吧", "都不要", "谢谢", "好的知道了", "怎么半天不回我", "真的吗?", "我那个开衫还有货吗",
        "你们就这样处理问题的?",
        "还没处理好吗", "the refund pls", "neither", "thanks!", "really?", "are you still there??",
        "i need an invoice for this order",
    ],
)  # fmt: skip
def test_what_asks_nothing_about_the_options_is_none(text: str) -> None:
    assert read(text).inquiry is None


def test_without_an_offer_nothing_is_asked_about_one() -> None:
    case = Case(issue=Issue.DAMAGED)
    assert read_turn(Burst(messages=("1",), texts=("退款多久到账?",)), case=case).inquiry is None
    assert read("退款多久到账?", refused_all=True).inquiry is None


@pytest.mark.parametrize(
    ("text", "choice", "topics"),
    [
        ("A吧,几天能到?", "A", {"arrive"}),
        ("行B 退到哪里", "B", {"route"}),
        ("B, when will i see the money?", "B", {"when"}),
    ],
)
def test_a_choice_may_ask_as_well(text: str, choice: str, topics: set[str]) -> None:
    seen = read(text)
    assert (seen.turn, "".join(seen.choice)) == (Turn.CHOICE, choice)
    assert seen.inquiry is not None
    assert set(seen.inquiry.topics) == topics


def test_a_question_beside_a_further_matter_keeps_both() -> None:
    seen = read("退款多久到账? 另外帮我开一张发票")
    assert seen.turn is Turn.NEW_ISSUE
    assert [one.issue for one in seen.issues] == [Issue.INVOICE]
    assert seen.inquiry is not None


def test_of_a_chosen_option_only_that_one_is_asked() -> None:
    assert read("退款多久到账?", chosen="B").inquiry is not None
    # Who presses is told how things stand.
    assert read("怎么还没到账 催一下", chosen="B").inquiry is None


@pytest.mark.parametrize(
    ("text", "of_each"),
    [
        ("A多久发?B退到哪里?", {"A": ("when",), "B": ("route",)}),
        ("补发几天能到 退钱退到哪", {"A": ("arrive",), "B": ("route",)}),
        ("A多久发?B退到哪里?哪个划算?", {"A": ("when", "difference"), "B": ("route", "difference")}),
        ("how long does A take? and how much do i get with B?", {"A": ("when",), "B": ("amount",)}),
        ("when does A ship, and what does B cost me?", {"A": ("when",), "B": ("cost",)}),
        # What is asked of both, or of one alone, needs no telling apart.
        ("A和B多久能到?", {}),
        ("A多久发?要钱吗?", {}),
        ("how much do i get with B?", {}),
    ],
)
def test_each_option_is_asked_what_is_asked_of_it(text: str, of_each: dict[str, tuple[str, ...]]) -> None:
    found = read(text).inquiry
    assert found is not None
    assert {id: set(topics) for id, topics in found.of_each.items()} == {id: set(one) for id, one in of_each.items()}


@pytest.mark.parametrize(
    ("text", "choice", "topics"),
    [
        ("选B 可我没打印机", ("B",), {"print"}),
        ("B吧,不过我这打印不了", ("B",), {"print"}),
        ("B but I don't have a printer", ("B",), {"print"}),
        ("A but i can't print", ("A",), {"print"}),
        ("no printer here, is that ok?", (), {"print"}),
        ("寄回要打印吗", (), {"print", "way_back"}),
    ],
)
def test_no_printer_wants_to_know_how_it_goes_back(text: str, choice: tuple[str, ...], topics: set[str]) -> None:
    found = read(text)
    assert found.inquiry is not None
    assert (found.choice, set(found.inquiry.topics)) == (choice, topics)


@pytest.mark.parametrize("text", ["B,打印机的盒子也一起寄", "B,the printer box too"])
def test_a_printer_that_is_spoken_of_asks_nothing(text: str) -> None:
    assert read(text).inquiry is None
