import pytest

from copilot.cli.classify import classified
from copilot.domain.message import Kind
from copilot.flow.understand import last_shop_text, unanswered
from tests.understand.conversations import BUYER, SHOP, talk


def test_joins_what_the_buyer_said_since_a_person_answered():
    burst = unanswered(
        talk((BUYER, "hi"), (SHOP, "hello"), (BUYER, "[order o9]"), (BUYER, "到哪了"), (BUYER, "[image]"))
    )

    assert burst.text == "到哪了"
    assert burst.order_cards == ("o9",)
    assert burst.photos == 1
    assert burst.messages == ("2", "3", "4")


def test_a_return_card_names_its_order_and_a_coupons_name_is_nobodys_words():
    told = talk((BUYER, "hi"), (BUYER, "20% off, last day"), (BUYER, "[VOICE_NOTE: Please check it in Seller Center.]"))
    hi, coupon, voice = told.messages
    card = hi.model_copy(update={"kind": Kind.RETURN_CARD, "text": "", "order_id": "o9"})
    coupon = coupon.model_copy(update={"kind": Kind.COUPON_CARD})
    voice = voice.model_copy(update={"kind": Kind.OTHER})
    burst = unanswered(told.model_copy(update={"messages": (card, coupon, voice)}))

    assert (burst.order_cards, burst.text, burst.others) == (("o9",), "", 2)


@pytest.mark.parametrize(
    ("said", "text", "photos", "videos", "stickers", "others"),
    [
        ("[图片]", "", 1, 0, 0, 0),
        ("【图片】【图片】碎了", "碎了", 2, 0, 0, 0),
        ("[Photo] arrived like this", "arrived like this", 1, 0, 0, 0),
        ("[视频] [表情]", "", 0, 1, 1, 0),
        ("[语音]", "", 0, 0, 0, 1),
        ("[Voice message] did you get it", "did you get it", 0, 0, 0, 1),
        ("尺码[M]有货吗", "尺码[M]有货吗", 0, 0, 0, 0),
        ("the photo [on the page] is blue", "the photo [on the page] is blue", 0, 0, 0, 0),
    ],
)
def test_what_a_chat_tool_writes_for_a_picture_is_no_word_of_the_buyer(said, text, photos, videos, stickers, others):
    burst = unanswered(talk((BUYER, "  " + said)))
    assert (burst.text, burst.photos, burst.videos, burst.stickers, burst.others) == (
        text,
        photos,
        videos,
        stickers,
        others,
    )
    line = classified(said)
    if not text:
        assert (line.issue, line.evidence) == ("unclear", None)
    elif line.evidence is not None:
        assert said[line.evidence.start : line.evidence.end] == line.evidence.text


@pytest.mark.parametrize(
    ("text", "words", "others"),
    [
        ("", "", 1),
        ("[audio]", "", 1),
        ("[file] [location]", "", 1),
        ("语音通话", "语音通话", 0),
        ("[file] 账单", "账单", 1),
    ],
)
def test_what_came_in_a_form_that_nobody_reads_is_counted_and_no_word(text, words, others):
    conversation = talk((BUYER, "x"))
    unknown = conversation.messages[0].model_copy(update={"kind": Kind.OTHER, "text": text})
    burst = unanswered(conversation.model_copy(update={"messages": (unknown,)}))
    assert (burst.text, burst.others, burst.empty) == (words, others, False)


def test_is_empty_when_the_shop_had_the_last_word():
    assert unanswered(talk((BUYER, "hi"), (SHOP, "hello"))).empty


def test_machines_and_system_lines_do_not_answer():
    conversation = talk((BUYER, "我的快递呢"), ("bot", "亲,稍等"), ("system", "会话已转接"), (BUYER, "人呢"))

    assert unanswered(conversation).texts == ("我的快递呢", "人呢")


def test_an_automatic_reply_of_an_agent_does_not_answer():
    conversation = talk((BUYER, "where is it"), (SHOP, "We are away."))
    automatic = conversation.messages[1].model_copy(update={"sent_by": "auto"})

    assert not unanswered(conversation.model_copy(update={"messages": (conversation.messages[0], automatic)})).empty


def test_a_recalled_answer_does_not_answer_and_recalled_words_are_gone():
    conversation = talk((BUYER, "first"), (SHOP, "wrong chat"), (BUYER, "second"))
    at = "2026-11-22T10:00:00+08:00"
    recalled = tuple(
        message.model_validate({**message.model_dump(), "recalled_at": at}) if position else message
        for position, message in enumerate(conversation.messages)
    )

    assert unanswered(conversation.model_copy(update={"messages": recalled})).texts == ("first",)


def test_tells_what_the_shop_said_right_before():
    conversation = talk((SHOP, "hi"), (BUYER, "refund?"), (SHOP, "sure"), (SHOP, "your order id?"), (BUYER, "123"))

    assert last_shop_text(conversation, unanswered(conversation)) == "sure\nyour order id?"
