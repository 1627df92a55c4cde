"""Passports and identity papers of other countries, told by the words that introduce them."""

import re
from collections.abc import Iterator

Hit = tuple[str, int, int]
_LINK = (
    r"(?:\s?(?:号码?|號碼?|'s|number|no\.?|num|id|card|is|saya|của|cua|ko|es|numero|n°|#|:|是|为|=|用"
    r"|的)\s?){0,4}[\s:#(]{0,2}"
)
_TOKEN = r"(?<![a-z0-9])[a-z]{0,3}\d(?:[\s-]?\d){5,19}[a-z]?(?![a-z0-9])"
_PASSPORT = re.compile(
    r"(?:护照|護照|通行证|passport|pasaporte|passeport|paspor|pasport|h[oộ] chi[eế]u|พาสปอร์ต|หนังสือเดินทาง)"
    rf"{_LINK}(?P<token>(?<![a-z0-9])[a-z]{{0,3}}\d{{6,9}}[a-z]?(?![a-z0-9]))"
)
_PAPER = re.compile(
    r"(?:身份证|身份證|证件号?|(?<![a-z])(?:nric|nik|ktp|cccd|cmnd|ssn|social security|dni|curp|ic|national id)"
    r"(?![a-z])"
    rf"|บัตรประชาชน){_LINK}(?P<token>{_TOKEN})"
)
_BARE_NRIC = re.compile(r"(?<![a-z0-9])[stfgm]\d{7}[a-z](?![a-z0-9])")


def papers(text: str) -> Iterator[Hit]:
    """(type, start, end) of passports and identity papers in ``text``, a base view; words must introduce them."""
    for match in _PASSPORT.finditer(text):
        yield "passport", match.start("token"), match.end("token")
    for match in _PAPER.finditer(text):
        token = match["token"]
        figures = sum(character.isdecimal() for character in token)
        if figures >= 7 or _BARE_NRIC.fullmatch(token):
            yield "id_card", match.start("token"), match.end("token")
