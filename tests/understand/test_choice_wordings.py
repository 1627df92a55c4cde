"""Wordings of choices: by place, name, sum and consequence, beside a question or a further matter; and what is none."""

import pytest

from copilot.domain.case import Option
from copilot.flow.understand.choice import read_choice


def _option(id: str, key: str, title: str, text: str, action: str) -> Option:
    return Option(id=id, key=key, title=title, text=text, action=action)


ZH_TWO = (
    _option("A", "reship", "补发", "重新寄您一整套，明天18点前发出，坏的不用寄回", "reship"),
    _option("B", "refund_keep", "部分退款", "好的两只您留着用，退您29.95元", "refund"),
)
ZH_THREE = (
    _option("A", "exchange", "换新", "换一件新的，寄回的运费我们出", "exchange"),
    _option("B", "refund_keep", "部分退款", "东西您留着，退您20元", "refund"),
    _option("C", "return_refund", "退货退款", "退货，59.9元全额退您，寄回的运费也是我们出", "return_refund"),
)
EN_TWO = (
    _option("A", "reship", "replacement", "a free replacement, shipped by Nov 24, nothing to send back", "reship"),
    _option("B", "refund_keep", "partial refund", "$17.45 back, and you keep what's still good", "refund"),
)
EN_THREE = (
    _option("A", "exchange", "exchange", "an exchange for a fresh one, with a prepaid label", "exchange"),
    _option("B", "refund_keep", "partial refund", "$10.00 back, and you keep it", "refund"),
    _option(
        "C", "return_refund", "return and refund", "a return for the full $34.90, label also on us", "return_refund"
    ),
)
UNDECIDED, NONE, SEVERAL = "undecided", "none", "several"


@pytest.mark.parametrize(
    ("offered", "text", "meant"),
    [
        (ZH_TWO, "两个都不合我心意", "none"),
        (ZH_TWO, "这俩我都看不上", "none"),
        (ZH_TWO, "算了都别弄了", "none"),
        (ZH_TWO, "我全都要", "several"),
        (ZH_TWO, "你看着来就行", "several"),
        (ZH_TWO, "哪个快给我哪个", "several"),
        (ZH_TWO, "给我那个能拿到钱的", "B"),
        (ZH_TWO, "东西我还是要的 重新寄", "A"),
        (ZH_TWO, "不想折腾了退点钱得了", "B"),
        (ZH_TWO, "我要新的一套", "A"),
        (ZH_TWO, "上面那个", "A"),
        (ZH_TWO, "头一种", "A"),
        (ZH_TWO, "后头那种吧", "B"),
        (ZH_TWO, "要二", "B"),
        (ZH_TWO, "壹", "A"),
        (ZH_TWO, "再发一套过来嘛 几天能到", "A"),
        (ZH_TWO, "行B 退到哪里", "B"),
        (ZH_TWO, "A 另外帮我把发票开了", "A"),
        (ZH_TWO, "选退钱 对了我另外那单咋还没发货", "B"),
        (ZH_TWO, "刚才说A 我改主意了要B", "B"),
        (ZH_TWO, "不补了 还是退我钱", "B"),
        (ZH_TWO, "b把", "B"),
        (ZH_TWO, "就钱吧", "B"),
        (ZH_TWO, "29.95那个", "B"),
        (ZH_TWO, "寄新的过来好了", "A"),
        (ZH_TWO, "我再琢磨琢磨", "undecided"),
        (ZH_TWO, "A也行B也行", "several"),
        (ZH_THREE, "换", "A"),
        (ZH_THREE, "c", "C"),
        (ZH_THREE, "最后那种 全退", "C"),
        (ZH_THREE, "退货 钱全给我", "C"),
        (ZH_THREE, "中间那个", "B"),
        (ZH_THREE, "三个都不行", "none"),
        (ZH_THREE, "不想寄来寄去 留着退20", "B"),
        (ZH_THREE, "换一件新的给我 别退了", "A"),
        (ZH_THREE, "前两个哪个都行", "several"),
        (ZH_THREE, "我不要换", "undecided"),
        (ZH_THREE, "第三", "C"),
        (ZH_THREE, "我寄回去你们全额退", "C"),
        (EN_TWO, "gimme the money one", "B"),
        (EN_TWO, "the one where i get cash back", "B"),
        (EN_TWO, "just send another set", "A"),
        (EN_TWO, "option numero dos", "B"),
        (EN_TWO, "B pls, how soon?", "B"),
        (EN_TWO, "neither of those works for me", "none"),
        (EN_TWO, "nah i dont want any of that", "none"),
        (EN_TWO, "im good with whatever is quicker", "several"),
        (EN_TWO, "both sound ok to me", "several"),
        (EN_TWO, "actually scratch that, refund instead", "B"),
        (EN_TWO, "A. also where's my other order?", "A"),
        (EN_TWO, "let me sleep on it", "undecided"),
        (EN_TWO, "the 17 bucks", "B"),
        (EN_TWO, "replacment please", "A"),
        (EN_TWO, "im not taking a replacement, give me my money", "B"),
        (EN_TWO, "first choice works", "A"),
        (EN_TWO, "go ahead and ship it", "A"),
        (EN_TWO, "keep the rest and take the refund", "B"),
        (EN_THREE, "swap it", "A"),
        (EN_THREE, "i'll send it back for the full amount", "C"),
        (EN_THREE, "the full refund", "C"),
        (EN_THREE, "ill keep it for the 10", "B"),
        (EN_THREE, "middle one", "B"),
        (EN_THREE, "not A, not B", "C"),
        (EN_THREE, "none of the three", "none"),
        (EN_THREE, "C but do i pay for the label?", "C"),
        (EN_THREE, "get me a fresh one", "A"),
        (EN_THREE, "last option", "C"),
        (EN_THREE, "i want all my money back", "C"),
        (EN_THREE, "i want a different one", "A"),
        (ZH_TWO, "补发的话要多久", "undecided"),
        (ZH_TWO, "退款太慢了吧 补发要几天", "undecided"),
        (ZH_TWO, "A那个太慢了", "undecided"),
        (ZH_TWO, "上次那单退的29.95还没到呢", "undecided"),
        (ZH_TWO, "快递单号yt29", "undecided"),
        (ZH_TWO, "漏水我留着干啥 补发\n旧的要寄回去吗 几天能到", "A"),
        (ZH_TWO, "漏水还能干啥 退钱吧\n退哪里去", "B"),
        (ZH_TWO, "留着干啥 怎么退", "undecided"),
        (ZH_TWO, "换个人工来", "undecided"),
        (ZH_TWO, "中间那个杯子碎得最厉害", "undecided"),
        (ZH_TWO, "我要投诉你们", "undecided"),
        (ZH_TWO, "钱的事我想先问清楚", "undecided"),
        (ZH_TWO, "先不选 等我老公回来", "undecided"),
        (ZH_TWO, "一共才59.9 退一半", "undecided"),
        (ZH_TWO, "B是退到零钱吗", "undecided"),
        (ZH_TWO, "那就麻烦再寄一套吧 谢谢", "A"),
        (ZH_TWO, "我选择退29块9毛5", "B"),
        (ZH_TWO, "还是要货 别退钱", "A"),
        (ZH_TWO, "懒得等 退吧", "B"),
        (ZH_TWO, "随缘", "several"),
        (ZH_TWO, "一跟二我都不选", "none"),
        (ZH_TWO, "除了B都行", "A"),
        (ZH_TWO, "选A 地址换一下可以吗", "A"),
        (ZH_TWO, "B,不过退款几天到啊", "B"),
        (ZH_THREE, "二", "B"),
        (ZH_THREE, "要C 谁来取件", "C"),
        (ZH_THREE, "就按你说的最后一个", "C"),
        (ZH_THREE, "给我换吧 别的不要", "A"),
        (ZH_THREE, "退20我留着用", "B"),
        (ZH_THREE, "我要全额", "C"),
        (ZH_THREE, "换货和退货哪个快", "undecided"),
        (ZH_THREE, "都可以 你定", "several"),
        (ZH_THREE, "不退也不换", "undecided"),
        (EN_TWO, "the replacement takes too long", "undecided"),
        (EN_TWO, "I want to talk to a manager", "undecided"),
        (EN_TWO, "can you ship it to my new address", "undecided"),
        (EN_TWO, "how bout you do both", "several"),
        (EN_TWO, "ill take A, do i toss the broken ones?", "A"),
        (EN_TWO, "cash, thanks", "B"),
        (EN_TWO, "no more mugs, just the money", "B"),
        (EN_TWO, "either or", "several"),
        (EN_TWO, "the former", "A"),
        (EN_TWO, "hmm the refund seems low", "undecided"),
        (EN_TWO, "2 pls", "B"),
        (EN_TWO, "a and b both suck", "none"),
        (EN_TWO, "send me new ones", "A"),
        (EN_THREE, "exchange sounds good but when do i ship mine", "A"),
        (EN_THREE, "ill go with return", "C"),
        (EN_THREE, "B as in boy", "B"),
        (EN_THREE, "i guess the second", "B"),
        (EN_THREE, "no to all of that", "none"),
        (EN_THREE, "full money back please", "C"),
        (EN_THREE, "is the exchange free", "undecided"),
        (EN_THREE, "the return one, is the label really free?", "C"),
    ],
)
def test_wordings(offered: tuple[Option, ...], text: str, meant: str) -> None:
    found = read_choice(text, offered)
    if meant == UNDECIDED:
        assert found is None
        return
    assert found is not None
    if meant == NONE:
        assert found.refused_all
    elif meant == SEVERAL:
        assert len(found.ids) > 1
    else:
        assert "".join(found.ids) == meant
