"""Sizes: which one to take for a body, which one instead of one that does not fit.

Owns the arithmetic on a product's ``<measure>_<unit>_by_size`` tables; refuses to guess a size that no table holds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from copilot.domain.order import Item, Product
from copilot.playbook.size_tables import WEIGHTS, Table, number_of, tables
from copilot.playbook.variants import named_variant, named_variants, near, other_variant, stock_in_size, wanted_of
from copilot.playbook.words import Measured, Words

# What a bare number cannot be in a language: nobody gives pounds in Chinese, or 斤 in English.
_FOREIGN = {True: frozenset({"lb"}), False: frozenset({"jin", "chi"})}
_BEGINS = re.compile(r"\d+(?:\.\d+)?(?=[^\d.])")
"""The number that a size begins with: 1.8m床, 27寸."""
_HAN = re.compile(r"[\u3400-\u9fff]")
# "m码" and "a medium" are the size M, a lone "m" is not.
_SPOKEN = re.compile(
    r"(?<![a-z])(?:[sml](?=\s*[码号])|(?<=size )[sml](?![a-z])|small|medium|large)(?![a-z])", re.IGNORECASE
)
# "黑色m", "sage in m or l": a letter that can only be a size where several are asked after.
_LONE_LETTER = re.compile(
    r"(?<=[色的款和])[sml](?![a-z])|(?:(?<=\bin )|(?<=\bthe )|(?<=\bor )|(?<=\ban ))[sml](?![a-z'’])"
    r"|(?<![\w'’])[sml](?=\s*(?:or|/)\s*(?:x{0,3}[sml])(?![\w'’]))"
)
_SAID_AS = {"small": "S", "medium": "M", "large": "L"}
_OF_BODIES = frozenset({"height", "weight", "foot", "foot_length"})
"""Measures of bodies: such a table says for whom a size is made, the others what the goods measure."""
_SAME_MEASURE = {"bust": "chest"}
"""What a shop may call a measure otherwise: the words of both are the same."""
_SIZES = ("sizes", "size", "尺码")
_COLOURS = ("colors", "colours", "color", "colour", "颜色")
_LISTED = re.compile(r"\s*[,、/，;]\s*")
_COLOUR = re.compile(
    r"[黑白红蓝绿灰粉紫黄棕橙金银](?=色|的)|[米咖杏卡][其啡]?色"
    r"|\bin (?:the )?(?:black|white|red|blue|navy|green|sage|gr[ae]y|pink|purple|yellow|brown|orange|beige|cream)\b",
    re.IGNORECASE,
)
# "能换S吗", "L码换给我", "swap it for a medium": the size that is wanted, whatever was bought.
_WANTED = (
    re.compile(r"(?:换|改|要)(?:成|个|一[件条双个]|给我)?\s*(?P<size>[A-Za-z0-9./]{1,6})\s*[码号]?"),
    re.compile(r"(?<![A-Za-z0-9.])(?P<size>[A-Za-z0-9./]{1,6})\s*[码号]?(?:的)?(?:可以|能|给我)?换"),
    re.compile(
        r"\b(?:exchang\w*|swap\w*|chang\w+|switch\w*|get|send|want|need)\b[^.?!\d]{0,24}?"
        r"\b(?:for|to|into|in|me|a|an|the|size)\s+(?:an? |the |size )*(?P<size>[A-Za-z0-9.]{1,6})\b",
        re.IGNORECASE,
    ),
)


@dataclass(frozen=True)
class Fit:
    """What can be said about a size.

    ``measured`` says whether the buyer gave a number a table can use; ``fits`` is None without one. ``size`` is the
    one to take (or, when none fits, the nearest made), ``had`` the one bought. ``stock`` is of ``size``, None when
    unknown. ``variant`` says that a size or a colour was named whose own stock nobody states. ``shown`` is the range
    that ``size`` is made for, ``looser`` the size above it; ``colours`` are all that the goods come in, where another
    one was asked for; ``label`` is the variant where more than a size tells it (green, S), ``nearby`` what is there of
    what is most like one that is gone; ``chart`` is what the table states of the sizes that the buyer weighs;
    ``several`` are those asked after at once, each with how many there are.
    """

    measure: str | None = None
    unit: str | None = None
    measured: bool = False
    fits: bool | None = None
    size: str | None = None
    value: float | None = None
    buyer_value: float | None = None
    had: str | None = None
    value_had: float | None = None
    direction: str | None = None
    stock: int | None = None
    has_table: bool = False
    variant: bool = False
    shown: str | None = None
    looser: str | None = None
    colours: str | None = None
    label: str | None = None
    nearby: tuple[str, ...] = ()
    chart: tuple[tuple[str, str], ...] = ()
    several: tuple[tuple[str, int], ...] = ()


def recommend(product: Product | None, text: str, words: Words) -> Fit:
    """The size for the body that ``text`` describes: large enough in every measure that is known."""
    known = tables(product)
    if not known:
        return Fit()
    given = _given(known, text, words)
    if not given:
        return Fit(measure=known[0].measure, unit=known[0].unit, has_table=True, chart=_weighed(known[0], text))
    # The measure that asks for the largest size decides; of equal ones the first of the product's tables.
    table, value = max(given, key=lambda pair: pair[0].place(pair[1]) / len(pair[0].sizes))
    fits = table.place(value) < len(table.sizes)
    place, above = _chosen(table, table.place(value), text, words)
    size, number = table.sizes[min(place, len(table.sizes) - 1)]
    return Fit(
        measure=table.measure,
        unit=table.unit,
        measured=True,
        fits=fits,
        size=size,
        value=number,
        buyer_value=round(value, 1),
        stock=stock_of(product, size),
        has_table=True,
        shown=table.ranges.get(size),
        looser=above,
    )


def _chosen(table: Table, place: int, text: str, words: Words) -> tuple[int, str | None]:
    """The place to take and the size for more room, where that is wished or weighed ("L or XL?").

    Who weighs sizes that all leave room is told between those; a table of bodies tells which one is meant for theirs.
    """
    names = [size for size, _ in table.sizes]
    weighed = [at for at in (names.index(size) for size, _ in _weighed(table, text)) if at >= place]
    wishes_room = words.says("likes_room", text)
    if weighed and table.measure not in _OF_BODIES and (len(weighed) > 1 or wishes_room):
        place = weighed[0]
    larger = [at for at in weighed if at > place] or ([place + 1] if wishes_room and place + 1 < len(names) else [])
    return place, names[larger[0]] if larger else None


def _weighed(table: Table, text: str) -> tuple[tuple[str, str], ...]:
    """What the table states of the sizes that ``text`` names ("L or XL?"), from small to large."""
    # A size that is a number itself ("28") would be read out as two numbers.
    named = _sizes_in(_as_letters(text), [size for size, _ in table.sizes if not size[:1].isdigit()])
    return tuple((size, table.ranges.get(size) or f"{number:g}") for size, number in table.sizes if size in named)


def _given(known: tuple[Table, ...], text: str, words: Words) -> list[tuple[Table, float]]:
    named, foreign = words.measured(text), _FOREIGN[_HAN.search(text) is not None]
    # "胯有点宽 118斤" weighs nobody's hips: what has a unit of weight is one, whatever stands before it.
    named = {name: one for name, one in named.items() if one.unit is None or (one.unit in WEIGHTS) == _weighs(name)}
    weights = {given for given in words.numbers(text) if given.unit in WEIGHTS}
    if len(weights) == 1 and any(_weighs(table.measure) for table in known):
        named = dict.fromkeys(("weight",), *weights) | named
    named = {**named, **{same: named[name] for name, same in _SAME_MEASURE.items() if name in named}}
    found = [
        (table, value)
        for table in known
        if table.measure in named and (value := table.reading(named[table.measure], foreign))
    ]
    if found or named:
        return found
    numbers = tuple(dict.fromkeys(words.numbers(text)))
    with_unit = tuple(given for given in numbers if given.unit)
    if not any(table.reading(given, foreign) for table in known for given in with_unit):
        # 娃138 70斤: no table is by weight, so the number beside it counts.
        bare = tuple(given for given in numbers if not given.unit)
        numbers, with_unit = _without_sizes(bare, known), ()
    # One bare number answers our question when only one table could hold it; numbers with units each name their own.
    asked = with_unit or numbers
    readings = [(table, value) for table in known for given in asked if (value := table.reading(given, foreign))]
    distinct = len({table.measure for table, _ in readings}) == len(readings) == len(asked)
    return readings if distinct and (with_unit or len(numbers) == 1) else []


def _without_sizes(numbers: tuple[Measured, ...], known: tuple[Table, ...]) -> tuple[Measured, ...]:
    """``numbers`` without those that are sizes themselves ("is there a 140? he's 138"), where others are left."""
    sizes = {size for table in known for size, _ in table.sizes}
    return tuple(given for given in numbers if f"{given.value:g}" not in sizes) or numbers


def _weighs(measure: str) -> bool:
    return measure == "weight"


def replace(product: Product | None, item: Item | None, text: str, words: Words) -> Fit:
    """The size instead of the one bought: the one the buyer names, else one step in the direction they complain of."""
    known = tables(product)
    direction = _direction(text, words)
    if not known:
        return _replace_by_stock(product, item, text, direction)
    named = words.measures_named(text)
    table = next((one for one in known if one.measure in named), known[0])
    sizes = [name for name, _ in table.sizes]
    had = _size_in(item.sku or "", sizes) if item else None
    mentioned = _sizes_in(text, sizes)
    asked = _asked_for(text, sizes)
    had = had or (mentioned[0] if len(mentioned) == 1 and direction and asked is None else None)
    if had is None:
        return Fit(measure=table.measure, unit=table.unit, direction=direction, has_table=True)
    wanted = [size for size in ([asked] if asked else mentioned) if size != had]
    step = {"tight": 1, "loose": -1}.get(direction or "", 0)
    place = sizes.index(wanted[0]) if len(wanted) == 1 else sizes.index(had) + step
    fits = 0 <= place < len(sizes) and sizes[place] != had
    size = sizes[place] if fits else None
    return Fit(
        measure=table.measure,
        unit=table.unit,
        fits=fits if step or wanted else None,
        size=size,
        value=table.number(size) if size else None,
        had=had,
        value_had=table.number(had),
        direction=direction,
        stock=_stock_instead(product, item, had, size) if size else None,
        has_table=True,
    )


def _stock_instead(product: Product | None, item: Item | None, had: str, size: str) -> int | None:
    """How many of ``size`` are there, of the colour that was bought where each is counted."""
    counted = stock_of(product, size)
    return stock_in_size(product, item.sku or "", had, size) if counted is None and item is not None else counted


def _replace_by_stock(product: Product | None, item: Item | None, text: str, direction: str | None) -> Fit:
    """Without a table of measures: the size that the buyer asks for, where the product states how many of it are there.

    Which size is a step larger is not read off their names.
    """
    step = {"tight": 1, "loose": -1}.get(direction or "", 0)
    other = other_variant(product, item.sku or "", _as_letters(text), step) if item else None
    if other is not None:
        had, size, stock = other
        return Fit(direction=direction, had=had, size=size, fits=True, stock=stock)
    by_size = product.attributes.get("stock_by_size") if product else None
    sizes = [str(size) for size in by_size] if isinstance(by_size, Mapping) else []
    had = _size_in(item.sku or "", sizes) if item else None
    mentioned = [size for size in _sizes_in(_as_letters(text), sizes) if size != had]
    # "The M is too big" names what was bought.
    asked = _asked_for(text, sizes) or (mentioned[0] if had and len(mentioned) == 1 else None)
    if asked is None or asked == had:
        return Fit(direction=direction, had=had)
    return Fit(direction=direction, had=had, size=asked, fits=True, stock=stock_of(product, asked))


def _asked_for(text: str, sizes: list[str]) -> str | None:
    """The size that ``text`` wants in exchange; None where it names none or several."""
    said = _as_letters(text)
    names = {match["size"].lower() for one in _WANTED for match in one.finditer(said)}
    found = [size for size in sizes if size.lower() in names]
    return found[0] if len(found) == 1 else None


def _as_letters(text: str) -> str:
    """``text`` with spoken sizes as letters: "a medium" is M."""
    return _SPOKEN.sub(lambda match: _SAID_AS.get(match[0].lower(), match[0].upper()), text)


def named(product: Product | None, text: str, now: str = "") -> Fit:
    """The one size or variant that ``text`` names, with its own stock; nothing when it names none or several.

    What the turn ``now`` names goes before what was said until then.
    """
    by_size = product.attributes.get("stock_by_size") if product else None
    sizes = [str(size) for size in by_size] if isinstance(by_size, Mapping) else []
    spoken = _as_letters(text)
    several = _several(product, sizes, now)
    if several:
        return Fit(several=several)
    whole = named_variant(product, _as_letters(now)) or named_variant(product, spoken)
    if whole is not None:
        others = () if whole.stock > 0 else near(product, whole)
        return Fit(size=whole.name, stock=whole.stock, label=whole.name, nearby=others)
    mentioned = _sizes_in(spoken, sizes) or _by_number(spoken, sizes)
    others = _sizes_in(spoken, _listed(product, _SIZES))
    variant = _names_colour(product, text) or (not mentioned and bool(others))
    if len(mentioned) != 1:
        return Fit(variant=variant, colours=_other_colours(product, text))
    stock = stock_of(product, mentioned[0])
    return Fit(size=mentioned[0], stock=stock, variant=variant, nearby=_next_to(product, mentioned[0], sizes, stock))


def _several(product: Product | None, sizes: list[str], now: str) -> tuple[tuple[str, int], ...]:
    """What the turn ``now`` asks after at once, each with how many there are: variants, else sizes."""
    said = _as_letters(_LONE_LETTER.sub(lambda match: match[0].upper(), now))
    variants = named_variants(product, said)
    if variants:
        return tuple((one.name, one.stock) for one in variants)
    counted = [(size, stock_of(product, size)) for size in _sizes_in(wanted_of(said), sizes)]
    known = tuple((size, stock) for size, stock in counted if stock is not None)
    # A colour whose stock by size nobody states leaves it open whether that one is there.
    return known if 1 < len(known) == len(counted) and not _names_colour(product, now) else ()


def _next_to(product: Product | None, size: str, sizes: list[str], stock: int | None) -> tuple[str, ...]:
    """The sizes beside one that is gone, as far as they are there."""
    if stock is None or stock > 0:
        return ()
    at = sizes.index(size)
    beside = (*sizes[max(0, at - 1) : at], *sizes[at + 1 : at + 2])
    return tuple(one for one in beside if (stock_of(product, one) or 0) > 0)


def _names_colour(product: Product | None, text: str) -> bool:
    """Whether ``text`` names one of several colours; the only one there is needs no stock of its own."""
    by_colour = product.attributes.get("stock_by_color") if product else None
    counted = [str(one) for one in by_colour] if isinstance(by_colour, Mapping) else []
    colours = _listed(product, _COLOURS) or counted
    if product is None or len(colours) == 1:
        return False
    said = _COLOUR.search(text)
    unlisted = said is not None and said[0].lower().removeprefix("in ") not in product.name.lower()
    return unlisted or any(colour.lower() in text.lower() for colour in colours)


def _other_colours(product: Product | None, text: str) -> str | None:
    """All colours that the goods come in, where ``text`` asks for one that is none of them."""
    colours = _listed(product, _COLOURS)
    said = [match[0].lower().removeprefix("in ").removeprefix("the ").rstrip("色") for match in _COLOUR.finditer(text)]
    if not said or not colours or any(one in colour.lower() for one in said for colour in colours):
        return None
    if _HAN.search(colours[0]) or len(colours) == 1:
        return "、".join(colours)
    return f"{', '.join(colours[:-1])} and {colours[-1]}"


def _listed(product: Product | None, keys: tuple[str, ...]) -> list[str]:
    """What one of the ``keys`` lists, as a list or in words ("黑色、白色")."""
    value = next((product.attributes[key] for key in keys if key in product.attributes), None) if product else None
    listed = _LISTED.split(value) if isinstance(value, str) else value if isinstance(value, list) else []
    return [str(one).strip() for one in listed if str(one).strip()]


def _direction(text: str, words: Words) -> str | None:
    said = [name for name in ("tight", "loose") if words.says(name, text)]
    return said[0] if len(said) == 1 else None


def _size_in(sku: str, sizes: list[str]) -> str | None:
    found = _sizes_in(sku, sizes)
    return found[0] if len(found) == 1 else None


def _sizes_in(text: str, sizes: list[str]) -> list[str]:
    """The sizes that ``text`` names as words of their own."""
    return [
        size
        for size in sizes
        if re.search(rf"(?<![A-Za-z0-9.]){re.escape(size)}(?![A-Za-z0-9.'’])", text, _flags(size))
    ]


def _by_number(text: str, sizes: list[str]) -> list[str]:
    """The size that ``text`` names by its number alone: 1.8的 is 1.8m床, where no other size begins so."""
    numbers = {size: match[0] for size in sizes if (match := _BEGINS.match(size)) is not None}
    return [
        size
        for size, number in numbers.items()
        if list(numbers.values()).count(number) == 1
        and re.search(rf"(?<![\d.]){re.escape(number)}(?=的|米|m\b|\s*$)", text)
    ]


def _flags(size: str) -> int:
    # "s" and "m" alone are everyday letters; a longer name may be written in any case.
    return 0 if len(size) == 1 else re.IGNORECASE


def stock_of(product: Product | None, size: str) -> int | None:
    """How many of ``size`` are there, when the product says so by size."""
    by_size: JsonValue = product.attributes.get("stock_by_size") if product else None
    if not isinstance(by_size, Mapping):
        return None
    value = number_of(next((count for name, count in by_size.items() if str(name).lower() == size.lower()), None))
    return int(value) if value is not None and value.is_integer() else None
