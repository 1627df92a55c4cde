"""Order and tracking numbers inside typed words.

Owns how people type them (full width, spaces, dashes, inside a sentence) and what is no such number (phones, prices,
dates); refuses to say whose they are.
"""

import re

from copilot.domain.base import Shape
from copilot.flow.understand.text import fold_same_length

_LABEL = (
    r"(?:订单(?:号|编号)?|单号|编号|order(?:\s*(?:id|no\.?|number|num|#))?|\bid|#)\s*(?:is|was|是|为)?\s*[:：#]?\s*"
)
_NUMBER = re.compile(rf"(?P<label>{_LABEL})?(?<![\d.])(?P<id>\d(?:[ \-–]?\d){{5,24}})(?![\d]|\.\d|[a-z])")
_CODE = re.compile(
    rf"(?P<label>{_LABEL})?(?<![a-z0-9])(?P<id>(?=[a-z0-9-]*\d)[a-z][a-z0-9]*(?:-?[a-z0-9]+)+)(?![a-z0-9@])"
)
_MOBILE = re.compile(r"(?:86)?1[3-9]\d{9}")
_DATE = re.compile(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
_NANP = re.compile(r"\(?\d{3}\)?[ -]\d{3}[ -]\d{4}")
_LONG = 12
_LABELLED = 6


class TypedId(Shape):
    """A number as typed: ``number`` without spaces and dashes; ``labelled`` when called an order number."""

    number: str
    start: int
    end: int
    labelled: bool = False


def typed_ids(text: str) -> tuple[TypedId, ...]:
    """What looks like an order or tracking number in ``text``, in order: labelled ones, or ten digits and more."""
    folded = fold_same_length(text)
    found = [_typed(match) for match in _NUMBER.finditer(folded) if _looks_like_id(match)]
    taken = [(one.start, one.end) for one in found]
    for match in _CODE.finditer(folded):
        if match.group("label") and not any(
            start < match.end("id") and match.start("id") < end for start, end in taken
        ):
            found.append(_typed(match))
    return tuple(sorted(found, key=lambda one: one.start))


def plain(identifier: str) -> str:
    """``identifier`` for comparison: folded, without spaces and dashes."""
    return re.sub(r"[\s\-–_]", "", fold_same_length(identifier))


def mentions_id(text: str, identifier: str) -> bool:
    """Whether ``identifier`` is typed in ``text``, however spaced, and not as a part of a longer number or word."""
    return bool(id_places(text, identifier))


def id_places(text: str, identifier: str) -> tuple[int, ...]:
    """Where ``identifier`` begins in ``text`` each time that it is typed."""
    wanted = plain(identifier)
    if len(wanted) < 2 or not any(character.isdigit() for character in wanted):
        return ()
    if wanted.isdigit() and len(wanted) < 4:
        return ()
    if wanted not in plain(text):
        # Nearly always; a pattern for each number of each order is slow to make.
        return ()
    spaced = r"[\s\-–_]?".join(re.escape(character) for character in wanted)
    typed = re.finditer(rf"(?<![a-z0-9]){spaced}(?![a-z0-9])", fold_same_length(text))
    return tuple(match.start() for match in typed)


def _typed(match: re.Match[str]) -> TypedId:
    return TypedId(
        number=plain(match.group("id")).upper(),
        start=match.start("id"),
        end=match.end("id"),
        labelled=bool(match.group("label")),
    )


def _looks_like_id(match: re.Match[str]) -> bool:
    digits = plain(match.group("id"))
    if match.group("label"):
        return len(digits) >= _LABELLED
    if _MOBILE.fullmatch(digits) or _DATE.fullmatch(digits) or _NANP.fullmatch(match.group("id")):
        return False
    return len(digits) >= _LONG or (len(digits) >= 9 and digits == match.group("id"))
