"""Which variant of the goods a buyer names, and how many of it are there: the green one in S.

Owns the reading of attributes that count by variant (``stock_by_variant``: {"Green / S": 0, …}); refuses to pick one
where the words fit several, and tells each where they name several.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product as product_of
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
    r"|\b(?:instead of|other than|besides|apart from|(?<!if )not(?: in)?|don'?t (?:want|like)|no more)(?: the| a)? \w+"
    r"|\b(?:already|i|we)(?:'ve| have)? (?:have|own|bought|got|ordered|(?:usually |normally )?wear)\b[^.?!,;\n]*"
    r"|\b(?:usually|normally) (?:an? )?\w+"
    r"|只(?:看[到见]|显示|剩|找到|见)[^,，。?？!！\s]*|(?:不要|不喜欢|不想要|除了)[^,，。?？!！\s]{1,4}"
    r"|(?:买[过了]|之前买|上次买|已经买|平时穿|一般穿|平常穿)[^,，。?？!！\s]*",
    re.IGNORECASE,
)
"""What is there or owned already, or is not wanted: "only see black", 不要黑色, 平时穿M."""
_MOST_NEAR: Final = 3
_MOST_NAMED: Final = 4
"""Who names more than that asks for all there is."""
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_NUMBERED: Final = re.compile(r"(?:UK|US|EU|EUR|FR|size)?\s*(?P<number>\d{1,3}(?:\.\d)?)\s*[码号]?", re.IGNORECASE)
"""A size that is a number under a name of its system: UK 7, EU 42, 42码."""
_NO_SIZE: Final = (
    r"(?![A-Za-z0-9%'’°/]|\.\d|\s*(?:%|(?:days?|weeks?|months?|hours?|mins?|am|pm|stars?|times?|of)\b"
    r"|天|个|件|双|元|块|点|分|小时|岁))"
)


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
    return _named(product, wanted_of(text)) or _named(product, text)


def wanted_of(text: str) -> str:
    """``text`` without what it says is there, owned or not wanted."""
    return _NOT_WANTED.sub(" ", text)


def named_variants(product: Product | None, text: str) -> tuple[Variant, ...]:
    """Those that ``text`` names beside each other (黑色M还有吗 灰色M呢, "sage in L or black in M"), in order.

    What one of them leaves out it shares with the one before, or after (黑色和灰色的M); none where fewer than two are
    named or one of them is not counted.
    """
    known = tuple(_variants(product))
    if len({len(one.parts) for one in known}) != 1:
        return ()
    found: dict[str, Variant] = {}
    for group in _completed(_groups(known, wanted_of(text))):
        those = [one for one in known if all(one.parts[at] == part for at, part in group.items())]
        if not those:
            return ()
        one = Variant(tuple(group[at] for at in sorted(group)), sum(each.stock for each in those))
        found.setdefault(one.name, one)
    return tuple(found.values()) if 1 < len(found) <= _MOST_NAMED else ()


def other_variant(product: Product | None, bought: str, text: str, step: int = 0) -> tuple[str, str, int] | None:
    """What was bought, what ``text`` names instead of it, and how many of that are there; None where it is not sure.

    A size is told by itself (38, 37), another colour with the size that stays (Green S, Black S). Where nothing is
    named, the size that is ``step`` away among those that are numbers.
    """
    known = tuple(_variants(product))
    had = [one for one in known if all(_says(part, bought) for part in one.parts)]
    if len(had) != 1 or len({len(one.parts) for one in known}) != 1:
        return None
    own = had[0].parts
    named = {(at, part) for group in _groups(known, wanted_of(text)) for at, part in group.items() if own[at] != part}
    last = len(own) - 1
    if not named and step:
        named = {(last, size) for size in (_stepped(known, own, step),) if size is not None}
    changed = dict(named)
    if not named or len(changed) != len(named):
        return None
    wanted = tuple(changed.get(at, part) for at, part in enumerate(own))
    found = next((one for one in known if one.parts == wanted), None)
    if found is None:
        return None
    return (own[last], wanted[last], found.stock) if set(changed) == {last} else (had[0].name, found.name, found.stock)


def _stepped(known: Sequence[Variant], own: tuple[str, ...], step: int) -> str | None:
    """The size ``step`` away from that of ``own`` in what is made, where sizes are numbers; letters are not stepped."""
    made = {one.parts[-1]: number_of(one.parts[-1]) for one in known if one.parts[:-1] == own[:-1]}
    numbers = sorted(number for number in made.values() if number is not None)
    had = made[own[-1]]
    if had is None or len(numbers) != len(made):
        return None
    at = numbers.index(had) + step
    return next(size for size, number in made.items() if number == numbers[at]) if 0 <= at < len(numbers) else None


def _groups(known: Sequence[Variant], text: str) -> list[dict[int, str]]:
    """What ``text`` says of the variants, one after the other: a new one begins where a part is said once more."""
    telling = [at for at in range(len(known[0].parts)) if len({one.parts[at] for one in known}) > 1]
    said = [
        (*span, at, part)
        for at in telling
        for part in {one.parts[at]: None for one in known}
        for span in _spans(part, text)
    ]
    # 绿 stands in 深绿, which is another colour.
    own = [one for one in said if not any(other[0] <= one[0] and one[1] <= other[1] and other != one for other in said)]
    groups: list[dict[int, str]] = []
    for _, _, at, part in sorted(own):
        if not groups or at in groups[-1]:
            groups.append({})
        groups[-1][at] = part
    return groups


def _completed(groups: list[dict[int, str]]) -> list[dict[int, str]]:
    """``groups``, each with what it leaves out from the one before it, else from the next that says it."""
    every = {at for group in groups for at in group}
    if groups and set(groups[0]) != every and set(groups[-1]) != every:
        # 黑色和灰色的M和L: the first has no size and the last no colour, so each colour is meant in each size.
        parts = {at: list(dict.fromkeys(group[at] for group in groups if at in group)) for at in sorted(every)}
        return [dict(zip(parts, one, strict=True)) for one in product_of(*parts.values())]
    full: list[dict[int, str]] = []
    for number, group in enumerate(groups):
        whole = dict(group)
        for at in every - set(group):
            before = next((one[at] for one in reversed(full) if at in one), None)
            whole[at] = before or next(one[at] for one in groups[number:] if at in one)
        full.append(whole)
    return full


def variant_of(product: Product | None, sku: str) -> Variant | None:
    """The variant that an order's line states ("棕色/37"), its parts in any order; None where none is just that."""
    own = {part.casefold() for part in _APART.split(sku.strip()) if part}
    found = [one for one in _variants(product) if {part.casefold() for part in one.parts} == own]
    return found[0] if own and len(found) == 1 else None


def stock_in_size(product: Product | None, sku: str, had: str, size: str) -> int | None:
    """How many there are of what a line states ("军绿 / L") in another ``size``; None where nobody counts it."""
    bought = variant_of(product, sku)
    if bought is None:
        return None
    wanted = tuple(size if part.casefold() == had.casefold() else part for part in bought.parts)
    if wanted == bought.parts:
        return None
    return next((one.stock for one in _variants(product) if one.parts == wanted), None)


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
    return next(_spans(part, text), None) is not None


def _spans(part: str, text: str) -> Iterator[tuple[int, int]]:
    """Where ``text`` says ``part``, the way a colour or a size is said."""
    numbered = _NUMBERED.fullmatch(part)
    if numbered is not None and numbered["number"] != part:
        # "A 7" is the UK 7, "my 6s are tight" the UK 6.
        number = re.escape(numbered["number"])
        flags, pattern = (
            re.IGNORECASE,
            rf"(?<![A-Za-z0-9.]){re.escape(part)}(?![A-Za-z0-9.])|(?<![A-Za-z0-9.$£€¥]){number}(?:s(?!\w)|[码号]|{_NO_SIZE})",
        )
    elif not _HAN.search(part):
        # "s" and "m" alone are everyday letters; a longer name may be written in any case.
        flags = 0 if len(part) == 1 else re.IGNORECASE
        pattern = rf"(?<![A-Za-z0-9.]){re.escape(part)}(?![A-Za-z0-9.'’])"
    else:
        flags, bare = 0, part.removesuffix("色")
        short = rf"|{re.escape(bare)}(?=的|款|[码号]|\s*[A-Z0-9])" if bare != part else ""
        pattern = re.escape(part) + short
    yield from (match.span() for match in re.finditer(pattern, text, flags))


def _within(one: Variant, other: Variant, telling: Sequence[int]) -> bool:
    """Whether what tells ``one`` apart only stands inside of what tells ``other`` apart."""
    own, others = ([variant.parts[at].removesuffix("色") for at in telling] for variant in (one, other))
    return own != others and all(mine in theirs for mine, theirs in zip(own, others, strict=True))
