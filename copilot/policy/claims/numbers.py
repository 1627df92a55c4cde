"""Numbers as people write them, in figures and words, in Chinese and English. Reads nothing but the number."""

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
_UNITS = {"十": 10, "百": 100, "千": 1000}
_ENGLISH = {
    word: value
    for value, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}
CHINESE = "[零\u3007一二两三四五六七八九十百千半]"
"""A character of a Chinese number, for expressions."""
ENGLISH = "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
"""A small English number word, for expressions."""
FIGURES = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
"""A number in figures, with or without thousands separators, for expressions."""


def number(text: str) -> Decimal | None:
    """The value of ``text``: figures, a Chinese number below ten thousand, or a small English number word."""
    text = text.strip().lower()
    if text in _ENGLISH:
        return Decimal(_ENGLISH[text])
    if text == "半":
        return Decimal("0.5")
    if text and all(character in _DIGITS or character in _UNITS for character in text):
        return _chinese(text)
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _chinese(text: str) -> Decimal:
    if not any(character in _UNITS for character in text):
        return Decimal("".join(str(_DIGITS[character]) for character in text))
    total, current = 0, 0
    for character in text:
        if character in _UNITS:
            total += (current or 1) * _UNITS[character]
            current = 0
        else:
            current = _DIGITS[character]
    return Decimal(total + current)


def plain(value: Decimal) -> int | float:
    """``value`` as a JSON number, whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)
