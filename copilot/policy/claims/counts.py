"""Counts of goods, measures and order or tracking numbers in a text."""

import re
from collections.abc import Iterator

from copilot.domain.fact import FactKind
from copilot.policy.claims.found import DIGITS, Found, Look
from copilot.policy.claims.numbers import CHINESE, ENGLISH, FIGURES, number, plain

_MEASURE_WORD = "件|套|双|台|箱|瓶|盒|条|支|个|只|包|把|张|块"
# In figures a count word is enough; in words only behind a word for stock, because 一套 and 两只 are mostly grammar.
_COUNT = Look(
    "件 套 双 台 箱 瓶 盒", r"(?<![\d.第:])(?P<number>\d{1,6})\s?(?:件|套|双|台|箱|瓶|盒)(?!装|式|头)", starts=r"\d"
)
_STOCK = Look(
    "库存 剩 现货 仅余 只有",
    rf"(?:库存(?:还)?(?:有|剩|是|为|余)?|只剩|仅剩|还剩|剩下?|现货(?:有)?|仅余|只有)\s?(?P<number>\d{{1,6}}"
    rf"|{CHINESE}{{1,4}})\s?(?:{_MEASURE_WORD})(?!月|小时|工作日|人|方案|选择|办法|尺码|颜色|问题|原因|好评)",
)
_LAST = Look(
    ("最后", "last "),
    r"最后(?P<number>\d{1,3}|[一二两三四五六七八九十]{1,2})\s?(?:件|套|双|台|箱|瓶|盒|条|支|只|包|把|张|个)(?=了|哦"
    r"|啦|咯|[,。!?\s]|$|库存|现货|已|被|能|可)"
    r"|(?<![a-z])last (?P<one>one|pair|piece|unit|set)(?= (?:in stock|left|available|we have)|[.,!]|$)",
)
_COUNT_EN = Look(
    ("left", "in stock", "available", "remaining", "pieces", "pcs", "items", "units", "pairs", "sets"),
    rf"(?<![\d.$#/-])(?P<number>\d{{1,6}}|{ENGLISH})\s(?:of (?:them|these|those)\s|more\s)?(?:left|in stock|available"
    r"|remaining|pieces|pcs|items|units|pairs|sets)\b",
)
_LIMIT = Look(
    "limit max",
    r"(?<![a-z])(?:limit(?:ed)?|max(?:imum)?)(?: (?:of|to|is))? (?P<number>\d{1,4})(?= (?:per|each|a) )",
)
_MEASURE = Look(
    DIGITS,
    rf"(?<![\d.$¥])(?P<number>{FIGURES})\s?(?P<unit>厘米|毫米|公分|公斤|千克|毫升|英寸|cm|mm|kg|mah|ml|oz|lbs?|inch"
    rf"(?:es)?|ft|"
    r"in(?!\s(?:stock|total|all|one|your|our|the|a\b|case|\d)|[a-z\d])|克|斤|升|米|寸|g|m|l|w|v)"
    r"(?![a-z\u4e00-\u9fff\d])"
    rf"|(?<![\d.$¥])(?P<number2>{FIGURES})\s?(?P<unit2>厘米|毫米|公分|公斤|千克|毫升|英寸|克|斤|米|寸)",
    starts=r"\d",
)
_UNITS = {
    "厘米": "cm",
    "公分": "cm",
    "毫米": "mm",
    "公斤": "kg",
    "千克": "kg",
    "毫升": "ml",
    "英寸": "in",
    "寸": "in",
    "inch": "in",
    "inches": "in",
    "克": "g",
    "升": "l",
    "米": "m",
    "lbs": "lb",
}
_RECORD = re.compile(
    r"(?:订单号?|单号|运单号?|快递号|编号|流水号|order(?:\s(?:number|no\.?|id))?|tracking(?:\s(?:number|no\.?|id))?"
    r"|refund id|case|ticket|#)"
    r"\s?(?:是|为|is|:|#|number)?\s?#?(?P<number>[A-Z]{0,4}\d(?:[A-Z0-9-]*\d){4,30}[A-Z]{0,2})",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"(?<![A-Za-z0-9])(?:1Z[A-Z0-9]{16}|[A-Z]{2,4}\d{8,20}[A-Z]{0,2}|\d{12,24})(?![A-Za-z0-9])")


def quantities(text: str) -> Iterator[Found]:
    """Counts of goods and stock; the last one is one."""
    for pattern in (_STOCK, _COUNT, _COUNT_EN, _LIMIT):
        for match in pattern.over(text):
            value = number(match["number"])
            if value is not None:
                yield Found(FactKind.QUANTITY, match.start("number"), match.end(), plain(value))
    for match in _LAST.over(text):
        value = number(match["number"]) if match["number"] else number("1")
        if value is not None:
            yield Found(FactKind.QUANTITY, match.start(), match.end(), plain(value))


def measures(text: str) -> Iterator[Found]:
    """Measures as text, number and unit apart ("40.5 in")."""
    for match in _MEASURE.over(text):
        figures, unit = match["number"] or match["number2"], (match["unit"] or match["unit2"]).lower()
        value = number(figures)
        if value is not None:
            yield Found(FactKind.ATTRIBUTE, match.start(), match.end(), f"{plain(value)} {_UNITS.get(unit, unit)}")


def records(text: str) -> Iterator[Found]:
    """Order and tracking numbers as written."""
    for match in _RECORD.finditer(text):
        yield Found(FactKind.NUMBER, match.start("number"), match.end("number"), match["number"])
    for match in _TOKEN.finditer(text):
        yield Found(FactKind.NUMBER, match.start(), match.end(), match.group())
