import pytest
from hypothesis import given
from hypothesis import strategies as st

from copilot.domain.case import Option
from copilot.flow.understand.choice import Choice, read_choice
from copilot.flow.understand.shop import read_shop
from tests.understand import wordings

ZH = (
    Option(id="A", key="reship", title="重新寄您一整套", text="重新寄您一整套,明天发出,坏的不用寄回", action="reship"),
    Option(id="B", key="refund_keep", title="退您29.95元", text="好的您留着用,退您29.95元", action="refund_partial"),
)
EN = (
    Option(id="A", key="reship", title="a free replacement", text="a free replacement, out by Friday", action="reship"),
    Option(id="B", key="refund_full", title="a full refund", text="a full refund of $34.99", action="refund"),
)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("A", ("A",)),
        ("b", ("B",)),
        ("选A", ("A",)),
        ("我选b谢谢", ("B",)),
        ("A吧", ("A",)),
        ("B", ("B",)),
        ("第一个", ("A",)),
        ("第2个吧", ("B",)),
        ("后面那个", ("B",)),
        ("方案一", ("A",)),
        ("重新寄一套", ("A",)),
        ("再发一个吧", ("A",)),
        ("退钱", ("B",)),
        ("我要钱", ("B",)),
        ("还是退款吧", ("B",)),
        ("那就补发 快点", ("A",)),
        ("不要补发,退钱", ("B",)),
        ("要B不要A", ("B",)),
        ("不要B", ("A",)),
        ("都可以", ("A", "B")),
        ("随便 你们定", ("A", "B")),
    ],
)
def test_reads_choices_in_chinese(text: str, ids: tuple[str, ...]):
    assert read_choice(text, ZH) == Choice(ids=ids)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("A", ("A",)),
        ("b pls", ("B",)),
        ("Option B", ("B",)),
        ("let's go with A", ("A",)),
        ("actually can we do A instead", ("A",)),
        ("I'd take the first one", ("A",)),
        ("second", ("B",)),
        ("the latter", ("B",)),
        ("the refund pls", ("B",)),
        ("replacement please", ("A",)),
        ("just send a new one", ("A",)),
        ("money back", ("B",)),
        ("a refund would be best", ("B",)),
        ("not A", ("B",)),
        ("I don't want a replacement, refund me", ("B",)),
        ("A not B", ("A",)),
        ("a, which arrives first", ("A",)),
        ("let A ship today please", ("A",)),
        ("either works", ("A", "B")),
        ("whichever is faster", ("A", "B")),
    ],
)
def test_reads_choices_in_english(text: str, ids: tuple[str, ...]):
    assert read_choice(text, EN) == Choice(ids=ids)


@pytest.mark.parametrize("text", ["都不要", "两个都不行", "哪个都不想要", "不接受"])
def test_refuses_all_in_chinese(text: str):
    assert read_choice(text, ZH) == Choice(refused_all=True)


@pytest.mark.parametrize("text", ["neither", "none of those", "i don't want either of them", "no to both"])
def test_refuses_all_in_english(text: str):
    assert read_choice(text, EN) == Choice(refused_all=True)


@pytest.mark.parametrize("text", ["A和B有什么区别", "退款多久到账", "好的", "照片看到了吗", "谢谢", "在吗"])
def test_a_question_or_a_nod_chooses_nothing_in_chinese(text: str):
    assert read_choice(text, ZH) is None


@pytest.mark.parametrize(
    "text",
    [
        "what's the difference?",
        "how long does the refund take",
        "ok",
        "a quick question",
        "I want a ship model",
        "is it a take away box",
        "keep stalling and i'll report you",
        "you keep sending me the same message",
    ],
)
def test_a_question_or_a_nod_chooses_nothing_in_english(text: str):
    assert read_choice(text, EN) is None


def test_a_yes_takes_the_only_offer():
    assert read_choice("可以", ZH[:1]) == Choice(ids=("A",))
    assert read_choice("no", EN[:1]) == Choice(refused_all=True)


@given(st.text(max_size=60))
def test_never_picks_what_was_not_offered(text: str):
    picked = read_choice(text, EN)

    assert picked is None or (set(picked.ids) <= {"A", "B"} and not (picked.ids and picked.refused_all))
    assert read_choice(text, ()) is None


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("您看哪种方便:A 补发一件,明天发出;B 退您20元,原路退回。选A还是B?", ["补发一件", "退您20元"]),
        ("I can do A) a replacement, out Friday, or B) a $20 refund. Which one?", ["a replacement", "a $20 refund"]),
        ("您是想补发还是退款呢?", ["补发", "退款"]),
        ("Would you like a refund or an exchange?", ["a refund", "an exchange"]),
    ],
)
def test_finds_what_an_agent_offered_in_free_text(text: str, titles: list[str]):
    offered = read_shop(text).offered

    assert [option.title for option in offered] == titles
    assert [option.id for option in offered] == ["A", "B"]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("超过7天不能退货,给您换一个可以吗?", ["exchange"]),
        ("We can't refund it, would you like an exchange?", ["exchange"]),
        ("I can send a replacement tomorrow. Is that ok?", ["reship"]),
        ("可以给您补发。您看可以吗?", ["reship"]),
        ("We can refund 19.90 or send a new one. Which would you like?", ["refund", "reship"]),
        ("退不了了亲,您看还有别的需要吗?", []),
        ("ok, after 90 days we cannot accept the return. Would there be anything else?", []),
    ],
)
def test_what_is_refused_is_no_offer_and_a_question_may_follow_it(text: str, keys: list[str]):
    assert [option.key for option in read_shop(text).offered] == keys


@pytest.mark.parametrize("text", ["How can I help you?", "A nice day to you!", "您好,有什么可以帮您?", "发货后1-2天到"])
def test_finds_no_offer_where_none_is(text: str):
    assert read_shop(text).offered == ()


def _told(choice: Choice | None) -> str:
    if choice is None:
        return "-"
    return "none" if choice.refused_all else "".join(choice.ids)


@pytest.mark.parametrize(("language", "rows"), [("zh", wordings.ZH), ("en", wordings.EN)])
def test_every_wording_takes_what_it_says(language: str, rows: tuple[tuple[str, str, str], ...]):
    read = [(keys, text, said, _told(read_choice(text, wordings.offer(language, keys)))) for keys, text, said in rows]

    assert [row for row in read if row[2] != row[3]] == []


@pytest.mark.parametrize("rows", [wordings.ZH, wordings.EN], ids=["zh", "en"])
def test_the_wordings_cover_every_remedy_and_near_misses(rows: tuple[tuple[str, str, str], ...]):
    taken = {key for keys, _, said in rows for letter, key in zip("AB", keys.split(), strict=False) if letter in said}

    assert sum(said != "-" for *_, said in rows) >= 40
    assert sum(said == "-" for *_, said in rows) >= 15
    assert taken >= {
        "reship", "refund_full", "refund_keep", "return_refund", "exchange", "voucher", "refund_difference", "repair",
        "resend_gift", "invoice", "cancel_refund",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("要不给您退20元,东西您留着?", "给您退20元,东西您留着"),
        ("给您补发一个好吗", "给您补发一个"),
        ("I could give you $20 back and you keep it, would that work?", "$20 back and you keep it"),
        ("We'd be happy to refund you $10, ok?", "a refund of $10"),
    ],
)
def test_what_is_proposed_stands_without_the_words_that_propose_it(text: str, said: str):
    assert [option.text for option in read_shop(text).offered] == [said]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("给您补发一套 明天发", ["reship"]),
        ("给您换一台,运费我们出", ["exchange"]),
        ("可以换38或者退货的 运费我们出", ["exchange", "return"]),
        ("I'll send you a new one tomorrow.", ["reship"]),
        ("I can send you a new one or refund you the full £28.00, up to you", ["reship", "refund"]),
        ("I can offer you $20 back and you keep it.", ["refund"]),
    ],
)
def test_what_is_offered_without_a_question_is_offered(text: str, keys: list[str]):
    move = read_shop(text)
    assert (move.offered, [option.key for option in move.stated]) == ((), keys)


@pytest.mark.parametrize(
    "text",
    [
        "我帮您查一下退款",
        "您退货收到后给您退款",
        "如果坏了给您换",
        "已经给您退了",
        "不能给您退",
        "大衣可以退,7天内",
        "If it is broken I'll send a new one",
        "I've refunded you already",
        "I'll check the refund",
        "You can return it within 30 days",
    ],
)
def test_what_is_done_or_depends_on_something_is_no_offer(text: str):
    assert read_shop(text).stated == ()


def test_who_pays_the_way_back_is_said_of_every_option():
    assert all("运费我们出" in option.text for option in read_shop("可以换38或者退货的 运费我们出").stated)


NEW = (Option(id="A", key="reship", title="发新的", text="您在订单里申请换货,寄回我们收到就给您发新的", action=""),)
NEW_EN = (Option(id="A", key="reship", title="a new one", text="send it back and we ship a new one", action=""),)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("我前天就寄回去了 新的发了没", NEW),
        ("新的发了没", NEW),
        ("寄回去三天了 新的呢", NEW),
        ("换货发出了吗", NEW),
        ("i sent it back, did the new one ship yet", NEW_EN),
        ("has the new one been sent", NEW_EN),
    ],
)
def test_how_far_what_was_agreed_is_takes_nothing(text: str, offered: tuple[Option, ...]) -> None:
    assert read_choice(text, offered) is None


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("行 就换吧", NEW),
        ("好的 那我去申请", NEW),
        ("换吧 我已经寄回去了", NEW),
        ("ok a new one please, i sent it back already", NEW_EN),
    ],
)
def test_who_agrees_and_has_done_their_part_still_agrees(text: str, offered: tuple[Option, ...]) -> None:
    assert read_choice(text, offered) == Choice(ids=("A",))


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("都拒绝", ZH),
        ("两个我都拒绝", ZH),
        ("都免了", ZH),
        ("都没法接受", ZH),
        ("都太少了", ZH),
        ("no thanks to both", EN),
        ("nope to both", EN),
        ("both are unacceptable", EN),
        ("I reject both", EN),
        ("no thanks, both are bad", EN),
        ("both too little", EN),
        ("can't accept either", EN),
    ],
)
def test_a_no_beside_all_of_them_takes_none(text: str, offered: tuple[Option, ...]):
    assert read_choice(text, offered) == Choice(refused_all=True)


@pytest.mark.parametrize(
    ("text", "offered", "ids"),
    [
        ("都没问题", ZH, ("A", "B")),
        ("补!", ZH, ("A",)),
        ("退一半得了", ZH, ("B",)),
        ("ship me another", EN, ("A",)),
        ("i don't mind, both work", EN, ("A", "B")),
        ("no i want both", EN, ("A", "B")),
        ("not bad, both are ok", EN, ("A", "B")),
        ("both are fine, no rush", EN, ("A", "B")),
        ("not both, just the refund", EN, ("B",)),
        ("dealer's choice", EN, ("A", "B")),
    ],
)
def test_what_only_sounds_like_a_no_takes_what_it_names(text: str, offered: tuple[Option, ...], ids: tuple[str, ...]):
    assert read_choice(text, offered) == Choice(ids=ids)
