import pytest

from copilot.domain.case import Case, CaseState, Option
from copilot.domain.conversation import Conversation
from copilot.domain.issue import Issue, Turn, Understanding
from copilot.flow.understand import derive_cases, last_shop_text, open_case, read_turn, unanswered
from tests.understand.conversations import BUYER, SHOP, talk


def read(conversation: Conversation) -> Understanding:
    burst = unanswered(conversation)
    case = open_case(derive_cases(conversation))
    return read_turn(burst, case=case, last_shop_text=last_shop_text(conversation, burst))


def issues(seen: Understanding) -> list[str]:
    return [one.issue.value for one in seen.issues]


RETURN = (
    (SHOP, "Hello! How can I help you?"),
    (BUYER, "Hi, I'd like to send an item back, can you help?"),
)


@pytest.mark.parametrize(
    ("asked", "reply", "turn"),
    [
        ("Sure, may I have your name please?", "Alice Warren", Turn.ANSWER),
        ("Thanks, what is the reason for the return?", "It was the wrong size.", Turn.ANSWER),
        ("Could you give me your email and order ID?", "awarren55@email.com / Order ID: 4477120935", Turn.ANSWER),
        ("What is your membership level, Alice?", "I'm a silver", Turn.ANSWER),
        ("Was it bought in the last 60 days?", "No, I bought it in August.", Turn.ANSWER),
        ("Just to verify, did you already try it on?", "No, I only want to know how it works.", Turn.ANSWER),
        ("I'd just need your phone number.", "(312) 555-0142", Turn.ANSWER),
        ("I can't accept it after 90 days. Anything else I can help with?", "What if I say pretty please?", Turn.CHASE),
        ("Everything is in order, I will check it now.", "great / let me know", Turn.SMALL_TALK),
        ("One moment please.", "no worries", Turn.SMALL_TALK),
        ("Cats deserve nice hats too!", "exactly!", Turn.SMALL_TALK),
        ("It takes less than a week.", "great thanks for your help", Turn.THANKS),
        ("All codes are good for 7 days.", "Perfect. Thanks", Turn.THANKS),
        ("The manager has been told.", "I'll be waiting for them. Thanks for trying.", Turn.THANKS),
        ("Have a great night!", "That's it. Take care.", Turn.CLOSING),
        ("A pleasure to help you.", "That's all, have a nice day!", Turn.CLOSING),
        ("Let me check and get back to you.", "hello?? any news", Turn.CHASE),
    ],
)
def test_a_turn_that_brings_nothing_new_is_no_new_issue(asked: str, reply: str, turn: Turn):
    lines = [(BUYER, line) for line in reply.split(" / ")]
    seen = read(talk(*RETURN, (SHOP, asked), *lines))

    assert seen.turn is turn
    assert seen.issues == ()


OFFER = (
    (BUYER, "刚打开,四只碗碎了一只"),
    (BUYER, "[image]"),
    (SHOP, "照片收到了,真抱歉。您看哪种方便:A 补发一套,明天18点前发出;B 退您20元,碗留着用。选A还是B?"),
)


@pytest.mark.parametrize(
    ("reply", "turn", "choice"),
    [
        ("A", Turn.CHOICE, ("A",)),
        ("第二个", Turn.CHOICE, ("B",)),
        ("补发吧", Turn.CHOICE, ("A",)),
        ("两种都不行", Turn.CHOICE, ()),
        ("谢谢", Turn.THANKS, ()),
        ("哦哦知道了", Turn.SMALL_TALK, ()),
        ("没事了 拜拜", Turn.CLOSING, ()),
        ("怎么半天不回我", Turn.CHASE, ()),
    ],
)
def test_turns_after_an_offer_in_chinese(reply: str, turn: Turn, choice: tuple[str, ...]):
    seen = read(talk(*OFFER, (BUYER, reply)))

    assert (seen.turn, seen.choice, seen.issues) == (turn, choice, ())
    assert seen.refused_all is (reply == "两种都不行")


def test_choosing_again_is_a_change_of_mind():
    seen = read(talk(*OFFER, (BUYER, "A"), (SHOP, "好的,按A给您补发。"), (BUYER, "算了 还是退钱吧")))

    assert (seen.turn, seen.choice) == (Turn.CHANGE_OF_MIND, ("B",))


def test_a_new_matter_in_an_open_case_is_a_new_issue():
    seen = read(talk(*OFFER, (BUYER, "对了 能开发票吗")))

    assert (seen.turn, issues(seen)) == (Turn.NEW_ISSUE, ["invoice"])


def test_an_answer_with_a_new_matter_keeps_the_number():
    lines = (
        (BUYER, "查下快递"),
        (SHOP, "麻烦发一下订单号"),
        (BUYER, "6920123456789012345"),
        (BUYER, "还有,发票怎么开?"),
    )
    seen = read(talk(*lines))

    assert (seen.turn, issues(seen)) == (Turn.NEW_ISSUE, ["invoice"])
    assert seen.answered == {"order": "6920123456789012345"}


def test_two_matters_are_both_named_with_their_words():
    text = "杯子收到就是裂的,另外我上周买的锅怎么还没发货"
    seen = read(talk((BUYER, text)))

    assert issues(seen) == ["damaged", "delivery_delay"]
    assert all(one.evidence and text[one.evidence.start : one.evidence.end] == one.evidence.text for one in seen.issues)


def test_what_is_raised_beside_a_choice_is_kept():
    seen = read(talk(*OFFER, (BUYER, "B吧 另外我买的锅啥时候发货")))

    assert (seen.turn, seen.choice, issues(seen)) == (Turn.CHOICE, ("B",), ["shipping_time"])


@pytest.mark.parametrize("reply", ["B吧 碎成这样没法用", "就退钱吧,快递也太慢了"])
def test_words_about_the_matter_beside_a_choice_raise_nothing(reply: str):
    assert issues(read(talk(*OFFER, (BUYER, reply)))) == []


def test_a_question_about_goods_beside_one_about_a_parcel_is_read():
    seen = read(talk((BUYER, "想问下这个乳胶枕孕妇能用吗?然后我昨天买的那个快递到哪了")))

    assert issues(seen) == ["product_question", "logistics_query"]


def test_two_parcels_are_two_matters_when_the_buyer_says_so():
    text = "it says delivered but there's nothing here, and the other package is late too"

    assert issues(read(talk((BUYER, text)))) == ["not_received", "delivery_delay"]


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("嗯嗯 好的 谢谢 对了如果明天还没到怎么办", "delivery_delay"),
        ("can i get this by friday? its a bday gift", "shipping_time"),
    ],
)
def test_nods_and_asides_do_not_change_what_a_turn_is_about(text: str, issue: str):
    assert issues(read(talk((BUYER, text)))) == [issue]


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("鞋底断了!不解决我就给差评", "quality_defect"),
        ("垃圾店 杯子碎成这样", "damaged"),
        ("where is my refund?? calling my lawyer if i don't get it", "refund_status"),
    ],
)
def test_what_it_is_about_leads_over_the_threat(text: str, issue: str):
    assert issues(read(talk((BUYER, text))))[0] == issue


def test_a_photo_alone_answers_an_open_case_and_raises_nothing():
    seen = read(talk((BUYER, "杯子碎了"), (SHOP, "麻烦拍张照片发我"), (BUYER, "[image]")))

    assert (seen.turn, seen.issues, seen.answered) == (Turn.ANSWER, (), {"photo": "1"})


def test_a_sticker_alone_is_small_talk():
    assert read(talk((BUYER, "[sticker]"))).turn is Turn.SMALL_TALK


@pytest.mark.parametrize(("text", "issue"), [("你好呀", "greeting"), ("hi there", "greeting"), ("谢谢啦", "thanks")])
def test_manners_without_a_case_are_their_own_issue(text: str, issue: str):
    assert issues(read(talk((BUYER, text)))) == [issue]


def test_what_is_not_clear_stays_unclear():
    seen = read(talk((BUYER, "嗯那个怎么说呢就是")))

    assert seen.issues == ()


def test_language_stays_through_an_ok():
    assert (
        read(talk((BUYER, "我的快递到哪了"), (SHOP, "订单号发我"), (BUYER, "ok 6920123456789012345"))).language == "zh"
    )


def test_slots_of_a_stored_case_are_filled():
    case = Case(issue=Issue.SIZE_FIT, asked_for=("measurement",), state=CaseState.WAITING_BUYER)
    burst = unanswered(talk((BUYER, "腰围73cm")))
    seen = read_turn(burst, case=case, last_shop_text="您的腰围多少?")

    assert (seen.turn, seen.answered) == (Turn.ANSWER, {"measurement": "腰围73cm"})


def test_a_stored_offer_is_chosen_from():
    offered = (
        Option(id="A", key="reship", title="replacement", action="reship"),
        Option(id="B", key="refund_full", title="refund", action="refund"),
    )
    case = Case(issue=Issue.NOT_RECEIVED, offered=offered, state=CaseState.WAITING_BUYER)
    seen = read_turn(unanswered(talk((BUYER, "money back pls"))), case=case, last_shop_text="A or B?")

    assert (seen.turn, seen.choice) == (Turn.CHOICE, ("B",))


NUMBER = (*RETURN, (SHOP, "My manager can call you. I'd just need your phone number."), (BUYER, "(312) 555-0142"))


@pytest.mark.parametrize(
    ("lines", "turn"),
    [
        ((("system", "The number was saved."), (BUYER, "Looking forward to the call."), (BUYER, "thx!")), Turn.THANKS),
        ((("system", "已登记手机号"), (BUYER, "那我等他电话"), (BUYER, "谢谢你啦")), Turn.THANKS),
        ((("system", "The number was saved."), (BUYER, "ok that's all, bye")), Turn.CLOSING),
        ((("system", "Sam transferred this chat to Priya"), (BUYER, "thanks")), Turn.ANSWER),
        (((BUYER, "thanks"),), Turn.ANSWER),
        ((("system", "The number was saved."), (BUYER, "thanks, when will he call?")), Turn.ANSWER),
    ],
)
def test_thanks_after_the_answer_was_noted_are_thanks(lines: tuple[tuple[str, str], ...], turn: Turn):
    seen = read(talk(*NUMBER, *lines))

    assert (seen.turn, seen.issues) == (turn, ())
    assert seen.answered["phone"] == "(312) 555-0142"


@pytest.mark.parametrize(
    ("text", "turn"),
    [
        ("退款收到了 谢谢", Turn.THANKS),
        ("钱到账了,谢谢老板", Turn.THANKS),
        ("got the refund, thanks", Turn.THANKS),
        ("the money came through, thank you", Turn.THANKS),
        ("退款收到了吗 谢谢", Turn.CHASE),
        ("退款收到了但是少了10块 谢谢", None),
        ("got the refund but it's short, thanks", None),
        ("never got the refund, thanks for nothing", None),
    ],
)
def test_thanks_for_money_that_came_are_thanks(text: str, turn: Turn | None):
    lines = ((BUYER, "my mug came broken, i want a refund"), (SHOP, "Okay, I'll refund you $19.00 by 6 PM today."))
    seen = read(talk(*lines, (BUYER, text)))

    assert seen.turn is not Turn.THANKS if turn is None else seen.turn is turn


ADVERT = ((BUYER, "宣传的和实际不一样"), (SHOP, "方便告诉我宣传里承诺了什么吗？"))
INVOICE = ((BUYER, "能开发票吗"), (SHOP, "发票抬头发我一下好吗，公司抬头带上税号？"))


@pytest.mark.parametrize(
    ("before", "reply", "slot", "told"),
    [
        (ADVERT, "主播说下单送一个杯垫", "promised", "主播说下单送一个杯垫"),
        (ADVERT, "送一个杯垫，谢谢", "promised", "送一个杯垫，谢谢"),
        (INVOICE, "上海某某贸易有限公司，税号91310000MA1K35TR7X", "invoice_title", None),
        (INVOICE, "开个人就行", "invoice_title", "开个人就行"),
        (INVOICE, "林晓", "invoice_title", "林晓"),
        (
            ((BUYER, "Can I get an invoice?"), (SHOP, "Who should it be made out to, and is there a tax ID?")),
            "Northwind Tools LLC, VAT 4420917",
            "invoice_title",
            None,
        ),
    ],
)
def test_what_the_ad_promised_and_whom_the_invoice_is_for_are_answers(
    before: tuple[tuple[str, str], ...], reply: str, slot: str, told: str | None
):
    talked = talk(*before, (BUYER, reply))
    seen = read(talked)

    assert seen.turn is Turn.ANSWER
    assert seen.answered[slot] == (told or reply)
    later = derive_cases(talk(*before, (BUYER, reply), (SHOP, "好的，收到。")))[-1]
    assert slot not in later.asked_for
    assert later.answered[slot] == (told or reply)


@pytest.mark.parametrize("before", [ADVERT, INVOICE])
@pytest.mark.parametrize("reply", ["好的谢谢", "在吗", "你们公司怎么回事？"])
def test_words_that_tell_nothing_fill_neither(before: tuple[tuple[str, str], ...], reply: str):
    answered = read(talk(*before, (BUYER, reply))).answered

    assert "invoice_title" not in answered
    assert reply == "你们公司怎么回事？" or "promised" not in answered
