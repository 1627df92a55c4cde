"""What a buyer says after a colleague's own words: what was offered is taken, what was told is known."""

import pytest

from copilot.domain.case import Case, OrderChoice, OrderWhy
from copilot.domain.issue import MISSING, Issue, Turn
from copilot.domain.order import Order
from copilot.flow.understand import choose_order, derive_cases, open_case, read_turn, unanswered
from copilot.flow.understand.burst import Burst
from copilot.flow.understand.choice import read_choice
from copilot.flow.understand.goods import told_of_goods
from copilot.flow.understand.issues import asks_something
from copilot.flow.understand.remedies import remedies_in
from copilot.flow.understand.shop import read_shop
from copilot.flow.understand.variants import in_variant
from copilot.flow.understand.wishes import wish_in
from copilot.policy.short_forms import plainly
from tests.understand.conversations import BUYER, SHOP, order, talk


def taken(said: str, text: str) -> tuple[str, ...] | None:
    move = read_shop(said)
    choice = read_choice(plainly(text), move.offered or move.stated)
    return choice.ids if choice else None


@pytest.mark.parametrize(
    ("said", "text", "letters"),
    [
        (
            "so sorry!! i can send a sage one out monday, keep the black. or refund, which do u prefer?",
            "the sage one pls!! ty ur the best",
            ("A",),
        ),
        ("want the other one sent or money back for it", "send it pls", ("A",)),
        ("do you wanna wait or should i refund?", "birthdays over so i dont rly want it anymore", ("B",)),
        ("您看是等补货还是给您退款", "用不上了", ("B",)),
        # Half of it is asked, the other half goes on asking; a part and a sum are named by their number.
        (
            "would u keep it if i gave u 20% back? or send it back for full refund",
            "20% works, barely noticeable",
            ("A",),
        ),
        (
            "i can give u the 9 back as a refund, or u can return n rebuy. what do u prefer?",
            "just the 9 is fine ty",
            ("A",),
        ),
        ("开胶哪里 拍个图 给你换一双还是退呢", "换一双吧 还是37的 运费谁出", ("A",)),
        ("ugh sorry! i can refund u half 17.00 or send new set, ur call", "a new set pls", ("B",)),
        (
            "ugh sorry! i can refund u half 17.00 or send new set, ur call",
            "oh ok then send the set! when would it get here",
            ("B",),
        ),
        ("ugh sorry! i can refund u half 17.00 or send new set, ur call", "ok do you send the set today?", None),
        # Asking takes nothing.
        ("want the other one sent or money back for it", "does the other one have a lid?", None),
        # Both of them undo the order.
        ("do you want to cancel or return it later?", "i dont want it anymore", None),
    ],
)
def test_what_a_colleague_puts_to_the_buyer_is_taken(said: str, text: str, letters: tuple[str, ...] | None) -> None:
    assert taken(said, text) == letters


def test_a_day_in_an_offer_is_no_part_of_its_name() -> None:
    offered = read_shop("i can send a sage one out monday. or a refund, which do u prefer?").offered
    assert [one.title for one in offered] == ["a sage one", "a refund"]


@pytest.mark.parametrize(
    "text",
    [
        "收到啦 花瓶比图片还好看 下次还来",
        "衣服真的很喜欢",
        "omg its even prettier than the pics, will def order again",
        "got my hoodie today its so cozy thank u!!",
    ],
)
def test_who_is_glad_of_the_goods_wants_nothing(text: str) -> None:
    seen = read_turn(Burst(messages=("1",), texts=(text,)))
    assert (seen.turn, [one.issue for one in seen.issues if one.issue is not Issue.THANKS]) == (Turn.THANKS, [])


@pytest.mark.parametrize(
    "text",
    [
        "裙子很喜欢 就是拉链坏了",
        "比图片好看 但是大了一码 能换吗",
        "love it but one of the cups is cracked",
        "its so cute! how do i wash it?",
    ],
)
def test_who_is_glad_and_wants_something_is_heard(text: str) -> None:
    assert read_turn(Burst(messages=("1",), texts=(text,))).turn is not Turn.THANKS


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("wait actually nvm can i keep it?", "uncancel"),
        ("pls dont cancel it anymore", "uncancel"),
        ("can you undo the cancellation", "uncancel"),
        ("先别取消了", "uncancel"),
        ("还是不取消了", "uncancel"),
        ("why did you cancel it", None),
        ("actually can i keep it and get a discount", None),
        ("怎么取消不了", None),
        ("取消吧", None),
    ],
)
def test_a_cancellation_is_taken_back(text: str, wish: str | None) -> None:
    found = wish_in(plainly(text))
    assert (found.name if found else None) == wish


THROW, CANDLE = "577511440066118830", "577513300099117725"
TWO = (order(CANDLE, "to_ship", "Cedar Candle"), order(THROW, "shipped", "Chunky knit throw"))


def meant(*lines: tuple[str, str], issue: Issue, orders: tuple[Order, ...] = TWO) -> str | None:
    conversation = talk(*lines, orders=orders)
    found = choose_order(conversation, unanswered(conversation), None, issue)
    return found.id if isinstance(found, OrderChoice) else None


def test_the_thing_that_a_colleague_named_beside_the_other_is_the_one_that_is_left() -> None:
    ask = ((BUYER, "where is my package"), (SHOP, "hi! which one, the candle or the blanket?"))
    assert meant(*ask, (BUYER, "the blanket"), issue=Issue.LOGISTICS_QUERY) == THROW
    assert meant(*ask, (BUYER, "the candle"), issue=Issue.LOGISTICS_QUERY) == CANDLE
    assert meant(*ask, (BUYER, "both"), issue=Issue.LOGISTICS_QUERY) is None


def test_the_thing_that_is_named_is_meant_whatever_can_be_done_with_it() -> None:
    orders = (order("1", "to_ship", "儿童轻薄羽绒服"), order("2", "delivered", "儿童加绒打底裤"))
    said = (BUYER, "那件羽绒服不想要了 帮我退了")
    assert meant(said, issue=Issue.RETURN_EXCHANGE, orders=orders) == "1"
    assert meant((BUYER, "不想要了 帮我退了"), issue=Issue.RETURN_EXCHANGE, orders=orders) == "2"


def test_the_size_that_was_ordered_tells_two_orders_apart() -> None:
    sized = tuple(
        Order.model_validate({"id": id, "status": "delivered", "items": [{"name": name, "sku": sku}]})
        for id, name, sku in (("1", "Fleece Hoodie", "Black / L"), ("2", "Ribbed Tank", "White / M"))
    )
    assert meant((BUYER, "u guys sent me a medium i ordered large"), issue=Issue.WRONG_ITEM, orders=sized) == "1"
    assert meant((BUYER, "u guys sent me the wrong size"), issue=Issue.WRONG_ITEM, orders=sized) is None


def test_who_asked_for_a_person_and_got_one_is_back_at_the_matter() -> None:
    conversation = talk(
        (BUYER, "my order is missing a candle"),
        (BUYER, "can i talk to a real person pls"),
        (SHOP, "hi this is the shop, a real person. only 1 came right? want the other one sent or money back for it"),
        (BUYER, "yes only 1"),
        orders=(order("1", "delivered", "Fig Candle"),),
    )
    case = open_case(derive_cases(conversation))
    assert case is not None
    assert (case.issue, [one.key for one in case.offered]) == (Issue.MISSING_ITEM, ["reship", "refund"])


def test_a_question_whether_it_was_sent_needs_no_more_words() -> None:
    seen = read_turn(Burst(messages=("1",), texts=("亲 我那个乳胶枕发货没",)))
    assert [one.issue for one in seen.issues] == [Issue.SHIPPING_TIME]


def test_a_part_that_is_to_be_sent_asks_after_no_parcel() -> None:
    case = Case(issue=Issue.DAMAGED, order=OrderChoice(id="1", why=OrderWhy.ONLY_FIT))
    burst = Burst(messages=("1",), texts=("just the lid, cups fine. can you only send a lid",), photos=1)
    assert read_turn(burst, case=case, last_shop_text="can u send a pic? is it just the lid?").turn is Turn.ANSWER


def test_a_parcel_that_was_to_ship_is_one_matter_with_its_delay() -> None:
    conversation = talk(
        (BUYER, "when does this ship"),
        (SHOP, "itll go out tmrw by 5pm!"),
        (BUYER, "you said it would ship yesterday and it still says not shipped"),
        orders=(order("1", "to_ship", "Robe"),),
        commitments=({"what": "ship", "due": "2026-11-23T17:00:00-05:00", "state": "broken", "order": "1"},),
    )
    cases = derive_cases(conversation)
    seen = read_turn(unanswered(conversation), case=open_case(cases), last_shop_text="itll go out tmrw by 5pm!")
    about = open_case(cases, seen)
    assert about is not None
    assert [one.what for one in about.commitments] == ["ship"]


def test_an_air_fryer_and_a_last_word_in_passing_are_nothing_grave() -> None:
    fryer = read_turn(Burst(messages=("1",), texts=("空炸锅发货了吗",)))
    assert fryer.risks == ()
    said = "hoodie. tried on once thats it, just didnt like the fit"
    case = Case(issue=Issue.RETURN_EXCHANGE)
    asked = "which one the hoodie or the tees? and is it unworn"
    assert read_turn(Burst(messages=("1",), texts=(said,)), case=case, last_shop_text=asked).turn is not Turn.CLOSING
    assert read_turn(Burst(messages=("1",), texts=("ok that's it, bye",)), case=case).turn is Turn.CLOSING


@pytest.mark.parametrize("text", ["hi i never got the label, checked spam too", "i didnt receive your email"])
def test_what_was_promised_and_never_came_is_asked_after(text: str) -> None:
    case = Case(issue=Issue.RETURN_EXCHANGE)
    read = read_turn(Burst(messages=("1",), texts=(text,)), case=case, last_shop_text="ill email u a prepaid label")
    assert read.turn is Turn.CHASE


def test_the_parcel_that_never_came_is_the_one_that_is_asked_about() -> None:
    lost = Case(issue=Issue.NOT_RECEIVED, order=OrderChoice(id="o1", why=OrderWhy.ONLY_FIT))
    said = Burst(messages=("1",), texts=("去了 驿站说没有这个单号\n到底放哪了 你们给个说法",))
    read = read_turn(said, case=lost, last_shop_text="帮你问了快递 说放菜鸟驿站了 你去看看")
    assert Issue.LOGISTICS_QUERY not in {one.issue for one in read.issues}


@pytest.mark.parametrize(
    ("skus", "text", "found"),
    [
        (("燕麦 均码", "M"), "我拍的燕麦色 怎么发了个黑的来", (0,)),
        (("Sage / L", "Black / L"), "got the wrong one, i ordered the sage", (0,)),
        # Both come in it, or none is named.
        (("燕麦 均码", "燕麦 M"), "我拍的燕麦色", ()),
        (("均码", "默认"), "均码的那件 默认颜色", ()),
    ],
)
def test_an_order_is_told_by_the_colour_that_was_ordered(
    skus: tuple[str, str], text: str, found: tuple[int, ...]
) -> None:
    orders = [
        Order.model_validate(
            {"id": str(at), "status": "delivered", "items": [{"product_id": str(at), "name": "衣服", "sku": sku}]}
        )
        for at, sku in enumerate(skus)
    ]
    assert tuple(int(one.id) for one in in_variant(orders, text)) == found


def test_of_a_thing_that_is_missing_pieces_the_thing_is_not_what_is_missing() -> None:
    assert told_of_goods("hi the shelf is missing pieces", Issue.MISSING_ITEM).get(MISSING) != "hi the shelf"
    assert told_of_goods("the lid is missing", Issue.MISSING_ITEM)[MISSING] == "lid"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("i only got one of my packages, wheres the other one", "way"),
        ("只收到一个包裹 另一个呢", "way"),
        ("one of the cables is missing", "there"),
    ],
)
def test_of_several_parcels_the_one_that_has_not_come_is_asked_about(text: str, found: str) -> None:
    there, way = order("there", "delivered", "Braided Cable"), order("way", "shipped", "Charging Stand")
    conversation = talk((BUYER, text), orders=(there, way))
    choice = choose_order(conversation, unanswered(conversation), None, Issue.MISSING_ITEM)
    assert isinstance(choice, OrderChoice)
    assert choice.id == found


@pytest.mark.parametrize(
    "said",
    [
        "Since it still works fine, we can refund you $15 and you keep the table. Does that sound OK?",
        "As a small sorry, I can refund you $15 and you keep it. Is that ok?",
    ],
)
def test_why_something_is_offered_is_no_part_of_it(said: str) -> None:
    (option,) = read_shop(said).offered
    assert option.title.startswith("a refund of $15")


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("I'll get a replacement lid posted out, should be with you by Monday", False),
        ("We've sent it, will arrive tomorrow", False),
        ("Should we send another one?", True),
        ("Sorry about that, would you like a refund", True),
    ],
)
def test_a_clause_without_its_subject_asks_nothing(said: str, asks: bool) -> None:
    assert asks_something(said) is asks


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("您好,您平时腰围多少,我看下换哪个码合适", True),
        ("您穿几码呀，给您看下有没有货", True),
        ("帮您看了，还有不少货，放心拍", False),
    ],
)
def test_a_question_in_the_middle_of_a_sentence_waits_for_an_answer(said: str, asks: bool) -> None:
    assert read_shop(said).question is asks


@pytest.mark.parametrize(
    ("title", "remedy"),
    [("a new candle", "reship"), ("another fresh set", "reship"), ("a new label", None), ("a new order", None)],
)
def test_a_new_one_by_its_own_name_is_sent_anew(title: str, remedy: str | None) -> None:
    assert ("reship" in remedies_in(title)) is (remedy is not None)


def test_a_thing_that_is_looked_for_in_anger_has_no_name() -> None:
    assert told_of_goods("翻遍了 箱子都拆烂了真没有", Issue.MISSING_ITEM) == {}
    assert told_of_goods("真皮腰带没有啊", Issue.MISSING_ITEM) == {MISSING: "真皮腰带"}
