"""The folding that masking uses when no pack is at hand.

Every way to write a figure, and the traditional characters of the words that introduce personal data.
"""

import sys
import unicodedata
from functools import cache

from copilot.policy.fold import Folder
from copilot.policy.tables import Tables

_TRADITIONAL = (
    "電电話话號号聯联繫系絡络護护證证貨货個个銀银帳账姓姓戶户區区縣县鎮镇鄉乡樓楼單单"
    "層层門门園园廣广廈厦莊庄東东號号棟栋號号師师"
)


@cache
def folder() -> Folder:
    """The folder without a pack, made once."""
    pairs = dict(zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True))
    return Folder(Tables(simplified=pairs, looks_like=_figures()))


def _figures() -> dict[str, str]:
    """Circled, negative, keycap and other scripts' digits that compatibility folding leaves alone."""
    found: dict[str, str] = {}
    for first, last in ((0x0660, 0x3100), (0xA600, 0xAC00), (0x1D7C0, 0x1D800), (0x1F100, 0x1F110)):
        for code in range(first, min(last, sys.maxunicode)):
            character = chr(code)
            value = unicodedata.digit(character, None)
            if value is not None and not unicodedata.normalize("NFKC", character).isascii():
                found[character] = str(value)
    return found
