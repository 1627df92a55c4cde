"""Amounts of money, percentages and discounts in a text."""

import re
from collections.abc import Iterator
from decimal import Decimal

from pydantic import JsonValue

from copilot.domain.fact import FactKind
from copilot.policy.claims.found import Found
from copilot.policy.claims.numbers import CHINESE, FIGURES, number, plain

_SIGNS = {
    "¥": "CNY",
    "us$": "USD",
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "rm": "MYR",
    "s$": "SGD",
    "₫": "VND",
    "฿": "THB",
    "rp": "IDR",
}
_WORDS = {
    "元": "CNY",
    "块钱": "CNY",
    "块": "CNY",
    "人民币": "CNY",
    "rmb": "CNY",
    "cny": "CNY",
    "美元": "USD",
    "美金": "USD",
    "刀": "USD",
    "usd": "USD",
    "dollars": "USD",
    "dollar": "USD",
    "bucks": "USD",
    "eur": "EUR",
    "euros": "EUR",
    "gbp": "GBP",
    "pounds": "GBP",
}
_SIGN = r"us\$|s\$|¥|\$|€|£|₫|฿|(?<![a-z])rp\.?\s?(?=\d)|(?<![a-z])rm(?=\s?\d)"
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_SIGNED = re.compile(rf"(?P<sign>{_SIGN})\s?(?P<number>{FIGURES})", re.IGNORECASE)
_NAMED = re.compile(
    rf"(?<![\d.])(?P<number>{FIGURES}"
    rf"|(?<![第几]){CHINESE}{{1,8}})\s?(?P<word>{_WORD})(?![a-z])(?P<tail>[一二三四五六七八九1-9](?![\d\w]))?",
    re.IGNORECASE,
)
# A bare number is money only behind a word that can mean nothing else.
_BARE = re.compile(
    r"(?:降了?|便宜了?|立减|直减|再减|省了?|券后价?|到手价?|原价|现价|售价|折后价?|只要|卖|差价|补差)\s?(?P<number>\d+(?:\.\d{1,2})?)"
    r"(?![\d.]*\s?(?:%|折|件|天|小时|个|套|只|点|号|月|日|分钟|cm|g|元|块))"
)
_BARE_THEN = re.compile(
    r"(?:昨晚|昨天|前天|今天|现在|当时|之前)(?:直播间?)?(?:拍的?|买的?|是|卖|才|就|标价?)?\s?(?P<number>\d{2,5}(?:\.\d{1,2})?)"
    r"(?![\d.]*\s?(?:%|折|件|天|小时|个|套|只|点|时|号|月|日|分|人|单|次|cm|g|元|块|:|-|/))"
)
_FULL_CUT = re.compile(
    r"满\s?(?P<over>\d{2,5})\s?(?:元|块)?\s?(?:立?减|送|返)\s?(?P<off>\d{1,4})(?!\s?(?:元|块|件|\d))"
)
_PERCENT = re.compile(rf"(?<![\d.])(?P<number>{FIGURES})\s?(?:%|percent\b|per cent\b)", re.IGNORECASE)
_PERCENT_ZH = re.compile(rf"百分之(?P<number>{CHINESE}{{1,8}}|\d+(?:\.\d+)?)")
_FOLD_OFF = re.compile(r"(?<![\d.])(?P<number>\d(?:\.\d)?|[1-9]\d|[一二三四五六七八九]{1,2})\s?折(?![叠扣回返磨])")
_HALF = re.compile(r"半价|(?<![a-z])half[- ]price(?![a-z])", re.IGNORECASE)


def amounts(text: str, currency: str) -> Iterator[Found]:
    """Amounts of money; a bare number behind a price word counts in ``currency``."""
    for match in _SIGNED.finditer(text):
        sign = match["sign"].strip(" .").lower()
        yield from _money(match, match["number"], _SIGNS.get(sign, currency))
    for match in _NAMED.finditer(text):
        tail = match["tail"]
        value = number(match["number"])
        if value is None or (match["word"] in {"块", "刀"} and _is_piece(text, match)):
            continue
        if tail and match["word"] == "块":
            value += (number(tail) or Decimal(0)) / 10
        end = match.end() if tail and match["word"] == "块" else match.end("word")
        yield Found(FactKind.AMOUNT, match.start(), end, _value(value, _WORDS[match["word"].lower()]))
    for pattern in (_BARE, _BARE_THEN):
        for match in pattern.finditer(text):
            yield from _money(match, match["number"], currency, match.span("number"))
    for match in _FULL_CUT.finditer(text):
        for group in ("over", "off"):
            yield from _money(match, match[group], currency, match.span(group))


def _is_piece(text: str, match: re.Match[str]) -> bool:
    """一块 is a piece or "together" far more often than a yuan; 两块蛋糕 are pieces."""
    return match["number"] == "一" or text[match.end() : match.end() + 1] in {
        "儿",
        "面",
        "布",
        "蛋",
        "表",
        "肥",
        "香",
        "地",
        "玻",
        "砖",
        "电",
        "区",
    }


def _money(match: re.Match[str], figures: str, currency: str, span: tuple[int, int] | None = None) -> Iterator[Found]:
    value = number(figures)
    if value is not None:
        start, end = span or match.span()
        yield Found(FactKind.AMOUNT, start, end, _value(value, currency))


def _value(value: Decimal, currency: str) -> dict[str, JsonValue]:
    return {"amount": format(value, "f"), "currency": currency}


def percents(text: str) -> Iterator[Found]:
    """Percentages; a Chinese discount (9折) is the percentage taken off."""
    for pattern in (_PERCENT, _PERCENT_ZH):
        for match in pattern.finditer(text):
            value = number(match["number"])
            if value is not None:
                yield Found(FactKind.PERCENT, match.start(), match.end(), plain(value))
    for match in _FOLD_OFF.finditer(text):
        value = number(match["number"])
        if value is not None and value > 0:
            kept = value * 10 if value < 10 else value
            yield Found(FactKind.PERCENT, match.start(), match.end(), plain(100 - kept))
    for match in _HALF.finditer(text):
        yield Found(FactKind.PERCENT, match.start(), match.end(), 50)
