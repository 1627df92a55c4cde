"""Amounts of money in a text, however they are written: ¥10, 10元, 十块, RMB 10, £12.50, Rp 50.000."""

import re
from collections.abc import Iterator
from decimal import Decimal

from pydantic import JsonValue

from copilot.domain.fact import FactKind
from copilot.policy.claims.found import Found, Look
from copilot.policy.claims.numbers import CHINESE, ENGLISH, FIGURES, STARTS, TENS, number

_SIGNS = {
    "¥": "CNY",
    "us$": "USD",
    "s$": "SGD",
    "hk$": "HKD",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₫": "VND",
    "฿": "THB",
    "₱": "PHP",
    "rp": "IDR",
    "idr": "IDR",
    "rm": "MYR",
    "myr": "MYR",
    "sgd": "SGD",
    "php": "PHP",
    "thb": "THB",
    "vnd": "VND",
    "rmb": "CNY",
    "cny": "CNY",
    "usd": "USD",
    "eur": "EUR",
    "gbp": "GBP",
}
_WORDS = {
    **dict.fromkeys(("元", "块钱", "块", "圆", "人民币", "rmb", "cny", "yuan", "kuai"), "CNY"),
    **dict.fromkeys(("美元", "美金", "刀", "usd", "dollars", "dollar", "bucks", "dólares", "dolares"), "USD"),
    **dict.fromkeys(("eur", "euros", "euro", "欧元"), "EUR"),
    **dict.fromkeys(("gbp", "pounds", "pound", "quid", "英镑"), "GBP"),
    **dict.fromkeys(("₫", "đ", "vnd", "越南盾"), "VND"),
    **dict.fromkeys(("baht", "thb", "บาท", "฿", "泰铢"), "THB"),
    **dict.fromkeys(("ringgit", "myr", "马币"), "MYR"),
    **dict.fromkeys(("pesos", "php"), "PHP"),
    **dict.fromkeys(("rupiah", "idr", "印尼盾"), "IDR"),
    **dict.fromkeys(("sgd", "新币"), "SGD"),
    **dict.fromkeys(("港币", "港元", "hkd"), "HKD"),
}
# Currencies without cents in shops, where a point parts the thousands.
_POINT_PARTS = frozenset({"IDR", "VND"})
_GROUPED = r"\d{1,3}(?:\.\d{3})+(?![\d.])"
_SCALE = r"(?:\s?(?:k|w|万|千)(?![a-z]))?"
_CODE = "|".join(word for word in _SIGNS if len(word) == 3 and word.isalpha())
_SIGN = rf"us\$|s\$|hk\$|¥|\$|€|£|₫|฿|₱|(?<![a-z])(?:rp\.?(?=\s?\d)|rm(?=\s?\d)|(?:{_CODE})(?=\s?\d))"
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_SIGNED = Look(
    tuple(_SIGNS),
    rf"(?P<sign>{_SIGN})\s?(?P<number>(?:{_GROUPED}|{FIGURES}){_SCALE})",
)
_PIECES = "个件条只瓶盒双套支包斤份本张箱"
_NAMED = Look(
    tuple(_WORDS),
    rf"(?<![\d.])(?P<number>(?:{_GROUPED}|{FIGURES}){_SCALE}|(?<![第几上]){CHINESE}{{1,8}}|{ENGLISH})[\s-]?"
    rf"(?P<word>{_WORD})(?![a-z])"
    rf"(?P<tail>[一二三四五六七八九1-9](?![\d零二三四五六七八九十百千万%点.]|一(?![{_PIECES}])"
    rf"|[{_PIECES}折天号月年小分]))?",
    starts=STARTS,
)
_SMALL = Look(
    "毛 角 cent pence",
    r"(?<![\d.])(?:(?P<number>\d{1,2}|[一二两三四五六七八九])\s?(?:毛|角)(?:钱|(?=[,。!?\s]|$))|"
    r"(?P<cents>\d{1,3})\s?(?:cents?|pence)(?![a-z]))",
)
_NOT_MONEY = (
    r"(?![\d.]*\s?(?:%|折|件|天|小时|个|套|只|点|号|月|日|成(?![吗么不])|倍|片|颗|副|根|粒|组|款|种|对|分钟|cm|g|元|块|次|条|双|瓶|盒|斤|人|位|单|码|楼|期|年|支"
    r"|包|张|份|台|kg|ml|米|寸|"
    r"[-/:]))"
)
# A bare number is money only behind a word that can mean nothing else.
_BARE = Look(
    "降 便宜 减 省 券 到手 价 只要 卖 补差",
    rf"(?:降了?|便宜了?|立减|直减|再减|省了?|券后价?|到手价?|原价|现价|售价|折后价?|只要|卖|差价|补差)\s?"
    rf"(?P<number>\d+(?:\.\d{{1,2}})?|{TENS}){_NOT_MONEY}",
)
_PAID = Look(
    "退 返 补 赔 垫 优惠 红包 收 付了 花了 减",
    r"(?<!假一)(?:退款?|返现?|减免?|补偿?|赔付?|赔偿|补贴|垫付|优惠|红包|补您|退您|赔您|少收|多收|付了|花了)(?:了|给|您|你|到|回"
    r"|个|的|您的|卡里|\s){0,3}"
    rf"(?P<number>\d{{1,5}}(?:\.\d{{1,2}})?(?!\d)|{TENS}){_NOT_MONEY}",
)
# 给您50, 转您五十: beside the buyer, and nothing behind it that could be counted.
_HANDED = Look(
    "转 打 给",
    rf"(?:转|打|给)(?:给|到)?[您你](?:再|先|多|直接|这边|那就|个|\s){{0,2}}(?P<number>\d{{1,4}}(?:\.\d{{1,2}})?|{TENS})"
    r"(?=$|[,。!?;~\s吧哈哦呢啊]|行|可以|好吗|好不|怎么样|作为|当作?|补偿)",
)
_PAID_EN = Look(
    "refund reimburs credit compensat repay give pay knock take send",
    r"(?<![a-z])(?:(?:refund|reimburse|credit|compensate|repay)(?:ed|ing)?(?: (?:you|u|them|back|another|around"
    r"|about))*"
    r"|(?:give|pay|knock|take|send)(?: you| u| back)* (?=\d+(?:\.\d\d)? (?:back|off)\b))\s(?P<number>\d{1,5}"
    r"(?:\.\d{2})?)"
    r"(?![\d.,]*\s?(?:%|percent|days?|hours?|items?|units?|pieces?|pcs|orders?|times?|weeks?|working|business|of"
    r"|to|st|nd|rd|th|-|/|:))",
)
_BARE_THEN = Look(
    "昨 前天 今天 现在 当时 之前",
    r"(?:昨晚|昨天|前天|今天|现在|当时|之前)(?:直播间?)?(?:拍的?|买的?|是|卖|才|就|标价?)?\s?(?P<number>\d{2,5}"
    r"(?:\.\d{1,2})?)"
    r"(?![\d.]*\s?(?:%|折|件|天|小时|个|套|只|点|时|号|月|日|分|人|单|次|cm|g|元|块|:|-|/))",
)
_BARE_ZH = Look(
    "百 千 万",
    rf"(?:[这那]款|只要|卖|才|付了|花了|[退补赔收]您|共计?|到手价?|原价|现价|价格?是?)"
    rf"(?P<number>[一二两三四五六七八九](?:百|千|万){CHINESE}{{0,4}})"
    rf"(?=[,。!?\s]|$|包邮|一[{_PIECES}]|左右|以内|多)",
)
_BARE_K = Look("k", r"(?<![\d.a-z])(?P<number>\d+(?:\.\d+)?k)(?=的?(?:预算|价|左右|以内|块|元)|[,。]|$)", starts=r"\d")
_BARE_EACH = Look(
    "包邮 一", rf"(?<![\d.:/\-])(?P<number>\d{{1,5}}(?:\.\d{{1,2}})?)(?=包邮|一[{_PIECES}](?![装式]))", starts=r"\d"
)
_FULL_CUT = Look(
    "满",
    rf"满\s?(?P<over>\d{{2,5}}|[一二两三四五六七八九][十百千]{CHINESE}{{0,3}})\s?(?:元|块)?\s?(?:立?减|送|返)\s?"
    rf"(?P<off>\d{{1,4}}|{CHINESE}{{1,4}})(?!\s?(?:元|块|件|\d))",
)


def amounts(text: str, currency: str) -> Iterator[Found]:
    """Amounts of money in ``text``, small letters; a bare number behind a price word counts in ``currency``."""
    for match in _SIGNED.over(text):
        sign = match["sign"].strip(" .").lower()
        yield from _money(match, match["number"], _SIGNS.get(sign, currency))
    yield from _named(text)
    for match in _SMALL.over(text):
        value = number(match["number"] or match["cents"])
        if value is not None:
            value, sort = (value / 10, "CNY") if match["number"] else (value / 100, currency)
            yield Found(FactKind.AMOUNT, match.start(), match.end(), _value(value, sort))
    for pattern in (_BARE, _BARE_EACH, _BARE_THEN, _BARE_ZH, _BARE_K, _PAID, _HANDED, _PAID_EN):
        for match in pattern.over(text):
            yield from _money(match, match["number"], currency, match.span("number"))
    for match in _FULL_CUT.over(text):
        for group in ("over", "off"):
            yield from _money(match, match[group], currency, match.span(group))


def _named(text: str) -> Iterator[Found]:
    for match in _NAMED.over(text):
        sort, tail = _WORDS[match["word"].lower()], match["tail"]
        value = _figures(match["number"], sort)
        if value is None or (match["word"] in {"块", "刀"} and _is_piece(text, match)):
            continue
        whole = bool(tail) and match["word"] == "块"
        if whole:
            value += (number(str(tail)) or Decimal(0)) / 10
        yield Found(FactKind.AMOUNT, match.start(), match.end() if whole else match.end("word"), _value(value, sort))


def _figures(written: str, currency: str) -> Decimal | None:
    if currency in _POINT_PARTS and re.fullmatch(_GROUPED, written):
        written = written.replace(".", "")
    return number(written)


def _is_piece(text: str, match: re.Match[str]) -> bool:
    """一块 is a piece or "together" far more often than a yuan; 两块蛋糕 are pieces."""
    return match["number"] == "一" or text[match.end() : match.end() + 1] in set("儿面布蛋表肥香地玻砖电区毛屏石木饼巧")


def _money(match: re.Match[str], figures: str, currency: str, span: tuple[int, int] | None = None) -> Iterator[Found]:
    value = _figures(figures, currency)
    if value is not None:
        start, end = span or match.span()
        yield Found(FactKind.AMOUNT, start, end, _value(value, currency))


def _value(value: Decimal, currency: str) -> dict[str, JsonValue]:
    return {"amount": format(value, "f"), "currency": currency}
