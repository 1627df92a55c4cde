"""What an answer to a colleague tells beyond any slot, how long it is kept, and what is no such answer."""

import pytest

from copilot.domain.conversation import Conversation
from copilot.domain.issue import ASKS, TOLD, Turn, Understanding
from copilot.flow.understand import derive_cases, last_shop_text, open_case, read_turn, unanswered
from copilot.flow.understand.earlier import before, colleague_before
from copilot.flow.understand.shop import read_shop
from tests.understand.conversations import BUYER, SHOP, talk


def read(conversation: Conversation) -> Understanding:
    burst = unanswered(conversation)
    case = open_case(derive_cases(conversation))
    return read_turn(burst, case=case, last_shop_text=last_shop_text(conversation, burst))


@pytest.mark.parametrize(
    ("raised", "asked", "reply"),
    [
        ("the heater stopped working, won't turn on", "Did you try another outlet?", "tried three, still dead"),
        ("耳机左边没声音了", "您重启过吗?再配对一次试试", "重启了 配对了 还是没声"),
        ("it says delivered but I never got it", "Could you check with a neighbor?", "asked both sides, nobody has it"),
        ("少发了一包", "您再看看箱子夹层里有没有", "翻遍了 就三包"),
        ("some of the glasses came broken", "How many are broken?", "4 out of 12"),
        ("the jeans are too tight", "Are the tags still on?", "only tried them on, tags on"),
        ("杯子有点掉漆", "平时用洗碗机洗的还是手洗", "都是手洗的"),
    ],
)
def test_what_answers_a_colleague_in_no_slot_is_told(raised: str, asked: str, reply: str):
    seen = read(talk((BUYER, raised), (SHOP, asked), (BUYER, reply)))

    assert (seen.turn, seen.issues, seen.answered.get(TOLD)) == (Turn.ANSWER, (), reply)


@pytest.mark.parametrize(
    ("asked", "reply"),
    [
        ("May I have your full name?", "Dana Whitlock"),
        ("What's your membership level?", "gold I think"),
        ("您的会员等级是什么呢", "好像是金卡"),
        ("Your phone number please?", "(312) 555-0142"),
        ("Shall I see what I can do about the price?", "yes please"),
        ("要不我给您申请一点补偿?", "好的"),
        ("Can you hold on a minute?", "ok"),
        ("请稍等一下", "好的 谢谢"),
    ],
)
def test_particulars_nods_and_a_yes_to_what_is_not_known_tell_nothing(asked: str, reply: str):
    seen = read(talk((BUYER, "I want to send this jacket back"), (SHOP, asked), (BUYER, reply)))

    assert TOLD not in seen.answered


def test_an_answer_that_a_slot_holds_is_not_told_twice():
    seen = read(talk((BUYER, "这裤子我穿多大"), (SHOP, "您的腰围多少?"), (BUYER, "腰围73cm")))

    assert seen.answered == {"measurement": "腰围73cm"}


def test_what_is_told_is_kept_for_the_case():
    told = derive_cases(
        talk(
            (BUYER, "the lamp flickers all the time"),
            (SHOP, "Does it happen with another bulb?"),
            (BUYER, "yes with every bulb I own"),
            (SHOP, "And on another outlet?"),
            (BUYER, "same thing in the kitchen"),
            (SHOP, "Thanks, one moment."),
        )
    )
    assert told[-1].answered[TOLD] == "yes with every bulb I own\nsame thing in the kitchen"


@pytest.mark.parametrize(
    ("raised", "asked", "reply"),
    [
        ("can I get the price difference back", "Which item is it?", "the storage jars, 24.99 and now 18.99"),
        ("i need to cancel", "Is it the puzzle or the lamp?", "the lamp, found one cheaper"),
        ("我要取消", "是杯子那单还是锅那单?", "锅那单 别家便宜点"),
        ("耳机充不进电了", "换根线试过吗?", "换了 擦了 还是不行"),
        ("裤子腰大了", "平时腰围多少呢", "71 能换M吗"),
    ],
)
def test_who_tells_which_one_or_what_was_tried_raises_nothing_new(raised: str, asked: str, reply: str):
    seen = read(talk((BUYER, raised), (SHOP, asked), (BUYER, reply)))

    assert (seen.turn, seen.issues) == (Turn.ANSWER, ())


@pytest.mark.parametrize(
    ("raised", "asked", "reply", "issue"),
    [
        (
            "i need to cancel",
            "Is it the puzzle or the lamp?",
            "neither, where is my refund for the mug?",
            "refund_status",
        ),
        ("耳机充不进电了", "换根线试过吗?", "不试了 直接退款", "refund_request"),
        ("the heater won't turn on", "Did you try another outlet?", "I just want my money back", "refund_request"),
    ],
)
def test_another_wish_after_a_question_is_still_one(raised: str, asked: str, reply: str, issue: str):
    seen = read(talk((BUYER, raised), (SHOP, asked), (BUYER, reply)))

    assert issue in [one.issue.value for one in seen.issues]


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("平时腰围多少呢", True),
        ("吊牌还在吗", True),
        ("您看的是哪款", True),
        ("坏了几个", True),
        ("没什么", False),
        ("帮您看过了 这边没有问题", False),
        ("今天下午就发", False),
    ],
)
def test_a_question_of_a_colleague_needs_no_mark(said: str, question: bool):
    assert read_shop(said).question is question


@pytest.mark.parametrize(
    ("said", "lettered"),
    [
        ("您看是补发一只,还是退您11元?", [False, False]),
        ("I can send you a new set or give you half back, up to you", [False, False]),
        ("A 补发一只;B 退您11元。选A还是B?", [True, True]),
    ],
)
def test_only_letters_that_the_buyer_saw_are_letters(said: str, lettered: list[bool]):
    move = read_shop(said)

    assert [one.lettered for one in (move.offered or move.stated)] == lettered


def test_a_colleague_s_line_ends_no_matter_but_a_goodbye_does():
    conversation = talk(
        (BUYER, "[product k2]"),
        (BUYER, "脚长13.8买多大"),
        (SHOP, "量的是净脚长吗"),
        (BUYER, "光脚量的"),
    )
    assert before(conversation, unanswered(conversation)).text == "脚长13.8买多大"

    ended = talk(
        (BUYER, "where is my lamp"), (SHOP, "It arrives today."), (BUYER, "great, bye!"), (SHOP, "Bye!"), (BUYER, "hi")
    )
    assert before(ended, unanswered(ended)).text == ""


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ("u can return it w a prepaid label or keep it and ill give u 20% back ($9)", ["return", "keep"]),
        ("ugh sorry. i can send u a new one (ships thursday) or $10 back if u wanna keep it", ["reship", "refund"]),
        ("best i can do is $8 back and u keep it", ["refund"]),
        ("can u send a pic? and would u want a new one or a refund", ["reship", "refund"]),
        ("亲不影响使用的 给您退10块可以不", ["refund"]),
        ("不好意思哈 给您补一包或者退您15.9 看您", ["reship", "refund"]),
        ("抱歉哈 退您15 或者补一个过去 您选", ["refund", "reship"]),
        ("给您补发个把手可以不 或者退您20", ["reship", "refund"]),
        ("you can return it within 30 days", []),
        ("您看下物流 您定", []),
        ("if it's broken i can send u a new one", []),
        ("寄回我们收到就给您发新的", []),
    ],
)
def test_offers_are_heard_in_the_short_forms_of_typing(said: str, keys: list[str]):
    move = read_shop(said)

    assert [one.key for one in (move.offered or move.stated)] == keys


def test_a_condition_of_the_buyer_s_own_is_no_part_of_what_is_confirmed():
    move = read_shop("i can send u a new one or $10 back if u wanna keep it")

    assert [one.text for one in move.stated] == ["a new one", "$10 back"]


@pytest.mark.parametrize(
    ("raised", "offered", "reply", "turn", "choice"),
    [
        (
            "the mat has a tear on the edge",
            "i can send u a new one or $10 back",
            "ok 10 back is fine",
            Turn.CHOICE,
            ("B",),
        ),
        (
            "the rug is stained",
            "u can return it or keep it and ill give u $9 back",
            "ill just keep it then. when do i see the 9",
            Turn.CHOICE,
            ("B",),
        ),
        ("lid has a big scratch", "best i can do is $8 back and u keep it", "could you do 12?", Turn.ANSWER, ()),
        ("盖子有划痕", "给您退10块可以不", "10块太少了 至少30吧", Turn.ANSWER, ()),
    ],
)
def test_what_is_offered_in_passing_is_taken_or_haggled_over(
    raised: str, offered: str, reply: str, turn: Turn, choice: tuple[str, ...]
):
    seen = read(talk((BUYER, raised), (SHOP, offered), (BUYER, reply)))

    assert (seen.turn, seen.choice, seen.issues) == (turn, choice, ())


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("盖子有划痕 新的怎么这样", "quality_defect"),
        ("mat has a tear", "quality_defect"),
        ("打开全是油 漏了一瓶 箱子都湿透了", "damaged"),
        ("漏发了一瓶油", "missing_item"),
        ("还有一条裤子啥时候到", "logistics_query"),
        ("这裤子还有一条吗 啥时候补货", "stock"),
        ("能发顺丰吗 我补差价", "shipping_time"),
        ("降价了 差价能补吗", "price_promotion"),
        ("显示昨天你们就签收了呀 还不退", "refund_status"),
        ("显示签收了 我没收到", "not_received"),
        ("等不了 那退了吧", "refund_request"),
        ("it said out for delivery yesterday and never showed up", "delivery_delay"),
        ("is this soy wax? and about how long does it burn", "product_question"),
        ("how long does it take to ship", "shipping_time"),
        ("茶壶盖子有个小缺口", "damaged"),
        ("accidentally put 2 in my cart, can you cancel one and just send 1?", "return_exchange"),
        ("refunded on the 18th they said, but i dont see it in my account", "refund_status"),
    ],
)
def test_whole_turns_that_sound_like_something_else(text: str, issue: str):
    assert issue in [one.issue.value for one in read(talk((BUYER, text))).issues]


def test_further_questions_before_a_purchase_press_for_nothing():
    seen = read(talk((BUYER, "160 100斤 穿多大"), (SHOP, "M就可以"), (BUYER, "M会不会短啊 衣长多少")))

    assert seen.turn is Turn.ANSWER
    assert TOLD in seen.answered


def test_what_colleagues_said_in_the_sitting_is_at_hand():
    conversation = talk((BUYER, "怎么还不发"), (SHOP, "断码了亲"), (SHOP, "27号到货"), (BUYER, "那27号能发吧"))

    assert colleague_before(conversation, unanswered(conversation)) == "断码了亲\n27号到货"


@pytest.mark.parametrize(
    ("raised", "said", "asked", "wish"),
    [
        ("不要了 能拦截吗", "已经通知快递拦截了 拦到了给您退", "拦到了没", "owed_report"),
        ("杯子漏水", "给您登记一下", "登记了吗", "owed_report"),
        ("the kettle leaks", "I'll contact the maker for you", "did you contact them", "owed_report"),
        ("发错口味了", "登记了明天给您补发 不用退", "补发的单号发我一下", "owed_goods"),
    ],
)
def test_what_a_colleague_said_they_do_is_pressed_for(raised: str, said: str, asked: str, wish: str):
    seen = read(talk((BUYER, raised), (SHOP, said), (BUYER, asked)))

    assert (seen.turn, seen.wish, seen.choice) == (Turn.CHASE, wish, ())


@pytest.mark.parametrize(
    ("raised", "said", "asked"),
    [
        ("物流不动了", "预计明天到哦", "查了吗"),
        ("my package is stuck", "it arrives tomorrow", "did you contact them"),
    ],
)
def test_what_no_colleague_spoke_of_is_not_pressed_for(raised: str, said: str, asked: str):
    assert read(talk((BUYER, raised), (SHOP, said), (BUYER, asked))).wish != "owed_report"


def test_a_size_asked_before_a_purchase_fits_nobody_badly_yet():
    seen = read(talk((BUYER, "加绒短靴36还有吗"), (SHOP, "有的 就剩4双"), (BUYER, "37呢 我怕36挤脚")))
    assert "size_mismatch" not in [one.issue.value for one in seen.issues]

    came = read(
        talk((BUYER, "waist 28 what size"), (SHOP, "M"), (BUYER, "they came! way too tight, can i swap for an L"))
    )
    assert came.turn is Turn.NEW_ISSUE
    assert {one.issue.value for one in came.issues} & {"size_mismatch", "return_exchange"}


@pytest.mark.parametrize(
    ("offered", "reply", "choice"),
    [
        ("那可能是坏了 您是想换还是退", "换吧 运费谁出", ("A",)),
        ("was the box damaged? do u want a replacement or refund", "box was fine. replacement i guess", ("A",)),
        ("ok sorry! replacement or refund", "refund pls", ("B",)),
    ],
)
def test_alternatives_need_no_mark(offered: str, reply: str, choice: tuple[str, ...]):
    seen = read(talk((BUYER, "耳机右边没声音了"), (SHOP, offered), (BUYER, reply)))

    assert (seen.turn, seen.choice) == (Turn.CHOICE, choice)


@pytest.mark.parametrize(
    ("text", "changes"),
    [
        ("just resend it pls. same address", False),
        ("补发吧 地址不变", False),
        ("resend it pls, but change the address to 12 Elm St, Dayton OH 45402", True),
    ],
)
def test_the_same_address_is_no_change_of_one(text: str, changes: bool):
    seen = read(talk((BUYER, "my package never came"), (SHOP, "do u want me to resend or refund?"), (BUYER, text)))

    assert ("address_change" in [one.issue.value for one in seen.issues]) is changes


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("let me check w warehouse", "any news?"),
        ("let me ask my manager and get back to u", "did they say anything"),
        ("我问下采购 稍后回复您", "问好了吗"),
    ],
)
def test_news_are_of_what_was_to_be_found_out(said: str, asked: str):
    talked = ((BUYER, "the kettle leaks"), (SHOP, "i can reship or refund, which one?"), (BUYER, "reship"))
    seen = read(talk(*talked, (SHOP, said), (BUYER, asked)))

    assert (seen.turn, seen.wish) == (Turn.CHASE, "owed_report")


def test_who_complained_and_then_says_what_is_wrong_raises_it():
    seen = read(
        talk((BUYER, "昨天问你们到现在没人理 什么态度"), (SHOP, "抱歉 您什么问题"), (BUYER, "鞋子开胶了 才穿一周"))
    )

    assert [one.issue.value for one in seen.issues] == ["quality_defect"]


def test_a_question_that_goes_on_is_of_its_turn_alone():
    conversation = talk(
        (BUYER, "不想要了帮我拦一下"), (SHOP, "已经发出了 您拒收就行"), (BUYER, "拒收之后钱自动退吗"), (SHOP, "我看下")
    )
    asked = read(conversation.model_copy(update={"messages": conversation.messages[:3]}))
    assert (ASKS in asked.answered, TOLD in asked.answered) == (True, True)
    assert ASKS not in derive_cases(conversation)[-1].answered


def test_a_buyer_of_nothing_misses_nothing():
    seen = read(talk((BUYER, "羽绒服能便宜点不"), (SHOP, "领个券减20"), (BUYER, "券在哪 我没看到 还有黑色M有货吗")))
    assert "not_received" not in [one.issue.value for one in seen.issues]

    parcel = read(
        talk((BUYER, "快递给我放驿站了 没打电话"), (SHOP, "取件码收到没"), (BUYER, "没有啊 哪个驿站都不知道"))
    )
    assert "missing_item" not in [one.issue.value for one in parcel.issues]


def test_what_comes_back_of_what_was_agreed_is_part_of_it():
    seen = read(
        talk(
            (BUYER, "碗到了碎了一个"),
            (SHOP, "退您15 或者补一个过去 您选"),
            (BUYER, "补一个吧 要多久"),
            (SHOP, "明天发 三四天到"),
            (BUYER, "ok 碎的那个要寄回不"),
        )
    )
    assert (seen.turn is Turn.NEW_ISSUE, seen.issues) == (False, ())


def test_a_bare_sum_is_one_of_money():
    assert [one.text for one in read_shop("给您补发个把手可以不 或者退您20").stated] == ["给您补发个把手", "退您20元"]
    assert [one.text for one in read_shop("给您补一个或者退您15块").stated] == ["给您补一个", "退您15块"]


@pytest.mark.parametrize(
    ("raised", "offered", "reply"),
    [
        ("茶壶盖子有个小缺口", "补您5块可以吗", "5块太少 退20我就不折腾了"),
        ("the rug has a stain", "i can do 20% back if u keep it or a free return", "make it 30% and ill keep it"),
    ],
)
def test_a_counter_offer_is_no_end_and_nothing_that_is_missing(raised: str, offered: str, reply: str):
    seen = read(talk((BUYER, raised), (SHOP, offered), (BUYER, reply)))

    assert (seen.turn, seen.let_go, seen.issues, seen.refused_all) == (Turn.ANSWER, False, (), False)


def test_a_cancellation_is_taken_back():
    seen = read(
        talk(
            (BUYER, "please cancel my order"),
            (SHOP, "ok putting the cancel thru"),
            (BUYER, "wait actually nvm can i keep it? my sister wants it"),
        )
    )
    assert "cancel_order" not in [one.issue.value for one in seen.issues]


def test_the_state_of_a_parcel_is_told_to_who_asks_whether_it_was_urged():
    seen = read(talk((BUYER, "快递三天没动了"), (SHOP, "我催下快递"), (BUYER, "催了吗 还是不动啊")))
    assert seen.wish != "owed_report"
