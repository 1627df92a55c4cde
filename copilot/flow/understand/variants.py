"""Which of a buyer's orders their words mean by the size, the colour or the pattern that was ordered.

Owns the meeting of words with an item's variant; refuses to pick one where the words fit several.
"""

import re
from collections.abc import Iterator, Sequence

from copilot.domain.order import Order
from copilot.flow.understand.text import fold

_ORDERED = re.compile(
    r"\b(?:ordered|bought|wanted|picked|chose|paid for)(?: an?| the| size)* "
    r"(?P<size>x{0,3}s|m|x{0,3}l|small|medium|large|\d{1,2}(?:\.5)?)\b"
    r"|我?(?:要|拍|买|订)的(?:是|明明是)?\s*(?P<zh>x{0,3}[sml]|\d{2,3})(?=码|号|\W|\Z)",
    re.IGNORECASE,
)
_LETTER = {"small": "s", "medium": "m", "large": "l"}
_PIECES = re.compile(r"[\s/,，、码号·-]+")
_VARIANT = re.compile(r"[\u3400-\u9fff]{2,}|[a-z]{4,}")
"""What a colour or a pattern is called in an item's variant; sizes are told apart by their letters."""
_SAYS_NOTHING = frozenset(
    "均码 默认 标准 单件 单个 尺码 颜色 规格 码数 size pack pair pairs piece pieces color".split()
)


def in_size(orders: Sequence[Order], text: str) -> tuple[Order, ...]:
    """The one of ``orders`` with the size that ``text`` says was ordered ("sent a medium, I ordered large")."""
    sizes = (fold(match["size"] or match["zh"]) for match in _ORDERED.finditer(text))
    said = {_LETTER.get(one, one) for one in sizes}
    found = [
        order
        for order in orders
        if any(said & {_LETTER.get(one, one) for one in _PIECES.split(fold(item.sku or ""))} for item in order.items)
    ]
    return tuple(found) if said and len(found) == 1 else ()


def in_variant(orders: Sequence[Order], text: str) -> tuple[Order, ...]:
    """The one of ``orders`` whose variant has a word that ``text`` uses and no other order has (燕麦 均码 · 燕麦色)."""
    folded = fold(text)
    found = [order for order in orders if any(word in folded for item in order.items for word in _variant(item.sku))]
    return tuple(found) if len(found) == 1 else ()


def _variant(sku: str | None) -> Iterator[str]:
    for word in _VARIANT.findall(fold(sku or "")):
        said = word.removesuffix("色")
        if said not in _SAYS_NOTHING and (len(said) > 1 or said != word):
            yield said if len(said) > 1 else word
