"""What a whole turn says and no clause of it says alone, and its near misses."""

import pytest

from copilot.domain.issue import Issue, Understanding
from copilot.flow.understand import Burst, read_turn
from copilot.flow.understand.wishes import saying_in, wish_in


def read(text: str) -> Understanding:
    return read_turn(Burst(messages=("1",), texts=(text,)))


def named(text: str) -> str | None:
    found = saying_in(text)
    return found.name if found else None


@pytest.mark.parametrize(
    "text",
    [
        "外包装压瘪了,不过里面没坏",
        "东西是好好的,就是纸箱烂了",
        "盒子皺了 內容物完好",
        "box got dented but everything inside is ok",
        "the package was torn, contents intact",
        "product is fine, just the box was all beat up",
    ],
)
def test_a_box_crushed_around_whole_goods_is_no_damage(text: str) -> None:
    found = read(text)
    assert ([one.issue for one in found.issues], found.wish) == ([Issue.DAMAGED], "packaging")


def test_what_is_said_of_another_order_leaves_the_box_what_it_is() -> None:
    found = read("盒子压扁了,杯子没事。台灯那单我不要了,给我退款")
    assert (found.issues[0].issue, found.wish) == (Issue.DAMAGED, "packaging")
    assert {one.issue for one in found.issues[1:]} & {Issue.REFUND_REQUEST, Issue.CANCEL_ORDER}
    assert named("盒子压扁了,杯子没事。我那单不要了,给我退款") != "packaging"


@pytest.mark.parametrize(
    "text",
    [
        "盒子压扁了 东西也碎了",
        "盒子压扁了，碎了一个，其他的没事",
        "盒子烂了，衣服脏了，尺寸正常",
        "the box was crushed, one cup is broken, the others are fine",
        "盒子压扁了,东西没事吧?",
        "盒子破了,里面没事,但这是送人的",
        "盒子烂了东西没坏,能换个盒子吗",
        "外箱完好,里面碎了一只",
        "box crushed and the item is not ok",
        "box was fine but the mug is crushed",
        "box is crushed, not sure if the item is ok",
        "box dented, item fine, but it's a gift",
        "box crushed, item ok, can i get a refund",
    ],
)
def test_a_damage_a_doubt_or_a_wish_beside_the_box_stays_one(text: str) -> None:
    assert named(text) != "packaging"


@pytest.mark.parametrize(
    "text",
    [
        "退款少了5块",
        "你们少退了十二块钱吧",
        "钱没退全啊",
        "退的钱少了",
        "还差20元没退",
        "my refund was too low",
        "you didn't refund the full amount",
        "i was refunded less than i paid",
        "refund came in short by $5",
        "退了899只到账800 少了99",
        "到账只有800 我付了899",
        "退我800 应该899啊",
        "why did i only get $30 back? i paid 34.90",
        "refund is 4.90 short",
        "only got 30 back, paid 34.90",
        "you refunded 30 but i paid 34.90",
        "i was refunded $30 instead of $34.90",
    ],
)
def test_a_refund_that_is_too_small_is_about_the_refund(text: str) -> None:
    found = read(text)
    assert ([one.issue for one in found.issues], found.wish) == ([Issue.REFUND_STATUS], "short_refund")


@pytest.mark.parametrize(
    "text",
    [
        "少发了一件,退钱",
        "只收到2个 少了1个",
        "你们只退20 我要全退",
        "退了899",
        "only got 3 of the mugs",
        "if you refund 30 but not the shipping",
        "i only got 2 back on the shelf",
        "至少退我一半吧",
        "the refund you offered is too little",
        "退一半太少了",
        "能少退一点运费吗,我想退一件",
        "收到的东西少了两个",
        "can i get a refund that isn't the full price",
        "refund for the short sleeve shirt please",
        "i want a refund for the shorts",
    ],
)
def test_goods_that_are_short_are_no_short_refund(text: str) -> None:
    assert named(text) != "short_refund"


@pytest.mark.parametrize(
    "text",
    [
        "退款到账了,东西不用寄回吧",
        "钱已经收到了 那货还要寄回吗",
        "退款了 我自己留着可以吗",
        "got my refund, do i keep it?",
        "the refund came, so i don't have to return it?",
        "do i send it back now that you refunded me",
    ],
)
def test_who_was_refunded_asks_whether_to_keep_the_goods(text: str) -> None:
    found = read(text)
    assert ([one.issue for one in found.issues], found.wish) == ([Issue.REFUND_STATUS], "keep_refunded")


@pytest.mark.parametrize(
    "text",
    [
        "东西寄回去了,钱还没退",
        "钱什么时候退,东西我已经寄走了",
        "退款了吗 我要留着评价",
        "如果退款了东西还要寄回吗",
        "i sent it back and haven't been refunded",
        "when i get my refund can i keep it",
        "you keep saying i was refunded",
    ],
)
def test_who_waits_for_a_refund_keeps_nothing(text: str) -> None:
    assert named(text) != "keep_refunded"


@pytest.mark.parametrize(
    "text",
    [
        "闻起来有点刺鼻,能用吗",
        "一股塑料味 安全吗",
        "能吃吗?吃起来味道不对",
        "it tastes funny, is it still safe",
        "there's a strong chemical smell. can i still use it?",
        "is it ok to eat? smells a bit off",
    ],
)
def test_an_odd_smell_and_the_question_whether_it_is_safe_are_one(text: str) -> None:
    found = read(text)
    assert ([one.issue for one in found.issues], found.wish) == ([Issue.USAGE_QUESTION], "safe")


@pytest.mark.parametrize(
    "text",
    [
        "什么味道的 能直接吃吗",
        "东西有没有异味 刚装修能用吗",
        "味道不错,能放冰箱吗",
        "有味道,想退",
        "会不会有异味,能用吗",
        "does it smell strong, is it safe for kids",
        "smells great, can i use it on wood",
        "is it safe to put in the oven",
    ],
)
def test_a_taste_asked_about_or_liked_is_no_doubt_of_safety(text: str) -> None:
    assert named(text) != "safe"


@pytest.mark.parametrize(
    "text",
    [
        "收到货再付钱可以吗",
        "支持到付吗",
        "do you accept cash on delivery",
        "可以货到后付款吗",
        "is paying on delivery possible",
        "can i pay the driver cash when it gets here",
    ],
)
def test_paying_when_it_comes_is_about_ways_to_pay(text: str) -> None:
    found = read(text)
    assert ([one.issue for one in found.issues], found.wish) == ([Issue.PAYMENT_ACCOUNT], "on_delivery")


@pytest.mark.parametrize(
    "text",
    [
        "运费可以到付吗",
        "订单拍成货到付款了",
        "cash on delivery",
        "is it cheaper with cash on delivery",
        "退回去能到付吗",
        "为什么货到了还让我付钱",
        "do i have to pay customs when it arrives",
        "why was i asked to pay at the door",
    ],
)
def test_freight_and_customs_on_delivery_are_something_else(text: str) -> None:
    assert wish_in(text) is None or wish_in(text).name != "on_delivery"


@pytest.mark.parametrize(
    ("text", "wish", "issues"),
    [
        ("盒子压扁了,里面没事,另外什么时候能开发票", "packaging", {Issue.DAMAGED, Issue.INVOICE}),
        ("钱退了,东西我留着就行吧,还有发票能开吗", "keep_refunded", {Issue.REFUND_STATUS, Issue.INVOICE}),
    ],
)
def test_what_is_raised_beside_it_takes_nothing_from_it(text: str, wish: str, issues: set[Issue]) -> None:
    found = read(text)
    assert (found.wish, {one.issue for one in found.issues}) == (wish, issues)


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("保修多久 卡丢了", Issue.WARRANTY),
        ("保修卡丢了还能保修吗", Issue.WARRANTY),
        ("小票丢了,保修怎么办", Issue.WARRANTY),
        ("i lost my warranty card", Issue.WARRANTY),
        ("小票丢了", Issue.INVOICE),
        ("发票丢了能补吗", Issue.INVOICE),
        ("lost the receipt", Issue.INVOICE),
    ],
)
def test_a_paper_that_is_lost_is_no_parcel(text: str, issue: Issue) -> None:
    assert [one.issue for one in read(text).issues] == [issue]


@pytest.mark.parametrize("text", ["快递丢了", "包裹丢了 发票也没给我", "my package is lost, i have the receipt"])
def test_a_parcel_that_is_lost_stays_one(text: str) -> None:
    assert Issue.LOST_PARCEL in [one.issue for one in read(text).issues]


@pytest.mark.parametrize(
    "text",
    [
        "苹果坏了4个 一箱才12个",
        "收到有5个烂的",
        "里面三个是坏的",
        "烂了一半",
        "箱子里有坏的",
        "10 of the apples are rotten",
        "half of them came moldy",
    ],
)
def test_fresh_goods_of_which_some_are_bad_came_damaged(text: str) -> None:
    assert [one.issue for one in read(text).issues] == [Issue.DAMAGED]


@pytest.mark.parametrize(
    "text",
    [
        "会不会坏了几个",
        "苹果能放几天 容易坏吗",
        "电池坏了两个",
        "do they arrive rotten sometimes, how long do they keep",
    ],
)
def test_who_asks_whether_they_keep_has_none_that_are_bad(text: str) -> None:
    assert named(text) != "spoiled"


@pytest.mark.parametrize(
    "text",
    [
        "these jeans run SO small, im a 10 normally and cant even zip them",
        "裤子拉链都拉不上 平时都穿M的",
        "鞋子穿不进去",
        "the dress is tiny i couldn't get it over my hips",
    ],
)
def test_who_could_not_get_into_it_asks_for_no_size(text: str) -> None:
    assert [one.issue for one in read(text).issues][:1] == [Issue.SIZE_MISMATCH]


@pytest.mark.parametrize(
    "text", ["130斤会不会穿不上", "worried i can't zip it, what size for 150 lb", "L码怕扣不上 选XL吗"]
)
def test_who_fears_not_to_get_into_it_has_not_tried(text: str) -> None:
    assert named(text) != "tried_on"


def test_one_of_two_may_be_told_in_two_messages() -> None:
    assert named("cancel my order pls i accidentally bought 2\ni only want one of them") == "quantity"


@pytest.mark.parametrize("text", ["perfect thank u!! ordering now 🙏", "ok great, I'll buy two", "好的谢谢 我这就拍了"])
def test_who_buys_on_what_was_said_asks_nothing(text: str) -> None:
    assert named(text) == "buys"


@pytest.mark.parametrize("text", ["great, ordering now, when does it ship?", "好的 我这就拍 今天发吗", "ordering now"])
def test_who_asks_beside_buying_asks(text: str) -> None:
    assert named(text) != "buys"
