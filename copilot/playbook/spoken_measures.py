"""Measures as people say them: 腰围2尺1, 一米七二, 130多斤.

Owns their rewriting into a number with one unit, so that word lists need only plain ones; refuses to tell what is
measured.
"""

import re

_DIGITS = {"零": 0, **{sign: at for at, sign in enumerate("一二三四五六七八九", 1)}, "两": 2}
_N = "[零一二两三四五六七八九0-9]"
# "2尺1" and "二尺一寸" are 2.1 尺, "2尺" alone is left as it is.
_CHI = re.compile(rf"(?P<whole>{_N})\s*尺\s*(?P<part>{_N})\s*寸?(?![{_N[1:-1]}.])")
# "1米72", "一米七", "1m65" and "1.72米" are heights in centimetres.
_METRES = re.compile(
    rf"(?<![{_N[1:-1]}.])(?P<whole>[一二两12])\s*(?:米|m)\s*(?P<part>{_N}{{1,2}})(?![{_N[1:-1]}.]|\s*[个件条米])",
    re.IGNORECASE,
)
_POINT = re.compile(r"(?<![\d.])(?P<whole>[12])\.(?P<part>\d{1,2})\s*(?:米|m(?![a-z]))", re.IGNORECASE)
# "130多斤" and "120来斤" are about so much.
_ABOUT = re.compile(r"(?<=\d)\s*[多来几]\s*(?=[公千]?斤)")
# "175 140" behind each other are how tall somebody is and what they weigh, the latter in 斤 unless it is too little.
_TALL_AND_HEAVY = re.compile(
    r"(?<![\d.])(?P<tall>1[4-9]\d)(?:\s*cm)?\s*[\s/,，、]\s*(?P<heavy>\d{2,3})(?![\d.]|\s*(?:cm|mm|[公千]?[斤克米]|kg|[码号x×*]))",
    re.IGNORECASE,
)
_LIGHTEST_IN_JIN = 80
_HAN = re.compile(r"[\u3400-\u9fff]")


def plain_measures(text: str) -> str:
    """``text`` with such measures as one number and one unit ("2.1尺", "172cm")."""
    text = _CHI.sub(lambda match: f"{_digit(match['whole'])}.{_digit(match['part'])}尺", text)
    text = _METRES.sub(_centimetres, text)
    text = _POINT.sub(_centimetres, text)
    text = _ABOUT.sub("", text)
    return _TALL_AND_HEAVY.sub(_body, text) if _HAN.search(text) else text


def _body(match: re.Match[str]) -> str:
    unit = "斤" if int(match["heavy"]) >= _LIGHTEST_IN_JIN else "公斤"
    return f"{match['tall']}cm {match['heavy']}{unit}"


def _centimetres(match: re.Match[str]) -> str:
    part = "".join(str(_digit(sign)) for sign in match["part"])
    return f"{_digit(match['whole']) * 100 + int(part.ljust(2, '0'))}cm"


def _digit(sign: str) -> int:
    return int(sign) if sign.isascii() else _DIGITS[sign]
