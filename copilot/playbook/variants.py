"""Which variant of the goods a buyer names, and how many of it are there: the green one in S.

Owns the reading of attributes that count by variant (``stock_by_variant``: {"Green / S": 0, …}); refuses to pick one
where the words fit several.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from copilot.domain.order import Product
from copilot.playbook.size_tables import number_of

_KEYS: Final = (
    "stock_by_variant", "stock_by_sku", "stock_by_color_size", "stock_by_option", "stock_by_color", "stock_by_colour",
    "规格库存",
)  # fmt: skip
_APART: Final = re.compile(r"\s*[/|,，;；·]\s*|(?<=[\u3400-\u9fff])[-_+](?=\w)")
_NOT_WANTED: Final = re.compile(
    r"\b(?:only|just) (?:see|saw|seeing|show(?:s|ing)?|ha(?:ve|s)|got|find|found)\b[^.?!,;\n]*"
    r"|\b(?:instead of|other than|besides|apart from|not(?: in)?|don'?t (?:want|like)|no more)(?: the| a)? \w+"
    r"|只(?:看[到见]|显示|剩|找到|见)[^,，。?？!！\s]*|(?:不要|不喜欢|不想要|除了)[^,，。?？!！\s]{1,4}",
    re.IGNORECASE,
)
"""What is there already, or is not wanted: "only see black", 不要黑色."""
_MOST_NEAR: Final = 3
_HAN: Final = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Variant:
    """A variant by its parts (colour, size) as the shop writes them; ``stock`` is how many there are."""

    parts: tuple[str, ...]
    stock: int

    @property
    def name(self) -> str:
        """Its parts side by side."""
        return " ".join(self.parts)


def named_variant(product: Product | None, text: str) -> Variant | None:
    """The one variant that ``text`` names by what tells it from the others; None where it names none or several.

    Of those that share the part that it names (all that are black) the one that is left, or all together where they are
    all there or all gone. ``text`` has sizes as letters; what it does not want counts only where it names no other.
    """
    return _named(product, _NOT_WANTED.sub(" ", text)) or _named(product, text)


def variant_of(product: Product | None, sku: str) -> Variant | None:
    """The variant that an order's line states ("棕色/37"), its parts in any order; None where none is just that."""
    own = {part.casefold() for part in _APART.split(sku.strip()) if part}
    found = [one for one in _variants(product) if {part.casefold() for part in one.parts} == own]
    return found[0] if own and len(found) == 1 else None


def near(product: Product | None, gone: Variant) -> tuple[str, ...]:
    """What is there of what is most like the variant that is gone: the same size in another colour, then the others."""
    own = set(gone.parts)
    there = [one for one in _variants(product) if one.stock > 0 and not own <= set(one.parts)]
    alike = [one for one in there if own & set(one.parts)] or ([] if len(own) > 1 else there)
    # Another colour of one's size is worth more than another size.
    alike.sort(key=lambda one: one.parts[-1] not in own)
    return tuple(one.name for one in alike[:_MOST_NEAR])


def _named(product: Product | None, text: str) -> Variant | None:
    known = tuple(_variants(product))
    if len({len(one.parts) for one in known}) != 1:
        return None
    telling = [at for at in range(len(known[0].parts)) if len({one.parts[at] for one in known}) > 1]
    said = [at for at in telling if any(_says(one.parts[at], text) for one in known)]
    named = [one for one in known if said and all(_says(one.parts[at], text) for at in said)]
    # 绿 stands in 深绿, which is another colour.
    longest = [one for one in named if not any(_within(one, other, said) for other in named)]
    if len(longest) < 2 or len({tuple(one.parts[at] for at in said) for one in longest}) > 1:
        return longest[0] if len(longest) == 1 else None
    left = [one for one in longest if one.stock > 0]
    if 0 < len(left) < len(longest):
        return left[0] if len(left) == 1 else None
    return Variant(tuple(longest[0].parts[at] for at in said), sum(one.stock for one in longest))


def _variants(product: Product | None) -> Iterator[Variant]:
    stated = (product.attributes.get(key) for key in _KEYS) if product else ()
    none: dict[str, JsonValue] = {}
    counts = next((one for one in stated if isinstance(one, dict)), none)
    for name, count in counts.items():
        number = number_of(count)
        parts = tuple(part for part in _APART.split(str(name).strip()) if part)
        if parts and number is not None and number.is_integer():
            yield Variant(parts, int(number))


def _says(part: str, text: str) -> bool:
    if not _HAN.search(part):
        # "s" and "m" alone are everyday letters; a longer name may be written in any case.
        flags = 0 if len(part) == 1 else re.IGNORECASE
        return re.search(rf"(?<![A-Za-z0-9.]){re.escape(part)}(?![A-Za-z0-9.'’])", text, flags) is not None
    if part in text:
        return True
    bare = part.removesuffix("色")
    return bare != part and re.search(rf"{re.escape(bare)}(?:的|款|[码号]|\s*[A-Z0-9])", text) is not None


def _within(one: Variant, other: Variant, telling: Sequence[int]) -> bool:
    """Whether what tells ``one`` apart only stands inside of what tells ``other`` apart."""
    own, others = ([variant.parts[at].removesuffix("色") for at in telling] for variant in (one, other))
    return own != others and all(mine in theirs for mine, theirs in zip(own, others, strict=True))
