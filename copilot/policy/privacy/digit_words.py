"""The Chinese words for digits, by which numbers that are spelled out are read."""

DIGIT_WORDS = {word: str(value) for value, word in enumerate("零一二三四五六七八九")} | {
    "\u3007": "0", "幺": "1", "两": "2", "壹": "1", "贰": "2", "叁": "3", "肆": "4", "伍": "5", "陆": "6", "柒": "7",
    "捌": "8", "玖": "9",
}  # fmt: skip
