"""An exchange offered once the goods are back or if they are as new, and what the buyer answers to that."""

import pytest

from copilot.domain.issue import Turn
from copilot.flow.understand import Burst, derive_cases, open_case, read_turn
from copilot.flow.understand.on_condition import answers_condition, on_condition
from copilot.flow.understand.shop import read_shop
from tests.understand.conversations import BUYER, SHOP, order, talk

ASKS_TAGS = "we can send the L once u ship the M back, tags still on?"
ASKS_WORN = "happy to swap it for a large as soon as we get it back! have you worn it?"
ASKS_TAGS_ZH = "您把M码寄回来我们给您换L，吊牌还在吗"
ASKS_CUT_ZH = "可以换的 您这边先寄回 我们收到就给您发L 吊牌剪了没"
ASKS_WASHED_ZH = "没洗过没穿过就能换L 您洗过吗"


@pytest.mark.parametrize(
    ("said", "title"),
    [
        (ASKS_TAGS, "an exchange for the L"),
        (ASKS_WORN, "an exchange for the large"),
        ("sure, mail the M back and we'll swap it for an L. is it unworn w tags?", "an exchange for the L"),
        ("if the tags are still on we can exchange it for the XL", "an exchange for the XL"),
        ("no prob, return it first and we will send you the 9.5", "an exchange for the 9.5"),
        ("we can replace it after you send the broken one back", "an exchange"),
        ("once we receive it we ship the black one out", "an exchange"),
        ("as long as it's unworn i can exchange it", "an exchange"),
        (ASKS_TAGS_ZH, "换L码"),
        (ASKS_CUT_ZH, "换L码"),
        (ASKS_WASHED_ZH, "换L码"),
        ("吊牌在的话可以给您换XL码哈", "换XL码"),
        ("您先寄回来 我们收到后给您换42码", "换42码"),
        ("没拆封就可以换黑色 您寄回来就行", "换黑色"),
        ("把旧的寄回 新的马上补发给您", "换货"),
        ("只要不影响二次销售就能换", "换货"),
    ],
)
def test_an_exchange_under_a_condition_is_an_offer(said: str, title: str) -> None:
    found = read_shop(said)
    assert ([one.title for one in found.conditional], found.offered, found.stated) == ([title], (), ())


@pytest.mark.parametrize(
    "said",
    [
        "we can't exchange it once the tags are off",
        "send it back and we refund you in full",
        "we have to inspect it first, send it back and if it's faulty we replace it",
        "did you get the exchange we sent?",
        "I've set up a free replacement for you, no need to send the broken one back. It'll ship in 2 days.",
        "we'll replace it, you don't have to ship the old one back",
        "给您补发一个新的，坏的不用寄回来了",
        "what size do you normally wear?",
        "pls ship it back with the label",
        "寄回来检测确认是质量问题给您换新",
        "吊牌剪了就换不了了",
        "您寄回来 收到后给您退款",
        "换货已经给您发出了",
        "您是要换还是退呢",
        "这款没有L了 换不了",
    ],
)
def test_what_offers_no_exchange_under_a_condition_is_none(said: str) -> None:
    assert on_condition(said) == ()


@pytest.mark.parametrize(
    ("asked", "answer", "met"),
    [
        (ASKS_TAGS, "yep tags on", True),
        (ASKS_TAGS, "yes they are", True),
        (ASKS_TAGS, "still attached, never worn", True),
        (ASKS_TAGS, "only tried it on, tags are there", True),
        (ASKS_TAGS, "no", False),
        (ASKS_TAGS, "sorry i cut them off already", False),
        (ASKS_TAGS, "the tags are gone", False),
        (ASKS_WORN, "no", True),
        (ASKS_WORN, "nope, brand new", True),
        (ASKS_WORN, "havent even taken it out", True),
        (ASKS_WORN, "yes once", False),
        (ASKS_WORN, "i wore it to work", False),
        (ASKS_TAGS, "do i need a box", None),
        ("sure, we can swap it once it's back", "ok how do i send it", None),
        (ASKS_TAGS_ZH, "吊牌在的", True),
        (ASKS_TAGS_ZH, "在的 没穿过", True),
        (ASKS_TAGS_ZH, "试了一下 吊牌没剪", True),
        (ASKS_TAGS_ZH, "都在呢", True),
        (ASKS_TAGS_ZH, "吊牌剪了", False),
        (ASKS_TAGS_ZH, "没有了", False),
        (ASKS_CUT_ZH, "没剪", True),
        (ASKS_CUT_ZH, "没有", True),
        (ASKS_CUT_ZH, "剪了", False),
        (ASKS_WASHED_ZH, "没洗过", True),
        (ASKS_WASHED_ZH, "洗过一次", False),
        (ASKS_TAGS_ZH, "运费谁出", None),
        # What is denied in the question is denied by a no and by a yes alike.
        ("ship it back first, then the large goes out. hasnt been washed right?", "nope", True),
        ("ship it back first, then the large goes out. hasnt been washed right?", "right", True),
        ("ship it back first, then the large goes out. hasnt been washed right?", "washed it once sorry", False),
        ("send M back, L goes out when it lands. any wear?", "none at all", True),
        ("exchange is ok if the tag is still attached", "it is", True),
        ("没下水可以换 下水没有", "没有", True),
        ("没穿出去过的话可以换小一码的 穿过吗", "就在家试了试", True),
    ],
)
def test_the_answer_fulfils_the_condition_or_does_not(asked: str, answer: str, met: bool | None) -> None:
    assert answers_condition(answer, asked) is met


def heard(*lines: tuple[str, str]):
    conversation = talk(*lines, orders=(order("1", "delivered", "Fleece Hoodie"),))
    case = open_case(derive_cases(conversation))
    shop = next(text for role, text in reversed(lines) if role == SHOP)
    return case, read_turn(Burst(messages=("9",), texts=(lines[-1][1],)), case=case, last_shop_text=shop)


@pytest.mark.parametrize(
    ("first", "said", "answer"),
    [
        ("hoodie M is too tight, can i get the L instead", ASKS_TAGS, "yep tags on"),
        ("hoodie M is too tight, can i get the L instead", ASKS_TAGS, "ok cool"),
        ("hoodie M is too tight, can i get the L instead", ASKS_WORN, "nope never"),
        ("hoodie M is too tight, can i get the L instead", ASKS_WORN, "nope"),
        ("卫衣M码穿着紧 想换L", ASKS_TAGS_ZH, "吊牌在的"),
        ("卫衣M码穿着紧 想换L", ASKS_CUT_ZH, "没剪"),
        ("卫衣M码穿着紧 想换L", ASKS_TAGS_ZH, "好的"),
    ],
)
def test_who_fulfils_it_takes_the_exchange(first: str, said: str, answer: str) -> None:
    case, seen = heard((BUYER, first), (SHOP, said), (BUYER, answer))
    assert case is not None
    assert ([one.key for one in case.offered], seen.turn, seen.choice) == (["exchange"], Turn.CHOICE, ("A",))


@pytest.mark.parametrize(
    ("first", "said", "answer"),
    [
        ("hoodie M is too tight, can i get the L instead", ASKS_TAGS, "no i cut them off"),
        ("hoodie M is too tight, can i get the L instead", ASKS_TAGS, "no"),
        ("卫衣M码穿着紧 想换L", ASKS_TAGS_ZH, "吊牌剪了"),
        ("卫衣M码穿着紧 想换L", ASKS_CUT_ZH, "剪掉了"),
    ],
)
def test_who_does_not_fulfil_it_neither_takes_nor_refuses_it(first: str, said: str, answer: str) -> None:
    _, seen = heard((BUYER, first), (SHOP, said), (BUYER, answer))
    assert (seen.choice, seen.refused_all) == ((), False)
    assert seen.turn is not Turn.CHOICE


def test_what_a_colleague_settles_on_takes_the_place_of_the_open_ways() -> None:
    case, seen = heard(
        (BUYER, "the M is too small"),
        (SHOP, "A) an exchange for L, or B) a return. which one?"),
        (BUYER, "hm which is faster"),
        (SHOP, "we can send the L once you mail the M back. tags still on?"),
        (BUYER, "yes tags on"),
    )
    assert case is not None
    assert [one.title for one in case.offered] == ["an exchange for the L"]
    assert seen.choice == ("A",)
