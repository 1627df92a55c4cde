"""How many like pieces a line has, and which parts it names: 24罐, 170g*24, "set of 4", 被套1 床单1 枕套2.

Owns the reading of titles, variants and lists of contents; refuses to count what only looks like it (200x230, 2个月).
"""

import re
from collections.abc import Mapping
from typing import Final

from copilot.domain.order import Item, Product
from copilot.playbook.situation import Situation

_HAN_DIGITS: Final = {"两": 2, **{sign: at for at, sign in enumerate("一二三四五六七八九十", 1)}}
_WORDS: Final = "one two three four five six seven eight nine ten eleven twelve".split()
_NUMBERS: Final = {**_HAN_DIGITS, "a": 1, "an": 1, **{word: at for at, word in enumerate(_WORDS, 1)}}
MEASURE_WORDS: Final = "个只件片支双条瓶包盒袋本块把张罐颗粒枚根套份听"
HAN_NUMBER: Final = r"\d{1,3}|十[一二三四五六七八九]?|[一二两三四五六七八九]"
LATIN_NUMBER: Final = rf"\d{{1,3}}|{'|'.join(_WORDS)}"
_IN_TITLE: Final = re.compile(
    rf"(?<![\d.])(?P<zh>\d{{1,4}}|十[一二三四五六七八九]?|[两二三四五六七八九])\s*"
    rf"[个只件片支双条瓶包盒袋本块把张罐颗粒枚听](?:装|套装)?(?![月星礼小季年])"
    rf"|(?:\d(?:g|kg|ml|l|oz|fl oz|lb|克|毫升|千克|斤|升)|[罐瓶盒袋包支])\s*[*x×]\s*(?P<times>\d{{1,3}})"
    rf"(?![\d.]|\s*(?:cm|mm|m\b|in\b))"
    rf"|\b(?:set|pack|box|case|bundle) of (?P<of>{LATIN_NUMBER})\b"
    rf"|\b(?P<pack>\d{{1,4}})[ -]?(?:pack|pieces?|pcs?|count|ct|cans|bottles|sachets|pouches|bars|bags|rolls"
    rf"|capsules|pods)\b"
    rf"|\b(?P<trio>trio)\b",
    re.IGNORECASE,
)
_STATED: Final = ("pieces", "pcs", "count", "pack", "件数", "数量", "片数", "颗粒数")
_LISTED: Final = re.compile(
    r"include|in_the_box|what_?s_in|content(?!_ml)|box_list|packing_list|package_list|set_of|kit_list|parts_list"
    r"|包含|清单|内含|套装|配置|配件",
    re.IGNORECASE,
)
"""Keys under which shops write what is in the box."""
_COUNT: Final = re.compile(
    r"[x×*]?\s*(?P<n>\d{1,3})\s*(?:[个只件片支双条瓶包盒袋本块把张罐颗粒枚根套份]|pcs?)?", re.IGNORECASE
)
_CUT: Final = re.compile(r"[,，、;；/+\n]|\band\b|(?<=[\u3400-\u9fff\d])\s+(?=[\u3400-\u9fff])", re.IGNORECASE)
_SET: Final = re.compile(r"套|\bsets?\b", re.IGNORECASE)
_KIT: Final = re.compile(
    r"\d\s*粒|拼图|积木|拼装|\b(?:puzzle|jigsaw|bricks?|blocks|lego|building set|model kit)\b", re.IGNORECASE
)
_KIT_PIECES: Final = 20
"""So many stated pieces are parts of one thing and no goods of their own."""


def number(word: str) -> int | None:
    """The number that ``word`` is: "3", 三, 十二, "three"; None where it is none."""
    if word.isdecimal():
        return int(word)
    if len(word) > 1 and word[0] == "十":
        return 10 + _HAN_DIGITS[word[1]]
    return _NUMBERS.get(word.lower())


def is_set(item: Item) -> bool:
    """Whether a line is sold as one set, whose pieces are not sold alone."""
    return _SET.search(item.name) is not None


def pieces_of(situation: Situation) -> int | None:
    """How many pieces the line has: as ordered, as the product states, or as its title or variant says."""
    item = situation.item
    if item is None:
        return None
    if item.quantity > 1:
        return item.quantity
    attributes = situation.product.attributes if situation.product else {}
    stated = next((value for key in _STATED if isinstance(value := attributes.get(key), int) and value > 1), None)
    return stated or _titled(item.name) or _titled(item.sku or "")


def kit_of(situation: Situation) -> int | None:
    """How many parts a thing that is put together has (a puzzle, bricks); None of goods that are used one by one."""
    item, made = situation.item, pieces_of(situation)
    if item is None or item.quantity > 1 or made is None or made < _KIT_PIECES:
        return None
    stated = situation.product is not None and "pieces" in situation.product.attributes
    return made if stated or _KIT.search(f"{item.name} {item.sku or ''}") is not None else None


def _titled(title: str) -> int | None:
    found = _IN_TITLE.search(title)
    if found is None:
        return None
    if found["trio"]:
        return 3
    counted = number(found["zh"] or found["times"] or found["of"] or found["pack"])
    return counted if counted is not None and counted > 1 else None


def parts_of(product: Product | None) -> Mapping[str, int]:
    """The parts that a product lists, each with how many there are of it; empty where it lists none."""
    attributes = product.attributes if product is not None else {}
    listed = next((value for key, value in attributes.items() if value and _LISTED.search(key)), None)
    if isinstance(listed, Mapping):
        return {str(name): count if isinstance(count, int) else 1 for name, count in listed.items()}
    words = [str(one) for one in listed] if isinstance(listed, list) else _CUT.split(str(listed or ""))
    return dict(pair for one in words if (pair := _part(one)) is not None)


def _part(words: str) -> tuple[str, int] | None:
    """枕套2 · "2 batteries" → the part and how many of it."""
    count = _COUNT.search(words)
    name = _COUNT.sub(" ", words, count=1).strip(" ()（）:：-*x×") if count is not None else words.strip()
    return (name, int(count["n"]) if count is not None else 1) if name else None
