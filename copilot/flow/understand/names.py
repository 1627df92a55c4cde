"""By which words a buyer names a thing of an order: "the mug", 裤子 for 牛仔裤, "129那条".

Owns the words of a product's name and its price as a name; refuses words that name nothing in particular ("old", 新款).
"""

import re
from collections.abc import Iterable

from copilot.domain.order import Item, Order
from copilot.flow.understand.text import fold

_PLAIN_WORDS = frozenset(
    "with pack piece size black white blue green pink grey gray large small color free order package"
    " 黑色 白色 套装 家用 新款 一个 两个 大码 尺码 礼盒 组合".split()
)
# Three letters are often a small word, seldom a thing.
_SMALL_WORDS = frozenset(
    "the and for old new one two set all you any are but can did get got had has her him his how its let may not "
    "now off our out own per put ran red saw say see she six ten top too try use usb via was way who why yes yet "
    "big box day pcs pro max led non low men oil kid kit mix fit fun hot eco pet air".split()
)
_NAME_END = re.compile(r"[,(|/]|\b(?:set|pack) of\b|\bfor\b|\bwith\b", re.IGNORECASE)
# Small words that are things where a name ends with them.
_NOUNS = frozenset("top bag cap hat bed mat rug pan pot mug cup jar pen toy fan kit bra tee".split())
_COUNTED = re.compile(
    r"[\s(]*(?:[一两二三四五六七八九十]|\d+)\s*(?:个|只|件|片|支|双|条|瓶|包|盒|袋|套|米)?(?:装|套装|套|组)?\)?\s*\Z"
    r"|\s+(?:一套|一组|一盒)\S*\Z"
)
_LATIN_TAIL = re.compile(r"[\s\da-z.*×x+/()-]+\Z")
# What no single character names: parcels, colours, counts, and what stands in everyday words (手机, 里面, 表示).
_NO_HEADS = frozenset("盒套装款色个只件组包箱袋版型号码新大小子器品机面表水线头口心")
_COUNTING = "条个件双只台把瓶盒本张顶口辆支部款块床套身"
_CLOTHES = frozenset("恤衫衣袄服褂")
_SHOES = frozenset("鞋靴拖履")
# "充不进电了" is said of what is named for being charged.
_CHARGES = re.compile(r"充[^,。!?\s]{0,3}电")
_TROUSERS = frozenset({"jean", "trouser", "legging", "jogger", "chino", "short"})
_AFTER = "坏碎破少呢到发没太也有不寄开裂掉脱漏"
_PARTS = "底盖身口边柄把沿头跟面嘴"
_PRICE = (
    re.compile(rf"(?<![\d.:/-])(\d{{1,5}}(?:\.\d{{1,2}})?)\s*(?:块钱?|元)?\s*的?[那这]一?[{_COUNTING}单笔]"),
    re.compile(rf"[那这]一?[{_COUNTING}单笔](\d{{1,5}}(?:\.\d{{1,2}})?)(?:块钱?|元)?的"),
    re.compile(r"\bthe [$£€]?(\d{1,5}(?:\.\d{1,2})?)(?: dollars?| bucks?| quid)? (?:one|order)\b"),
)


def is_named(order: Order, folded: str, others: Iterable[Order] = ()) -> bool:
    """Whether ``folded`` text names a thing of ``order``, by a word of its own name or by its price.

    What the names of ``others`` explain is no single character of this one (杯架 is no 杯).
    """
    folded = _CHARGES.sub("充电", folded)
    if any(_says(word, folded) for item in order.items for word in _words(item.name)) or _priced(order, folded):
        return True
    if any(_says_variant(word, folded) for item in order.items for word in _variant(item)):
        return True
    rest = folded
    for word in (word for one in others if one is not order for item in one.items for word in _words(item.name)):
        rest = re.sub(re.escape(word), " ", rest) if not word.isascii() else rest
    return any(_says_head(head, rest) for item in order.items for head in _heads(item))


def is_named_apart(order: Order, folded: str, others: Iterable[Order]) -> bool:
    """Whether ``folded`` names a thing of ``order`` by a word that no name of ``others`` has (a cat tree)."""
    shared = {word for one in others if one is not order for item in one.items for word in _words(item.name)}
    own = {word for item in order.items for word in _words(item.name)} - shared
    return any(_says(word, folded) for word in own)


def _says(word: str, folded: str) -> bool:
    if word.isascii():
        return re.search(rf"(?<![a-z]){re.escape(word)}(?:e?s)?(?![a-z])", folded) is not None
    return word in folded


def _words(name: str) -> set[str]:
    folded = fold(name)
    words = {word.removesuffix("s") if len(word) > 4 else word for word in re.findall(r"[a-z]{3,}", folded)}
    words -= _SMALL_WORDS
    words |= {noun} if (noun := _noun(name)) else set()
    if words & _TROUSERS:
        words |= {"pants", "trousers"}
    for run in re.findall(r"[\u3400-\u9fff]{2,}", folded):
        words |= {run[at : at + 2] for at in range(len(run) - 1)}
    # T恤 and U盘 are words of one letter and one character.
    words |= set(re.findall(r"(?<![a-z])[a-z][恤盘]", folded))
    return words - _PLAIN_WORDS


def _variant(item: Item) -> set[str]:
    """The words of what was picked of a thing: "rust" of "rust / M"; sizes and everyday colours tell nothing apart."""
    words = {word for word in re.findall(r"[a-z]{4,}", fold(item.sku or ""))}
    return words - _PLAIN_WORDS - _SMALL_WORDS - {"medium", "default", "title", "standard", "regular", "color", "size"}


def _says_variant(word: str, folded: str) -> bool:
    return re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", folded) is not None


def _noun(name: str) -> str:
    """What an English name says the thing is, where that is a small word: the "top" of "Sequin Party Top"."""
    words = re.findall(r"[a-z]+", fold(_NAME_END.split(name, maxsplit=1)[0]))
    return words[-1] if words and words[-1] in _NOUNS else ""


def _heads(item: Item) -> frozenset[str]:
    """What a Chinese name is one of, by its last character: 高腰直筒牛仔裤 is a 裤."""
    folded = _LATIN_TAIL.sub("", _COUNTED.sub("", fold(item.name)))
    head = folded[-1:]
    if not re.fullmatch(r"[\u3400-\u9fff]", head) or head in _NO_HEADS:
        return frozenset()
    if head in _SHOES:
        return frozenset({head, "鞋"})
    return frozenset({head, "衣服", "上衣"} if head in _CLOTHES else {head})


def _says_head(head: str, text: str) -> bool:
    """Whether ``text`` has the character as a word of its own: 裤子, 那条裤, 包包, or alone before what is wrong."""
    if len(head) > 1:
        return head in text
    # 锅底 and 杯口 are parts of the thing.
    alone = rf"(?:\A|[\s,。!?]|[那这]个){head}(?=[{_AFTER}{_PARTS}]|\W|\Z)"
    return re.search(rf"{head}子|{head}{head}|[那这一两]\s*[{_COUNTING}]{head}|{alone}", text) is not None


def _priced(order: Order, folded: str) -> bool:
    said = [match[1] for pattern in _PRICE for match in pattern.finditer(folded)]
    amounts = [order.total, *(item.price for item in order.items)]
    return any(_is_amount(one, amount.amount) for one in said for amount in amounts if amount is not None)


def _is_amount(said: str, amount: object) -> bool:
    """129 is also what people call 129.90."""
    exact = f"{float(str(amount)):.2f}"
    return f"{float(said):.2f}" == exact or ("." not in said and said == exact.split(".", maxsplit=1)[0])
