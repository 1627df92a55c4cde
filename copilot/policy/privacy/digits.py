"""Personal data made of digits: phones, identity cards, payment cards, QQ numbers. Order numbers are none of it."""

import re
from collections.abc import Iterator

from copilot.policy.contact.digits import DigitReader, Run
from copilot.policy.contact.phones import is_called, is_qq, is_record, is_service, phones_in
from copilot.policy.privacy import engine

_WORDS = {word: str(value) for value, word in enumerate("零一二三四五六七八九")} | {
    "\u3007": "0",
    "幺": "1",
    "壹": "1",
    "贰": "2",
    "叁": "3",
    "肆": "4",
    "伍": "5",
    "陆": "6",
    "柒": "7",
    "捌": "8",
    "玖": "9",
}
_READER = DigitReader(_WORDS)
_ID_CARD = re.compile(r"(?<![0-9a-z])[1-9](?:[\s-]?\d){16}[\s-]?[\dx](?![0-9a-z])")
_DATE = re.compile(r"(?:19|20)\d{2}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)")
_ID_WORDS = re.compile(r"身份证|证件号|id card|national id|identity", re.IGNORECASE)
_CARD_WORDS = re.compile(r"银行卡|信用卡|储蓄卡|借记卡|卡号|card", re.IGNORECASE)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
Hit = tuple[str, int, int]


def numbers(text: str, where: tuple[str, ...]) -> Iterator[Hit]:
    """(type, start, end) of personal numbers in ``text``, a base view; ``where`` are phone regions."""
    cards = list(_identity_cards(text))
    yield from cards
    for run in _READER.runs(text):
        if any(start < run.end and run.start < end for _, start, end in cards):
            continue
        yield from _found(text, run, where)


def _found(text: str, run: Run, where: tuple[str, ...]) -> list[Hit]:
    if is_qq(text, run):
        return [("qq", run.start, run.end)]
    if len(run.digits) >= 13 and _is_card(text, run):
        return [("bank_card", run.start, run.end)]
    phones = phones_in(text, run)
    if not phones and _is_foreign_phone(text, run, where):
        phones = [run]
    return [("phone", phone.start, phone.end) for phone in phones]


def _is_card(text: str, run: Run) -> bool:
    named = bool(_CARD_WORDS.search(text[max(0, run.start - 16) : run.start]))
    if is_record(text, run) and not named:
        return False
    if named and 15 <= len(run.digits) <= 19:
        return True
    known = (run.digits[0] in "345" and len(run.digits) in {15, 16}) or run.digits.startswith("62")
    return known and _luhn(run.digits) if run.digits.startswith("62") else known and bool(engine.cards(run.digits))


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (2 if at % 2 else 1) for at, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_foreign_phone(text: str, run: Run, where: tuple[str, ...]) -> bool:
    if not 7 <= len(run.digits) <= 15 or is_record(text, run) or is_service(run):
        return False
    if _DATE.match(text, run.start):
        return False
    # Ten bare figures are an order number as often as a phone; only how they are written or introduced tells.
    if not (run.plus or len(run.groups) > 1 or is_called(text, run)):
        return False
    window = text[max(0, run.start - 2) : run.end] if run.spelled == 0 else run.digits
    return bool(engine.phones(window, where))


def _identity_cards(text: str) -> Iterator[Hit]:
    for match in _ID_CARD.finditer(text):
        digits = re.sub(r"[\s-]", "", match.group())
        named = _ID_WORDS.search(text[max(0, match.start() - 16) : match.start()])
        if _checksum(digits) or named:
            yield "id_card", match.start(), match.end()


def _checksum(digits: str) -> bool:
    if not ("1900" <= digits[6:10] <= "2099" and "01" <= digits[10:12] <= "12" and "01" <= digits[12:14] <= "31"):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    return "10x98765432"[total % 11] == digits[17]
