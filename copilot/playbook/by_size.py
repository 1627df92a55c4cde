"""What a table by size states of the one size that the buyer names: the quilt cover of a 1.5 m bed, a queen's depth.

Owns the meeting of a size's name with the buyer's words ("1.5m×2m", 一米五的床, "for a queen"); refuses to tell a row
that nobody named, and tables of bodies, which are reckoned with (``size_tables``).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pydantic import JsonValue

from copilot.domain.order import Product
from copilot.playbook.by_use import for_use
from copilot.playbook.size_tables import sized_by_measures, tables

_TABLE: Final = re.compile(r"^(?P<what>.+?)(?:_(?P<unit>cm|mm|m|in|ft|kg|jin|g|lb|oz|ml|l|w))?(?P<by>_by_[a-z]+)?$")
_SIZE_OF: Final = re.compile(r"(?<=[a-z])_(?:size|dimensions?|range)$|^(?:recommended|suitable|body|suggested)_")
"""What a name may add to what its table is about: duvet_cover_size."""
_OF_GOODS: Final = frozenset({"weight", "height"})
"""Of goods whose sizes are called by their measures this is theirs, and nobody's body."""
_BED: Final = re.compile(
    r"[一二两\d](?:[.米]\d{1,2})?\s*(?:米|m)?\s*的?(?:大|小)?床|\b[\d.]+ ?(?:m|ft|cm)? (?:wide )?bed\b", re.IGNORECASE
)
_ALSO: Final[Mapping[str, tuple[str, ...]]] = {"weight": ("多重", "几斤", "多少斤", "how heavy", "weigh")}
"""How else a table is asked after than by its name."""
_NO_TABLE: Final = frozenset(
    "stock price waist hip bust chest shoulder thigh foot_length height weight max_height max_weight".split()
)
"""What is counted, or measured on a body: with that a size is reckoned (``size_tables``)."""
_METRES: Final = re.compile(
    r"(?<![\d.])(?P<whole>[1-3]|[一二两三])\s*(?:米|m(?![a-z]))\s*(?P<part>[1-9]|[一二三四五六七八九])(?![\d.]|\s*[米个件套])"
    r"|(?<![\d.])(?P<plain>\d(?:\.\d{1,2})?)\s*(?:米|m(?![a-z]))|(?P<han>[一二两三])米(?!\d)"
    r"|(?<![\d.])(?P<cm>\d{2,3})\s*(?:cm|厘米|公分)"
    r"|(?<![\d.])(?P<bare>\d\.\d{1,2}|\d{2,3})(?=\s*[x×*]|\s*(?:的|床|号|码)|\s*\Z)"
    r"|(?<=[x×*])\s*(?P<by>\d(?:\.\d{1,2})?|\d{2,3})(?![\d.])",
    re.IGNORECASE,
)
_DIGITS: Final = {sign: at for at, sign in enumerate("零一二三四五六七八九")} | {"两": 2}
ASKS: Final = re.compile(
    r"多大|[拍选买配要用](?:哪|几|什么|啥)[个款种号码]?|尺寸|多长|多宽|多高|多厚|多深|多重|大小|规格|几乘几|多少(?:厘米|公分|cm|米)"
    r"|\b(?:how (?:big|large|long|wide|tall|deep|thick|heavy)|dimensions?|measurements?|measures?"
    r"|(?:what|which) (?:size|one)|sizing|inches|exact size|size (?:of|for|is|are)|sizes? of)\b|\bsize\W*\Z"
    # "Is the cover 68x90?"
    r"|\d{2,3}\s*[x×*]\s*\d{2,3}",
    re.IGNORECASE,
)
"""Words that ask for measures."""
_NAMES_AND_ASKS: Final = re.compile(r"多少|\bwhat(?:'?s| is| are)\b", re.IGNORECASE)
"""Asks for the measure of a table that is named."""
_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "quilt_cover": ("被套", "duvet cover"), "duvet_cover": ("被套", "duvet cover"), "duvet": ("被套", "duvet cover"),
    "sheet": ("床单", "sheet"), "flat_sheet": ("床单", "flat sheet"), "bed_sheet": ("床单", "sheet"),
    "fitted_sheet": ("床笠", "fitted sheet"), "pillowcase": ("枕套", "pillowcase"),
    "pillow_case": ("枕套", "pillowcase"),
    "pillow": ("枕头", "pillow"), "quilt": ("被子", "quilt"), "blanket": ("毯子", "blanket"), "rug": ("地毯", "rug"),
    "curtain": ("窗帘", "curtain"), "tablecloth": ("桌布", "tablecloth"), "mattress": ("床垫", "mattress"),
    "depth": ("深度", "depth"), "length": ("长度", "length"), "width": ("宽度", "width"), "height": ("高度", "height"),
    "weight": ("重量", "weight"), "capacity": ("容量", "capacity"), "size": ("尺寸", "size"),
    "inseam": ("内长", "inseam"), "waist": ("腰围", "waist"), "hip": ("臀围", "hips"), "bust": ("胸围", "bust"),
    "chest": ("胸围", "chest"), "shoulder": ("肩宽", "shoulders"), "sleeve": ("袖长", "sleeve length"),
    "dimensions": ("尺寸", "size"), "diameter": ("直径", "diameter"), "thickness": ("厚度", "thickness"),
}  # fmt: skip
"""What a table is about, by the name that shops give its attribute."""
_MOST_SIZES: Final = 4
"""Of more sizes a person is asked which one."""
_PAIR: Final = re.compile(r"\s*[x×*]\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """One cell: the attribute ``key``, what it is called with its size, and its value with the unit."""

    key: str
    title: str
    value: str
    at: tuple[int, int] | None = None
    """Where the text names its table ("what's the inseam on the 8"); None where it only asks for measures."""


def of_size(text: str, product: Product | None, language: str) -> tuple[Row, ...]:
    """What the tables of ``product`` state of the one size that ``text`` names and asks the measures of.

    Of several tables those that are named, else all of them; of one that is named without a size, all of its few sizes.
    """
    zh = language.startswith("zh")
    uses = for_use(text, product)
    known = [one for one in _tables(product) if all(one[2] != key for key, _, _ in uses)]
    wanted = [one for one in known if _named_at(one[0], text) is not None]
    if not known or not (ASKS.search(text) or (wanted and _NAMES_AND_ASKS.search(text))):
        return tuple(_uses(uses, zh=zh))
    rows = list(_uses(uses, zh=zh))
    if uses and not wanted:
        # Which of them it is was asked, and nothing of its measures.
        return tuple(rows)
    meant = uses[0][1] if len(uses) == 1 else None
    for what, unit, key, table in wanted or known:
        # How wide a bed is picks no quilt by its own width.
        size = _named_size(_BED.sub(" ", text) if what in _OF_GOODS else text, [str(one) for one in table]) or meant
        cell = None if size is None else next((value for name, value in table.items() if str(name) == size), None)
        if size is None or isinstance(cell, bool) or not isinstance(cell, str | int | float) or cell == "":
            continue
        name = _NAMES.get(what, ("", what.replace("_", " ")))[0 if zh else 1]
        title = f"{size}的{name or '尺寸'}" if zh else f"{size} {name}"
        rows.append(Row(key, title, with_unit(str(cell).strip(), unit, zh=zh), at=_named_at(what, text)))
    if not any(row.at is not None for row in rows) and len(wanted) == 1 and not _is_reckoned(wanted[0][0], product):
        return (*rows, *_whole(*wanted[0], zh=zh))
    return tuple(rows)


def _uses(uses: tuple[tuple[str, str, str], ...], *, zh: bool) -> Iterator[Row]:
    """The size that is stated to be for what was named: 适合1.5m床的 200×230."""
    if uses:
        sizes = [with_unit(size, "", zh=zh) for _, size, _ in uses]
        stated = list(dict.fromkeys(cell for _, _, cell in uses))
        told = ("、" if zh else " or ").join(sizes)
        title = f"适合{'、'.join(stated)}的" if zh else f"size for {' or '.join(stated)}"
        yield Row(uses[0][0], title, told)


def _is_reckoned(what: str, product: Product | None) -> bool:
    """Whether "what size" asks which one to take, and a table says for what body each of them is."""
    return what == "size" and bool(tables(product))


def _whole(what: str, unit: str, key: str, table: Mapping[str, JsonValue], *, zh: bool) -> tuple[Row, ...]:
    """The one table that was asked after, where no size of it was named and it is short enough to be read."""
    cells = {
        str(size): with_unit(str(cell).strip(), unit, zh=zh)
        for size, cell in table.items()
        if isinstance(cell, str | int | float) and not isinstance(cell, bool)
    }
    if not cells or len(cells) > _MOST_SIZES:
        return ()
    name = _NAMES.get(what, ("", what.replace("_", " ")))[0 if zh else 1] or "尺寸"
    told = ("、" if zh else ", ").join(f"{size} {cell}" for size, cell in cells.items())
    return (Row(key, name, told),)


def _tables(product: Product | None) -> Iterator[tuple[str, str, str, Mapping[str, JsonValue]]]:
    for key, value in (product.attributes if product else {}).items():
        match = _TABLE.match(key)
        what = "" if match is None else _SIZE_OF.sub("", match["what"])
        # Without the ending only a measure is a table by size: {"Throw": "50 x 60", "Queen": "90 x 90"}.
        is_table = match is not None and (match["by"] is not None or what in _NAMES)
        if match is None or not is_table or not isinstance(value, Mapping):
            continue
        if what not in _NO_TABLE or (what in _OF_GOODS and sized_by_measures(value)):
            yield what, match["unit"] or "", key, value


def _named_at(what: str, text: str) -> tuple[int, int] | None:
    """Where ``text`` names the table about ``what``."""
    words = (*_ALSO.get(what, ()), *_NAMES.get(what, ()), what.replace("_", " "), what.partition("_")[0])
    found = ((text.lower().find(word), word) for word in words if len(word) > 1)
    return next(((at, at + len(word)) for at, word in found if at >= 0), None)


def _named_size(text: str, sizes: list[str]) -> str | None:
    """The one of ``sizes`` that ``text`` names, by its measures or by its own name."""
    said = _measures(text)
    by_number = [size for size in sizes if (own := _measures(size)) and said and said[: len(own)] == own[: len(said)]]
    # "Is the cover of the 1.2 one 150x200?" names its size first.
    by_number = by_number or [size for size in sizes if said and _measures(size)[:1] == said[:1]]
    exact = [size for size in by_number if _measures(size) == said]
    named = exact or by_number or [size for size in sizes if _is_word(size, text)]
    longest = [one for one in named if not any(one != other and one.lower() in other.lower() for other in named)]
    return longest[0] if len(longest) == 1 else None


def _is_word(size: str, text: str) -> bool:
    flags = 0 if len(size) == 1 else re.IGNORECASE
    return re.search(rf"(?<![A-Za-z0-9.]){re.escape(size)}(?![A-Za-z0-9.'’])", text, flags) is not None


def _measures(text: str) -> tuple[int, ...]:
    """The measures in ``text`` in whole centimetres, in their order: "1.5m×2m" and 150*200 are the same."""
    return tuple(_centimetres(match) for match in _METRES.finditer(text))


def _centimetres(match: re.Match[str]) -> int:
    if match["whole"] is not None:
        return _digit(match["whole"]) * 100 + _digit(match["part"]) * 10
    if match["han"] is not None:
        return _digit(match["han"]) * 100
    number = float(match["plain"] or match["cm"] or match["bare"] or match["by"])
    return round(number * 100 if match["plain"] is not None or number < 10 else number)


def _digit(sign: str) -> int:
    return int(sign) if sign.isascii() else _DIGITS[sign]


def with_unit(cell: str, unit: str, *, zh: bool) -> str:
    """``cell`` as a person writes it: 120×180厘米 stays, 60-80 gets its unit."""
    plain = _PAIR.sub("×" if zh else " x ", cell)
    unit = "斤" if zh and unit == "jin" else unit
    if not unit or not plain[-1:].isdigit():
        return plain
    return f"{plain}{unit}" if zh else f"{plain} {unit}"
