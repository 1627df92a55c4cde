"""What several of the goods cost together, where the buyer says how many and the price is plain (3箱, "if i get 2").

Owns the count in the buyer's words and the arithmetic, with a promotion whose rule is plain (满2件9折, "10% off 2 or
more"); refuses to reckon with any other promotion, with several counts, and with pieces of a pack.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from copilot.domain.money import Money
from copilot.domain.order import Product

_DIGITS: Final = {sign: at for at, sign in enumerate("零一二三四五六七八九十")} | {"两": 2}
_WORDS: Final = {
    word: at for at, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}
_NUMBER_ZH: Final = r"(?:\d{1,3}|[两二三四五六七八九十])"
_UNITS_ZH: Final = "箱件个盒瓶套双条包袋份台只支罐提桶把"
_ZH: Final = re.compile(
    rf"(?<![\d.第满每送减xX*×])(?P<count>{_NUMBER_ZH})\s*(?P<unit>[{_UNITS_ZH}])(?!装|月|人|小时|半|套餐|多月|尺|分)"
)
_EN: Final = re.compile(
    r"(?:\b(?:buy|buying|bought|get|getting|got|order|ordering|ordered|take|taking|took|want|need|grab|purchase"
    r"|purchasing|for|on|if i did|thinking of|thinking)(?: (?:like|about|maybe|all|the|these|at least|just|say))*"
    r"|(?=\b\w+ (?:of (?:them|these|those|the|this|it)|each)\b)) ?(?<![\w.])(?P<count>\d{1,3}|"
    + "|".join(list(_WORDS)[2:])
    + r"|a pair|a couple)\b"
    r"(?! ?(?:%|percent|dollars?|bucks|pounds?|quid|inch|in\b|cm|days?|weeks?|hours?|minutes?|months?|years?|people"
    r"|persons?|kids?|am|pm|lbs?|kg|of (?:my|the) \w+ orders?|[-/.:x]\d))",
    re.IGNORECASE,
)
_PACK: Final = re.compile(rf"[*×xX]\s*\d+\s*(?P<by>[{_UNITS_ZH}])|\d+\s*(?P<with>[{_UNITS_ZH}])装")
_PERCENT_ZH: Final = re.compile(
    rf"(?:满\s*)?(?P<from>{_NUMBER_ZH})\s*[{_UNITS_ZH}]\s*(?:及以上|起|以上)?[享打]?\s*(?P<of>\d(?:\.\d)?)\s*折"
)
_HALF_ZH: Final = re.compile(r"第[二2][件个盒份箱]?半价")
_PERCENT_EN: Final = (
    re.compile(
        r"\b(?:buy|get|order) (?P<from>\d{1,2})(?: or more|\+)?,? (?:and )?(?:get|save|for) (?P<off>\d{1,2}) ?%",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?P<from>\d{1,2})(?: or more|\+)(?: items)?[,:]? (?:get |for |save )?(?P<off>\d{1,2}) ?% off",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?P<off>\d{1,2}) ?% off (?:when you buy |for |on |if you buy )?(?P<from>\d{1,2})(?: or more|\+)",
        re.IGNORECASE,
    ),
)
_MOST: Final = 500
_PAIR: Final = 2
_PAIRS: Final = frozenset(("a pair", "a couple"))


@dataclass(frozen=True)
class Several:
    """So many of the goods as the buyer said it (3箱), their price, and what a plain promotion makes of it."""

    said: str
    total: Money
    reduced: Money | None = None


def several_of(text: str, product: Product | None, language: str) -> Several | None:
    """What so many of ``product`` cost together; None where no one count is said or the price is not plain."""
    if product is None or product.price is None:
        return None
    zh = language.startswith("zh")
    found = {_count(match["count"]): match for match in (_ZH if zh else _EN).finditer(text)}
    found = {count: match for count, match in found.items() if 1 < count <= _MOST}
    if len(found) != 1:
        return None
    ((count, match),) = found.items()
    pack = _PACK.search(product.name)
    if zh and pack is not None and match["unit"] in (pack["by"], pack["with"]):
        # Three bottles of a case of twelve have no price of their own.
        return None
    total = Money.from_minor(product.price.minor * count, product.price.currency)
    promotion = product.attributes.get("promotion")
    reduced = _reduced(product.price, count, promotion) if isinstance(promotion, str) else None
    return Several(f"{match['count']}{match['unit']}" if zh else str(count), total, reduced)


def _count(said: str) -> int:
    if said.isascii() and said.isdigit():
        return int(said)
    if said.lower() in _PAIRS:
        return _PAIR
    return _DIGITS.get(said) or _WORDS.get(said.lower(), 0)


def _reduced(price: Money, count: int, promotion: str) -> Money | None:
    """What ``count`` cost with a promotion of one plain rule, where it holds for so many."""
    if _HALF_ZH.search(promotion) is not None:
        return _times(price, Decimal("1.5")) if count == _PAIR else None
    rules = [(_count(one["from"]), Decimal(one["of"]) / 10) for one in _PERCENT_ZH.finditer(promotion)]
    for pattern in _PERCENT_EN:
        rules += [(int(one["from"]), 1 - Decimal(one["off"]) / 100) for one in pattern.finditer(promotion)]
    holding = [(least, share) for least, share in rules if count >= least]
    # Of several steps the highest that is reached counts.
    return _times(price, count * max(holding)[1]) if holding else None


def _times(price: Money, factor: Decimal) -> Money:
    minor = (price.minor * factor).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return Money.from_minor(int(minor), price.currency)
