"""What is missing of a line, in money: one of three is a third of it.

Owns the share that a buyer's words and the order tell; refuses to guess what a part is worth that is no piece of it.
"""

import re

from copilot.domain.issue import MISSING, SHORT
from copilot.domain.money import Money
from copilot.playbook.named import named_in
from copilot.playbook.situation import Situation

_HAN_DIGITS = {"两": 2, **{sign: at for at, sign in enumerate("一二三四五六七八九十", 1)}}
_WORDS = "one two three four five six seven eight nine ten".split()
_NUMBERS = {**_HAN_DIGITS, "a": 1, "an": 1, **{word: at for at, word in enumerate(_WORDS, 1)}}
_SIGN = "|".join(_WORDS)
_COUNTED = re.compile(
    rf"(?P<n>\d{{1,2}}|[一二两三四五六七八九十])\s*[个只件片支双条瓶包盒袋本块把张套罐份]"
    rf"|\b(?P<en>\d{{1,2}}|an?|{_SIGN})\b(?: of)?(?: the| my| these| those)?",
    re.IGNORECASE,
)
_IN_NAME = re.compile(
    rf"(?P<zh>\d{{1,2}}|[两二三四五六七八九十])\s*[个只件片支双条瓶包盒袋本块把张罐](?:装|套装)?"
    rf"|\b(?:set|pack|box) of (?P<of>\d{{1,2}}|{_SIGN})\b|\b(?P<pack>\d{{1,2}})[ -]?(?:pack|piece|pcs?|count|ct)\b",
    re.IGNORECASE,
)
_PIECES = ("pieces", "pcs", "count", "pack", "件数", "数量")


def missing_part(situation: Situation, total: Money | None) -> Money | None:
    """What the missing pieces of a line of ``total`` cost; None where nobody knows their share."""
    share = _share(situation)
    if total is None or share is None:
        return None
    missing, of = share
    return Money.from_minor((total.minor * missing * 2 + of) // (2 * of), total.currency)


def _share(situation: Situation) -> tuple[int, int] | None:
    """How many are missing of how many; the whole line where all of it is."""
    missing, _, of = situation.answered.get(SHORT, "").partition("/")
    if missing.isdecimal() and of.isdecimal() and 0 < int(missing) <= int(of):
        return int(missing), int(of)
    item, said = situation.item, situation.answered.get(MISSING)
    if item is None or said is None:
        return None
    if len(situation.chosen_order.items if situation.chosen_order else ()) > 1 and named_in(said, [item.name]):
        counted = _COUNTED.search(said)
        if counted is None:
            # "Where are the towels" of an order of several things: that line.
            return 1, 1
    made = _made_of(situation)
    counted = _COUNTED.search(said)
    if counted is None or made is None:
        return None
    rest = (said[: counted.start()] + said[counted.end() :]).strip(" 的,.of")
    number = _number(counted["n"] or counted["en"])
    piece = not rest or bool(named_in(rest, [item.name]))
    return (number, made) if piece and number is not None and number <= made else None


def _made_of(situation: Situation) -> int | None:
    """How many pieces the line has: as ordered, as the product states, or as its name says."""
    item = situation.item
    if item is None:
        return None
    if item.quantity > 1:
        return item.quantity
    attributes = situation.product.attributes if situation.product else {}
    stated = next((value for key in _PIECES if isinstance(value := attributes.get(key), int) and value > 1), None)
    named = _IN_NAME.search(item.name)
    return stated or (_number(named["zh"] or named["of"] or named["pack"]) if named else None)


def _number(word: str) -> int | None:
    return int(word) if word.isdecimal() else _NUMBERS.get(word.lower())
