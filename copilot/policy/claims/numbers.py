"""Numbers as people write them, in figures and words, in Chinese and English. Reads nothing but the number."""

import re
from decimal import Decimal, InvalidOperation

_DIGITS = {
    "零": 0,
    "\u3007": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = {
    word: 10 * at for at, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_ENGLISH = {word: value for value, word in enumerate(_SMALL)} | _TENS | {"a": 1, "an": 1}
_SCALES = {"k": 1000, "w": 10000, "万": 10000, "千": 1000, "百": 100}
CHINESE = "[零\u3007一二两三四五六七八九十百千万半]"
"""A character of a Chinese number, for expressions."""
TENS = (
    "(?:[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]百(?:零?[一二三四五六七八九](?:十[一二三四五六七八九]?)?)?)"
    "(?![零一二两三四五六七八九十百千万几多来余分足])"
)
"""A Chinese number from ten on that can be an amount where no unit follows, for expressions."""
_TEEN = "|".join(sorted((word for word in _ENGLISH if word not in {"a", "an"}), key=len, reverse=True))
ENGLISH = rf"(?<![a-z])(?:(?:{'|'.join(_TENS)})[- ](?:{'|'.join(_SMALL[1:10])})|{_TEEN}|(?:a|one) hundred)(?![a-z])"
"""A small English number in words, for expressions."""
STARTS = r"[\d零\u3007一二两三四五六七八九十百千万半]|(?<![a-z])[aefhnostz]"
"""What a number begins with, in figures or in words of either language."""
FIGURES = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
"""A number in figures, with or without thousands separators, for expressions."""
_SCALED = re.compile(r"(\d+(?:\.\d+)?)\s?([kw万千百])")
# 两三 and 三五 are "two or three" and "three to five"; 三九 or 五三 are read digit by digit.
_EITHER = frozenset(
    {"三五", *(f"{a}{b}" for a, b in zip("一二三四五六七八", "二三四五六七八九", strict=True)), "一两", "两三"}
)


def number(text: str) -> Decimal | None:
    """The value of ``text``: figures ("1,299", "1.5k"), a Chinese number (两百五 is 250), or English number words."""
    text = text.strip().lower()
    if text in _ENGLISH:
        return Decimal(_ENGLISH[text])
    if text == "半":
        return Decimal("0.5")
    if text and all(character in _DIGITS or character in _UNITS for character in text):
        return _chinese(text)
    if scaled := _SCALED.fullmatch(text):
        return Decimal(scaled[1]) * _SCALES[scaled[2]]
    if text and text[0].isalpha():
        return _words(text)
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def either(text: str) -> tuple[Decimal, Decimal] | None:
    """Both numbers of "two or three" in Chinese (两三, 三五, 七八, 十二三); null when ``text`` is one number."""
    head, pair = text[:-2], text[-2:]
    if pair not in _EITHER or (head and head[-1] not in _UNITS):
        return None
    low, high = number(f"{head}{pair[0]}"), number(f"{head}{pair[1]}")
    return (low, high) if low is not None and high is not None else None


def _words(text: str) -> Decimal | None:
    parts = re.split(r"[- ]", text)
    if parts[-1] == "hundred" and len(parts) == 2:
        return Decimal(100) * _ENGLISH.get(parts[0], 1)
    if len(parts) == 2 and parts[0] in _TENS and parts[1] in _ENGLISH:
        return Decimal(_TENS[parts[0]] + _ENGLISH[parts[1]])
    return None


def _chinese(text: str) -> Decimal:
    if not any(character in _UNITS for character in text):
        return Decimal("".join(str(_DIGITS[character]) for character in text))
    myriads, total, current, last = 0, 0, 0, 1
    for at, character in enumerate(text):
        if character == "万":
            myriads, total, current, last = (total + current or 1) * 10000, 0, 0, 10000
        elif character in _UNITS:
            last = _UNITS[character]
            total += (current or 1) * last
            current = 0
        else:
            current = _DIGITS[character]
            if at == len(text) - 1 and last >= 100 and text[at - 1] in _UNITS:
                # 一百二 is a hundred and twenty; 一百零二 says its zero.
                current *= last // 10
    return Decimal(myriads + total + current)


def plain(value: Decimal) -> int | float:
    """``value`` as a JSON number, whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)
