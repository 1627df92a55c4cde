"""Percentages and discounts in a text; a Chinese discount is the percentage taken off (9折 is 10)."""

from collections.abc import Iterator

from copilot.domain.fact import FactKind
from copilot.policy.claims.found import Found, Look
from copilot.policy.claims.numbers import CHINESE, FIGURES, number, plain

_PERCENT = Look(
    ("%", "percent", "per cent"),
    rf"(?<![\d.])(?P<number>{FIGURES})\s?(?:%|percent\b|per cent\b)",
    starts=r"\d",
)
_PERCENT_ZH = Look(
    "百分之",
    rf"百分之(?P<number>{CHINESE}{{1,8}}|\d+(?:\.\d+)?)",
)
_FOLD_OFF = Look(
    "折",
    r"(?<![\d.])(?P<number>\d(?:\.\d)?|[1-9]\d|[一二三四五六七八九]{1,2})\s?折(?![叠扣回返磨断起])",
    starts=r"[\d一二三四五六七八九]",
)
_HALF = Look(
    "半价 对折 买一 half get bogo",
    r"半价|对折|买一[送赠]一|(?<![a-z])(?:half[- ](?:price|off)|buy one,? get one(?: free)?|bogo)(?![a-z])",
)


def percents(text: str) -> Iterator[Found]:
    """Percentages as numbers (10 is 10 %); half price and "buy one get one" are 50."""
    for pattern in (_PERCENT, _PERCENT_ZH):
        for match in pattern.over(text):
            value = number(match["number"])
            if value is not None:
                yield Found(FactKind.PERCENT, match.start(), match.end(), plain(value))
    for match in _FOLD_OFF.over(text):
        value = number(match["number"])
        if value is not None and value > 0:
            kept = value * 10 if value < 10 else value
            yield Found(FactKind.PERCENT, match.start(), match.end(), plain(100 - kept))
    for match in _HALF.over(text):
        yield Found(FactKind.PERCENT, match.start(), match.end(), 50)
