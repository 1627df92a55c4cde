"""What is missing of a line, or broken in it, in money: one of three is a third of it.

Owns the share that a buyer's words and the order tell; refuses to guess what a part is worth that no list names.
"""

import re
from typing import Final

from copilot.domain.issue import MISSING, SHORT
from copilot.domain.money import Money
from copilot.playbook.named import named_in
from copilot.playbook.pieces import (
    HAN_NUMBER,
    LATIN_NUMBER,
    MEASURE_WORDS,
    is_set,
    kit_of,
    number,
    parts_of,
    pieces_of,
)
from copilot.playbook.situation import Situation

_COUNTED: Final = re.compile(
    rf"(?P<n>{HAN_NUMBER})\s*[{MEASURE_WORDS}]"
    rf"|\b(?P<en>{LATIN_NUMBER}|an?)\b(?: of)?(?: the| my| these| those)?",
    re.IGNORECASE,
)
_PACK: Final = 6
_SEVERAL: Final = re.compile(r"、| and ")
_PIECE: Final = re.compile(
    r"(?:小)?(?:零|配|部)?[件块片粒颗]+|零部件|颗粒|积木|\b(?:pieces?|parts?|bricks?|blocks?|pcs?)", re.IGNORECASE
)
_PAD: Final = " 的,.of"
_HURT_ZH: Final = "碎|破|坏|裂|漏|断|瘪|扁|变形|化|烂|臭|霉|爆|炸|洒|撒|死|蔫|胀|鼓包|发黑|干瘪"
_HURT_EN: Final = (
    r"broken?|broke|cracked|smashed|shattered|burst|leak(?:ed|ing)?|crushed|damaged|dented|melted|ruined|split|torn"
    r"|chipped|busted|popped|exploded|squashed|rotten|mou?ldy|dead|snapped|spilled|bent"
)
_BROKEN: Final = (
    re.compile(
        rf"(?:{_HURT_ZH})(?:了|掉了?|的)?(?:有|大概|起码|至少|足足|整整)?"
        rf"(?P<n>{HAN_NUMBER})\s*(?P<unit>[{MEASURE_WORDS}])(?![月星礼天]|好的|都没)"
    ),
    re.compile(
        rf"(?<![\d第])(?P<n>{HAN_NUMBER})\s*(?P<unit>[{MEASURE_WORDS}])"
        rf"(?:(?![一二两三四五六七八九十])[^,，。!！?？;；\n\d]){{0,8}}?(?:{_HURT_ZH})"
    ),
    re.compile(
        rf"\b(?P<n>{LATIN_NUMBER})\b(?: (?:out )?of (?:the |my |these |them )?(?:(?:{LATIN_NUMBER})\b ?)?)?\s?"
        rf"(?:(?!\d|of\b|bit\b|little\b|day)[a-z]+ ){{0,4}}?(?:{_HURT_EN})\b",
        re.IGNORECASE,
    ),
)
"""So many pieces are told to be broken: 漏了三罐, 有两只是碎的, "2 of the 4 mugs are smashed"."""


def missing_part(situation: Situation, total: Money | None) -> Money | None:
    """What the missing pieces of a line of ``total`` cost; None where nobody knows their share."""
    return _of(total, _share(situation))


def listed_part(situation: Situation, total: Money | None) -> Money | None:
    """What a missing part costs at most, by the list of what is in the box or by how many parts there are.

    It tells what sending the part costs; what somebody gets back for doing without it is not told by a count of parts.
    """
    said, item = situation.answered.get(MISSING), situation.item
    if said is None or item is None or total is None:
        return None
    costs = [_of(total, _part_share(one, situation)) for one in _SEVERAL.split(said)]
    known = [one.minor for one in costs if one is not None]
    return Money.from_minor(min(sum(known), total.minor), total.currency) if len(known) == len(costs) else None


def is_of_kit(situation: Situation) -> bool:
    """Whether what is missing is one of a kit's many pieces, which no picture of the others shows."""
    said, kit = situation.answered.get(MISSING), kit_of(situation)
    shares = [_part_share(one, situation) for one in _SEVERAL.split(said)] if said is not None and kit else [None]
    return all(one is not None and one[1] == kit for one in shares)


def broken_part(situation: Situation, total: Money | None) -> Money | None:
    """What the pieces cost that are told to be broken; None where no count is told, or nobody knows of how many."""
    broken = _broken(situation)
    return None if broken is None else _of(total, (broken[0], broken[1]))


def broken_pieces(situation: Situation) -> str | None:
    """The broken pieces of a line as a reply counts them (3罐, "3"); None of a set, which is sent as one.

    A few in one pack (四只装) are as good as a set.
    """
    broken, item = _broken(situation), situation.item
    if broken is None or item is None or is_set(item) or broken[0] == broken[1]:
        return None
    if item.quantity == 1 and broken[1] < _PACK:
        return None
    return f"{broken[0]}{broken[2] or '件'}" if situation.language.startswith("zh") else str(broken[0])


def _of(total: Money | None, share: tuple[int, int] | None) -> Money | None:
    if total is None or share is None:
        return None
    few, of = share
    return Money.from_minor((total.minor * few * 2 + of) // (2 * of), total.currency)


def _share(situation: Situation) -> tuple[int, int] | None:
    """How many are missing of how many; the whole line where all of it is."""
    missing, _, of = situation.answered.get(SHORT, "").partition("/")
    if missing.isdecimal() and of.isdecimal() and 0 < int(missing) <= int(of):
        return int(missing), int(of)
    item, said = situation.item, situation.answered.get(MISSING)
    if item is None or said is None:
        return None
    counted = _COUNTED.search(said)
    several = situation.chosen_order is not None and len(situation.chosen_order.items) > 1
    if several and counted is None and named_in(said, [item.name]):
        # "Where are the towels" of an order of several things: that line.
        return 1, 1
    made = pieces_of(situation)
    if counted is None or made is None or kit_of(situation) is not None:
        return None
    rest = (said[: counted.start()] + said[counted.end() :]).strip(_PAD)
    few = number(counted["n"] or counted["en"])
    piece = not rest or bool(named_in(rest, [item.name]))
    return (few, made) if piece and few is not None and few <= made else None


def _part_share(said: str, situation: Situation) -> tuple[int, int] | None:
    """The share of one named part: among the kinds that are listed, or among the pieces of a kit."""
    item = situation.item
    counted = _COUNTED.search(said)
    rest = (said[: counted.start()] + said[counted.end() :]).strip(_PAD) if counted is not None else said
    few = (number(counted["n"] or counted["en"]) if counted is not None else 1) or 1
    kit = kit_of(situation)
    if kit is not None and (not rest or _PIECE.fullmatch(rest)):
        return min(few, kit), kit
    if item is None or not rest:
        return None
    parts = parts_of(situation.product)
    names = tuple(parts)
    meant = [at for at, name in enumerate(names) if name in rest or rest in name] or list(named_in(rest, names))
    if len(meant) == 1:
        there = parts[names[meant[0]]]
        # The main thing is no part of itself.
        is_main = names[meant[0]].lower().removesuffix("s") in item.name.lower()
        return None if is_main else (min(few, there), there * len(names))
    if named_in(rest, [item.name]):
        return None
    return None if kit is None else (min(few, kit), kit)


def _broken(situation: Situation) -> tuple[int, int, str] | None:
    """How many are told to be broken of how many, and the word that counts them."""
    made = pieces_of(situation)
    if made is None or kit_of(situation) is not None:
        return None
    text = situation.matter_text
    for pattern in _BROKEN:
        found = pattern.search(text)
        few = number(found["n"]) if found is not None else None
        if found is not None and few is not None and 0 < few <= made:
            return few, made, found.groupdict().get("unit") or ""
    return None
