"""Personal data made of digits: phones, fixed lines, identity cards, payment cards, QQ numbers.

Order, tracking and product numbers, prices and dates are none of it: what a number is, its shape and the words in front
of it decide.
"""

import re
from collections.abc import Iterator

from copilot.policy.contact.digits import DigitReader, Run, masked_nearby
from copilot.policy.privacy import engine, shapes
from copilot.policy.privacy.apart import Apart
from copilot.policy.privacy.around import is_called, is_card, is_line, is_public, is_qq, is_record, is_service
from copilot.policy.privacy.digit_words import DIGIT_WORDS

_ENGLISH = {word: str(value) for value, word in enumerate("zero one two three four five six seven eight nine".split())}
_READER = DigitReader(DIGIT_WORDS)
_SPELLED = DigitReader({**DIGIT_WORDS, **_ENGLISH, "oh": "0"})
_REACH = 28
_LONGEST = 24
_MOST_CUTS = 16
_DATE = re.compile(r"(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d{2}(?!\d)")
_ID_WORDS = re.compile(r"(?:身份证|身份證|证件号?|清关|实名|id card|national id|identity)[^\d。!?]{0,10}$")
_ID_BEHIND = re.compile(r"[\s,]{0,2}(?:这个?)?(?:是|为)?(?:身份证|证件|清关|实名)")
_UNIT = re.compile(r"\s*(?:元|块|件|个|克|毫升|ml|kg|g\b|cm|mm|usd|cny|%|人|天|次|毫安|mah|บาท|baht|vnd|đ|rp)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
Hit = tuple[str, int, int]


def numbers(text: str, where: tuple[str, ...], *, spelled: bool = False) -> Iterator[Hit]:
    """(type, start, end) of personal numbers in ``text``, a base view.

    ``where`` are phone regions; ``spelled`` reads English words for digits too.
    """
    for run in (_SPELLED if spelled else _READER).runs(text):
        if masked_nearby(text, run):
            continue
        taken = Apart()
        for part in _parts(run):
            if part.size > _LONGEST or taken.rivals(part.start, part.end):
                continue
            hit = _one(text, part, where)
            if hit is not None:
                taken.add(part.start, max(part.end, hit[2]))
                yield _with_bracket(text, hit)
                if part.whole:
                    break


def _parts(run: Run) -> Iterator[Run]:
    """The pieces of a run that may be a number; of a list of numbers those of a few groups, from left to right."""
    cuts = run.cuts
    if len(cuts) <= _MOST_CUTS:
        yield from run.parts()
        return
    figures, digits = run.figures, run.digits
    edges = [0, *cuts, len(figures)]
    for at, first in enumerate(edges[:-1]):
        for last in reversed(edges[at + 1 : at + 1 + _MOST_CUTS]):
            if shapes.is_listed(digits[first:last]):
                piece = figures[first:last]
                yield Run(piece, piece[0].start if first else run.start, piece[-1].end, run.plus and not first, False)


def _with_bracket(text: str, hit: Hit) -> Hit:
    """The hit with the bracket that its first group stands in."""
    kind, start, end = hit
    return (kind, start - 1, end) if text[start - 1 : start] == "(" and ")" in text[start:end] else hit


def _one(text: str, run: Run, where: tuple[str, ...]) -> Hit | None:
    before, after = text[max(0, run.start - _REACH) : run.start], text[run.end : run.end + 16]
    size = len(run.digits)
    if 5 <= size <= 11 and run.digits[0] != "0" and is_qq(before):
        return "qq", run.start, run.end
    if size >= 15 and (end := _identity(text, run, before)):
        return "id_card", run.start, end
    if size >= 13:
        return ("bank_card", run.start, run.end) if _is_card(run, before) else _long_phone(run, before)
    kind = _telephone(text, run, before, after, where)
    return (kind, run.start, run.end) if kind else None


def _identity(text: str, run: Run, before: str) -> int | None:
    """Where an identity card number ends that begins with ``run``; null when it is none."""
    digits, end = run.digits, run.end
    if len(digits) == 17 and text[end : end + 1] == "x" and not text[end + 1 : end + 2].isalnum():
        digits, end = f"{digits}x", end + 1
    named = _ID_WORDS.search(before)
    if (
        len(digits) == 18
        and digits[0] != "0"
        and (_born(digits) or _checksum(digits) or named or _ID_BEHIND.match(text, end))
    ):
        return end
    born = "01" <= digits[8:10] <= "12" and "01" <= digits[10:12] <= "31"
    return end if len(digits) == 15 and named and born else None


def _born(digits: str) -> bool:
    """Whether a number that ends in the letter x has a birthday in it; nothing else is written so."""
    return digits[-1] == "x" and digits[6:8] in {"19", "20"} and "01" <= digits[10:12] <= "12"


def _checksum(digits: str) -> bool:
    if not ("1900" <= digits[6:10] <= "2099" and "01" <= digits[10:12] <= "12" and "01" <= digits[12:14] <= "31"):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return "10x98765432"[total % 11] == digits[17]


def _is_card(run: Run, before: str) -> bool:
    size = len(run.digits)
    if is_card(before):
        return 13 <= size <= 19
    if is_record(before) or not run.whole:
        return False
    ours = size in {16, 17, 18, 19} and run.digits.startswith("62")
    theirs = size in {15, 16} and run.digits[0] in "345"
    return (ours or theirs) and _luhn(run.digits)


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _long_phone(run: Run, before: str) -> Hit | None:
    if len(run.digits) > 15 or is_record(before):
        return None
    return ("phone", run.start, run.end) if run.plus or shapes.is_mobile(run.digits) else None


def _telephone(text: str, run: Run, before: str, after: str, where: tuple[str, ...]) -> str | None:
    """Type "phone" or "landline" when ``run`` is a number that reaches a person."""
    mainland = where[0] == "CN"
    if _UNIT.match(after) or is_service(run.digits, run.groups, mainland):
        return None
    if shapes.is_mobile(run.digits):
        return None if is_record(before) else "phone"
    if is_public(before) or is_record(before):
        return None
    called = is_called(before, after)
    if mainland and _is_fixed(text, run, before, called):
        return "landline"
    return "phone" if _is_foreign(text, run, before, called, where) else None


def _is_fixed(text: str, run: Run, before: str, called: bool) -> bool:
    line = is_line(before)
    if shapes.is_fixed(run.digits):
        area = run.groups[0] in {3, 4} and len(run.groups) > 1
        return called or line or area
    return line and run.whole and shapes.is_local(run.digits)


def _is_foreign(text: str, run: Run, before: str, called: bool, where: tuple[str, ...]) -> bool:
    digits, written = run.digits, text[run.start : run.end]
    if not run.whole:
        # A piece of a longer run must be unmistakable.
        return shapes.is_north_american(digits) and shapes.is_dashed(run.groups, written)
    if _DATE.match(text, run.start):
        return False
    if run.plus:
        return len(digits) >= 8
    if shapes.is_north_american(digits):
        return called or run.spelled >= 7 or shapes.is_dashed(run.groups, written)
    grouped = 1 < len(run.groups) <= 4 and max(run.groups) <= 5
    if shapes.is_home(digits, where) and (called or (digits[0] == "0" and (grouped or where[0] != "CN"))):
        return True
    if shapes.is_trunk(digits) and len(digits) >= 9 and (called or grouped):
        return True
    # What no plan here knows is asked of the library, which is slow: only where somebody is to be called.
    return called and not is_line(before) and bool(engine.phones(digits, where))
